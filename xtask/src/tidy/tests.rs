//! Each check finds its fault in a small tree that is otherwise tidy.

use std::fs;

use tempfile::TempDir;

use super::directions::Crate;
use super::*;

const CRATES: &[Crate] = &[
    Crate { name: "below", uses: &[], tests_use: &["kit"] },
    Crate { name: "above", uses: &["below"], tests_use: &[] },
    Crate { name: "kit", uses: &["below"], tests_use: &[] },
    Crate { name: "dossier-domain", uses: &[], tests_use: &[] },
];

const HEAD: &str = "[lints]\nworkspace = true\n";
const DOCUMENTED: &str = "//! What it is.\n";

/// A workspace in a temporary folder: `above` uses `below`.
struct Tree(TempDir);

impl Tree {
    fn tidy() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        let root = "[workspace]\nmembers = [\"crates/*\"]\n[workspace.dependencies]\n\
                    above = { path = \"crates/above\" }\nbelow = { path = \"crates/below\" }\nserde = \"1\"\n\
                    disguise = { version = \"0.34\", package = \"sled\" }\n";
        tree.write("Cargo.toml", root);
        tree.member("below", "serde.workspace = true");
        tree.member("above", "below.workspace = true");
        tree
    }

    fn member(&self, name: &str, dependencies: &str) {
        let manifest = format!("[package]\nname = \"{name}\"\n{HEAD}[dependencies]\n{dependencies}\n");
        self.write(&format!("crates/{name}/Cargo.toml"), &manifest);
        self.write(&format!("crates/{name}/src/lib.rs"), DOCUMENTED);
        self.write(&format!("crates/{name}/examples/{name}.rs"), "fn main() {}\n");
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn findings(&self) -> Vec<String> {
        let findings = check(&Workspace::load(self.0.path()).unwrap(), CRATES).unwrap();
        findings
            .iter()
            .map(|finding| format!("{}:{}: {}", finding.file.display(), finding.line, finding.what))
            .collect()
    }
}

#[test]
fn a_tidy_tree_has_no_findings() {
    assert_eq!(Tree::tidy().findings(), [""; 0]);
}

#[test]
fn a_dependency_against_the_direction_is_found() {
    let tree = Tree::tidy();
    tree.member("below", "serde.workspace = true\nabove.workspace = true");
    assert_eq!(tree.findings(), ["crates/below/Cargo.toml:7: below may not use above"]);
}

#[test]
fn what_tests_may_use_is_no_ordinary_dependency() {
    let tree = Tree::tidy();
    tree.member("kit", "below.workspace = true");
    tree.member("below", "[dev-dependencies]\nkit.workspace = true\nbelow = { path = \".\" }");
    assert_eq!(tree.findings(), [""; 0]);
    tree.member("below", "kit.workspace = true");
    tree.member("above", "[dev-dependencies]\nkit.workspace = true");
    assert_eq!(
        tree.findings(),
        [
            "crates/above/Cargo.toml:7: the tests of above may not use kit",
            "crates/below/Cargo.toml:6: below may not use kit",
        ]
    );
}

#[test]
fn a_crate_without_a_row_is_found() {
    let tree = Tree::tidy();
    tree.member("stranger", "");
    assert_eq!(
        tree.findings(),
        ["crates/stranger/Cargo.toml:1: stranger has no row in the table of directions"]
    );
}

#[test]
fn a_confined_library_is_found_under_any_name_and_for_any_platform() {
    let tree = Tree::tidy();
    tree.member(
        "above",
        "disguise.workspace = true\n[target.'cfg(unix)'.dependencies]\nclap.workspace = true",
    );
    tree.member("dossier-domain", "tokio.workspace = true\n[dev-dependencies]\nsled.workspace = true");
    assert_eq!(
        tree.findings(),
        [
            "crates/above/Cargo.toml:6: above may not use the library sled",
            "crates/above/Cargo.toml:8: above may not use the library clap",
            "crates/dossier-domain/Cargo.toml:6: dossier-domain may not use the library tokio",
        ]
    );
}

#[test]
fn versions_and_lints_come_from_the_workspace() {
    let tree = Tree::tidy();
    tree.member("above", "below = { path = \"../below\" }\nserde = \"1.0\"");
    tree.write(
        "crates/below/Cargo.toml",
        "[package]\nname = \"below\"\n[lints.rust]\nunsafe_code = \"allow\"\n",
    );
    assert_eq!(
        tree.findings(),
        [
            "crates/above/Cargo.toml:6: below has a version or path of its own in above",
            "crates/above/Cargo.toml:7: serde has a version or path of its own in above",
            "crates/below/Cargo.toml:1: below has lints of its own, or none",
        ]
    );
}

