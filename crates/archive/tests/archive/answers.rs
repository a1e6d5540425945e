//! What answers are about: the lexicon, and the trends in answers.

use dossier_access::{Context, log::Outcome};
use dossier_archive::{ErrorKind, LogFilter, Measure, ReportRequest, SearchRequest};
use dossier_domain::{
    Language, Theme,
    text::{ThemeName, ThemeWord},
};
use dossier_report::model::{ChartKind, Part, Report, Value};
use dossier_search::Dimension;
use dossier_testkit::{TestArchive, TestResult};

const WHY: &str = "为什么选择我们银行";

async fn bank() -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    test.ingest(&test.connection().await?, 80).await?;
    test.make_responsible("客户经理").await?;
    Ok(test)
}

async fn report(
    test: &TestArchive,
    ctx: &Context,
    query: &str,
    by: &[Dimension],
) -> dossier_archive::Result<Report> {
    let request = ReportRequest {
        measure: Measure::Answers,
        query: query.to_owned(),
        by: by.to_vec(),
        language: Language::Chinese,
        on_trial: None,
        periods: None,
    };
    test.archive.report(ctx, request).await
}

fn theme(name: &str, words: &[&str]) -> TestResult<Theme> {
    let words = words.iter().map(|word| ThemeWord::parse(word)).collect::<Result<Vec<_>, _>>()?;
    Ok(Theme::new(ThemeName::parse(name)?, None, words)?)
}

fn part<'a>(report: &'a Report, title: &str) -> Option<&'a Part> {
    report.parts.iter().find(|part| part.title == title)
}

/// What a column says of a theme, in the first row of it.
fn of(part: &Part, theme: &str, column: &str) -> Option<f64> {
    let at = |id| part.table.columns.iter().position(|column| column.id == id);
    let (name, place) = (at("theme")?, at(column)?);
    let row = part.table.rows.iter().find(|row| row[name].value == Value::Text(theme.into()))?;
    row[place].value.as_number()
}

async fn hits(test: &TestArchive, ctx: &Context, query: &str) -> TestResult<f64> {
    let request = SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
    Ok(test.archive.search(ctx, request).await?.hits.total as f64)
}

#[tokio::test]
async fn each_question_tells_how_many_name_each_theme_and_over_time() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let made = report(&test, &hr, "", &[]).await?;
    let why = part(&made, WHY).ok_or("the question is missing")?;
    let answers = of(why, "企业文化", "answers").ok_or("nobody names it")?;
    let naming = of(why, "企业文化", "naming").ok_or("nobody names it")?;
    assert!(0.0 < naming && naming < answers && answers == hits(&test, &hr, "问题:为什么选择").await?);
    assert_eq!(of(why, "企业文化", "share"), Some(naming / answers));
    assert_eq!(why.chart.as_ref().map(|chart| chart.kind), Some(ChartKind::Bars));

    let monthly = report(&test, &hr, "", &[Dimension::Month]).await?;
    let why = part(&monthly, WHY).ok_or("the question is missing")?;
    assert_eq!(why.chart.as_ref().map(|chart| (chart.kind, chart.by)), Some((ChartKind::Lines, Some(1))));
    let changes = part(&monthly, "为什么选择我们银行：变化").ok_or("no changes")?;
    assert!(of(changes, "企业文化", "points").is_some_and(|months| months > 3.0));

    let one = report(&test, &hr, "问题:为什么选择", &[Dimension::Quarter]).await?;
    assert!(one.parts.iter().all(|part| part.title.starts_with(WHY)), "{:?}", one.parts);
    let none = report(&test, &hr, "姓名:没有此人", &[]).await?;
    assert!(none.parts.is_empty());
    Ok(())
}

#[tokio::test]
async fn hr_changes_the_lexicon_and_reports_follow_at_once() -> TestResult {
    let test = bank().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let archive = &test.archive;
    assert_eq!(archive.lexicon(&li).await?, dossier_domain::Lexicon::default());
    assert_eq!(archive.set_theme(&li, theme("团队", &[])?).await.unwrap_err().kind(), ErrorKind::Denied);
    let auditor = test.as_user("auditor").await?;
    assert_eq!(archive.lexicon(&auditor).await.unwrap_err().kind(), ErrorKind::Denied);

    let before = of(part(&report(&test, &hr, "", &[]).await?, WHY).unwrap(), "企业文化", "naming").unwrap();
    archive.set_theme(&hr, theme("企业文化", &["没有人这样说"])?).await?;
    archive.set_theme(&hr, theme("稳健", &["诚信稳健", "价值观"])?).await?;
    let made = report(&test, &hr, "", &[]).await?;
    let why = part(&made, WHY).unwrap();
    assert_eq!(of(why, "企业文化", "naming"), None);
    let steady = of(why, "稳健", "naming").ok_or("nobody names it")?;
    assert!(0.0 < steady && steady < before, "{steady} of {before}");
    archive.remove_theme(&hr, &ThemeName::parse("稳健")?).await?;
    let gone = archive.remove_theme(&hr, &ThemeName::parse("稳健")?).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);

    let filter = LogFilter { action: Some("set_theme".into()), ..LogFilter::default() };
    let log = archive.log_records(&auditor, filter).await?;
    assert_eq!(log.records.iter().filter(|record| record.entry.outcome == Outcome::Done).count(), 2);
    Ok(())
}

#[tokio::test]
async fn words_of_no_theme_are_suggested_and_lead_to_who_says_them() -> TestResult {
    let test = bank().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    for name in test.archive.lexicon(&hr).await?.themes.into_iter().map(|theme| theme.name) {
        test.archive.remove_theme(&hr, &name).await?;
    }
    let found = test.archive.suggested_words(&hr, String::new()).await?;
    let why = found.iter().find(|of| of.question == WHY).ok_or("the question is missing")?;
    let (word, count) = why.words.first().ok_or("nothing is suggested")?;
    assert!(why.words.is_sorted_by_key(|(_, count)| std::cmp::Reverse(*count)), "{why:?}");
    assert_eq!(hits(&test, &hr, &format!("提到:\"{WHY}={word}\"")).await?, *count as f64);
    test.archive.set_theme(&hr, theme(word, &[])?).await?;
    let after = test.archive.suggested_words(&hr, String::new()).await?;
    assert!(after.iter().all(|of| of.words.iter().all(|(other, _)| other != word)));

    for of in test.archive.suggested_words(&li, String::new()).await? {
        let few = li.smallest_group();
        assert!(of.answers >= few && of.words.iter().all(|(_, count)| *count >= few), "{of:?}");
    }
    Ok(())
}

#[tokio::test]
async fn who_may_not_see_transcripts_learns_nothing_of_answers() -> TestResult {
    let test = bank().await?;
    let checker = test.as_user("checker").await?;
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { limit: Some(100), ..SearchRequest::default() };
    for hit in test.archive.search(&hr, request).await?.hits.hits {
        let to = dossier_archive::Move::to(dossier_domain::Stage::BackgroundCheck);
        test.archive.move_to(&hr, hit.application, &to).await?;
    }
    assert!(hits(&test, &checker, "").await? > 0.0);
    for query in ["问题:为什么选择", "提到:\"为什么选择我们银行=企业文化\""] {
        assert_eq!(hits(&test, &checker, query).await?, 0.0, "{query}");
    }
    for by in [&[][..], &[Dimension::Month]] {
        assert!(report(&test, &checker, "", by).await?.parts.is_empty());
    }
    assert!(test.archive.suggested_words(&checker, String::new()).await?.is_empty());
    Ok(())
}
