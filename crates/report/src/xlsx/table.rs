//! A table on a sheet: header, the first rows, the last one, and the total. The rows between are streamed in later.

use std::ops::Range;

use dossier_domain::Language;
use rust_xlsxwriter::{Format, Url, Worksheet, XlsxError, XlsxError::RowColumnLimitError};
use unicode_width::UnicodeWidthStr as _;

use super::{
    cut,
    formats::{Formats, Look},
};
use crate::{
    Result,
    charts::Links,
    figures::{said, withheld},
    model::{Cell, Kind, Part, Table, Value},
    plain,
};

/// So many rows are written by the library, with links; further ones are streamed.
pub(super) const HEAD: usize = 1_000;
/// The longest address that Excel takes, in UTF-16 units.
const LONGEST_ADDRESS: usize = 2_080;

/// Which columns of the sheet a column of the table takes: one, or three for an estimate and its interval.
pub(super) struct Layout {
    intervals: Vec<bool>,
}

impl Layout {
    pub(super) fn of(table: &Table) -> Self {
        Self { intervals: table.intervals() }
    }

    /// How many columns the sheet has.
    pub(super) fn width(&self) -> u16 {
        let width: usize = self.intervals.iter().map(|has| if *has { 3 } else { 1 }).sum();
        u16::try_from(width).unwrap_or(u16::MAX - 1)
    }

    /// The cells of a row as the sheet has them: place, kind and value.
    pub(super) fn spread<'a>(
        &'a self,
        table: &'a Table,
        row: &'a [Cell],
    ) -> impl Iterator<Item = (u16, Kind, Spread<'a>)> {
        let columns = table.columns.iter().zip(&self.intervals).zip(row);
        let cells = columns.flat_map(|((column, has_interval), cell)| {
            let ends = match cell.value.sound() {
                Value::Estimate { low, high, .. } => [Spread::End(Some(*low)), Spread::End(Some(*high))],
                _ => [Spread::End(None), Spread::End(None)],
            };
            let ends = has_interval.then_some(ends).into_iter().flatten();
            std::iter::once(Spread::Cell(cell)).chain(ends).map(|spread| (column.kind, spread))
        });
        (0..).zip(cells).map(|(place, (kind, spread))| (place, kind, spread))
    }
}

/// What stands in a cell of the sheet, as the table has it.
#[derive(Clone, Copy)]
pub(super) enum Spread<'a> {
    /// A cell of the table, without its interval.
    Cell(&'a Cell),
    /// An end of an interval.
    End(Option<f64>),
}

/// What a cell of the sheet holds, and how it looks.
pub(super) enum Content<'a> {
    Blank,
    Text(std::borrow::Cow<'a, str>),
    Number(f64),
}

impl<'a> Spread<'a> {
    pub(super) fn content(self, kind: Kind, language: Language) -> (Look, Content<'a>) {
        let value = match self {
            Self::Cell(cell) => cell.value.sound(),
            Self::End(None) => return (Look::of(kind, &Value::Nothing), Content::Blank),
            Self::End(Some(end)) => return (Look::of(kind, &Value::Number(end)), Content::Number(end)),
        };
        let content = match value {
            Value::Nothing => Content::Blank,
            Value::Withheld => Content::Text(withheld(language).into()),
            Value::Text(text) if text.is_empty() => Content::Blank,
            Value::Text(text) => Content::Text(plain(text)),
            Value::Number(number) | Value::Estimate { value: number, .. } => Content::Number(*number),
            Value::Date(day) => match serial(*day) {
                Some(serial) => Content::Number(serial),
                None => Content::Text(day.to_string().into()),
            },
        };
        (Look::of(kind, value), content)
    }
}

/// A day as Excel counts it; it knows the years from 1900 to 9999, and from March 1900 on it counts right.
fn serial(day: chrono::NaiveDate) -> Option<f64> {
    let first = chrono::NaiveDate::from_ymd_opt(1900, 3, 1)?;
    let last = chrono::NaiveDate::from_ymd_opt(9999, 12, 31)?;
    (first..=last).contains(&day).then(|| (day - first).num_days() as f64 + 61.0)
}

