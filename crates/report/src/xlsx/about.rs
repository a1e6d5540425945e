//! The sheet that says what was asked, when and by whom, and how the tables are to be read.

use rust_xlsxwriter::Worksheet;

use super::{cut, formats::Formats};
use crate::{Result, model::Report, plain};

pub(super) fn write(sheet: &mut Worksheet, name: &str, report: &Report, formats: &Formats) -> Result<()> {
    sheet.set_name(name)?;
    sheet.set_column_width(0, 18)?.set_column_width(1, 90)?;
    sheet.write_string_with_format(0, 0, cut(&plain(&report.title)), &formats.title)?;
    let mut row = 1;
    for fact in report.about() {
        row += 1;
        sheet.write_string_with_format(row, 0, cut(&plain(&fact.name)), &formats.head)?;
        sheet.write_string_with_format(row, 1, cut(&plain(&fact.text)), &formats.text)?;
    }
    for part in report.parts.iter().filter(|part| !part.notes.is_empty()) {
        row += 2;
        sheet.write_string_with_format(row, 0, cut(&plain(&part.title)), &formats.title)?;
        for note in &part.notes {
            row += 1;
            sheet.write_string_with_format(row, 1, cut(&plain(note)), &formats.note)?;
        }
    }
    sheet.set_portrait().set_print_fit_to_pages(1, 0);
    Ok(())
}
