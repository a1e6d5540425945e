//! The whole log, handed out page by page in the form that the independent verifier reads.

use bytes::{BufMut, Bytes, BytesMut};
use dossier_access::{
    Action, Context, Resource,
    log::{Checkpoint, Outcome, export},
};

use super::walk::{Piece, Walk};
use crate::{Archive, Result, permit::Intent};

/// The log on its way out. The log itself says once how that ended: when the last line has been taken, when it fails, or
/// when this is dropped before.
pub struct LogExport<'a> {
    archive: &'a Archive,
    walk: Walk<'a>,
    /// What names the log, until it has been taken.
    header: Option<String>,
    intent: Option<Intent>,
    lines: u64,
}

impl Archive {
    /// Hands out the whole log line by line, in the form that the independent verifier reads.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied)
    pub async fn export_log(&self, ctx: &Context) -> Result<LogExport<'_>> {
        let permit = self.authorise(ctx, Action::ExportLog, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        self.journal.flush().await?;
        let signer = self.journal.signer();
        let header = export::header_line(signer.origin(), signer.public_key())?;
        let (walk, header, intent) = (Walk::of(self), Some(header), Some(intent));
        Ok(LogExport { archive: self, walk, header, intent, lines: 0 })
    }

    /// Whether an export that is under way may go on; a refusal is recorded.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied)
    pub async fn may_export_log(&self, ctx: &Context) -> Result<()> {
        self.authorise(ctx, Action::ExportLog, &Resource::Archive).await.map(drop)
    }
}

impl LogExport<'_> {
    /// The next lines, each with its line feed; `None` after the last ones.
    ///
    /// # Errors
    /// When the log can't be read.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let next = self.read().await;
        match &next {
            Ok(Some(_)) => {}
            Ok(None) => self.conclude(Outcome::Done),
            Err(_) => self.conclude(Outcome::Failed),
        }
        next
    }

    /// How many lines have been handed out.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    async fn read(&mut self) -> Result<Option<Bytes>> {
        if let Some(header) = self.header.take() {
            self.lines += 1;
            return Ok(Some(format!("{header}\n").into()));
        }
        while let Some(pieces) = self.walk.next().await? {
            let mut text = BytesMut::new();
            let mut line = |bytes: &[u8]| {
                text.put_slice(bytes);
                text.put_u8(b'\n');
                self.lines += 1;
            };
            for piece in pieces {
                match piece {
                    Piece::Record(_, bytes) => line(&bytes),
                    // One that is damaged is left out, as `verify` says.
                    Piece::Checkpoint(text) => {
                        if let Ok(checkpoint) = text.parse::<Checkpoint>() {
                            line(export::checkpoint_line(&checkpoint)?.as_bytes());
                        }
                    }
                }
            }
            if !text.is_empty() {
                return Ok(Some(text.freeze()));
            }
        }
        Ok(None)
    }

    fn conclude(&mut self, outcome: Outcome) {
        if let Some(intent) = self.intent.take() {
            self.archive.journal.conclude(intent.entry.outcome(intent.number, outcome));
        }
    }
}

impl Drop for LogExport<'_> {
    fn drop(&mut self) {
        self.conclude(Outcome::Failed);
    }
}
