//! Further rows of large tables: written into the finished workbook one by one, straight into the compressor.
//!
//! The library can do that with little memory as well, but only through a temporary file of plaintext.

use std::{
    fmt::Write as _,
    io::{Cursor, Read as _, Write},
    ops::Range,
};

use dossier_domain::Language;
use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    cut,
    table::{Content, Layout},
};
use crate::{Error, Result, model::Part};

/// So much is handed to the compressor at a time, in bytes.
const PIECE: usize = 1 << 16;

/// Rows that a sheet still lacks.
pub(super) struct More<'a> {
    /// The number of the sheet, from 1.
    pub(super) sheet: usize,
    pub(super) rows: Range<usize>,
    pub(super) part: &'a Part,
    pub(super) layout: Layout,
    pub(super) language: Language,
}

/// The workbook with all its rows.
pub(super) fn complete(workbook: Vec<u8>, more: &[More<'_>]) -> Result<Vec<u8>> {
    if more.is_empty() {
        return Ok(workbook);
    }
    let mut from = ZipArchive::new(Cursor::new(workbook)).map_err(|_| Error::Workbook)?;
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..from.len() {
        let mut file = from.by_index(index).map_err(|_| Error::Workbook)?;
        let name = file.name().map_err(|_| Error::Workbook)?.into_owned();
        let is_here = |more: &&More<'_>| name == format!("xl/worksheets/sheet{}.xml", more.sheet);
        let Some(more) = more.iter().find(is_here) else {
            to.raw_copy_file(file).map_err(|_| Error::Workbook)?;
            continue;
        };
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(file.last_modified().unwrap_or_default());
        let mut xml = String::new();
        file.read_to_string(&mut xml).map_err(|_| Error::Workbook)?;
        to.start_file(name, options).map_err(|_| Error::Workbook)?;
        more.write(&xml, &mut to)?;
    }
    Ok(to.finish().map_err(|_| Error::Workbook)?.into_inner())
}

impl More<'_> {
    /// Copies the sheet, and puts the rows where the template stands.
    fn write(&self, xml: &str, to: &mut impl Write) -> Result<()> {
        let template = format!("<row r=\"{}\"", self.rows.start + 2);
        let start = xml.find(&template).ok_or(Error::Workbook)?;
        let end = start + xml[start..].find("</row>").ok_or(Error::Workbook)? + "</row>".len();
        let styles: Vec<&str> =
            xml[start..end].split(" s=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut put = |piece: &str| to.write_all(piece.as_bytes()).map_err(|_| Error::Workbook);
        put(&xml[..start])?;
        let mut piece = String::with_capacity(2 * PIECE);
        for index in self.rows.clone() {
            self.row(index, &styles, &mut piece).map_err(|_| Error::Workbook)?;
            if piece.len() >= PIECE {
                put(&piece)?;
                piece.clear();
            }
        }
        put(&piece)?;
        put(&xml[end..])
    }

    fn row(&self, index: usize, styles: &[&str], to: &mut String) -> std::fmt::Result {
        let number = index + 2;
        write!(to, "<row r=\"{number}\">")?;
        for (column, kind, spread) in self.layout.spread(&self.part.table, &self.part.table.rows[index]) {
            let (look, content) = spread.content(kind, self.language);
            let style = styles.get(look.place()).ok_or(std::fmt::Error)?;
            if matches!(content, Content::Blank) {
                continue;
            }
            to.push_str("<c r=\"");
            letters(column, to);
            write!(to, "{number}\" s=\"{style}\"")?;
            match content {
                Content::Number(number) if number.abs() < 1e15 => write!(to, "><v>{number}</v></c>")?,
                Content::Number(number) => write!(to, "><v>{number:E}</v></c>")?,
                Content::Text(text) => {
                    to.push_str(" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
                    escape(cut(&text), to);
                    to.push_str("</t></is></c>");
                }
                Content::Blank => {}
            }
        }
        to.push_str("</row>");
        Ok(())
    }
}

/// The name of a column: `A`, `AB`.
fn letters(column: u16, to: &mut String) {
    if column >= 26 {
        letters(column / 26 - 1, to);
    }
    to.push(char::from(b'A' + (column % 26) as u8));
}

/// A text in XML. Excel takes `_x0041_` for the character of that number, so that a `_` before it is written like that.
fn escape(text: &str, to: &mut String) {
    for (place, c) in text.char_indices() {
        match c {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '_' if is_number(&text.as_bytes()[place..]) => to.push_str("_x005F_"),
            _ => to.push(c),
        }
    }
}

fn is_number(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5 && digits[4] == b'_'
        && digits[..4].iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let named = |column| {
            let mut name = String::new();
            letters(column, &mut name);
            name
        };
        assert_eq!([0, 25, 26, 701, 702].map(named), ["A", "Z", "AA", "ZZ", "AAA"]);
    }

    #[test]
    fn texts_are_escaped_for_xml_and_for_excel() {
        let mut out = String::new();
        escape("<a>&_x0041_ _x41_ _", &mut out);
        assert_eq!(out, "&lt;a&gt;&amp;_x005F_x0041_ _x41_ _");
    }
}
