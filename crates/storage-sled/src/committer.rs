//! The one thread that writes.
//!
//! It takes all commits that wait, checks and applies each in turn, makes them durable with one flush and one sync,
//! and only then answers them, refused ones too, since what refused them has to be durable as well.
//! After a failure nothing more is accepted: what is on the disk is only known again after reopening.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use dossier_storage::{Batch, Error, Expect, Result, Sequence};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    engine::{Engine, panicked},
    layout::{self, TRIMMED_FACT},
};

/// At most so many commits, and about so many bytes, share one sync.
const GROUP_COMMITS: usize = 1024;
const GROUP_BYTES: usize = 32 << 20;
/// So many changes are forgotten in one step.
const TRIM_STEP: u64 = 1024;

/// Something to be made durable.
pub(crate) enum Job {
    /// Commit this batch.
    Commit(Batch, oneshot::Sender<Result<Sequence>>),
    /// Forget the changes up to this sequence.
    Trim(Sequence, oneshot::Sender<Result<Sequence>>),
}

/// How far the store has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress {
    /// The newest durable commit.
    pub(crate) durable: Sequence,
    /// Why no further commit is accepted, once that is so.
    pub(crate) stopped: Option<Arc<str>>,
}

impl Progress {
    pub(crate) fn stopped_error(&self) -> Option<Error> {
        self.stopped.as_ref().map(|reason| Error::Stopped { reason: reason.to_string() })
    }
}

/// The state of the writing thread.
pub(crate) struct Committer {
    engine: Arc<Engine>,
    applied: Sequence,
    progress: watch::Sender<Progress>,
}

/// An outcome that is told once the group is durable.
type Answer = (oneshot::Sender<Result<Sequence>>, Result<Sequence>);

impl Committer {
    pub(crate) fn new(engine: Arc<Engine>, newest: Sequence, progress: watch::Sender<Progress>) -> Self {
        Self { engine, applied: newest, progress }
    }

    /// Works until the last sender of jobs is gone.
    pub(crate) fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.blocking_recv() {
            let group = collect(first, &mut jobs);
            if let Some(stopped) = self.progress.borrow().stopped_error() {
                refuse(group, &stopped);
                continue;
            }
            self.commit(group);
        }
    }

    /// Applies a group, makes it durable, answers it. The order of these three is the promise of the store.
    fn commit(&mut self, group: Vec<Job>) {
        let mut answers = Vec::with_capacity(group.len());
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            for job in group {
                self.apply(job, &mut answers)?;
            }
            self.engine.flush()?;
            self.engine.note_durable(self.applied)
        }));
        match outcome.unwrap_or_else(|_| Err(panicked("committing"))) {
            Ok(()) => self.acknowledge(answers),
            Err(failure) => self.stop(answers, &failure),
        }
    }

    fn acknowledge(&self, answers: Vec<Answer>) {
        self.progress.send_modify(|progress| progress.durable = self.applied);
        for (caller, outcome) in answers {
            // A caller that went away does not want to know.
            drop(caller.send(outcome));
        }
    }

    fn stop(&self, answers: Vec<Answer>, failure: &Error) {
        let reason: Arc<str> = describe(failure).into();
        self.progress.send_modify(|progress| progress.stopped = Some(reason.clone()));
        for (caller, _) in answers {
            drop(caller.send(Err(Error::Stopped { reason: reason.to_string() })));
        }
    }

    /// Applies one job and notes its answer. An error here is a failure of the store, not of the job.
    fn apply(&mut self, job: Job, answers: &mut Vec<Answer>) -> Result<()> {
        let (caller, applied) = match job {
            Job::Commit(batch, caller) => (caller, self.apply_batch(&batch)),
            Job::Trim(through, caller) => (caller, self.apply_trim(through)),
        };
        let (answer, failure) = match applied {
            Ok(sequence) => (Ok(sequence), Ok(())),
            Err(conflict @ Error::Conflict { .. }) => (Err(conflict), Ok(())),
            Err(failure) => (Err(failure.clone()), Err(failure)),
        };
        answers.push((caller, answer));
        failure
    }

    fn apply_batch(&mut self, batch: &Batch) -> Result<Sequence> {
        batch.expects().iter().try_for_each(|expect| self.check(expect))?;
        if batch.writes().len() == 0 {
            return Ok(self.applied);
        }
        let sequence = self.applied.next();
        let mut writes = sled::Batch::default();
        let mut deletes = false;
        for (key, value) in batch.writes() {
            let owner = layout::record(key.as_bytes());
            let old_parts = self.engine.head(&owner)?.map_or(0, |head| head.parts());
            let parts = match value {
                Some(value) => layout::write(&mut writes, &owner, sequence, value),
                None => {
                    deletes = true;
                    writes.remove(&owner[..]);
                    0
                }
            };
            (parts..old_parts).for_each(|number| writes.remove(layout::part(&owner, number)));
        }
        let keys = layout::change_value(batch.writes().map(|(key, _)| key));
        layout::write(&mut writes, &layout::change(sequence), sequence, &keys);
        self.engine.apply(writes, sequence, deletes)?;
        self.applied = sequence;
        Ok(sequence)
    }

    fn check(&self, expect: &Expect) -> Result<()> {
        let found = self.engine.head(&layout::record(expect.key().as_bytes()))?;
        expect.check(found.map(|head| head.revision()))
    }

    /// Steps forward to `through`. The fact and the changes it is about go together, so a crash between two steps
    /// leaves a shorter feed and no gap.
    fn apply_trim(&self, through: Sequence) -> Result<Sequence> {
        let mut trimmed = self.engine.trimmed()?;
        let through = through.min(self.applied);
        while trimmed < through {
            let step = through.min(Sequence::new(trimmed.number() + TRIM_STEP));
            let mut writes = sled::Batch::default();
            writes.insert(TRIMMED_FACT, &step.number().to_be_bytes());
            for number in trimmed.next().number()..=step.number() {
                let owner = layout::change(Sequence::new(number));
                let parts = self.engine.head(&owner)?.map_or(0, |head| head.parts());
                (0..parts).for_each(|number| writes.remove(layout::part(&owner, number)));
                writes.remove(owner);
            }
            self.engine.apply(writes, step, false)?;
            trimmed = step;
        }
        Ok(trimmed)
    }
}

/// The first job and all that wait behind it, up to what one group may hold.
fn collect(first: Job, jobs: &mut mpsc::Receiver<Job>) -> Vec<Job> {
    let mut bytes = size(&first);
    let mut group = vec![first];
    while group.len() < GROUP_COMMITS && bytes < GROUP_BYTES {
        let Ok(next) = jobs.try_recv() else { break };
        bytes += size(&next);
        group.push(next);
    }
    group
}

fn size(job: &Job) -> usize {
    match job {
        Job::Commit(batch, _) => batch.size(),
        Job::Trim(..) => 0,
    }
}

fn refuse(group: Vec<Job>, why: &Error) {
    for job in group {
        let (Job::Commit(_, caller) | Job::Trim(_, caller)) = job;
        drop(caller.send(Err(why.clone())));
    }
}

/// An error with its causes, in one line.
fn describe(error: &Error) -> String {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
