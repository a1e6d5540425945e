//! Measures in processes of their own, so that each has its own peak of memory.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Result, files, ingest, memory, million, process, range, reports, sealed_index, sealing, search, server,
};

/// What a child does.
#[derive(Serialize, Deserialize)]
pub(crate) enum Job {
    Sealing { scratch: PathBuf },
    Range { scratch: PathBuf },
    Ingest { folder: PathBuf, dossiers: usize, batch: usize },
    Index { folder: PathBuf, scratch: PathBuf },
    Search { folder: PathBuf },
    Process { folder: PathBuf },
    Serve { folder: PathBuf },
    Stream { scratch: PathBuf, len: u64 },
    OpenAndSearch { folder: PathBuf },
    Million { folder: PathBuf, interviews: usize },
    Reports { folder: PathBuf },
    Counting { folder: PathBuf, scratch: PathBuf },
    Excel,
    Pdf,
}

/// What a child measured, and the most memory it ever held, in bytes.
#[derive(Serialize, Deserialize)]
pub(crate) struct Measured<T> {
    pub(crate) value: T,
    pub(crate) peak: u64,
}

/// Runs a job in a new process of this program.
pub(crate) fn run<T: DeserializeOwned>(job: &Job) -> Result<Measured<T>> {
    let output = Command::new(std::env::current_exe()?)
        .arg("--child")
        .arg(serde_json::to_string(job)?)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("a measure failed: {}", output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Does the job and writes what came of it to the standard output.
pub(crate) fn serve(job: &str) -> Result {
    let runtime = tokio::runtime::Runtime::new()?;
    match serde_json::from_str(job)? {
        Job::Sealing { scratch } => report(runtime.block_on(sealing::run(&scratch))?),
        Job::Range { scratch } => report(runtime.block_on(range::run(&scratch))?),
        Job::Ingest { folder, dossiers, batch } => {
            report(runtime.block_on(ingest::run(&folder, dossiers, batch))?)
        }
        Job::Index { folder, scratch } => report(sealed_index::run(&folder, &scratch)?),
        Job::Search { folder } => report(runtime.block_on(search::run(&folder))?),
        Job::Process { folder } => report(runtime.block_on(process::run(&folder))?),
        Job::Serve { folder } => runtime.block_on(server::serve(&folder)),
        Job::Stream { scratch, len } => report(runtime.block_on(memory::stream(&scratch, len))?),
        Job::Million { folder, interviews } => report(runtime.block_on(million::fill(&folder, interviews))?),
        Job::Reports { folder } => report(runtime.block_on(reports::run(&folder))?),
        Job::Counting { folder, scratch } => report(reports::count(&folder, &scratch)?),
        Job::Excel => report(files::excel()?),
        Job::Pdf => report(files::pdf()?),
        Job::OpenAndSearch { folder } => report(runtime.block_on(memory::open_and_search(&folder))?),
    }
}

fn report<T: Serialize>(value: T) -> Result {
    let measured = Measured { value, peak: peak()? };
    writeln!(std::io::stdout(), "{}", serde_json::to_string(&measured)?)?;
    Ok(())
}

/// The most memory that this process has ever held, in bytes.
fn peak() -> Result<u64> {
    status("self", "VmHWM:")
}

/// The memory that this process holds now, in bytes.
pub(crate) fn resident() -> Result<u64> {
    status("self", "VmRSS:")
}

/// The memory that this process holds for itself now, in bytes: without the parts of files that are mapped, which the system
/// takes back when others need them.
pub(crate) fn held() -> Result<u64> {
    status("self", "RssAnon:")
}

/// The memory that another process holds now, in bytes.
pub(crate) fn resident_of(process: u32) -> Result<u64> {
    status(&process.to_string(), "VmRSS:")
}

fn status(process: &str, name: &str) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    Ok(kibibytes.ok_or("this system tells no process its memory")?.trim().parse::<u64>()? << 10)
}
