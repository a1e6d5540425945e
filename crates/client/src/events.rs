//! Server-sent events, and answers that come after them.

use dossier_vendor::http::channel::{Answer, Fault};
use http::header;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    Client, Error, Result,
    client::{Request, has_type},
    error::Problem,
};

/// The longest event that is read, in bytes.
const LONGEST_EVENT: usize = 1 << 20;

/// Told how much is gone through.
pub type OnCount<'a> = &'a (dyn Fn(u64) + Send + Sync);

/// Server-sent events as they come.
pub(crate) struct Events {
    answer: Answer,
    came: Vec<u8>,
}

impl Events {
    pub(crate) fn of(answer: Answer) -> Self {
        Self { answer, came: Vec::new() }
    }
}

/// What an event of work that takes its time says.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told<T> {
    Progress(u64),
    Done(T),
    Problem(Problem),
}

impl Client {
    /// What a request brings that takes its time, with how far it is until then.
    pub(crate) async fn read_gradually<T: DeserializeOwned>(
        &self,
        request: Request,
        told: OnCount<'_>,
    ) -> Result<T> {
        let request = self.patiently(request.header(header::ACCEPT, "text/event-stream, application/json"));
        let answer = self.send(request).await?;
        if !has_type(&answer.headers, "text/event-stream") {
            return self.document(answer).await;
        }
        let mut events = Events::of(answer);
        loop {
            let data = self.next_event(&mut events).await?;
            match serde_json::from_slice(&data).map_err(|error| self.strange(&error.to_string()))? {
                Told::Progress(count) => told(count),
                Told::Done(answer) => return Ok(answer),
                Told::Problem(problem) => return Err(Error::Refused(problem)),
            }
        }
    }

    /// The data of the next event.
    pub(crate) async fn next_event(&self, events: &mut Events) -> Result<Vec<u8>> {
        loop {
            if let Some(data) = event(&mut events.came) {
                return Ok(data);
            }
            if events.came.len() > LONGEST_EVENT {
                return Err(self.strange("an event without an end"));
            }
            let piece = events.answer.next().await.map_err(|fault| self.unreachable(fault))?;
            events.came.extend(piece.ok_or_else(|| self.unreachable(Fault::Cut))?);
        }
    }
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
