//! The root key of an archive: where it comes from, and how a new one is kept.

use std::path::PathBuf;

use dossier_folder::key_file;
use dossier_seal::{OsEntropy, Passphrase, PassphraseCost, PassphraseParams, RootKey, RootMethod};

use crate::{
    args::Global,
    error::{Error, Result},
    exit::Kind,
    input,
    out::Out,
};

/// Where the key file of an archive is looked for: beside its folder, never inside.
pub(crate) fn key_file(global: &Global) -> PathBuf {
    global.key_file.clone().unwrap_or_else(|| key_file::beside(global.data()))
}

/// The root key of an existing archive, by the method that its keyring names.
pub(crate) fn of(global: &Global, method: RootMethod, out: &Out) -> Result<Box<dyn RootKey>> {
    match method {
        RootMethod::KeyFile => Ok(Box::new(key_file::read(&key_file(global))?)),
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
