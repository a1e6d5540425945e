//! One batch of arrivals: reads what is known of all of them at once, merges them one after the other, and writes
//! everything in one commit.

use std::collections::{BTreeMap, HashMap, HashSet};

use dossier_access::Context;
use dossier_domain::{
    Application, Candidate, CandidateId, Identity, Interview, Material, MaterialKind, Outcome, Position,
    PositionId, Stage, StageMove, SyncField,
    candidate::IdentityKey,
    text::{PositionName, RemoteId},
};
use dossier_storage::{Scope, Sequence, Stored, Table, Tx};

use super::{
    Arrival, Ingested, WantedVideo,
    merge::{self, Merged, Place, Source, merge},
    select,
};
use crate::{
    Archive, Connection, Error, Result,
    connection::Pending,
    permit::Permit,
    records::{
        APPLICATIONS, BY_REMOTE_ID, CANDIDATES, INTERVIEWS, Known, MATERIALS, OWNERS, PENDING, POSITIONS,
        QUARANTINE, Records, Stamp, positions, postponed_key, read_candidate, remote_key, scope_of, stamp,
    },
};

/// The position of applications whose position was not chosen for syncing.
const UNNAMED_POSITION: &str = "未指定岗位";

pub(super) struct Batch<'a> {
    ctx: &'a Context,
    connection: &'a Connection,
    thresholds: dossier_domain::EmotionThresholds,
    known: HashMap<Vec<u8>, Known>,
    /// Who is recognised by which key; those of this batch included.
    people: HashMap<IdentityKey, CandidateId>,
    claims: Vec<(IdentityKey, CandidateId)>,
    positions: BTreeMap<PositionId, Position>,
    new_positions: Vec<PositionId>,
    dossiers: HashMap<CandidateId, Working>,
    /// What is to be pointed to, and whether it is new.
    remotes: Vec<(Vec<u8>, Known, bool)>,
    pending: Vec<(Vec<u8>, Option<Pending>)>,
    /// Of what is known, where something is noted as still to come.
    postponed: HashSet<Vec<u8>>,
    /// What was quarantined or postponed of these arrivals: it is here now.
    mended: Vec<(Table<()>, Vec<u8>)>,
    touched: Vec<(dossier_domain::ApplicationId, dossier_domain::InterviewId)>,
    report: Ingested,
}

/// The records of a candidate as they will be, each with whether it changed; `revision` is what was read.
struct Working {
    candidate: Item<Candidate>,
    applications: Vec<Item<Application>>,
    interviews: Vec<Item<Interview>>,
    materials: Vec<Item<Material>>,
}

struct Item<T> {
    value: T,
    read: Option<Stored<()>>,
    changed: bool,
}

impl<T> Item<T> {
    fn new(value: T) -> Self {
        Self { value, read: None, changed: true }
    }

    fn read(stored: Stored<T>) -> Self {
        let Stored { key, value, revision } = stored;
        Self { value, read: Some(Stored { key, value: (), revision }), changed: false }
    }

    fn set(&mut self, value: T) {
        self.value = value;
        self.changed = true;
    }
}

