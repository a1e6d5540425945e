//! What the command lines have in common: the language of whoever types, help in it, and mistakes in it.
//!
//! Programs write their commands and the English help as clap takes them. The Chinese help is a table of [`Texts`] beside
//! them, and a test of the program holds the two together by [`gaps`].

mod help;
mod language;
mod mistake;

pub use help::{Texts, gaps, in_language};
pub use language::of_process;
pub use mistake::mistake;
