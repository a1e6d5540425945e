//! The keyring: the keys of one archive, wrapped by its root.
//!
//! ```text
//! root key (key file, passphrase, …)
//!   └─ epoch keys (random; rotation adds one)
//!        ├─ archive key (random) ─ derived: one key per purpose of the archive's own scope
//!        └─ candidate keys (random, one each; stored by the caller) ─ data key of each blob (random)
//! ```
//!
//! Candidate keys are random so that destroying one destroys all that it seals; they are kept outside the
//! keyring, as [`WrappedKey`]s. Rotation is: [`Keyring::rotate`] and store the keyring; rewrap each candidate
//! key that [`Keyring::needs_rewrap`], in any order and interrupted at will; [`Keyring::retire`] the old
//! epochs and store the keyring again. No record or blob is rewritten.
//!
//! # Format 1
//!
//! Numbers are big-endian.
//!
//! ```text
//! length  content
//!      1  format version, 1
//!      3  `DKR`
//!     16  archive id
//!      8  root id
//!      1  how the root is obtained: 1 key file, 2 passphrase
//!      …  for a passphrase only: Argon2id memory in KiB (4), passes (4), lanes (4), salt (16)
//!      2  number of epochs, at least 1
//!      …  for each epoch, oldest first, the last being the current one:
//!           epoch (4), length of the wrapped key (2), epoch key wrapped by the root
//!     65  archive key wrapped in the current epoch, see `WrappedKey`
//!     32  HMAC-SHA256 over all before, with the current epoch key's derivative `dossier keyring mac`
//!      8  start of SHA-256 over all before
//! ```
//!
//! A root in memory wraps with AES-256-GCM (`nonce ‖ ciphertext ‖ tag`) under its derivative `dossier root
//! wrap`; the associated data is `dossier epoch key`, the version byte, the archive's id and the epoch (4
//! bytes), each preceded by its length as a big-endian `u64`. The root id is the start of the keyed hash of
//! `dossier root id`. The final sum, which every version keeps, tells damage from a wrong root and from a
//! later version; the HMAC shows what was altered on purpose. That an older keyring was put back does not
//! show here. Vectors: `fixtures/seal/keyrings.json`.

mod format;

use crate::{
    ArchiveId, Entropy, Error, Key, Result, RootKey, RootMethod,
    entropy::random,
    wrap::{Owner, WrappedKey},
};
use format::{Epoch, Stored};

/// The opened keyring of one archive. See the [module](self) for its keys and its bytes.
pub struct Keyring {
    stored: Stored,
    /// The keys of `stored.epochs`, in the same order.
    epoch_keys: Vec<Key>,
    archive_key: Key,
}

impl Keyring {
    /// How many epochs a keyring holds at most.
    pub const MAX_EPOCHS: usize = 1024;

    /// The keyring of a new archive, with a random id, a first epoch and a random archive key.
    ///
    /// # Errors
    /// When there is no entropy or the root cannot wrap.
    pub fn create(root: &dyn RootKey, entropy: &dyn Entropy) -> Result<Self> {
        let archive = ArchiveId::from_bytes(random(entropy)?);
        let epoch_key = Key::generate(entropy)?;
        let archive_key = Key::generate(entropy)?;
        let wrapped_archive_key =
            WrappedKey::wrap(1, &epoch_key, &archive_owner(&archive), &archive_key, entropy)?;
        let stored = Stored {
            archive,
            root: root.id(),
            method: root.method(),
            epochs: vec![Epoch::wrap(1, &epoch_key, &archive, root, entropy)?],
            archive_key: wrapped_archive_key,
        };
        Ok(Self { stored, epoch_keys: vec![epoch_key], archive_key })
    }

    /// How the root of an encoded keyring is obtained, so that the operator can be asked for it.
    ///
    /// This is not authenticated; [`open`](Self::open) is.
    ///
    /// # Errors
    /// [`Error::Damaged`] or [`Error::Newer`].
    pub fn root_method(bytes: &[u8]) -> Result<RootMethod> {
        Ok(Stored::read(bytes)?.method)
    }

    /// Opens an encoded keyring.
    ///
    /// # Errors
    /// [`Error::WrongKeyFile`], [`Error::WrongPassphrase`] or [`Error::OtherRootMethod`] for another root;
    /// [`Error::Damaged`] for damaged bytes, [`Error::Newer`] for a later format, [`Error::Unauthentic`] for
    /// bytes that were altered on purpose.
    pub fn open(bytes: &[u8], root: &dyn RootKey) -> Result<Self> {
        let stored = Stored::read(bytes)?;
        stored.check_root(root)?;
        let epoch_keys = stored
            .epochs
            .iter()
            .map(|epoch| epoch.unwrap(&stored.archive, root))
            .collect::<Result<Vec<_>>>()?;
        let current =
            epoch_keys.last().ok_or(Error::Damaged { what: format::WHAT, why: "it has no epoch" })?;
        format::verify(bytes, current)?;
        let archive_key = stored.archive_key.unwrap(current, &archive_owner(&stored.archive))?;
        Ok(Self { stored, epoch_keys, archive_key })
    }

