//! A report as the template takes it: texts that are ready to be set, and charts as SVG.

use std::collections::HashMap;

use dossier_domain::Language;
use dossier_report::{
    charts::{self, Drawing, Links},
    figures::said,
    model::{Cell, Kind, Part, Report, Value},
    plain,
};
use serde::Serialize;

use crate::Fonts;

/// Longer texts are cut; whole ones are in the other formats.
const LONGEST: usize = 400;
/// A word that is longer may be broken anywhere.
const LONGEST_WORD: usize = 16;
/// With more columns a table lies on a page across.
const COLUMNS_UPRIGHT: usize = 7;

/// What the template reads.
#[derive(Serialize)]
pub(crate) struct Document {
    language: String,
    fonts: Vec<String>,
    title: String,
    author: String,
    about: Vec<(String, String)>,
    /// What stands behind the text of each page.
    watermark: String,
    parts: Vec<PartOf>,
    /// What the page's number is put into: `第 1 页，共 5 页`.
    page: [&'static str; 3],
    /// What is said where a table has no rows.
    empty: &'static str,
}

#[derive(Serialize)]
struct PartOf {
    title: String,
    notes: Vec<String>,
    columns: Vec<ColumnOf>,
    rows: Vec<Vec<CellOf>>,
    total: Option<Vec<CellOf>>,
    chart: Option<String>,
    /// What the chart shows, for who can't see it.
    alt: String,
    is_across: bool,
}

#[derive(Serialize)]
struct ColumnOf {
    label: String,
    is_number: bool,
}

#[derive(Serialize)]
struct CellOf {
    text: String,
    is_soft: bool,
    link: Option<String>,
}

impl Document {
    pub(crate) fn of(report: &Report, fonts: &Fonts, links: Links<'_>) -> Self {
        let mut writer = Writer { fonts, links, language: report.locale.language, known: HashMap::new() };
        let about = report.about();
        let about = about.iter().map(|fact| (writer.text(&fact.name), writer.text(&fact.text))).collect();
        let language = report.locale.language;
        Self {
            language: language.pick("zh", "en").to_owned(),
            fonts: fonts.families().to_vec(),
            title: writer.text(&report.title),
            author: writer.text(report.made_by.as_str()),
            about,
            watermark: writer.text(&format!(
                "{} {}",
                report.made_by,
                report.locale.zone.show(report.made_at)
            )),
            parts: report.parts.iter().enumerate().map(|(index, part)| writer.part(index, part)).collect(),
            page: match language {
                Language::Chinese => ["第 ", " 页，共 ", " 页"],
                Language::English => ["Page ", " of ", ""],
            },
            empty: language.pick("没有符合条件的数据。", "There is no data that meets the conditions."),
        }
    }
}

/// Makes texts that the fonts can show.
struct Writer<'a> {
    fonts: &'a Fonts,
    links: Links<'a>,
    language: Language,
    /// Which characters the fonts have; looking is slow.
    known: HashMap<char, bool>,
}

impl Writer<'_> {
    fn part(&mut self, index: usize, part: &Part) -> PartOf {
        let columns = part.table.columns.iter();
        let kinds: Vec<Kind> = columns.clone().map(|column| column.kind).collect();
        let id = format!("chart-{index}");
        let drawing = Drawing { language: self.language, id: &id, links: &|_| None, width: charts::WIDE };
        let chart = charts::chart_and_words(part, &drawing)
            .map(|(chart, words)| (self.shown(&chart.into_string()), self.shown(&plain(&words))));
        let (chart, alt) = chart.map_or((None, String::new()), |(chart, alt)| (Some(chart), alt));
        PartOf {
            title: self.text(&part.title),
            notes: part.notes.iter().map(|note| self.text(note)).collect(),
            columns: columns
                .map(|column| ColumnOf {
                    label: self.text(&column.label),
                    is_number: column.kind.is_number(),
                })
                .collect(),
            rows: part.table.rows.iter().map(|row| self.row(&kinds, row)).collect(),
            total: part.table.total.as_ref().map(|row| self.row(&kinds, row)),
            alt,
            chart,
            is_across: kinds.len() > COLUMNS_UPRIGHT,
        }
    }

    /// A row, with a cell for each column.
    fn row(&mut self, kinds: &[Kind], row: &[Cell]) -> Vec<CellOf> {
        let mut cells: Vec<CellOf> =
            kinds.iter().zip(row).map(|(kind, cell)| self.cell(*kind, cell)).collect();
        cells.resize_with(kinds.len(), || CellOf { text: String::new(), is_soft: true, link: None });
        cells
    }

    fn cell(&mut self, kind: Kind, cell: &Cell) -> CellOf {
        let value = cell.value.sound();
        let is_soft = matches!(value, Value::Nothing | Value::Withheld);
        let text = if *value == Value::Nothing { "–".to_owned() } else { said(kind, value, self.language) };
        let link = cell.behind.as_deref().filter(|_| !is_soft).and_then(self.links);
        CellOf { text: self.text(&text), is_soft, link }
    }

    /// A text of one line, cut to a sensible length, that breaks where it must.
    fn text(&mut self, text: &str) -> String {
        let text = plain(text);
        let end = text.char_indices().nth(LONGEST).map(|(end, _)| end);
        let mut text = self.shown(&breakable(&text[..end.unwrap_or(text.len())]));
        if end.is_some() {
            text.push('…');
        }
        text
    }

    /// The text with the numbers of characters that no font has.
    fn shown(&mut self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for c in text.chars() {
            let fonts = self.fonts;
            match c.is_ascii() || c == BREAK || *self.known.entry(c).or_insert_with(|| fonts.has(c)) {
                true => shown.push(c),
                false => shown.push_str(&format!("[U+{:04X}]", u32::from(c))),
            }
        }
        shown
    }
}

/// Where a line may be broken, without being seen.
const BREAK: char = '\u{200B}';

/// Lets a line break within words that are longer than a column can be sure to hold.
fn breakable(text: &str) -> String {
    let mut broken = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        run = if c.is_alphanumeric() && u32::from(c) < 0x2E80 || c.is_ascii_punctuation() {
            run + 1
        } else {
            0
        };
        if run > LONGEST_WORD {
            broken.push(BREAK);
            run = 1;
        }
        broken.push(c);
    }
    broken
}