#[test]
fn a_library_without_an_example_and_two_of_one_name_are_found() {
    let tree = Tree::tidy();
    fs::remove_dir_all(tree.0.path().join("crates/above/examples")).unwrap();
    assert_eq!(tree.findings(), ["crates/above/Cargo.toml:1: above has no example"]);
    tree.write("crates/above/examples/below.rs", "fn main() {}\n");
    assert_eq!(tree.findings(), ["crates/below/examples/below.rs:1: above has an example of this name, too"]);
}

#[test]
fn a_module_says_what_it_is() {
    let tree = Tree::tidy();
    tree.write("crates/below/src/part.rs", "// not a doc comment\n");
    tree.write("crates/below/src/deep/empty.rs", "");
    tree.write("crates/below/tests/law.rs", "#[test]\nfn holds() {}\n");
    assert_eq!(
        tree.findings(),
        [
            "crates/below/src/deep/empty.rs:1: the module does not say what it is",
            "crates/below/src/part.rs:1: the module does not say what it is",
        ]
    );
}

#[test]
fn files_are_short_without_their_tests() {
    let tree = Tree::tidy();
    let code = |lines: usize| DOCUMENTED.to_owned() + &"fn f() {}\n".repeat(lines - 1);
    let tests = "#[cfg(test)]\nmod tests {\n".to_owned() + &"    fn f() {}\n".repeat(200) + "}\n";
    tree.write("crates/below/src/exact.rs", &(code(500) + &tests));
    tree.write("crates/below/src/part/tests.rs", &code(700));
    tree.write("crates/below/tests/all/main.rs", &code(700));
    assert_eq!(tree.findings(), [""; 0]);
    tree.write("crates/below/src/exact.rs", &(code(501) + &tests));
    assert_eq!(
        tree.findings(),
        ["crates/below/src/exact.rs:501: 501 lines without tests, 500 are the limit"]
    );
}

#[test]
fn mod_rs_and_unfinished_work_are_found() {
    let tree = Tree::tidy();
    tree.write("crates/below/tests/common/mod.rs", "");
    let unfinished = format!(
        "{DOCUMENTED}fn f() {{\n    {}()\n}}\n// {}: g\n",
        concat!("todo", "!"),
        concat!("FIX", "ME")
    );
    tree.write("crates/below/src/part.rs", &unfinished);
    assert_eq!(
        tree.findings(),
        [
            format!("crates/below/src/part.rs:3: unfinished: {}", concat!("todo", "!")),
            format!("crates/below/src/part.rs:5: unfinished: {}", concat!("FIX", "ME")),
            "crates/below/tests/common/mod.rs:1: a file named mod.rs says nothing in a list of files"
                .to_owned(),
        ]
    );
}

#[test]
fn a_finding_says_where_what_and_what_instead() {
    let finding = Finding::new(Path::new("a/b.rs"), 7, "this is wrong", "do that");
    assert_eq!(finding.to_string(), "a/b.rs:7: this is wrong\n    instead: do that");
}

#[test]
fn a_damaged_manifest_is_named() {
    let tree = Tree::tidy();
    tree.write("crates/below/Cargo.toml", "[package\n");
    let error = Workspace::load(tree.0.path()).err().unwrap().to_string();
    assert!(error.contains("crates/below/Cargo.toml: "), "{error}");
}

#[test]
fn the_real_table_has_no_circle_and_keeps_the_testkit_out_of_products() {
    let mut above = Vec::new();
    for row in directions::CRATES {
        for used in row.uses {
            assert!(above.contains(used), "{} uses {used}, which has no row above", row.name);
        }
        let is_product = !["dossier-benches", "dossier-browser"].contains(&row.name);
        assert!(!(is_product && row.uses.contains(&"dossier-testkit")), "{}", row.name);
        above.push(row.name);
    }
}

#[test]
fn every_crate_of_this_workspace_has_a_row() {
    let workspace = Workspace::load(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()).unwrap();
    let rows: Vec<&str> = directions::CRATES.iter().map(|row| row.name).collect();
    for member in &workspace.members {
        assert!(rows.contains(&member.name.as_str()), "{}", member.name);
    }
    assert_eq!(workspace.members.len(), rows.len(), "a row without a crate");
}
