//! DuckDB, from PyPI where Python and the registry are at hand: what the measures are measured against, and nothing that
//! Dossier needs.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Result, process};

const VERSION: &str = "2.0.1";
const FOLDER: &str = "target/duckdb";

/// Fetches it, unless it is there. Without it the bench says so.
pub(crate) fn fetch(root: &Path) -> Result {
    let folder = root.join(FOLDER);
    if folder.join(format!("duckdb-{VERSION}.dist-info")).is_dir() {
        return Ok(());
    }
    fs::create_dir_all(&folder)?;
    let package = format!("duckdb=={VERSION}");
    let install = ["-m", "pip", "install", "--quiet", "--upgrade", "--target"];
    let fetched = process::run(Command::new("python3").args(install).arg(&folder).arg(package));
    if let Err(error) = fetched {
        println!("DuckDB could not be fetched ({error}); the measures are measured alone");
    }
    Ok(())
}
