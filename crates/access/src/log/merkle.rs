//! The Merkle tree of RFC 6962, section 2.1, kept as its frontier.
//!
//! A leaf's hash is SHA-256 of a zero byte and the record's bytes, a node's is SHA-256 of a one byte and the hashes of
//! its two children; the left child is the largest complete tree that leaves something for the right one.

use serde::{Deserialize, Serialize};

use crate::{Digest, Error, Result};

/// The roots of the complete trees that a growing tree consists of, from the largest to the smallest: one for each one
/// bit of its size. It is all that appending needs, however long the log is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Frontier {
    size: u64,
    peaks: Vec<Digest>,
}

impl Frontier {
    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf with these bytes.
    pub fn push(&mut self, leaf: &[u8]) {
        let mut tree = Digest::of(&[&[0], leaf].concat());
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                tree = node(left, tree);
            }
        }
        self.peaks.push(tree);
        self.size += 1;
    }

    /// The root of the whole tree; of the empty one, SHA-256 of nothing.
    pub fn root(&self) -> Digest {
        self.peaks
            .iter()
            .copied()
            .rev()
            .reduce(|right, left| node(left, right))
            .unwrap_or_else(|| Digest::of(&[]))
    }
}

fn node(left: Digest, right: Digest) -> Digest {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..].copy_from_slice(right.as_bytes());
    Digest::of(&bytes)
}

/// A frontier as stored, before it is known to be one.
#[derive(Deserialize)]
struct Stored {
    size: u64,
    peaks: Vec<Digest>,
}

impl TryFrom<Stored> for Frontier {
    type Error = Error;

    fn try_from(Stored { size, peaks }: Stored) -> Result<Self> {
        let fits = usize::try_from(size.count_ones()).is_ok_and(|count| count == peaks.len());
        fits.then_some(Self { size, peaks }).ok_or(Error::Frontier)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The leaves and roots that Certificate Transparency's own tests use.
    const LEAVES: [&str; 8] =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_certificate_transparency() {
        let mut tree = Frontier::default();
        assert_eq!(tree.root().to_string(), ROOTS[0]);
        for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
            tree.push(&hex::decode(leaf).unwrap());
            assert_eq!(tree.root().to_string(), *root);
        }
    }

    /// The definition of RFC 6962, as it stands there.
    fn by_definition(leaves: &[Vec<u8>]) -> Digest {
        match leaves {
            [] => Digest::of(&[]),
            [leaf] => Digest::of(&[&[0], leaf.as_slice()].concat()),
            _ => {
                let split = leaves.len().next_power_of_two() / 2;
                node(by_definition(&leaves[..split]), by_definition(&leaves[split..]))
            }
        }
    }

    proptest! {
        #[test]
        fn the_frontier_has_the_root_of_the_definition(
            leaves in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..5), 0..70),
        ) {
            let mut tree = Frontier::default();
            for leaf in &leaves {
                tree = serde_json::from_value(serde_json::to_value(&tree).unwrap()).unwrap();
                tree.push(leaf);
            }
            prop_assert_eq!(tree.root(), by_definition(&leaves));
        }
    }

    #[test]
    fn a_stored_frontier_with_too_few_peaks_is_refused() {
        let mut tree = Frontier::default();
        (0..3).for_each(|_| tree.push(b"leaf"));
        let mut stored = serde_json::to_value(&tree).unwrap();
        stored["size"] = 4.into();
        assert!(serde_json::from_value::<Frontier>(stored).unwrap_err().to_string().contains("tree"));
    }
}
