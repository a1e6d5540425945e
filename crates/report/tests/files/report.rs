//! A report's files as other programs read them.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use dossier_domain::Language;
use dossier_report::{
    charts,
    charts::charts_svg,
    model::{Cell, Column, Kind, Part, Report, Table, Value},
    report_csv, report_json, report_xlsx,
};

use crate::reports::{self, HOSTILE, column, estimate, hostile, sample};

const NO_LINKS: charts::Links<'_> = &|_| None;

fn workbook(report: &Report) -> Xlsx<Cursor<Vec<u8>>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(report_xlsx(report, NO_LINKS).unwrap())).unwrap();
    for name in workbook.sheet_names() {
        assert!(workbook.worksheet_formula(&name).unwrap().is_empty(), "no cell is ever a formula");
    }
    workbook
}

/// A part of the workbook's ZIP.
fn entry(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    std::io::read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[test]
fn excel_has_real_numbers_days_and_intervals_in_columns_of_their_own() {
    let mut workbook = workbook(&sample(Language::Chinese));
    assert_eq!(
        workbook.sheet_names(),
        [
            "按岗位",
            "按月份和岗位",
            "招聘漏斗",
            "“为什么选择我们银行”的回答主题",
            "AI得分分布",
            "能力分布",
            "每月结果",
            "与上一季度相比",
            "说明",
            "图表数据"
        ]
    );
    let rates = workbook.worksheet_range("按岗位").unwrap();
    let row = |index: usize| rates.rows().nth(index).unwrap().to_vec();
    assert_eq!(
        row(0).iter().map(ToString::to_string).collect::<Vec<_>>().join("|"),
        "岗位|AI面试人数|通过人数|通过率|通过率 95%下限|通过率 95%上限"
    );
    assert_eq!(row(1)[1..], [412.0, 309.0, 0.75, 0.709, 0.791].map(Data::Float));
    assert_eq!(row(5)[3], Data::String("人数过少".to_owned()));
    assert_eq!(row(6)[3], Data::Empty, "no data is an empty cell");
    assert_eq!(row(7)[0], Data::String("合计".to_owned()));
    let months = workbook.worksheet_range("每月结果").unwrap();
    let Data::DateTime(day) = months.get((2, 0)).unwrap() else { panic!("no day") };
    assert_eq!(day.to_ymd_hms_milli(), (2023, 2, 1, 0, 0, 0, 0));
    let about = workbook.worksheet_range("说明").unwrap();
    let about: Vec<String> =
        about.rows().map(|row| format!("{}|{}", row[0], row.get(1).unwrap_or(&Data::Empty))).collect();
    insta::assert_snapshot!(about.join("\n"));
}

#[test]
fn excel_draws_charts_of_its_own_from_one_sheet() {
    let bytes = report_xlsx(&sample(Language::Chinese), NO_LINKS).unwrap();
    let zip = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let charts = zip.file_names().flatten().filter(|name| name.starts_with("xl/charts/chart")).count();
    assert_eq!(charts, 7, "all but the heat map");
    let drawn = |name: &str| entry(&bytes, name).contains("Minus") || entry(&bytes, name).contains("minus");
    assert!((1..=charts).any(|number| drawn(&format!("xl/charts/chart{number}.xml"))), "boxes have whiskers");
    let first = entry(&bytes, "xl/charts/chart1.xml");
    assert!(first.contains("图表数据") && first.contains("errBars"), "{first}");
    let mut workbook = workbook(&sample(Language::Chinese));
    let data = workbook.worksheet_range("图表数据").unwrap();
    let cells: Vec<String> = data.rows().nth(2).unwrap().iter().take(4).map(ToString::to_string).collect();
    assert!(cells[..2] == ["客户经理", "0.75"] && cells[2].starts_with("0.041"), "{cells:?}");
}

#[test]
fn excel_links_numbers_to_what_is_behind_them_where_there_is_an_address() {
    let links = |query: &str| query.contains("客户经理").then(|| format!("https://d.example/c?q={query}"));
    let bytes = report_xlsx(&sample(Language::Chinese), &links).unwrap();
    let relations = entry(&bytes, "xl/worksheets/_rels/sheet1.xml.rels");
    assert_eq!(relations.matches("https://d.example/").count(), 3, "three numbers of one row: {relations}");
    let sheet = entry(&bytes, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<c r=\"D2\" s=")
            && sheet.contains("<v>0.75</v>")
            && sheet.contains("<hyperlink ref=\"D2\""),
        "{sheet}"
    );
    let odd = |_: &str| Some(format!("https://d.example/{}", "x".repeat(5_000)));
    let without = report_xlsx(&sample(Language::Chinese), &odd).unwrap();
    assert!(
        !entry(&without, "xl/worksheets/sheet1.xml").contains("hyperlink"),
        "Excel takes no longer address"
    );
    let script = |_: &str| Some("javascript:alert(1)".to_owned());
    assert!(
        !entry(&report_xlsx(&sample(Language::Chinese), &script).unwrap(), "xl/worksheets/sheet1.xml")
            .contains("hyperlink")
    );
}