    /// The bytes to store. They may lie in the open: all keys in them are wrapped by the root.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        self.stored.encode(self.current_key())
    }

    /// The archive's id.
    #[must_use]
    pub fn archive(&self) -> ArchiveId {
        self.stored.archive
    }

    /// The epoch that new keys are wrapped in. Epochs count up from 1.
    #[must_use]
    pub fn current_epoch(&self) -> u32 {
        self.stored.current()
    }

    /// All epochs whose keys are held, oldest first.
    pub fn epochs(&self) -> impl Iterator<Item = u32> {
        self.stored.epochs.iter().map(|epoch| epoch.id)
    }

    /// The archive's own key for one purpose, the same for as long as the archive lives. Purposes are fixed
    /// names such as `records/positions`, `look-up`, `search index`, `log signing`.
    #[must_use]
    pub fn archive_key(&self, purpose: &str) -> Key {
        self.archive_key.derive("dossier archive key", purpose.as_bytes())
    }

    /// Wraps a candidate's key in the current epoch.
    ///
    /// # Errors
    /// When there is no entropy.
    pub fn wrap_candidate_key(
        &self,
        candidate: &[u8; 16],
        key: &Key,
        entropy: &dyn Entropy,
    ) -> Result<WrappedKey> {
        let owner = self.candidate_owner(candidate);
        WrappedKey::wrap(self.current_epoch(), self.current_key(), &owner, key, entropy)
    }

    /// Opens a candidate's wrapped key.
    ///
    /// # Errors
    /// [`Error::UnknownEpoch`] if its epoch is not held, [`Error::Unauthentic`] if it was altered or is not
    /// this candidate's in this archive.
    pub fn unwrap_candidate_key(&self, candidate: &[u8; 16], wrapped: &WrappedKey) -> Result<Key> {
        wrapped.unwrap(self.epoch_key(wrapped.epoch())?, &self.candidate_owner(candidate))
    }

    /// Whether the key is wrapped in another epoch than the current one.
    #[must_use]
    pub fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        wrapped.epoch() != self.current_epoch()
    }

    /// The same candidate key, wrapped in the current epoch.
    ///
    /// # Errors
    /// Those of unwrapping and of wrapping.
    pub fn rewrap_candidate_key(
        &self,
        candidate: &[u8; 16],
        wrapped: &WrappedKey,
        entropy: &dyn Entropy,
    ) -> Result<WrappedKey> {
        self.wrap_candidate_key(candidate, &self.unwrap_candidate_key(candidate, wrapped)?, entropy)
    }

    /// Adds a new epoch, makes it the current one and moves the archive key into it. Returns its number.
    ///
    /// # Errors
    /// Those of [`open`](Self::open) for another root; when there is no entropy or the root cannot wrap. The
    /// keyring is then unchanged.
    pub fn rotate(&mut self, root: &dyn RootKey, entropy: &dyn Entropy) -> Result<u32> {
        self.stored.check_root(root)?;
        let archive = self.stored.archive;
        if self.epoch_keys.len() >= Self::MAX_EPOCHS {
            return Err(Error::OutOfRange(
                "the keyring is full of old epochs: finish the last rotation first",
            ));
        }
        let id = self.current_epoch().checked_add(1).ok_or(Error::OutOfRange("the epochs are used up"))?;
        let key = Key::generate(entropy)?;
        let epoch = Epoch::wrap(id, &key, &archive, root, entropy)?;
        let archive_key = WrappedKey::wrap(id, &key, &archive_owner(&archive), &self.archive_key, entropy)?;
        self.stored.archive_key = archive_key;
        self.stored.epochs.push(epoch);
        self.epoch_keys.push(key);
        Ok(id)
    }

    /// Forgets an epoch that nothing is wrapped in any more.
    ///
    /// # Errors
    /// [`Error::CurrentEpoch`] for the current one, [`Error::UnknownEpoch`] for one that is not held.
    pub fn retire(&mut self, epoch: u32) -> Result<()> {
        if epoch == self.current_epoch() {
            return Err(Error::CurrentEpoch { epoch });
        }
        let at = self.position(epoch)?;
        self.stored.epochs.remove(at);
        self.epoch_keys.remove(at);
        Ok(())
    }

    /// Wraps all epoch keys with another root. The old root still opens old copies of the keyring: rotate as
    /// well if it may have leaked.
    ///
    /// # Errors
    /// When there is no entropy or the new root cannot wrap. The keyring is then unchanged.
    pub fn change_root(&mut self, root: &dyn RootKey, entropy: &dyn Entropy) -> Result<()> {
        let archive = self.stored.archive;
        let wrapped = self
            .stored
            .epochs
            .iter()
            .zip(&self.epoch_keys)
            .map(|(epoch, key)| Epoch::wrap(epoch.id, key, &archive, root, entropy))
            .collect::<Result<_>>()?;
        self.stored.epochs = wrapped;
        self.stored.root = root.id();
        self.stored.method = root.method();
        Ok(())
    }

    #[expect(
        clippy::expect_used,
        reason = "a keyring is made with one epoch and the current one is never retired"
    )]
    fn current_key(&self) -> &Key {
        self.epoch_keys.last().expect("a keyring has a current epoch")
    }

    fn epoch_key(&self, epoch: u32) -> Result<&Key> {
        self.position(epoch).map(|at| &self.epoch_keys[at])
    }

    fn position(&self, epoch: u32) -> Result<usize> {
        self.epochs().position(|id| id == epoch).ok_or(Error::UnknownEpoch { epoch })
    }

    fn candidate_owner<'a>(&'a self, candidate: &'a [u8; 16]) -> Owner<'a> {
        Owner { archive: self.stored.archive.as_bytes(), purpose: "candidate", id: candidate }
    }
}

fn archive_owner(archive: &ArchiveId) -> Owner<'_> {
    Owner { archive: archive.as_bytes(), purpose: "archive", id: archive.as_bytes() }
}
