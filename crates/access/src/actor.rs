//! Who acts.

use std::{collections::BTreeSet, sync::Arc};

use dossier_domain::{Position, PositionId};

use crate::{Action, Pass, PolicyTable, Reason, Role, User, Word};

/// Who acts: a person, or the archive itself on one of its jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Person {
        /// Who.
        user: User,
        /// The open positions whose interviewer they are.
        positions: BTreeSet<PositionId>,
        /// With what they came in.
        pass: Pass,
        /// What the bank has decided of its roles.
        policy: Arc<PolicyTable>,
    },
    /// The archive itself.
    Archive(Job),
}

/// What the archive does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Job {
    /// Sets up an archive that has no users yet: makes the first ones.
    Setup,
    /// Brings in and files what vendors hold.
    Sync,
    /// Finds out who somebody is.
    SignIn,
    /// Tells people what happened.
    Notices,
}

impl Actor {
    /// A person, as responsible for those of the `positions` that are open and name them as interviewer.
    pub fn person<'a>(user: User, positions: impl IntoIterator<Item = &'a Position>) -> Self {
        let is_theirs = |p: &&Position| p.closed_at.is_none() && p.interviewers.contains(&user.id);
        let positions = positions.into_iter().filter(is_theirs).map(|p| p.id).collect();
        Self::Person { user, positions, pass: Pass::Full, policy: Arc::default() }
    }

    /// The same, if it is a person: with what they came in.
    #[must_use]
    pub fn with_pass(self, pass: Pass) -> Self {
        match self {
            Self::Person { user, positions, policy, .. } => Self::Person { user, positions, pass, policy },
            archive => archive,
        }
    }

    /// The same, if it is a person: under what the bank has decided of its roles.
    #[must_use]
    pub fn under(self, policy: Arc<PolicyTable>) -> Self {
        match self {
            Self::Person { user, positions, pass, .. } => Self::Person { user, positions, pass, policy },
            archive => archive,
        }
    }

    /// The archive itself, on a job.
    pub fn system(job: Job) -> Self {
        Self::Archive(job)
    }

    /// The person, if it is one.
    pub fn user(&self) -> Option<&User> {
        match self {
            Self::Person { user, .. } => Some(user),
            Self::Archive(_) => None,
        }
    }

    /// The person's roles; none for the archive itself.
    pub fn roles(&self) -> BTreeSet<Role> {
        self.user().map(|user| user.roles.iter().collect()).unwrap_or_default()
    }

    /// Why the actor may do nothing at all yet, whatever there is: to them, things that are there and things that are not
    /// must look alike.
    pub fn barred(&self) -> Option<Reason> {
        matches!(self, Self::Person { pass: Pass::PasswordOnly, .. }).then_some(Reason::SecondFactorMissing)
    }

    /// Whether what they came in with leaves them this action.
    pub(crate) fn admits(&self, action: Action) -> bool {
        match self {
            Self::Person { pass, .. } => pass.admits(action),
            Self::Archive(_) => true,
        }
    }

    /// What the operation log calls the actor: the user's id, or `archive:` and the job.
    pub fn pseudonym(&self) -> Word {
        match self {
            Self::Person { user, .. } => user.id.into(),
            Self::Archive(job) => Word::of(format_args!("archive:{}", job.name())),
        }
    }
}

impl Job {
    /// All jobs.
    pub const ALL: [Self; 4] = [Self::Setup, Self::Sync, Self::SignIn, Self::Notices];

    /// The name in the operation log.
    pub fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Sync => "sync",
            Self::SignIn => "sign_in",
            Self::Notices => "notices",
        }
    }
}
