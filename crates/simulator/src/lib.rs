//! A made-up bank, and a vendor that serves its interviews: what demo, tests and benches run against.
//!
//! [`Bank`] computes each interview from a seed and a number, so that a million of them need no memory. [`RibbonServer`]
//! speaks Ribbon's API as a real HTTP server on loopback, with real videos, and misbehaves when told to;
//! [`LoginProvider`] is the bank's own login, and lies when told to; [`RobotServer`] plays the robots of three vendors and
//! a receiver of webhooks. Nobody in here exists: names are drawn by lot, telephone numbers and identity numbers are of ranges that are never assigned.

pub mod bank;
pub mod login;
pub mod ribbon;
pub mod robots;
pub mod video;

pub use bank::{Bank, BankOptions, Sitting, Story};
pub use login::{LoginProvider, SignedBy, Statement};
pub use ribbon::{Accepted, ApiFault, Behaviour, MediaFault, RetryAfter, RibbonServer, Spoil, Stats, Storm};
pub use robots::{Event, Mischief, RobotServer, Said};