impl<'a> Batch<'a> {
    /// Reads what is known of the arrivals: three reads for the batch, and one for each dossier that is there already.
    pub(super) async fn read(
        archive: &Archive,
        ctx: &'a Context,
        connection: &'a Connection,
        arrivals: &[Arrival],
    ) -> Result<Self> {
        let remotes: Vec<_> =
            arrivals.iter().map(|of| remote_key(connection.id, of.fetched.remote_id.as_str())).collect();
        let found =
            archive.store.lookup_many(remotes.iter().map(|key| (BY_REMOTE_ID, key.as_slice()))).await?;
        let known: HashMap<_, _> = remotes
            .into_iter()
            .zip(found)
            .filter_map(|(key, bytes)| Some((key, Known::from_bytes(&bytes?)?)))
            .collect();

        let keys: Vec<IdentityKey> = arrivals.iter().flat_map(|of| identity_keys(connection, of)).collect();
        let found =
            archive.store.lookup_many(keys.iter().map(|key| (key.kind, key.value.as_bytes()))).await?;
        let people: HashMap<_, _> = keys
            .into_iter()
            .zip(found)
            .filter_map(|(key, id)| Some((key, CandidateId::from_bytes(id?.as_ref().try_into().ok()?))))
            .collect();

        let mended = set_aside(archive, connection, arrivals).await?;
        let noted: Vec<_> = known.values().map(|known| known.pending_key(connection.id)).collect();
        let there = archive.store.get_many(PENDING, noted.iter().map(|key| (Scope::Archive, key))).await?;
        let postponed = noted.into_iter().zip(there).filter(|(_, there)| there.is_some());
        let postponed = postponed.map(|(key, _)| key).collect();
        let mut dossiers = HashMap::new();
        let there = known.values().map(|known| known.candidate).chain(people.values().copied());
        for candidate in there.collect::<std::collections::BTreeSet<_>>() {
            if let Some(working) = Working::from_records(read_candidate(&archive.store, candidate).await?) {
                dossiers.insert(candidate, working);
            }
        }
        Ok(Self {
            ctx,
            connection,
            thresholds: archive.settings().emotion,
            known,
            people,
            claims: Vec::new(),
            positions: positions(&archive.store).await?,
            new_positions: Vec::new(),
            dossiers,
            remotes: Vec::new(),
            pending: Vec::new(),
            postponed,
            mended,
            touched: Vec::new(),
            report: Ingested::default(),
        })
    }

