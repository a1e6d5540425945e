//! What holds for every actor, action and resource.

use std::{collections::BTreeSet, sync::Arc};

use dossier_access::{
    Action, Actor, Cell, Decision, Grant, Job, Pass, PolicyTable, Positions, Reason, Resource, Role, RoleSet,
    Scorecards, Sight, TokenScope, TokenScopes, action::Target, decide, decide_removal, scope,
};
use dossier_domain::{MaterialKind, Position, Stage, Tag, TagOrigin, text::TagName};
use proptest::{prelude::*, sample::select};

use super::people::{only, person, position, suspended, user};

fn actors() -> impl Strategy<Value = Actor> {
    let roles = proptest::collection::btree_set(select(&Role::ALL[..]), 1..4);
    let positions = proptest::collection::vec(0_u128..4, 0..4);
    let people = ((roles, positions, any::<bool>(), passes()), policies()).prop_filter_map(
        "roles that exclude one another",
        |((roles, positions, is_suspended, pass), policy)| {
            let actor = person(RoleSet::new(roles).ok()?, &positions).with_pass(pass).under(Arc::new(policy));
            Some(if is_suspended { suspended(actor) } else { actor })
        },
    );
    prop_oneof![9 => people, 1 => select(&Job::ALL[..]).prop_map(Actor::system)]
}

/// Tables as banks make them, and as nobody may: with cells beyond the limits, which count as the limits.
fn policies() -> impl Strategy<Value = PolicyTable> {
    let cells = (select(Cell::all().collect::<Vec<_>>()), select(&Sight::ALL[..]));
    let cells = || proptest::collection::vec(cells.clone(), 0..60);
    prop_oneof![2 => Just(PolicyTable::default()), 3 => cells().prop_map(PolicyTable::from)]
}

fn passes() -> impl Strategy<Value = Pass> {
    let scopes = proptest::collection::btree_set(select(&TokenScope::ALL[..]), 1..4);
    let token = scopes.prop_map(|scopes| Pass::Token(TokenScopes::new(scopes).unwrap()));
    prop_oneof![4 => Just(Pass::Full), 1 => Just(Pass::PasswordOnly), 4 => token]
}

fn stages() -> impl Strategy<Value = Stage> {
    select(&Stage::ALL[..])
}

fn actions() -> impl Strategy<Value = Action> {
    select(Action::all().collect::<Vec<_>>())
}

fn resources() -> impl Strategy<Value = Resource> {
    prop_oneof![
        (0_u128..4, stages()).prop_map(|(n, stage)| Resource::Application { position: position(n), stage }),
        scorecards(),
        Just(Resource::Archive),
        (0_u128..2).prop_map(|n| Resource::User { id: user(n) }),
    ]
}

