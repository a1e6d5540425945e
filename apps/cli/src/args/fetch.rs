//! `fetch`, `release …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Order;

/// What is to be taken away.
#[derive(Debug, Args)]
pub(crate) struct Wanted {
    /// Which applications, as in search
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// Which contents, with commas between them: video, transcript, emotion, skills, report, supplement, or all
    #[arg(long, default_value = "all")]
    pub(crate) contents: String,
    /// What for; it goes into the operation log
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// At most so many applications, the first ones in the order
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: Option<u32>,
    /// The order
    #[arg(long, value_name = "ORDER")]
    pub(crate) sort: Option<Order>,
}

#[derive(Debug, Args)]
pub(crate) struct Fetch {
    #[command(flatten)]
    pub(crate) wanted: Wanted,
    /// The ZIP to be written
    #[arg(short, long, value_name = "FILE.zip")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Release {
    /// Ask another person to release a batch download
    Ask(Wanted),
    /// One's own requests, and those that wait for one's release
    List,
    /// Release what somebody else asks for
    Allow(ReleaseId),
    /// Refuse what somebody else asks for
    Refuse(ReleaseId),
    /// Fetch what was released, as one ZIP
    Fetch(ReleaseFetch),
    /// Show or change from how many applications on a release is needed
    Rule(ReleaseRule),
}

#[derive(Debug, Args)]
pub(crate) struct ReleaseId {
    /// The request's id
    pub(crate) id: String,
}

#[derive(Debug, Args)]
pub(crate) struct ReleaseFetch {
    /// The request's id
    pub(crate) id: String,
    /// The ZIP to be written
    #[arg(short, long, value_name = "FILE.zip")]
    pub(crate) output: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ReleaseRule {
    /// From so many applications a day on
    #[arg(long, value_name = "N", conflicts_with = "never", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) from: Option<u32>,
    /// Never
    #[arg(long)]
    pub(crate) never: bool,
}
