//! Scores that people gave beside the AI's: found as soon as they are handed in, by whom they may be seen.

use dossier_access::Context;
use dossier_archive::{Measure, Move, ReportWords, SearchRequest};
use dossier_domain::{ApplicationId, Judgement, Language, Recommendation, Stage};
use dossier_report::model::{Part, Report, Value};
use dossier_search::{Hit, Sort};
use dossier_testkit::{TestArchive, TestResult};

use crate::{
    reporting::check,
    scorecards::{judgement, set_interviewers},
};

const MANAGERS: &str = "岗位==客户经理";

async fn bank() -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    test.ingest(&test.connection().await?, 90).await?;
    set_interviewers(&test).await?;
    Ok(test)
}

async fn found(test: &TestArchive, ctx: &Context, query: &str) -> TestResult<Vec<Hit>> {
    let query = query.to_owned();
    let request =
        SearchRequest { query, limit: Some(1000), sort: Some(Sort::Oldest), ..SearchRequest::default() };
    Ok(test.archive.search(ctx, request).await?.hits.hits)
}

async fn count(test: &TestArchive, login: &str, query: &str) -> TestResult<usize> {
    Ok(found(test, &test.as_user(login).await?, query).await?.len())
}

/// Hands in a scorecard with this score for each criterion, of 1 to 5.
async fn judge(test: &TestArchive, login: &str, id: ApplicationId, points: f64) -> TestResult {
    let by = test.as_user(login).await?;
    test.archive.write_scorecard(&by, id, judgement(points, Recommendation::For)?, None, true).await?;
    Ok(())
}

async fn report(test: &TestArchive, login: &str, by: &str, period: &str) -> TestResult<Report> {
    let words = ReportWords {
        measure: Measure::Agreement.name().to_owned(),
        query: MANAGERS.to_owned(),
        by: vec![by.to_owned()],
        period: period.to_owned(),
        ..ReportWords::default()
    };
    let ctx = test.as_user(login).await?;
    Ok(test.archive.report(&ctx, words.request(Language::Chinese)?).await?)
}

/// The parts of scores beside each other and of their order, and the one of grades where there is one.
fn people(report: &Report) -> ([&Part; 2], Option<&Part>) {
    let part = |title: &str| report.parts.iter().find(|part| part.title == title);
    let there = |title| part(title).unwrap_or_else(|| panic!("{:?}", report.parts));
    (["AI得分与人工得分", "排序与档次是否一致"].map(there), part("档次对照"))
}

/// The values of the first row from this column on, without the ends of intervals.
fn values(part: &Part, from: usize) -> Vec<f64> {
    part.table.rows[0][from..].iter().filter_map(|cell| cell.value.as_number()).collect()
}

#[tokio::test]
async fn what_people_gave_is_found_once_it_is_handed_in_and_by_whom_it_may_be_seen() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let id = found(&test, &hr, MANAGERS).await?[0].application;
    let any = "人工得分>=0";
    let wang = test.as_user("wang").await?;
    test.archive.write_scorecard(&wang, id, Judgement::default(), None, false).await?;
    assert_eq!(count(&test, "hr", any).await?, 0, "a draft is no score");
    judge(&test, "wang", id, 4.0).await?;
    assert_eq!(count(&test, "hr", "人工分=75").await?, 1);
    assert_eq!(count(&test, "wang", "human=75").await?, 1);
    for (query, found) in [(any, 0), ("-人工得分>=0", count(&test, "li", "").await?)] {
        assert_eq!(count(&test, "li", query).await?, found, "{query}: not before one's own");
    }
    judge(&test, "li", id, 2.0).await?;
    for login in ["hr", "li", "wang"] {
        assert_eq!(count(&test, login, "人工得分=50").await?, 1, "{login} finds the mean of both");
    }
    test.archive.move_to(&hr, id, &Move::to(Stage::BackgroundCheck)).await?;
    assert_eq!((count(&test, "checker", "").await?, count(&test, "checker", any).await?), (1, 0));
    assert_eq!((count(&test, "li", any).await?, count(&test, "hr", any).await?), (0, 1));
    Ok(())
}

