//! What is done along the process: claims are checked, offers are made.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::TableImport;

#[derive(Debug, Args)]
pub(crate) struct Claims {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// Write about this claim; one that the report does not name is added
    #[arg(long, value_name = "TEXT", requires = "verdict")]
    pub(crate) claim: Option<String>,
    /// What came of it: open, confirmed, contradicted
    #[arg(long, requires = "claim")]
    pub(crate) verdict: Option<String>,
    /// By what; needed for a contradiction
    #[arg(long, value_name = "TEXT", requires = "claim")]
    pub(crate) note: Option<String>,
    /// A file that shows it
    #[arg(long, value_name = "FILE", requires = "claim")]
    pub(crate) evidence: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Offer {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// Write down that an offer was made
    #[arg(long, conflicts_with_all = ["accept", "decline"])]
    pub(crate) extend: bool,
    /// What is offered
    #[arg(long, value_name = "TEXT", requires = "extend")]
    pub(crate) terms: Option<String>,
    /// Write down that the candidate accepts, who moves to hired
    #[arg(long, conflicts_with = "decline")]
    pub(crate) accept: bool,
    /// Write down that the candidate declines, and why, who moves to withdrawn
    #[arg(long, value_name = "REASON")]
    pub(crate) decline: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Timeline {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// Where to: resume_screening, ai_interview, human_interview, background_check, offer, hired, rejected, withdrawn
    #[arg(long, value_name = "STAGE", required_unless_present = "undo")]
    pub(crate) to: Option<String>,
    /// To which of the bank's steps in that stage
    #[arg(long, value_name = "STEP", requires = "to")]
    pub(crate) step: Option<String>,
    /// Why; a rejection needs a reason
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// Move all that the query finds, 5000 at most
    #[arg(long, requires = "to")]
    pub(crate) all: bool,
    /// Take the last move back instead
    #[arg(long, conflicts_with = "to")]
    pub(crate) undo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Board {
    /// The position's name or id
    pub(crate) position: String,
}

#[derive(Debug, Args)]
pub(crate) struct Scorecard {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// One's own score for a criterion, 1 to 5, as in 沟通=4; 沟通= takes it away; may be given several times
    #[arg(long = "mark", value_name = "CRITERION=SCORE")]
    pub(crate) marks: Vec<String>,
    /// Whether to take the candidate: strongly_for, for, against, strongly_against; "" takes it away
    #[arg(long, value_name = "WORD")]
    pub(crate) recommend: Option<String>,
    /// In a few words; "" takes it away
    #[arg(long, value_name = "TEXT")]
    pub(crate) summary: Option<String>,
    /// A note to add; may be given several times
    #[arg(long = "note", value_name = "TEXT")]
    pub(crate) notes: Vec<String>,
    /// A note to add at a place in the video, as in 1:23=讲得清楚; may be given several times
    #[arg(long = "note-at", value_name = "PLACE=TEXT")]
    pub(crate) notes_at: Vec<String>,
    /// A note to take away, by its place in the video or its text; may be given several times
    #[arg(long = "remove-note", value_name = "PLACE|TEXT")]
    pub(crate) removed_notes: Vec<String>,
    /// Hand it in, after which it can't be changed
    #[arg(long)]
    pub(crate) hand_in: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pipeline {
    /// Write where applications stand into an Excel file
    Export(PipelineExport),
    /// Move applications to the stages that a table gives them
    Import(TableImport),
}

#[derive(Debug, Args)]
pub(crate) struct PipelineExport {
    /// Which applications [default: all]
    pub(crate) query: Vec<String>,
    /// The file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}
