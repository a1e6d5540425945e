//! `theme …`

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Theme {
    /// All themes with their words
    List,
    /// Keep a theme, or give one that is kept other words
    Set(ThemeSet),
    /// Forget a theme
    Remove(ThemeRemove),
    /// Words that many say in answers and no theme has
    Suggest(ThemeSuggest),
}

#[derive(Debug, Args)]
pub(crate) struct ThemeSet {
    /// What it is called: 企业文化
    pub(crate) name: String,
    /// What it is called in English
    #[arg(long, value_name = "NAME")]
    pub(crate) en: Option<String>,
    /// The words and phrases that name it, in any language [default: its names]
    pub(crate) words: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ThemeRemove {
    /// What it is called
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct ThemeSuggest {
    /// In whose answers, as for `search`; everybody's if empty
    pub(crate) query: Vec<String>,
}
