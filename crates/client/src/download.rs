//! A file that is fetched: gone on with at the next byte when the connection breaks, and never joined from two versions.

use bytes::Bytes;
use dossier_vendor::http::channel::{Answer, Fault};
use http::{Method, header};

use crate::{
    Client, Error, Result,
    client::{is_part, number, text},
};

/// A file on its way here.
pub struct Download {
    client: Client,
    /// Where it goes on when the connection breaks; nowhere where the server does not say.
    location: Option<String>,
    tag: Option<String>,
    length: u64,
    received: u64,
    answer: Option<Answer>,
    failures: u32,
}

impl Download {
    /// The file that an answer begins.
    pub(crate) fn of(client: &Client, answer: Answer, location: Option<String>) -> Result<Self> {
        let length = number(&answer, header::CONTENT_LENGTH)
            .ok_or_else(|| client.strange("a file without its length"))?;
        // A weak tag says "much the same", which is not enough to join two halves.
        let tag = text(&answer, header::ETAG).filter(|tag| !tag.starts_with("W/")).map(str::to_owned);
        let location = location.filter(|_| tag.is_some());
        Ok(Self {
            client: client.clone(),
            location,
            tag,
            length,
            received: 0,
            answer: Some(answer),
            failures: 0,
        })
    }

    /// How many bytes it has.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The next bytes; `None` after the last ones.
    ///
    /// # Errors
    /// [`Error::Unreachable`] when it breaks off again and again; [`Error::Changed`]; whatever the server refuses.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        while self.received < self.length {
            let came = match &mut self.answer {
                Some(answer) => answer.next().await,
                None => {
                    self.reopen().await?;
                    continue;
                }
            };
            match came {
                Ok(Some(piece)) => {
                    self.received += piece.len() as u64;
                    self.failures = 0;
                    if self.received > self.length {
                        return Err(self.client.strange("more bytes than announced"));
                    }
                    return Ok(Some(piece));
                }
                Ok(None) => self.broke(self.client.unreachable(Fault::Cut)).await?,
                Err(fault) => self.broke(self.client.unreachable(fault)).await?,
            }
        }
        Ok(None)
    }

    async fn broke(&mut self, error: Error) -> Result<()> {
        self.answer = None;
        match self.location {
            Some(_) => self.client.pause(&mut self.failures, error).await,
            None => Err(error),
        }
    }

    async fn reopen(&mut self) -> Result<()> {
        let request = self.client.request_named(Method::GET, self.location.as_deref().unwrap_or_default())?;
        let request = request.header(header::RANGE, &format!("bytes={}-", self.received));
        let request = request.header(header::IF_RANGE, self.tag.as_deref().unwrap_or_default());
        let answer = match self.client.send(request).await {
            Ok(answer) => answer,
            Err(Error::Older { .. }) => return Err(Error::Changed),
            Err(error) => return self.client.pause(&mut self.failures, error).await,
        };
        let range = format!("bytes {}-{}/{}", self.received, self.length - 1, self.length);
        let continues = is_part(&answer)
            && text(&answer, header::ETAG) == self.tag.as_deref()
            && text(&answer, header::CONTENT_RANGE) == Some(range.as_str());
        if !continues {
            return Err(Error::Changed);
        }
        self.answer = Some(answer);
        Ok(())
    }
}
