//! What an arrival changes, as a pure function of the arrival and of what is known already. The same arrival twice,
//! or an older one after a newer part, changes nothing more.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, CandidateId, ConnectionId, Content, Interview, InterviewId, Material, MaterialId,
    MaterialKind, Provenance, ScoreRevision, StoredFile, text::VendorName,
};
use dossier_vendor::{Fetched, MediaRef, Part};

/// Where an arrival belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) candidate: CandidateId,
    pub(crate) application: ApplicationId,
    pub(crate) interview: InterviewId,
}

/// By which connection an arrival came, and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) connection: ConnectionId,
    pub(crate) vendor: &'a VendorName,
    pub(crate) received_at: DateTime<Utc>,
}

/// What is to be written, and what is still to come.
#[derive(Debug)]
pub(crate) struct Merged {
    pub(crate) interview: Interview,
    /// New and replaced materials; unchanged ones are not among them.
    pub(crate) materials: Vec<Material>,
    /// The video, where the vendor has one that is not here.
    pub(crate) video: Option<MediaRef>,
    /// The kinds that the vendor is still working on.
    pub(crate) waiting: Vec<MaterialKind>,
}

/// Merges an arrival into what is known of its interview.
pub(crate) fn merge(
    arrival: Fetched,
    place: Place,
    source: Source<'_>,
    known: Option<&Interview>,
    materials: &[&Material],
    new_ids: &mut dyn Iterator<Item = MaterialId>,
) -> Merged {
    let provenance = Provenance::Vendor {
        connection: source.connection,
        vendor: source.vendor.clone(),
        remote_id: arrival.remote_id.clone(),
        model: arrival.model.clone(),
        payload_sha256: arrival.payload_sha256.clone(),
    };
    let mine = |kind| {
        materials.iter().copied().find(move |m| m.interview == Some(place.interview) && m.kind() == kind)
    };
    let waiting = waiting(&arrival).into_iter().filter(|kind| mine(*kind).is_none()).collect();
    let has_video = mine(MaterialKind::Video).is_some();
    let video = arrival.video.ready().filter(|_| !has_video).cloned();
    let interview = interview(&arrival, place, source, known, &provenance);

    let contents = [
        arrival.resume_report.into_ready().map(Content::ResumeReport),
        arrival.transcript.into_ready().map(Content::Transcript),
        arrival.emotion.into_ready().map(Content::Emotion),
        arrival.skill_assessment.into_ready().map(Content::SkillAssessment),
    ];
    let changed = contents.into_iter().flatten().filter_map(|content| match mine(content.kind()) {
        Some(old) if old.content == content => None,
        old => Some(Material {
            id: old.map(|old| old.id).or_else(|| new_ids.next())?,
            candidate: place.candidate,
            application: place.application,
            interview: Some(place.interview),
            content,
            received_at: source.received_at,
            provenance: provenance.clone(),
            revision: old.map_or(1, |old| old.revision.saturating_add(1)),
        }),
    });
    Merged { materials: changed.collect(), interview, video, waiting }
}

/// Whether two states of an interview differ in nothing but the time at which they were found.
pub(crate) fn same(a: &Interview, b: &Interview) -> bool {
    *a == Interview { synced_at: a.synced_at, ..b.clone() }
}

/// The video of an interview, once it is stored.
pub(crate) fn video(
    interview: &Interview,
    file: StoredFile,
    payload_sha256: String,
    received_at: DateTime<Utc>,
) -> Material {
    Material {
        // An interview has one video: it has the interview's number, so that two syncs at once can't store it twice.
        id: MaterialId::from_bytes(interview.id.to_bytes()),
        candidate: interview.candidate,
        application: interview.application,
        interview: Some(interview.id),
        content: Content::Video(file),
        received_at,
        provenance: Provenance::Vendor {
            connection: interview.connection,
            vendor: interview.vendor.clone(),
            remote_id: interview.remote_id.clone(),
            model: None,
            payload_sha256,
        },
        revision: 1,
    }
}

fn interview(
    arrival: &Fetched,
    place: Place,
    source: Source<'_>,
    before: Option<&Interview>,
    provenance: &Provenance,
) -> Interview {
    let mut scores = before.map(|known| known.scores.clone()).unwrap_or_default();
    let holds = scores.last().map(|revision: &ScoreRevision| revision.score);
    if let Some(score) = arrival.score.filter(|score| holds != Some(*score)) {
        scores.push(ScoreRevision { score, received_at: source.received_at, provenance: provenance.clone() });
    }
    Interview {
        id: place.interview,
        candidate: place.candidate,
        application: place.application,
        connection: source.connection,
        vendor: source.vendor.clone(),
        remote_id: arrival.remote_id.clone(),
        started_at: arrival.started_at.or(before.and_then(|known| known.started_at)),
        ended_at: arrival.ended_at.or(before.and_then(|known| known.ended_at)),
        questions: or_known(&arrival.questions, before.map(|known| &known.questions)),
        scores,
        criteria: or_known(&arrival.criteria, before.map(|known| &known.criteria)),
        // Labelled when it is read, by the thresholds of that moment.
        emotion: before.and_then(|known| known.emotion),
        synced_at: source.received_at,
    }
}

/// What came, or else what is known: a field that is no longer chosen brings nothing, and takes nothing away.
fn or_known<T: Clone>(came: &[T], known: Option<&Vec<T>>) -> Vec<T> {
    match known {
        Some(known) if came.is_empty() => known.clone(),
        _ => came.to_vec(),
    }
}

fn waiting(arrival: &Fetched) -> Vec<MaterialKind> {
    fn is_waiting<T>(part: &Part<T>) -> bool {
        matches!(part, Part::NotYet)
    }
    [
        (MaterialKind::ResumeReport, is_waiting(&arrival.resume_report)),
        (MaterialKind::Video, is_waiting(&arrival.video)),
        (MaterialKind::Transcript, is_waiting(&arrival.transcript)),
        (MaterialKind::Emotion, is_waiting(&arrival.emotion)),
        (MaterialKind::SkillAssessment, is_waiting(&arrival.skill_assessment)),
    ]
    .into_iter()
    .filter_map(|(kind, waits)| waits.then_some(kind))
    .collect()
}
