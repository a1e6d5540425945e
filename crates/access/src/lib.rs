//! Who may do what, and the log of who did.
//!
//! | question | answered by |
//! |---|---|
//! | Who acts, when, on which request? | [`Context`], which every use case takes first |
//! | May they? | [`decide`], a pure function; its whole policy is the table in `policy.md` |
//! | Are they who they say? | [`Password`], [`TotpSecret`], [`Token`]: what is checked, and what is kept of it; [`oidc`]: what the bank's own login says |
//! | Which applications may a search show them? | [`scope()`], the same policy as data |
//! | What happened? | [`log`]: chained records, a Merkle tree over them, signed checkpoints, a verifier |
//!
//! This crate does no input or output and knows no storage: the archive asks it, and stores what it returns.

pub mod action;
pub mod actor;
pub mod context;
pub mod digest;
mod error;
mod hexed;
pub mod log;
pub mod oidc;
pub mod pass;
pub mod password;
mod policy;
pub mod role;
pub mod token;
pub mod totp;
pub mod user;
pub mod word;

pub use action::{Action, Resource, Target};
pub use actor::{Actor, Job};
pub use context::{Context, RequestId};
pub use digest::Digest;
pub use dossier_domain::scope::{Grant, Positions, Scope, Scorecards};
pub use error::{Error, ErrorKind, Result};
pub use oidc::OidcFault;
pub use pass::{Pass, TokenScope, TokenScopes};
pub use password::{Password, PasswordFault, PasswordHash};
pub use policy::{
    Cell, Decision, PolicyTable, Reason, Sight, concerns, decide, decide_removal, hears, scope,
    smallest_group,
};
pub use role::{Role, RoleSet};
pub use token::{ApiToken, Token};
pub use totp::{RecoveryCode, TotpSecret};
pub use user::User;
pub use word::Word;
