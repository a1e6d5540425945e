//! What happened of which somebody is to hear: written with the change that caused it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use dossier_access::{Actor, Context, Role};
use dossier_domain::{
    Application, ApplicationId, ChannelId, ConnectionId, OccasionId, Outcome, Place, PositionId,
    SavedReportId, Stage, UserId,
};
use dossier_storage::{Scope, Tx};
use serde::{Deserialize, Serialize};

use crate::{Result, records::OCCASIONS};

/// So many moves or arrivals are in one occasion; of more, several are made.
const AT_ONCE: usize = 200;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Occasion {
    pub(crate) at: DateTime<Utc>,
    /// Who did it: they know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
    pub(crate) happened: Happened,
}

/// What happened, by ids alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Happened {
    /// Applications were moved.
    Moved(Vec<Step>),
    /// Materials came.
    Arrived(Vec<Arrived>),
    /// A scorecard was handed in.
    HandedIn { application: ApplicationId, position: PositionId, stage: Stage },
    /// A sync failed, or something of it was set aside.
    SyncTrouble { connection: ConnectionId },
    /// So many interviews of a connection are late.
    Late { connection: ConnectionId, interviews: u64 },
    /// A channel takes nothing any more.
    ChannelTrouble { channel: ChannelId },
    /// A kept report is due, for its owner and these roles.
    ReportDue { report: SavedReportId, owner: UserId, roles: BTreeSet<Role> },
}

impl Happened {
    /// Whether somebody is among those to whom it was given, where it was given to some.
    pub(crate) fn is_for(&self, actor: &Actor) -> bool {
        match (self, actor.user()) {
            (Self::ReportDue { owner, roles, .. }, Some(user)) => {
                user.id == *owner || user.roles.iter().any(|role| roles.contains(&role))
            }
            (Self::ReportDue { .. }, None) => false,
            _ => true,
        }
    }
}

/// A move of an application, without its reason, which is free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) application: ApplicationId,
    pub(crate) position: PositionId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Stage>,
    pub(crate) to: Place,
    pub(crate) outcome: Outcome,
    pub(crate) at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<UserId>,
}

impl Step {
    /// The last move of an application.
    pub(crate) fn last_of(application: &Application) -> Option<Self> {
        let last = application.moves.last()?;
        Some(Self {
            application: application.id,
            position: application.position,
            from: last.from,
            to: last.place(),
            outcome: last.outcome,
            at: last.at,
            by: last.by,
        })
    }
}

/// Materials that came to an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub(crate) application: ApplicationId,
    pub(crate) position: PositionId,
    pub(crate) stage: Stage,
    /// Whether a rule suggests to move it on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) suggested: bool,
}

/// Writes down, with the change that `tx` is, that it happened.
pub(crate) fn note(tx: &mut Tx<'_>, ctx: &Context, happened: Happened) -> Result<()> {
    let parts: Vec<Happened> = match happened {
        Happened::Moved(all) => all.chunks(AT_ONCE).map(|some| Happened::Moved(some.to_vec())).collect(),
        Happened::Arrived(all) => all.chunks(AT_ONCE).map(|some| Happened::Arrived(some.to_vec())).collect(),
        one => vec![one],
    };
    let by = ctx.actor().user().map(|user| user.id);
    for happened in parts {
        let id: OccasionId = ctx.new_id()?;
        tx.insert(OCCASIONS, Scope::Archive, id.to_bytes(), &Occasion { at: ctx.now(), by, happened })?;
    }
    Ok(())
}
