//! Servers of others against which tests run: npm's `oidc-provider` for signing in at another login, and its `smtp-server`
//! for letters, in the versions and with the hashes of their `package-lock.json`. Without them those tests fail.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Result, process};

/// A package of npm, from where its lock file is to where it is installed.
struct Server {
    package: &'static str,
    from: &'static str,
    to: &'static str,
    tests: &'static str,
}

const SERVERS: [Server; 2] = [
    Server {
        package: "oidc-provider",
        from: "crates/browser/provider",
        to: "target/oidc-provider",
        tests: "signing in at another login",
    },
    Server {
        package: "smtp-server",
        from: "crates/notices/mail",
        to: "target/smtp-server",
        tests: "letters",
    },
];
const FILES: [&str; 2] = ["package.json", "package-lock.json"];

/// Fetches them, unless they are there as their lock files name them. Nothing of what is fetched runs before a test starts it.
pub(crate) fn fetch(root: &Path) -> Result {
    SERVERS.iter().try_for_each(|server| server.fetch(root))
}

impl Server {
    fn fetch(&self, root: &Path) -> Result {
        let (from, to) = (root.join(self.from), root.join(self.to));
        let is_same = |file: &str| {
            let read = |folder: &Path| fs::read(folder.join(file)).ok();
            read(&from).is_some() && read(&from) == read(&to)
        };
        if FILES.into_iter().all(is_same) && to.join("node_modules").join(self.package).is_dir() {
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
            format!("{error}; the tests of {} need it", self.tests).into()
        })
    }
}
