//! Counts of what the server does, in the text format of Prometheus (version 0.0.4). None of them tells of a person.

use std::{
    fmt::Write as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use dossier_archive::ChannelCount;

use crate::{site::Site, syncs::Syncs};

/// Upper ends of the classes of the time that an answer takes until its headers are there, in seconds.
const CLASSES: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What is counted.
#[derive(Default)]
pub(crate) struct Metrics {
    /// Answers by the first digit of their status.
    answers: [AtomicU64; 5],
    /// Answers by how long they took: the classes, and those beyond.
    times: [AtomicU64; CLASSES.len() + 1],
    microseconds: AtomicU64,
    under_way: AtomicU64,
    pub(crate) webhooks_heard: AtomicU64,
    pub(crate) webhooks_refused: AtomicU64,
}

/// Counts one.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Counts answers and how long they take.
pub(crate) async fn measure(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let metrics = &site.metrics;
    // The paths of what nobody asks for on purpose are not told apart.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let begun = tokio::time::Instant::now();
    count(&metrics.under_way);
    let response = next.run(request).await;
    metrics.under_way.fetch_sub(1, Ordering::Relaxed);
    let took = begun.elapsed();
    metrics.note(response.status(), took);
    tracing::debug!(
        route = route.as_deref().unwrap_or("none"),
        status = response.status().as_u16(),
        ms = took.as_millis() as u64,
        "answered"
    );
    response
}

impl Metrics {
    fn note(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        count(&self.answers[class]);
        let seconds = took.as_secs_f64();
        let class = CLASSES.iter().position(|end| seconds <= *end).unwrap_or(CLASSES.len());
        count(&self.times[class]);
        self.microseconds.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn text(&self, syncs: &Syncs, channels: &[ChannelCount]) -> String {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let mut text = String::new();
        let mut metric = |name: &str, kind: &str, help: &str, lines: &[(String, String)]| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "# HELP dossier_{name} {help}\n# TYPE dossier_{name} {kind}");
            for (labels, value) in lines {
                let _ = writeln!(text, "dossier_{name}{labels} {value}");
            }
        };
        let single = |counter: &AtomicU64| [(String::new(), read(counter).to_string())];
        let answers: Vec<_> = (1..)
            .zip(&self.answers)
            .map(|(digit, counter)| (format!("{{status=\"{digit}xx\"}}"), read(counter).to_string()))
            .collect();
        metric("answers_total", "counter", "Answers by status.", &answers);
        metric("answer_seconds", "histogram", "Seconds until an answer begins.", &self.histogram());
        metric(
            "requests_under_way",
            "gauge",
            "Requests that wait for their answer.",
            &single(&self.under_way),
        );
        metric(
            "webhooks_heard_total",
            "counter",
            "Webhooks whose signature held.",
            &single(&self.webhooks_heard),
        );
        metric(
            "webhooks_refused_total",
            "counter",
            "Webhooks that were refused.",
            &single(&self.webhooks_refused),
        );
        metric("syncs_done_total", "counter", "Syncs that ended well.", &single(&syncs.done));
        metric("syncs_failed_total", "counter", "Syncs that failed.", &single(&syncs.failed));
        let each = |value: fn(&ChannelCount) -> u64| -> Vec<(String, String)> {
            let line = |of: &ChannelCount| {
                (format!("{{channel=\"{}\",kind=\"{}\"}}", of.id, of.kind), value(of).to_string())
            };
            channels.iter().map(line).collect()
        };
        metric(
            "channel_messages_waiting",
            "gauge",
            "Messages that wait for a channel, 512 standing for that many and more.",
            &each(|of| of.waiting),
        );
        metric(
            "channel_fails",
            "gauge",
            "Whether a channel does not get through.",
            &each(|of| of.fails.into()),
        );
        metric(
            "channel_messages_given_up_total",
            "counter",
            "Messages that were given up.",
            &each(|of| of.given_up),
        );
        text
    }

    fn histogram(&self) -> Vec<(String, String)> {
        let mut sum = 0;
        let ends = CLASSES.iter().map(ToString::to_string).chain(["+Inf".to_owned()]);
        let mut lines: Vec<_> = ends
            .zip(&self.times)
            .map(|(end, counter)| {
                sum += counter.load(Ordering::Relaxed);
                (format!("_bucket{{le=\"{end}\"}}"), sum.to_string())
            })
            .collect();
        let seconds = self.microseconds.load(Ordering::Relaxed) as f64 / 1e6;
        lines.push(("_sum".to_owned(), seconds.to_string()));
        lines.push(("_count".to_owned(), sum.to_string()));
        lines
    }
}

/// `GET /metrics`, for this machine alone: a proxy in front decides who else may have it.
pub(crate) async fn show(State(site): State<Arc<Site>>, request: Request) -> Response {
    let is_here =
        request.extensions().get::<crate::serve::Peer>().is_none_or(|peer| peer.0.ip().is_loopback());
    if !is_here || request.headers().contains_key("x-forwarded-for") {
        return crate::failure::Failure::NoPage.into_response();
    }
    // What else there is to tell is told even if these can't be read.
    let channels = site.archive.channel_counts().await.unwrap_or_else(|error| {
        tracing::error!(%error, "could not count what waits for channels");
        Vec::new()
    });
    let text = site.metrics.text(&site.syncs, &channels);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}

/// `GET /health`: whether it makes sense to go on without a restart.
pub(crate) async fn health(State(site): State<Arc<Site>>) -> Response {
    match site.has_stopped.load(Ordering::Relaxed) {
        false => "ok".into_response(),
        true => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the archive stopped: make room or repair the disk, and restart",
        )
            .into_response(),
    }
}

/// `GET /ready`: whether the archive can be read and its log written.
pub(crate) async fn ready(State(site): State<Arc<Site>>) -> Response {
    match site.archive.tend().await {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_what_prometheus_reads() {
        let metrics = Metrics::default();
        metrics.note(StatusCode::OK, Duration::from_millis(7));
        metrics.note(StatusCode::NOT_FOUND, Duration::from_secs(60));
        let id = dossier_domain::ChannelId::from_bytes([1; 16]);
        let kind = dossier_domain::ChannelKind::Webhook;
        let channel = ChannelCount { id, kind, waiting: 7, fails: true, given_up: 2 };
        let text = metrics.text(&Syncs::default(), &[channel]);
        let waiting = format!("dossier_channel_messages_waiting{{channel=\"{id}\",kind=\"webhook\"}} 7");
        assert!(text.contains(&waiting), "{text}");
        for line in [
            "dossier_answers_total{status=\"2xx\"} 1",
            "dossier_answers_total{status=\"4xx\"} 1",
            "dossier_answer_seconds_bucket{le=\"0.005\"} 0",
            "dossier_answer_seconds_bucket{le=\"0.01\"} 1",
            "dossier_answer_seconds_bucket{le=\"+Inf\"} 2",
            "dossier_answer_seconds_count 2",
            "# TYPE dossier_requests_under_way gauge",
            "# TYPE dossier_channel_fails gauge",
            "# TYPE dossier_channel_messages_given_up_total counter",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
