//! The pages, one module for each address or two.

pub(crate) mod account;
pub(crate) mod analysis;
pub(crate) mod board;
pub(crate) mod candidates;
pub(crate) mod channels;
pub(crate) mod choice;
pub(crate) mod connections;
pub(crate) mod done;
pub(crate) mod dossier;
pub(crate) mod fetch;
pub(crate) mod interviews;
pub(crate) mod lexicon;
pub(crate) mod log;
pub(crate) mod notices;
pub(crate) mod pipeline;
pub(crate) mod positions;
pub(crate) mod provider;
pub(crate) mod releases;
pub(crate) mod session;
pub(crate) mod settings;
pub(crate) mod sign_in;
pub(crate) mod stage;
mod tables;
pub(crate) mod tags;
pub(crate) mod upload;
pub(crate) mod users;
