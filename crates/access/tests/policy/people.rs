//! Actors to ask about.

use std::{collections::BTreeSet, sync::Arc};

use dossier_access::{Actor, Pass, Role, RoleSet, User};
use dossier_domain::{
    PositionId, UserId,
    text::{Login, PersonName},
};

pub(crate) fn position(n: u128) -> PositionId {
    PositionId::new(Default::default(), n)
}

pub(crate) fn user(n: u128) -> UserId {
    UserId::new(Default::default(), n)
}

/// User 0 with these roles, as interviewer of these positions.
pub(crate) fn person(roles: impl Into<RoleSet>, positions: &[u128]) -> Actor {
    let user = User {
        id: user(0),
        login: Login::parse("zhang").unwrap(),
        name: PersonName::parse("张三").unwrap(),
        roles: roles.into(),
        created_at: Default::default(),
        suspended_at: None,
    };
    let positions: BTreeSet<PositionId> = positions.iter().map(|n| position(*n)).collect();
    Actor::Person { user, positions, pass: Pass::Full, policy: Arc::default() }
}

pub(crate) fn suspended(actor: Actor) -> Actor {
    match actor {
        Actor::Person { user, positions, pass, policy } => Actor::Person {
            user: User { suspended_at: Some(Default::default()), ..user },
            positions,
            pass,
            policy,
        },
        archive => archive,
    }
}

/// An actor of one role; an interviewer is responsible for position 1.
pub(crate) fn only(role: Role) -> Actor {
    person(role, &[1])
}
