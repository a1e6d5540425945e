//! Keys and values survive their layout, and nothing else is taken for one.

use dossier_storage::{Collection, Scope};

use super::*;

#[test]
fn the_bytes_are_the_documented_ones() {
    assert_eq!(record(b"\x00\x07a"), b"\x01\x00\x07a");
    assert_eq!(change(Sequence::new(258)), b"\x02\0\0\0\0\0\0\x01\x02");
    assert_eq!(part(b"\x01\x00\x07a", 3), b"\x03\x00\x04\x01\x00\x07a\0\0\0\x03");
    let key = Key::new(Scope::Archive, Collection::new(7), "a").unwrap();
    assert_eq!(&change_value([&key, &key].into_iter())[..], b"\0\x03\0\x07a\0\x03\0\x07a");
}

#[test]
fn a_head_is_whole_up_to_a_part_and_no_further() {
    for (length, parts) in [(0, 0), (PART, 0), (PART + 1, 2), (3 * PART, 3)] {
        let mut batch = sled::Batch::default();
        assert_eq!(write(&mut batch, b"owner", Sequence::new(9), &vec![1; length]), parts, "{length} bytes");
    }
}

#[test]
fn malformed_bytes_are_errors() {
    for bytes in
        [&b""[..], b"\x01", b"\x03\0\0\0\0\0\0\0\x01", b"\x02\0\0\0\0\0\0\0\x01\0", b"\x01\0\0\0\0\0\0\0"]
    {
        assert!(Head::parse(&IVec::from(bytes)).is_err(), "{bytes:?}");
    }
    for bytes in [&b"\0"[..], b"\0\x05\0\x07a", b"\0\x01\0", b"\0\x03\x09\x07a"] {
        assert!(change_keys(Bytes::from_static(bytes)).is_err(), "{bytes:?}");
    }
}
