//! From a key file to one range of a candidate's sealed video, and to its erasure.
//!
//! `cargo run -p dossier-seal --example seal_a_file`

use dossier_seal::{
    Entropy, Key, KeyFile, Keyring, OsEntropy, RecordCipher,
    chunked::{FileKind, Layout, Opener, Sealer},
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let entropy: &dyn Entropy = &OsEntropy;

    // The operator keeps the key file; the keyring lies beside the data.
    let key_file = KeyFile::generate(entropy)?.to_text();
    let keyring_bytes = Keyring::create(&KeyFile::parse(&key_file)?, entropy)?.encode();
    let keyring = Keyring::open(&keyring_bytes, &KeyFile::parse(&key_file)?)?;

    // Each candidate has a random key, stored wrapped.
    let candidate = *b"candidate no 001";
    let candidate_key = Key::generate(entropy)?;
    let wrapped_key = keyring.wrap_candidate_key(&candidate, &candidate_key, entropy)?;

    // A record is bound to the archive and to its own key in the store.
    let records = RecordCipher::new(&candidate_key, keyring.archive());
    let sealed_record = records.seal(b"interviews/1", "score: 85".as_bytes(), entropy)?;
    assert_eq!(records.open(b"interviews/1", &sealed_record)?, b"score: 85");
    assert!(records.open(b"interviews/2", &sealed_record).is_err(), "moved to another place");

    // A blob is sealed as it streams in ...
    let context = [keyring.archive().as_bytes().as_slice(), b"blob no 1"].concat();
    let mut sealer = Sealer::new(Layout::BLOB, &candidate_key, &context, entropy)?;
    let mut blob = sealer.header().to_vec();
    for part in 0..100u8 {
        sealer.push(&[part; 5_000], &mut blob)?;
    }
    sealer.finish(&mut blob)?;

    // ... and any range of it is read by opening its own chunks only.
    let candidate_key = keyring.unwrap_candidate_key(&candidate, &wrapped_key)?;
    let header = &blob[..FileKind::Blob.header_len()];
    let opener = Opener::new(FileKind::Blob, &candidate_key, &context, header, 500_000)?;
    let range = opener.sealed_range(250_000..250_010)?;
    let (start, end) = (usize::try_from(range.bytes.start)?, usize::try_from(range.bytes.end)?);
    let mut chunk = blob[start..end].to_vec();
    let plaintext = opener.open_chunk(range.chunks.start, &mut chunk)?;
    assert_eq!(plaintext[range.skip..range.skip + 10], [50; 10]);

    // Whoever deletes `wrapped_key` has erased the candidate: record and blob stay closed forever.
    Ok(())
}
