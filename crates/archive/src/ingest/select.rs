//! Field selection: what was not chosen is dropped here, before anything is derived from it or stored.

use dossier_domain::{FieldSelection, Identity, MaterialKind, SyncField};
use dossier_vendor::{Fetched, Part};

/// The arrival without what was not chosen. The position is judged by the caller, since an application needs one.
pub(crate) fn select(mut arrival: Fetched, chosen: &FieldSelection) -> Fetched {
    if !chosen.has(SyncField::CandidateName) {
        arrival.candidate.identity = Identity::default();
    }
    if !chosen.has(SyncField::InterviewTime) {
        arrival.started_at = None;
        arrival.ended_at = None;
    }
    if !chosen.has(SyncField::AiScore) {
        arrival.score = None;
        arrival.criteria.clear();
        arrival.model = None;
    }
    if !chosen.has(SyncField::Transcript) && !chosen.has(SyncField::Video) {
        arrival.questions.clear();
    }
    keep(&mut arrival.resume_report, chosen, MaterialKind::ResumeReport);
    keep(&mut arrival.transcript, chosen, MaterialKind::Transcript);
    keep(&mut arrival.emotion, chosen, MaterialKind::Emotion);
    keep(&mut arrival.skill_assessment, chosen, MaterialKind::SkillAssessment);
    keep(&mut arrival.video, chosen, MaterialKind::Video);
    arrival
}

fn keep<T>(part: &mut Part<T>, chosen: &FieldSelection, kind: MaterialKind) {
    if !chosen.has_kind(kind) {
        *part = Part::Absent;
    }
}