/// A table of many rows, with every kind of value somewhere.
fn large(rows: usize) -> Report {
    let columns: Vec<Column> = vec![
        column("name", "姓名", Kind::Text),
        column("day", "面试日", Kind::Date),
        column("score", "AI得分", Kind::Score),
        column("share", "比例", Kind::Share),
        column("count", "数", Kind::Count),
    ];
    let first: chrono::NaiveDate = "2023-01-01".parse().unwrap();
    let row = |index: usize| {
        let text = HOSTILE[index % HOSTILE.len()];
        let value = match index % 5 {
            0 => Cell { value: Value::Withheld, behind: None },
            1 => Cell::nothing(),
            _ => estimate(0.5, 0.1, "x"),
        };
        let day = Cell { value: Value::Date(first + chrono::Days::new(index as u64 % 365)), behind: None };
        vec![
            Cell::text(format!("{index} {text}")),
            day,
            Cell::number(index as f64 / 7.0),
            value,
            Cell::count(index as u64, None),
        ]
    };
    let total = Some(vec![
        Cell::text("合计"),
        Cell::nothing(),
        Cell::nothing(),
        Cell::nothing(),
        Cell::count(rows as u64, None),
    ]);
    let table = Table { columns, rows: (0..rows).map(row).collect(), total };
    reports::report(
        Language::Chinese,
        vec![Part { title: "名单".to_owned(), notes: vec![], table, chart: None }],
    )
}