    /// Merges one arrival.
    pub(super) fn take(&mut self, arrival: Arrival) -> Result<()> {
        let remote = remote_key(self.connection.id, arrival.fetched.remote_id.as_str());
        let known =
            self.known.get(&remote).cloned().filter(|known| self.dossiers.contains_key(&known.candidate));
        if known.as_ref().is_some_and(|known| {
            known.covers(stamp(&arrival.fetched.payload_sha256, &self.connection.fields))
        }) {
            self.report.unchanged += 1;
            let noted = known.map(|known| known.pending_key(self.connection.id));
            self.pending.extend(noted.filter(|key| self.postponed.contains(key)).map(|key| (key, None)));
            return Ok(());
        }
        let keys = identity_keys(self.connection, &arrival);
        let fetched = select(arrival.fetched, &self.connection.fields);
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
        self.recognise(&keys, place.candidate, &fetched.candidate.identity);
        let merged = self.merge(place, fetched)?;
        let missing = self.missing(&merged);
        let changed = self.store(&place, &merged);
        if let Some(media) = merged.video {
            self.report.videos.push(WantedVideo {
                media,
                candidate: place.candidate,
                interview: place.interview,
                payload_sha256: payload_sha256.clone(),
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
        let is_new = !self.known.contains_key(&remote);
        let now_known = Known {
            candidate: place.candidate,
            application: place.application,
            interview: place.interview,
            payload: stamp(&payload_sha256, &self.connection.fields),
            mark: arrival.mark.map_or(Stamp::default(), |mark| stamp(&mark, &self.connection.fields)),
            missing: missing.clone(),
        };
        self.wait_for(&now_known, remote_id, missing, known.as_ref());
        self.known.insert(remote.clone(), now_known.clone());
        self.remotes.push((remote, now_known, is_new));
        Ok(())
    }

    /// Writes everything in one commit.
    pub(super) async fn write(self, archive: &Archive, permit: &Permit) -> Result<Ingested> {
        let mut tx = archive.store.batch();
        for id in &self.new_positions {
            let position = &self.positions[id];
            tx.insert(POSITIONS, Scope::Archive, id.to_bytes(), position)?;
            tx.claim("position", position.name.as_str().as_bytes(), &id.to_bytes())?;
        }
        for (key, candidate) in &self.claims {
            tx.claim(key.kind, key.value.as_bytes(), &candidate.to_bytes())?;
        }
        for working in self.dossiers.values() {
            working.write(&mut tx)?;
        }
        for (remote, known, is_new) in &self.remotes {
            match is_new {
                true => tx.claim(BY_REMOTE_ID, remote, &known.to_bytes())?,
                false => tx.point(BY_REMOTE_ID, remote, &known.to_bytes())?,
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
        let permits = self
            .touched
            .iter()
            .map(|(application, interview)| Ok(permit.part("ingest")?.on(*application).on(*interview)));
        let permits = permits.collect::<Result<Vec<_>>>()?;
        if !self.remotes.is_empty() || !self.mended.is_empty() || !self.pending.is_empty() {
            archive.journal.change(permits, tx).await?;
        }
        Ok(self.report)
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
                working.applications.push(Item::new(Application {
                    id: new_id,
                    candidate,
                    position,
                    moves: vec![StageMove {
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
        let name = match self.connection.fields.has(SyncField::Position) {
            true => name.clone(),
            false => unnamed.map_err(|error| Error::invalid(error.to_string(), error.to_string()))?,
        };
        if let Some(position) = self.positions.values().find(|position| position.is_called(&name)) {
            return Ok(position.id);
        }
        let id = self.ctx.new_id()?;
        self.positions.insert(id, Position::new(id, name, self.ctx.now()));
        self.new_positions.push(id);
        Ok(id)
    }

    /// Completes a candidate's identity, and remembers by what the person is recognised. A key that names somebody else
    /// already stays theirs; that both may be the same person is for HR to say.
    fn recognise(&mut self, keys: &[IdentityKey], candidate: CandidateId, identity: &Identity) {
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
            }
        }
    }

    fn merge(&mut self, place: Place, fetched: dossier_vendor::Fetched) -> Result<Merged> {
        let source = Source {
            connection: self.connection.id,
            vendor: &self.connection.vendor,
            received_at: self.ctx.now(),
            thresholds: self.thresholds,
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
        let key = now.pending_key(self.connection.id);
        let is_over = missing.is_empty() && self.postponed.contains(&key);
        if missing == waited && !is_over {
            return;
        }
        let pending = (!missing.is_empty()).then(|| Pending {
            connection: self.connection.id,
            remote_id,
            kinds: missing,
            since: self.ctx.now(),
            problem: None,
        });
        self.pending.push((key, pending));
    }
}

impl Working {
    fn new(candidate: Candidate) -> Self {
        Self {
            candidate: Item::new(candidate),
            applications: Vec::new(),
            interviews: Vec::new(),
            materials: Vec::new(),
        }
    }

    fn from_records(records: Records) -> Option<Self> {
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

    fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
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

/// What of these arrivals was quarantined or postponed before.
async fn set_aside(
    archive: &Archive,
    connection: &Connection,
    arrivals: &[Arrival],
) -> Result<Vec<(Table<()>, Vec<u8>)>> {
    let ids = || arrivals.iter().map(|of| of.fetched.remote_id.as_str());
    let quarantined: Vec<_> = ids().map(|id| remote_key(connection.id, id)).collect();
    let postponed: Vec<_> = ids().map(|id| postponed_key(connection.id, id)).collect();
    let in_archive =
        |keys: &[Vec<u8>]| keys.iter().map(|key| (Scope::Archive, key.clone())).collect::<Vec<_>>();
    let found = archive.store.get_many(QUARANTINE, in_archive(&quarantined)).await?;
    let also = archive.store.get_many(PENDING, in_archive(&postponed)).await?;
    let mended = |table, keys: Vec<Vec<u8>>, there: Vec<bool>| {
        let there = keys.into_iter().zip(there).filter(|(_, there)| *there);
        there.map(move |(key, _)| (table, key))
    };
    let quarantine = Table::new(QUARANTINE.collection());
    let pending = Table::new(PENDING.collection());
    let found = found.iter().map(Option::is_some).collect();
    let also = also.iter().map(Option::is_some).collect();
    Ok(mended(quarantine, quarantined, found).chain(mended(pending, postponed, also)).collect())
}

/// Writes a changed item, if nobody wrote it since it was read.
fn put<T: serde::Serialize>(
    tx: &mut Tx<'_>,
    table: dossier_storage::Table<T>,
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

/// The keys by which the person of an arrival is recognised; where there is nothing of the person, or nothing was
/// chosen, the vendor's own number of them.
fn identity_keys(connection: &Connection, arrival: &Arrival) -> Vec<IdentityKey> {
    let candidate = &arrival.fetched.candidate;
    let vendors = candidate
        .remote_id
        .as_ref()
        .map(|id| IdentityKey { kind: "vendor_person", value: format!("{}/{}", connection.id, id) });
    let own = match connection.fields.has(SyncField::CandidateName) {
        true => candidate.identity.keys(),
        false => Vec::new(),
    };
    if own.is_empty() { vendors.into_iter().collect() } else { own }
}
