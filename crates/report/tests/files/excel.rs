//! The Excel index as another library reads it.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use dossier_domain::text::PersonName;
use dossier_report::{Bundle, Locale, index_xlsx};

use crate::sample::{self, FORMULA, SCRIPT, chinese, english};

fn sheets(locale: Locale, bundle: &Bundle) -> Vec<(String, Range<Data>)> {
    let bytes = index_xlsx(locale, bundle).unwrap();
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    for name in workbook.sheet_names() {
        assert!(workbook.worksheet_formula(&name).unwrap().is_empty(), "no cell is ever a formula");
    }
    workbook.worksheets()
}

fn cells(sheet: &Range<Data>, row: usize) -> Vec<String> {
    sheet.rows().nth(row).unwrap().iter().map(ToString::to_string).collect()
}

#[test]
fn applications_are_typed_values() {
    let sheets = sheets(chinese(), &sample::bundle());
    let (name, sheet) = &sheets[0];
    assert_eq!((name.as_str(), sheet.height()), ("候选人", 5));
    assert_eq!(
        cells(sheet, 0).join(" "),
        "候选人 岗位 阶段 面试时间 AI得分 原始分 原始分制 标签 简历筛选报告 面试视频 语音转文字 情绪分析 技能测评"
    );
    let first: Vec<&Data> = sheet.rows().nth(1).unwrap().iter().collect();
    assert_eq!(first[0], &Data::String("张三".to_owned()));
    let Data::DateTime(began) = first[3] else { panic!("{:?} is no date", first[3]) };
    assert_eq!(began.to_ymd_hms_milli(), (2023, 11, 1, 0, 30, 0, 0), "the bank's day, not that of UTC");
    assert_eq!([first[4], first[5]], [&Data::Float(85.0), &Data::Float(85.0)]);
    assert_eq!(first[7], &Data::String("AI得分85、情绪积极、高潜力".to_owned()));

    let scaled: Vec<&Data> = sheet.rows().nth(3).unwrap().iter().collect();
    assert_eq!([scaled[4], scaled[5]], [&Data::Float(82.22), &Data::Float(4.2)]);
    assert_eq!(scaled[6], &Data::String("0.5–5".to_owned()));
}

#[test]
fn what_is_not_known_is_an_empty_cell() {
    let (_, sheet) = &sheets(chinese(), &sample::bundle())[0];
    let unknown = sheet.rows().nth(4).unwrap();
    let filled: Vec<usize> =
        unknown.iter().enumerate().filter(|(_, cell)| **cell != Data::Empty).map(|(at, _)| at).collect();
    assert_eq!(filled, [1, 2], "position and stage are all that is known");
}

#[test]
fn a_time_that_excel_does_not_know_is_shown_as_text() {
    let mut bundle = sample::bundle();
    bundle.rows[0].subject.interviewed_at = Some(sample::at("0001-01-01T00:00:00Z"));
    bundle.rows[1].subject.interviewed_at = Some(sample::at("+12023-01-01T00:00:00Z"));
    let (_, sheet) = &sheets(chinese(), &bundle)[0];
    assert_eq!(cells(sheet, 1)[3], "0001-01-01 08:05", "local mean time of Shanghai");
    assert_eq!(cells(sheet, 2)[3], "+12023-01-01 08:00");
}

#[test]
fn the_second_sheet_says_how_it_was_made() {
    let sheets = sheets(english(), &sample::bundle());
    let (name, sheet) = &sheets[1];
    assert_eq!(name, "How it was made");
    let told: Vec<String> = (0..sheet.height()).map(|row| cells(sheet, row).join(": ")).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn texts_stay_texts_whatever_they_begin_with() {
    let sheets = sheets(english(), &sample::hostile());
    let row = sheets[0].1.rows().nth(1).unwrap();
    assert_eq!(row[0], Data::String(SCRIPT.to_owned()));
    assert_eq!(row[1], Data::String(FORMULA.to_owned()));
    assert_eq!(row[7], Data::String("\" onclick=\"x, @SUM(1)".to_owned()));
}

#[test]
fn an_empty_bundle_and_a_text_too_long_for_a_cell_still_make_a_file() {
    assert_eq!(sheets(chinese(), &sample::empty())[0].1.height(), 1);
    let mut bundle = Bundle { query: "查".repeat(50_000), ..sample::bundle() };
    bundle.rows[0].subject.candidate = Some(PersonName::parse("𠮷野").unwrap());
    let sheets = sheets(chinese(), &bundle);
    assert_eq!(cells(&sheets[0].1, 1)[0], "𠮷野");
    assert_eq!(sheets[1].1.get((2, 1)).unwrap().to_string().chars().count(), 32_767);
}

#[test]
fn the_same_bundle_gives_the_same_bytes() {
    let made = || index_xlsx(chinese(), &sample::bundle()).unwrap();
    assert_eq!(made(), made());
}
