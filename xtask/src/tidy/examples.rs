//! Every library shows how it is used, in an example that runs.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::Finding;
use super::workspace::Workspace;
use crate::Result;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut owners: BTreeMap<OsString, &str> = BTreeMap::new();
    for member in &workspace.members {
        let examples = member.examples()?;
        if examples.is_empty() && member.folder.join("src/lib.rs").is_file() {
            let what = format!("{} has no example", member.name);
            let instead = "write examples/<name>.rs: short, runs by itself, shows the main use";
            findings.push(Finding::new(&member.manifest(), 1, what, instead));
        }
        for example in examples {
            let name = example.file_stem().unwrap_or_default().to_owned();
            if let Some(other) = owners.insert(name, &member.name) {
                let what = format!("{other} has an example of this name, too");
                let instead = "choose another name: cargo builds all examples into one folder";
                findings.push(Finding::new(&example, 1, what, instead));
            }
        }
    }
    Ok(findings)
}
