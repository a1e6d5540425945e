//! Running other programs, in the open.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::Result;

/// The cargo that runs this chore, at the workspace's root.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    // What the cargo that runs this chore says of this very crate: a build script that looks at it would run anew, and all
    // that depends on it be built anew, each time somebody changes between chores and plain cargo.
    let about_us = |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(about_us) {
        command.env_remove(name);
    }
    command
}

/// Shows the command, runs it with this process's input and output, and fails unless it exits with 0.
pub(crate) fn run(command: &mut Command) -> Result {
    let line = shown(command);
    println!("$ {line}");
    let status = command.status().map_err(|error| format!("{line}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}").into()) }
}

/// The command as a person would type it, with the variables that were set for it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    let variables = command.get_envs().filter_map(|(name, value)| {
        Some(format!("{}={:?}", name.to_string_lossy(), value?.to_string_lossy()))
    });
    let words = std::iter::once(program).chain(command.get_args()).map(quoted);
    variables.chain(words).collect::<Vec<_>>().join(" ")
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("{word:?}")
    } else {
        word.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("/usr/bin/cargo");
        command.args(["doc", "two words"]).env("RUSTDOCFLAGS", "-D warnings");
        assert_eq!(shown(&command), r#"RUSTDOCFLAGS="-D warnings" cargo doc "two words""#);
    }

    #[test]
    fn a_failing_or_missing_program_is_an_error() {
        assert!(run(&mut Command::new("true")).is_ok());
        assert!(run(&mut Command::new("false")).is_err());
        let missing = run(&mut Command::new("/nowhere/such-a-program")).unwrap_err().to_string();
        assert!(missing.starts_with("such-a-program: "), "{missing}");
    }
}
