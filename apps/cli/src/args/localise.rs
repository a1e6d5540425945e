//! The commands as clap takes them, with help in the language.

use clap::CommandFactory;
use dossier_domain::Language;

use super::{Cli, chinese};
use crate::exit;

/// All commands, with help in the language.
pub(crate) fn command(language: Language) -> clap::Command {
    dossier_usage::in_language(Cli::command().after_help(exit::help(language)), chinese::TEXTS, language)
}