fn scorecards() -> impl Strategy<Value = Resource> {
    let parts = (0_u128..4, stages(), 0_u128..2, any::<bool>(), any::<bool>());
    parts.prop_map(|(n, stage, by, is_final, own_is_final)| Resource::Scorecard {
        position: position(n),
        stage,
        by: user(by),
        is_final,
        own_is_final,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    /// A search filtered by the scope finds exactly what the decision function would show.
    #[test]
    fn scope_and_decision_agree(actor in actors(), n in 0_u128..4, stage in stages()) {
        let (scope, position) = (scope(&actor), position(n));
        let resource = Resource::Application { position, stage };
        let visible = decide(&actor, Action::ViewApplication, &resource).is_allowed();
        prop_assert_eq!(scope.allows(position, stage, None), visible);
        for kind in MaterialKind::ALL {
            let allowed = decide(&actor, Action::ViewMaterial(kind), &resource).is_allowed();
            prop_assert_eq!(scope.allows(position, stage, Some(kind)), allowed);
        }
        for own_is_final in [false, true] {
            let own = actor.user().map(|user| user.id).filter(|_| own_is_final);
            let (by, resource) = (user(7), |by| Resource::Scorecard { position, stage, by, is_final: true, own_is_final });
            let allowed = decide(&actor, Action::ViewScorecard, &resource(by)).is_allowed();
            let handed_in: Vec<_> = own.into_iter().chain([by]).collect();
            prop_assert_eq!(scope.shows_scorecards(position, stage, &handed_in), allowed);
        }
        prop_assert!(!scope.is_empty() || !visible);
    }

    /// Whatever a bank decides, and however it came to be stored, what separates duties stays.
    #[test]
    fn no_table_gives_more_than_its_limits(policy in policies(), role in select(&Role::ALL[..]), n in 0_u128..4, stage in stages()) {
        let actor = person(RoleSet::new([role]).unwrap(), &[1]).under(Arc::new(policy));
        let resource = Resource::Application { position: position(n), stage };
        let may = |action| decide(&actor, action, &resource).is_allowed();
        for kind in MaterialKind::ALL {
            let (views, takes) = (may(Action::ViewMaterial(kind)), may(Action::DownloadMaterial(kind)));
            prop_assert!(views || !takes);
            match role {
                Role::HrAdministrator => prop_assert!(may(Action::ViewApplication)),
                Role::Interviewer => prop_assert!(!takes && (!views || n == 1)),
                Role::BackgroundChecker => {
                    let is_felt = matches!(kind, MaterialKind::Video | MaterialKind::Emotion);
                    prop_assert!(!is_felt || !views);
                    prop_assert!(!views || matches!(stage, Stage::BackgroundCheck | Stage::Offer));
                }
                Role::Auditor | Role::SystemAdministrator => prop_assert!(!views && !may(Action::ViewApplication)),
            }
        }
        if role == Role::BackgroundChecker && may(Action::CheckClaims) {
            prop_assert_eq!(stage, Stage::BackgroundCheck);
        }
    }

    /// What is decided is what is seen, within the limits, and a table reads what it writes.
    #[test]
    fn a_decided_cell_is_what_it_says_or_is_refused(mut policy in policies(), cell in select(Cell::all().collect::<Vec<_>>()), sight in select(&Sight::ALL[..])) {
        let before = policy.clone();
        match policy.decide(cell, sight) {
            Ok(()) => {
                prop_assert_eq!(policy.sight(cell), sight);
                let others = before.differences(&policy);
                prop_assert!(others.iter().all(|(of, _)| *of == cell));
                prop_assert_eq!(before.shrinks(&policy, cell.role), sight < before.sight(cell));
            }
            Err(_) => prop_assert!(sight > PolicyTable::limit(cell) && policy == before),
        }
        let written = serde_json::to_string(&policy).unwrap();
        prop_assert_eq!(serde_json::from_str::<PolicyTable>(&written).unwrap(), policy);
        prop_assert!(PolicyTable::usual(cell) <= PolicyTable::limit(cell));
    }

    /// Whatever is denied about an application that the actor may not see, is denied as if there were none.
    #[test]
    fn what_is_not_visible_does_not_exist(actor in actors(), action in actions(), n in 0_u128..4, stage in stages()) {
        let resource = Resource::Application { position: position(n), stage };
        let visible = decide(&actor, Action::ViewApplication, &resource).is_allowed();
        match decide(&actor, action, &resource) {
            Decision::Allow => prop_assert!(visible),
            // To them everything looks like this, also what is not there.
            Decision::Deny(Reason::SecondFactorMissing) => prop_assert!(actor.barred().is_some() && !visible),
            Decision::Deny(Reason::NotApplicable) => prop_assert!(action.target() != Action::ViewApplication.target()),
            Decision::Deny(reason) => prop_assert_eq!(reason.hidden(), !visible),
        }
    }

    /// Nothing of a scorecard tells of an application that is not seen, and no colleague's sways who still has to write.
    #[test]
    fn a_scorecard_is_hidden_with_its_application_and_from_who_still_writes(actor in actors(), of in scorecards()) {
        let Resource::Scorecard { position, stage, by, is_final, own_is_final } = of else { unreachable!() };
        let application = Resource::Application { position, stage };
        let may = |action| decide(&actor, action, &application).is_allowed();
        let is_hr = actor.roles().contains(&Role::HrAdministrator);
        let is_own = actor.user().is_some_and(|user| user.id == by);
        match decide(&actor, Action::ViewScorecard, &of) {
            Decision::Allow => {
                prop_assert!(may(Action::ViewApplication));
                prop_assert!(is_hr || is_own || is_final && own_is_final);
            }
            Decision::Deny(reason) => {
                prop_assert!(may(Action::ViewApplication) || reason.hidden() || actor.barred() == Some(reason));
                prop_assert!(!is_own || !may(Action::WriteScorecard) || reason == Reason::OutsideToken);
            }
        }
    }

    #[test]
    fn a_suspended_user_may_do_nothing(actor in actors(), action in actions(), resource in resources()) {
        let actor = suspended(actor);
        if actor.user().is_some() {
            prop_assert!(!decide(&actor, action, &resource).is_allowed());
            prop_assert!(scope(&actor).is_empty());
        }
    }

    /// A further role or position takes nothing away.
    #[test]
    fn rights_grow_with_roles_and_positions(
        role in select(&Role::ALL[..]), more in select(&Role::ALL[..]), n in 0_u128..4,
        action in actions(), resource in resources(),
    ) {
        let before = decide(&person(role, &[1]), action, &resource);
        if let Ok(both) = RoleSet::from(role).with(more) {
            let after = decide(&person(both, &[1, n]), action, &resource);
            prop_assert!(after.is_allowed() || !before.is_allowed());
        }
    }

    /// Who may take a material away may see it.
    #[test]
    fn download_includes_view(actor in actors(), resource in resources(), kind in select(&MaterialKind::ALL[..])) {
        let download = decide(&actor, Action::DownloadMaterial(kind), &resource);
        prop_assert!(!download.is_allowed() || decide(&actor, Action::ViewMaterial(kind), &resource).is_allowed());
    }

    #[test]
    fn nobody_grants_to_themselves(actor in actors()) {
        for action in [Action::GrantRole, Action::GrantInterviewer, Action::ResetSignIn] {
            let own = decide(&actor, action, &Resource::User { id: user(0) });
            prop_assert!(actor.user().is_none() || !own.is_allowed());
            let is_whole = matches!(actor, Actor::Person { pass: Pass::Full, .. });
            prop_assert!(!is_whole || own == Decision::Deny(Reason::OwnRights));
        }
    }

    /// What somebody comes in with only takes away, from decisions and from searches alike.
    #[test]
    fn a_pass_adds_nothing(actor in actors(), action in actions(), resource in resources()) {
        let whole = actor.clone().with_pass(Pass::Full);
        prop_assert!(!decide(&actor, action, &resource).is_allowed() || decide(&whole, action, &resource).is_allowed());
        let (own, all) = (scope(&actor), scope(&whole));
        for (n, stage) in (0..4).flat_map(|n| Stage::ALL.map(|stage| (n, stage))) {
            for kind in MaterialKind::ALL.map(Some).into_iter().chain([None]) {
                prop_assert!(!own.allows(position(n), stage, kind) || all.allows(position(n), stage, kind));
            }
        }
    }

    /// A further scope takes nothing away, and all together still leave one's own account out.
    #[test]
    fn a_token_grows_with_its_scopes(
        actor in actors(), scope in select(&TokenScope::ALL[..]), more in select(&TokenScope::ALL[..]),
        action in actions(), resource in resources(),
    ) {
        let with = |scopes: &[TokenScope]| {
            let scopes = TokenScopes::new(scopes.iter().copied()).unwrap();
            decide(&actor.clone().with_pass(Pass::Token(scopes)), action, &resource).is_allowed()
        };
        prop_assert!(!with(&[scope]) || with(&[scope, more]));
        let is_person = actor.user().is_some();
        prop_assert!(!is_person || action.target() != Target::Account || !with(&TokenScope::ALL));
    }

    /// Who lacks the second factor sets it up or goes; nothing else, and nothing tells them what there is.
    #[test]
    fn a_password_alone_opens_nothing(actor in actors(), action in actions(), resource in resources()) {
        let actor = actor.with_pass(Pass::PasswordOnly);
        let may = [Action::ChangeSecondFactor, Action::SignOut];
        if let Some(user) = actor.user().filter(|user| !user.is_suspended()) {
            let own = resource == Resource::User { id: user.id };
            match decide(&actor, action, &resource) {
                Decision::Allow => prop_assert!(own && may.contains(&action)),
                Decision::Deny(Reason::SecondFactorMissing) => prop_assert!(!may.contains(&action)),
                Decision::Deny(_) => prop_assert!(may.contains(&action)),
            }
            prop_assert!(scope(&actor).is_empty());
        }
    }

    #[test]
    fn everybodys_account_is_their_own(actor in actors(), action in actions(), n in 0_u128..2) {
        if let (Some(person), Target::Account) = (actor.user(), action.target()) {
            let allowed = decide(&actor, action, &Resource::User { id: user(n) }).is_allowed();
            prop_assert!(!allowed || person.id == user(n));
            let is_whole = matches!(actor, Actor::Person { pass: Pass::Full, .. }) && !person.is_suspended();
            prop_assert!(!is_whole || allowed == (n == 0));
        }
    }
}

#[test]
fn the_reason_says_what_was_in_the_way() {
    let at = |n, stage| Resource::Application { position: position(n), stage };
    let video = MaterialKind::Video;
    let interviewer = only(Role::Interviewer);
    let writing_hr = || person(RoleSet::new([Role::HrAdministrator, Role::Interviewer]).unwrap(), &[1]);
    let card = |n, is_final, own_is_final| Resource::Scorecard {
        position: position(n),
        stage: Stage::HumanInterview,
        by: user(1),
        is_final,
        own_is_final,
    };
    let checker = only(Role::BackgroundChecker);
    for (actor, action, resource, reason) in [
        (&interviewer, Action::ViewMaterial(video), at(2, Stage::AiInterview), Reason::OtherPosition),
        (&interviewer, Action::ViewMaterial(video), at(1, Stage::Offer), Reason::OtherStage),
        (&interviewer, Action::DownloadMaterial(video), at(1, Stage::AiInterview), Reason::ViewOnly),
        (&interviewer, Action::ChangeTags, at(1, Stage::AiInterview), Reason::NotYourDuty),
        (&interviewer, Action::Search, at(1, Stage::AiInterview), Reason::NotApplicable),
        (&writing_hr(), Action::WriteScorecard, at(1, Stage::Withdrawn), Reason::NotInThisStage),
        (&writing_hr(), Action::WriteScorecard, at(2, Stage::HumanInterview), Reason::NotYourDuty),
        (&interviewer, Action::WriteScorecard, at(1, Stage::Withdrawn), Reason::OtherStage),
        (&interviewer, Action::ViewScorecard, card(1, true, false), Reason::ScorecardOpen),
        (&interviewer, Action::ViewScorecard, card(1, false, true), Reason::ScorecardOpen),
        (&interviewer, Action::ViewScorecard, card(2, true, true), Reason::OtherPosition),
        (
            &only(Role::BackgroundChecker),
            Action::ViewScorecard,
            at(1, Stage::BackgroundCheck),
            Reason::NotApplicable,
        ),
        (&checker, Action::ViewMaterial(video), at(1, Stage::BackgroundCheck), Reason::OtherKind),
        (&checker, Action::DownloadMaterial(video), at(1, Stage::BackgroundCheck), Reason::OtherKind),
        (&only(Role::Auditor), Action::ViewApplication, at(1, Stage::AiInterview), Reason::NoApplications),
        (
            &person(Role::Interviewer, &[]),
            Action::ViewApplication,
            at(1, Stage::Offer),
            Reason::NoApplications,
        ),
        (&only(Role::HrAdministrator), Action::ReadLog, Resource::Archive, Reason::NotYourDuty),
        (&suspended(only(Role::Auditor)), Action::ReadLog, Resource::Archive, Reason::Suspended),
    ] {
        assert_eq!(decide(actor, action, &resource), Decision::Deny(reason), "{action} on {resource:?}");
    }
}

#[test]
fn reasons_have_codes_of_their_own() {
    let codes: BTreeSet<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(codes.len(), Reason::ALL.len());
    assert!(codes.iter().all(|code| dossier_access::Word::parse(code).is_ok()));
}

#[test]
fn an_interviewers_scope_is_their_own_positions() {
    let all: BTreeSet<MaterialKind> = MaterialKind::ALL.into();
    let expected = Grant {
        positions: Positions::Only([position(1), position(3)].into()),
        stages: [Stage::AiInterview, Stage::HumanInterview].into(),
        kinds: all,
        scorecards: Scorecards::BesideOwn(user(0)),
    };
    assert_eq!(scope(&person(Role::Interviewer, &[1, 3])).grants, [expected]);
}

#[test]
fn closed_positions_and_those_of_others_give_no_rights() {
    let Actor::Person { user, .. } = only(Role::Interviewer) else { unreachable!() };
    let opening = |n, interviewers, closed_at| {
        let position = serde_json::json!({
            "id": position(n), "name": "客户经理", "interviewers": interviewers,
            "created_at": "2026-01-01T00:00:00Z", "closed_at": closed_at,
        });
        serde_json::from_value::<Position>(position).unwrap()
    };
    let other = super::people::user(1);
    let openings = [
        opening(1, vec![user.id, other], None),
        opening(2, vec![user.id], Some("2026-02-01T00:00:00Z")),
        opening(3, vec![other], None),
    ];
    let Actor::Person { positions, .. } = Actor::person(user, &openings) else { unreachable!() };
    assert_eq!(positions, [position(1)].into());
}

#[test]
fn a_tag_that_tells_of_a_material_is_seen_with_the_material() {
    let tag = |origin| Tag { name: TagName::parse("情绪积极").unwrap(), origin };
    let of_emotion = tag(TagOrigin::Rule { reveals: Some(MaterialKind::Emotion) });
    let of_skill = tag(TagOrigin::Rule { reveals: Some(MaterialKind::SkillAssessment) });
    let plain = tag(TagOrigin::Rule { reveals: None });
    let by_hr = tag(TagOrigin::Person { by: user(1), at: Default::default() });
    let (checker, stage) = (scope(&only(Role::BackgroundChecker)), Stage::BackgroundCheck);
    assert!(!checker.shows_tag(position(1), stage, &of_emotion));
    for shown in [&of_skill, &plain, &by_hr] {
        assert!(checker.shows_tag(position(1), stage, shown));
        assert!(!checker.shows_tag(position(1), Stage::AiInterview, shown));
    }
    assert!(scope(&only(Role::HrAdministrator)).shows_tag(position(1), stage, &of_emotion));
}

#[test]
fn the_last_auditor_and_the_last_system_administrator_stay() {
    for role in Role::ALL {
        let is_kept = matches!(role, Role::Auditor | Role::SystemAdministrator);
        assert_eq!(!decide_removal(role, 0).is_allowed(), is_kept);
        assert!(decide_removal(role, 1).is_allowed());
    }
}
