//! Whatever is done to a log is found, and named.

use dossier_access::log::{Finding, Trust, Verifier, verify};

use super::sample::{Sample, sample};

const SIZE: usize = 300;

/// For what is tried at every place of a log and needs the whole of it each time.
const SMALL: usize = 80;

fn log() -> Sample {
    sample(SIZE as u64, 64, 1)
}

fn check(log: &Sample, trust: Trust) -> Result<u64, Vec<Finding>> {
    let texts = log.texts();
    verify(log.stored(), texts.iter().map(String::as_str), trust).map(|verified| verified.covered)
}

fn findings(log: &Sample) -> Vec<Finding> {
    check(log, Trust::default()).expect_err("nothing was found")
}

#[test]
fn an_untouched_log_holds_together() {
    assert_eq!(check(&log(), Trust::default()), Ok(SIZE as u64));
    let anchor = log().checkpoints[1].clone();
    let trust = Trust { key: Some(anchor.key()), anchor: Some(anchor) };
    assert_eq!(check(&log(), trust), Ok(SIZE as u64));
}

/// Findings are never taken back, so what the record after it brings up counts for the whole log.
#[test]
fn each_flipped_byte_is_found() {
    let log = log();
    let mut verifier = Verifier::new(Trust::default());
    for (place, record) in log.records.iter().enumerate() {
        for byte in 0..record.len() {
            let mut flipped = record.clone();
            flipped[byte] ^= 1 << (byte % 8);
            let mut after = verifier.clone();
            after.record(&flipped);
            match log.records.get(place + 1) {
                Some(next) => drop(after.record(next)),
                None => after.checkpoint(&log.checkpoints.last().unwrap().to_string()),
            }
            assert!(after.finish().is_err(), "byte {byte} of record {place}");
        }
        verifier.record(record);
    }
    assert!(verifier.finish().is_ok());
}

#[test]
fn flips_in_a_long_log_are_found_and_placed() {
    let mut log = sample(10_000, 256, 1);
    for round in 0..12_usize {
        let place = round * 833 + round;
        let byte = (round * 37) % log.records[place].len();
        log.records[place][byte] ^= 0x10;
        let near = |record: u64| (place as u64..=place as u64 + 1).contains(&record);
        let placed = match &findings(&log)[0] {
            Finding::Malformed { record, .. }
            | Finding::BrokenChain { record }
            | Finding::OutOfOrder { record, .. } => near(*record),
            // The number itself was hit.
            Finding::Misfiled { key, .. } => near(*key),
            _ => false,
        };
        assert!(placed, "round {round}: {:?}", findings(&log)[0]);
        log.records[place][byte] ^= 0x10;
    }
    assert!(check(&log, Trust::default()).is_ok());
}

#[test]
fn a_deleted_doubled_or_swapped_record_is_named() {
    let log = sample(SMALL as u64, 16, 1);
    for place in 0..SMALL {
        let n = place as u64;
        let mut deleted = log.clone();
        deleted.records.remove(place);
        let first = findings(&deleted).swap_remove(0);
        if place + 1 < SMALL {
            assert_eq!(first, Finding::OutOfOrder { record: n + 1, expected: n });
            let mut swapped = log.clone();
            swapped.records.swap(place, place + 1);
            assert_eq!(findings(&swapped)[0], Finding::OutOfOrder { record: n + 1, expected: n });
        } else {
            assert_eq!(first, Finding::Truncated { records: n, size: n + 1 });
        }
        let mut doubled = log.clone();
        doubled.records.insert(place, doubled.records[place].clone());
        assert_eq!(findings(&doubled)[0], Finding::OutOfOrder { record: n, expected: n + 1 });
    }
}

#[test]
fn a_log_cut_below_a_checkpoint_is_found_at_any_length() {
    let log = sample(SMALL as u64, 16, 1);
    for length in 0..SMALL {
        let mut cut = log.clone();
        cut.records.truncate(length);
        let size = cut.checkpoints.iter().map(|c| c.size()).find(|size| *size > length as u64).unwrap();
        assert_eq!(findings(&cut)[0], Finding::Truncated { records: length as u64, size });
    }
}

#[test]
fn a_log_cut_together_with_its_checkpoints_is_found_by_an_anchor_only() {
    let mut cut = log();
    let anchor = cut.checkpoints[2].clone();
    cut.records.truncate(128);
    cut.checkpoints.truncate(2);
    assert_eq!(check(&cut, Trust::default()), Ok(128), "this is what anchors are for");
    let trust = Trust { anchor: Some(anchor), ..Trust::default() };
    assert_eq!(check(&cut, trust), Err(vec![Finding::Truncated { records: 128, size: 192 }]));
}

#[test]
fn a_log_written_anew_is_found_by_its_key_or_an_anchor() {
    let (old, new) = (log(), sample(SIZE as u64, 64, 2));
    assert!(check(&new, Trust::default()).is_ok(), "this is what keys are pinned for");
    let key = Some(old.checkpoints[0].key());
    assert!(matches!(
        check(&new, Trust { key, anchor: None }).unwrap_err()[0],
        Finding::OtherKey { size: 64, .. }
    ));
    // Even with the right key, another history is no continuation of the anchored one.
    let mut forged = sample(SIZE as u64, 64, 2);
    forged.checkpoints.clear();
    let anchor = Some(old.checkpoints[1].clone());
    assert_eq!(check(&forged, Trust { key, anchor }).unwrap_err(), [Finding::OtherThanAnchor { size: 128 }]);
}

#[test]
fn spliced_logs_are_found_wherever_they_are_joined() {
    let [one, other] = [1, 2].map(|seed| sample(SMALL as u64, 16, seed));
    for place in 1..SMALL {
        let mut spliced = one.clone();
        spliced.records.truncate(place);
        spliced.records.extend_from_slice(&other.records[place..]);
        assert_eq!(findings(&spliced)[0], Finding::BrokenChain { record: place as u64 });
    }
}

#[test]
fn a_record_changed_at_the_end_is_found_by_the_checkpoint() {
    let mut log = log();
    let last = log.records.last_mut().unwrap();
    *last = String::from_utf8(last.clone()).unwrap().replace("192.0.2.7", "192.0.2.8").into_bytes();
    assert_eq!(findings(&log), [Finding::OtherRoot { size: 300, from: 256 }]);
}

#[test]
fn a_record_stored_under_another_number_is_found() {
    let log = log();
    let moved = log.stored().map(|(key, bytes)| (if key == 299 { 300 } else { key }, bytes));
    let texts = log.texts();
    let found = verify(moved, texts.iter().map(String::as_str), Trust::default()).unwrap_err();
    assert_eq!(found, [Finding::Misfiled { record: 299, key: 300 }]);
}

#[test]
fn checkpoints_that_are_forged_or_misplaced_are_found() {
    let log = log();
    let mut texts = log.texts();
    texts[1] = texts[1].replacen("\n128\n", "\n129\n", 1);
    let found = verify(log.stored(), texts.iter().map(String::as_str), Trust::default()).unwrap_err();
    assert!(matches!(&found[..], [Finding::BadCheckpoint { records: 64, .. }]), "{found:?}");

    let mut late = log.texts();
    late.swap(0, 1);
    let found = verify(log.stored(), late.iter().map(String::as_str), Trust::default()).unwrap_err();
    assert_eq!(found, [Finding::LateCheckpoint { records: 128, size: 64 }]);
}
