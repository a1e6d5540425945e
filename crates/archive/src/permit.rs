//! Permission, as a value: nothing can be changed or shown without one, and there is one place that gives it.

use dossier_access::{
    Action, Context, Reason, Resource, User, Word,
    log::{Entry, Outcome},
};
use dossier_domain::text::Line;
use dossier_storage::{Sequence, Stored};

use crate::{Archive, Error, Result, What};

/// The leave to do one thing, and what the log will say of it.
#[must_use = "a permit that is not used leaves no trace"]
#[derive(Clone)]
pub(crate) struct Permit {
    entry: Entry,
    /// The commit that the actor relies on: what is newer may not be changed.
    base: Option<Sequence>,
}

/// A thing about to be shown, which the log knows of.
#[must_use = "the outcome of an intent must be noted"]
pub(crate) struct Intent {
    pub(crate) entry: Entry,
    pub(crate) number: u64,
}

/// The person who acts: what the archive does by itself is none of theirs.
pub(crate) fn person(ctx: &Context) -> Result<&User> {
    ctx.actor().user().ok_or(Error::Denied(Reason::NotYourDuty))
}

impl Permit {
    /// For what the archive does as a part of something that was permitted.
    pub(crate) fn part(&self, action: &'static str) -> Result<Self> {
        let action = Word::parse(action)?;
        Ok(self.clone().with(|entry| Entry { action, objects: Vec::new(), ..entry }))
    }

    /// What it is done to.
    pub(crate) fn on(self, object: impl Into<Word>) -> Self {
        self.with(|entry| entry.on(object))
    }

    /// How many of what.
    pub(crate) fn count(self, what: &'static str, number: u64) -> Self {
        match Word::parse(what) {
            Ok(word) => self.with(|entry| entry.count(word, number)),
            Err(_) => self,
        }
    }

    /// What the actor says it is for.
    pub(crate) fn for_purpose(self, purpose: Line) -> Self {
        self.with(|entry| entry.with_purpose(purpose))
    }

    /// What was permitted to be tried, and did not succeed.
    pub(crate) fn denied(&self, why: &'static str) -> Result<Self> {
        let denied = self.clone().because(why)?;
        Ok(denied.with(|entry| Entry { outcome: Outcome::Denied, ..entry }))
    }

    /// Why it is done: a code.
    pub(crate) fn because(self, why: &'static str) -> Result<Self> {
        let why = Word::parse(why)?;
        Ok(self.with(|entry| entry.because(why)))
    }

    /// Refuses what was read if it is newer than what the actor relies on, before anything is concluded from it.
    pub(crate) fn relies_on<T>(&self, read: &Stored<T>) -> Result<()> {
        if self.base.is_some_and(|base| read.revision > base) { Err(Error::Changed) } else { Ok(()) }
    }

    /// The commit that the actor relies on.
    pub(crate) fn base(&self) -> Option<Sequence> {
        self.base
    }

    pub(crate) fn into_entry(self) -> Entry {
        self.entry
    }

    fn with(self, change: impl FnOnce(Entry) -> Entry) -> Self {
        Self { entry: change(self.entry), base: self.base }
    }
}

impl Archive {
    /// Asks whether the context's actor may do this; the only place where that is asked. A refusal is in the log before
    /// this returns, and says no more to the outside than the policy allows.
    pub(crate) async fn authorise(
        &self,
        ctx: &Context,
        action: Action,
        resource: &Resource,
    ) -> Result<Permit> {
        self.authorise_on(ctx, action, resource, &[]).await
    }

    /// As [`Archive::authorise`], on things that the log names.
    pub(crate) async fn authorise_on(
        &self,
        ctx: &Context,
        action: Action,
        resource: &Resource,
        objects: &[Word],
    ) -> Result<Permit> {
        let entry = Entry { objects: objects.to_vec(), ..Entry::new(ctx, action, Outcome::Done) };
        match ctx.decide(action, resource).into_result() {
            Ok(()) => Ok(Permit { entry, base: ctx.base().map(Sequence::new) }),
            Err(reason) => {
                let name = objects.first().map(Word::to_string).unwrap_or_default();
                self.journal.refuse(entry.because(reason)).await?;
                Err(refusal(reason, &name))
            }
        }
    }

    /// Answers a look for something that is not there exactly as one for something that may not be seen: the last of
    /// `objects`, which the log names.
    pub(crate) async fn absent(
        &self,
        ctx: &Context,
        action: Action,
        what: What,
        objects: &[Word],
    ) -> Result<Error> {
        let entry = Entry { objects: objects.to_vec(), ..Entry::new(ctx, action, Outcome::Denied) };
        if let Some(reason) = ctx.actor().barred() {
            self.journal.refuse(entry.because(reason)).await?;
            return Ok(Error::Denied(reason));
        }
        self.journal.refuse(entry.because(Word::parse("absent")?)).await?;
        Ok(Error::not_found(what, objects.last().map_or("", Word::as_str)))
    }

    /// Notes how a read ended.
    pub(crate) fn conclude<T>(&self, intent: Intent, result: &Result<T>, counts: &[(&'static str, u64)]) {
        let Intent { entry, number } = intent;
        let mut entry = entry.outcome(number, if result.is_ok() { Outcome::Done } else { Outcome::Failed });
        for (what, number) in counts {
            if let Ok(word) = Word::parse(what) {
                entry = entry.count(word, *number);
            }
        }
        self.journal.conclude(entry);
    }
}

fn refusal(reason: Reason, name: &str) -> Error {
    if reason.hidden() && !name.is_empty() {
        Error::not_found(What::Application, name)
    } else {
        Error::Denied(reason)
    }
}
