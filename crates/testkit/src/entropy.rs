//! Random bytes that are the same in each run.

use std::sync::atomic::{AtomicU64, Ordering};

use dossier_seal::{Entropy, Key, Result};

/// Random bytes from a seed. For tests alone: whoever knows the seed knows every key.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    calls: AtomicU64,
}

impl SeededEntropy {
    /// A source whose bytes follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self { seed, calls: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) -> Result<()> {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        let mut seed = [0; Key::LEN];
        seed[..8].copy_from_slice(&self.seed.to_be_bytes());
        seed[8..16].copy_from_slice(&call.to_be_bytes());
        let seed = Key::from_bytes(&seed);
        for (number, chunk) in bytes.chunks_mut(Key::LEN).enumerate() {
            let block = seed.derive("seeded test entropy", &(number as u64).to_be_bytes());
            chunk.copy_from_slice(&block.expose()[..chunk.len()]);
        }
        Ok(())
    }
}
