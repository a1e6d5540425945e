//! The change feed: order, pages, trimming.

use super::{CANDIDATES, Place, key, key_in, puts};
use crate::{Batch, Change, Error, Key, Sequence};

pub async fn changes_come_in_commit_order(place: &dyn Place) {
    let records = place.open().await;
    assert_eq!(records.changes(Sequence::ZERO, 10).await.unwrap(), []);
    let mut batch = puts(["b", "a"]);
    batch.put(key_in(CANDIDATES[0], "z"), "");
    records.commit(batch).await.unwrap();
    let mut batch = Batch::new();
    batch.delete(key("a"));
    records.commit(batch).await.unwrap();
    let expected = [
        Change { sequence: Sequence::new(1), keys: vec![key("a"), key("b"), key_in(CANDIDATES[0], "z")] },
        Change { sequence: Sequence::new(2), keys: vec![key("a")] },
    ];
    assert_eq!(records.changes(Sequence::ZERO, 10).await.unwrap(), expected);
    assert_eq!(records.changes(Sequence::new(1), 10).await.unwrap(), expected[1..]);
    assert_eq!(records.changes(Sequence::new(2), 10).await.unwrap(), []);
    assert_eq!(records.changes(Sequence::new(99), 10).await.unwrap(), []);
}

pub async fn changes_are_paged(place: &dyn Place) {
    let records = place.open().await;
    for at in 0..10_u8 {
        records.commit(puts([[at]])).await.unwrap();
    }
    let (mut since, mut seen) = (Sequence::ZERO, Vec::new());
    loop {
        let page = records.changes(since, 3).await.unwrap();
        assert!(page.len() <= 3);
        let Some(last) = page.last() else { break };
        since = last.sequence;
        seen.extend(page.iter().map(|change| change.sequence.number()));
    }
    assert_eq!(seen, (1..=10).collect::<Vec<_>>());
}

pub async fn trimmed_changes_are_refused(place: &dyn Place) {
    let records = place.open().await;
    for at in 0..10_u8 {
        records.commit(puts([[at]])).await.unwrap();
    }
    records.trim_changes(Sequence::new(4)).await.unwrap();
    records.trim_changes(Sequence::new(2)).await.unwrap();
    match records.changes(Sequence::new(3), 10).await.unwrap_err() {
        Error::ChangesTrimmed { since, kept } => {
            assert_eq!((since, kept), (Sequence::new(3), Sequence::new(4)))
        }
        other => panic!("{other}"),
    }
    assert_eq!(records.changes(Sequence::new(4), 10).await.unwrap().len(), 6);
    assert!(records.get(&key([0])).await.unwrap().is_some(), "trimming takes no record");
}

pub async fn the_feed_survives_reopening(place: &dyn Place) {
    let records = place.open().await;
    for at in 0..5_u8 {
        records.commit(puts([[at]])).await.unwrap();
    }
    records.trim_changes(Sequence::new(2)).await.unwrap();
    drop(records);
    let records = place.open().await;
    assert_eq!(records.changes(Sequence::new(2), 10).await.unwrap().len(), 3);
    records.trim_changes(Sequence::new(100)).await.unwrap();
    drop(records);
    let records = place.open().await;
    assert_eq!(
        records.sequence().await.unwrap(),
        Sequence::new(5),
        "the sequence goes on when all is trimmed"
    );
    assert!(records.changes(Sequence::new(4), 10).await.is_err());
    assert_eq!(records.changes(Sequence::new(5), 10).await.unwrap(), []);
    assert_eq!(records.commit(puts(["a"])).await.unwrap(), Sequence::new(6));
    assert_eq!(records.changes(Sequence::new(5), 10).await.unwrap().len(), 1);
}

pub async fn a_long_batch_has_one_change(place: &dyn Place) {
    let records = place.open().await;
    let ids: Vec<[u8; 2]> = (0..3000_u16).map(u16::to_be_bytes).collect();
    records.commit(puts(&ids)).await.unwrap();
    let changes = records.changes(Sequence::ZERO, 10).await.unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].keys, ids.iter().map(key).collect::<Vec<Key>>());
    records.trim_changes(Sequence::new(1)).await.unwrap();
    assert_eq!(records.changes(Sequence::new(1), 10).await.unwrap(), []);
}
