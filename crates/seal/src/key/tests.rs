//! Keys stay secret; derivations are the published ones and never coincide.

use super::*;
use crate::{KeyFile, Keyring, Passphrase, RecordCipher};

/// Fails to compile if the type implements the trait: `item` would be ambiguous.
macro_rules! assert_not_implemented {
    ($type:ty, $trait:path) => {{
        trait Ambiguous<A> {
            fn item() {}
        }
        impl<T: ?Sized> Ambiguous<()> for T {}
        impl<T: ?Sized + $trait> Ambiguous<u8> for T {}
        <$type as Ambiguous<_>>::item();
    }};
}

#[test]
fn keys_cannot_be_printed_copied_or_compared() {
    assert_not_implemented!(Key, std::fmt::Debug);
    assert_not_implemented!(Key, std::fmt::Display);
    assert_not_implemented!(Key, Clone);
    assert_not_implemented!(Key, PartialEq);
    assert_not_implemented!(KeyFile, std::fmt::Debug);
    assert_not_implemented!(Passphrase, std::fmt::Debug);
    assert_not_implemented!(Keyring, std::fmt::Debug);
    assert_not_implemented!(RecordCipher, std::fmt::Debug);
}

#[test]
fn what_keys_lie_in_is_wiped_when_dropped() {
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: Option<&T>) {}
    let Key(memory) = Key::from_bytes(&[1; 32]);
    wiped(Some(&*memory));
    wiped::<aes_gcm::Aes256Gcm>(None);
}

/// RFC 5869, A.1 and A.3.
#[test]
fn hkdf_is_that_of_the_rfc() {
    let mut output = [0; 42];
    let salt: Vec<u8> = (0x00..=0x0c).collect();
    let info: Vec<u8> = (0xf0..=0xf9).collect();
    hkdf_sha256(&salt, &[0x0b; 22], &info, &mut output);
    assert_eq!(
        hex::encode(output),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    );
    hkdf_sha256(&[], &[0x0b; 22], &[], &mut output);
    assert_eq!(
        hex::encode(output),
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    );
}

#[test]
fn derived_keys_differ_by_key_label_and_context() {
    let key = Key::from_bytes(&[1; 32]);
    let all = [
        key.derive("a", b"bc"),
        key.derive("ab", b"c"),
        key.derive("abc", b""),
        key.derive("a", b"bd"),
        Key::from_bytes(&[2; 32]).derive("a", b"bc"),
        Key::from_bytes(&[1; 32]),
    ];
    let distinct: std::collections::HashSet<_> = all.iter().map(Key::expose).collect();
    assert_eq!(distinct.len(), all.len());
    assert_eq!(key.derive("a", b"bc").expose(), all[0].expose());
}

#[test]
fn lookup_hashes_tell_lists_apart() {
    let key = Key::from_bytes(&[1; 32]);
    let lists: [&[&[u8]]; 6] =
        [&[b"ab", b"c"], &[b"a", b"bc"], &[b"abc"], &[b"abc", b""], &[b"", b"abc"], &[]];
    let distinct: std::collections::HashSet<_> = lists.iter().map(|parts| lookup_hash(&key, parts)).collect();
    assert_eq!(distinct.len(), lists.len());
    assert_ne!(lookup_hash(&key, &[b"a"]), lookup_hash(&Key::from_bytes(&[2; 32]), &[b"a"]));
}
