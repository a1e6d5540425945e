//! The provider of OpenID Connect at which the browser tests sign in: npm's `oidc-provider`, in the versions and with the
//! hashes of `crates/browser/provider/package-lock.json`. Without it those tests fail.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Result, process};

const FROM: &str = "crates/browser/provider";
const TO: &str = "target/oidc-provider";
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Fetches it, unless it is there as the lock file names it. Nothing of what is fetched runs before a test starts it.
pub(crate) fn fetch(root: &Path) -> Result {
    let (from, to) = (root.join(FROM), root.join(TO));
    let is_same = |file: &str| {
        let read = |folder: &Path| fs::read(folder.join(file)).ok();
        read(&from).is_some() && read(&from) == read(&to)
    };
    if FILES.into_iter().all(is_same) && to.join("node_modules/oidc-provider").is_dir() {
        return Ok(());
    }
    fs::create_dir_all(&to)?;
    for file in FILES {
        fs::copy(from.join(file), to.join(file))?;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"];
    process::run(Command::new("npm").args(arguments).current_dir(&to)).map_err(|error| {
        // What is half there is fetched anew.
        let _ = fs::remove_dir_all(&to);
        format!("{error}; the tests of signing in at another login need it").into()
    })
}