/// Writes what the library writes, and says which rows are still to come.
pub(super) fn write(
    sheet: &mut Worksheet,
    part: &Part,
    layout: &Layout,
    language: Language,
    formats: &Formats,
    links: Links<'_>,
) -> Result<Option<Range<usize>>> {
    let table = &part.table;
    let writer = Writer { table, layout, language, formats, links };
    writer.header(sheet)?;
    let count = table.rows.len();
    let streamed = if count > HEAD + 2 { HEAD..count - 1 } else { count..count };
    for (index, row) in table.rows.iter().enumerate().filter(|(index, _)| !streamed.contains(index)) {
        writer.row(sheet, row_number(index + 1)?, row, false)?;
    }
    if !streamed.is_empty() {
        // Instead of this row, which tells how the library names the formats, the streamed ones are put.
        let template = row_number(streamed.start + 1)?;
        for (column, format) in (0..).zip(formats.cells()) {
            sheet.write_blank(template, column, format)?;
        }
    }
    if let Some(total) = &table.total {
        writer.row(sheet, row_number(count + 1)?, total, true)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    if count > 0 && layout.width() > 0 {
        sheet.autofilter(0, 0, row_number(count)?, layout.width() - 1)?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok((!streamed.is_empty()).then_some(streamed))
}

fn row_number(row: usize) -> Result<u32, XlsxError> {
    u32::try_from(row).map_err(|_| RowColumnLimitError)
}

struct Writer<'a> {
    table: &'a Table,
    layout: &'a Layout,
    language: Language,
    formats: &'a Formats,
    links: Links<'a>,
}

impl Writer<'_> {
    fn header(&self, sheet: &mut Worksheet) -> Result<()> {
        for (place, (column, head)) in (0_u16..).zip(self.table.heads(self.language)) {
            sheet.write_string_with_format(0, place, cut(&head), &self.formats.head)?;
            sheet.set_column_width(place, self.room(column, &head))?;
        }
        Ok(())
    }

    /// How wide a column should be, in digits.
    fn room(&self, column: usize, title: &str) -> f64 {
        let kind = self.table.columns[column].kind;
        let widest = |cell: &Cell| match &cell.value {
            Value::Text(text) => text.chars().take(60).collect::<String>().width(),
            Value::Estimate { value, .. } => said(kind, &Value::Number(*value), self.language).width(),
            other => said(kind, other, self.language).width(),
        };
        let cells = self.table.rows.iter().take(HEAD).filter_map(|row| row.get(column));
        // The header has a button of the filter.
        let title = title.chars().take(24).collect::<String>().width() + 3;
        cells.map(widest).chain([title]).max().unwrap_or(title).clamp(9, 48) as f64 + 1.0
    }

    fn row(&self, sheet: &mut Worksheet, at: u32, row: &[Cell], is_total: bool) -> Result<()> {
        for (column, kind, spread) in self.layout.spread(self.table, row) {
            let (look, content) = spread.content(kind, self.language);
            let format = self.formats.of(look, is_total);
            self.link(sheet, at, column, spread, &format)?;
            match content {
                Content::Blank if is_total => sheet.write_blank(at, column, &format)?,
                Content::Blank => sheet,
                Content::Text(text) => sheet.write_string_with_format(at, column, cut(&text), &format)?,
                Content::Number(number) => sheet.write_number_with_format(at, column, number, &format)?,
            };
        }
        Ok(())
    }

    /// Lays a link under a cell, whose content is written over the text that the library puts there.
    fn link(
        &self,
        sheet: &mut Worksheet,
        at: u32,
        column: u16,
        spread: Spread<'_>,
        format: &Format,
    ) -> Result<()> {
        let Spread::Cell(Cell { behind: Some(query), value }) = spread else { return Ok(()) };
        let is_web = |address: &String| address.starts_with("https://") || address.starts_with("http://");
        let fits = |address: &String| address.encode_utf16().count() < LONGEST_ADDRESS;
        if matches!(value.sound(), Value::Nothing) {
            return Ok(());
        }
        if let Some(address) = (self.links)(query).filter(|address| is_web(address) && fits(address)) {
            sheet.write_url_with_options(at, column, Url::new(address), "→", "", Some(format))?;
        }
        Ok(())
    }
}
