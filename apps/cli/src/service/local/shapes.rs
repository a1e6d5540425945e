//! What the archive answers, in the shapes of the API.

mod judging;
mod notices;
mod policy;
mod process;

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use dossier_access::log::{Finding, Verified};
use dossier_archive::{
    ApplicationView, ConnectionState, FetchRequest, Passing, ProposalView, QuarantinedPart, ReportRequest,
    ReportWords, RowFate, SearchAnswer, SearchRequest, State,
};
use dossier_client::{
    applications::{Chip, Counts, Found, Hit, ScoreBand, Search, Shown, Snippet, Sort},
    connections::{Connection, Failing, Pending, Quarantined, Sentence, Standing, SyncProgress, SyncReport},
    doctor::{Check, Health},
    log::Verdict,
    materials::Fetch,
    people::Token,
    proposals::{Proposal, Reach},
    releases::{Release, ReleaseState},
    reports,
    saved::{SavedReport, SavedSearch},
    tables::{Imported, ImportedRow},
    themes::{SuggestedWord, Suggestion},
};
use dossier_domain::{Fate, Language, Score};
use dossier_search::{Cursor, Facet};

use crate::{
    error::{Error, Result},
    text::say,
};

pub(super) fn sort(sort: Sort) -> dossier_search::Sort {
    match sort {
        Sort::Relevance => dossier_search::Sort::Relevance,
        Sort::Newest => dossier_search::Sort::Newest,
        Sort::Oldest => dossier_search::Sort::Oldest,
        Sort::HighestScore => dossier_search::Sort::HighestScore,
        Sort::LowestScore => dossier_search::Sort::LowestScore,
        Sort::Name => dossier_search::Sort::Name,
    }
}

pub(super) fn report(asked: reports::Ask, language: Language) -> Result<ReportRequest> {
    Ok(words(asked).request(language)?)
}

pub(super) fn words(asked: reports::Ask) -> ReportWords {
    let reports::Ask { measure, query, by, period, against, position, weights, pass_mark } = asked;
    ReportWords { measure, query, by, period, against, position, weights, pass_mark }
}

pub(super) fn saved_report(of: dossier_archive::SavedReport) -> SavedReport {
    let dossier_archive::SavedReport { id, name, words, shared_with, owner, is_own, saved_at, reminds } = of;
    let reminds = reminds.map(|rhythm| rhythm.name().to_owned());
    let ReportWords { measure, query, by, period, against, position, weights, pass_mark } = words;
    let question = reports::Ask { measure, query, by, period, against, position, weights, pass_mark };
    SavedReport { id, name, question, shared_with, owner, is_own, saved_at, reminds }
}

pub(super) fn proposal(of: ProposalView) -> Proposal {
    let ProposalView { proposal, position, by, decided_by, is_current, former, revised } = of;
    let reach = |of: dossier_domain::Reach, passing: &Passing| Reach {
        passed: of.passed,
        known: of.known,
        known_passed: of.known_passed,
        found_by: passing.found_by.to_string(),
    };
    let (state, decision) = match proposal.fate {
        Fate::Open => ("open", None),
        Fate::Applied(decision) => ("applied", Some(decision)),
        Fate::Rejected(decision) => ("rejected", Some(decision)),
    };
    Proposal {
        id: proposal.id,
        position,
        from: proposal.from,
        to: proposal.to,
        query: proposal.query,
        former: reach(proposal.former, &former),
        revised: reach(proposal.revised, &revised),
        reason: proposal.reason,
        by,
        at: proposal.at,
        state: state.to_owned(),
        decided_by,
        decided_at: decision.as_ref().map(|decision| decision.at),
        decided_because: decision.and_then(|decision| decision.reason),
        is_current,
    }
}

fn shown_sort(sort: dossier_search::Sort) -> Sort {
    use dossier_search::Sort::{HighestScore, LowestScore, Name, Newest, Oldest, Relevance};
    match sort {
        Relevance => Sort::Relevance,
        Newest => Sort::Newest,
        Oldest => Sort::Oldest,
        HighestScore => Sort::HighestScore,
        LowestScore => Sort::LowestScore,
        Name => Sort::Name,
    }
}

pub(super) use judging::*;
pub(super) use notices::*;
pub(super) use policy::*;
pub(super) use process::*;

pub(super) fn saved(of: dossier_archive::SavedSearch) -> SavedSearch {
    let dossier_archive::SavedSearch { id, name, query, sort, saved_at } = of;
    SavedSearch { id, name, query, sort: sort.map(shown_sort), saved_at }
}

pub(super) fn suggestion(of: dossier_archive::lexicon::SuggestedWords) -> Suggestion {
    let word = |(word, answers)| SuggestedWord { word, answers };
    let dossier_archive::lexicon::SuggestedWords { question, answers, words } = of;
    Suggestion { question, answers, words: words.into_iter().map(word).collect() }
}

