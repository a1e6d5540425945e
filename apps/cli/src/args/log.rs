//! What can be said to the operation log.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// The newest records, as a table or as lines of JSON
    List(LogList),
    /// Verify the whole log
    Verify(LogVerify),
    /// Export the whole log, as tools/verify_log.py reads it
    Export(LogExport),
    /// Write the newest signed checkpoint, to be kept away from this machine
    Checkpoint(LogCheckpoint),
}

#[derive(Debug, Args)]
pub(crate) struct LogList {
    /// Only what this actor did: a user's id
    #[arg(long, value_name = "ID")]
    pub(crate) actor: Option<String>,
    /// Only actions whose names begin with this, such as download_material
    #[arg(long, value_name = "NAME")]
    pub(crate) action: Option<String>,
    /// Only what was done to this object: an id
    #[arg(long, value_name = "ID")]
    pub(crate) object: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) limit: u32,
}

#[derive(Debug, Args)]
pub(crate) struct LogVerify {
    /// The key that must have signed the log, in hexadecimal
    #[arg(long, value_name = "HEX")]
    pub(crate) key: Option<String>,
    /// A file with a checkpoint that left this machine earlier
    #[arg(long, value_name = "FILE")]
    pub(crate) anchor: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LogExport {
    /// The file to be written [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct LogCheckpoint {
    /// The file to be written [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}
