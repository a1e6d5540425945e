//! A vendor's media file on its way: bytes, and what the vendor said about them.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::{Stream, StreamExt, stream::BoxStream};

use crate::Result;

/// The bytes of a media file from an offset on. What the vendor says about length is a claim, and checked by
/// [`crate::ResumingMedia`].
pub struct MediaStream {
    /// Where in the file the bytes begin.
    pub offset: u64,
    /// The length of the whole file, where the vendor says so.
    pub length: Option<u64>,
    /// The media type, as claimed.
    pub media_type: Option<String>,
    /// The vendor's mark of this version of the file (a strong `ETag`): another one means another file.
    pub version: Option<String>,
    body: BoxStream<'static, Result<Bytes>>,
}

impl MediaStream {
    /// A stream of `body`, which begins at `offset` of a file of `length` bytes.
    pub fn new(
        offset: u64,
        length: Option<u64>,
        body: impl Stream<Item = Result<Bytes>> + Send + 'static,
    ) -> Self {
        Self { offset, length, media_type: None, version: None, body: body.boxed() }
    }
}

impl Stream for MediaStream {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.body.poll_next_unpin(context)
    }
}

impl fmt::Debug for MediaStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaStream")
            .field("offset", &self.offset)
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
