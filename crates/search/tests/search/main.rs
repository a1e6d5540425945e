//! The index as its callers see it.

mod finding;
mod given;
mod hiding;
mod sealing;
mod writing;
