//! Typed collections and look-ups.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

use std::{collections::HashMap, sync::Arc};

use dossier_seal::Key as SealKey;
use dossier_storage::{
    Batch, Collection, Error, ErrorKind, Key, MemoryRecords, Records, Result, Scan, Scope, Store, Stored,
    Table,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Position {
    title: String,
    seats: u32,
}

const POSITIONS: Table<Position> = Table::new(Collection::new(1));

fn position(title: &str) -> Position {
    Position { title: title.into(), seats: 3 }
}

fn store() -> (MemoryRecords, Store) {
    let records = MemoryRecords::new();
    (records.clone(), Store::new(Arc::new(records), SealKey::from_bytes(&[7; 32])))
}

#[tokio::test]
async fn a_record_comes_back_with_its_revision() -> Result<()> {
    let (_, store) = store();
    let mut tx = store.batch();
    tx.insert(POSITIONS, Scope::Archive, "a", &position("柜员"))?.insert(
        POSITIONS,
        Scope::Archive,
        "b",
        &position("风控"),
    )?;
    let revision = store.commit(tx).await?;
    let found: Stored<Position> = store.get(POSITIONS, Scope::Archive, "a").await?.unwrap();
    assert_eq!((found.value, found.revision, found.key.id()), (position("柜员"), revision, &b"a"[..]));
    assert!(store.get(POSITIONS, Scope::Archive, "c").await?.is_none());
    let many = store.get_many(POSITIONS, [(Scope::Archive, "b"), (Scope::Archive, "c")]).await?;
    assert_eq!(
        many.into_iter().map(|found| found.map(|found| found.value)).collect::<Vec<_>>(),
        [Some(position("风控")), None]
    );
    Ok(())
}

#[tokio::test]
async fn of_two_updates_of_one_reading_the_second_is_a_conflict() -> Result<()> {
    let (_, store) = store();
    let mut tx = store.batch();
    tx.insert(POSITIONS, Scope::Archive, "a", &position("first"))?;
    store.commit(tx).await?;
    let read = store.get(POSITIONS, Scope::Archive, "a").await?.unwrap();
    let mut tx = store.batch();
    tx.update(POSITIONS, &read, &position("second"))?;
    store.commit(tx).await?;
    for attempt in [0, 1, 2] {
        let mut tx = store.batch();
        match attempt {
            0 => drop(tx.update(POSITIONS, &read, &position("third"))?),
            1 => drop(tx.expect_unchanged(&read).put(POSITIONS, Scope::Archive, "b", &position("b"))?),
            _ => drop(tx.insert(POSITIONS, Scope::Archive, "a", &position("third"))?),
        }
        assert_eq!(store.commit(tx).await.unwrap_err().kind(), ErrorKind::Conflict);
    }
    assert_eq!(store.all(POSITIONS, Scope::Archive).await?.len(), 1);
    assert_eq!(store.get(POSITIONS, Scope::Archive, "a").await?.unwrap().value, position("second"));
    Ok(())
}

#[tokio::test]
async fn all_reads_more_than_a_page() -> Result<()> {
    let (_, store) = store();
    let mut tx = store.batch();
    for at in 0..(2 * Scan::PAGE as u16 + 3) {
        tx.put(POSITIONS, Scope::Archive, at.to_be_bytes(), &position(&at.to_string()))?;
    }
    store.commit(tx).await?;
    let all = store.all(POSITIONS, Scope::Archive).await?;
    assert_eq!(all.len(), 2 * Scan::PAGE + 3);
    assert!(all.is_sorted_by(|a, b| a.key < b.key));
    Ok(())
}

#[tokio::test]
async fn a_unique_value_is_claimed_once_until_it_is_released() -> Result<()> {
    let (records, store) = store();
    let phone = "13800138000".as_bytes();
    let claim = async |target: &[u8]| {
        let mut tx = store.batch();
        tx.claim("candidate phone", phone, target)?;
        store.commit(tx).await
    };
    claim(b"first").await?;
    assert_eq!(claim(b"second").await.unwrap_err().kind(), ErrorKind::Conflict);
    assert_eq!(store.lookup("candidate phone", phone).await?.unwrap(), "first");
    assert_eq!(store.lookup("candidate e-mail", phone).await?, None, "names keep look-ups apart");
    let mut tx = store.batch();
    tx.release("candidate phone", phone)?;
    store.commit(tx).await?;
    assert_eq!(store.lookup("candidate phone", phone).await?, None);
    claim(b"second").await?;
    let keys = records.scan(Scan::prefix(Vec::new())).await?;
    assert!(
        keys.iter().all(|(key, _)| !key
            .as_bytes()
            .windows(4)
            .any(|bytes| phone.windows(4).any(|part| part == bytes)))
    );
    Ok(())
}

#[tokio::test]
async fn what_is_no_such_record_is_damage_and_quotes_nothing() -> Result<()> {
    let (records, store) = store();
    let key = Key::new(Scope::Archive, POSITIONS.collection(), "a")?;
    for bytes in [
        &b""[..],
        b"\x01",
        b"\x02{}",
        b"\x01{\"title\":\"secret\"}",
        b"\x01{\"title\":7,\"seats\":\"secret\"}",
        b"secret",
        b"\x01\xFF\xFE",
    ] {
        let mut batch = Batch::new();
        batch.put(key.clone(), bytes);
        records.commit(batch).await?;
        let error = store.get(POSITIONS, Scope::Archive, "a").await.unwrap_err();
        assert!(matches!(&error, Error::Damaged { key: named, .. } if *named == key), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    assert_eq!(store.scan(POSITIONS, Scan::prefix(vec![0, 2])).await?, []);
    Ok(())
}

#[tokio::test]
async fn a_value_without_json_is_refused() {
    #[derive(Serialize, Deserialize)]
    struct Odd(HashMap<(u8, u8), u8>);
    const ODDS: Table<Odd> = Table::new(Collection::new(2));
    let (_, store) = store();
    let odd = Odd(HashMap::from([((1, 2), 3)]));
    assert_eq!(store.batch().put(ODDS, Scope::Archive, "a", &odd).err().unwrap().kind(), ErrorKind::Invalid);
}
