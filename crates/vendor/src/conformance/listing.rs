//! Checks of keys, positions, pages and cursors.

use std::collections::{HashMap, HashSet};

use dossier_domain::text::RemoteId;

use super::{Check, Subject, ensure};
use crate::{Adapter, ErrorKind, Listed, RemoteStatus, SyncPoint};

/// More pages than any simulator has: an adapter that never ends is caught.
const MOST_PAGES: usize = 10_000;

pub(super) async fn keys(subject: &dyn Subject) -> Check {
    subject.adapter().test().await.map_err(|error| format!("the good key: {error}"))?;
    let wrong = subject.with_wrong_key();
    let answers = [
        wrong.test().await.err(),
        wrong.positions().await.err(),
        wrong.changed(&SyncPoint::beginning(), None).await.err(),
    ];
    for answer in answers {
        let kind = answer.map(|error| error.kind());
        ensure(kind == Some(ErrorKind::Auth), || format!("the wrong key: {kind:?}"))?;
    }
    Ok(())
}

pub(super) async fn positions(adapter: &dyn Adapter) -> Check {
    let positions = adapter.positions().await.map_err(|error| error.to_string())?;
    let ids: HashSet<&RemoteId> = positions.iter().map(|position| &position.remote_id).collect();
    ensure(!positions.is_empty() && ids.len() == positions.len(), || format!("{positions:?}"))
}

pub(super) async fn full(subject: &dyn Subject) -> Check {
    let (listed, _) = sweep(&*subject.adapter(), &SyncPoint::beginning()).await?;
    let finished: Vec<&RemoteId> = listed
        .iter()
        .filter(|entry| entry.status == RemoteStatus::Finished)
        .map(|entry| &entry.remote_id)
        .collect();
    let distinct: HashSet<RemoteId> = finished.iter().map(|id| (*id).clone()).collect();
    ensure(distinct.len() == finished.len(), || {
        format!("{} listed, {} distinct", finished.len(), distinct.len())
    })?;
    let there = subject.finished();
    ensure(distinct == there, || format!("{} listed, {} at the vendor", distinct.len(), there.len()))
}

pub(super) async fn incremental(subject: &dyn Subject) -> Check {
    let adapter = subject.adapter();
    let (_, first) = sweep(&*adapter, &SyncPoint::beginning()).await?;
    ensure(first != SyncPoint::beginning(), || "the cursor is still at the beginning".to_owned())?;
    let (_, again) = sweep(&*adapter, &first).await?;
    ensure(again == first, || format!("nothing changed, and the cursor went from {first:?} to {again:?}"))?;
    let added = subject.add_one().await;
    let (listed, _) = sweep(&*adapter, &first).await?;
    ensure(listed.iter().any(|entry| entry.remote_id == added), || "a new interview is not listed".to_owned())
}

pub(super) async fn correction(subject: &dyn Subject) -> Check {
    let adapter = subject.adapter();
    let (before, cursor) = sweep(&*adapter, &SyncPoint::beginning()).await?;
    let marks: HashMap<&RemoteId, &Option<String>> =
        before.iter().map(|entry| (&entry.remote_id, &entry.mark)).collect();
    let corrected = subject.correct_one().await;
    let (after, _) = sweep(&*adapter, &cursor).await?;
    let entry = after.iter().find(|entry| entry.remote_id == corrected);
    let entry = entry.ok_or("the corrected interview is not listed")?;
    let mark_moved = entry.mark.is_none() || marks.get(&corrected) != Some(&&entry.mark);
    ensure(mark_moved, || "the corrected interview has its old mark".to_owned())
}

/// All that is listed since a sync point, and the point to keep afterwards.
pub(super) async fn sweep(
    adapter: &dyn Adapter,
    since: &SyncPoint,
) -> Result<(Vec<Listed>, SyncPoint), String> {
    let (mut listed, mut token) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let page = adapter.changed(since, token.as_ref()).await.map_err(|error| error.to_string())?;
        listed.extend(page.interviews);
        match page.next {
            Some(next) => token = Some(next),
            None => return Ok((listed, page.cursor)),
        }
    }
    Err(format!("more than {MOST_PAGES} pages"))
}
