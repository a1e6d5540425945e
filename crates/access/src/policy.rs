//! The policy: one table, the decision made from it, and the same as data for searches.

mod duties;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use dossier_domain::{Language, MaterialKind, NoticeKind, PositionId, Stage, UserId};

use crate::{Action, Actor, Grant, Positions, Resource, Role, Scope, Scorecards, Word, action::Target};
use duties::{Held, Reach};
pub use table::{Cell, PolicyTable, Sight};

/// The answer of [`decide`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Decision {
    /// It may be done.
    Allow,
    /// It may not.
    Deny(Reason),
}

impl Decision {
    /// Whether it may be done.
    pub fn is_allowed(self) -> bool {
        self == Self::Allow
    }

    /// `Ok` if it may be done, else the reason why not.
    pub fn into_result(self) -> Result<(), Reason> {
        match self {
            Self::Allow => Ok(()),
            Self::Deny(reason) => Err(reason),
        }
    }
}

/// Why something may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, thiserror::Error)]
#[error("{}", self.label(Language::English))]
pub enum Reason {
    /// The user is suspended.
    Suspended,
    /// None of the actor's roles includes this.
    NotYourDuty,
    /// None of the actor's roles sees applications, or the user is suspended.
    NoApplications,
    /// The actor sees applications, but none of this position.
    OtherPosition,
    /// The actor sees applications of this position, but not in this stage.
    OtherStage,
    /// The actor sees the application, but not this kind of material in it.
    OtherKind,
    /// The actor does this to applications, and sees this one, but it is not done in its stage.
    NotInThisStage,
    /// The actor sees the material, but may not take it away.
    ViewOnly,
    /// The scorecard is a colleague's: it is seen once both it and the actor's own are handed in.
    ScorecardOpen,
    /// Nobody grants to themselves.
    OwnRights,
    /// What somebody asks for is released by another person.
    OwnRequest,
    /// Nobody else holds the role, and somebody must.
    LastHolder,
    /// The roles include it, but the token does not.
    OutsideToken,
    /// A second factor is demanded, and the actor came in with a password alone.
    SecondFactorMissing,
    /// The action is not done to such a thing; a mistake in the program, answered safely.
    NotApplicable,
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 15] = [
        Self::Suspended,
        Self::NotYourDuty,
        Self::NoApplications,
        Self::OtherPosition,
        Self::OtherStage,
        Self::OtherKind,
        Self::NotInThisStage,
        Self::ViewOnly,
        Self::ScorecardOpen,
        Self::OwnRights,
        Self::OwnRequest,
        Self::LastHolder,
        Self::OutsideToken,
        Self::SecondFactorMissing,
        Self::NotApplicable,
    ];

    /// Whether the outside must be told "not found", exactly as if the thing did not exist. The log gets the reason.
    pub fn hidden(self) -> bool {
        matches!(self, Self::NoApplications | Self::OtherPosition | Self::OtherStage | Self::ScorecardOpen)
    }

    /// The code in the operation log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Suspended => "suspended",
            Self::NotYourDuty => "not_your_duty",
            Self::NoApplications => "no_applications",
            Self::OtherPosition => "other_position",
            Self::OtherStage => "other_stage",
            Self::OtherKind => "other_kind",
            Self::NotInThisStage => "not_in_this_stage",
            Self::ViewOnly => "view_only",
            Self::ScorecardOpen => "scorecard_open",
            Self::OwnRights => "own_rights",
            Self::OwnRequest => "own_request",
            Self::LastHolder => "last_holder",
            Self::OutsideToken => "outside_token",
            Self::SecondFactorMissing => "second_factor_missing",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Suspended => ("账号已停用", "the account is suspended"),
            Self::NotYourDuty => ("角色无此权限", "the role does not include this"),
            Self::NoApplications => ("角色不查看候选人资料", "the role sees no applications"),
            Self::OtherPosition => ("不是所负责的岗位", "the position is another interviewer’s"),
            Self::OtherStage => ("角色不查看此阶段", "the role does not see this stage"),
            Self::OtherKind => ("角色不查看此类资料", "the role does not see this kind of material"),
            Self::NotInThisStage => {
                ("此阶段不能执行该操作", "this is not done in the stage in which the application stands")
            }
            Self::ScorecardOpen => (
                "本人与对方均提交评分表后才可查看",
                "a colleague’s scorecard is seen once both are handed in",
            ),
            Self::ViewOnly => ("只能查看，不能下载", "this may be viewed, but not downloaded"),
            Self::OwnRights => ("不能为自己授权", "nobody changes their own rights"),
            Self::OwnRequest => {
                ("本人的申请须由另一人放行", "what one asks for is released by another person")
            }
            Self::LastHolder => {
                ("该角色至少须保留一人", "somebody must keep this role, and nobody else holds it")
            }
            Self::OutsideToken => ("此令牌的范围不包含该操作", "the token's scopes do not include this"),
            Self::SecondFactorMissing => {
                ("请先设置双因素认证", "set up the second factor first: it is demanded here")
            }
            Self::NotApplicable => ("此操作不适用于该对象", "this cannot be done to such a thing"),
        };
        language.pick(chinese, english)
    }
}

