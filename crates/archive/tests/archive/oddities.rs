//! Reports of what vendors should not send and do: names that are formulas, rare characters, several scales, scores that lack
//! or are all alike, dates that can't be.

use dossier_archive::{Arrival, ErrorKind, Measure, ReportWords};
use dossier_domain::{Language, Scale, Score, text::PositionName};
use dossier_report::Format;
use dossier_testkit::{TestArchive, TestResult};

use crate::{reporting::check, scripted::sittings};

const NAMES: [&str; 4] = ["=cmd|' /C calc'!A0", "𠮷行 䶮 😀", "＠SUM(A1:A9)", "<b>&\"'"];

/// An archive of interviews that are odd in every way.
async fn odd() -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let mut all = sittings(24);
    for (number, of) in all.iter_mut().enumerate() {
        of.position.name = PositionName::parse(NAMES[number % NAMES.len()])?;
        of.score = match number % 6 {
            0 => None,
            1 => Some(Score::new(0.5, Scale::new(0.5, 5.0)?)?),
            2 => Some(Score::new(3.0, Scale::FIVE)?),
            3 => Some(Score::new(-1e9, Scale::new(-1e9, 1e9)?)?),
            // All alike.
            _ => Some(Score::percent(70.0)?),
        };
        let at = match number % 5 {
            0 => Some("1970-01-01T00:00:00Z"),
            1 => Some("9999-12-30T23:59:59Z"),
            2 => Some("0001-01-01T00:00:00Z"),
            3 => None,
            _ => Some("2023-10-12T02:00:00Z"),
        };
        of.started_at = at.map(str::parse).transpose()?;
        of.ended_at = of.started_at;
    }
    let arrivals: Vec<Arrival> = all.into_iter().map(Arrival::from).collect();
    let report = test.archive.ingest(&test.as_sync()?, connection.id, arrivals).await?;
    assert!(report.new + report.quarantined == 24 && report.new >= 12, "{report:?}");
    Ok(test)
}

#[tokio::test]
async fn every_format_says_something_sensible_or_what_is_wrong() -> TestResult {
    let test = odd().await?;
    let hr = test.as_user("hr").await?;
    let mut made = 0;
    for measure in Measure::ALL {
        for (by, period) in
            [("", ""), ("position", ""), ("month", ""), ("quarter,score", ""), ("position", "2023-Q4")]
        {
            let words = ReportWords {
                measure: measure.name().to_owned(),
                by: vec![by.to_owned()],
                period: period.to_owned(),
                ..ReportWords::default()
            };
            let request = words.request(Language::Chinese)?;
            let report = match test.archive.report(&hr, request.clone()).await {
                Ok(report) => report,
                Err(error) => {
                    assert_eq!(error.kind(), ErrorKind::Invalid, "{measure:?} {by} {period}: {error}");
                    continue;
                }
            };
            check(&test, &hr, &report).await?;
            for format in Format::ALL.into_iter().filter(|format| *format != Format::Pdf) {
                match test.archive.report_file(&hr, request.clone(), format, |_| None).await {
                    Ok(file) => {
                        made += 1;
                        sensible(format, &file.bytes)?;
                    }
                    // Of what has no chart there is no picture.
                    Err(error) => assert_eq!((error.kind(), format), (ErrorKind::Invalid, Format::Svg)),
                }
            }
        }
    }
    assert!(made > 60, "{made}");
    Ok(())
}

fn sensible(format: Format, bytes: &[u8]) -> TestResult {
    match format {
        Format::Json => {
            let report: serde_json::Value = serde_json::from_slice(bytes)?;
            assert!(report["parts"].is_array());
        }
        Format::Csv => {
            let text = std::str::from_utf8(bytes)?;
            let cells = text.trim_start_matches('\u{FEFF}').lines().flat_map(|line| line.split(','));
            for cell in cells {
                let bare = cell.trim_start_matches('"');
                // A negative number is a number.
                let is_number = bare.parse::<f64>().is_ok();
                assert!(is_number || !bare.starts_with(['=', '+', '-', '@', '＝', '＠', '\t']), "{cell}");
            }
        }
        Format::Svg => {
            let text = std::str::from_utf8(bytes)?;
            assert!(text.ends_with("</svg>") && !text.contains("NaN") && !text.contains("<b>"));
        }
        Format::Xlsx => assert!(bytes.starts_with(b"PK\x03\x04")),
        Format::Pdf => {}
    }
    Ok(())
}

#[tokio::test]
async fn names_come_out_as_they_went_in() -> TestResult {
    let test = odd().await?;
    let hr = test.as_user("hr").await?;
    let words = ReportWords {
        measure: "pass_rate".to_owned(),
        by: vec!["position".to_owned()],
        ..ReportWords::default()
    };
    let file =
        test.archive.report_file(&hr, words.request(Language::English)?, Format::Json, |_| None).await?;
    let text = String::from_utf8(file.bytes)?;
    for name in NAMES {
        let name = serde_json::to_string(name)?;
        assert!(text.contains(&name), "{name}: {text}");
    }
    Ok(())
}
