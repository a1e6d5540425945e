//! The root key of an archive: where it comes from, and how a new one is kept.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use dossier_seal::{KeyFile, OsEntropy, Passphrase, PassphraseCost, PassphraseParams, RootKey, RootMethod};
use zeroize::Zeroizing;

use crate::{
    args::Global,
    error::{Error, Result},
    exit::Kind,
    files, input,
    out::Out,
};

/// Where the key file of an archive is looked for: beside its folder, never inside.
pub(crate) fn key_file(global: &Global) -> PathBuf {
    global.key_file.clone().unwrap_or_else(|| {
        let mut name = global.data().as_os_str().to_owned();
        name.push(".key");
        PathBuf::from(name)
    })
}

/// The root key of an existing archive, by the method that its keyring names.
pub(crate) fn of(global: &Global, method: RootMethod, out: &Out) -> Result<Box<dyn RootKey>> {
    match method {
        RootMethod::KeyFile => Ok(Box::new(read(&key_file(global))?)),
        RootMethod::Passphrase(params) => {
            let file = global.passphrase_file.as_deref();
            let typed = input::secret(out, file, ("口令：", "Passphrase: "))?;
            Ok(Box::new(Passphrase::new(&typed, params)?))
        }
        _ => Err(Error::new(
            Kind::Keys,
            "此存档的打开方式是本版本不认识的，请升级",
            "this archive is opened in a way that this version does not know; upgrade",
        )),
    }
}

/// A new root key from a passphrase.
pub(crate) fn from_passphrase(global: &Global, out: &Out) -> Result<Box<dyn RootKey>> {
    let file = global.passphrase_file.as_deref();
    let typed = input::new_secret(out, file, ("新口令：", "New passphrase: "))?;
    let params = PassphraseParams::generate(PassphraseCost::default(), &OsEntropy)?;
    Ok(Box::new(Passphrase::new(&typed, params)?))
}

/// The key file of a new archive. One that is there already is used and never overwritten.
pub(crate) fn from_key_file(path: &Path) -> Result<(Box<dyn RootKey>, bool)> {
    if path.exists() {
        return Ok((Box::new(read(path)?), false));
    }
    let key = KeyFile::generate(&OsEntropy)?;
    let mut file = files::private().open(path).map_err(|cause| Error::io(path, cause))?;
    file.write_all(key.to_text().as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| files::sync_folder_of(path))
        .map_err(|cause| Error::io(path, cause))?;
    Ok((Box::new(key), true))
}

/// Whether others than its owner may read the key file.
pub(crate) fn is_exposed(path: &Path) -> bool {
    #[cfg(unix)]
    let exposed = fs::metadata(path)
        .is_ok_and(|metadata| std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0);
    #[cfg(not(unix))]
    let exposed = false;
    exposed
}

fn read(path: &Path) -> Result<KeyFile> {
    let text = fs::read(path).map(Zeroizing::new).map_err(|cause| {
        let place = path.display();
        Error::new(
            Kind::Keys,
            format!("无法读取密钥文件 {place}（{cause}）；用 --key-file 指出它在哪里"),
            format!("the key file {place} can't be read ({cause}); say where it is with --key-file"),
        )
    })?;
    let text = std::str::from_utf8(&text).map_err(|_| dossier_seal::Error::NotAKeyFile)?;
    Ok(KeyFile::parse(text)?)
}