impl From<Reason> for Word {
    fn from(reason: Reason) -> Self {
        Self::of(reason.code())
    }
}

/// Whether `actor` may do `action` to `resource`. Pure: the same question always has the same answer.
pub fn decide(actor: &Actor, action: Action, resource: &Resource) -> Decision {
    let answer = match (action.target(), resource) {
        (Target::Application, Resource::Application { position, stage }) => {
            on_application(actor, action, *position, *stage)
        }
        (Target::Scorecard, Resource::Scorecard { position, stage, by, is_final, own_is_final }) => {
            let is_handed_in = *is_final && *own_is_final;
            on_application(actor, Action::ViewApplication, *position, *stage)
                .and_then(|()| on_scorecard(actor, action, (*position, *stage), *by, is_handed_in))
        }
        (Target::User, Resource::User { id }) => match actor.user() {
            Some(user) if user.id == *id && grants_rights(action) => Err(Reason::OwnRights),
            Some(user) if user.id == *id && action == Action::ReleaseDownload => Err(Reason::OwnRequest),
            _ => on_archive(actor, action),
        },
        (Target::Archive, Resource::Archive) => on_archive(actor, action),
        (Target::Account, Resource::User { id }) => on_account(actor, action, *id),
        _ => Err(Reason::NotApplicable),
    };
    let answer = match actor.barred() {
        Some(reason) if !actor.admits(action) && answer != Err(Reason::Suspended) => Err(reason),
        _ => answer,
    };
    answer.map_or_else(Decision::Deny, |()| Decision::Allow)
}

/// Whether `role` may be taken from someone, or that someone be suspended, when `remaining` active users would
/// still hold it: an archive is never left without an auditor or a system administrator.
pub fn decide_removal(role: Role, remaining: usize) -> Decision {
    match role {
        Role::Auditor | Role::SystemAdministrator if remaining == 0 => Decision::Deny(Reason::LastHolder),
        _ => Decision::Allow,
    }
}

/// What `actor` may see, as data. It agrees with [`decide`] on [`Action::ViewApplication`] and
/// [`Action::ViewMaterial`], because both are read off the same table.
pub fn scope(actor: &Actor) -> Scope {
    let sees_any = |held: &Held<'_>| actor.admits(Action::ViewApplication) && held.sees_any(actor);
    Scope { grants: duties::of(actor).filter(sees_any).flat_map(|held| held.grants(actor)).collect() }
}

/// The smallest group of applications of which a report gives `actor` figures; smaller ones are withheld. Of several
/// roles the one that gives most decides.
pub fn smallest_group(actor: &Actor) -> u64 {
    let making = duties::of(actor).filter(|held| held.does(Action::Report));
    making.map(|held| held.duties.smallest_group).min().unwrap_or(u64::MAX)
}

