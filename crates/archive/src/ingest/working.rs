//! A dossier in work: its records as they will be, each with whether it changed.

use dossier_domain::{Application, Candidate, Interview, Material};
use dossier_storage::{Scope, Sequence, Stored, Table, Tx};

use crate::{
    Result,
    records::{APPLICATIONS, CANDIDATES, INTERVIEWS, MATERIALS, OWNERS, Records, scope_of},
};

/// The records of a candidate as they will be.
pub(super) struct Working {
    pub(super) candidate: Item<Candidate>,
    pub(super) applications: Vec<Item<Application>>,
    pub(super) interviews: Vec<Item<Interview>>,
    pub(super) materials: Vec<Item<Material>>,
}

pub(super) struct Item<T> {
    pub(super) value: T,
    pub(super) read: Option<Stored<()>>,
    pub(super) changed: bool,
}

impl<T> Item<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value, read: None, changed: true }
    }

    pub(super) fn read(stored: Stored<T>) -> Self {
        let Stored { key, value, revision } = stored;
        Self { value, read: Some(Stored { key, value: (), revision }), changed: false }
    }

    pub(super) fn set(&mut self, value: T) {
        self.value = value;
        self.changed = true;
    }
}

impl Working {
    pub(super) fn new(candidate: Candidate) -> Self {
        Self {
            candidate: Item::new(candidate),
            applications: Vec::new(),
            interviews: Vec::new(),
            materials: Vec::new(),
        }
    }

    pub(super) fn from_records(records: Records) -> Option<Self> {
        fn items<T>(stored: Vec<Stored<T>>) -> Vec<Item<T>> {
            stored.into_iter().map(Item::read).collect()
        }
        Some(Self {
            candidate: Item::read(records.candidate?),
            applications: items(records.applications),
            interviews: items(records.interviews),
            materials: items(records.materials),
        })
    }

    pub(super) fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
        let candidate = self.candidate.value.id;
        let scope = scope_of(candidate);
        put(tx, CANDIDATES, scope, candidate.to_bytes(), &self.candidate)?;
        for item in &self.applications {
            put(tx, APPLICATIONS, scope, item.value.id.to_bytes(), item)?;
            if item.read.is_none() {
                tx.put(OWNERS, Scope::Archive, item.value.id.to_bytes(), &candidate)?;
            }
        }
        for item in &self.interviews {
            put(tx, INTERVIEWS, scope, item.value.id.to_bytes(), item)?;
        }
        for item in &self.materials {
            put(tx, MATERIALS, scope, item.value.id.to_bytes(), item)?;
        }
        Ok(())
    }
}

/// Writes a changed item, if nobody wrote it since it was read.
fn put<T: serde::Serialize>(
    tx: &mut Tx<'_>,
    table: Table<T>,
    scope: Scope,
    id: [u8; 16],
    item: &Item<T>,
) -> Result<()> {
    if item.changed {
        if let Some(read) = &item.read {
            debug_assert!(read.revision > Sequence::ZERO);
            tx.expect_unchanged(read);
        }
        tx.put(table, scope, id, &item.value)?;
    }
    Ok(())
}
