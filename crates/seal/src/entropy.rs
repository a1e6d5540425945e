//! Where random bytes come from.

use ring::rand::{SecureRandom, SystemRandom};

use crate::{Error, Result};

/// A source of random bytes that keys, salts and nonces are made of.
///
/// Whoever implements it answers for its quality: predictable bytes open everything sealed with them.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer with random bytes.
    ///
    /// # Errors
    /// [`Error::Entropy`] when none can be had; the buffer's content is then unspecified.
    fn fill(&self, buffer: &mut [u8]) -> Result<()>;
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<()> {
        SystemRandom::new().fill(buffer).map_err(|_| Error::Entropy)
    }
}

/// An array of random bytes.
pub(crate) fn random<const N: usize>(entropy: &dyn Entropy) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    entropy.fill(&mut bytes)?;
    Ok(bytes)
}
