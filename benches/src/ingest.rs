//! Taking in dossiers without videos: durable batches over real records, sealed, and the projection into the index.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use dossier_archive::{Arrival, SearchRequest};
use dossier_domain::text::{Login, PositionName};
use dossier_simulator::{Bank, BankOptions};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    folder::{self, Folder},
    options::Bench,
    table::{Line, megabytes},
};

/// Dossiers in a commit where the large folder is filled.
pub(crate) const LARGE_BATCH: usize = 500;
const BATCHES: [usize; 2] = [100, LARGE_BATCH];
const SCALES: [usize; 3] = [1_000, 10_000, 100_000];

/// How fast a folder was filled.
#[derive(Serialize, Deserialize)]
pub(crate) struct Rates {
    dossiers: usize,
    /// Seconds in ingest.
    ingest: f64,
    /// Seconds in ingest of the last tenth.
    last_tenth: f64,
    /// Seconds until everything was found by a search.
    projection: f64,
}

impl Rates {
    fn per_second(&self) -> f64 {
        self.dossiers as f64 / self.ingest
    }

    fn last_tenth(&self) -> f64 {
        self.dossiers as f64 / 10.0 / self.last_tenth
    }

    fn with_projection(&self) -> f64 {
        self.dossiers as f64 / (self.ingest + self.projection)
    }
}

/// Fills folders of each scale up to the largest.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for batch in BATCHES {
        let mut at_10k = None;
        for dossiers in SCALES.into_iter().filter(|scale| *scale <= bench.scale) {
            let is_large =
                dossiers == bench.scale && batch == LARGE_BATCH && !Folder::at(&bench.large()).exists();
            let scratch = bench.scratch().join(format!("ingest-{dossiers}-{batch}"));
            let folder = if is_large { bench.large() } else { scratch.clone() };
            let rates: Measured<Rates> = child::run(&Job::Ingest { folder, dossiers, batch })?;
            if !is_large {
                std::fs::remove_dir_all(&scratch)?;
            }
            describe(&rates, batch, at_10k, &mut lines);
            if dossiers == 10_000 {
                at_10k = Some(rates.value.per_second());
            }
        }
    }
    Ok(lines)
}

fn describe(rates: &Measured<Rates>, batch: usize, at_10k: Option<f64>, lines: &mut Vec<Line>) {
    let value = &rates.value;
    let what = format!("ingest, {} dossiers, batches of {batch}", value.dossiers);
    let rate = value.per_second();
    lines.push(Line::new(&what, format!("{rate:.0}/s")).at_least(rate, 2000.0, "2000/s"));
    lines.push(
        Line::new(&format!("{what}, until all are found"), format!("{:.0}/s", value.with_projection()))
            .against("ingest alone", value.with_projection() / rate),
    );
    if let Some(at_10k) = at_10k {
        let ratio = value.last_tenth() / at_10k;
        lines.push(
            Line::new(&format!("{what}, last tenth"), format!("{:.0}/s", value.last_tenth()))
                .against(format!("at 10k {at_10k:.0}/s"), ratio)
                .at_least(ratio, 0.7, "0.7"),
        );
    }
    lines.push(Line::new(&format!("{what}, peak memory"), megabytes(rates.peak)));
}

/// Fills a new folder, and searches once.
pub(crate) async fn run(path: &Path, dossiers: usize, batch: usize) -> Result<Rates> {
    let folder = Folder::at(path);
    let (archive, connection) = folder.create().await?;
    let sync = folder::sync_job(&archive)?;
    let bank = Bank::generate(BankOptions { candidates: dossiers, ..BankOptions::default() });
    let mut times: Vec<(usize, Duration)> = Vec::new();
    for first in (0..dossiers).step_by(batch) {
        let numbers = first..dossiers.min(first + batch);
        let taken = numbers.len();
        let arrivals = numbers.map(|number| Arrival::from(bank.interview(number).fetched())).collect();
        let begun = Instant::now();
        archive.ingest(&sync, connection.id, arrivals).await?;
        times.push((taken, begun.elapsed()));
    }
    let begun = Instant::now();
    let hr = folder::user(&archive, "hr").await?;
    let found = archive.search(&hr, SearchRequest::default()).await?.hits.total;
    let projection = begun.elapsed();
    if found != dossiers as u64 {
        return Err(format!("{found} of {dossiers} dossiers were found").into());
    }
    archive
        .set_interviewer(&hr, &PositionName::parse(bank.positions()[0].name)?, &Login::parse("li")?, true)
        .await?;
    archive.close().await?;
    folder.note_filled()?;
    let seconds = |times: &[(usize, Duration)]| times.iter().map(|(_, time)| time.as_secs_f64()).sum::<f64>();
    let last_tenth = &times[times.len() - times.len().div_ceil(10)..];
    let share = dossiers as f64 / 10.0 / last_tenth.iter().map(|(taken, _)| *taken as f64).sum::<f64>();
    Ok(Rates {
        dossiers,
        ingest: seconds(&times),
        last_tenth: seconds(last_tenth) * share,
        projection: projection.as_secs_f64(),
    })
}
