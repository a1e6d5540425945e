//! Tables that people hand in: which column is what, and what came of each row.

use dossier_domain::{Language, text::TextError};
use dossier_sheets::Row;

use crate::{Error, Result};

/// The largest table that is taken, in bytes.
pub const LARGEST_TABLE: usize = dossier_sheets::LARGEST;

/// What came of a table, or would come of it.
#[derive(Debug)]
pub struct Imported {
    /// What came of each row, in the order of the file.
    pub rows: Vec<ImportedRow>,
    /// The heads of columns that mean nothing here.
    pub ignored: Vec<String>,
}

impl Imported {
    /// How many rows came to this.
    pub fn count(&self, is_it: impl Fn(&RowFate) -> bool) -> usize {
        self.rows.iter().filter(|row| is_it(&row.fate)).count()
    }
}

/// What came of a row.
#[derive(Debug)]
pub struct ImportedRow {
    /// Where it stands in the file, as a spreadsheet counts.
    pub number: usize,
    /// What it is about, as it stands there, cut.
    pub name: String,
    /// What came of it.
    pub fate: RowFate,
}

/// What came of a row.
#[derive(Debug)]
pub enum RowFate {
    /// It is something new.
    New,
    /// It changes what is there: the columns that say something else.
    Changed(Vec<Head>),
    /// It says what is there already.
    Unchanged,
    /// It can't be taken.
    Refused(Error),
}

impl RowFate {
    /// The name in code and API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed(_) => "changed",
            Self::Unchanged => "unchanged",
            Self::Refused(_) => "refused",
        }
    }

    /// What people read.
    pub fn label(&self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::New => ("新建", "new"),
            Self::Changed(_) => ("修改", "changed"),
            Self::Unchanged => ("不变", "unchanged"),
            Self::Refused(_) => ("不能导入", "refused"),
        };
        language.pick(zh, en)
    }
}

/// What a column is, and how its head may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The name in code and API.
    pub name: &'static str,
    /// How it is written; the first one in Chinese and in English is what people read.
    zh: &'static [&'static str],
    en: &'static [&'static str],
}

impl Head {
    pub(crate) const fn new(
        name: &'static str,
        zh: &'static [&'static str],
        en: &'static [&'static str],
    ) -> Self {
        Self { name, zh, en }
    }

    /// What people read.
    pub fn label(&self, language: Language) -> &'static str {
        language.pick(self.zh[0], self.en[0])
    }

    fn is_called(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        text == self.name
            || self.zh.contains(&text.as_str())
            || self.en.iter().any(|of| of.to_lowercase() == text)
    }
}

/// A table with its heads understood.
pub(crate) struct Sheet {
    pub(crate) rows: Vec<Row>,
    pub(crate) ignored: Vec<String>,
    places: Vec<(Head, usize)>,
}

impl Sheet {
    /// Reads a table on a thread where that may take a while. The first row says what the columns are; the first of
    /// `heads` must be there.
    pub(crate) async fn read(bytes: bytes::Bytes, heads: &'static [Head]) -> Result<Self> {
        let read = tokio::task::spawn_blocking(move || dossier_sheets::read(&bytes)).await;
        let read = read.unwrap_or(Err(dossier_sheets::Error::BrokenExcel));
        let mut rows = read.map_err(unreadable)?;
        let first = if rows.is_empty() { Vec::new() } else { rows.remove(0).cells };
        let (mut places, mut ignored) = (Vec::<(Head, usize)>::new(), Vec::new());
        for (place, text) in first.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            match heads.iter().find(|head| head.is_called(text)) {
                Some(head) if places.iter().all(|(known, _)| known != head) => places.push((*head, place)),
                _ => ignored.push(cut(text)),
            }
        }
        let needed = heads.first().filter(|needed| places.iter().all(|(known, _)| known != *needed));
        if let Some(needed) = needed {
            let (zh, en) = (needed.label(Language::Chinese), needed.label(Language::English));
            return Err(Error::invalid(
                format!("表格第一行须为列名，其中要有“{zh}”"),
                format!("the first row must name the columns, and one of them must be “{en}”"),
            ));
        }
        Ok(Self { rows, ignored, places })
    }

    /// The text of a row in a column; nothing where there is no such column, or the cell is empty.
    pub(crate) fn text<'a>(&self, row: &'a Row, head: &Head) -> Option<&'a str> {
        let (_, place) = self.places.iter().find(|(known, _)| known == head)?;
        Some(row.cell(*place)).filter(|text| !text.is_empty())
    }

    /// As [`Sheet::text`], as a word of the domain.
    pub(crate) fn word<T: std::str::FromStr<Err = TextError>>(
        &self,
        row: &Row,
        head: &Head,
    ) -> Result<Option<T>> {
        self.text(row, head).map(|text| word(head, text)).transpose()
    }

    /// As [`Sheet::word`], of several with line breaks or semicolons between them.
    pub(crate) fn words<T: std::str::FromStr<Err = TextError>>(
        &self,
        row: &Row,
        head: &Head,
    ) -> Result<Option<Vec<T>>> {
        self.text(row, head).map(|text| parts(text).map(|part| word(head, part)).collect()).transpose()
    }
}

/// The parts of a cell that holds several things.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r', ';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

fn word<T: std::str::FromStr<Err = TextError>>(head: &Head, text: &str) -> Result<T> {
    text.parse().map_err(|error: TextError| {
        let (zh, en, text) = (head.label(Language::Chinese), head.label(Language::English), cut(text));
        let why = |language| error.message(language);
        Error::invalid(
            format!("“{zh}”一列的“{text}”{}", why(Language::Chinese)),
            format!("“{text}” in the column “{en}”: {}", why(Language::English)),
        )
    })
}

/// That a cell does not hold what its column is for, and why, in Chinese and English.
pub(crate) fn wrong(head: &Head, text: &str, (why_zh, why_en): (&str, &str)) -> Error {
    let (zh, en, text) = (head.label(Language::Chinese), head.label(Language::English), cut(text));
    Error::invalid(
        format!("“{zh}”一列的“{text}”不可用：{why_zh}"),
        format!("“{text}” in the column “{en}”: {why_en}"),
    )
}

pub(crate) fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}

fn unreadable(error: dossier_sheets::Error) -> Error {
    use dossier_sheets::Error as Sheets;
    let zh = match error {
        Sheets::Empty => "文件是空的",
        Sheets::TooLarge => "文件太大（最大 8 MB）",
        Sheets::TooManyRows => "表格行数过多（最多 2 万行）",
        Sheets::TooManyColumns => "表格列数过多（最多 100 列）",
        Sheets::LongCell => "表格中有过长的单元格",
        Sheets::OldExcel => "这是旧版或加了密码的 Excel 文件；请另存为不带密码的 .xlsx 或 CSV",
        Sheets::BrokenExcel => "该 Excel 文件无法读取",
        Sheets::NoTable => "该文件既不是 CSV，也不是 Excel",
    };
    Error::invalid(zh, error.to_string())
}
