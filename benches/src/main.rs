//! Speed and memory of Dossier, measured side by side in one run; `README.md` says what each line means.

mod child;
mod files;
mod folder;
mod ingest;
mod memory;
mod million;
mod options;
mod process;
mod range;
mod reports;
mod sealed_index;
mod sealing;
mod search;
mod server;
mod store;
mod table;
mod timing;

use std::{error::Error, io::Write as _};

use clap::Parser as _;
use tikv_jemallocator::Jemalloc;

use crate::options::{Measure, Options};

/// As the server has it.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// What a measure comes to: an error is one sentence for the person who ran it.
type Result<T = (), E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

fn main() -> Result {
    let options = Options::parse();
    if let Some(job) = &options.child {
        return child::serve(job);
    }
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    let bench = options.prepare()?;
    let mut lines = Vec::new();
    for measure in options.measures() {
        writeln!(err, "measuring {measure} ...")?;
        lines.extend(match measure {
            Measure::Sealing => sealing::measure(&bench)?,
            Measure::Range => range::measure(&bench)?,
            Measure::Ingest => ingest::measure(&bench)?,
            Measure::Index => sealed_index::measure(&bench)?,
            Measure::Search => search::measure(&bench)?,
            Measure::Process => process::measure(&bench)?,
            Measure::Reports => reports::measure(&bench)?,
            Measure::Files => files::measure(&bench)?,
            Measure::Server => server::measure(&bench)?,
            Measure::Memory => memory::measure(&bench)?,
        });
    }
    table::write(&mut out, &lines)?;
    Ok(())
}
