//! The article's case: each of its figures is on the page, in the API, in Excel and in the PDF, and all of them say the same.

use std::{io::Cursor, sync::Arc};

use calamine::{Data, Reader as _, Xlsx};
use dossier_access::Token;
use dossier_domain::Language;
use dossier_report::{
    figures,
    model::{Kind, Value as Said},
};
use dossier_report_pdf::Press;
use dossier_simulator::bank::case;
use dossier_testkit::TestResult;
use serde_json::{Value, json};

use crate::{
    odd::{dense, pdf_text},
    server::Server,
};

const MANAGERS: &str = "岗位==客户经理";
const TALKING: &str = "客户沟通模拟测评";

/// Where a figure of the article stands in a report.
struct Figure {
    measure: &'static str,
    query: String,
    part: &'static str,
    /// What the first column says; empty for the first row.
    row: &'static str,
    column: &'static str,
    truth: f64,
}

fn figures() -> Vec<Figure> {
    let figure = |measure, query: &str, part, row, column, truth| {
        let query = query.to_owned();
        Figure { measure, query, part, row, column, truth }
    };
    let managers = |months: &str| format!("{MANAGERS} 面试时间={months}");
    let (before, after) = (managers("2023-01..2023-09"), managers("2023-10..2023-12"));
    let why = "为什么选择我们银行";
    vec![
        figure("pass_rate", &managers("2023-07..2023-09"), "按结果", "", "pass_rate", case::AI_PASS_RATE),
        figure("answers", MANAGERS, why, case::THEMES[0].0, "share", case::THEMES[0].1),
        figure("answers", MANAGERS, why, case::THEMES[1].0, "share", case::THEMES[1].1),
        figure("abilities", "岗位==软件开发工程师", "Python", "", "good_share", case::PYTHON_FROM_80),
        figure("thresholds", MANAGERS, "人工面试的分界", TALKING, "below_rate", case::PASS_RATE_BELOW),
        figure("funnel", &before, "各阶段", "人工面试", "pass_rate", case::HUMAN_PASS_RATES.0),
        figure("funnel", &after, "各阶段", "人工面试", "pass_rate", case::HUMAN_PASS_RATES.1),
        figure("funnel", "面试时间=2023-01..2023-06", "招聘周期", "", "mean_days", case::CYCLES.0),
        figure("funnel", "面试时间=2023-07..2023-12", "招聘周期", "", "mean_days", case::CYCLES.1),
    ]
}

/// What the API says of a figure: its column's label and kind, and its value.
struct Answered {
    label: String,
    /// How many columns before it are called the same.
    before: usize,
    kind: Kind,
    value: f64,
    low: f64,
    high: f64,
}

#[tokio::test]
async fn each_figure_is_on_the_page_in_the_api_in_excel_and_in_the_pdf() -> TestResult {
    let mut test = dossier_testkit::case::after_the_year().await?;
    let archive = Arc::get_mut(&mut test.archive).ok_or("somebody else has the archive")?;
    archive.set_typesetter(Arc::new(Press::new(None)));
    let server = Server::beside(test).await?;
    let session = server.sign_in("hr").await?;
    for figure in figures() {
        let said = in_api(&server, &figure).await?;
        let what = format!("{} {} {}: {}", figure.measure, figure.part, figure.row, figure.truth);
        assert!(said.low <= figure.truth && figure.truth <= said.high, "{what}: {}–{}", said.low, said.high);
        let Answered { value, low, high, .. } = said;
        let text = figures::said(said.kind, &Said::Estimate { value, low, high }, Language::Chinese);
        on_page(&server, &session, &figure, &text).await.map_err(|error| format!("{what}: {error}"))?;
        in_excel(&server, &session, &figure, &said).await.map_err(|error| format!("{what}: {error}"))?;
        in_pdf(&server, &session, &figure, &text).await.map_err(|error| format!("{what}: {error}"))?;
    }
    comparisons(&server).await
}

/// Two times beside each other, and a rule beside the one that holds, are in the PDF as the API says them.
async fn comparisons(server: &Server) -> TestResult {
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let times = "period=2023-07..2023-12&against=2023-01..2023-06";
    let weights = json!([{ "skill": TALKING, "share": case::WEIGHTS.0 }]);
    let rule = json!({ "pass_mark": case::PASS_MARK, "weights": weights });
    let position = format!("/api/v1/positions/{}", encoded("客户经理"));
    server.ask("hr", "PATCH", &position, rule).await.expect(200);
    let trial = format!(
        "what_if?lang=zh&position={}&weight={}%3D30&pass_mark={}&q={}",
        encoded("客户经理"),
        encoded(TALKING),
        case::PASS_MARK,
        encoded("面试时间=2023-01..2023-09"),
    );
    let reports = [
        format!("pass_rate?lang=zh&by=position&{times}"),
        format!("funnel?lang=zh&{times}"),
        format!("scores?lang=en&by=position&{times}"),
        trial,
    ];
    for report in reports {
        let path = format!("/api/v1/reports/{report}");
        let json = server.get("hr", &path).await.expect(200).json();
        let pdf = server.get("hr", &format!("{path}&format=pdf")).await.expect(200).bytes;
        let language = if report.contains("lang=en") { Language::English } else { Language::Chinese };
        let changes =
            says_all(&json, &pdf_text(&pdf)?, language).map_err(|error| format!("{report}: {error}"))?;
        assert!(changes > 0, "{report} tells of no change");
    }
    Ok(())
}

