//! axe-core, from the npm registry where that can be reached: it is not ours to ship. Browser tests use it where it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Result, process};

const VERSION: &str = "4.14.1";
const FOLDER: &str = "target/axe-core";

/// Fetches it, unless it is there. Without the registry the browser tests' own checks stand alone, so that is told and no
/// error.
pub(crate) fn fetch(root: &Path) -> Result {
    let folder = root.join(FOLDER);
    let archive = folder.join(format!("axe-core-{VERSION}.tgz"));
    if archive.is_file() && folder.join("package/axe.min.js").is_file() {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    let fetched = process::run(
        Command::new("npm").args(["pack", "--silent", &format!("axe-core@{VERSION}")]).current_dir(&folder),
    );
    match fetched {
        Ok(()) => process::run(Command::new("tar").arg("-xzf").arg(&archive).current_dir(&folder)),
        Err(error) => {
            println!("axe-core could not be fetched ({error}); the pages are checked without it");
            Ok(())
        }
    }
}
