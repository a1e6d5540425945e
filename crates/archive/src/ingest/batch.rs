//! One batch of arrivals: reads what is known of all of them at once, merges them one after the other, and writes
//! everything in one commit.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use dossier_access::Context;
use dossier_domain::{
    Application, Candidate, CandidateId, Identity, Material, MaterialKind, Outcome, Position, PositionId,
    Stage, StageMove, SyncField,
    candidate::IdentityKey,
    text::{PositionName, RemoteId},
};
use dossier_storage::{Error as StorageError, Key, Scope, Stored, Table};

use super::{
    Arrival, Ingested, WantedVideo,
    merge::{self, Merged, Place, Source, merge},
    read::identity_keys,
    select,
    working::{Item, Working},
};
use crate::{
    Archive, Connection, Error, Quarantined, Result,
    connection::{Pending, QuarantinedPart},
    notices::occasion::{Arrived, Happened, note},
    permit::Permit,
    positions,
    records::{BY_REMOTE_ID, Known, PENDING, POSITIONS, QUARANTINE, postponed_key, remote_key, stamp},
};

/// The position of applications whose position was not chosen for syncing.
const UNNAMED_POSITION: &str = "未指定岗位";

pub(super) struct Batch<'a> {
    pub(super) ctx: &'a Context,
    /// As it was read for this batch; the batch stands only if it is still so.
    pub(super) connection: Stored<Connection>,
    pub(super) known: HashMap<Vec<u8>, Known>,
    /// The look-ups of what is known, as they were read.
    pub(super) as_read: HashMap<Vec<u8>, Stored<Bytes>>,
    /// Who is recognised by which key; those of this batch included.
    pub(super) people: HashMap<IdentityKey, CandidateId>,
    pub(super) claims: Vec<(IdentityKey, CandidateId)>,
    pub(super) positions: BTreeMap<PositionId, Position>,
    pub(super) new_positions: Vec<PositionId>,
    /// Positions of which not even the name can be read.
    pub(super) damaged_positions: Vec<Key>,
    pub(super) dossiers: HashMap<CandidateId, Working>,
    /// What is to be pointed to.
    pub(super) remotes: Vec<(Vec<u8>, Known)>,
    pub(super) pending: Vec<(Vec<u8>, Option<Pending>)>,
    /// Of what is known, where something is noted as still to come.
    pub(super) waiting: HashSet<Vec<u8>>,
    pub(super) quarantined: HashMap<Vec<u8>, Quarantined>,
    pub(super) postponed: HashSet<Vec<u8>>,
    /// What was quarantined or postponed of these arrivals: it is here now.
    pub(super) mended: Vec<(Table<()>, Vec<u8>)>,
    pub(super) touched: Vec<(dossier_domain::ApplicationId, dossier_domain::InterviewId)>,
    pub(super) report: Ingested,
}

impl<'a> Batch<'a> {
    /// Merges one arrival.
    pub(super) fn take(&mut self, arrival: Arrival) -> Result<()> {
        let (id, fields) = (self.connection.value.id, self.connection.value.fields.clone());
        let remote = remote_key(id, arrival.fetched.remote_id.as_str());
        let known =
            self.known.get(&remote).cloned().filter(|known| self.dossiers.contains_key(&known.candidate));
        let payload = stamp(&arrival.fetched.payload_sha256, &fields);
        let mark = arrival.mark.as_ref().map(|mark| stamp(mark, &fields));
        let is_covered = known.as_ref().is_some_and(|known| known.covers(payload));
        let is_same = known.as_ref().is_some_and(|known| known.is_same_state(payload, mark));
        let keeps_quarantine = self.mend(&remote, arrival.fetched.remote_id.as_str(), is_covered || is_same);
        if is_covered {
            self.report.unchanged += 1;
            let noted = known.map(|known| known.pending_key(id));
            self.pending.extend(noted.filter(|key| self.waiting.contains(key)).map(|key| (key, None)));
            return Ok(());
        }
        let keys = identity_keys(&self.connection.value, &arrival);
        let fetched = select(arrival.fetched, &fields);
        let payload_sha256 = fetched.payload_sha256.clone();
        let remote_id = fetched.remote_id.clone();

        let place = match &known {
            Some(known) => Place {
                candidate: known.candidate,
                application: known.application,
                interview: known.interview,
            },
            None => self.place(&keys, &fetched)?,
        };
        let is_completed = self.recognise(&keys, place.candidate, &fetched.candidate.identity);
        let mut merged = self.merge(place, fetched)?;
        if keeps_quarantine {
            merged.video = None;
        }
        let missing = self.missing(&merged);
        let changed = self.store(&place, &merged) || is_completed;
        if let Some(media) = merged.video {
            self.report.videos.push(WantedVideo {
                media,
                candidate: place.candidate,
                interview: place.interview,
                payload_sha256,
            });
        }
        match (&known, changed) {
            (None, _) => self.report.new += 1,
            (Some(_), true) => self.report.updated += 1,
            (Some(_), false) => self.report.unchanged += 1,
        }
        if changed || known.is_none() {
            self.touched.push((place.application, place.interview));
        }
        let now_known = Known {
            candidate: place.candidate,
            application: place.application,
            interview: place.interview,
            payload,
            // Where it was asked for without a listing, the mark of the last one is as good as it was.
            mark: mark.or(known.as_ref().map(|known| known.mark)).unwrap_or_default(),
            missing: missing.clone(),
        };
        self.wait_for(&now_known, remote_id, missing, known.as_ref());
        self.known.insert(remote.clone(), now_known.clone());
        self.remotes.push((remote, now_known));
        Ok(())
    }

