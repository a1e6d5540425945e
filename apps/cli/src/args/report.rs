//! `report`, `proposal …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Report {
    /// What is measured: pass-rate, funnel, scores, completeness, lateness, use, abilities, agreement, answers, fairness, thresholds, what-if
    #[arg(required_unless_present = "saved")]
    pub(crate) measure: Option<String>,
    /// Which applications, as in search; all if empty
    pub(crate) query: Vec<String>,
    /// The report that is kept under this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["measure", "query", "by", "period", "against", "position"])]
    pub(crate) saved: Option<String>,
    #[command(flatten)]
    pub(crate) how: How,
    /// Write it to this file instead; its ending says how: json, csv, svg, xlsx, pdf
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How a report is made.
#[derive(Debug, Args)]
pub(crate) struct How {
    /// What it is grouped by, with commas between: position, branch, stage, month, quarter, vendor, model, emotion, score, tag
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) by: Vec<String>,
    /// Compare this time with an earlier one: 2023-07..2023-09, 2023-Q3, month, quarter, year, last-month, last-quarter, last-year
    #[arg(long, value_name = "TIME", default_value = "", hide_default_value = true)]
    pub(crate) period: String,
    /// The earlier time [default: the one right before, as long]
    #[arg(long, value_name = "TIME", default_value = "", hide_default_value = true)]
    pub(crate) against: String,
    /// For what-if: the position whose rule is another
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    pub(crate) position: String,
    #[command(flatten)]
    pub(crate) rule: Rule,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SavedReport {
    /// All reports that whoever acts has kept, or was given
    List,
    /// Keep a report under a name
    Add(SavedReportAdd),
    /// Share a report with roles, each of which sees in it what it may
    Share(SavedReportShare),
    /// Give a report another name
    Rename(SavedReportRename),
    /// Remind the readers of a report, by a notice with a link
    Remind(SavedReportRemind),
    /// Forget a report
    Remove(SavedReportRemove),
}

#[derive(Debug, Args)]
pub(crate) struct SavedReportAdd {
    /// What to call it
    pub(crate) name: String,
    /// What is measured, as for `report`
    pub(crate) measure: String,
    /// Which applications, as in search; all if empty
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) how: How,
    /// Share it with these roles, with commas between: hr, interviewer, background_checker
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    pub(crate) share: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SavedReportShare {
    /// What it is called
    pub(crate) name: String,
    /// The roles from now on, with commas between: hr, interviewer, background_checker; none for oneself alone
    #[arg(value_delimiter = ',')]
    pub(crate) roles: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SavedReportRename {
    /// What it is called
    pub(crate) name: String,
    /// What to call it
    pub(crate) new_name: String,
}

#[derive(Debug, Args)]
pub(crate) struct SavedReportRemind {
    /// What it is called
    pub(crate) name: String,
    /// How often: weekly, monthly, never
    pub(crate) rhythm: String,
}

#[derive(Debug, Args)]
pub(crate) struct SavedReportRemove {
    /// What it is called
    pub(crate) name: String,
}

/// A rule of judging.
#[derive(Debug, Args)]
pub(crate) struct Rule {
    /// The share of an assessment in the rule, in per cent; may be given several times
    #[arg(long = "weight", value_name = "ASSESSMENT=PERCENT")]
    pub(crate) weights: Vec<String>,
    /// The pass mark of the rule, 0 to 100
    #[arg(long, value_name = "SCORE", default_value = "", hide_default_value = true)]
    pub(crate) pass_mark: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Proposal {
    /// All proposals, the oldest first
    List,
    /// Keep a rule as a proposal, with what it would have meant
    Add(ProposalAdd),
    /// Judge by the proposed rule from now on; vendors' scores stay
    Apply(ProposalApply),
    /// Decide against a proposal
    Reject(ProposalReject),
}

#[derive(Debug, Args)]
pub(crate) struct ProposalAdd {
    /// The position
    pub(crate) position: String,
    /// Which of its past applications, as in search; all if empty
    pub(crate) query: Vec<String>,
    #[command(flatten)]
    pub(crate) rule: Rule,
    /// Why it is proposed
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ProposalApply {
    /// The proposal's id
    pub(crate) id: String,
    /// Why; it goes into the operation log
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
}

#[derive(Debug, Args)]
pub(crate) struct ProposalReject {
    /// The proposal's id
    pub(crate) id: String,
    /// Why; it goes into the operation log
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}
