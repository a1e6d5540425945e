//! Excel files: a ZIP that is unpacked once to see how large it becomes, and then read cell by cell.

use std::{
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, Xlsx};
use zip::ZipArchive;

use crate::{Error, Row, Rows};

/// How large all parts together may become, in bytes.
const UNPACKED: u64 = 24 << 20;
/// So many parts a file has at most.
const MOST_PARTS: usize = 500;

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Row>, Error> {
    check(bytes)?;
    // A file that makes the reader stumble is a broken file, and ends nobody else's work.
    catch_unwind(AssertUnwindSafe(|| cells(bytes))).unwrap_or(Err(Error::BrokenExcel))
}

/// Whether the file stays within the limits when it is unpacked, whatever it says of itself.
fn check(bytes: &[u8]) -> Result<(), Error> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Error::BrokenExcel)?;
    if zip.len() > MOST_PARTS {
        return Err(Error::TooLarge);
    }
    let mut left = UNPACKED;
    for number in 0..zip.len() {
        let part = zip.by_index(number).map_err(|_| Error::BrokenExcel)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let unpacked = unpacked.map_err(|_| Error::BrokenExcel)?;
        left = left.checked_sub(unpacked).ok_or(Error::TooLarge)?;
    }
    Ok(())
}

/// The cells of the first sheet.
fn cells(bytes: &[u8]) -> Result<Vec<Row>, Error> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Error::BrokenExcel)?;
    let sheets = book.sheets_metadata().iter();
    let first =
        sheets.filter(|sheet| sheet.typ == SheetType::WorkSheet).map(|sheet| sheet.name.clone()).next();
    let first = first.ok_or(Error::BrokenExcel)?;
    let mut cells = book.worksheet_cells_reader(&first).map_err(|_| Error::BrokenExcel)?;
    let mut rows = Rows::default();
    let mut last = 0;
    while let Some(cell) = cells.next_cell().map_err(|_| Error::BrokenExcel)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize + 1, column as usize);
        // A file that goes back to an earlier row is none that a spreadsheet writes.
        if row < last {
            return Err(Error::BrokenExcel);
        }
        last = row;
        rows.put(row, column, &text(cell.get_value()))?;
    }
    Ok(rows.0)
}

/// A value as people would have typed it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(value) => value.to_string(),
        DataRef::DateTime(time) => moment(time),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

fn moment(time: &ExcelDateTime) -> String {
    if time.is_duration() || !(0.0..2_958_466.0).contains(&time.as_f64()) {
        return time.as_f64().to_string();
    }
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    match (hour, minute, second) {
        (0, 0, 0) => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"),
    }
}
