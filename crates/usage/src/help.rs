//! Commands as clap takes them, with help in the language.

use clap::{Arg, ArgAction, Command};
use dossier_domain::Language;

const CHINESE: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The Chinese help: by the command's path and the argument's id, which is empty for the command itself.
pub type Texts = [(&'static str, &'static str, &'static str)];

/// The command of a program with help in the language. What clap says of help and version by itself is replaced, since its
/// text could not be changed.
pub fn in_language(command: Command, texts: &Texts, language: Language) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let command = with_help(command.disable_version_flag(true).arg(version.help("Print the version")));
    match language {
        Language::English => command,
        Language::Chinese => in_chinese(command, texts, ""),
    }
}

/// Commands and arguments without a Chinese or an English text, and texts without a command or argument.
pub fn gaps(command: Command, texts: &Texts) -> Vec<String> {
    let mut command = in_language(command, texts, Language::English);
    let mut found = Vec::new();
    missing(&command, texts, "", &mut found);
    // Only now does clap hand global arguments down, of which no text is wanted below.
    command.build();
    for (path, id, _) in texts {
        let of = path.split_whitespace().try_fold(&command, |command, name| command.find_subcommand(name));
        if !of.is_some_and(|of| id.is_empty() || of.get_arguments().any(|arg| arg.get_id() == *id)) {
            found.push(format!("a text of nothing: {path:?} {id:?}"));
        }
    }
    found
}

fn missing(command: &Command, texts: &Texts, path: &str, found: &mut Vec<String>) {
    if text(texts, path, "").is_none() {
        found.push(format!("no Chinese text: {path:?}"));
    }
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        if text(texts, path, id).is_none() {
            found.push(format!("no Chinese text: {path:?} {id:?}"));
        }
        if arg.get_help().is_none() {
            found.push(format!("no English help: {path:?} {id:?}"));
        }
    }
    for sub in command.get_subcommands() {
        missing(sub, texts, &below(path, sub.get_name()), found);
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path} {name}") }
}

/// The text of a command, or of one of its arguments.
fn text<'a>(texts: &'a Texts, path: &str, id: &str) -> Option<&'a str> {
    if id == "help" {
        return Some("显示此帮助");
    }
    texts.iter().find(|(of, named, _)| *of == path && *named == id).map(|(.., text)| *text)
}

/// Replaces clap's own help option, whose text could not be changed.
fn with_help(command: Command) -> Command {
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

fn in_chinese(command: Command, texts: &Texts, path: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let command = match text(texts, path, "") {
        Some(about) => command.about(about.to_owned()),
        None => command,
    };
    names
        .into_iter()
        .fold(command, |command, name| {
            let path = below(path, &name);
            command.mut_subcommand(name, |sub| in_chinese(sub, texts, &path))
        })
        .help_template(CHINESE)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .mut_args(|arg| argument_in_chinese(arg, texts, path))
}

fn argument_in_chinese(arg: Arg, texts: &Texts, path: &str) -> Arg {
    let heading = match arg.get_help_heading() {
        Some(_) => "通用选项",
        None if arg.is_positional() => "参数",
        None => "选项",
    };
    let Some(text) = text(texts, path, arg.get_id().as_str()) else { return arg.help_heading(heading) };
    let mut text = text.to_owned();
    if !arg.get_action().takes_values() {
        return arg.help(text).help_heading(heading);
    }
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
