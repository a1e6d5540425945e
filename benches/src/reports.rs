//! Reports over a million interviews, as the archive makes them for HR: rights, log, words and links included; and the
//! counting alone, against DuckDB over the same columns.
//!
//! DuckDB runs in a Python process of its own, with its data loaded before it looks at the clock, and uses as many threads
//! as it likes; `cargo xtask bench` fetches it. What it counts must be what we count.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use dossier_access::Context;
use dossier_analytics::{
    Rows,
    cube::{Axis, AxisCodes, counts},
};
use dossier_archive::{Archive, Measure, ReportRequest};
use dossier_domain::{BankZone, Language, Stage, Standing};
use dossier_search::{
    Columns, Dimension, Index, Options, Query, Scope,
    columns::{Value, Wanted},
};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured, held},
    folder::{self, Folder},
    million,
    options::Bench,
    table::{Line, megabytes},
    timing::{Samples, milliseconds, timed},
};

const RUNS: usize = 12;
/// Of reports that take long.
const FEW_RUNS: usize = 4;

/// A report that is measured: what it is, by what, how often, and how long it may take, in seconds.
struct Case {
    measure: Measure,
    by: &'static [Dimension],
    runs: usize,
    at_most: f64,
}

const fn case(measure: Measure, by: &'static [Dimension], runs: usize, at_most: f64) -> Case {
    Case { measure, by, runs, at_most }
}

const CASES: [Case; 9] = [
    case(Measure::PassRate, &[Dimension::Position, Dimension::Month], RUNS, 0.060),
    case(Measure::PassRate, &[Dimension::Branch, Dimension::Vendor, Dimension::Quarter], RUNS, 0.060),
    case(Measure::Completeness, &[Dimension::Month], RUNS, 0.060),
    case(Measure::Funnel, &[Dimension::Month], FEW_RUNS, 0.5),
    case(Measure::Scores, &[Dimension::Position], FEW_RUNS, 0.5),
    case(Measure::Lateness, &[Dimension::Vendor], FEW_RUNS, 0.5),
    case(Measure::Answers, &[Dimension::Month], FEW_RUNS, 1.0),
    case(Measure::Answers, &[], FEW_RUNS, 1.0),
    case(Measure::Thresholds, &[], FEW_RUNS, 1.0),
];

/// What was measured.
#[derive(Serialize, Deserialize)]
pub(crate) struct Reports {
    /// For each case what it is, its first run, and further ones.
    made: Vec<(String, f64, Samples, f64)>,
    /// Memory held before the first report, and after the last.
    memory: (u64, u64),
}

/// What counting alone took.
#[derive(Serialize, Deserialize)]
pub(crate) struct Counting {
    ours: Samples,
    /// DuckDB's version and times, or why there are none.
    duckdb: std::result::Result<(String, Samples), String>,
}

/// What DuckDB writes.
#[derive(Deserialize)]
struct Counted {
    version: String,
    times: Vec<f64>,
    cells: Vec<(usize, usize, u64, u64)>,
}

/// Makes each report over and over, and counts against DuckDB.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let folder = million::filled(bench)?;
    let reports: Measured<Reports> = child::run(&Job::Reports { folder: folder.clone() })?;
    let scratch = bench.scratch().to_path_buf();
    let counting: Measured<Counting> = child::run(&Job::Counting { folder, scratch })?;
    let mut lines = Vec::new();
    for (what, first, warm, at_most) in &reports.value.made {
        let target = milliseconds(*at_most);
        let median = warm.median();
        lines.push(
            Line::new(&format!("report {what}"), milliseconds(median))
                .against(format!("its first run {}", milliseconds(*first)), median / first)
                .at_most(median, *at_most, &target),
        );
    }
    let (idle, after) = reports.value.memory;
    let more = after.saturating_sub(idle);
    lines.push(
        Line::new("all these reports, memory above idle", megabytes(more))
            .against(format!("idle {}", megabytes(idle)), after as f64 / idle as f64)
            .at_most(more as f64, 300e6, "300 MB"),
    );
    lines.push(compared(&counting.value));
    Ok(lines)
}

fn compared(Counting { ours, duckdb }: &Counting) -> Line {
    let what = "counting pass rates by position and month";
    let line = Line::new(what, milliseconds(ours.median()));
    match duckdb {
        Ok((version, times)) => {
            let faster = times.median() / ours.median();
            line.against(format!("DuckDB {version} {}", milliseconds(times.median())), faster)
                .at_least(faster, 2.0, "2 ×")
        }
        Err(why) => line.against(format!("not compared: {why}"), f64::NAN),
    }
}

/// Makes all reports.
pub(crate) async fn run(path: &Path) -> Result<Reports> {
    let archive = Folder::at(path).open().await?;
    let hr = folder::user(&archive, "hr").await?;
    // What every process needs that has searched once.
    make(&archive, &hr, &case(Measure::PassRate, &[], 1, 0.0), "姓名:没有此人").await?;
    let idle = held()?;
    let mut made = Vec::new();
    for case in &CASES {
        let begun = Instant::now();
        make(&archive, &hr, case, "").await?;
        let first = begun.elapsed().as_secs_f64();
        let mut warm = Samples::default();
        for _ in 0..case.runs {
            let begun = Instant::now();
            make(&archive, &hr, case, "").await?;
            warm.push(begun.elapsed());
        }
        let by: Vec<_> = case.by.iter().map(|of| of.name()).collect();
        made.push((format!("{} by {}", case.measure.name(), by.join(",")), first, warm, case.at_most));
    }
    let after = held()?;
    archive.close().await?;
    Ok(Reports { made, memory: (idle, after) })
}