pub(super) fn search(asked: Search) -> Result<SearchRequest> {
    let facets = [Facet::Position, Facet::Stage, Facet::Month, Facet::ScoreBand, Facet::Emotion, Facet::Tag];
    let no_cursor = |_| Error::invalid("游标不对", "the cursor is none");
    Ok(SearchRequest {
        query: asked.query,
        sort: asked.sort.map(sort),
        limit: asked.limit.and_then(|limit| usize::try_from(limit).ok()),
        after: asked.after.as_deref().map(str::parse::<Cursor>).transpose().map_err(no_cursor)?,
        facets: if asked.facets { facets.to_vec() } else { Vec::new() },
    })
}

pub(super) fn found(answer: SearchAnswer, language: Language) -> Found {
    let chip = |of: dossier_search::Chip| Chip { label: of.label, span: of.span, without: of.without };
    Found {
        query: answer.query.text(language),
        chips: answer.chips(language).into_iter().map(chip).collect(),
        total: answer.hits.total,
        next: answer.hits.next.as_ref().map(Cursor::to_string),
        hits: answer.hits.hits.into_iter().map(hit).collect(),
        facets: answer.hits.facets.into_iter().map(counts).collect(),
    }
}

fn hit(of: dossier_search::Hit) -> Hit {
    let snippet = |of: dossier_search::Snippet| Snippet {
        text: of.text,
        marks: of.marks,
        source: of.source,
        starts: of.starts,
    };
    Hit {
        application: of.application,
        candidate: of.candidate,
        name: of.name,
        position: of.position,
        position_name: of.position_name,
        stage: of.stage,
        stage_since: of.stage_since,
        created_at: of.created_at,
        interviewed_at: of.interviewed_at,
        score: of.score,
        weighted: of.weighted,
        emotion: of.emotion,
        tags: of.tags,
        folder: of.folder,
        vendor: of.vendor,
        kinds: of.kinds,
        snippets: of.snippets.into_iter().map(snippet).collect(),
    }
}

fn counts(of: dossier_search::Counts) -> Counts {
    use dossier_search::Counts as Of;
    let band = |(band, count): (dossier_search::ScoreBand, u64)| {
        (ScoreBand { from: band.from, below: band.below }, count)
    };
    match of {
        Of::Position(of) => Counts::Position(of),
        Of::Stage(of) => Counts::Stage(of),
        Of::Month(of) => Counts::Month(of),
        Of::ScoreBand(of) => Counts::ScoreBand(of.into_iter().map(band).collect()),
        Of::Emotion(of) => Counts::Emotion(of),
        Of::Tag(of) => Counts::Tag(of),
        Of::Folder(of) => Counts::Folder(of),
    }
}

pub(super) fn shown(view: ApplicationView) -> Shown {
    Shown {
        application: view.application,
        candidate: view.candidate,
        identity: view.identity,
        position: view.position,
        folder: view.folder,
        tags: view.tags,
        score: view.score.map(Score::normalised),
        weighted: view.weighted,
        emotion: view.emotion,
        interviews: view.interviews,
        materials: view.materials,
        missing: view.missing,
        damaged: view.damaged,
    }
}

pub(super) fn imported(of: dossier_archive::Imported, trial: bool, language: Language) -> Imported {
    let row = |of: dossier_archive::ImportedRow| {
        let fate = of.fate.name().to_owned();
        let (changes, problem) = match of.fate {
            RowFate::Changed(heads) => (heads.iter().map(|head| head.name.to_owned()).collect(), None),
            RowFate::Refused(error) => (Vec::new(), Some(error.message(language))),
            RowFate::New | RowFate::Unchanged => (Vec::new(), None),
        };
        ImportedRow { number: of.number, name: of.name, fate, changes, problem }
    };
    Imported { trial, rows: of.rows.into_iter().map(row).collect(), ignored: of.ignored }
}

pub(super) fn token(of: dossier_archive::TokenView) -> Token {
    Token {
        id: of.id,
        name: of.name,
        scopes: of.scopes,
        created_at: of.created_at,
        expires_at: of.expires_at,
        used_at: of.used_at,
        used_from: of.used_from.map(|from| from.to_string()),
    }
}

pub(super) fn connection(of: dossier_archive::Connection) -> Connection {
    Connection {
        id: of.id,
        name: of.name,
        vendor: of.vendor,
        settings: of.settings,
        fields: of.fields,
        requests_per_second: of.requests_per_second,
        cursor: of.cursor.as_str().into(),
        created_at: of.created_at,
        synced_at: of.synced_at,
        suspended_at: of.suspended_at,
        polling: of.polling.name().to_owned(),
    }
}

