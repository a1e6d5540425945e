//! A sealed file that is written.

use std::io::{self, Write};

use dossier_seal::chunked::Sealer;
use tantivy::directory::{AntiCallToken, TerminatingWrite, WritePtr};

use super::sealing;

/// Seals pages as they fill up. Without [`terminate`](TerminatingWrite::terminate) the file does not open.
pub(super) struct SealedWriter {
    /// `None` once the last page is written.
    sealer: Option<Sealer>,
    inner: WritePtr,
    pages: Vec<u8>,
}

impl SealedWriter {
    pub(super) fn new(sealer: Sealer, mut inner: WritePtr) -> io::Result<Self> {
        inner.write_all(sealer.header())?;
        Ok(Self { sealer: Some(sealer), inner, pages: Vec::new() })
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.inner.write_all(&self.pages)?;
        self.pages.clear();
        Ok(())
    }
}

fn ended() -> io::Error {
    io::Error::other("the file was ended before")
}

impl Write for SealedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.sealer.as_mut().ok_or_else(ended)?.push(bytes, &mut self.pages).map_err(sealing)?;
        self.pass_on()?;
        Ok(bytes.len())
    }

    /// Full pages are on their way already; the page at the end waits for more.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl TerminatingWrite for SealedWriter {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        self.sealer.take().ok_or_else(ended)?.finish(&mut self.pages).map_err(sealing)?;
        self.pass_on()?;
        self.inner.flush()?;
        self.inner.get_mut().terminate_ref(token)
    }
}
