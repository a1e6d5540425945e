//! Reports of data as no report wants it: none, one row, all alike, scores that lack or come on several scales, days that
//! can't be, names that mean harm. Each comes to something sensible as a page and in every format of files, or to an error
//! that says what is wrong.

use std::{
    io::{Cursor, Write as _},
    process::{Command, Stdio},
    sync::Arc,
};

use calamine::{Data, Reader as _, Xlsx};
use dossier_access::Token;
use dossier_archive::{Arrival, Measure};
use dossier_domain::{Scale, Score, lexicon, text::PositionName};
use dossier_report::Format;
use dossier_report_pdf::Press;
use dossier_simulator::{Bank, BankOptions};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::Fetched;
use serde_json::json;

use crate::server::Server;

/// Data, and how it is odd.
struct Odd {
    how: &'static str,
    candidates: usize,
    /// What is counted of it.
    query: &'static str,
    change: fn(usize, &mut Fetched) -> TestResult,
}

const ODD: [Odd; 7] = [
    Odd { how: "nothing", candidates: 1, query: "姓名:没有此人", change: |_, _| Ok(()) },
    Odd { how: "one row", candidates: 1, query: "", change: |_, _| Ok(()) },
    Odd {
        how: "all alike",
        candidates: 12,
        query: "",
        change: |_, of| {
            of.score = Some(Score::percent(70.0)?);
            of.started_at = Some("2023-10-12T02:00:00Z".parse()?);
            of.ended_at = of.started_at;
            Ok(())
        },
    },
    Odd {
        how: "scores that lack",
        candidates: 12,
        query: "",
        change: |_, of| {
            of.score = None;
            Ok(())
        },
    },
    Odd {
        how: "several scales",
        candidates: 12,
        query: "",
        change: |number, of| {
            of.score = Some(match number % 4 {
                0 => Score::new(0.5, Scale::new(0.5, 5.0)?)?,
                1 => Score::new(3.0, Scale::FIVE)?,
                2 => Score::new(-1e9, Scale::new(-1e9, 1e9)?)?,
                _ => Score::percent(99.99)?,
            });
            Ok(())
        },
    },
    Odd {
        how: "days that can't be",
        candidates: 12,
        query: "",
        change: |number, of| {
            let at = match number % 5 {
                0 => Some("1970-01-01T00:00:00Z"),
                1 => Some("9999-12-30T23:59:59Z"),
                2 => Some("0001-01-01T00:00:00Z"),
                3 => None,
                _ => Some("2023-10-12T02:00:00Z"),
            };
            of.started_at = at.map(str::parse).transpose()?;
            of.ended_at = of.started_at;
            Ok(())
        },
    },
    Odd {
        how: "names that mean harm",
        candidates: 12,
        query: "",
        change: |number, of| {
            of.position.name = PositionName::parse(NAMES[number % NAMES.len()])?;
            Ok(())
        },
    },
];

const NAMES: [&str; 4] = ["=cmd|' /C calc'!A0", "𠮷行 䶮 😀", "＠SUM(A1:A9)", "<b>&\"'"];

impl Odd {
    async fn server(&self) -> TestResult<Server> {
        let mut test = TestArchive::new().await?;
        let archive = Arc::get_mut(&mut test.archive).ok_or("somebody else has the archive")?;
        archive.set_typesetter(Arc::new(Press::new(None)));
        let connection = test.connection().await?;
        let bank = Bank::generate(BankOptions { candidates: self.candidates, ..BankOptions::default() });
        let mut all: Vec<Fetched> = bank.interviews().map(|sitting| sitting.fetched()).collect();
        for (number, of) in all.iter_mut().enumerate() {
            (self.change)(number, of)?;
        }
        let arrivals = all.into_iter().map(Arrival::from).collect();
        test.archive.ingest(&test.as_sync()?, connection.id, arrivals).await?;
        Server::beside(test).await
    }

    /// Where a report of it is, as a page or as a file.
    fn address(&self, path: &str, measure: Measure, by: &str) -> String {
        let q: String = url::form_urlencoded::byte_serialize(self.query.as_bytes()).collect();
        format!("{path}?measure={}&by={by}&q={q}", measure.name())
    }
}

