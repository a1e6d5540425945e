//! Reports of two times beside each other.

use dossier_access::{Context, log::Outcome};
use dossier_archive::{ErrorKind, LogFilter, Measure, ReportWords};
use dossier_domain::{Language, Month};
use dossier_report::{
    Format,
    model::{Cell, Column, Kind, Part, Report, Value},
};
use dossier_testkit::{TestArchive, TestResult};

use crate::reporting::{bank, check};

fn words(measure: Measure, by: &str, period: &str, against: &str) -> ReportWords {
    ReportWords {
        measure: measure.name().to_owned(),
        by: vec![by.to_owned()],
        period: period.to_owned(),
        against: against.to_owned(),
        ..ReportWords::default()
    }
}

async fn made(test: &TestArchive, ctx: &Context, words: &ReportWords) -> dossier_archive::Result<Report> {
    test.archive.report(ctx, words.request(Language::English)?).await
}

fn place(part: &Part, id: &str) -> usize {
    let is_it = |column: &Column| column.id == id;
    part.table.columns.iter().position(is_it).unwrap_or_else(|| panic!("no {id} in {:?}", part.table.columns))
}

fn number(row: &[Cell], part: &Part, id: &str) -> f64 {
    row[place(part, id)].value.as_number().unwrap_or_else(|| panic!("{id}: {row:?}"))
}

const LATER: &str = "2023-10-16..2023-10-31";
const EARLIER: &str = "2023-10-01..2023-10-15";

#[tokio::test]
async fn both_times_are_what_each_is_alone_and_their_change_has_an_interval() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let report = made(&test, &hr, &words(Measure::PassRate, "position", LATER, EARLIER)).await?;
    assert!(report.title.contains("2023-10-16–2023-10-31 against 2023-10-01–2023-10-15"), "{}", report.title);
    let part = &report.parts[0];
    for (time, decided, rate) in
        [(EARLIER, "decided_before", "pass_rate_before"), (LATER, "decided", "pass_rate")]
    {
        let alone =
            ReportWords { query: format!("date:{time}"), ..words(Measure::PassRate, "position", "", "") };
        let alone = made(&test, &hr, &alone).await?;
        let total = alone.parts[0].table.total.as_ref().ok_or("no total")?;
        let both = part.table.total.as_ref().ok_or("no total")?;
        assert_eq!(number(both, part, decided), number(total, &alone.parts[0], "decided"));
        assert_eq!(both[place(part, rate)].value, total[place(&alone.parts[0], "pass_rate")].value);
        for row in &alone.parts[0].table.rows {
            let same = part.table.rows.iter().find(|both| both[0] == row[0]).ok_or("a group is gone")?;
            assert_eq!(number(same, part, decided), number(row, &alone.parts[0], "decided"));
        }
    }
    let total = part.table.total.as_ref().ok_or("no total")?;
    let change = place(part, "pass_rate_change");
    assert_eq!(part.table.columns[change].kind, Kind::Points);
    let Value::Estimate { value, low, high } = total[change].value else { panic!("{:?}", total[change]) };
    let difference = number(total, part, "pass_rate") - number(total, part, "pass_rate_before");
    assert!((value - 100.0 * difference).abs() < 1e-9, "{value} {difference}");
    assert!(low < value && value < high && low >= -100.0 && high <= 100.0);
    assert_eq!(total[change].behind, None, "no search finds a change");
    assert!(check(&test, &hr, &report).await? > 10);
    Ok(())
}

