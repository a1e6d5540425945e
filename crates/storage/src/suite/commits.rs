//! Committing: atomicity, preconditions, concurrency, durability.

use std::{collections::BTreeMap, sync::Arc};

use bytes::Bytes;

use super::{CANDIDATES, COLLECTION, Place, key, key_in, puts};
use crate::{Batch, Entry, Error, ErrorKind, Expect, Key, Records, Scan, Scope, Sequence};

pub async fn a_commit_is_read_at_once(place: &dyn Place) {
    let records = place.open().await;
    for round in 1..=50_u64 {
        let mut batch = Batch::new();
        batch.put(key("a"), round.to_string());
        let sequence = records.commit(batch).await.unwrap();
        assert_eq!(sequence, Sequence::new(round));
        let expected = Entry { value: round.to_string().into(), revision: sequence };
        assert_eq!(records.get(&key("a")).await.unwrap(), Some(expected.clone()));
        assert_eq!(records.scan(Scan::prefix(Vec::new())).await.unwrap(), [(key("a"), expected)]);
        assert_eq!(records.sequence().await.unwrap(), sequence);
    }
}

pub async fn a_commit_survives_reopening(place: &dyn Place) {
    let records = place.open().await;
    let mut batch = puts(["a", "b"]);
    batch.put(key_in(CANDIDATES[0], "c"), "theirs");
    records.commit(batch).await.unwrap();
    let mut batch = Batch::new();
    batch.delete(key("a"));
    let newest = records.commit(batch).await.unwrap();
    let before = records.scan(Scan::prefix(Vec::new())).await.unwrap();
    drop(records);
    let records = place.open().await;
    assert_eq!(records.scan(Scan::prefix(Vec::new())).await.unwrap(), before);
    assert_eq!(before.len(), 2);
    assert_eq!(records.sequence().await.unwrap(), newest);
    assert_eq!(records.commit(puts(["a"])).await.unwrap(), newest.next());
}

pub async fn a_failed_precondition_writes_nothing(place: &dyn Place) {
    let records = place.open().await;
    records.commit(puts(["a"])).await.unwrap();
    let mut batch = puts(["b", "c"]);
    batch.delete(key("a")).expect(Expect::Absent(key("d"))).expect(Expect::Absent(key("a")));
    match records.commit(batch).await.unwrap_err() {
        Error::Conflict { key: found } => assert_eq!(found, key("a")),
        other => panic!("{other}"),
    }
    let left = records.scan(Scan::prefix(Vec::new())).await.unwrap();
    assert_eq!(left.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>(), [key("a")]);
    assert_eq!(records.sequence().await.unwrap(), Sequence::new(1));
    assert_eq!(records.changes(Sequence::new(1), 10).await.unwrap(), []);
}

pub async fn preconditions_tell_absent_from_present_and_old_from_new(place: &dyn Place) {
    let records = place.open().await;
    let first = records.commit(puts(["a", "b"])).await.unwrap();
    let second = records.commit(puts(["a"])).await.unwrap();
    let holds = async |expect: Expect| {
        let mut batch = Batch::new();
        batch.expect(expect);
        match records.commit(batch).await {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Conflict);
                false
            }
        }
    };
    assert!(holds(Expect::Absent(key("c"))).await);
    assert!(!holds(Expect::Absent(key("a"))).await);
    assert!(holds(Expect::Revision(key("a"), second)).await);
    assert!(!holds(Expect::Revision(key("a"), first)).await);
    assert!(!holds(Expect::Revision(key("a"), second.next())).await);
    assert!(holds(Expect::Revision(key("b"), first)).await);
    assert!(!holds(Expect::Revision(key("c"), first)).await);
    assert!(!holds(Expect::Revision(key("c"), Sequence::ZERO)).await);
}

pub async fn a_batch_may_only_check(place: &dyn Place) {
    let records = place.open().await;
    assert_eq!(records.commit(Batch::new()).await.unwrap(), Sequence::ZERO);
    let newest = records.commit(puts(["a"])).await.unwrap();
    assert_eq!(records.commit(Batch::new()).await.unwrap(), newest);
    assert_eq!(records.changes(newest, 10).await.unwrap(), []);
}

pub async fn the_last_write_of_a_key_counts(place: &dyn Place) {
    let records = place.open().await;
    let mut batch = Batch::new();
    batch.put(key("a"), "1").put(key("a"), "2");
    batch.put(key("b"), "1").delete(key("b"));
    batch.delete(key("c")).put(key("c"), "3");
    records.commit(batch).await.unwrap();
    let found = records.get_many(&[key("a"), key("b"), key("c")]).await.unwrap();
    let values: Vec<_> = found.into_iter().map(|entry| entry.map(|entry| entry.value)).collect();
    assert_eq!(values, [Some(Bytes::from("2")), None, Some(Bytes::from("3"))]);
}

pub async fn deleting_what_is_absent_is_a_change(place: &dyn Place) {
    let records = place.open().await;
    let mut batch = Batch::new();
    batch.delete(key("a"));
    let sequence = records.commit(batch).await.unwrap();
    assert_eq!(sequence, Sequence::new(1));
    let changes = records.changes(Sequence::ZERO, 10).await.unwrap();
    assert_eq!(changes.iter().map(|change| change.keys.clone()).collect::<Vec<_>>(), [[key("a")]]);
}