    /// Ends the quarantine and the waiting of an arrival; true if its video stays in quarantine, because the vendor's
    /// record is the same as when it failed.
    fn mend(&mut self, remote: &[u8], remote_id: &str, is_same: bool) -> bool {
        let postponed = postponed_key(self.connection.value.id, remote_id);
        if self.postponed.remove(&postponed) {
            self.mended.push((Table::new(PENDING.collection()), postponed));
        }
        let part = self.quarantined.get(remote).map(|quarantined| quarantined.part);
        let keeps = part == Some(QuarantinedPart::Video) && is_same;
        if part.is_some() && !keeps {
            self.quarantined.remove(remote);
            self.mended.push((Table::new(QUARANTINE.collection()), remote.to_vec()));
        }
        keeps
    }

    /// Writes everything in one commit.
    pub(super) async fn write(self, archive: &Archive, permit: &Permit) -> Result<Ingested> {
        let mut tx = archive.store.batch();
        tx.expect_unchanged(&self.connection);
        for id in &self.new_positions {
            let position = &self.positions[id];
            tx.insert(POSITIONS, Scope::Archive, id.to_bytes(), position)?;
            positions::claim(&mut tx, None, position)?;
        }
        for (key, candidate) in &self.claims {
            tx.claim(key.kind, key.value.as_bytes(), &candidate.to_bytes())?;
        }
        for working in self.dossiers.values() {
            working.write(&mut tx)?;
        }
        for (remote, known) in &self.remotes {
            match self.as_read.get(remote) {
                Some(read) => tx.repoint(read, &known.to_bytes()),
                None => tx.claim(BY_REMOTE_ID, remote, &known.to_bytes())?,
            };
        }
        for (table, key) in &self.mended {
            tx.delete(*table, Scope::Archive, key)?;
        }
        for (remote, pending) in &self.pending {
            match pending {
                Some(pending) => tx.put(PENDING, Scope::Archive, remote, pending)?,
                None => tx.delete(PENDING, Scope::Archive, remote)?,
            };
        }
        note(&mut tx, self.ctx, Happened::Arrived(self.arrived(archive)))?;
        let permits = self
            .touched
            .iter()
            .map(|(application, interview)| Ok(permit.part("ingest")?.on(*application).on(*interview)));
        let positions = self.new_positions.iter().map(|id| Ok(permit.part("ingest_position")?.on(*id)));
        let permits = positions.chain(permits).collect::<Result<Vec<_>>>()?;
        if !self.remotes.is_empty() || !self.mended.is_empty() || !self.pending.is_empty() {
            archive.journal.change(permits, tx).await?;
        }
        Ok(self.report)
    }

    /// To what something came, and whether a rule suggests to move it on.
    fn arrived(&self, archive: &Archive) -> Vec<Arrived> {
        let process = &archive.settings().process;
        let one =
            |(application, interview): &(dossier_domain::ApplicationId, dossier_domain::InterviewId)| {
                let working = self
                    .dossiers
                    .values()
                    .find(|of| of.applications.iter().any(|of| of.value.id == *application))?;
                let of = &working.applications.iter().find(|of| of.value.id == *application)?.value;
                let interview = working.interviews.iter().find(|of| of.value.id == *interview);
                let score = interview.and_then(|of| of.value.score()).map(dossier_domain::Score::normalised);
                let pass_mark = self.positions.get(&of.position).and_then(|position| position.pass_mark);
                let suggested = process.suggested(&of.place(), score, pass_mark).is_some();
                Some(Arrived { application: of.id, position: of.position, stage: of.stage(), suggested })
            };
        self.touched.iter().filter_map(one).collect()
    }

    /// The place of an interview that is not known: the candidate's application for the position, or a new one.
    fn place(&mut self, keys: &[IdentityKey], fetched: &dossier_vendor::Fetched) -> Result<Place> {
        let position = self.position(&fetched.position.name)?;
        let is_them = |id: &CandidateId| {
            let known = self.dossiers.get(id).map(|working| &working.candidate.value.identity);
            known.is_some_and(|known| known.agrees_with(&fetched.candidate.identity))
        };
        let recognised = keys.iter().filter_map(|key| self.people.get(key)).copied().find(is_them);
        let candidate = match recognised {
            Some(id) => id,
            None => {
                let id = self.ctx.new_id()?;
                let identity = fetched.candidate.identity.clone();
                let candidate = Candidate { id, identity, created_at: self.ctx.now() };
                self.dossiers.insert(id, Working::new(candidate));
                id
            }
        };
        let entered = fetched.ended_at.or(fetched.started_at).unwrap_or_else(|| self.ctx.now());
        let new_id = self.ctx.new_id()?;
        let working = self.dossiers.get_mut(&candidate).ok_or(Error::Conflict)?;
        let existing = working.applications.iter().find(|of| of.value.position == position);
        let application = match existing {
            Some(existing) => existing.value.id,
            None => {
                // Whoever else opens an application for the same person now meets a changed candidate, and looks again.
                working.candidate.changed = true;
                working.applications.push(Item::new(Application {
                    id: new_id,
                    candidate,
                    position,
                    moves: vec![StageMove {
                        step: None,
                        from: None,
                        to: Stage::AiInterview,
                        at: entered,
                        by: None,
                        outcome: Outcome::Entered,
                        reason: None,
                    }],
                    tags: Vec::new(),
                    created_at: self.ctx.now(),
                }));
                new_id
            }
        };
        Ok(Place { candidate, application, interview: self.ctx.new_id()? })
    }

