//! The commands as clap takes them, with help in the language.

use clap::{Arg, ArgAction, CommandFactory};
use dossier_domain::Language;

use super::{Cli, chinese};
use crate::exit;

const CHINESE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// All commands, with help in the language.
pub(crate) fn command(language: Language) -> clap::Command {
    let command = Cli::command().disable_version_flag(true).arg(
        Arg::new("version").short('V').long("version").action(ArgAction::Version).help("Print the version"),
    );
    let command = with_help(command).after_help(exit::help(language));
    match language {
        Language::English => command,
        Language::Chinese => in_chinese(command, ""),
    }
}

/// Replaces clap's own help option, whose text could not be changed.
fn with_help(command: clap::Command) -> clap::Command {
    let command = command.mut_args(|arg| arg.hide_env_values(true));
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help("Print this help");
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, with_help))
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .arg(help)
}

fn in_chinese(command: clap::Command, path: &str) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = match chinese::text(path, "") {
        Some(about) => command.about(about),
        None => command,
    };
    names
        .into_iter()
        .fold(command, |command, name| {
            let below = if path.is_empty() { name.clone() } else { format!("{path} {name}") };
            command.mut_subcommand(name, |sub| in_chinese(sub, &below))
        })
        .help_template(CHINESE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| argument_in_chinese(arg, path))
}

fn argument_in_chinese(arg: Arg, path: &str) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(_) => "通用选项",
        None if arg.is_positional() => "参数",
        None => "选项",
    };
    let Some(text) = chinese::text(path, arg.get_id().as_str()) else { return arg.help_heading(heading) };
    if !arg.get_action().takes_values() {
        return arg.help(text).help_heading(heading);
    }
    let mut text = text.to_owned();
    let default = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect::<Vec<_>>();
    if !default.is_empty() {
        text.push_str(&format!("［默认：{}］", default.join(" ")));
    }
    let possible: Vec<_> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !possible.is_empty() {
        text.push_str(&format!("［可选：{}］", possible.join("、")));
    }
    if let Some(name) = arg.get_env() {
        text.push_str(&format!("［环境变量：{}］", name.to_string_lossy()));
    }
    arg.help(text).help_heading(heading).hide_default_value(true).hide_possible_values(true).hide_env(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(command: &clap::Command, path: &str, found: &mut Vec<String>) {
        if chinese::text(path, "").is_none() {
            found.push(format!("{path:?}"));
        }
        for arg in command.get_arguments() {
            if chinese::text(path, arg.get_id().as_str()).is_none() {
                found.push(format!("{path:?} {:?}", arg.get_id().as_str()));
            }
            assert!(arg.get_help().is_some(), "{path} {} has no English help", arg.get_id());
        }
        for sub in command.get_subcommands() {
            let below = if path.is_empty() {
                sub.get_name().to_owned()
            } else {
                format!("{path} {}", sub.get_name())
            };
            missing(sub, &below, found);
        }
    }

    #[test]
    fn every_command_and_argument_has_a_chinese_text() {
        let mut found = Vec::new();
        missing(&command(Language::English), "", &mut found);
        assert!(found.is_empty(), "no Chinese text for {found:#?}");
    }

    #[test]
    fn no_chinese_text_is_left_without_its_argument() {
        let mut command = command(Language::English);
        command.build();
        for (path, id, _) in chinese::TEXTS {
            let of =
                path.split_whitespace().try_fold(&command, |command, name| command.find_subcommand(name));
            let of = of.unwrap_or_else(|| panic!("there is no command {path:?}"));
            assert!(id.is_empty() || of.get_arguments().any(|arg| arg.get_id() == *id), "{path} {id}");
        }
    }

    #[test]
    fn no_argument_hides_a_global_one() {
        fn check(command: &clap::Command) {
            let has = |name| command.get_arguments().any(|arg| arg.get_long() == Some(name));
            for name in
                ["data", "key-file", "passphrase-file", "as", "server", "token-file", "ca", "json", "lang"]
            {
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
}
