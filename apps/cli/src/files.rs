//! Files outside of the archive: written whole or not at all, readable by their owner alone, never over another.

use std::{
    fs::{self, File},
    io::{self, Read, SeekFrom, Write},
    path::{Path, PathBuf},
};

use bytes::Bytes;
use dossier_folder::key_file::{private, sync_folder_of};
use futures::{Stream, TryStreamExt};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use crate::{
    error::{Error, Result},
    exit::Kind,
    out::Out,
    progress::Progress,
};

/// So many bytes are read at once.
const PIECE: usize = 256 * 1024;

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

/// A file that arrives, and how far it has come.
pub(crate) struct Arrival {
    file: NewFile,
    progress: Progress,
}

impl Arrival {
    /// Begins a file that must not be there yet; its progress is called `what`.
    pub(crate) fn create(path: &Path, out: &Out, what: &str) -> Result<Self> {
        Ok(Self { file: NewFile::create(path)?, progress: Progress::bytes(out, what, 0) })
    }

    /// So many bytes will come.
    pub(crate) fn expect(&self, length: u64) {
        self.progress.of(length);
    }

    /// Takes the next bytes.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write(bytes)?;
        self.progress.more(bytes.len() as u64);
        Ok(())
    }

    /// Takes all that a stream gives.
    pub(crate) async fn take_all<E>(
        &mut self,
        bytes: impl Stream<Item = std::result::Result<Bytes, E>>,
    ) -> Result<()>
    where
        Error: From<E>,
    {
        let mut bytes = std::pin::pin!(bytes);
        while let Some(bytes) = bytes.try_next().await? {
            self.take(&bytes)?;
        }
        Ok(())
    }

    /// Makes it durable under its name.
    pub(crate) fn finish(self) -> Result<()> {
        self.file.finish()
    }
}

/// A small file as a whole; one of more than `most` bytes is not read to its end.
pub(crate) fn whole(path: &Path, most: usize) -> Result<Vec<u8>> {
    let file = File::open(path).map_err(|cause| Error::io(path, cause))?;
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|cause| Error::io(path, cause))?;
    Ok(bytes)
}

/// A file that is sent, and how far it has come.
pub(crate) struct Outgoing {
    path: PathBuf,
    length: u64,
    progress: Progress,
}

impl Outgoing {
    /// Looks at the file; its progress is called `what`.
    pub(crate) async fn of(path: &Path, out: &Out, what: &str) -> Result<Self> {
        let opening = |cause| Error::io(path, cause);
        let file = tokio::fs::File::open(path).await.map_err(opening)?;
        let length = file.metadata().await.map_err(opening)?.len();
        Ok(Self { path: path.to_owned(), length, progress: Progress::bytes(out, what, length) })
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What it is called there.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// How many bytes it has.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// The file from one byte on.
    pub(crate) async fn read_from(
        &self,
        offset: u64,
    ) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + use<>> {
        let mut file = tokio::fs::File::open(&self.path).await?;
        file.seek(SeekFrom::Start(offset)).await?;
        self.progress.at(offset);
        let progress = self.progress.clone();
        // What is appended meanwhile is not a part of what was announced.
        let pieces = ReaderStream::with_capacity(file.take(self.length.saturating_sub(offset)), PIECE);
        Ok(pieces.inspect_ok(move |bytes| progress.more(bytes.len() as u64)))
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
