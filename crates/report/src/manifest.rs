//! The manifest of a bundle, for machines, and its sums for `sha256sum -c`.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, MaterialKind,
    text::{Line, Login},
};
use serde::{Deserialize, Serialize};

use crate::Result;

/// What is in a bundle and how it came about; `manifest.json` in the ZIP.
///
/// It lists every other file of the bundle except `SHA256SUMS`, which lists the manifest in turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of this format: [`Manifest::FORMAT`].
    pub format: u32,
    /// When the bundle was made.
    pub made_at: DateTime<Utc>,
    /// Who fetched it.
    pub made_by: Login,
    /// The query that chose the applications, as it was typed.
    pub query: String,
    /// The reason that was given.
    pub reason: Line,
    /// The files, in the order of the ZIP.
    pub files: Vec<ManifestFile>,
}

/// One file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its path inside the bundle.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// CRC-32 of its content (ISO-HDLC).
    pub crc32: u32,
    /// The material that it holds; absent for the index pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<MaterialKind>,
    /// The application that it belongs to; absent for the index pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
}

impl Manifest {
    /// The version that this crate writes.
    pub const FORMAT: u32 = 1;

    /// The manifest as indented JSON with a line break at its end.
    ///
    /// # Errors
    /// [`crate::Error::Json`] if a value cannot be written.
    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}

/// The files' sums as `sha256sum -c` of GNU coreutils reads them: sum, two spaces, path; a path with a backslash or
/// line break is escaped and its line begins with a backslash.
#[must_use]
pub fn manifest_sums(manifest: &Manifest) -> String {
    manifest.files.iter().map(sum_line).collect()
}

fn sum_line(file: &ManifestFile) -> String {
    let escaped = file.path.replace('\\', r"\\").replace('\n', r"\n").replace('\r', r"\r");
    let mark = if escaped == file.path { "" } else { "\\" };
    format!("{mark}{}  {escaped}\n", file.sha256)
}
