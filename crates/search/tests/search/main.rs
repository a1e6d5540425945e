//! The index as its callers see it.
#![cfg(test)]

mod columns;
mod finding;
mod given;
mod hiding;
mod sealing;
mod writing;
