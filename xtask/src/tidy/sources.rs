//! What a Rust file looks like: a word about itself at its head, a readable length, nothing left undone.

use std::fs;
use std::path::Path;

use super::Finding;
use super::workspace::{Member, Workspace};
use crate::Result;

/// The longest a file may be, in lines, tests not counted.
const LONGEST: usize = 500;

/// Marks of unfinished work (taken apart here, so that this file has none).
const UNFINISHED: [&str; 2] = [concat!("todo", "!"), concat!("FIX", "ME")];

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for member in &workspace.members {
        for file in member.rust_files()? {
            let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            findings.extend(module_doc(member, &file, &text));
            findings.extend(length(member, &file, &text));
            findings.extend(name(&file));
            findings.extend(unfinished(&file, &text));
        }
    }
    Ok(findings)
}

fn module_doc(member: &Member, file: &Path, text: &str) -> Option<Finding> {
    let has_doc =
        text.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with("//!"));
    (file.starts_with(member.folder.join("src")) && !has_doc).then(|| {
        Finding::new(
            file,
            1,
            "the module does not say what it is",
            "begin the file with a sentence after `//!`",
        )
    })
}

fn length(member: &Member, file: &Path, text: &str) -> Option<Finding> {
    let inside = file.strip_prefix(&member.folder).unwrap_or(file);
    let lines = lines_without_tests(text);
    if lines <= LONGEST || inside.starts_with("tests") || inside.components().any(is_tests) {
        return None;
    }
    let what = format!("{lines} lines without tests, {LONGEST} are the limit");
    let instead = "split it by what it is about: `name.rs` for the public part, `name/part.rs` for the rest";
    Some(Finding::new(file, LONGEST + 1, what, instead))
}

fn is_tests(part: std::path::Component<'_>) -> bool {
    part.as_os_str() == "tests.rs" || part.as_os_str() == "tests"
}

/// The lines before `#[cfg(test)] mod tests {`, which ends a file; all, if there is none.
fn lines_without_tests(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1] == "mod tests {");
    tests.unwrap_or(lines.len())
}

fn name(file: &Path) -> Option<Finding> {
    let is_mod = file.file_name().is_some_and(|name| name == "mod.rs");
    let instead = "name the file after its module, beside its folder: `name.rs` and `name/`; \
                   integration tests share modules as `tests/<name>/main.rs`";
    is_mod.then(|| Finding::new(file, 1, "a file named mod.rs says nothing in a list of files", instead))
}

fn unfinished(file: &Path, text: &str) -> Vec<Finding> {
    let mark_in = |line: &str| UNFINISHED.into_iter().find(|mark| line.contains(mark));
    let marks = text.lines().enumerate().filter_map(|(index, line)| Some((index + 1, mark_in(line)?)));
    marks
        .map(|(line, mark)| {
            Finding::new(
                file,
                line,
                format!("unfinished: {mark}"),
                "finish it, or return an error that says so",
            )
        })
        .collect()
}
