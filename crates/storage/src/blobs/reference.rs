//! How records refer to blobs.

use std::fmt;

use object_store::path::Path;
use serde::{Deserialize, Serialize};

use super::SUFFIX;

/// The random id of a blob. Prints as hex.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BlobId(#[serde(with = "hex_array")] [u8; 16]);

impl BlobId {
    /// The id with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Where the blob lies in the object store.
    pub(super) fn path(self) -> Path {
        let name = self.to_string();
        Path::from(format!("{}/{name}{SUFFIX}", &name[..2]))
    }

    pub(super) fn from_file_name(name: &str) -> Option<Self> {
        let mut id = [0; 16];
        hex::decode_to_slice(name.strip_suffix(SUFFIX)?, &mut id).ok()?;
        Some(Self(id))
    }
}

impl fmt::Display for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for BlobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BlobId({self})")
    }
}

/// What a record keeps of a blob. Its length is trusted when the blob is opened, so it belongs into a sealed record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct BlobRef {
    /// Where it is.
    pub id: BlobId,
    /// Its length in bytes, unsealed.
    pub len: u64,
    /// The SHA-256 of its bytes, unsealed.
    #[serde(with = "hex_array")]
    pub sha256: [u8; 32],
    /// The CRC-32 (IEEE) of its bytes, unsealed, as ZIP archives want it.
    pub crc32: u32,
}

/// Arrays of bytes as hex text.
mod hex_array {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer, const N: usize>(
        bytes: &[u8; N],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(
        deserializer: D,
    ) -> Result<[u8; N], D::Error> {
        let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
        let mut bytes = [0; N];
        hex::decode_to_slice(&*text, &mut bytes).map_err(D::Error::custom)?;
        Ok(bytes)
    }
}
