//! Files outside of the archive: written whole or not at all, readable by their owner alone, never over another.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use dossier_folder::key_file::{private, sync_folder_of};
use futures::{Stream, TryStreamExt};

use crate::{
    error::{Error, Result},
    exit::Kind,
};

/// A file on its way: bytes go to `NAME.part`, which gets its name when all of them are there.
pub(crate) struct NewFile {
    path: PathBuf,
    part: PathBuf,
    file: File,
    finished: bool,
}

impl NewFile {
    /// Begins a file that must not be there yet.
    pub(crate) fn create(path: &Path) -> Result<Self> {
        refuse_existing(path)?;
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = private().open(&part).map_err(|cause| match cause.kind() {
            io::ErrorKind::AlreadyExists => exists(&part),
            _ => Error::io(&part, cause),
        })?;
        Ok(Self { path: path.to_owned(), part, file, finished: false })
    }

    /// Writes more of it.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|cause| Error::io(&self.part, cause))
    }

    /// Writes all that a stream gives, telling how much each time.
    pub(crate) async fn take<E>(
        &mut self,
        bytes: impl Stream<Item = std::result::Result<Bytes, E>>,
        told: impl Fn(u64),
    ) -> Result<()>
    where
        Error: From<E>,
    {
        let mut bytes = std::pin::pin!(bytes);
        while let Some(bytes) = bytes.try_next().await? {
            self.write(&bytes)?;
            told(bytes.len() as u64);
        }
        Ok(())
    }

    /// Makes it durable under its name.
    pub(crate) fn finish(mut self) -> Result<()> {
        refuse_existing(&self.path)?;
        let done = self.file.sync_all().and_then(|()| fs::rename(&self.part, &self.path));
        done.and_then(|()| sync_folder_of(&self.path)).map_err(|cause| Error::io(&self.path, cause))?;
        self.finished = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.finished {
            // It is of no use, and there is an error already.
            let _ = fs::remove_file(&self.part);
        }
    }
}

fn refuse_existing(path: &Path) -> Result<()> {
    if path.symlink_metadata().is_ok() { Err(exists(path)) } else { Ok(()) }
}

fn exists(path: &Path) -> Error {
    let path = path.display();
    Error::new(
        Kind::Conflict,
        format!("{path} 已存在，不会覆盖；请换一个文件名"),
        format!("{path} exists and is not overwritten; choose another name"),
    )
}
