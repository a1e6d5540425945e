//! The help of a small program in both languages, and a mistake.
#![expect(clippy::print_stdout, reason = "an example shows what comes out")]

use clap::{Arg, Command};
use dossier_domain::Language;
use dossier_usage::{Texts, gaps, in_language, mistake};

const TEXTS: &Texts =
    &[("", "", "数候选人"), ("", "position", "只数这个岗位的"), ("", "version", "显示版本")];

fn program() -> Command {
    let position = Arg::new("position").long("position").help("Count those of this position alone");
    Command::new("count").version("1").about("Counts candidates").arg(position)
}

fn main() {
    assert!(gaps(program(), TEXTS).is_empty());
    for language in [Language::Chinese, Language::English] {
        let mut command = in_language(program(), TEXTS, language);
        println!("{}", command.render_help());
        if let Err(error) = command.try_get_matches_from(["count", "--positon", "x"]) {
            println!("{}\n", mistake(&error, language, "count --help"));
        }
    }
}
