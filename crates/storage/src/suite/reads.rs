//! Reading: order, ranges, pages, large values.

use super::{CANDIDATES, COLLECTION, Place, key, key_in, puts};
use crate::{Batch, Collection, Error, Key, MAX_VALUE, Records, Scan, Scope, Sequence};

async fn ids(records: &dyn Records, scan: Scan) -> Vec<Vec<u8>> {
    records.scan(scan).await.unwrap().iter().map(|(key, _)| key.id().to_vec()).collect()
}

fn all() -> Scan {
    Scan::collection(Scope::Archive, COLLECTION)
}

pub async fn entries_come_back_in_the_order_asked_for(place: &dyn Place) {
    let records = place.open().await;
    let sequence = records.commit(puts(["a", "b", "c"])).await.unwrap();
    let asked = [key("c"), key("nothing"), key("a"), key("c")];
    let found = records.get_many(&asked).await.unwrap();
    let values: Vec<_> = found.iter().map(|entry| entry.as_ref().map(|entry| &entry.value[..])).collect();
    assert_eq!(values, [Some(&b"c"[..]), None, Some(b"a"), Some(b"c")]);
    assert!(found.iter().flatten().all(|entry| entry.revision == sequence));
    assert_eq!(records.get(&key("nothing")).await.unwrap(), None);
    assert_eq!(records.get_many(&[]).await.unwrap(), []);
}

pub async fn entries_are_read_in_the_order_of_their_bytes(place: &dyn Place) {
    let records = place.open().await;
    let mut expected: Vec<Vec<u8>> =
        vec![vec![], vec![0], vec![0, 0], vec![0, 255], vec![1], vec![127], vec![128], vec![255, 255]];
    records.commit(puts(expected.iter().rev())).await.unwrap();
    assert_eq!(ids(&*records, all()).await, expected);
    expected.reverse();
    assert_eq!(ids(&*records, all().backward()).await, expected);
}

pub async fn a_range_has_its_start_and_not_its_end(place: &dyn Place) {
    let records = place.open().await;
    records.commit(puts(["a", "b", "ba", "c"])).await.unwrap();
    let range =
        |start: &str, end: &str| Scan::range(key(start).as_bytes().to_vec(), key(end).as_bytes().to_vec());
    assert_eq!(ids(&*records, range("a", "c")).await, [&b"a"[..], b"b", b"ba"]);
    assert_eq!(ids(&*records, range("b", "b")).await, Vec::<Vec<u8>>::new());
    assert_eq!(ids(&*records, range("c", "a")).await, Vec::<Vec<u8>>::new());
    assert_eq!(ids(&*records, range("c", "a").backward()).await, Vec::<Vec<u8>>::new());
    assert_eq!(ids(&*records, Scan::prefix(key("b").as_bytes().to_vec())).await, [&b"b"[..], b"ba"]);
    assert_eq!(ids(&*records, all().limit(0)).await, Vec::<Vec<u8>>::new());
}

pub async fn a_scan_goes_backward(place: &dyn Place) {
    let records = place.open().await;
    records.commit(puts(["a", "b", "c", "d"])).await.unwrap();
    assert_eq!(ids(&*records, all().backward().limit(2)).await, [b"d", b"c"]);
    assert_eq!(ids(&*records, all().backward().after(&key("c"))).await, [b"b", b"a"]);
}

pub async fn pages_meet_without_gap_or_overlap(place: &dyn Place) {
    let records = place.open().await;
    let expected: Vec<[u8; 2]> = (0..1000_u16).map(u16::to_be_bytes).collect();
    records.commit(puts(&expected)).await.unwrap();
    for (scan, reverse) in [(all(), false), (all().backward(), true)] {
        let mut scan = scan.limit(7);
        let mut found = Vec::new();
        loop {
            let page = records.scan(scan.clone()).await.unwrap();
            found.extend(page.iter().map(|(key, _)| <[u8; 2]>::try_from(key.id()).unwrap()));
            let Some((last, _)) = page.last().filter(|_| page.len() == 7) else { break };
            scan = scan.after(last);
        }
        if reverse {
            found.reverse();
        }
        assert_eq!(found, expected);
    }
}

pub async fn scopes_and_collections_are_apart(place: &dyn Place) {
    let records = place.open().await;
    let mut batch = Batch::new();
    let other = Key::new(Scope::Archive, Collection::new(8), "a").unwrap();
    batch.put(other.clone(), "other");
    batch.put(key("a"), "archive");
    for (place, scope) in CANDIDATES.into_iter().enumerate() {
        batch.put(key_in(scope, "a"), format!("candidate {place}"));
    }
    records.commit(batch).await.unwrap();
    for (place, scope) in CANDIDATES.into_iter().enumerate() {
        let found = records.scan(Scan::collection(scope, COLLECTION)).await.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0.scope(), scope);
        assert_eq!(found[0].1.value, format!("candidate {place}"));
    }
    assert_eq!(records.get(&other).await.unwrap().unwrap().value, "other");
    let everything = records.scan(Scan::prefix(Vec::new())).await.unwrap();
    assert_eq!(everything.len(), 5);
    assert!(everything.is_sorted_by(|(a, _), (b, _)| a < b));
}

pub async fn large_values_come_back_whole(place: &dyn Place) {
    let records = place.open().await;
    let large = |length: usize| -> Vec<u8> { (0..length).map(|at| (at * 31 % 251) as u8).collect() };
    let lengths = [0, 1, 4095, 4096, 4097, 100_000, 3 << 20, MAX_VALUE - 1024];
    for (at, &length) in lengths.iter().enumerate() {
        let mut batch = Batch::new();
        batch.put(key([at as u8]), large(length));
        records.commit(batch).await.unwrap();
    }
    drop(records);
    let records = place.open().await;
    let found = records.scan(all()).await.unwrap();
    assert_eq!(found.len(), lengths.len());
    for ((_, entry), &length) in found.iter().zip(&lengths) {
        assert!(entry.value == large(length), "a value of {length} bytes came back otherwise");
    }
}

pub async fn a_large_value_gives_way_to_a_small_one(place: &dyn Place) {
    let records = place.open().await;
    for (value, expected) in
        [(vec![1; 200_000], 200_000), (vec![2; 50_000], 50_000), (vec![3; 10], 10), (vec![4; 90_000], 90_000)]
    {
        let mut batch = Batch::new();
        batch.put(key("a"), value.clone());
        records.commit(batch).await.unwrap();
        let found = records.get(&key("a")).await.unwrap().unwrap().value;
        assert_eq!(found.len(), expected);
        assert!(found == value);
        assert_eq!(ids(&*records, all()).await, [b"a"]);
    }
    let mut batch = Batch::new();
    batch.delete(key("a"));
    records.commit(batch).await.unwrap();
    assert_eq!(records.scan(Scan::prefix(Vec::new())).await.unwrap(), []);
}

pub async fn too_large_a_value_is_refused(place: &dyn Place) {
    let records = place.open().await;
    let mut batch = puts(["b"]);
    batch.put(key("a"), vec![0; MAX_VALUE + 1]);
    match records.commit(batch).await.unwrap_err() {
        Error::TooLarge { key: found, length, .. } => {
            assert_eq!((found, length), (key("a"), MAX_VALUE + 1));
        }
        other => panic!("{other}"),
    }
    assert_eq!(records.sequence().await.unwrap(), Sequence::ZERO);
    assert_eq!(records.get(&key("b")).await.unwrap(), None);
}