#[tokio::test]
async fn the_scores_are_compared_and_each_number_leads_to_those_who_have_both() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let mut pairs = Vec::new();
    for (number, hit) in found(&test, &hr, MANAGERS).await?.into_iter().enumerate() {
        // Two of three are judged, about as the AI did, and a step lower.
        let Some(ai) = hit.score.filter(|_| number % 3 > 0) else { continue };
        let points = (ai / 25.0).round().clamp(1.0, 5.0);
        judge(&test, "wang", hit.application, points).await?;
        pairs.push((ai, (points - 1.0) * 25.0));
    }
    let n = pairs.len() as f64;
    assert!(n > 8.0, "{pairs:?}");
    let mean = |of: fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let made = report(&test, "hr", "", "").await?;
    let (parts, grades) = people(&made);
    let told = parts.map(|part| values(part, 0)).concat();
    let expected = [n, mean(|pair| pair.0), mean(|pair| pair.1), mean(|pair| pair.1 - pair.0)];
    for (told, expected) in told.iter().zip(expected) {
        assert!((told - expected).abs() < 1e-9, "{told} {expected}");
    }
    assert!(told[3] < -10.0 && told[4] == n && told[5..7].iter().all(|of| *of > 0.5), "{told:?}");
    assert!(told[7] < 1.0, "{told:?}");
    for cell in parts.iter().flat_map(|part| &part.table.rows[0]) {
        let behind = cell.behind.as_deref().ok_or("a number leads nowhere")?;
        assert_eq!(found(&test, &hr, behind).await?.len() as f64, n, "{behind}");
    }
    let grades = grades.ok_or("no grades")?;
    let rows = &grades.table.rows;
    assert!(rows.len() == 5 && rows.iter().all(|row| row.len() == 6));
    assert_eq!(rows.iter().flatten().filter_map(|cell| cell.value.as_number()).sum::<f64>(), n);
    assert!(grades.chart.is_some());
    check(&test, &hr, &made).await?;

    let grouped = report(&test, "hr", "月份,岗位", "").await?;
    assert!(people(&grouped).1.is_none());
    check(&test, &hr, &grouped).await?;
    for by in ["岗位", "月份"] {
        let made = report(&test, "hr", by, "").await?;
        let drawn = people(&made).0[0].chart.as_ref().map(|chart| chart.values.clone());
        assert_eq!(drawn, Some(vec![2, 3]), "{by}: the means");
        check(&test, &hr, &made).await?;
    }
    let compared = report(&test, "hr", "", "2023-Q4").await?;
    assert!(check(&test, &hr, &compared).await? > 25);
    Ok(())
}

#[tokio::test]
async fn an_interviewer_s_report_tells_nothing_of_scorecards_that_are_hidden() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let all = found(&test, &hr, MANAGERS).await?;
    let (own, others) = all.split_at(6);
    for (number, hit) in own.iter().enumerate() {
        judge(&test, "li", hit.application, [2.0, 4.0, 5.0][number % 3]).await?;
    }
    let before = report(&test, "li", "", "").await?;
    assert_eq!(values(people(&before).0[0], 0)[0], 6.0);
    for hit in others {
        judge(&test, "wang", hit.application, 1.0).await?;
    }
    assert_eq!(report(&test, "li", "", "").await?.parts, before.parts, "colleagues' scores are not in it");
    assert_eq!(values(people(&report(&test, "hr", "", "").await?).0[0], 0)[0], all.len() as f64);
    judge(&test, "wang", own[0].application, 1.0).await?;
    let after = report(&test, "li", "", "").await?;
    assert_ne!(after.parts, before.parts, "where both have handed in, each sees the mean of both");
    check(&test, &test.as_user("li").await?, &after).await?;
    for login in ["li", "wang"] {
        let made = report(&test, login, "得分段", "").await?;
        check(&test, &test.as_user(login).await?, &made).await?;
    }
    Ok(())
}

#[tokio::test]
async fn scores_of_few_people_are_withheld() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    for hit in &found(&test, &hr, MANAGERS).await?[..4] {
        judge(&test, "li", hit.application, 3.0).await?;
    }
    let made = report(&test, "li", "", "").await?;
    let (parts, grades) = people(&made);
    let cells = || parts.iter().flat_map(|part| &part.table.rows[0]);
    assert!(cells().all(|cell| cell.value == Value::Withheld), "{parts:?}");
    assert!(grades.is_none());
    let open = report(&test, "hr", "", "").await?;
    let [means, orders] = people(&open).0;
    assert_eq!(values(means, 0)[0], 4.0);
    // All alike: there is nothing to correlate, and nothing is made up.
    assert!(values(orders, 1).is_empty(), "{orders:?}");
    Ok(())
}
