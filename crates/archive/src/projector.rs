//! The projector: keeps the search index in step with the change feed.
//!
//! The index is a projection that can be thrown away. It keeps the place up to which it follows the feed in its own
//! commits, so a crash between store and index heals by itself; a damaged index is discarded and built anew from the
//! records. Records are read on async tasks, while the index is written on a blocking thread of its own.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::Arc,
};

use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{
    ApplicationId, CandidateId, Content, MaterialKind, Position, PositionId, Stage, Tag, TagOrigin,
    journey::standing, text::Line,
};
use dossier_seal::Key;
use dossier_search::{Entry, EntryTag, ErrorKind as IndexKind, Index, Options, Passage};
use dossier_storage::{Change, ErrorKind as StorageKind, Scan, Scope, Sequence, Store};
use tokio::sync::{Mutex, mpsc};

use crate::{
    ApplicationFile, Error, Result, Settings,
    records::{
        self, APPLICATIONS, POSITIONS, Records, SETTINGS, positions, read_candidate, scan_past_damage,
    },
};

/// So many changes are read from the feed at once.
const CHANGES: usize = 1024;
/// So many commits after the index's position, it takes a newer one even if none of them concerned it, and the feed
/// forgets them.
const TRIM_AFTER: u64 = 512;
/// What analysing texts loaded goes when nobody has needed it for so long, or twice that.
const REST_EVERY: TimeDelta = TimeDelta::minutes(5);
/// So many entries wait for the index at most.
const WAITING: usize = 64;
/// So many entries are committed to the index at once during a rebuild.
const COMMIT_EVERY: u64 = 20_000;

pub(crate) struct Projector {
    path: PathBuf,
    key: Arc<Key>,
    cache: u64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    index: Option<Arc<Index>>,
    /// Up to where the feed was read; further than the index where nothing of it concerned the index.
    seen: Sequence,
    /// For each position the newest commit, as far as the feed was read, that concerned one of its applications.
    concerned: BTreeMap<PositionId, Sequence>,
    /// From where on that is known.
    known_from: Sequence,
    /// When what nobody needs is let go of next.
    rest_at: DateTime<Utc>,
}

/// What a part of the feed means for the index.
#[derive(Default)]
struct Touched {
    candidates: BTreeSet<CandidateId>,
    /// Applications whose record was written or removed.
    applications: BTreeSet<ApplicationId>,
    /// Positions whose record was written; mostly it concerns no entry.
    positions: BTreeSet<PositionId>,
    /// The rules changed, so that every entry may be another.
    rules: bool,
}

/// What goes to the thread that writes the index.
enum Write {
    Add(Box<Entry>),
    Remove(ApplicationId),
    /// Everything was sent: only now may the index take the position.
    Complete,
}

/// Told how many applications are indexed.
pub type Indexed<'a> = &'a (dyn Fn(u64) + Send + Sync);

impl Projector {
    pub(crate) fn new(path: PathBuf, key: Key, cache: u64) -> Self {
        Self { path, key: Arc::new(key), cache, state: Mutex::default() }
    }

    /// The index, after it has taken in everything that was committed before the call.
    pub(crate) async fn current(&self, store: &Store, settings: &Settings) -> Result<Arc<Index>> {
        let mut state = self.state.lock().await;
        let newest = store.records().sequence().await?;
        match self.open(&mut state).await {
            Ok(index) if state.seen >= newest => Ok(index),
            Ok(index) => match self.catch_up(&mut state, &index, store, settings).await {
                Err(error) if wants_rebuild(&error) => self.rebuild_all(&mut state, store, &|_| {}).await,
                Err(error) => Err(error),
                Ok(()) => Ok(index),
            },
            Err(error) if wants_rebuild(&error) => {
                tracing::warn!("the search index is built anew");
                self.rebuild_all(&mut state, store, &|_| {}).await
            }
            Err(error) => Err(error),
        }
    }

    /// The newest commit that may have changed what is found of some positions, or what they are.
    pub(crate) async fn newest_of(
        &self,
        store: &Store,
        settings: &Settings,
        of: &[PositionId],
    ) -> Result<Sequence> {
        drop(self.current(store, settings).await?);
        let state = self.state.lock().await;
        let concerned = of.iter().filter_map(|position| state.concerned.get(position)).max().copied();
        Ok(concerned.unwrap_or(Sequence::ZERO).max(state.known_from))
    }