#[tokio::test]
async fn each_oddity_comes_to_something_sensible_in_each_format() -> TestResult {
    for odd in ODD {
        let server = odd.server().await?;
        let session = server.sign_in("hr").await?;
        for measure in Measure::by_conditions() {
            for by in ["", "position", "quarter"] {
                let what = format!("{}, {} by {by}", odd.how, measure.name());
                let address = odd.address("/analysis", measure, by);
                let page = server.read(&session, "zh", &address).await;
                let (status, page) = (page.status.as_u16(), page.text());
                if status == 422 {
                    assert!(page.contains(r#"class="mistake""#), "{what}: {page}");
                    continue;
                }
                assert_eq!(status, 200, "{what}: {page}");
                assert!(
                    page.ends_with("</html>") && !page.contains("NaN") && !page.contains("<b>&"),
                    "{what}"
                );
                files(&server, &session, &odd, measure, by)
                    .await
                    .map_err(|error| format!("{what}: {error}"))?;
            }
        }
    }
    Ok(())
}

async fn files(server: &Server, session: &Token, odd: &Odd, measure: Measure, by: &str) -> TestResult {
    // Setting type takes longest, and tells most where the names are.
    let is_set = by == "position" && (odd.how.starts_with("names") || measure == Measure::Scores);
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Pdf || is_set) {
        let address = format!("{}&format={}", odd.address("/analysis/export", measure, by), format.name());
        let file = server.read(session, "zh", &address).await;
        match (file.status.as_u16(), format) {
            (200, _) => {
                sensible(format, file.bytes).map_err(|error| format!("{}: {error}", format.name()))?
            }
            // Of what has no chart there is no picture.
            (422, Format::Svg) => assert!(file.text().contains("没有")),
            (status, _) => return Err(format!("{} is answered by {status}", format.name()).into()),
        }
        if format == Format::Pdf && odd.how.starts_with("names") {
            let text = pdf_text(&server.read(session, "zh", &address).await.bytes)?;
            let has_groups = [Measure::PassRate, Measure::Scores, Measure::Completeness].contains(&measure);
            for name in NAMES.into_iter().filter(|_| has_groups) {
                assert!(text.contains(&dense(name)), "{name}: {text}");
            }
        }
    }
    Ok(())
}

fn sensible(format: Format, bytes: Vec<u8>) -> TestResult {
    match format {
        Format::Json => {
            let report: serde_json::Value = serde_json::from_slice(&bytes)?;
            assert!(report["parts"].is_array());
        }
        Format::Csv => {
            let text = String::from_utf8(bytes)?;
            for cell in text.trim_start_matches('\u{FEFF}').lines().flat_map(|line| line.split(',')) {
                let bare = cell.trim_start_matches('"');
                // A negative number is a number.
                let is_number = bare.parse::<f64>().is_ok_and(f64::is_finite);
                assert!(is_number || !bare.starts_with(['=', '+', '-', '@', '＝', '＠', '\t']), "{cell}");
            }
        }
        Format::Svg => {
            let text = String::from_utf8(bytes)?;
            assert!(text.ends_with("</svg>") && !text.contains("NaN") && !text.contains("<b>"));
        }
        Format::Xlsx => {
            let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
            for name in workbook.sheet_names() {
                assert!(workbook.worksheet_formula(&name)?.is_empty(), "no cell is ever a formula");
                let sheet = workbook.worksheet_range(&name)?;
                let is_sound = |cell: &Data| match cell {
                    Data::Float(number) => number.is_finite(),
                    cell => !matches!(cell, Data::Error(_)),
                };
                assert!(sheet.rows().flatten().all(is_sound), "{name}");
            }
        }
        Format::Pdf => assert!(bytes.starts_with(b"%PDF-") && !pdf_text(&bytes)?.contains("NaN")),
    }
    Ok(())
}

/// What poppler reads in a PDF, without spaces and breaks.
pub(crate) fn pdf_text(pdf: &[u8]) -> TestResult<String> {
    let mut reader = Command::new("pdftotext")
        .args(["-raw", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = reader.stdin.take().ok_or("no way into the reader")?;
    let pdf = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&pdf));
    let output = reader.wait_with_output()?;
    writer.join().map_err(|_| "the reader did not listen")??;
    Ok(dense(&String::from_utf8_lossy(&output.stdout)))
}

pub(crate) fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').collect()
}

#[tokio::test]
async fn a_lexicon_is_as_large_as_a_query_can_spell_and_no_larger() -> TestResult {
    let server = Server::with(12).await?;
    let theme = |number: usize| format!("/api/v1/themes/%E4%B8%BB%E9%A2%98{number}");
    let word = |number: usize| format!("词{number:03}");
    let words = |count: usize| json!({ "words": (0..count).map(word).collect::<Vec<_>>() });
    let million = server.ask("hr", "PUT", &theme(0), words(1_000_000)).await;
    assert!([413, 422].contains(&million.status.as_u16()), "{}", million.text());
    let many = server.ask("hr", "PUT", &theme(0), words(lexicon::MOST_WORDS + 1)).await.expect(422);
    assert!(many.text().contains("at most"), "{}", many.text());
    let mut taken = 0;
    while taken <= lexicon::MOST_THEMES {
        let answer = server.ask("hr", "PUT", &theme(taken), words(lexicon::MOST_WORDS)).await;
        if answer.status != 200 {
            assert_eq!(answer.status, 422, "{}", answer.text());
            break;
        }
        taken += 1;
    }
    assert!(
        (lexicon::MOST_THEMES - 20..lexicon::MOST_THEMES).contains(&taken),
        "{taken} beside the first ones"
    );
    for format in ["json", "csv", "xlsx", "svg"] {
        server.get("hr", &format!("/api/v1/reports/answers?by=month&format={format}")).await.expect(200);
    }
    Ok(())
}