pub async fn increments_are_never_lost(place: &dyn Place) {
    let records = place.open().await;
    let counter = key_in(CANDIDATES[1], "counter");
    let writers: Vec<_> =
        (0..8).map(|_| tokio::spawn(increment_25_times(records.clone(), counter.clone()))).collect();
    let mut seen = Vec::new();
    for writer in writers {
        seen.extend(writer.await.unwrap());
    }
    seen.sort_unstable();
    assert_eq!(seen, (1..=200).collect::<Vec<u64>>(), "each value was reached by exactly one increment");
}

async fn increment_25_times(records: Arc<dyn Records>, counter: Key) -> Vec<u64> {
    let mut reached = Vec::new();
    while reached.len() < 25 {
        let found = records.get(&counter).await.unwrap();
        let mut batch = Batch::new();
        let old: u64 = match &found {
            Some(entry) => {
                batch.expect(Expect::Revision(counter.clone(), entry.revision));
                str::from_utf8(&entry.value).unwrap().parse().unwrap()
            }
            None => {
                batch.expect(Expect::Absent(counter.clone()));
                0
            }
        };
        batch.put(counter.clone(), (old + 1).to_string());
        match records.commit(batch).await {
            Ok(sequence) => {
                let now = records.get(&counter).await.unwrap().unwrap();
                assert!(now.revision >= sequence, "a read after the commit sees it or something newer");
                reached.push(old + 1);
            }
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict, "{error}"),
        }
    }
    reached
}

pub async fn only_one_claim_of_a_key_succeeds(place: &dyn Place) {
    let records = place.open().await;
    let claims: Vec<_> = (0..16_u8)
        .map(|claimant| {
            let records = records.clone();
            tokio::spawn(async move {
                let mut batch = Batch::new();
                batch
                    .put(key("seat"), vec![claimant])
                    .put(key([claimant]), "mine")
                    .expect(Expect::Absent(key("seat")));
                records.commit(batch).await.is_ok()
            })
        })
        .collect();
    let mut winners = Vec::new();
    for (claimant, claim) in claims.into_iter().enumerate() {
        if claim.await.unwrap() {
            winners.push(claimant as u8);
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(records.get(&key("seat")).await.unwrap().unwrap().value, winners);
    assert_eq!(records.scan(Scan::collection(Scope::Archive, COLLECTION)).await.unwrap().len(), 2);
}

pub async fn batches_are_never_seen_in_part(place: &dyn Place) {
    let records = place.open().await;
    let group: Vec<Key> = (0..40_u8).map(|at| key([at])).collect();
    let writer = tokio::spawn({
        let (records, group) = (records.clone(), group.clone());
        async move {
            for round in 0..60_u8 {
                let mut batch = Batch::new();
                for key in &group {
                    batch.put(key.clone(), vec![round; 100]);
                }
                records.commit(batch).await.unwrap();
            }
        }
    });
    while !writer.is_finished() {
        let got = records.get_many(&group).await.unwrap();
        assert!(got.windows(2).all(|pair| pair[0] == pair[1]), "get_many saw part of a batch");
        let scanned = records.scan(Scan::collection(Scope::Archive, COLLECTION)).await.unwrap();
        assert!(scanned.is_empty() || scanned.len() == group.len());
        assert!(scanned.windows(2).all(|pair| pair[0].1 == pair[1].1), "a scan saw part of a batch");
        if let Some((_, entry)) = scanned.first() {
            assert!(records.sequence().await.unwrap() >= entry.revision, "what is read is in the sequence");
        }
    }
    writer.await.unwrap();
}

/// Many small batches, chosen by a fixed pseudo-random walk, against a plain map.
pub async fn a_model_agrees(place: &dyn Place) {
    let mut records = place.open().await;
    let mut model: BTreeMap<Key, (Vec<u8>, Sequence)> = BTreeMap::new();
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for round in 1..=150_u64 {
        let mut batch = Batch::new();
        let sequence = Sequence::new(round);
        for _ in 0..=random(12) {
            let scope = if random(2) == 0 { Scope::Archive } else { CANDIDATES[random(3) as usize] };
            let key = key_in(scope, [random(40) as u8]);
            if random(4) == 0 {
                batch.delete(key.clone());
                model.remove(&key);
            } else {
                let longest = if random(10) == 0 { 60_000 } else { 300 };
                let value = vec![round as u8; random(longest) as usize];
                batch.put(key.clone(), value.clone());
                model.insert(key, (value, sequence));
            }
        }
        assert_eq!(records.commit(batch).await.unwrap(), sequence);
        if round % 50 == 0 {
            drop(records);
            records = place.open().await;
        }
        if round % 10 == 0 {
            let found = records.scan(Scan::prefix(Vec::new())).await.unwrap();
            let found = found.into_iter().map(|(key, entry)| (key, (entry.value.to_vec(), entry.revision)));
            assert!(found.eq(model.clone()), "after {round} commits");
        }
    }
}
