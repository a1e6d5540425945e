//! `policy …`

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Policy {
    #[command(subcommand)]
    pub(crate) command: Option<PolicyCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Change cells of the table; it holds from the next request
    Set(PolicySet),
}

#[derive(Debug, Args)]
pub(crate) struct PolicySet {
    /// Whose, with commas between them: hr, interviewer, background_checker
    #[arg(long = "role", value_name = "ROLES")]
    pub(crate) roles: String,
    /// At which stages, with commas between them, such as human_interview, offer; or all
    #[arg(long = "stage", value_name = "STAGES")]
    pub(crate) stages: String,
    /// Which materials, with commas between them: video, transcript, emotion, skills, report, supplement; or all
    #[arg(long = "kind", value_name = "KINDS")]
    pub(crate) kinds: String,
    /// What they may do from now on: nothing, view, download; or usual
    pub(crate) sight: String,
}