    /// Throws the index away and builds it from the records.
    pub(crate) async fn rebuild(&self, store: &Store, progress: Indexed<'_>) -> Result<u64> {
        let mut state = self.state.lock().await;
        let index = self.rebuild_all(&mut state, store, progress).await?;
        Ok(index.len())
    }

    /// Another index instead of one that was found to be damaged while it was read, unless that was done already.
    pub(crate) async fn renewed(&self, store: &Store, damaged: Arc<Index>) -> Result<Arc<Index>> {
        let mut state = self.state.lock().await;
        match &state.index {
            Some(index) if !Arc::ptr_eq(index, &damaged) => Ok(Arc::clone(index)),
            _ => {
                tracing::warn!("the search index is damaged and built anew");
                drop(damaged);
                self.rebuild_all(&mut state, store, &|_| {}).await
            }
        }
    }

    /// Keeps the feed short where nobody searches, and where only the log grows, and memory small.
    pub(crate) async fn tend(&self, store: &Store, settings: &Settings, now: DateTime<Utc>) -> Result<()> {
        let newest = store.records().sequence().await?;
        let position = {
            let mut state = self.state.lock().await;
            if now >= state.rest_at {
                dossier_search::rest();
                state.rest_at = now + REST_EVERY;
            }
            state.index.as_ref().map_or(0, |index| index.position())
        };
        match newest.number() - position.min(newest.number()) >= TRIM_AFTER {
            true => self.current(store, settings).await.map(drop),
            false => Ok(()),
        }
    }

    async fn open(&self, state: &mut State) -> Result<Arc<Index>> {
        if let Some(index) = &state.index {
            return Ok(Arc::clone(index));
        }
        let options = Options { cache: self.cache, ..Options::sealed(&self.path, Arc::clone(&self.key)) };
        let index = Arc::new(blocking(move || Index::open(options)).await?);
        state.seen = Sequence::new(index.position());
        state.known_from = state.seen;
        state.index = Some(Arc::clone(&index));
        Ok(index)
    }

    async fn catch_up(
        &self,
        state: &mut State,
        index: &Arc<Index>,
        store: &Store,
        settings: &Settings,
    ) -> Result<()> {
        let mut touched = Touched::default();
        let mut seen = state.seen;
        loop {
            let changes = store.records().changes(seen, CHANGES).await?;
            let Some(last) = changes.last() else { break };
            seen = last.sequence;
            changes.iter().for_each(|change| touched.take(change));
        }
        if touched.rules {
            return Err(Error::Index(dossier_search::Error::Outdated));
        }
        let known = if touched.positions.is_empty() { BTreeMap::new() } else { positions(store).await? };
        for position in touched.positions.iter().filter_map(|id| known.get(id)) {
            let position = position.clone();
            let index = Arc::clone(index);
            touched.candidates.extend(blocking(move || index.out_of_step(&position)).await?);
        }
        let is_far_behind = seen.number() >= index.position() + TRIM_AFTER;
        if !touched.candidates.is_empty() || is_far_behind {
            let (sender, writer) = self.writer(Arc::clone(index), seen);
            let read = send_touched(store, settings, &touched, &sender).await;
            let (read, concerned) = match read {
                Ok(positions) => (Ok(()), positions),
                Err(error) => (Err(error), BTreeSet::new()),
            };
            finish(read, sender, writer).await?;
            state.concerned.extend(concerned.into_iter().map(|position| (position, seen)));
            store.records().trim_changes(Sequence::new(index.position())).await?;
        }
        state.concerned.extend(touched.positions.iter().map(|position| (*position, seen)));
        state.seen = seen;
        Ok(())
    }

    async fn rebuild_all(
        &self,
        state: &mut State,
        store: &Store,
        progress: Indexed<'_>,
    ) -> Result<Arc<Index>> {
        *state = State::default();
        // The rules as they are stored: the caller's may be older than what the index is to follow.
        let stored = store.get(SETTINGS, Scope::Archive, []).await?;
        let settings = &stored.map(|stored| stored.value).unwrap_or_default();
        let path = self.path.clone();
        blocking(move || Index::discard(&path)).await?;
        let index = self.open(state).await?;
        let newest = store.records().sequence().await?;
        let (sender, writer) = self.writer(Arc::clone(&index), newest);
        let read = send_everything(store, settings, &sender, progress).await;
        finish(read, sender, writer).await?;
        store.records().trim_changes(Sequence::new(index.position())).await?;
        state.seen = newest;
        state.known_from = newest;
        Ok(index)
    }

