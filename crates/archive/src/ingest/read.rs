//! What is known of a batch of arrivals, in a few reads.

use std::collections::{BTreeSet, HashMap, HashSet};

use dossier_access::Context;
use dossier_domain::{CandidateId, SyncField, candidate::IdentityKey};
use dossier_storage::{Error as StorageError, KeyState, Scope, Stored};

use super::{Arrival, Ingested, batch::Batch, working::Working};
use crate::{
    Archive, Connection, Error, Quarantined, Result,
    records::{
        BY_REMOTE_ID, Known, PENDING, POSITIONS, QUARANTINE, all_past_damage, postponed_key, read_candidate,
        remote_key,
    },
};

impl<'a> Batch<'a> {
    /// Reads what is known of the arrivals: a few reads for the batch, and one for each dossier that is there already.
    ///
    /// # Errors
    /// Where something that an arrival builds upon is damaged or erased. What can't be read is not taken to be unknown.
    pub(super) async fn read(
        archive: &Archive,
        ctx: &'a Context,
        connection: Stored<Connection>,
        arrivals: &[Arrival],
    ) -> Result<Self> {
        let of = &connection.value;
        let remotes: Vec<_> =
            arrivals.iter().map(|arrival| remote_key(of.id, arrival.fetched.remote_id.as_str())).collect();
        let found = archive.store.find_many(remotes.iter().map(|key| (BY_REMOTE_ID, key.as_slice()))).await?;
        let (mut known, mut as_read) = (HashMap::new(), HashMap::new());
        for (remote, found) in remotes.iter().zip(found) {
            if let Some(found) = found {
                known.insert(remote.clone(), Known::read(&found)?);
                as_read.insert(remote.clone(), found);
            }
        }
        let people = people(archive, of, arrivals).await?;
        let noted: Vec<_> = known.values().map(|known| known.pending_key(of.id)).collect();
        let there = archive.store.get_many(PENDING, noted.iter().map(|key| (Scope::Archive, key))).await?;
        let waiting = noted.into_iter().zip(there).filter(|(_, there)| there.is_some());
        let waiting = waiting.map(|(key, _)| key).collect();
        let quarantined = quarantined(archive, remotes).await?;
        let postponed = postponed(archive, of, arrivals).await?;
        let dossiers = dossiers(archive, &known, &people).await?;
        let (positions, damaged_positions) = all_past_damage(&archive.store, POSITIONS).await?;
        let positions = positions.into_iter().map(|stored| (stored.value.id, stored.value)).collect();
        Ok(Self {
            ctx,
            connection,
            known,
            as_read,
            people,
            claims: Vec::new(),
            positions,
            damaged_positions,
            new_positions: Vec::new(),
            dossiers,
            remotes: Vec::new(),
            pending: Vec::new(),
            waiting,
            quarantined,
            postponed,
            mended: Vec::new(),
            touched: Vec::new(),
            report: Ingested::default(),
        })
    }
}

/// Who is recognised by the keys of the arrivals.
async fn people(
    archive: &Archive,
    connection: &Connection,
    arrivals: &[Arrival],
) -> Result<HashMap<IdentityKey, CandidateId>> {
    let keys: Vec<IdentityKey> = arrivals.iter().flat_map(|of| identity_keys(connection, of)).collect();
    let found = archive.store.find_many(keys.iter().map(|key| (key.kind, key.value.as_bytes()))).await?;
    let mut people = HashMap::new();
    for (key, found) in keys.into_iter().zip(found) {
        if let Some(found) = found {
            let id = found.value.as_ref().try_into();
            let id = id.map_err(|_| StorageError::damaged(&found.key, "it names no candidate"))?;
            people.insert(key, CandidateId::from_bytes(id));
        }
    }
    Ok(people)
}

/// The dossiers to which the arrivals belong. Nothing is added to one of which a part can't be read: what is there
/// already could not be told from what is new.
async fn dossiers(
    archive: &Archive,
    known: &HashMap<Vec<u8>, Known>,
    people: &HashMap<IdentityKey, CandidateId>,
) -> Result<HashMap<CandidateId, Working>> {
    let here: HashSet<CandidateId> = known.values().map(|known| known.candidate).collect();
    let mut dossiers = HashMap::new();
    for candidate in here.iter().chain(people.values()).copied().collect::<BTreeSet<_>>() {
        let records = read_candidate(&archive.store, candidate).await?;
        if let Some(key) = records.damaged.first() {
            return Err(StorageError::damaged(key, "it can't be opened; restore it from a backup").into());
        }
        match Working::from_records(records) {
            Some(working) => drop(dossiers.insert(candidate, working)),
            // Who was erased does not come back with the next sync of the same interview.
            None if here.contains(&candidate) => {
                let candidate = candidate.to_bytes();
                if matches!(archive.candidate_keys.get(candidate).await?, KeyState::Erased) {
                    return Err(Error::Storage(StorageError::Erased { candidate }));
                }
            }
            None => {}
        }
    }
    Ok(dossiers)
}

/// What of these interviews is in quarantine.
async fn quarantined(archive: &Archive, remotes: Vec<Vec<u8>>) -> Result<HashMap<Vec<u8>, Quarantined>> {
    let found = archive.store.get_many(QUARANTINE, remotes.iter().map(|key| (Scope::Archive, key))).await?;
    let there = remotes.into_iter().zip(found);
    Ok(there.filter_map(|(key, found)| Some((key, found?.value))).collect())
}

/// Which of the arrivals could not be fetched before, and were noted to be asked for again.
async fn postponed(
    archive: &Archive,
    connection: &Connection,
    arrivals: &[Arrival],
) -> Result<HashSet<Vec<u8>>> {
    let keys: Vec<_> =
        arrivals.iter().map(|of| postponed_key(connection.id, of.fetched.remote_id.as_str())).collect();
    let found = archive.store.get_many(PENDING, keys.iter().map(|key| (Scope::Archive, key))).await?;
    Ok(keys.into_iter().zip(found).filter(|(_, found)| found.is_some()).map(|(key, _)| key).collect())
}

/// The keys by which the person of an arrival is recognised; where there is nothing of the person, or nothing was
/// chosen, the vendor's own number of them.
pub(super) fn identity_keys(connection: &Connection, arrival: &Arrival) -> Vec<IdentityKey> {
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