/// Whether `actor` is told of something of this kind about `resource`: an application that they see, or the archive. It is
/// asked when the notice is made, again when it leaves, and again when it is read.
pub fn hears(actor: &Actor, kind: NoticeKind, resource: &Resource) -> bool {
    match resource {
        Resource::Application { position, stage } if kind.is_about_applications() => {
            duties_at(actor, (*position, *stage)).any(|held| held.duties.hears.contains(&kind))
        }
        Resource::Archive if !kind.is_about_applications() => {
            duties::of(actor).any(|held| held.duties.hears.contains(&kind))
        }
        _ => false,
    }
}

/// Whether a kind of notice is for `actor` at all: to know what to offer.
pub fn concerns(actor: &Actor, kind: NoticeKind) -> bool {
    duties::of(actor).any(|held| held.duties.hears.contains(&kind))
}

fn on_application(actor: &Actor, action: Action, position: PositionId, stage: Stage) -> Result<(), Reason> {
    let by_position = || duties::of(actor).filter(|held| held.sees_position(actor, position));
    let by_stage = || duties_at(actor, (position, stage));
    let would = |action| by_stage().any(|held| held.does_at(action, stage));
    let may = |action| actor.admits(action) && would(action);
    if may(action) {
        return Ok(());
    }
    Err(match action {
        _ if !actor.admits(Action::ViewApplication) => Reason::NoApplications,
        _ if !duties::of(actor).any(|held| held.sees_any(actor)) => Reason::NoApplications,
        _ if by_position().next().is_none() => Reason::OtherPosition,
        _ if by_stage().next().is_none() => Reason::OtherStage,
        _ if would(action) => Reason::OutsideToken,
        Action::ViewMaterial(_) => Reason::OtherKind,
        Action::DownloadMaterial(kind) if may(Action::ViewMaterial(kind)) => Reason::ViewOnly,
        Action::DownloadMaterial(_) => Reason::OtherKind,
        _ if by_position().any(|held| held.does(action)) => Reason::NotInThisStage,
        _ => Reason::NotYourDuty,
    })
}

/// The duties that cover applications of this position in this stage.
fn duties_at(actor: &Actor, (position, stage): (PositionId, Stage)) -> impl Iterator<Item = Held<'_>> + '_ {
    duties::of(actor).filter(move |held| held.sees_position(actor, position) && held.sees_stage(stage))
}

/// On a scorecard of an application that is seen: one's own; as a duty, everybody's; and among those who write
/// scorecards those of one another, once nobody can be swayed by them.
fn on_scorecard(
    actor: &Actor,
    action: Action,
    at: (PositionId, Stage),
    by: UserId,
    both_handed_in: bool,
) -> Result<(), Reason> {
    let does = |action| duties_at(actor, at).any(|held| held.does_at(action, at.1));
    let writes = does(Action::WriteScorecard);
    let is_own = actor.user().is_some_and(|user| user.id == by);
    match does(action) || writes && (is_own || both_handed_in) {
        true if actor.admits(action) => Ok(()),
        true => Err(Reason::OutsideToken),
        false if writes => Err(Reason::ScorecardOpen),
        false => Err(Reason::NotYourDuty),
    }
}

fn on_archive(actor: &Actor, action: Action) -> Result<(), Reason> {
    match actor {
        Actor::Person { user, .. } if user.is_suspended() => Err(Reason::Suspended),
        _ if !duties::of(actor).any(|held| held.does(action)) => Err(Reason::NotYourDuty),
        _ if !actor.admits(action) => Err(Reason::OutsideToken),
        _ => Ok(()),
    }
}

