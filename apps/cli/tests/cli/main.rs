//! The built binary, run on folders of its own as a person would run it.

mod answers;
mod archives;
mod demo;
mod hostile;
mod killed;
mod place;
