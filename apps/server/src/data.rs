//! The archive that is served: opened, or made at the first start.

use std::fs;

use dossier_archive::Archive;
use dossier_folder::{Caches, DataFolder, key_file};
use dossier_seal::{Passphrase, RootKey, RootMethod};

use crate::{
    config::Config,
    error::{Error, Result},
};

/// Opens the archive of the data folder; makes it, with a key file beside it, where there is none.
pub(crate) async fn open(config: &Config) -> Result<Archive> {
    let folder = DataFolder::at(&config.data);
    let key_path = config.key_file.clone().unwrap_or_else(|| key_file::beside(&config.data));
    let root: Box<dyn RootKey> = if folder.is_archive() {
        match folder.root_method()? {
            RootMethod::KeyFile => Box::new(key_file::read(&key_path)?),
            RootMethod::Passphrase(params) => {
                Box::new(Passphrase::new(&passphrase(config)?, params).map_err(dossier_folder::Error::from)?)
            }
            _ => {
                return Err(Error::new(
                    "此存档的打开方式是本版本不认识的",
                    "this archive is opened in a way that this version does not know",
                ));
            }
        }
    } else {
        folder.prepare()?;
        key_file::refuse_inside(&key_path, &config.data)?;
        let (key, _) = key_file::read_or_create(&key_path)?;
        folder.create(&key)?;
        Box::new(key)
    };
    Ok(folder.open(root.as_ref(), Caches::default()).await?)
}

fn passphrase(config: &Config) -> Result<String> {
    let path = config.passphrase_file.as_ref().ok_or_else(|| {
        Error::new(
            "此存档由口令打开：请在配置中用 passphrase_file 指出存有口令的文件",
            "a passphrase opens this archive: name a file that holds it with `passphrase_file`",
        )
    })?;
    let text = fs::read_to_string(path).map_err(|cause| Error::io(path.display().to_string(), cause))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}