pub(super) fn standing(of: ConnectionState) -> Standing {
    Standing {
        connection: connection(of.connection),
        pending: of.pending.into_iter().map(pending).collect(),
        quarantined: of.quarantined.into_iter().map(quarantined).collect(),
        failing: of.failing.map(|of| Failing { since: of.since, at: of.at, problem: sentence(of.problem) }),
        hears_webhooks: of.hears_webhooks,
    }
}

fn sentence(of: dossier_archive::Problem) -> Sentence {
    Sentence { zh: of.zh, en: of.en }
}

fn pending(of: dossier_archive::Pending) -> Pending {
    Pending {
        connection: of.connection,
        remote_id: of.remote_id,
        kinds: of.kinds,
        since: of.since,
        problem: of.problem.map(sentence),
    }
}

fn quarantined(of: dossier_archive::Quarantined) -> Quarantined {
    let part = match of.part {
        QuarantinedPart::Interview => "interview",
        QuarantinedPart::ListingEntry => "listing_entry",
        QuarantinedPart::Video => "video",
    };
    Quarantined {
        connection: of.connection,
        remote_id: of.remote_id,
        part: part.to_owned(),
        pointer: of.pointer,
        problem: sentence(of.problem),
        first_seen: of.first_seen,
        last_seen: of.last_seen,
        attempts: of.attempts,
    }
}

/// How far a sync is with a step more.
pub(super) fn sync_progress(
    so_far: &Mutex<SyncProgress>,
    step: dossier_archive::SyncProgress,
) -> SyncProgress {
    use dossier_archive::SyncProgress as Step;
    let mut progress = so_far.lock().unwrap_or_else(PoisonError::into_inner);
    match step {
        Step::Listed(count) => progress.listed = count,
        Step::Ingested(count) => progress.ingested = count,
        Step::VideosWanted(count) => progress.videos_wanted = count,
        Step::Videos(count, bytes) => (progress.videos, progress.bytes) = (count, bytes),
    }
    *progress
}

pub(super) fn sync_report(of: &dossier_archive::SyncReport) -> SyncReport {
    SyncReport {
        listed: of.listed,
        new: of.new,
        updated: of.updated,
        unchanged: of.unchanged,
        videos: of.videos,
        video_bytes: of.video_bytes,
        pending: of.pending,
        quarantined: of.quarantined,
    }
}

pub(super) fn verdict(verified: Result<Verified, Vec<Finding>>, language: Language) -> Verdict {
    match verified {
        Ok(verified) => Verdict {
            verified: true,
            records: Some(verified.records),
            covered: Some(verified.covered),
            root: Some(verified.root.to_string()),
            key: verified.key.map(|key| key.to_string()),
            findings: Vec::new(),
        },
        Err(findings) => Verdict {
            findings: findings.iter().map(|finding| finding.describe(language)).collect(),
            ..Verdict::default()
        },
    }
}

pub(super) fn check(of: &dossier_archive::Check, language: Language) -> Check {
    let state = match of.state {
        State::Good => Health::Good,
        State::Attention => Health::Attention,
        State::Broken => Health::Broken,
    };
    Check { what: of.title(language).to_owned(), state, found: of.text(language).to_owned() }
}

/// Whether the key file is for its owner's eyes alone; nothing where a passphrase opens the archive.
pub(super) fn key_file(path: &Path, language: Language) -> Option<Check> {
    if !path.exists() {
        return None;
    }
    let place = path.display();
    let (state, found) = match dossier_folder::key_file::is_exposed(path) {
        true => (
            Health::Attention,
            say!(
                language,
                "{place} 其他用户可读；请运行 chmod 600 {place}",
                "{place} can be read by others; run chmod 600 {place}"
            ),
        ),
        false => {
            (Health::Good, say!(language, "{place} 仅本人可读", "{place} can be read by its owner alone"))
        }
    };
    Some(Check { what: language.pick("密钥文件", "key file").to_owned(), state, found })
}

/// A batch download as the archive takes it.
pub(super) fn fetch(asked: Fetch, language: Language) -> FetchRequest {
    FetchRequest {
        query: asked.query,
        sort: asked.sort.map(sort),
        only: Vec::new(),
        limit: asked.limit.and_then(|limit| usize::try_from(limit).ok()),
        contents: asked.contents,
        reason: asked.reason,
        language,
    }
}

/// A request for a release.
pub(super) fn release(of: dossier_archive::Release) -> Release {
    use dossier_archive::ReleaseState::{Refused, Released, Waiting};
    Release {
        id: of.id,
        by: of.by,
        login: of.login,
        asked_at: of.asked_at,
        query: of.query,
        contents: of.contents,
        reason: of.reason,
        applications: of.applications,
        state: match of.state {
            Waiting => ReleaseState::Waiting,
            Released => ReleaseState::Released,
            Refused => ReleaseState::Refused,
        },
        decided_by: of.decided_by,
        ends_at: of.ends_at,
    }
}
