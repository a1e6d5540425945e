//! The definitions as a whole.

use clap::CommandFactory;
use dossier_domain::Language;

use super::*;

#[test]
fn every_command_and_argument_has_a_text_in_both_languages_and_no_text_is_left_over() {
    let gaps = dossier_usage::gaps(Cli::command(), chinese::TEXTS);
    assert!(gaps.is_empty(), "{gaps:#?}");
}

#[test]
fn no_argument_hides_a_global_one() {
    fn check(command: &clap::Command) {
        let has = |name| command.get_arguments().any(|arg| arg.get_long() == Some(name));
        for name in ["data", "key-file", "passphrase-file", "as", "json", "lang"] {
            assert!(has(name), "{} has no --{name}", command.get_name());
        }
        command.get_subcommands().for_each(check);
    }
    let mut command = command(Language::English);
    command.build();
    check(&command);
}

#[test]
fn clap_finds_nothing_wrong_with_the_definitions() {
    command(Language::English).debug_assert();
    command(Language::Chinese).debug_assert();
}
