//! The case: a bank of which the truth is known, and the reports that must find it.

mod figures;

use dossier_access::Context;
use dossier_archive::{Measure, NewProposal, OnTrial, ReportRequest};
use dossier_domain::{
    Fate, Language, Scoring,
    position::Weight,
    text::{Line, PositionName, SkillName, TagName},
};
use dossier_report::model::Report;
use dossier_simulator::bank::case;
use dossier_testkit::{TestArchive, TestResult, case as bank};

use self::figures::{contains, every_count_is_what_its_search_finds, part, row};

const MANAGERS: &str = "岗位==客户经理";
const TALKING: &str = "客户沟通模拟测评";
/// Before the weight changed, and after.
const BEFORE: &str = "岗位==客户经理 面试时间=2023-01..2023-09";
const AFTER: &str = "岗位==客户经理 面试时间=2023-10..2023-12";

fn rule(share: f64) -> TestResult<Scoring> {
    let weights = vec![Weight { skill: SkillName::parse(TALKING)?, share }];
    Ok(Scoring { weights, pass_mark: Some(case::PASS_MARK) })
}

async fn report(test: &TestArchive, ctx: &Context, measure: Measure, query: &str) -> TestResult<Report> {
    let request = ReportRequest {
        measure,
        query: query.to_owned(),
        by: Vec::new(),
        language: Language::Chinese,
        on_trial: None,
        periods: None,
    };
    Ok(test.archive.report(ctx, request).await?)
}

async fn tried(test: &TestArchive, ctx: &Context, query: &str, share: f64) -> TestResult<Report> {
    let on_trial = OnTrial { position: PositionName::parse("客户经理")?, rule: rule(share)? };
    let request = ReportRequest {
        measure: Measure::WhatIf,
        query: query.to_owned(),
        by: Vec::new(),
        language: Language::Chinese,
        on_trial: Some(on_trial),
        periods: None,
    };
    Ok(test.archive.report(ctx, request).await?)
}

/// One bank for all of these, since its year takes a while.
#[tokio::test]
async fn reports_find_what_is_true_of_the_bank() -> TestResult {
    let test = bank::after_the_year().await?;
    let hr = test.as_user("hr").await?;
    passing(&test, &hr).await?;
    abilities(&test, &hr).await?;
    threshold(&test, &hr).await?;
    weights(&test, &hr).await?;
    fairness(&test, &hr).await?;
    agreement(&test, &hr).await?;
    answers(&test, &hr).await?;
    cycle(&test, &hr).await?;
    Ok(())
}

async fn passing(test: &TestArchive, hr: &Context) -> TestResult {
    let query = format!("{MANAGERS} 面试时间=2023-07..2023-09");
    let report = report(test, hr, Measure::PassRate, &query).await?;
    contains(&row(part(&report, "按结果")?, 0)?["pass_rate"], case::AI_PASS_RATE)?;
    every_count_is_what_its_search_finds(test, hr, &report).await
}

async fn abilities(test: &TestArchive, hr: &Context) -> TestResult {
    let report = report(test, hr, Measure::Abilities, "岗位==软件开发工程师").await?;
    contains(&row(part(&report, "Python")?, 0)?["good_share"], case::PYTHON_FROM_80)?;
    every_count_is_what_its_search_finds(test, hr, &report).await
}

async fn threshold(test: &TestArchive, hr: &Context) -> TestResult {
    let report = report(test, hr, Measure::Thresholds, MANAGERS).await?;
    let found = row(&report.parts[0], 0)?;
    assert_eq!(found["assessment"].1.as_deref(), Some(TALKING));
    assert_eq!(found["verdict"].1.as_deref(), Some("成立"));
    let cut = found["cut"].0[0];
    assert!((cut - case::THRESHOLD).abs() <= 4.0, "{cut}");
    contains(&found["below_rate"], case::PASS_RATE_BELOW)?;
    contains(&found["held_out_below"], case::PASS_RATE_BELOW)?;
    contains(&found["above_rate"], case::PASS_RATE_ABOVE)?;
    every_count_is_what_its_search_finds(test, hr, &report).await
}