    /// The position of this name, set up where it is not there yet.
    fn position(&mut self, name: &PositionName) -> Result<PositionId> {
        let unnamed = PositionName::parse(UNNAMED_POSITION);
        let name = match self.connection.value.fields.has(SyncField::Position) {
            true => name.clone(),
            false => unnamed.map_err(|error| Error::invalid(error.to_string(), error.to_string()))?,
        };
        if let Some(position) = self.positions.values().find(|position| position.is_called(&name)) {
            return Ok(position.id);
        }
        // It may be one of those that can't be read, and a name has one position.
        if let Some(key) = self.damaged_positions.first() {
            return Err(StorageError::damaged(
                key,
                "this position can't be opened; restore it from a backup",
            )
            .into());
        }
        let id = self.ctx.new_id()?;
        self.positions.insert(id, Position::new(id, name, self.ctx.now()));
        self.new_positions.push(id);
        Ok(id)
    }

    /// Completes a candidate's identity, and remembers by what the person is recognised. A key that names somebody else
    /// already stays theirs; that both may be the same person is for HR to say. True if the identity is another one now.
    fn recognise(&mut self, keys: &[IdentityKey], candidate: CandidateId, identity: &Identity) -> bool {
        for key in keys {
            if !self.people.contains_key(key) {
                self.people.insert(key.clone(), candidate);
                self.claims.push((key.clone(), candidate));
            }
        }
        if let Some(working) = self.dossiers.get_mut(&candidate) {
            let mut completed = working.candidate.value.clone();
            completed.identity.complete_from(identity);
            if completed != working.candidate.value {
                working.candidate.set(completed);
                return true;
            }
        }
        false
    }

    fn merge(&mut self, place: Place, fetched: dossier_vendor::Fetched) -> Result<Merged> {
        let source = Source {
            connection: self.connection.value.id,
            vendor: &self.connection.value.vendor,
            received_at: self.ctx.now(),
        };
        let mut ids = Vec::new();
        for _ in MaterialKind::OF_AN_INTERVIEW {
            ids.push(self.ctx.new_id()?);
        }
        let working = self.dossiers.get(&place.candidate).ok_or(Error::Conflict)?;
        let known = working.interviews.iter().find(|of| of.value.id == place.interview);
        let materials: Vec<&Material> = working.materials.iter().map(|of| &of.value).collect();
        Ok(merge(fetched, place, source, known.map(|of| &of.value), &materials, &mut ids.into_iter()))
    }

    /// Puts what was merged into the dossier; whether anything of it is new.
    fn store(&mut self, place: &Place, merged: &Merged) -> bool {
        let Some(working) = self.dossiers.get_mut(&place.candidate) else { return false };
        let mut changed = !merged.materials.is_empty();
        match working.interviews.iter_mut().find(|of| of.value.id == place.interview) {
            None => working.interviews.push(Item::new(merged.interview.clone())),
            Some(known) if !merge::same(&known.value, &merged.interview) => {
                known.set(merged.interview.clone());
                changed = true;
            }
            Some(_) => {}
        }
        for material in &merged.materials {
            match working.materials.iter_mut().find(|of| of.value.id == material.id) {
                Some(old) => old.set(material.clone()),
                None => working.materials.push(Item::new(material.clone())),
            }
        }
        changed
    }

    fn missing(&self, merged: &Merged) -> Vec<MaterialKind> {
        let video = merged.video.as_ref().map(|_| MaterialKind::Video);
        merged.waiting.iter().copied().chain(video).collect()
    }

    fn wait_for(
        &mut self,
        now: &Known,
        remote_id: RemoteId,
        missing: Vec<MaterialKind>,
        before: Option<&Known>,
    ) {
        let waited: &[MaterialKind] = before.map_or(&[], |known| &known.missing);
        let key = now.pending_key(self.connection.value.id);
        let is_over = missing.is_empty() && self.waiting.contains(&key);
        if missing == waited && !is_over {
            return;
        }
        let pending = (!missing.is_empty()).then(|| Pending {
            connection: self.connection.value.id,
            remote_id,
            kinds: missing,
            since: self.ctx.now(),
            problem: None,
        });
        self.pending.push((key, pending));
    }
}