/// Everybody does with their own account what belongs to it; nobody does with another's.
fn on_account(actor: &Actor, action: Action, account: UserId) -> Result<(), Reason> {
    match actor {
        Actor::Person { user, .. } if user.is_suspended() => Err(Reason::Suspended),
        Actor::Person { user, .. } if user.id != account => Err(Reason::NotYourDuty),
        Actor::Person { .. } if !actor.admits(action) => Err(Reason::OutsideToken),
        Actor::Person { .. } => Ok(()),
        Actor::Archive(_) => on_archive(actor, action),
    }
}

fn grants_rights(action: Action) -> bool {
    matches!(action, Action::GrantRole | Action::GrantInterviewer | Action::ResetSignIn)
}

static NONE: BTreeSet<PositionId> = BTreeSet::new();

impl Held<'_> {
    /// The positions that are seen by these duties; `None` stands for all.
    fn positions<'a>(&self, actor: &'a Actor) -> Option<&'a BTreeSet<PositionId>> {
        match (self.duties.reach, actor) {
            (Reach::Everything, _) => None,
            (Reach::OwnPositions, Actor::Person { positions, .. }) => Some(positions),
            _ => Some(&NONE),
        }
    }

    fn sees_any(&self, actor: &Actor) -> bool {
        self.positions(actor).is_none_or(|positions| !positions.is_empty())
    }

    fn sees_position(&self, actor: &Actor, position: PositionId) -> bool {
        self.positions(actor).is_none_or(|positions| positions.contains(&position))
    }

    fn sees_stage(&self, stage: Stage) -> bool {
        self.table.sees_stage(self.role, self.duties, stage)
    }

    fn sight(&self, stage: Stage, kind: MaterialKind) -> Sight {
        // A job of the archive sees nothing of materials.
        self.role.map_or(Sight::Nothing, |role| self.table.sight(Cell { role, stage, kind }))
    }

    /// Whether an action is among these duties, wherever an application stands.
    fn does(&self, action: Action) -> bool {
        self.duties.does.contains(&action)
    }

    /// Whether an action is among these duties for an application that they see in this stage. What is more than to see
    /// belongs to the stages of the duties, whatever else a bank lets them see.
    fn does_at(&self, action: Action, stage: Stage) -> bool {
        match action {
            Action::ViewApplication => true,
            Action::ViewMaterial(kind) => self.sight(stage, kind) >= Sight::View,
            Action::DownloadMaterial(kind) => self.sight(stage, kind) == Sight::Download,
            other => self.duties.stages.contains(&stage) && self.does(other),
        }
    }

    /// What is seen, as data: a grant for the stages in which the same is.
    fn grants(self, actor: &Actor) -> Vec<Grant> {
        let mut stages: BTreeMap<(BTreeSet<MaterialKind>, Scorecards), BTreeSet<Stage>> = BTreeMap::new();
        for stage in Stage::ALL.into_iter().filter(|stage| self.sees_stage(*stage)) {
            let shows = |kind: &MaterialKind| {
                actor.admits(Action::ViewMaterial(*kind)) && self.sight(stage, *kind) >= Sight::View
            };
            let kinds = MaterialKind::ALL.into_iter().filter(shows).collect();
            stages.entry((kinds, self.scorecards(actor, stage))).or_default().insert(stage);
        }
        let positions = || self.positions(actor).cloned().map_or(Positions::All, Positions::Only);
        let grant =
            |((kinds, scorecards), stages)| Grant { positions: positions(), stages, kinds, scorecards };
        stages.into_iter().map(grant).collect()
    }

    /// Which scorecards are seen of an application in this stage, as [`on_scorecard`] decides of those handed in.
    fn scorecards(&self, actor: &Actor, stage: Stage) -> Scorecards {
        match actor.user().filter(|_| actor.admits(Action::ViewScorecard)) {
            Some(_) if self.does_at(Action::ViewScorecard, stage) => Scorecards::All,
            Some(user) if self.does_at(Action::WriteScorecard, stage) => Scorecards::BesideOwn(user.id),
            _ => Scorecards::None,
        }
    }
}
