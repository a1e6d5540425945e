//! The operation log: who did what, when, from where, with what outcome; made so that it cannot be changed unnoticed.

pub mod record;

pub use record::{Boot, BootId, Entry, LogRecord, Moment, Outcome};
