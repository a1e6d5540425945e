//! A sealed file that is read.

use std::{fmt, io, ops::Range, sync::Arc};

use dossier_seal::{
    Key,
    chunked::{FileKind, Opener},
};
use tantivy::{
    HasLen,
    directory::{FileHandle, OwnedBytes},
};

use super::{cache::Cache, sealing};

pub(super) struct SealedFile {
    sealed: OwnedBytes,
    opener: Opener,
    len: usize,
    /// The file's number in the cache.
    number: u64,
    cache: Arc<Cache>,
}

impl SealedFile {
    /// Checks key, header and length; the length is proven by the last page.
    pub(super) fn open(key: &Key, context: &[u8], sealed: OwnedBytes, cache: Arc<Cache>) -> io::Result<Self> {
        let opener = Opener::with_sealed_len(FileKind::Index, key, context, &sealed, sealed.len() as u64)
            .map_err(sealing)?;
        let last = within(opener.last_chunk())?;
        let mut page = sealed.get(last).ok_or_else(beyond)?.to_vec();
        let (opener, _) = opener.prove(&mut page).map_err(sealing)?;
        let len = usize::try_from(opener.plain_len()).map_err(|_| beyond())?;
        Ok(Self { sealed, opener, len, number: cache.new_file(), cache })
    }

    /// Opens the pages that hold the range, or takes it from the cache.
    fn range(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if let Some(bytes) = self.cache.get(self.number, &range) {
            return Ok(bytes);
        }
        let bytes = OwnedBytes::new(self.open_range(range.clone())?);
        self.cache.insert(self.number, range, bytes.clone());
        Ok(bytes)
    }

    fn open_range(&self, range: Range<usize>) -> io::Result<Vec<u8>> {
        let wanted = self.opener.sealed_range(range.start as u64..range.end as u64).map_err(sealing)?;
        let sealed = self.sealed.get(within(wanted.bytes)?).ok_or_else(beyond)?;
        let page_len = self.opener.layout().sealed_chunk_len();
        let mut opened = Vec::with_capacity(range.len());
        let mut page = Vec::with_capacity(page_len);
        let mut skip = wanted.skip;
        for (index, chunk) in wanted.chunks.zip(sealed.chunks(page_len)) {
            page.clear();
            page.extend_from_slice(chunk);
            let plain = self.opener.open_chunk(index, &mut page).map_err(sealing)?;
            let rest = plain.get(skip..).ok_or_else(beyond)?;
            opened.extend_from_slice(&rest[..rest.len().min(range.len() - opened.len())]);
            skip = 0;
        }
        Ok(opened)
    }
}

impl FileHandle for SealedFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.len {
            return Err(beyond());
        }
        let page_len = self.opener.layout().chunk_len();
        let page = range.start / page_len * page_len;
        if range.end > page + page_len {
            return self.range(range);
        }
        // Within one page: small ranges share what was opened.
        let page_bytes = self.range(page..self.len.min(page + page_len))?;
        Ok(page_bytes.slice(range.start - page..range.end - page))
    }
}

impl HasLen for SealedFile {
    fn len(&self) -> usize {
        self.len
    }
}

impl fmt::Debug for SealedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedFile").field("len", &self.len).finish_non_exhaustive()
    }
}

fn within(range: Range<u64>) -> io::Result<Range<usize>> {
    let place = |place| usize::try_from(place).map_err(|_| beyond());
    Ok(place(range.start)?..place(range.end)?)
}

fn beyond() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the range goes beyond the end of the sealed file")
}
