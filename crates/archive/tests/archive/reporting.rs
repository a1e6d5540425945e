//! Reports: every number is what its query finds, for whoever reads it.

use dossier_access::Context;
use dossier_archive::{ErrorKind, Measure, OnTrial, ReportRequest, SearchRequest, stages::Move};
use dossier_domain::{
    ApplicationId, Language, Recommendation, Scoring, Stage,
    text::{Line, PositionName, TagName},
};
use dossier_report::model::{Kind, Report, Value};
use dossier_search::Dimension;
use dossier_testkit::{TestArchive, TestResult};

use crate::scorecards::judgement;

/// A bank of which some applications went on, and some were rejected or taken back.
pub(crate) async fn bank() -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 60).await?;
    test.make_responsible("客户经理").await?;
    let hr = test.as_user("hr").await?;
    test.archive.set_branch(&hr, &"客户经理".parse()?, Some("上海分行".parse()?)).await?;
    for (number, id) in all(&test, &hr).await?.into_iter().enumerate() {
        let reason = Some(Line::parse("测试")?);
        let to = match number % 6 {
            0 | 1 => Stage::HumanInterview,
            2 => Stage::Rejected,
            3 => Stage::Withdrawn,
            4 => Stage::BackgroundCheck,
            _ => continue,
        };
        test.archive.move_to(&hr, id, &Move::to(to).because(reason.clone())).await?;
        if number % 12 == 0 {
            test.archive.undo_move(&hr, id, None, reason).await?;
        }
    }
    Ok(test)
}

/// The same with all that reports look at: outcomes of human interviews, scorecards, groups of people, a pass mark.
async fn whole_bank() -> TestResult<TestArchive> {
    let test = bank().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let managers = PositionName::parse("客户经理")?;
    let rule = Scoring { weights: Vec::new(), pass_mark: Some(75.0) };
    test.archive.set_scoring(&hr, &managers, rule).await?;
    for (number, id) in all(&test, &hr).await?.into_iter().enumerate() {
        let group = TagName::parse(["性别:女", "性别:男", "性别:女", "性别:其他"][number % 4])?;
        test.archive.tag(&hr, &[id], &[group], &[]).await?;
        let points = 1.0 + f64::from(u8::try_from(number % 5)?);
        let card = judgement(points, Recommendation::For)?;
        // Of other positions, and once the interview is over, there is nothing for them to judge.
        drop(test.archive.write_scorecard(&li, id, card, None, number % 9 > 0).await);
    }
    let query = "阶段=人工面试".to_owned();
    let request = SearchRequest { query, limit: Some(1000), ..SearchRequest::default() };
    for (number, hit) in test.archive.search(&hr, request).await?.hits.hits.iter().enumerate() {
        let to = [Stage::BackgroundCheck, Stage::Rejected, Stage::Offer][number % 3];
        let reason = Some(Line::parse("测试")?);
        test.archive.move_to(&hr, hit.application, &Move::to(to).because(reason)).await?;
    }
    Ok(test)
}

/// Those that count every application by the groups asked for; the others need more than a made-up bank has.
const COUNTING: [Measure; 5] =
    [Measure::PassRate, Measure::Funnel, Measure::Scores, Measure::Completeness, Measure::Lateness];

/// All that measure what a search finds.
fn searching() -> impl Iterator<Item = Measure> {
    Measure::ALL.into_iter().filter(|measure| *measure != Measure::Use)
}

async fn all(test: &TestArchive, ctx: &Context) -> TestResult<Vec<ApplicationId>> {
    let request = SearchRequest { limit: Some(1000), ..SearchRequest::default() };
    let found = test.archive.search(ctx, request).await?;
    Ok(found.hits.hits.into_iter().map(|hit| hit.application).collect())
}

async fn report(
    test: &TestArchive,
    ctx: &Context,
    measure: Measure,
    query: &str,
    by: &[Dimension],
) -> dossier_archive::Result<Report> {
    let language = if by.len() == 1 { Language::English } else { Language::Chinese };
    let rule = Scoring { weights: Vec::new(), pass_mark: Some(85.0) };
    let managers = PositionName::parse("客户经理").ok().filter(|_| measure == Measure::WhatIf);
    let request = ReportRequest {
        measure,
        query: query.to_owned(),
        by: by.to_vec(),
        language,
        on_trial: managers.map(|position| OnTrial { position, rule }),
        periods: None,
    };
    test.archive.report(ctx, request).await
}