#[test]
fn the_rows_of_a_large_table_are_like_the_first_ones() {
    for rows in [3, 999, 1_000, 1_001, 1_002, 1_003, 1_004, 3_000] {
        let report = large(rows);
        let sheet = workbook(&report).worksheet_range("名单").unwrap();
        assert_eq!((sheet.height(), sheet.width()), (rows + 2, 7), "{rows}");
        for (index, row) in sheet.rows().skip(1).take(rows).enumerate() {
            let text = HOSTILE[index % HOSTILE.len()];
            assert_eq!(row[0].to_string(), format!("{index} {}", dossier_report::plain(text)));
            let Data::DateTime(day) = row[1] else { panic!("{row:?}") };
            assert_eq!(day.to_ymd_hms_milli().0, 2023);
            assert_eq!(row[2], Data::Float(index as f64 / 7.0));
            match index % 5 {
                0 => assert_eq!(row[3..6], [Data::String("人数过少".to_owned()), Data::Empty, Data::Empty]),
                1 => assert_eq!(row[3..6], [Data::Empty, Data::Empty, Data::Empty]),
                _ => assert_eq!(row[3..6], [0.5, 0.4, 0.6].map(Data::Float)),
            }
            assert_eq!(row[6], Data::Float(index as f64));
        }
        assert_eq!(sheet.get((rows + 1, 6)), Some(&Data::Float(rows as f64)));
    }
    let bytes = report_xlsx(&large(3_000), NO_LINKS).unwrap();
    let sheet = entry(&bytes, "xl/worksheets/sheet1.xml");
    roxmltree::Document::parse(&sheet).unwrap();
    let style = |cell: &str| {
        let rest = sheet.split(&format!("<c r=\"{cell}\" s=\"")).nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    for column in ["A", "B", "C", "D", "G"] {
        assert_eq!(style(&format!("{column}5")), style(&format!("{column}2005")), "{column}");
    }
    assert!(sheet.contains("<dimension ref=\"A1:"), "{}", &sheet[..400]);
    assert!(sheet.contains("<autoFilter ref=\"A1:G3001\"/>") && sheet.contains("state=\"frozen\""));
}

#[test]
fn nothing_hostile_gets_through_in_any_format() {
    let report = hostile();
    let mut workbook = workbook(&report);
    let sheet = workbook.worksheet_range(&workbook.sheet_names()[0]).unwrap();
    for (row, text) in HOSTILE.iter().enumerate() {
        assert_eq!(sheet.get((row + 1, 0)), Some(&Data::String(dossier_report::plain(text).into_owned())));
    }
    assert_eq!(sheet.get((1, 1)), Some(&Data::Empty), "what is no number is no cell");
    assert_eq!(sheet.get((HOSTILE.len() + 1, 0)).unwrap().to_string().chars().count(), 10_000);

    let csv = report_csv(&report);
    assert!(csv.starts_with('\u{FEFF}'));
    for cell in csv.split("\r\n").flat_map(|line| line.split(',')) {
        let cell = cell.trim_start_matches('"');
        assert!(!cell.starts_with(|c: char| "=+@＝\t".contains(c)) && !cell.starts_with("-2"), "{cell}");
    }
    assert!(!csv.contains(['\u{0}', '\u{1b}', '\u{202e}']) && !csv.contains("inf") && !csv.contains("NaN"));

    let json: serde_json::Value = serde_json::from_slice(&report_json(&report).unwrap()).unwrap();
    assert_eq!(json["parts"][0]["table"]["rows"][0][0]["value"]["text"], HOSTILE[0]);
    assert_eq!(json["parts"][0]["table"]["rows"][0][1]["value"], "nothing");

    let svg = charts_svg(&report, &|query| Some(format!("https://d.example/?q={query}"))).unwrap();
    roxmltree::Document::parse(&svg).unwrap();
}

#[test]
fn the_title_of_a_chart_is_no_address_of_a_cell() {
    let mut report = sample(Language::English);
    report.parts[0].title = "=Sheet1!$A$1".to_owned();
    let chart = entry(&report_xlsx(&report, NO_LINKS).unwrap(), "xl/charts/chart1.xml");
    assert!(chart.contains("<a:t> =Sheet1!$A$1 </a:t>") && !chart.contains("<c:f>Sheet1"), "{chart}");
}

#[test]
fn a_report_without_parts_or_rows_makes_every_file() {
    let nothing = reports::report(Language::English, Vec::new());
    let one = Part { title: String::new(), notes: Vec::new(), table: Table::default(), chart: None };
    for report in [nothing, reports::report(Language::English, vec![one.clone(), one])] {
        assert_eq!(workbook(&report).sheet_names().len(), report.parts.len() + 1);
        assert!(report_csv(&report).contains("Made by,lihui"));
        assert!(charts_svg(&report, NO_LINKS).is_none());
    }
}

#[test]
fn csv_and_json_stay_as_they_are() {
    let mut report = sample(Language::Chinese);
    report.parts.truncate(1);
    insta::assert_snapshot!("csv", report_csv(&report));
    // In the order in which it is written, which a parsed value would not keep.
    let json = String::from_utf8(report_json(&report).unwrap()).unwrap();
    insta::assert_snapshot!("json", json.replace("},", "},\n"));
}

#[test]
fn charts_stay_as_they_are() {
    let report = sample(Language::English);
    for (index, part) in report.parts.iter().enumerate() {
        let drawing = charts::Drawing {
            language: Language::English,
            id: &format!("chart-{index}"),
            links: &|query| Some(format!("/c?q={query}")),
            width: charts::WIDE,
        };
        let svg = charts::chart(part, &drawing).unwrap().into_string().replace("><", ">\n<");
        insta::assert_snapshot!(format!("chart_{index}"), svg);
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = large(2_000);
    assert_eq!(report_xlsx(&report, NO_LINKS).unwrap(), report_xlsx(&report, NO_LINKS).unwrap());
}
