//! Excel: the index of a bundle, and reports. All is made in memory: nothing readable touches the disk.

mod about;
mod boxes;
mod data;
mod formats;
mod names;
mod pipeline;
mod report;
mod stream;
mod table;

use chrono::Datelike;
use dossier_domain::{Language, MaterialKind};
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
    XlsxError::RowColumnLimitError,
};

pub use self::{
    pipeline::{PipelineRow, pipeline_xlsx},
    report::report_xlsx,
};
use crate::{Bundle, BundleRow, Locale, Result};

/// The most characters that a cell can hold.
const LONGEST_CELL: usize = 32_767;
/// The columns before those of the files.
const FILES_FROM: u16 = 8;

/// The index of a bundle as a workbook: a sheet of the applications, with real numbers and dates of the bank's zone, and
/// one that says how the bundle was made. Texts are never formulas, whatever they begin with.
///
/// # Errors
/// [`crate::Error::Excel`] if there are more applications than Excel has rows.
pub fn index_xlsx(locale: Locale, bundle: &Bundle) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let made_at = ExcelDateTime::from_timestamp(bundle.made_at.timestamp())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&made_at));
    let formats = Formats::new();
    candidates(workbook.add_worksheet(), locale, bundle, &formats)?;
    provenance(workbook.add_worksheet(), locale, bundle, &formats)?;
    Ok(workbook.save_to_buffer()?)
}

struct Formats {
    head: Format,
    text: Format,
    number: Format,
    time: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top);
        Self {
            head: Format::new()
                .set_bold()
                .set_background_color("#EAF1F8")
                .set_align(FormatAlign::VerticalCenter),
            // The prefix keeps a text a text even when somebody edits the cell.
            text: cell().set_quote_prefix().set_text_wrap(),
            number: cell(),
            time: cell().set_num_format("yyyy-mm-dd hh:mm"),
        }
    }
}

fn candidates(sheet: &mut Worksheet, locale: Locale, bundle: &Bundle, formats: &Formats) -> Result<()> {
    let language = locale.language;
    sheet.set_name(language.pick("候选人", "Candidates"))?;
    for (column, (title, width)) in (0..).zip(columns(language, bundle)) {
        sheet.write_string_with_format(0, column, title, &formats.head)?;
        sheet.set_column_width(column, width)?;
    }
    let mut last = 0;
    for row in &bundle.rows {
        last += 1;
        candidate(sheet, last, row, locale, formats)?;
        for (column, kind) in (FILES_FROM..).zip(bundle.kinds()) {
            text(sheet, last, column, &paths(row, kind), formats)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    let last_column =
        FILES_FROM - 1 + u16::try_from(bundle.kinds().count()).map_err(|_| RowColumnLimitError)?;
    sheet.autofilter(0, 0, last, last_column)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// The titles and the widths in digits; a Chinese character is as wide as two.
fn columns(language: Language, bundle: &Bundle) -> Vec<(&'static str, f64)> {
    let fixed = [
        (language.pick("候选人", "Candidate"), 16.0),
        (language.pick("岗位", "Position"), 22.0),
        (language.pick("阶段", "Stage"), 14.0),
        (language.pick("面试时间", "Interview"), 18.0),
        (language.pick("AI得分", "AI score"), 10.0),
        (language.pick("原始分", "Raw score"), 10.0),
        (language.pick("原始分制", "Raw scale"), 10.0),
        (language.pick("标签", "Tags"), 32.0),
    ];
    fixed.into_iter().chain(bundle.kinds().map(|kind| (kind.label(language), 36.0))).collect()
}

fn candidate(
    sheet: &mut Worksheet,
    at: u32,
    row: &BundleRow,
    locale: Locale,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let subject = &row.subject;
    let name = subject.candidate.as_ref().map_or("", |name| name.as_str());
    text(sheet, at, 0, name, formats)?;
    text(sheet, at, 1, subject.position.as_str(), formats)?;
    text(sheet, at, 2, row.stage.label(locale.language), formats)?;
    if let Some(began) = subject.interviewed_at {
        let local = locale.zone.local(began);
        // Excel knows no other years; a vendor's zero time is still shown.
        if (1900..=9999).contains(&local.year()) {
            sheet.write_datetime_with_format(at, 3, local, &formats.time)?;
        } else {
            text(sheet, at, 3, &locale.zone.show(began), formats)?;
        }
    }
    if let Some(score) = row.score {
        sheet.write_number_with_format(at, 4, score.normalised(), &formats.number)?;
        sheet.write_number_with_format(at, 5, score.raw(), &formats.number)?;
        text(sheet, at, 6, &format!("{}–{}", score.scale().min(), score.scale().max()), formats)?;
    }
    let tags: Vec<&str> = row.tags.iter().map(|tag| tag.as_str()).collect();
    text(sheet, at, 7, &tags.join(locale.language.pick("、", ", ")), formats)
}

fn provenance(sheet: &mut Worksheet, locale: Locale, bundle: &Bundle, formats: &Formats) -> Result<()> {
    let language = locale.language;
    sheet.set_name(language.pick("调取说明", "How it was made"))?;
    sheet.set_column_width(0, 16)?.set_column_width(1, 60)?;
    let texts = [
        (language.pick("调取人", "Fetched by"), bundle.made_by.to_string()),
        (language.pick("时区", "Time zone"), locale.zone.to_string()),
        (language.pick("查询条件", "Query"), bundle.query.clone()),
        (language.pick("用途", "Reason"), bundle.reason.to_string()),
        (language.pick("内容", "Contents"), bundle.contents_in(language)),
    ];
    for (row, (title, value)) in (0..).zip(&texts) {
        sheet.write_string_with_format(row, 0, *title, &formats.head)?;
        text(sheet, row, 1, value, formats)?;
    }
    sheet.write_string_with_format(5, 0, language.pick("时间", "Time"), &formats.head)?;
    sheet.write_datetime_with_format(5, 1, locale.zone.local(bundle.made_at), &formats.time)?;
    sheet.write_string_with_format(6, 0, language.pick("应聘数", "Applications"), &formats.head)?;
    sheet.write_number_with_format(6, 1, bundle.rows.len() as f64, &formats.number)?;
    let files: usize = bundle.rows.iter().map(|row| row.files.len()).sum();
    sheet.write_string_with_format(7, 0, language.pick("文件数", "Files"), &formats.head)?;
    sheet.write_number_with_format(7, 1, files as f64, &formats.number)?;
    Ok(())
}

/// The paths of the files of one kind, a line each.
fn paths(row: &BundleRow, kind: MaterialKind) -> String {
    let paths: Vec<&str> =
        row.files.iter().filter(|file| file.kind == kind).map(|file| file.path.as_str()).collect();
    paths.join("\n")
}

/// Writes a text, cut to what a cell can hold; an empty one leaves the cell empty, so that filters find it.
fn text(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    text: &str,
    formats: &Formats,
) -> Result<(), XlsxError> {
    if text.is_empty() {
        return Ok(());
    }
    sheet.write_string_with_format(row, column, cut(text), &formats.text)?;
    Ok(())
}

/// As much of a text as a cell can hold.
fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST_CELL).map_or(text, |(end, _)| &text[..end])
}
