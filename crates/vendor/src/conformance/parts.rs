//! Checks of single interviews and their parts.

use dossier_domain::{MaterialKind, text::RemoteId};

use super::{Check, Subject, ensure, listing::sweep, some_finished};
use crate::{Adapter, Error, ErrorKind, Fetched, Part, SyncPoint};

pub(super) async fn unknown(adapter: &dyn Adapter) -> Check {
    // Ids that would lead elsewhere if they were pasted into a path as they are.
    for id in ["no-such-interview", "../interview-flows", "a/b", "?limit=1", "%2e%2e", "."] {
        let id = RemoteId::parse(id).map_err(|error| error.to_string())?;
        let kind = adapter.fetch(&id).await.err().map(|error| error.kind());
        ensure(kind == Some(ErrorKind::NotFound), || format!("{id}: {kind:?}"))?;
    }
    Ok(())
}

pub(super) async fn repeatable(subject: &dyn Subject) -> Check {
    let id = some_finished(subject)?;
    let adapter = subject.adapter();
    let (first, second) = (fetch(&*adapter, &id).await?, fetch(&*adapter, &id).await?);
    ensure(first.remote_id == id, || format!("asked for {id} and got {}", first.remote_id))?;
    let (payload_sha256, payload_bytes) = (second.payload_sha256.clone(), second.payload_bytes);
    let same = Fetched { payload_sha256, payload_bytes, ..first } == second;
    ensure(same, || "two fetches of an unchanged interview differ".to_owned())
}

pub(super) async fn announced(subject: &dyn Subject) -> Check {
    let adapter = subject.adapter();
    let fetched = fetch(&*adapter, &some_finished(subject)?).await?;
    let there = [
        (MaterialKind::ResumeReport, fetched.resume_report.ready().is_some()),
        (MaterialKind::Transcript, fetched.transcript.ready().is_some()),
        (MaterialKind::Emotion, fetched.emotion.ready().is_some()),
        (MaterialKind::SkillAssessment, fetched.skill_assessment.ready().is_some()),
        (MaterialKind::Video, fetched.video.ready().is_some()),
    ];
    let announced = &adapter.capabilities().materials;
    let surprise = there.iter().find(|(kind, is_there)| *is_there && !announced.contains(kind));
    ensure(surprise.is_none(), || format!("{surprise:?} came unannounced"))
}

pub(super) async fn late_video(subject: &dyn Subject) -> Check {
    let adapter = subject.adapter();
    let id = subject.add_without_video().await;
    let early = fetch(&*adapter, &id).await?;
    ensure(early.video == Part::NotYet, || format!("before: {:?}", early.video))?;
    subject.release_video(&id).await;
    let late = fetch(&*adapter, &id).await?;
    ensure(late.video.ready().is_some(), || format!("after: {:?}", late.video))?;
    ensure(late.transcript == early.transcript, || "the transcript changed with the video".to_owned())
}

pub(super) async fn spoiled(subject: &dyn Subject) -> Check {
    let adapter = subject.adapter();
    let (id, pointer) = subject.spoil_one().await;
    match adapter.fetch(&id).await {
        Err(Error::Malformed(spot)) => {
            ensure(spot.pointer == pointer, || format!("points at {} and not at {pointer}", spot.pointer))?;
        }
        other => return Err(format!("fetching the spoiled record: {other:?}")),
    }
    let (listed, _) = sweep(&*adapter, &SyncPoint::beginning()).await?;
    let others = subject.finished().into_iter().filter(|other| *other != id);
    for other in others {
        ensure(listed.iter().any(|entry| entry.remote_id == other), || {
            format!("{other} is no longer listed")
        })?;
    }
    Ok(())
}

async fn fetch(adapter: &dyn Adapter, id: &RemoteId) -> Result<Fetched, String> {
    adapter.fetch(id).await.map_err(|error| error.to_string())
}
