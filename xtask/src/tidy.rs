//! `cargo xtask tidy`: the shape of the code that neither the compiler nor clippy checks.

mod dependencies;
mod directions;
mod examples;
mod manifests;
mod sources;
#[cfg(test)]
mod tests;
pub(crate) mod workspace;

use std::fmt::{Display, Formatter};
use std::path::{Path, PathBuf};

use crate::Result;
use workspace::Workspace;

/// Prints every finding and fails if there is one.
pub(crate) fn run(root: &Path) -> Result {
    let workspace = Workspace::load(root)?;
    let findings = check(&workspace, directions::CRATES)?;
    for finding in &findings {
        println!("{finding}");
    }
    match findings.len() {
        0 => {
            println!("tidy: {} crates, nothing to say", workspace.members.len());
            Ok(())
        }
        count => Err(format!("tidy has {count} findings").into()),
    }
}

fn check(workspace: &Workspace, crates: &[directions::Crate]) -> Result<Vec<Finding>> {
    let mut findings = dependencies::check(workspace, crates);
    findings.extend(manifests::check(workspace));
    findings.extend(examples::check(workspace)?);
    findings.extend(sources::check(workspace)?);
    for finding in &mut findings {
        if let Ok(inside) = finding.file.strip_prefix(&workspace.root) {
            finding.file = inside.to_owned();
        }
    }
    findings.sort();
    Ok(findings)
}

/// Something that is not as agreed: where, what, and what to do instead.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    file: PathBuf,
    /// Counted from 1.
    line: usize,
    what: String,
    instead: String,
}

impl Finding {
    fn new(file: &Path, line: usize, what: impl Into<String>, instead: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, what: what.into(), instead: instead.into() }
    }
}

impl Display for Finding {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}\n    instead: {}", self.file.display(), self.line, self.what, self.instead)
    }
}
