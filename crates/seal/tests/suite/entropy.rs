//! Entropy that is none, so that tests repeat.

use std::sync::atomic::{AtomicUsize, Ordering};

use dossier_seal::{Entropy, Error, Result};

/// Gives the bytes 00 01 02 …, going on where the last call ended, up to a limit.
pub(crate) struct Counting {
    given: AtomicUsize,
    limit: usize,
}

impl Counting {
    pub(crate) fn new() -> Self {
        Self::limited(usize::MAX)
    }

    /// Fails once so many bytes were given.
    pub(crate) fn limited(limit: usize) -> Self {
        Self { given: AtomicUsize::new(0), limit }
    }
}

impl Entropy for Counting {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        let start = self.given.fetch_add(buffer.len(), Ordering::Relaxed);
        if start + buffer.len() > self.limit {
            return Err(Error::Entropy);
        }
        for (at, byte) in buffer.iter_mut().enumerate() {
            *byte = ((start + at) % 256) as u8;
        }
        Ok(())
    }
}
