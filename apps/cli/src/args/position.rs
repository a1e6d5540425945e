//! `position …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Position {
    /// Set up a position
    Add(PositionAdd),
    /// All positions
    List,
    /// Change a position: its names, its pass mark, what is asked, how assessments count
    Edit(PositionEdit),
    /// Set up and change positions by a table, Excel or CSV
    Import(TableImport),
    /// Make a user the interviewer of a position
    Interviewer(PositionInterviewer),
    /// Say which branch hires for a position
    Branch(PositionBranch),
    /// Close a position, which ends its interviewers' rights
    Close(PositionClose),
}

#[derive(Debug, Args)]
pub(crate) struct PositionAdd {
    /// The position's name
    pub(crate) name: String,
    /// Another name under which vendors list it; may be given several times
    #[arg(long = "alias", value_name = "NAME")]
    pub(crate) aliases: Vec<String>,
    /// The branch of the bank that hires for it
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Option<String>,
    /// The AI score, 0 to 100, from which an interview counts as passed
    #[arg(long, value_name = "SCORE")]
    pub(crate) pass_mark: Option<f64>,
    /// A question that is asked; may be given several times
    #[arg(long = "question", value_name = "TEXT")]
    pub(crate) questions: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PositionEdit {
    /// The position's name
    pub(crate) position: String,
    /// Another name; the one before stays an alias, for what arrives under it
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The other names instead of those before; may be given several times
    #[arg(long = "alias", value_name = "NAME")]
    pub(crate) aliases: Vec<String>,
    /// The branch that hires for it; "" for none
    #[arg(long, value_name = "NAME")]
    pub(crate) branch: Option<String>,
    /// The score, 0 to 100, from which an interview counts as passed; "" for none
    #[arg(long, value_name = "SCORE")]
    pub(crate) pass_mark: Option<String>,
    /// A question, instead of those before; may be given several times
    #[arg(long = "question", value_name = "TEXT")]
    pub(crate) questions: Vec<String>,
    /// How much an assessment counts, as in Python=30%, instead of the shares before; may be given several times, "" for none
    #[arg(long = "weight", value_name = "ASSESSMENT=SHARE")]
    pub(crate) weights: Vec<String>,
    /// What interviewers judge by, instead of the criteria before; may be given several times, "" for the common ones
    #[arg(long = "criterion", value_name = "TEXT")]
    pub(crate) criteria: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TableImport {
    /// The table: .xlsx, or CSV in UTF-8 or GBK; its first row names the columns
    pub(crate) file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long = "try")]
    pub(crate) is_trial: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PositionInterviewer {
    /// The position's name
    pub(crate) position: String,
    /// The interviewer
    #[arg(value_name = "USER")]
    pub(crate) login: String,
    /// End it instead
    #[arg(long)]
    pub(crate) remove: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PositionBranch {
    /// The position's name
    pub(crate) position: String,
    /// The branch; none if left out
    pub(crate) branch: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PositionClose {
    /// The position's name
    pub(crate) position: String,
    /// Open it again instead
    #[arg(long)]
    pub(crate) reopen: bool,
}
