//! The files that an index puts into its folder.

use std::{fs, io, path::Path};

/// Written with each commit; the second one lists all other files.
const META: [&str; 2] = ["meta.json", ".managed.json"];

pub(super) fn exist(path: &Path) -> bool {
    META.iter().any(|name| path.join(name).exists())
}

/// Removes them, those that begin an index first, so that no part of one is taken for the whole.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let gone = |result: io::Result<()>| match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    };
    for name in META {
        gone(fs::remove_file(path.join(name)))?;
    }
    let files = match fs::read_dir(path) {
        Ok(files) => files,
        Err(error) => return gone(Err(error)),
    };
    for file in files {
        let file = file?;
        if is_ours(&file.file_name().to_string_lossy()) {
            gone(fs::remove_file(file.path()))?;
        }
    }
    Ok(())
}

/// Segments are named by 32 hexadecimal digits and what they hold; locks and temporary files begin with `.t`.
fn is_ours(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let is_segment = stem.len() == 32 && stem.chars().all(|c| c.is_ascii_hexdigit());
    is_segment || name.starts_with(".tantivy-") || name.starts_with(".tmp")
}
