//! What each role, and each job of the archive itself, may do where a bank has decided nothing otherwise.

use dossier_domain::{MaterialKind, NoticeKind, Stage};

use super::table::{PolicyTable, USUAL};
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
    /// The smallest group of applications of which reports give it figures.
    pub(super) smallest_group: u64,
    /// What else it does: to the applications that it sees, to everybody's scorecards of them, to the archive, to other
    /// users.
    pub(super) does: &'static [Action],
    /// Of what it hears without looking: about the applications that it sees, and about the archive.
    pub(super) hears: &'static [NoticeKind],
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

/// Duties that an actor holds, as the bank's table shapes them.
#[derive(Clone, Copy)]
pub(super) struct Held<'a> {
    /// The role to which they belong; none for a job of the archive.
    pub(super) role: Option<Role>,
    pub(super) duties: &'static Duties,
    pub(super) table: &'a PolicyTable,
}

/// The duties of an actor: none for a suspended user.
pub(super) fn of(actor: &Actor) -> impl Iterator<Item = Held<'_>> + '_ {
    let (person, job) = match actor {
        Actor::Person { user, policy, .. } => (Some((user, &**policy)), None),
        Actor::Archive(job) => (None, Some(Held { role: None, duties: of_job(*job), table: &USUAL })),
    };
    let person = person.filter(|(user, _)| !user.is_suspended());
    let held = |role, table| Held { role: Some(role), duties: of_role(role), table };
    person
        .into_iter()
        .flat_map(move |(user, table)| user.roles.iter().map(move |role| held(role, table)))
        .chain(job)
}

pub(super) fn of_role(role: Role) -> &'static Duties {
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
        Job::Notices => &NOTICES,
    }
}

/// A group in which single people can't be told apart.
const SEVERAL: u64 = 5;

const NONE: Duties = Duties {
    reach: Reach::Nothing,
    stages: &[],
    views: &[],
    downloads: &[],
    smallest_group: SEVERAL,
    does: &[],
    hears: &[],
};

static HR_ADMINISTRATOR: Duties = Duties {
    reach: Reach::Everything,
    stages: &Stage::ALL,
    views: &MaterialKind::ALL,
    downloads: &MaterialKind::ALL,
    smallest_group: 1,
    does: &[
        ViewIdentity,
        Upload,
        ChangeTags,
        MoveStage,
        ViewClaims,
        CheckClaims,
        ViewOffers,
        RecordOffer,
        ViewTrail,
        ViewScorecard,
        Search,
        Report,
        ReportUse,
        SaveSearches,
        ExportPipeline,
        ShareReports,
        ManagePositions,
        GrantInterviewer,
        ReleaseDownload,
        ManageConnections,
        ManageChannels,
        ReadNotices,
        ChangeNotices,
        Sync,
        ManageRules,
    ],
    hears: &[
        NoticeKind::SuggestedMove,
        NoticeKind::Scorecard,
        NoticeKind::SyncTrouble,
        NoticeKind::Lateness,
        NoticeKind::ChannelTrouble,
        NoticeKind::Report,
    ],
};

static INTERVIEWER: Duties = Duties {
    reach: Reach::OwnPositions,
    stages: &[Stage::AiInterview, Stage::HumanInterview],
    views: &MaterialKind::ALL,
    does: &[WriteScorecard, Search, SaveSearches, Report, ReadNotices, ChangeNotices],
    hears: &[NoticeKind::Materials, NoticeKind::Report],
    ..NONE
};

static BACKGROUND_CHECKER: Duties = Duties {
    reach: Reach::Everything,
    stages: &[Stage::BackgroundCheck],
    views: &[MaterialKind::ResumeReport, MaterialKind::SkillAssessment, MaterialKind::Supplement],
    does: &[ViewClaims, CheckClaims, Search, SaveSearches, Report, ReadNotices, ChangeNotices],
    hears: &[NoticeKind::NewCase, NoticeKind::Report],
    ..NONE
};

static AUDITOR: Duties =
    Duties { does: &[ReadLog, VerifyLog, ExportLog, ReportUse, ReadNotices, ChangeNotices], ..NONE };

static SYSTEM_ADMINISTRATOR: Duties = Duties {
    does: &[
        ManageUsers,
        GrantRole,
        ResetSignIn,
        ManageSignIn,
        ManagePolicy,
        ManageReleases,
        ManageKeys,
        MaintainStorage,
        Backup,
        Doctor,
        ManageConnections,
        ManageChannels,
        ReadNotices,
        ChangeNotices,
    ],
    hears: &[NoticeKind::SyncTrouble, NoticeKind::ChannelTrouble],
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

/// Tells people what they may know; of what it is about, it sees nothing by itself.
static NOTICES: Duties = Duties { does: &[DeliverNotices], ..NONE };