    /// A thread that writes what it is sent and, once it is told that this was all, commits it with the position.
    fn writer(
        &self,
        index: Arc<Index>,
        position: Sequence,
    ) -> (mpsc::Sender<Write>, tokio::task::JoinHandle<dossier_search::Result<()>>) {
        let (sender, mut receiver) = mpsc::channel(WAITING);
        let before = index.position();
        let write = move || {
            let mut bulk = index.bulk()?;
            let mut written = 0;
            while let Some(write) = receiver.blocking_recv() {
                match write {
                    Write::Add(entry) => bulk.add(&entry)?,
                    Write::Remove(application) => bulk.remove(application),
                    Write::Complete => return bulk.commit(position.number()),
                }
                written += 1;
                if written % COMMIT_EVERY == 0 {
                    bulk.commit(before)?;
                }
            }
            // The reader failed or was dropped: what was written since the last commit is forgotten, and done again.
            Ok(())
        };
        (sender, tokio::task::spawn_blocking(write))
    }
}

/// Lets the writer commit if everything was read, and waits for it.
async fn finish(
    read: Result<()>,
    sender: mpsc::Sender<Write>,
    writer: tokio::task::JoinHandle<dossier_search::Result<()>>,
) -> Result<()> {
    if read.is_ok() {
        // A writer that has ended already says below why.
        drop(sender.send(Write::Complete).await);
    }
    drop(sender);
    writer.await.map_err(join_error)??;
    read
}

impl Touched {
    fn take(&mut self, change: &Change) {
        for key in &change.keys {
            match key.scope() {
                Scope::Candidate(candidate) => {
                    self.candidates.insert(CandidateId::from_bytes(candidate));
                    if let (true, Ok(id)) =
                        (key.collection() == APPLICATIONS.collection(), <[u8; 16]>::try_from(key.id()))
                    {
                        self.applications.insert(ApplicationId::from_bytes(id));
                    }
                }
                Scope::Archive => {
                    self.rules |= key.collection() == SETTINGS.collection();
                    if let (true, Ok(id)) =
                        (key.collection() == POSITIONS.collection(), <[u8; 16]>::try_from(key.id()))
                    {
                        self.positions.insert(PositionId::from_bytes(id));
                    }
                }
            }
        }
    }
}

/// Sends the entries of what was touched; gives their positions.
async fn send_touched(
    store: &Store,
    settings: &Settings,
    touched: &Touched,
    sender: &mpsc::Sender<Write>,
) -> Result<BTreeSet<PositionId>> {
    let positions = positions(store).await?;
    let mut gone = touched.applications.clone();
    let mut concerned = BTreeSet::new();
    for candidate in &touched.candidates {
        let records = read_candidate(store, *candidate).await?;
        for entry in entries(records, &positions, settings) {
            gone.remove(&entry.application);
            concerned.insert(entry.position);
            if sender.send(Write::Add(Box::new(entry))).await.is_err() {
                return Ok(concerned); // the writer failed, and says why
            }
        }
    }
    if !gone.is_empty() {
        // Whose they were is not known any more: any position's.
        concerned.extend(positions.keys());
    }
    for application in gone {
        if sender.send(Write::Remove(application)).await.is_err() {
            break;
        }
    }
    Ok(concerned)
}

/// Sends the entries of all dossiers, reading the records page by page in the order of their keys.
async fn send_everything(
    store: &Store,
    settings: &Settings,
    sender: &mpsc::Sender<Write>,
    progress: Indexed<'_>,
) -> Result<()> {
    let positions = positions(store).await?;
    let mut damaged = Vec::new();
    let mut scan = Scan::candidates().limit(4096);
    let mut open: Option<(Scope, Vec<_>)> = None;
    let mut sent = 0;
    loop {
        let page = scan_past_damage(store, scan.clone(), &mut damaged).await?;
        for (key, entry) in page.entries {
            match &mut open {
                Some((scope, entries)) if *scope == key.scope() => entries.push((key, entry)),
                _ => {
                    let next = Some((key.scope(), vec![(key, entry)]));
                    let Some((_, whole)) = std::mem::replace(&mut open, next) else { continue };
                    if !send_one(whole, &positions, settings, sender, &mut sent).await {
                        return Ok(());
                    }
                    progress(sent);
                }
            }
        }
        let Some(last) = page.last else { break };
        scan = scan.after(&last);
    }
    if let Some((_, whole)) = open {
        send_one(whole, &positions, settings, sender, &mut sent).await;
    }
    progress(sent);
    if !damaged.is_empty() {
        tracing::error!(records = damaged.len(), "damaged records were left out of the search index");
    }
    Ok(())
}

