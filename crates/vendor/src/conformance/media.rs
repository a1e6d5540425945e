//! Checks of media.

use futures::TryStreamExt;

use super::{Check, Subject, ensure, some_finished};
use crate::{MediaLimits, MediaRef, ResumingMedia};

pub(super) async fn offsets(subject: &dyn Subject) -> Check {
    let (media, expected) = some_video(subject).await?;
    let length = expected.len();
    for offset in [0, 1, length / 2, length - 1, length] {
        let opened = subject.adapter().open_media(&media, offset as u64).await;
        let stream = opened.map_err(|error| format!("at {offset}: {error}"))?;
        let total = stream.length;
        ensure(total.is_none_or(|total| total == length as u64), || format!("at {offset}: total {total:?}"))?;
        let chunks: Vec<_> = stream.try_collect().await.map_err(|error| format!("at {offset}: {error}"))?;
        ensure(chunks.concat() == expected[offset..], || format!("at {offset}: other bytes"))?;
    }
    Ok(())
}

pub(super) async fn whole(subject: &dyn Subject) -> Check {
    let (media, expected) = some_video(subject).await?;
    let opened = ResumingMedia::open(subject.adapter(), media, MediaLimits::default()).await;
    let stream = opened.map_err(|error| error.to_string())?.into_stream();
    let chunks: Vec<_> = stream.try_collect().await.map_err(|error| error.to_string())?;
    ensure(chunks.concat() == expected, || "other bytes".to_owned())
}

async fn some_video(subject: &dyn Subject) -> Result<(MediaRef, bytes::Bytes), String> {
    let id = some_finished(subject)?;
    let fetched = subject.adapter().fetch(&id).await.map_err(|error| error.to_string())?;
    let media = fetched.video.into_ready().ok_or("a finished interview has no video")?;
    Ok((media, subject.video(&id)))
}
