//! A sync that is begun and followed to its end, by the server's events.

use serde::Deserialize;

use crate::{
    Client, Error, Result,
    connections::{OnSync, SyncProgress, SyncReport},
    error::Problem,
    events::Events,
};

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
                events.insert(Events::of(answer))
            }
        };
        let data = self.next_event(open).await?;
        serde_json::from_slice(&data).map_err(|error| self.strange(&error.to_string()))
    }
}