#[tokio::test]
async fn whatever_counts_is_compared_for_every_reader_and_in_every_format() -> TestResult {
    let test = bank().await?;
    for login in ["hr", "li", "checker"] {
        let ctx = test.as_user(login).await?;
        for measure in Measure::ALL.into_iter().filter(|measure| measure.compares()) {
            for by in ["", "position", "branch,vendor,position"] {
                let asked = words(measure, by, LATER, EARLIER);
                let report = made(&test, &ctx, &asked).await?;
                let compared = check(&test, &ctx, &report).await?;
                assert!(
                    login != "hr"
                        || [Measure::Agreement, Measure::Answers].contains(&measure)
                        || compared > 0,
                    "{measure:?} {by}"
                );
                for part in &report.parts {
                    assert!(part.table.columns.len() <= 15, "{measure:?} {by}: {:?}", part.table.columns);
                }
                // Without groups everything is drawn, both times beside each other.
                let is_drawn = |part: &Part| part.chart.is_some() || measure == Measure::Funnel;
                assert!(!by.is_empty() || report.parts.iter().all(is_drawn));
                for format in [Format::Json, Format::Csv, Format::Xlsx] {
                    let request = asked.request(Language::Chinese)?;
                    let file = test.archive.report_file(&ctx, request, format, |_| None).await?;
                    assert!(file.bytes.len() > 100);
                }
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn times_without_anybody_and_times_that_cannot_be() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    // Before there was anybody, and long after.
    for (period, against) in [("1999", ""), ("9998", "9997"), (LATER, "1970"), ("1999", LATER)] {
        let report = made(&test, &hr, &words(Measure::PassRate, "position", period, against)).await?;
        check(&test, &hr, &report).await?;
        for row in &report.parts[0].table.rows {
            assert_eq!(row[place(&report.parts[0], "pass_rate_change")].value, Value::Nothing);
        }
    }
    for wrong in [
        words(Measure::PassRate, "month", LATER, EARLIER),
        words(Measure::PassRate, "", LATER, "2023-10-16"),
        words(Measure::PassRate, "", "1970", ""),
        words(Measure::Fairness, "", LATER, EARLIER),
        words(Measure::Thresholds, "", LATER, EARLIER),
        words(Measure::Use, "", LATER, EARLIER),
        words(Measure::PassRate, "", "0000-00", ""),
        words(Measure::PassRate, "", "month", EARLIER),
    ] {
        let error = made(&test, &hr, &wrong).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{wrong:?}");
        assert!(!error.message(Language::Chinese).is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn small_groups_of_either_time_stay_withheld() -> TestResult {
    let test = bank().await?;
    let li = test.as_user("li").await?;
    let report = made(&test, &li, &words(Measure::PassRate, "score", "2023-01..2024-12", "2022")).await?;
    let part = &report.parts[0];
    let pairs = [("interviewed_before", "pass_rate_change"), ("interviewed", "pass_rate_change")];
    let mut withheld = 0;
    for row in &part.table.rows {
        for (count, change) in pairs {
            if row[place(part, count)].value == Value::Withheld {
                withheld += 1;
                assert_eq!(row[place(part, change)].value, Value::Withheld, "{row:?}");
            }
        }
    }
    assert!(withheld > 0, "{part:?}");
    Ok(())
}

#[tokio::test]
async fn a_dashboard_is_one_look_in_the_log_and_says_what_its_reports_say() -> TestResult {
    let test = bank().await?;
    for login in ["hr", "li", "checker"] {
        let ctx = test.as_user(login).await?;
        let newest = Month::new(2023, 10).ok_or("no month")?;
        let of = test.archive.dashboard(&ctx, "", newest, Language::English).await?;
        assert_eq!(of.quarter.label(Language::English), "2023 Q4");
        let glances = [
            Some(of.pass_rate),
            Some(of.pace),
            Some(of.lateness),
            Some(of.course),
            Some(of.positions),
            Some(of.funnel),
            of.answers,
        ];
        for glance in glances.into_iter().flatten() {
            let whole = made(&test, &ctx, &glance.words).await?;
            assert_eq!((whole.title, whole.parts), (glance.title, glance.parts), "{:?}", glance.words);
        }
    }
    let auditor = test.as_user("auditor").await?;
    for login in ["auditor", "admin"] {
        let ctx = test.as_user(login).await?;
        let newest = Month::new(2023, 10).ok_or("no month")?;
        let refused = test.archive.dashboard(&ctx, "", newest, Language::English).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Denied, "{login}");
    }
    let filter = LogFilter { action: Some("report".into()), limit: Some(1000), ..LogFilter::default() };
    let log = test.archive.log_records(&auditor, filter).await?;
    let looks = log.records.iter().filter(|record| {
        let of = &record.entry;
        of.outcome == Outcome::Intended && of.objects.iter().any(|object| object.as_str() == "dashboard")
    });
    assert_eq!(looks.count(), 3);
    Ok(())
}
