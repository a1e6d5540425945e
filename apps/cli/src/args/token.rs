//! `token …`

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token; it is shown once
    Add(TokenAdd),
    /// All tokens of whoever acts
    List,
    /// Revoke a token
    Remove(TokenRemove),
}

#[derive(Debug, Args)]
pub(crate) struct TokenAdd {
    /// What it is for
    pub(crate) name: String,
    /// What it is good for: read, write, sync, manage, log
    #[arg(long)]
    pub(crate) scopes: String,
    /// In how many days it ends, 366 at most
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
    pub(crate) days: u32,
}

#[derive(Debug, Args)]
pub(crate) struct TokenRemove {
    /// Its id
    pub(crate) id: String,
}
