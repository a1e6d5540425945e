//! Counting over columns of a million interviews, against DuckDB over the same columns.
//!
//! DuckDB runs in a Python process of its own, with its data loaded before it looks at the clock, and uses as many threads
//! as it likes; `cargo xtask bench` fetches it. What it counts must be what we count.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use dossier_analytics::{Rate, Rows, Scan, Tally};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    options::Bench,
    table::{Line, megabytes},
    timing::{Samples, milliseconds, timed},
};

const INTERVIEWS: usize = 1_000_000;
/// Columns come in chunks of about what a segment of the index holds.
const CHUNK: usize = 150_000;
const POSITIONS: u32 = 40;
const MONTHS: u32 = 24;
const ASSESSMENTS: usize = 20;
const RUNS: usize = 20;

/// What was measured.
#[derive(Serialize, Deserialize)]
pub(crate) struct Counting {
    tally: Samples,
    scan: Samples,
    /// DuckDB's version and times, or why there are none.
    duckdb: std::result::Result<(String, Samples), String>,
}

/// Columns of interviews.
struct Columns {
    positions: Vec<u32>,
    months: Vec<u32>,
    passed: Vec<u8>,
    scores: Vec<Vec<f64>>,
    /// Who is counted: a bit for each.
    bits: Vec<u64>,
}

/// What DuckDB writes.
#[derive(Deserialize)]
struct Counted {
    version: String,
    times: Vec<f64>,
    cells: Vec<(u32, u32, u64, u64)>,
}

/// Counts by position and month, and looks for cut-offs.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let counting: Measured<Counting> =
        child::run(&Job::Analytics { scratch: bench.scratch().to_path_buf() })?;
    let Counting { tally, scan, duckdb } = &counting.value;
    let what = "pass rate by position and month, 1 M interviews";
    let ours = Line::new(what, milliseconds(tally.median())).at_most(tally.median(), 0.060, "60 ms");
    let compared = match duckdb {
        Ok((version, times)) => {
            let faster = times.median() / tally.median();
            Line::new("the same, how much faster", format!("{faster:.1} ×"))
                .against(format!("DuckDB {version} {}", milliseconds(times.median())), faster)
                .at_least(faster, 2.0, "2 ×")
        }
        Err(why) => Line::new("the same, how much faster", format!("not measured: {why}")),
    };
    let scan = Line::new("threshold scan, 20 assessments × 1 M", milliseconds(scan.median())).at_most(
        scan.median(),
        1.0,
        "1 s",
    );
    Ok(vec![ours, compared, scan, Line::new("counting, peak memory", megabytes(counting.peak))])
}

/// Counts over and over, then lets DuckDB do the same.
pub(crate) fn run(scratch: &Path) -> Result<Counting> {
    let columns = Columns::made();
    let (mut tally, mut scan) = (Samples::default(), Samples::default());
    let counted = columns.tally();
    for _ in 0..RUNS {
        if timed(&mut tally, || columns.tally()) != counted {
            return Err("the same columns gave different counts".into());
        }
    }
    for _ in 0..RUNS / 4 {
        if timed(&mut scan, || columns.scan().findings(1)).len() != ASSESSMENTS {
            return Err("an assessment was not looked at".into());
        }
    }
    let duckdb = columns.by_duckdb(scratch, &counted)?;
    Ok(Counting { tally, scan, duckdb })
}

impl Columns {
    fn made() -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(1);
        let mut column =
            |of: u32| -> Vec<u32> { (0..INTERVIEWS).map(|_| chance.random_range(0..of)).collect() };
        let (positions, months) = (column(POSITIONS), column(MONTHS));
        let passed = column(100).into_iter().map(|percent| u8::from(percent < 60)).collect();
        let halves = |scores: Vec<u32>| scores.into_iter().map(|score| f64::from(score) / 2.0).collect();
        let scores = (0..ASSESSMENTS).map(|_| halves(column(201))).collect();
        Self { positions, months, passed, scores, bits: vec![u64::MAX; CHUNK.div_ceil(64)] }
    }

    /// The chunks: where each begins, and its rows.
    fn chunks(&self) -> impl Iterator<Item = (usize, Rows<'_>)> {
        let len = |from: usize| CHUNK.min(INTERVIEWS - from);
        (0..INTERVIEWS).step_by(CHUNK).map(move |from| (from, Rows::with_bits(&self.bits, len(from))))
    }

    fn tally(&self) -> Tally {
        let mut tally = Tally::new(POSITIONS as usize, MONTHS as usize);
        for (from, rows) in self.chunks() {
            let (positions, months, passed) =
                (&self.positions[from..], &self.months[from..], &self.passed[from..]);
            tally.add(rows, |row| (positions[row], months[row]), |row| Some(passed[row] == 1));
        }
        tally
    }

    fn scan(&self) -> Scan {
        let mut scan = Scan::new(ASSESSMENTS);
        for (from, rows) in self.chunks() {
            let passed = &self.passed[from..];
            for (assessment, scores) in self.scores.iter().enumerate() {
                let scores = &scores[from..];
                scan.add(rows, assessment, |row| scores[row], |row| Some(passed[row] == 1));
            }
        }
        scan
    }

    /// DuckDB's times, if it is there and counts what we counted.
    fn by_duckdb(
        &self,
        scratch: &Path,
        counted: &Tally,
    ) -> Result<std::result::Result<(String, Samples), String>> {
        let folder = duckdb()?;
        if !folder.is_dir() {
            return Ok(Err("there is no DuckDB; `cargo xtask bench` fetches it".to_owned()));
        }
        let file = scratch.join("interviews.csv");
        fs::write(&file, self.csv()?)?;
        let output = Command::new("python3")
            .args(["-c", include_str!("analytics.py")])
            .arg(&file)
            .arg(RUNS.to_string())
            .env("PYTHONPATH", folder)
            .output();
        let output = match output {
            Ok(output) if output.status.success() => output,
            Ok(output) => return Ok(Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
            Err(error) => return Ok(Err(format!("python3: {error}"))),
        };
        let Counted { version, times, cells } = serde_json::from_slice(&output.stdout)?;
        let same = |(position, month, hits, of): &(u32, u32, u64, u64)| {
            counted.cell(*position as usize, *month as usize) == Rate { hits: *hits, of: *of }
        };
        if cells.len() != (POSITIONS * MONTHS) as usize || !cells.iter().all(same) {
            return Err("DuckDB counted otherwise than we did".into());
        }
        Ok(Ok((version, Samples::of(times))))
    }

    fn csv(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        for ((position, month), passed) in self.positions.iter().zip(&self.months).zip(&self.passed) {
            writeln!(text, "{position},{month},{passed}")?;
        }
        Ok(text)
    }
}

/// Where `cargo xtask bench` puts DuckDB: beside the folder that programs are built into.
fn duckdb() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("the program lies in no folder")?;
    Ok(target.join("duckdb"))
}
