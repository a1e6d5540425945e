//! What stands before the costly and the countable part of signing in: a ceiling on hashing, and a queue for verdicts.

use std::{net::IpAddr, sync::Arc};

use dossier_access::{Digest, Word};
use dossier_seal::{Key, lookup_hash};
use tokio::sync::{Mutex, MutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::{Error, Result};

/// So many hashes are computed at once at most, and on half of the processors at most, so that a flood of attempts takes
/// neither all memory nor all time from who is in already. Each takes
/// [`PasswordHash::MEMORY`](dossier_access::PasswordHash::MEMORY).
const MOST_AT_ONCE: usize = 4;

/// What signing in keeps in memory. Nothing of it is counted here: counts are in the store, for all nodes.
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    turn: Mutex<()>,
    key: Key,
}

/// A place under the ceiling. Work that was begun keeps it to its end, even if whoever asked has gone.
pub(crate) struct Entered(Arc<OwnedSemaphorePermit>);

/// Where attempts come from, as a keyed hash: addresses are personal data.
pub(crate) type Place = [u8; 32];

impl Gate {
    pub(crate) fn new(key: Key) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with_places(key, (processors / 2).clamp(1, MOST_AT_ONCE))
    }

    fn with_places(key: Key, places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places)), turn: Mutex::default(), key }
    }

    /// Waits for a place.
    pub(crate) async fn enter(&self) -> Result<Entered> {
        let permit = Arc::clone(&self.places).acquire_owned().await;
        permit.map(|permit| Entered(Arc::new(permit))).map_err(|closed| failed(std::io::Error::other(closed)))
    }

    /// Waits until it is one's turn to be judged: parallel guesses are counted one by one. Other nodes are kept from
    /// counting the same by the revisions of what is written.
    pub(crate) async fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// The place of an origin. An address of version 6 counts with its whole network of 64 bits, which one customer has.
    pub(crate) fn place(&self, origin: &Word) -> Place {
        lookup_hash(&self.key, &[b"origin", neighbourhood(origin).as_bytes()])
    }

    /// A part of what an attempt at the provider goes by: only we can compute it from what the browser keeps.
    pub(crate) fn of_flow(&self, part: &str, kept: &str) -> String {
        hex::encode(lookup_hash(&self.key, &[b"provider", part.as_bytes(), kept.as_bytes()]))
    }

    /// What is kept of a recovery code.
    pub(crate) fn recovery(&self, code: &dossier_access::RecoveryCode) -> Digest {
        code.hash(&self.key)
    }
}

impl Entered {
    /// Computes on a thread where it may take its time.
    pub(crate) async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.0);
        let held = move || {
            let done = work();
            drop(place);
            done
        };
        tokio::task::spawn_blocking(held).await.map_err(|error| failed(std::io::Error::other(error)))
    }
}

fn failed(source: std::io::Error) -> Error {
    Error::Io { doing: "checking a password", source }
}

fn neighbourhood(origin: &Word) -> String {
    match origin.as_str().parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        Ok(address) => address.to_string(),
        Err(_) => origin.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicUsize, Ordering},
        time::Duration,
    };

    use super::*;

    /// A thousand want to hash at once, half of them go away while it is their turn: never more than the ceiling hash.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_thousand_at_once_stay_under_the_ceiling() {
        let gate = Arc::new(Gate::with_places(Key::from_bytes(&[1; 32]), 3));
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..1000)
            .map(|number| {
                let (gate, now, most) = (Arc::clone(&gate), Arc::clone(&now), Arc::clone(&most));
                tokio::spawn(async move {
                    let entered = gate.enter().await.unwrap();
                    let work = entered.compute(move || {
                        most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        std::thread::sleep(Duration::from_micros(500));
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                    match number % 2 {
                        0 => work.await.unwrap(),
                        _ => drop(tokio::time::timeout(Duration::from_micros(100), work).await),
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)), "{most:?}");
    }

    #[test]
    fn neighbours_of_version_six_are_one_place() {
        let place = |text: &str| neighbourhood(&Word::parse(text).unwrap());
        assert_eq!(place("2001:db8:1:2::1"), place("2001:db8:1:2:ffff::9"));
        assert_ne!(place("2001:db8:1:2::1"), place("2001:db8:1:3::1"));
        assert_eq!(place("::ffff:192.0.2.7"), place("192.0.2.7"));
        assert_ne!(place("192.0.2.7"), place("192.0.2.8"));
        assert_eq!(place("cli"), "cli");
    }
}