/// The report, where the measure can be made of that query and these groups.
async fn possible(
    test: &TestArchive,
    ctx: &Context,
    measure: Measure,
    query: &str,
    by: &[Dimension],
) -> TestResult<Option<Report>> {
    match report(test, ctx, measure, query, by).await {
        Ok(made) => Ok(Some(made)),
        Err(error) if error.kind() == ErrorKind::Invalid && !COUNTING.contains(&measure) => Ok(None),
        // Who may not try rules, and where there is no such position.
        Err(error) if error.kind() != ErrorKind::Invalid && measure == Measure::WhatIf => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn hits(test: &TestArchive, ctx: &Context, query: &str) -> TestResult<u64> {
    let request = SearchRequest { query: query.to_owned(), limit: Some(1), ..SearchRequest::default() };
    Ok(test.archive.search(ctx, request).await?.hits.total)
}

/// Compares every count of a report with the hits of the query behind it; gives how many were compared. Behind none is only
/// what counts no applications: the months of a trend, and what was nobody's.
pub(crate) async fn check(test: &TestArchive, ctx: &Context, report: &Report) -> TestResult<usize> {
    let mut compared = 0;
    for part in &report.parts {
        for row in part.table.rows.iter().chain(&part.table.total) {
            assert_eq!(row.len(), part.table.columns.len(), "{}", report.title);
            for (cell, column) in row.iter().zip(&part.table.columns) {
                let Some(behind) = &cell.behind else {
                    let counts = column.kind == Kind::Count && column.id != "points";
                    let count = cell.value.as_number().filter(|count| counts && *count > 0.0);
                    assert_eq!(count, None, "{} {} leads nowhere", report.title, column.id);
                    continue;
                };
                let found = hits(test, ctx, behind).await?;
                if let (Kind::Count, Value::Number(count)) = (column.kind, &cell.value) {
                    assert_eq!(found as f64, *count, "{} {}: {behind}", report.title, column.id);
                    compared += 1;
                }
            }
        }
    }
    Ok(compared)
}

#[tokio::test]
async fn every_count_is_what_its_query_finds_for_every_reader() -> TestResult {
    let test = whole_bank().await?;
    let groupings: [&[Dimension]; 5] = [
        &[],
        &[Dimension::Position],
        &[Dimension::Branch, Dimension::Month],
        &[Dimension::Tag],
        &[Dimension::Emotion, Dimension::ScoreBand, Dimension::Quarter],
    ];
    for login in ["hr", "li", "checker"] {
        let ctx = test.as_user(login).await?;
        for measure in searching() {
            for (number, by) in groupings.iter().enumerate() {
                let query = ["", "得分>=60 OR 标签:情绪积极", "面试时间>=2023-10-05"][number % 3];
                let Some(report) = possible(&test, &ctx, measure, query, by).await? else { continue };
                let compared = check(&test, &ctx, &report).await?;
                let must = COUNTING.contains(&measure) || by.is_empty();
                assert!(login != "hr" || compared > 0 || !must, "{measure:?} {by:?}");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_pass_is_leaving_the_ai_interview_as_passed() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let made = report(&test, &hr, Measure::PassRate, "", &[]).await?;
    let row = &made.parts[0].table.rows[0];
    let numbers: Vec<Option<f64>> = row.iter().map(|cell| cell.value.as_number()).collect();
    // Of 60, 5 of the 10 first of six came back; 10 + 5 + 10 passed, 10 failed.
    assert_eq!(numbers, [Some(60.0), Some(35.0), Some(25.0), Some(25.0 / 35.0)]);
    assert_eq!(row[2].behind.as_deref(), Some("到达:AI面试 通过:AI面试"));
    let json = serde_json::to_value(&made)?;
    assert_eq!(json["parts"][0]["table"]["columns"][3]["id"], "pass_rate");
    Ok(())
}

#[tokio::test]
async fn small_groups_are_withheld_from_all_but_hr() -> TestResult {
    let test = bank().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let of = |report: &Report| {
        let rows = report.parts[0].table.rows.iter();
        rows.map(|row| (row[1].value.clone(), row[1].behind.clone())).collect::<Vec<_>>()
    };
    let query = "岗位==客户经理";
    let open = of(&report(&test, &hr, Measure::PassRate, query, &[Dimension::ScoreBand]).await?);
    assert!(open.iter().all(|(value, _)| *value != Value::Withheld));
    let judged = report(&test, &li, Measure::PassRate, query, &[Dimension::ScoreBand]).await?;
    let mut withheld = 0;
    for (value, behind) in of(&judged) {
        match value {
            Value::Withheld => withheld += usize::from(behind.is_none()),
            other => assert!(other.as_number().unwrap() >= 5.0),
        }
    }
    assert!(withheld > 0, "{judged:?}");
    Ok(())
}

#[tokio::test]
async fn what_may_not_be_reported_is_refused_and_logged() -> TestResult {
    let test = bank().await?;
    for login in ["auditor", "admin"] {
        let ctx = test.as_user(login).await?;
        let error = report(&test, &ctx, Measure::PassRate, "", &[]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied, "{login}");
    }
    let hr = test.as_user("hr").await?;
    report(&test, &hr, Measure::Funnel, "", &[]).await?;
    let auditor = test.as_user("auditor").await?;
    let filter = dossier_archive::LogFilter { action: Some("report".into()), ..Default::default() };
    let log = test.archive.log_records(&auditor, filter).await?;
    let said: Vec<_> = log.records.iter().map(|record| record.entry.outcome).collect();
    assert!(said.contains(&dossier_access::log::Outcome::Denied) && said.len() >= 3, "{said:?}");
    Ok(())
}

#[tokio::test]
async fn bad_questions_get_a_clear_answer() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let twice = [Dimension::Month, Dimension::Month];
    let many = [Dimension::Month, Dimension::Stage, Dimension::Position, Dimension::Tag];
    let long = "客户 ".repeat(62);
    for (query, by) in [("岗为=x", &[][..]), ("", &twice[..]), ("", &many[..]), (long.as_str(), &[])] {
        let error = report(&test, &hr, Measure::PassRate, query, by).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{query} {by:?}");
        assert!(!error.message(Language::Chinese).is_empty());
    }
    Ok(())
}

#[tokio::test]
async fn no_data_and_one_row_make_sensible_reports() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    for measure in searching() {
        for by in [&[][..], &[Dimension::Month]] {
            let Some(made) = possible(&test, &hr, measure, "", by).await? else { continue };
            let is_empty = made.parts.iter().all(|part| part.table.rows.is_empty());
            assert!(is_empty || !COUNTING.contains(&measure), "{measure:?}");
            check(&test, &hr, &made).await?;
        }
    }
    test.ingest(&test.connection().await?, 1).await?;
    for measure in searching() {
        let Some(made) = possible(&test, &hr, measure, "", &[Dimension::Quarter]).await? else { continue };
        assert!(
            !made.parts.iter().all(|part| part.table.rows.is_empty()) || !COUNTING.contains(&measure),
            "{measure:?}"
        );
        check(&test, &hr, &made).await?;
        serde_json::to_string(&made)?;
    }
    Ok(())
}

#[tokio::test]
async fn a_position_s_other_branch_shows_at_once() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let before = hits(&test, &hr, "分行==上海分行").await?;
    assert_eq!(before, hits(&test, &hr, "岗位==客户经理").await?);
    assert!(before > 0);
    test.archive.set_branch(&hr, &"客户经理".parse()?, Some("北京分行".parse()?)).await?;
    assert_eq!(hits(&test, &hr, "分行==上海分行").await?, 0);
    assert_eq!(hits(&test, &hr, "branch:北京").await?, before);
    test.archive.set_branch(&hr, &"客户经理".parse()?, None).await?;
    assert_eq!(hits(&test, &hr, "无:分行").await?, hits(&test, &hr, "").await?);
    Ok(())
}

#[tokio::test]
async fn the_use_of_materials_is_told_by_role_and_kind_without_names() -> TestResult {
    let test = bank().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let view = test.archive.show(&hr, all(&test, &hr).await?[0]).await?;
    assert!(!view.materials.is_empty());
    let made = report(&test, &hr, Measure::Use, "", &[]).await?;
    let text = serde_json::to_string(&made.parts)?;
    assert!(text.contains("HR管理员") && text.contains("候选人档案") && !text.contains("usr_"), "{text}");
    let auditor = test.as_user("auditor").await?;
    report(&test, &auditor, Measure::Use, "", &[]).await?;
    assert_eq!(report(&test, &li, Measure::Use, "", &[]).await.unwrap_err().kind(), ErrorKind::Denied);
    assert_eq!(report(&test, &hr, Measure::Use, "张三", &[]).await.unwrap_err().kind(), ErrorKind::Invalid);
    Ok(())
}
