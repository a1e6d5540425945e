//! `tag`, `preset …`

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct Tag {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// A tag to put on; may be given several times
    #[arg(long, value_name = "TAG", required_unless_present = "remove")]
    pub(crate) add: Vec<String>,
    /// A tag to take away; may be given several times
    #[arg(long, value_name = "TAG")]
    pub(crate) remove: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Preset {
    /// All tags that are kept ready
    List,
    /// Keep a tag ready, or give it another colour
    Add(PresetAdd),
    /// Keep a tag ready no longer; where it was put on it stays
    Remove(PresetRemove),
}

#[derive(Debug, Args)]
pub(crate) struct PresetAdd {
    /// The tag
    pub(crate) name: String,
    /// Its colour in the pages: green, amber, red, grey [default: none]
    #[arg(long)]
    pub(crate) colour: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PresetRemove {
    /// The tag
    pub(crate) name: String,
}
