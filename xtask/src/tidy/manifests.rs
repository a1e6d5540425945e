//! Every crate takes its lints and its libraries' versions from the workspace.

use super::Finding;
use super::workspace::{Member, Workspace};

pub(super) fn check(workspace: &Workspace) -> Vec<Finding> {
    workspace.members.iter().flat_map(|member| lints(member).into_iter().chain(versions(member))).collect()
}

fn lints(member: &Member) -> Option<Finding> {
    let what = format!("{} has lints of its own, or none", member.name);
    let instead = "write `[lints]` and `workspace = true`; an exception goes to the spot, with its reason";
    (!member.inherits_lints).then(|| Finding::new(&member.manifest(), 1, what, instead))
}

fn versions(member: &Member) -> impl Iterator<Item = Finding> {
    // A crate whose tests switch on a feature of itself names its own path: that is no version.
    let of_its_own =
        member.dependencies.iter().filter(|found| !found.inherited && found.package != member.name);
    of_its_own.map(|dependency| {
        let package = &dependency.package;
        let what = format!("{package} has a version or path of its own in {}", member.name);
        let instead =
            format!("name it in the root's [workspace.dependencies] and write `{package}.workspace = true`");
        Finding::new(&member.manifest(), dependency.line, what, instead)
    })
}
