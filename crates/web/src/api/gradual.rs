//! Work that takes its time, and tells how far it is to whoever reads events.

use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::FromRequestParts,
    http::{header, request::Parts},
    response::{IntoResponse, Response, sse::Event},
};
use dossier_domain::Language;
use futures::stream;
use serde::Serialize;
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior, interval},
};

use crate::{
    events,
    failure::{Problem, Result},
    site::Site,
};

/// How often it is told how far the work is.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// Whether the caller asks for server-sent events: `Accept: text/event-stream`.
pub(super) struct ReadsEvents(bool);

impl FromRequestParts<Arc<Site>> for ReadsEvents {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self, Infallible> {
        let accepted = parts.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        Ok(Self(accepted.flat_map(|value| value.split(',')).any(|of| of.trim() == "text/event-stream")))
    }
}

/// How far the work is.
pub(super) struct Count(watch::Sender<u64>);

impl Count {
    pub(super) fn at(&self, count: u64) {
        self.0.send_replace(count);
    }
}

/// What an event says.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Told<T> {
    /// How much is gone through.
    Progress(u64),
    /// It is done, and this is the answer.
    Done(T),
    /// It failed.
    Problem(Problem),
}

impl<T: Serialize> Told<T> {
    fn event(&self) -> Option<Event> {
        let name = match self {
            Self::Progress(_) => "progress",
            Self::Done(_) => "done",
            Self::Problem(_) => "problem",
        };
        Event::default().event(name).json_data(self).ok()
    }
}

type Work<T> = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

/// The answer once the work is done; to who reads events, how far it is until then. What is done or fails before there is
/// anything to tell is answered as ever.
pub(super) async fn answered<T, F>(
    reads: ReadsEvents,
    language: Language,
    work: impl FnOnce(Count) -> F,
) -> Result<Response>
where
    T: Serialize + Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let (sender, mut count) = watch::channel(0);
    let mut work: Work<T> = Box::pin(work(Count(sender)));
    if !reads.0 {
        return Ok(Json(work.await?).into_response());
    }
    tokio::select! {
        biased;
        done = &mut work => return Ok(Json(done?).into_response()),
        // It is still to be told.
        Ok(()) = count.changed() => count.mark_changed(),
    }
    let mut told = interval(TOLD_EVERY);
    told.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let telling = Telling { work: Some(work), count, told, language };
    let stream = stream::unfold(telling, |mut telling| async move {
        let event = telling.next().await?;
        Some((Ok::<_, Infallible>(event), telling))
    });
    Ok(events::told(stream))
}

struct Telling<T> {
    /// Nothing once its end was told.
    work: Option<Work<T>>,
    count: watch::Receiver<u64>,
    told: Interval,
    language: Language,
}

impl<T: Serialize> Telling<T> {
    async fn next(&mut self) -> Option<Event> {
        let work = self.work.as_mut()?;
        let done = loop {
            tokio::select! {
                biased;
                done = &mut *work => break done,
                _ = self.told.tick() => {
                    if self.count.has_changed().unwrap_or_default() {
                        return Told::<T>::Progress(*self.count.borrow_and_update()).event();
                    }
                }
            }
        };
        self.work = None;
        match done {
            Ok(answer) => Told::Done(answer).event(),
            Err(failure) => Told::<T>::Problem(Problem::new(&failure, self.language)).event(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use tokio::time::sleep;

    use super::*;
    use crate::failure::Failure;

    /// What is answered to who reads events: the media type and the body.
    async fn told<F: Future<Output = Result<Value>> + Send + 'static>(
        work: impl FnOnce(Count) -> F,
    ) -> Result<(String, String)> {
        let response = answered(ReadsEvents(true), Language::English, work).await?;
        let media_type = response.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Ok((media_type, String::from_utf8(body.to_vec()).unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn who_reads_events_hears_how_far_it_is_and_then_the_answer() {
        let (media_type, body) = told(|count| async move {
            for done in 1..=100 {
                count.at(done);
                sleep(Duration::from_millis(10)).await;
            }
            Ok(json!({ "entries": 100 }))
        })
        .await
        .unwrap();
        assert_eq!(media_type, "text/event-stream");
        let data: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
        assert!((4..=6).contains(&data.len()), "{body}");
        assert_eq!(data[0], r#"{"progress":1}"#);
        assert_eq!(data.last(), Some(&r#"{"done":{"entries":100}}"#));
    }

    #[tokio::test(start_paused = true)]
    async fn what_fails_on_the_way_is_told_as_a_problem_and_what_fails_at_once_as_ever() {
        let fails = || Err(Failure::Forged);
        let (_, body) = told(|count| async move {
            count.at(1);
            sleep(Duration::from_secs(1)).await;
            fails()
        })
        .await
        .unwrap();
        assert!(body.contains(r#"event: problem"#) && body.contains(r#""status":403"#), "{body}");
        assert!(told(|_| async move { fails() }).await.is_err());
    }
}