async fn make(archive: &Archive, hr: &Context, case: &Case, query: &str) -> Result {
    let request = ReportRequest {
        measure: case.measure,
        query: query.to_owned(),
        by: case.by.to_vec(),
        language: Language::Chinese,
        on_trial: None,
        periods: None,
    };
    let report = archive.report(hr, request).await?;
    let is_empty = report.parts.iter().all(|part| part.table.rows.is_empty());
    if is_empty && query.is_empty() {
        return Err(format!("{} has nothing to tell", case.measure.name()).into());
    }
    Ok(())
}

/// Counts over and over, then lets DuckDB do the same.
pub(crate) fn count(path: &Path, scratch: &Path) -> Result<Counting> {
    let folder = Folder::at(path);
    let index = Index::open(Options::sealed(folder.index(), folder.index_key()?))?;
    let (query, scope) = (Query::everything(), Scope::all());
    let dimensions = [Dimension::Position, Dimension::Month, Dimension::Standing(Stage::AiInterview)];
    let columns = index.columns(&Wanted {
        query: &query,
        scope: &scope,
        zone: BankZone::default(),
        dimensions: &dimensions,
        numbers: &[],
        subsets: &[],
    })?;
    let counted = cells(&columns);
    let mut ours = Samples::default();
    for _ in 0..RUNS * 2 {
        if timed(&mut ours, || cells(&columns)) != counted {
            return Err("the same columns gave different counts".into());
        }
    }
    let duckdb = by_duckdb(&columns, scratch, &counted)?;
    Ok(Counting { ours, duckdb })
}

/// Place of position, place of month, passed, decided.
fn cells(columns: &Columns) -> Vec<(usize, usize, u64, u64)> {
    let sizes = [0, 1, 2].map(|of| columns.values[of].len());
    let mut all = vec![0_u64; sizes.iter().product()];
    for part in &columns.parts {
        let axes = [0, 1, 2].map(|of| {
            let coded = &part.dimensions[of];
            Axis { codes: AxisCodes::One(&coded.codes.one), size: coded.places.len() }
        });
        let counted = counts(&axes, Rows::with_bits(part.rows.words(), part.len));
        for (place, count) in counted.into_iter().enumerate().filter(|(_, count)| *count > 0) {
            let code = |of: usize, behind: usize| part.dimensions[of].places[place / behind % axes[of].size];
            let (c, b, a) = (code(2, 1), code(1, axes[2].size), code(0, axes[2].size * axes[1].size));
            all[(a * sizes[1] + b) * sizes[2] + c] += count;
        }
    }
    let standing = |of| columns.values[2].iter().position(|value| *value == Value::Standing(of));
    let (passed, failed) = (standing(Standing::Passed), standing(Standing::Failed));
    let cells = (0..sizes[0]).flat_map(|a| (0..sizes[1]).map(move |b| (a, b)));
    let count =
        |a: usize, b: usize, of: Option<usize>| of.map_or(0, |c| all[(a * sizes[1] + b) * sizes[2] + c]);
    let cells = cells.map(|(a, b)| (a, b, count(a, b, passed), count(a, b, passed) + count(a, b, failed)));
    cells.filter(|(.., of)| *of > 0).collect()
}

/// DuckDB's times, if it is there and counts what we counted.
fn by_duckdb(
    columns: &Columns,
    scratch: &Path,
    counted: &[(usize, usize, u64, u64)],
) -> Result<std::result::Result<(String, Samples), String>> {
    let folder = duckdb()?;
    if !folder.is_dir() {
        return Ok(Err("there is no DuckDB; `cargo xtask bench` fetches it".to_owned()));
    }
    let file = scratch.join("interviews.csv");
    fs::write(&file, csv(columns)?)?;
    let output = Command::new("python3")
        .args(["-c", include_str!("reports.py")])
        .arg(&file)
        .arg((RUNS * 2).to_string())
        .env("PYTHONPATH", folder)
        .output();
    let output = match output {
        Ok(output) if output.status.success() => output,
        Ok(output) => return Ok(Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
        Err(error) => return Ok(Err(format!("python3: {error}"))),
    };
    let Counted { version, times, cells } = serde_json::from_slice(&output.stdout)?;
    if cells != counted {
        return Err("DuckDB counted otherwise than we did".into());
    }
    Ok(Ok((version, Samples::of(times))))
}

/// Position, month, and whether the AI interview was passed; 2 where that is not decided.
fn csv(columns: &Columns) -> Result<String> {
    let mut text = String::new();
    for part in &columns.parts {
        for row in (0..part.len).filter(|row| part.rows.has(*row)) {
            let place = |of: usize| {
                let coded = &part.dimensions[of];
                coded.codes.of(row).first().map_or(0, |code| coded.places[usize::from(*code)])
            };
            let passed = match columns.values[2][place(2)] {
                Value::Standing(Standing::Passed) => 1,
                Value::Standing(Standing::Failed) => 0,
                _ => 2,
            };
            writeln!(text, "{},{},{passed}", place(0), place(1))?;
        }
    }
    Ok(text)
}

/// Where `cargo xtask bench` puts DuckDB: beside the folder that programs are built into.
fn duckdb() -> Result<PathBuf> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("the program lies in no folder")?;
    Ok(target.join("duckdb"))
}
