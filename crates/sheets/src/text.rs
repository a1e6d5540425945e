//! Text with separators.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::{Error, Row, Rows};

/// What may part cells, what is more usual first.
const SEPARATORS: [u8; 3] = [b',', b'\t', b';'];

pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Row>, Error> {
    let text = decoded(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut rows = Rows::default();
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    while reader.read_record(&mut record).map_err(|_| Error::NoTable)? {
        number = line(&text, record.position()).unwrap_or(number + 1);
        for (column, cell) in record.iter().enumerate() {
            rows.put(number, column, cell)?;
        }
    }
    Ok(rows.0)
}

/// The line in which a record begins, from 1, as a spreadsheet counts: the empty ones before it, which are passed over,
/// belong to its position.
fn line(text: &str, position: Option<&csv::Position>) -> Option<usize> {
    let position = position?;
    let from = text.as_bytes().get(usize::try_from(position.byte()).ok()?..)?;
    let empty = from.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).filter(|byte| **byte == b'\n');
    Some(usize::try_from(position.line()).ok()? + empty.count())
}

/// The text in the encoding that it says or shows; Chinese spreadsheets write GBK, a part of GB 18030.
fn decoded(bytes: &[u8]) -> Result<String, Error> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let is_wide = encoding == UTF_16LE || encoding == UTF_16BE;
    // No text has a NUL; what Excel would be has many.
    if !is_wide && bytes.contains(&0) {
        return Err(Error::NoTable);
    }
    let body = bytes.get(mark..).unwrap_or_default();
    let decoded = encoding.decode_without_bom_handling_and_without_replacement(body);
    let decoded = match decoded {
        None if mark == 0 => GB18030.decode_without_bom_handling_and_without_replacement(body),
        other => other,
    };
    let text = decoded.ok_or(Error::NoTable)?;
    match text.contains('\0') {
        true => Err(Error::NoTable),
        false => Ok(text.into_owned()),
    }
}

/// What parts the cells of the first line.
fn separator(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    // Of equally many the first one counts.
    SEPARATORS.into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(b',')
}
