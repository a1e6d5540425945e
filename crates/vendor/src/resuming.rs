//! A download that gets on with it: expired links, cut bodies and silent vendors are met by opening again at the next
//! byte; lengths that lie and files that change end it with an error, so that no wrong byte is passed on.

use std::time::Duration;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep, timeout};

use crate::{Adapter, Error, Got, Malformed, MediaRef, MediaStream, Phrase, Result, Trouble};

/// Bytes that count as progress: after so many, earlier failures are forgiven.
const PROGRESS: u64 = 64 * 1024;

/// The bounds of a download.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaLimits {
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// How long the vendor may be silent, and over which span its rate is measured.
    pub stall: Duration,
    /// The slowest rate to put up with, in bytes per second.
    pub slowest: u64,
    /// How many failures in a row end the download.
    pub attempts: u32,
    /// The pause after the first failure; it doubles with each further one.
    pub pause: Duration,
}

impl Default for MediaLimits {
    fn default() -> Self {
        Self {
            max_bytes: 64 * 1024 * 1024 * 1024,
            stall: Duration::from_secs(30),
            slowest: 1024,
            attempts: 6,
            pause: Duration::from_millis(500),
        }
    }
}

/// A media file that is being read to its end, whatever the vendor does meanwhile.
pub struct ResumingMedia<A> {
    adapter: A,
    media: MediaRef,
    limits: MediaLimits,
    current: Option<MediaStream>,
    received: u64,
    length: Option<u64>,
    version: Option<String>,
    media_type: Option<String>,
    failures: u32,
    opened_at: u64,
    span: Span,
    ended: bool,
}

/// The span of time over which the rate is being measured.
struct Span {
    began: Instant,
    bytes: u64,
}

impl<A: Adapter> ResumingMedia<A> {
    /// Opens the media at its beginning.
    pub async fn open(adapter: A, media: MediaRef, limits: MediaLimits) -> Result<Self> {
        let mut opening = Self {
            adapter,
            media,
            limits,
            current: None,
            received: 0,
            length: None,
            version: None,
            media_type: None,
            failures: 0,
            opened_at: 0,
            span: Span { began: Instant::now(), bytes: 0 },
            ended: false,
        };
        while opening.current.is_none() {
            opening.reopen().await?;
        }
        Ok(opening)
    }

    /// The length of the file in bytes, where the vendor announced it.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The media type that the vendor claims.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// How many bytes were passed on so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next bytes; `None` after the last one.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        while !self.ended {
            let Some(stream) = &mut self.current else {
                self.reopen().await?;
                continue;
            };
            match timeout(self.limits.stall, stream.next()).await {
                Ok(Some(Ok(chunk))) => return self.accept(chunk).await.map(Some),
                Ok(Some(Err(error))) => self.interrupted(error).await?,
                Ok(None) if self.length.is_some_and(|length| self.received < length) => {
                    self.interrupted(Error::transient(Trouble::Cut)).await?;
                }
                Ok(None) => self.ended = true,
                Err(_) => self.interrupted(Error::transient(Trouble::Timeout)).await?,
            }
        }
        Ok(None)
    }

    /// The bytes as a stream, which ends after the first error.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes>> + Send
    where
        A: 'static,
    {
        stream::try_unfold(
            self,
            |mut media| async move { Ok(media.next().await?.map(|chunk| (chunk, media))) },
        )
    }

    async fn reopen(&mut self) -> Result<()> {
        match self.adapter.open_media(&self.media, self.received).await {
            Ok(stream) => self.adopt(stream),
            Err(error) => self.interrupted(error).await,
        }
    }

    /// Takes a newly opened stream, which must continue the same file.
    fn adopt(&mut self, stream: MediaStream) -> Result<()> {
        if matches!((&self.version, &stream.version), (Some(old), Some(new)) if old != new) {
            return Err(Error::transient(Trouble::MediaChanged));
        }
        let other_length = matches!((self.length, stream.length), (Some(old), Some(new)) if old != new);
        if other_length || stream.offset != self.received {
            return Err(Error::transient(Trouble::LengthDisagrees));
        }
        if stream.length.is_some_and(|length| length > self.limits.max_bytes) {
            return Err(self.too_large());
        }
        self.length = self.length.or(stream.length);
        self.version = self.version.take().or_else(|| stream.version.clone());
        self.media_type = self.media_type.take().or_else(|| stream.media_type.clone());
        self.opened_at = self.received;
        self.span = Span { began: Instant::now(), bytes: 0 };
        self.current = Some(stream);
        Ok(())
    }

    async fn accept(&mut self, chunk: Bytes) -> Result<Bytes> {
        let size = chunk.len() as u64;
        self.received += size;
        if self.length.is_some_and(|length| self.received > length) {
            return Err(Error::transient(Trouble::LengthDisagrees));
        }
        if self.received > self.limits.max_bytes {
            return Err(self.too_large());
        }
        if self.received - self.opened_at >= PROGRESS {
            self.failures = 0;
        }
        self.span.bytes += size;
        self.watch_the_rate().await?;
        Ok(chunk)
    }

    async fn watch_the_rate(&mut self) -> Result<()> {
        if self.span.began.elapsed() < self.limits.stall {
            return Ok(());
        }
        let least = self.limits.slowest.saturating_mul(self.limits.stall.as_secs());
        let complete = self.length == Some(self.received);
        if self.span.bytes < least && !complete {
            return self.interrupted(Error::transient(Trouble::Timeout)).await;
        }
        self.span = Span { began: Instant::now(), bytes: 0 };
        Ok(())
    }

    /// Drops the stream and waits before the next one, unless `error` or the number of failures forbids it.
    async fn interrupted(&mut self, error: Error) -> Result<()> {
        self.current = None;
        self.failures += 1;
        if !error.is_retryable() || self.failures >= self.limits.attempts {
            return Err(error);
        }
        let doubled = self.limits.pause.saturating_mul(1 << (self.failures - 1).min(16));
        let asked = match error {
            Error::RateLimited { retry_after, .. } => retry_after.unwrap_or_default(),
            _ => Duration::ZERO,
        };
        sleep(doubled.max(asked).min(self.limits.stall)).await;
        Ok(())
    }

    fn too_large(&self) -> Error {
        let expected = Phrase::new("大小在上限之内的媒体文件", "a media file within the size limit");
        Malformed { pointer: String::new(), expected, got: Got::MoreThan(self.limits.max_bytes) }.into()
    }
}

#[cfg(test)]
mod tests;
