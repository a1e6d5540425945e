//! `search`, `saved …`

use clap::{Args, Subcommand};

use super::Order;

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What to find: 张三+客户经理+80分, 岗位=风险控制 AI得分≥75, "words in the transcript"; everything if empty
    pub(crate) query: Vec<String>,
    /// The search that is kept under this name
    #[arg(long, value_name = "NAME", conflicts_with = "query")]
    pub(crate) saved: Option<String>,
    /// The order
    #[arg(long, value_name = "ORDER")]
    pub(crate) sort: Option<Order>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// The page after this cursor, which the page before names
    #[arg(long, value_name = "CURSOR")]
    pub(crate) after: Option<String>,
    /// Count by position, stage, month, score, emotion and tag
    #[arg(long)]
    pub(crate) facets: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Saved {
    /// All searches that whoever acts has kept
    List,
    /// Keep a search under a name
    Add(SavedAdd),
    /// Give a search another name
    Rename(SavedRename),
    /// Forget a search
    Remove(SavedRemove),
}

#[derive(Debug, Args)]
pub(crate) struct SavedAdd {
    /// What to call it
    pub(crate) name: String,
    /// What to find, as for `search`
    #[arg(required = true)]
    pub(crate) query: Vec<String>,
    /// The order
    #[arg(long, value_name = "ORDER")]
    pub(crate) sort: Option<Order>,
}

#[derive(Debug, Args)]
pub(crate) struct SavedRename {
    /// What it is called
    pub(crate) name: String,
    /// What to call it from now on
    pub(crate) to: String,
}

#[derive(Debug, Args)]
pub(crate) struct SavedRemove {
    /// What it is called
    pub(crate) name: String,
}
