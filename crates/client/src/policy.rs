//! Who sees which materials at which stages.

use chrono::{DateTime, Utc};
use dossier_access::{Cell, Role, Sight};
use dossier_domain::{MaterialKind, Stage, UserId, text::PersonName};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{Client, Result};

/// Who sees which materials at which stages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// How often it was changed.
    pub revision: u32,
    /// When it was changed last.
    pub changed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub changed_by: Option<UserId>,
    /// Their name.
    pub changed_by_name: Option<PersonName>,
    /// All cells, role by role and stage by stage.
    pub cells: Vec<PolicyCell>,
}

/// A cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyCell {
    /// The role.
    pub role: Role,
    /// The stage in which an application stands.
    pub stage: Stage,
    /// The kind of material.
    pub kind: MaterialKind,
    /// What the role may do.
    pub sight: Sight,
    /// What it is where nobody has decided otherwise.
    pub usual: Sight,
    /// The most that anybody may decide.
    pub limit: Sight,
}

impl PolicyCell {
    /// Where it stands.
    pub fn cell(&self) -> Cell {
        Cell { role: self.role, stage: self.stage, kind: self.kind }
    }
}

impl Client {
    /// The table.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn policy(&self) -> Result<Policy> {
        self.read(self.get(&["policy"])?).await
    }

    /// Decides cells of the table, within the limits. `known` is the revision on which that is based.
    ///
    /// # Errors
    /// As [`Client::policy`].
    pub async fn change_policy(&self, cells: &[(Cell, Sight)], known: u32) -> Result<Policy> {
        let cell = |(Cell { role, stage, kind }, sight): &(Cell, Sight)| json!({ "role": role, "stage": stage, "kind": kind, "sight": sight });
        let cells: Vec<_> = cells.iter().map(cell).collect();
        let request = self.request(Method::PATCH, &["policy"])?;
        self.read(request.json(&json!({ "cells": cells, "revision": known }))).await
    }
}
