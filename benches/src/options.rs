//! What is to be measured, and where.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use clap::{Parser, ValueEnum};
use tempfile::TempDir;

use crate::{
    Result,
    child::{self, Job},
    folder::Folder,
    ingest,
};

/// Measures speed and memory, and prints one table.
#[derive(Parser)]
#[command(name = "dossier-benches")]
pub(crate) struct Options {
    /// How many dossiers the large folder holds.
    #[arg(long, value_name = "DOSSIERS", default_value_t = 100_000)]
    scale: usize,
    /// How many interviews reports are made of.
    #[arg(long, value_name = "INTERVIEWS", default_value_t = 1_000_000)]
    interviews: usize,
    /// Measures these alone.
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    only: Vec<Measure>,
    /// Keeps the large folder there, and uses the one that is there already.
    #[arg(long, value_name = "DIR")]
    keep_folder: Option<PathBuf>,
    /// The part of a measure that this process is for.
    #[arg(long, hide = true)]
    pub(crate) child: Option<String>,
}

/// A group of lines of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    /// Sealing and opening, against the cipher.
    Sealing,
    /// A range in the middle of a large blob.
    Range,
    /// Taking in dossiers.
    Ingest,
    /// The sealed index against a plain one.
    Index,
    /// Searching with rights and log.
    Search,
    /// Boards, and a thousand applications moved at once.
    Process,
    /// Reports over a million interviews, and counting against DuckDB.
    Reports,
    /// Reports as Excel and PDF.
    Files,
    /// Pages, films and slow visitors of the server.
    Server,
    /// Memory, and opening again.
    Memory,
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.to_possible_value();
        f.write_str(value.as_ref().map_or("", |value| value.get_name()))
    }
}

/// Where measuring takes place.
pub(crate) struct Bench {
    /// How many dossiers the large folder holds.
    pub(crate) scale: usize,
    /// How many interviews reports are made of.
    pub(crate) interviews: usize,
    scratch: TempDir,
    kept: Option<PathBuf>,
}

impl Options {
    /// The measures that were asked for, in their order.
    pub(crate) fn measures(&self) -> impl Iterator<Item = Measure> + '_ {
        let all = Measure::value_variants().iter().copied();
        all.filter(|measure| self.only.is_empty() || self.only.contains(measure))
    }

    /// Makes room on the disk that builds go to, which is removed when the returned value goes.
    pub(crate) fn prepare(&self) -> Result<Bench> {
        let program = std::env::current_exe()?;
        let beside = program.parent().ok_or("the program lies in no folder")?;
        let scratch = tempfile::Builder::new().prefix("benches-").tempdir_in(beside)?;
        Ok(Bench { scale: self.scale, interviews: self.interviews, scratch, kept: self.keep_folder.clone() })
    }
}

impl Bench {
    /// A folder for what is not needed after the run.
    pub(crate) fn scratch(&self) -> &Path {
        self.scratch.path()
    }

    /// Where the large folder lies or will lie.
    pub(crate) fn large(&self) -> PathBuf {
        self.kept.clone().unwrap_or_else(|| self.scratch().join("large"))
    }

    /// The large folder, filled if it is not there yet.
    pub(crate) fn filled(&self) -> Result<PathBuf> {
        let path = self.large();
        if !Folder::at(&path).exists() {
            child::run::<ingest::Rates>(&Job::Ingest {
                folder: path.clone(),
                dossiers: self.scale,
                batch: ingest::LARGE_BATCH,
            })?;
        }
        Ok(path)
    }
}
