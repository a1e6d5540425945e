//! The text of checkpoints, right and wrong.

use super::*;

fn checkpoint() -> Checkpoint {
    let signer = Signer::new(Word::parse("dossier/test").unwrap(), &[7; 32]).unwrap();
    signer.sign(&LogHead::default(), "2026-11-23T08:00:00.1234Z".parse().unwrap())
}

#[test]
fn the_text_is_the_documented_one_and_round_trips() {
    let text = checkpoint().to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["dossier/test", "0"]);
    assert_eq!(lines[2], "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "the root of the empty tree");
    assert_eq!(lines[3], "time 2026-11-23T08:00:00.123Z");
    assert!(lines[5].is_empty() && lines[6].starts_with("— dossier/test "));
    assert_eq!(text.parse::<Checkpoint>().unwrap(), checkpoint());
}

#[test]
fn every_flipped_bit_of_the_text_is_found() {
    let text = checkpoint().to_string();
    for place in 0..text.len() {
        for bit in 0..8 {
            let mut bytes = text.clone().into_bytes();
            bytes[place] ^= 1 << bit;
            if let Ok(other) = String::from_utf8(bytes) {
                assert!(other.parse::<Checkpoint>().is_err(), "bit {bit} of byte {place}");
            }
        }
    }
    assert!(text.trim_end().parse::<Checkpoint>().is_err());
    assert!(format!("{text}\n").parse::<Checkpoint>().is_err());
}

#[test]
fn the_seed_gives_the_key_of_rfc_8032() {
    let seed = hex::decode("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").unwrap();
    let signer = Signer::new(Word::parse("x").unwrap(), &seed.try_into().unwrap()).unwrap();
    let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    assert_eq!(signer.public_key().to_string(), public);
    assert_eq!(public.parse::<PublicKey>().unwrap(), signer.public_key());
    assert!(public.to_uppercase().parse::<PublicKey>().is_err());
}