/// 20 % → 30 % → half of them pass.
async fn weights(test: &TestArchive, hr: &Context) -> TestResult {
    let position = PositionName::parse("客户经理")?;
    test.archive.set_scoring(hr, &position, rule(case::WEIGHTS.0)?).await?;
    let trial = tried(test, hr, BEFORE, case::WEIGHTS.1).await?;
    let (former, revised) = (row(&trial.parts[1], 0)?, row(&trial.parts[1], 1)?);
    contains(&former["later_rate"], case::HUMAN_PASS_RATES.0)?;
    contains(&revised["later_rate"], case::HUMAN_PASS_RATES.1)?;
    assert!(revised["change"].0[0] > 0.0, "{revised:?}");
    let unknown = row(&trial.parts[0], 1)?;
    assert_eq!(unknown["known"].0[0], 0.0, "whom the new rule alone lets pass, nobody has met: {unknown:?}");
    every_count_is_what_its_search_finds(test, hr, &trial).await?;

    let new = NewProposal {
        position: position.clone(),
        to: rule(case::WEIGHTS.1)?,
        query: BEFORE.to_owned(),
        reason: Some(Line::parse("沟通弱的候选人人工面试通过率低")?),
    };
    let proposal = test.archive.propose(hr, new).await?;
    assert_eq!(proposal.revised.passed as f64, revised["count"].0[0]);
    let (li, why) = (test.as_user("li").await?, Line::parse("试算支持")?);
    assert!(test.archive.apply_proposal(&li, proposal.id, why.clone()).await.is_err());
    let changed = test.archive.apply_proposal(hr, proposal.id, why.clone()).await?;
    assert_eq!(changed.scoring(), proposal.to);
    assert!(test.archive.apply_proposal(hr, proposal.id, why).await.is_err(), "once is enough");
    assert!(matches!(test.archive.proposals(hr).await?[0].proposal.fate, Fate::Applied(_)));

    // By then the bank judged by that rule, and half of those who came passed.
    let after = tried(test, hr, AFTER, case::WEIGHTS.1).await?;
    contains(&row(&after.parts[1], 0)?["later_rate"], case::HUMAN_PASS_RATES.1)
}

async fn fairness(test: &TestArchive, hr: &Context) -> TestResult {
    let all = bank::applications(test, hr, MANAGERS).await?;
    let (few, rest) = all.split_at(3);
    let (women, men) = rest.split_at(rest.len() / 2);
    for (group, people) in [("性别:其他", few), ("性别:女", women), ("性别:男", men)] {
        test.archive.tag(hr, people, &[TagName::parse(group)?], &[]).await?;
    }
    let report = report(test, hr, Measure::Fairness, MANAGERS).await?;
    for title in ["性别：AI面试通过率", "性别：人工面试通过率", "性别：AI得分高分率"]
    {
        let part = part(&report, title)?;
        let groups = [row(part, 0)?, row(part, 1)?, row(part, 2)?];
        for group in groups {
            match group["group"].1.as_deref() {
                Some("其他") => assert_eq!(group["count"], figures::WITHHELD, "{title}"),
                _ => assert!(
                    group["impact_ratio"].0[0] > 0.8 && group["finding"].1.is_none(),
                    "{title} {group:?}"
                ),
            }
        }
    }
    every_count_is_what_its_search_finds(test, hr, &report).await
}

/// 40 % of those who are asked why they chose this bank name its culture, 35 % its prospects.
async fn answers(test: &TestArchive, hr: &Context) -> TestResult {
    let report = report(test, hr, Measure::Answers, MANAGERS).await?;
    let why = part(&report, "为什么选择我们银行")?;
    let rows = (0..why.table.rows.len()).map(|number| row(why, number)).collect::<TestResult<Vec<_>>>()?;
    for (theme, share) in case::THEMES {
        let named = rows.iter().find(|row| row["theme"].1.as_deref() == Some(theme));
        contains(&named.ok_or("a theme is missing")?["share"], share)?;
    }
    every_count_is_what_its_search_finds(test, hr, &report).await
}

/// 45 days from the interview to being hired become 30.
async fn cycle(test: &TestArchive, hr: &Context) -> TestResult {
    for (months, days) in [("2023-01..2023-06", case::CYCLES.0), ("2023-07..2023-12", case::CYCLES.1)] {
        let report = report(test, hr, Measure::Funnel, &format!("面试时间={months}")).await?;
        contains(&row(part(&report, "招聘周期")?, 0)?["mean_days"], days)?;
        every_count_is_what_its_search_finds(test, hr, &report).await?;
    }
    Ok(())
}

async fn agreement(test: &TestArchive, hr: &Context) -> TestResult {
    let report = report(test, hr, Measure::Agreement, MANAGERS).await?;
    let scores = row(part(&report, "AI得分与人工面试结果")?, 0)?;
    // Those weak in talking score higher with the AI, and pass less often with people.
    assert!(scores["rank_correlation"].0[0] < 0.0, "{scores:?}");
    assert!(scores["mean_passed"].0[0] < scores["mean_failed"].0[0], "{scores:?}");
    every_count_is_what_its_search_finds(test, hr, &report).await
}
