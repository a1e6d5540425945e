//! Arrows point down only: each dependency is allowed by the table of directions.

use super::Finding;
use super::directions::{BANNED, CONFINED, Crate};
use super::workspace::{Dependency, Member, Workspace};

const TABLE: &str = "xtask/src/tidy/directions.rs";

pub(super) fn check(workspace: &Workspace, crates: &[Crate]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for member in &workspace.members {
        let Some(row) = crates.iter().find(|row| row.name == member.name) else {
            let what = format!("{} has no row in the table of directions", member.name);
            let instead = format!("add one to {TABLE}, with the crates it may use");
            findings.push(Finding::new(&member.manifest(), 1, what, instead));
            continue;
        };
        for dependency in &member.dependencies {
            let finding = if workspace.contains(&dependency.package) {
                against_direction(member, row, dependency)
            } else {
                against_confinement(member, dependency)
            };
            findings.extend(finding);
        }
    }
    findings
}

fn against_direction(member: &Member, row: &Crate, dependency: &Dependency) -> Option<Finding> {
    let package = dependency.package.as_str();
    let in_tests = dependency.for_tests && (row.tests_use.contains(&package) || package == member.name);
    if row.uses.contains(&package) || in_tests {
        return None;
    }
    let user = if dependency.for_tests { "the tests of " } else { "" };
    let what = format!("{user}{} may not use {package}", member.name);
    let instead = if row.tests_use.contains(&package) {
        format!("move it to [dev-dependencies]: only the tests of {} use it", member.name)
    } else {
        format!("move the code to a crate that may use both, or hand the value in from above ({TABLE})")
    };
    Some(Finding::new(&member.manifest(), dependency.line, what, instead))
}

fn against_confinement(member: &Member, dependency: &Dependency) -> Option<Finding> {
    if dependency.for_tests {
        return None;
    }
    let (library, user) = (dependency.package.as_str(), member.name.as_str());
    let confined = CONFINED.iter().find(|rule| rule.library == library && !rule.to.contains(&user));
    let banned = BANNED.iter().find(|rule| rule.library == library && rule.from == user);
    let instead = confined.map(|rule| rule.instead).or(banned.map(|rule| rule.instead))?;
    let what = format!("{user} may not use the library {library}");
    Some(Finding::new(&member.manifest(), dependency.line, what, instead))
}
