//! Files that belong to nothing: a process that is killed between storing a file and committing its record leaves one.

use std::{collections::HashSet, time::SystemTime};

use chrono::TimeDelta;
use dossier_access::{Action, Context, Resource};
use dossier_storage::{BlobId, Scan};

use crate::{
    Archive, Result, files,
    records::{MATERIALS, UPLOADS, scan_past_damage},
};

/// A stored file without a record is left over only after this time: until then its record may be on its way.
const ON_ITS_WAY: TimeDelta = TimeDelta::hours(1);

impl Archive {
    /// Removes files that belong to nothing and what interrupted uploads left; gives how many files that were.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied); [`Error::Storage`](crate::Error::Storage) where a record is damaged: the
    /// file that it names can't be told from one that is left over, so none is removed.
    pub async fn remove_left_over_files(&self, ctx: &Context) -> Result<u64> {
        let permit = self.authorise(ctx, Action::MaintainStorage, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        let removed = self.remove_left_over(ctx).await;
        self.conclude(intent, &removed, &[("files", *removed.as_ref().unwrap_or(&0))]);
        removed
    }

    async fn remove_left_over(&self, ctx: &Context) -> Result<u64> {
        let left_over = self.left_over_files(ctx).await?;
        for blob in &left_over {
            self.blobs.delete(*blob).await?;
        }
        Ok(left_over.len() as u64 + self.blobs.sweep().await?)
    }

    /// The stored files that no record names.
    pub(crate) async fn left_over_files(&self, ctx: &Context) -> Result<Vec<BlobId>> {
        // The files first: one that is stored later is none of them, and the record of one that is there may follow.
        let stored = self.blobs.all().await?;
        let named = self.named_files().await?;
        let until = SystemTime::from(ctx.now() - ON_ITS_WAY);
        let is_left_over = |(blob, since): &(BlobId, SystemTime)| *since < until && !named.contains(blob);
        Ok(stored.into_iter().filter(is_left_over).map(|(blob, _)| blob).collect())
    }

    async fn named_files(&self) -> Result<HashSet<BlobId>> {
        let mut named = HashSet::new();
        let mut scan = Scan::candidates();
        let mut damaged = Vec::new();
        loop {
            let page = scan_past_damage(&self.store, scan.clone(), &mut damaged).await?;
            if let Some(key) = damaged.first() {
                return Err(dossier_storage::Error::damaged(key, "it may name a file").into());
            }
            for (key, entry) in page.entries {
                if key.collection() == MATERIALS.collection() {
                    let material = MATERIALS.decode(key, &entry)?.value;
                    if let Some(file) = material.content.file() {
                        named.insert(files::blob_of(file)?.id);
                    }
                } else if key.collection() == UPLOADS.collection() {
                    named.extend(UPLOADS.decode(key, &entry)?.value.parts.iter().map(|part| part.id));
                }
            }
            let Some(last) = page.last else { return Ok(named) };
            scan = scan.after(&last);
        }
    }
}
