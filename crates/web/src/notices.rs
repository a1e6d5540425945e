//! Notices on their way: what happened is spread over inboxes, and each channel's queue is emptied by a task of its own, so
//! that none waits for another. How far each has come is in the archive.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use dossier_archive::{Archive, Error};
use dossier_domain::ChannelId;

/// How often it is looked whether something happened, or is due.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// The channels at which something is being sent.
type Busy = Arc<Mutex<HashSet<ChannelId>>>;

/// Tells people what happened, again and again, until it is dropped.
pub(crate) async fn tell(archive: Arc<Archive>) {
    let busy = Busy::default();
    loop {
        tokio::time::sleep(LOOK_AGAIN).await;
        if let Err(error) = tell_once(&archive, &busy).await {
            tracing::error!(%error, "could not tell what happened");
        }
    }
}

async fn tell_once(archive: &Arc<Archive>, busy: &Busy) -> Result<(), Error> {
    archive.tell_what_happened().await?;
    for channel in archive.channels_to_serve().await? {
        if busy.lock().unwrap_or_else(PoisonError::into_inner).insert(channel) {
            let (archive, held) = (Arc::clone(archive), Held { channel, busy: Arc::clone(busy) });
            tokio::spawn(async move {
                serve(&archive, held.channel).await;
                drop(held);
            });
        }
    }
    Ok(())
}

async fn serve(archive: &Archive, channel: ChannelId) {
    loop {
        match archive.deliver(channel).await {
            Ok(done) if done.more => {}
            Ok(_) => return,
            Err(error) => {
                tracing::error!(%error, %channel, "could not serve a channel");
                return;
            }
        }
    }
}

/// A channel at which something is being sent, until this is dropped, whatever becomes of it.
struct Held {
    channel: ChannelId,
    busy: Busy,
}

impl Drop for Held {
    fn drop(&mut self) {
        self.busy.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.channel);
    }
}
