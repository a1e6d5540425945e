//! A sync that is begun and followed to its end, by the server's events.

use dossier_vendor::http::channel::{Answer, Fault};
use serde::Deserialize;

use crate::{
    Client, Error, Result,
    connections::{OnSync, SyncProgress, SyncReport},
    error::Problem,
};

/// The longest event that is read, in bytes.
const LONGEST_EVENT: usize = 1 << 20;

/// How a sync stands.
#[derive(Deserialize)]
struct State {
    /// Which one since the server began.
    number: u64,
    running: bool,
    #[serde(flatten)]
    progress: SyncProgress,
    report: Option<SyncReport>,
    problem: Option<String>,
    problem_type: Option<String>,
}

/// How a sync stands that was asked for.
#[derive(Deserialize)]
struct Begun {
    /// Whether it was begun by this, and not under way already.
    begun: bool,
    #[serde(flatten)]
    state: State,
}

impl Client {
    /// Syncs a connection. Where a sync is under way already, that one is waited for first.
    ///
    /// # Errors
    /// [`Error::Refused`] with what ended the sync early; [`Error::Unreachable`] when its events break off again and again,
    /// while the sync goes on.
    pub async fn sync(&self, connection: &str, is_full: bool, told: OnSync<'_>) -> Result<SyncReport> {
        loop {
            let request = self.post(&["connections", connection, "sync"])?;
            let asked = serde_json::json!({ "full": is_full });
            let Begun { begun, state } = self.read(request.query(&asked)).await?;
            let ended = self.follow(connection, state, told).await?;
            if begun {
                return ended;
            }
        }
    }

    /// Follows a sync to its end; how that came.
    async fn follow(
        &self,
        connection: &str,
        mut state: State,
        told: OnSync<'_>,
    ) -> Result<Result<SyncReport>> {
        let (number, mut failures) = (state.number, 0);
        let mut events = None;
        while state.running && state.number == number {
            told(state.progress);
            match self.next_state(connection, &mut events).await {
                Ok(next) => (state, failures) = (next, 0),
                Err(error) => {
                    events = None;
                    self.pause(&mut failures, error).await?;
                }
            }
        }
        if state.number != number {
            return Err(self.strange("how the sync ended was missed: another one came after it"));
        }
        told(state.progress);
        Ok(match (state.report, state.problem) {
            (Some(report), _) => Ok(report),
            (None, Some(detail)) => {
                let kind = state.problem_type.unwrap_or_default();
                Err(Error::Refused(Problem { kind, ..Problem::of("", detail) }))
            }
            (None, None) => Err(self.strange("a sync that ended without a report")),
        })
    }

    /// What the next event says; the events are asked for where they are not open.
    async fn next_state(&self, connection: &str, events: &mut Option<Events>) -> Result<State> {
        let open = match events {
            Some(open) => open,
            None => {
                let answer = self.send(self.get(&["connections", connection, "sync", "events"])?).await?;
                events.insert(Events { answer, came: Vec::new() })
            }
        };
        loop {
            if let Some(data) = event(&mut open.came) {
                return serde_json::from_slice(&data).map_err(|error| self.strange(&error.to_string()));
            }
            if open.came.len() > LONGEST_EVENT {
                return Err(self.strange("an event without an end"));
            }
            let piece = open.answer.next().await.map_err(|fault| self.unreachable(fault))?;
            open.came.extend(piece.ok_or_else(|| self.unreachable(Fault::Cut))?);
        }
    }
}

/// Server-sent events as they come.
struct Events {
    answer: Answer,
    came: Vec<u8>,
}

/// Takes the data of the first event that has all come. An event is lines up to an empty one; comments have no data.
fn event(came: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        let end = came.windows(2).position(|pair| pair == b"\n\n")?;
        let event: Vec<u8> = came.drain(..end + 2).collect();
        let lines = event.split(|byte| *byte == b'\n');
        let data: Vec<&[u8]> = lines.filter_map(|line| line.strip_prefix(b"data:")).collect();
        if !data.is_empty() {
            return Some(data.join(&b'\n'));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::event;

    #[test]
    fn events_are_whole_however_they_are_cut() {
        let text = b"event: progress\ndata: {\"a\":\ndata: 1}\n\n: still here\n\nevent: progress\ndata: 2\n\ndata: 3";
        for cut in 0..text.len() {
            let (mut came, mut events) = (Vec::new(), Vec::new());
            for half in [&text[..cut], &text[cut..]] {
                came.extend_from_slice(half);
                events.extend(std::iter::from_fn(|| event(&mut came)));
            }
            assert_eq!(events, [b" {\"a\":\n 1}".to_vec(), b" 2".to_vec()], "{cut}");
            assert_eq!(came, b"data: 3");
        }
    }
}