/// Sends the entries of one candidate; false when the writer has ended.
async fn send_one(
    records: Vec<(dossier_storage::Key, dossier_storage::Entry)>,
    positions: &BTreeMap<PositionId, Position>,
    settings: &Settings,
    sender: &mpsc::Sender<Write>,
    sent: &mut u64,
) -> bool {
    for entry in entries(Records::from_entries(records, Vec::new()), positions, settings) {
        if sender.send(Write::Add(Box::new(entry))).await.is_err() {
            return false;
        }
        *sent += 1;
    }
    true
}

/// The entries of one candidate's applications.
fn entries(
    records: records::Records,
    positions: &BTreeMap<PositionId, Position>,
    settings: &Settings,
) -> Vec<Entry> {
    let Some(dossier) = records.into_dossier(positions, settings.emotion) else { return Vec::new() };
    dossier.applications.iter().map(|file| entry(&dossier.candidate.identity, file, settings)).collect()
}

fn entry(identity: &dossier_domain::Identity, file: &ApplicationFile, settings: &Settings) -> Entry {
    let stays = file.application.stays();
    let mut entry = Entry {
        application: file.application.id,
        candidate: file.application.candidate,
        name: identity.name.clone(),
        position: file.position.id,
        position_name: file.position.name.clone(),
        branch: file.position.branch.clone(),
        rule: file.position.scoring(),
        stage: file.application.stage(),
        standings: Stage::ALL.map(|stage| standing(&stays, stage)),
        stayed: stays.iter().filter_map(|stay| Some((stay.stage, stay.days()?))).collect(),
        stage_since: file.application.moves.last().map_or(file.application.created_at, |last| last.at),
        created_at: file.application.created_at,
        interviewed_at: file.interviewed_at(),
        score: file.score().map(dossier_domain::Score::normalised),
        emotion: file.emotion(),
        tags: file.tags(&settings.tagging).into_iter().map(entry_tag).collect(),
        folder: file.folder(&settings.filing, settings.zone),
        vendor: file.interview().map(|interview| interview.vendor.clone()),
        model: file.model().cloned(),
        held_after: file.held_after(),
        hired_after: file.hired_after(),
        human: file.human_score(),
        judged_by: file.judged_by(),
        skills: file.skills(),
        resume: Vec::new(),
        transcript: Vec::new(),
        kinds: MaterialKind::ALL.into_iter().filter(|kind| file.material(*kind).is_some()).collect(),
    };
    for kind in MaterialKind::OF_AN_INTERVIEW {
        match file.material(kind).map(|material| &material.content) {
            Some(Content::ResumeReport(report)) => {
                entry.resume.extend(report.matched_keywords.iter().map(ToString::to_string));
                entry.resume.extend(report.reasons.iter().map(ToString::to_string));
            }
            Some(Content::Transcript(transcript)) => {
                let questions = file.questions(kind);
                let answered = transcript.answered(questions);
                let passage = |(said, answers): (&dossier_domain::Utterance, Option<&Line>)| Passage {
                    starts: said.starts,
                    text: said.text.to_string(),
                    answers: answers.map(ToString::to_string),
                };
                entry.transcript.extend(transcript.utterances.iter().zip(answered).map(passage));
            }
            _ => {}
        }
    }
    entry
}

fn entry_tag(tag: Tag) -> EntryTag {
    let reveals = match tag.origin {
        TagOrigin::Rule { reveals } => reveals,
        TagOrigin::Person { .. } => None,
    };
    EntryTag { name: tag.name, reveals }
}

/// Whether the index is to be thrown away and built anew.
pub(crate) fn wants_rebuild(error: &Error) -> bool {
    match error {
        Error::Index(error) => matches!(error.kind(), IndexKind::Rebuild | IndexKind::WrongKey),
        Error::Storage(error) => error.kind() == StorageKind::Trimmed,
        _ => false,
    }
}

/// Runs a call of the index on a thread where it may block.
pub(crate) async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> dossier_search::Result<T> + Send + 'static,
) -> Result<T> {
    Ok(tokio::task::spawn_blocking(call).await.map_err(join_error)??)
}

fn join_error(error: tokio::task::JoinError) -> Error {
    Error::Io { doing: "working on the search index", source: std::io::Error::other(error) }
}
