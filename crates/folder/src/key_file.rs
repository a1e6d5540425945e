//! Key files: the root key of an archive in a file of its own, beside the folder and never inside of it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use dossier_archive::ErrorKind;
use dossier_seal::{KeyFile, OsEntropy};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Where the key file of an archive is looked for unless said otherwise: `FOLDER.key`, beside the folder.
pub fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.as_os_str().to_owned();
    name.push(".key");
    PathBuf::from(name)
}

/// Reads a key file.
///
/// # Errors
/// Of [`ErrorKind::Keys`] if it is not there or is none.
pub fn read(path: &Path) -> Result<KeyFile> {
    let text = fs::read(path).map(Zeroizing::new).map_err(|cause| {
        let place = path.display();
        Error::new(
            ErrorKind::Keys,
            format!("无法读取密钥文件 {place}（{cause}）；用 --key-file 指出它在哪里"),
            format!("the key file {place} can't be read ({cause}); say where it is with --key-file"),
        )
    })?;
    let text = std::str::from_utf8(&text).map_err(|_| dossier_seal::Error::NotAKeyFile)?;
    Ok(KeyFile::parse(text)?)
}

/// The key file of a new archive, and whether it is new. One that is there already is used and never overwritten.
///
/// # Errors
/// As [`read`], or when it can't be written.
pub fn read_or_create(path: &Path) -> Result<(KeyFile, bool)> {
    if path.exists() {
        return Ok((read(path)?, false));
    }
    let key = KeyFile::generate(&OsEntropy)?;
    let mut file = private().open(path).map_err(|cause| Error::io(path, cause))?;
    file.write_all(key.to_text().as_bytes())
        .and_then(|()| file.sync_all())
        .and_then(|()| sync_folder_of(path))
        .map_err(|cause| Error::io(path, cause))?;
    Ok((key, true))
}

/// Refuses a place inside of the folder that the key opens: it would go into every copy of it.
///
/// # Errors
/// Of [`ErrorKind::Invalid`] then.
pub fn refuse_inside(file: &Path, folder: &Path) -> Result<()> {
    let absolute = |path: &Path| path.canonicalize().map_err(|cause| Error::io(path, cause));
    if absolute(folder_of(file))?.starts_with(absolute(folder)?) {
        return Err(Error::new(
            ErrorKind::Invalid,
            "密钥文件不能放在数据目录之内，否则每份拷贝都带着钥匙；请用 --key-file 指定别处",
            "the key file must not be inside of the data folder, or every copy holds its key; name another place with --key-file",
        ));
    }
    Ok(())
}

/// Whether others than its owner may read the key file.
pub fn is_exposed(path: &Path) -> bool {
    #[cfg(unix)]
    let exposed = fs::metadata(path)
        .is_ok_and(|metadata| std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o077 != 0);
    #[cfg(not(unix))]
    let exposed = false;
    exposed
}

/// Makes the names in the folder of this file durable.
///
/// # Errors
/// What the operating system says.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

/// Options for a new file that only its owner may read.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
