//! `derivations.json`: derived keys and keyed hashes.

use dossier_seal::{Key, lookup_hash};
use serde::{Deserialize, Serialize};

use super::{check_all, hexed::Hex, publish};

const FILE: &str = "derivations.json";

#[derive(Serialize, Deserialize)]
struct Derivation {
    key: Hex,
    label: String,
    context: Hex,
    derived_key: Hex,
    lookup_hash_of_label_and_context: Hex,
}

fn derive(label: &str, context: &[u8]) -> Derivation {
    let key = Key::from_bytes(&[7; 32]);
    Derivation {
        key: key.expose().into(),
        label: label.to_owned(),
        context: context.into(),
        derived_key: key.derive(label, context).expose().into(),
        lookup_hash_of_label_and_context: lookup_hash(&key, &[label.as_bytes(), context]).into(),
    }
}

#[test]
fn derivations_are_as_published() {
    check_all(FILE, |vector: Derivation| {
        let key = Key::from_bytes(&vector.key.array());
        let label = vector.label.as_str();
        assert_eq!(Hex::from(key.derive(label, &vector.context.0).expose()), vector.derived_key, "{label}");
        let hash = lookup_hash(&key, &[label.as_bytes(), &vector.context.0]);
        assert_eq!(Hex::from(hash), vector.lookup_hash_of_label_and_context, "{label}");
    });
}

#[test]
#[ignore = "writes vectors that were not published yet"]
fn publish_derivations() {
    let about = "Key::derive (HKDF-SHA256) and lookup_hash (HMAC-SHA256) of dossier-seal";
    let all = [
        ("", &b""[..]),
        ("dossier archive key", b"look-up"),
        ("phone", b"+8613800138000"),
        ("a", b"bc"),
        ("ab", b"c"),
    ];
    publish(FILE, about, all.map(|(label, context)| derive(label, context)).into());
}
