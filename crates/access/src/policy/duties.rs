//! The table: what each role, and each job of the archive itself, may do.

use dossier_domain::{MaterialKind, Stage};

use crate::{
    Action::{self, *},
    Actor, Job, Role,
};

/// What a role or a job may do.
#[derive(Debug)]
pub(super) struct Duties {
    /// Whose applications it sees …
    pub(super) reach: Reach,
    /// … in which stages,
    pub(super) stages: &'static [Stage],
    /// which kinds of material of them,
    pub(super) views: &'static [MaterialKind],
    /// and which of these it may take away.
    pub(super) downloads: &'static [MaterialKind],
    /// What else it does: to the applications that it sees, to everybody's scorecards of them, to the archive, to other
    /// users.
    pub(super) does: &'static [Action],
}

/// The positions whose applications are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// None.
    Nothing,
    /// The open positions whose interviewer the actor is.
    OwnPositions,
    /// All.
    Everything,
}

/// The duties of an actor: none for a suspended user.
pub(super) fn of(actor: &Actor) -> impl Iterator<Item = &'static Duties> + '_ {
    let (user, job) = match actor {
        Actor::Person { user, .. } => (Some(user).filter(|user| !user.is_suspended()), None),
        Actor::Archive(job) => (None, Some(of_job(*job))),
    };
    user.into_iter().flat_map(|user| user.roles.iter()).map(of_role).chain(job)
}

fn of_role(role: Role) -> &'static Duties {
    match role {
        Role::HrAdministrator => &HR_ADMINISTRATOR,
        Role::Interviewer => &INTERVIEWER,
        Role::BackgroundChecker => &BACKGROUND_CHECKER,
        Role::Auditor => &AUDITOR,
        Role::SystemAdministrator => &SYSTEM_ADMINISTRATOR,
    }
}

fn of_job(job: Job) -> &'static Duties {
    match job {
        Job::Setup => &SETUP,
        Job::Sync => &SYNC,
        Job::SignIn => &SIGN_IN,
    }
}

const NONE: Duties = Duties { reach: Reach::Nothing, stages: &[], views: &[], downloads: &[], does: &[] };

static HR_ADMINISTRATOR: Duties = Duties {
    reach: Reach::Everything,
    stages: &Stage::ALL,
    views: &MaterialKind::ALL,
    downloads: &MaterialKind::ALL,
    does: &[
        ViewIdentity,
        Upload,
        ChangeTags,
        MoveStage,
        ViewScorecard,
        Search,
        ManagePositions,
        GrantInterviewer,
        ManageConnections,
        Sync,
        ManageRules,
    ],
};

static INTERVIEWER: Duties = Duties {
    reach: Reach::OwnPositions,
    stages: &[Stage::AiInterview, Stage::HumanInterview],
    views: &MaterialKind::ALL,
    downloads: &[],
    does: &[WriteScorecard, Search],
};

static BACKGROUND_CHECKER: Duties = Duties {
    reach: Reach::Everything,
    stages: &[Stage::BackgroundCheck],
    views: &[MaterialKind::ResumeReport, MaterialKind::SkillAssessment, MaterialKind::Supplement],
    downloads: &[],
    does: &[Search],
};

static AUDITOR: Duties = Duties { does: &[ReadLog, VerifyLog, ExportLog], ..NONE };

static SYSTEM_ADMINISTRATOR: Duties = Duties {
    does: &[
        ManageUsers,
        GrantRole,
        ResetSignIn,
        ManageSignIn,
        ManageKeys,
        MaintainStorage,
        Backup,
        Doctor,
        ManageConnections,
    ],
    ..NONE
};

static SETUP: Duties = Duties { does: &[ManageUsers, GrantRole, ResetSignIn], ..NONE };

/// Files what vendors hold wherever it belongs, and reads no material to anybody.
static SYNC: Duties = Duties {
    reach: Reach::Everything,
    stages: &Stage::ALL,
    does: &[Upload, ChangeTags, MoveStage, Sync],
    ..NONE
};

/// Judges who wants to sign in, before it is known that they are who they say.
static SIGN_IN: Duties = Duties { does: &[SignIn, RedeemLink], ..NONE };
