//! [`Records`] for async callers: reads on the blocking pool, commits through the writing thread.

use std::{
    path::Path,
    sync::Arc,
    thread::{self, JoinHandle},
};

use async_trait::async_trait;
use dossier_storage::{Batch, Change, Entry, Error, Key, Records, Result, Scan, Sequence};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::spawn_blocking,
};

use crate::{
    committer::{Committer, Job, Progress},
    engine::{Engine, Read, panicked},
};

/// So many commits may wait before callers are held back.
const WAITING: usize = 1024;

/// How a store is opened.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Options {
    /// Memory in bytes that sled may use for pages it has read. Its own tables come on top.
    pub cache_bytes: u64,
}

impl Default for Options {
    /// A cache of 32 MiB: enough for the upper levels of a tree of a million records.
    fn default() -> Self {
        Self { cache_bytes: 32 << 20 }
    }
}

/// [`Records`] in a folder, over sled. Dropping it waits for the commits under way and lets the folder go.
///
/// Commits that wait at the same time share one sync. Reads make one hop to the blocking pool per call, however
/// many keys they ask for, and wait for the sync under way only if what they found is not durable yet.
pub struct SledRecords {
    engine: Arc<Engine>,
    progress: watch::Receiver<Progress>,
    jobs: Option<mpsc::Sender<Job>>,
    committer: Option<JoinHandle<()>>,
}

impl SledRecords {
    /// Opens the store in this folder, or creates it. This blocks while sled recovers.
    ///
    /// # Errors
    /// [`Error::Locked`] if another process has it open, [`Error::Unreadable`] if its files are damaged or newer,
    /// [`Error::Backend`] if the disk fails.
    pub fn open(path: impl AsRef<Path>) -> Result<Self> {
        Self::open_with(path, &Options::default())
    }

    /// Opens the store in this folder with other options than the default ones.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: &Options) -> Result<Self> {
        let engine = Arc::new(Engine::open(path.as_ref(), options)?);
        let newest = engine.newest()?;
        let (progress_sender, progress) = watch::channel(Progress { durable: newest, stopped: None });
        let (jobs, waiting) = mpsc::channel(WAITING);
        let committer = Committer::new(engine.clone(), newest, progress_sender);
        let committer = thread::Builder::new()
            .name("records".into())
            .spawn(move || committer.run(waiting))
            .map_err(|cause| Error::backend("starting the writing thread", cause))?;
        Ok(Self { engine, progress, jobs: Some(jobs), committer: Some(committer) })
    }

    /// Hands a job to the writing thread and waits for its outcome.
    async fn job(&self, job: impl FnOnce(oneshot::Sender<Result<Sequence>>) -> Job) -> Result<Sequence> {
        let (caller, outcome) = oneshot::channel();
        let sent = match &self.jobs {
            Some(jobs) => jobs.send(job(caller)).await.is_ok(),
            None => false,
        };
        match outcome.await {
            Ok(outcome) if sent => outcome,
            _ => Err(self.progress.borrow().stopped_error().unwrap_or_else(|| panicked("committing"))),
        }
    }

    /// Runs a read on the blocking pool.
    async fn blocking<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = self.engine.clone();
        spawn_blocking(move || read(&engine)).await.unwrap_or_else(|_| Err(panicked("reading")))
    }

    /// Hands out what was read once it is durable.
    async fn durable<T>(&self, read: Read<T>) -> Result<T> {
        let mut progress = self.progress.clone();
        let far_enough = |progress: &Progress| progress.durable >= read.needs;
        let reached = progress.wait_for(|progress| far_enough(progress) || progress.stopped.is_some()).await;
        match reached {
            Ok(progress) if far_enough(&progress) => Ok(read.found),
            Ok(progress) => Err(progress.stopped_error().unwrap_or_else(|| panicked("reading"))),
            Err(_) => Err(panicked("reading")),
        }
    }
}

#[async_trait]
impl Records for SledRecords {
    async fn get_many(&self, keys: &[Key]) -> Result<Vec<Option<Entry>>> {
        let keys = keys.to_vec();
        let read = self.blocking(move |engine| engine.get_many(&keys)).await?;
        self.durable(read).await
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(Key, Entry)>> {
        let read = self.blocking(move |engine| engine.scan(&scan)).await?;
        self.durable(read).await
    }

    async fn commit(&self, batch: Batch) -> Result<Sequence> {
        batch.check()?;
        self.job(|caller| Job::Commit(batch, caller)).await
    }

    async fn changes(&self, since: Sequence, limit: usize) -> Result<Vec<Change>> {
        let durable = self.progress.borrow().durable;
        self.blocking(move |engine| engine.changes(since, durable, limit)).await
    }

    async fn trim_changes(&self, through: Sequence) -> Result<()> {
        self.job(|caller| Job::Trim(through, caller)).await.map(drop)
    }

    async fn sequence(&self) -> Result<Sequence> {
        Ok(self.progress.borrow().durable)
    }
}

impl Drop for SledRecords {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(committer) = self.committer.take() {
            // It catches its panics, and there is no one left to tell.
            drop(committer.join());
        }
    }
}