/// Whether a text has all that a report says; gives how many changes with an interval there are.
fn says_all(report: &Value, text: &str, language: Language) -> TestResult<usize> {
    let has = |words: &str| match text.contains(&dense(words)) {
        true => Ok(()),
        false => Err(format!("there is no {words} in {text}")),
    };
    let of = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut changes = 0;
    has(report["title"].as_str().ok_or("no title")?)?;
    for part in of(&report["parts"]) {
        let (columns, rows) = (of(&part["table"]["columns"]), of(&part["table"]["rows"]));
        has(part["title"].as_str().ok_or("no title")?)?;
        for column in &columns {
            has(column["label"].as_str().ok_or("no label")?)?;
        }
        for (column, cell) in
            rows.iter().flat_map(|row| columns.iter().zip(row.as_array().into_iter().flatten()))
        {
            let kind: Kind = serde_json::from_value(column["kind"].clone())?;
            let estimate = &cell["value"]["estimate"];
            let [value, low, high] = ["value", "low", "high"].map(|name| estimate[name].as_f64());
            if let (Some(value), Some(low), Some(high)) = (value, low, high) {
                has(&figures::said(kind, &Said::Estimate { value, low, high }, language))?;
                changes += usize::from(column["id"].as_str().is_some_and(|id| id.ends_with("change")));
            }
        }
    }
    Ok(changes)
}

fn address(path: &str, figure: &Figure, more: &str) -> String {
    let q: String = url::form_urlencoded::byte_serialize(figure.query.as_bytes()).collect();
    format!("{path}q={q}{more}")
}

async fn in_api(server: &Server, figure: &Figure) -> TestResult<Answered> {
    let path = address(&format!("/api/v1/reports/{}?lang=zh&", figure.measure), figure, "");
    let report = server.get("hr", &path).await.expect(200).json();
    let parts = report["parts"].as_array().ok_or("no parts")?;
    let part = parts.iter().find(|part| part["title"] == figure.part);
    let table = &part.ok_or_else(|| format!("no part {} in {report}", figure.part))?["table"];
    let columns = table["columns"].as_array().ok_or("no columns")?;
    let place = columns.iter().position(|column| column["id"] == figure.column).ok_or("no such column")?;
    let rows = table["rows"].as_array().ok_or("no rows")?;
    let is_it = |row: &&Value| figure.row.is_empty() || row[0]["value"]["text"] == figure.row;
    let estimate = &rows.iter().find(is_it).ok_or("no such row")?[place]["value"]["estimate"];
    let number = |name: &str| estimate[name].as_f64().ok_or_else(|| format!("no {name}: {estimate}"));
    let label = &columns[place]["label"];
    Ok(Answered {
        before: columns[..place].iter().filter(|column| column["label"] == *label).count(),
        label: columns[place]["label"].as_str().unwrap_or_default().to_owned(),
        kind: serde_json::from_value(columns[place]["kind"].clone())?,
        value: number("value")?,
        low: number("low")?,
        high: number("high")?,
    })
}

async fn on_page(server: &Server, session: &Token, figure: &Figure, text: &str) -> TestResult {
    let path = address(&format!("/analysis?measure={}&", figure.measure), figure, "");
    let page = server.read(session, "zh", &path).await.expect(200).text();
    let part = page.split("<h2>").find(|part| part.starts_with(&format!("{}</h2>", figure.part)));
    let rows = part.ok_or("no such part")?.split("<tr>").filter(|row| row.contains(figure.row));
    match rows.into_iter().any(|row| row.contains(&format!(">{text}</a>"))) {
        true => Ok(()),
        false => Err(format!("the page does not say {text}").into()),
    }
}

async fn taken(server: &Server, session: &Token, figure: &Figure, format: &str) -> Vec<u8> {
    let path = format!("/analysis/export?measure={}&", figure.measure);
    server.read(session, "zh", &address(&path, figure, &format!("&format={format}"))).await.expect(200).bytes
}

async fn in_excel(server: &Server, session: &Token, figure: &Figure, said: &Answered) -> TestResult {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(taken(server, session, figure, "xlsx").await))?;
    let sheet = workbook.worksheet_range(figure.part)?;
    let head: Vec<String> = sheet.rows().next().ok_or("no header")?.iter().map(ToString::to_string).collect();
    let mut places = (0..head.len()).filter(|place| head[*place] == said.label);
    let place = places.nth(said.before).ok_or("no such column")?;
    let says = |cell: &Data| matches!(cell, Data::String(text) if text == figure.row);
    let is_it = |row: &&[Data]| figure.row.is_empty() || says(&row[0]);
    let row = sheet.rows().skip(1).find(is_it).ok_or("no such row")?;
    let found = [place, place + 1, place + 2].map(|place| match row.get(place) {
        Some(Data::Float(number)) => *number,
        _ => f64::NAN,
    });
    for (found, said) in found.into_iter().zip([said.value, said.low, said.high]) {
        if (found - said).abs() > 1e-9 || found.is_nan() {
            return Err(format!("the workbook says {found} and not {said}").into());
        }
    }
    Ok(())
}

async fn in_pdf(server: &Server, session: &Token, figure: &Figure, text: &str) -> TestResult {
    let pdf = taken(server, session, figure, "pdf").await;
    match pdf_text(&pdf)?.contains(&dense(text)) {
        true => Ok(()),
        false => Err(format!("the PDF does not say {text}").into()),
    }
}
