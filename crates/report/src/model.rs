//! A report as a value: words and numbers of one language, in an order, each number with the search behind it.
//!
//! Whoever measures makes a [`Report`]; pages, Excel, PDF, CSV, JSON and charts only show it. A chart draws columns of the
//! table beside it, so the two can't disagree.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};
use dossier_domain::{Language, text::Login};
use serde::{Deserialize, Serialize};

use crate::{Locale, plain};

/// A report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What it is called: `2023年第三季度AI面试通过率`.
    pub title: String,
    /// What was asked: conditions, dimensions, comparison. Shown on every form of the report.
    pub asked: Vec<Fact>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: Login,
    /// The language it is written in, and the bank's zone.
    #[serde(skip)]
    pub locale: Locale,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

impl Report {
    /// What every form of the report says of it: what was asked, by whom and when it was answered.
    #[must_use]
    pub fn about(&self) -> Vec<Fact> {
        let Locale { language, zone } = self.locale;
        let made = [
            (language.pick("生成时间", "Made at"), format!("{} {zone}", zone.show(self.made_at))),
            (language.pick("生成人", "Made by"), self.made_by.to_string()),
        ];
        let made = made.into_iter().map(|(name, text)| Fact { name: name.to_owned(), text });
        self.asked.iter().cloned().chain(made).collect()
    }
}

/// A name and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// The name: `条件`.
    pub name: String,
    /// What is said: `岗位=客户经理`.
    pub text: String,
}

/// A table, with a chart of it and the sentences that explain it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Its heading.
    pub title: String,
    /// What a reader must know to read it rightly: definitions, too few data, what was left out. A sentence each.
    pub notes: Vec<String>,
    /// The numbers.
    pub table: Table,
    /// How they are drawn, where a picture says more.
    pub chart: Option<Chart>,
}

/// A table. Every row has as many cells as there are columns.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Table {
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// The rows, in order.
    pub rows: Vec<Vec<Cell>>,
    /// What the rows come to together, where that means something.
    pub total: Option<Vec<Cell>>,
}

impl Table {
    /// Whether a column has intervals, which files give columns of their own, for each column.
    #[must_use]
    pub fn intervals(&self) -> Vec<bool> {
        let is_estimate = |cell: &Cell| matches!(cell.value, Value::Estimate { .. });
        let has =
            |at: usize| self.rows.iter().chain(&self.total).any(|row| row.get(at).is_some_and(is_estimate));
        (0..self.columns.len()).map(has).collect()
    }

    /// What stands above each column of a file, with the place of the table's column: an interval has two of its own.
    pub(crate) fn heads(&self, language: Language) -> Vec<(usize, String)> {
        let ends = [language.pick("95%下限", "95% low"), language.pick("95%上限", "95% high")];
        let intervals = self.intervals();
        let of_column = |(at, column): (usize, &Column)| {
            let label = plain(&column.label).into_owned();
            let ends = ends.iter().filter(|_| intervals[at]).map(|end| (at, format!("{label} {end}")));
            std::iter::once((at, label.clone())).chain(ends).collect::<Vec<_>>()
        };
        self.columns.iter().enumerate().flat_map(of_column).collect()
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its name for programs, the same in all languages: `pass_rate`.
    pub id: Cow<'static, str>,
    /// Its name for people.
    pub label: String,
    /// What its cells are.
    pub kind: Kind,
}

/// What the cells of a column are, hence how they are written and aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Words.
    Text,
    /// Days of the bank.
    Date,
    /// Months of the bank, each as its first day.
    Month,
    /// Whole numbers.
    Count,
    /// Shares of one, shown in per cent.
    Share,
    /// Differences of shares in percentage points, shown with their sign.
    Points,
    /// Scores, 0–100.
    Score,
    /// Lengths of time in days.
    Days,
    /// Lengths of time in minutes.
    Minutes,
    /// Other numbers, shown with three significant digits: ratios, correlations, p-values.
    Number,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cell {
    /// What it says.
    pub value: Value,
    /// The query whose hits are what was counted here, in the report's language; `None` where nothing was counted. Behind
    /// a share is the part, and what it is a part of is a cell of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<String>,
}

/// What a cell says.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", remote = "Self")]
pub enum Value {
    /// There is nothing to say: no data.
    Nothing,
    /// There is a value, but the group is too small for this reader.
    Withheld,
    /// Words.
    Text(String),
    /// A day.
    Date(NaiveDate),
    /// A number, finite.
    Number(f64),
    /// An estimate with the ends of its 95 % interval; all finite.
    Estimate {
        /// The estimate.
        value: f64,
        /// The lower end.
        low: f64,
        /// The upper end.
        high: f64,
    },
}

impl Serialize for Value {
    /// As its name and what it holds: `{"estimate":{"value":0.75,"low":0.7,"high":0.8}}`; what is not sound as nothing.
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        // The derived one, which is not the trait's: `remote = "Self"`.
        Self::serialize(self.sound(), to)
    }
}

/// A chart of a table: which columns are drawn, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// The kind of chart.
    pub kind: ChartKind,
    /// The column of the places along the axis (stages, months, bins).
    pub along: usize,
    /// The column that tells groups apart, where rows come in groups: a row for each place and group.
    pub by: Option<usize>,
    /// The names of the places in their order, where rows come in groups and a group may lack some; empty where the rows are
    /// in order by themselves. Names that no row has are not drawn.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// The columns of the values: one with [`Chart::by`], else one for each series. A box takes five: lowest, first
    /// quartile, median, third quartile, highest.
    pub values: Vec<usize>,
}

/// A kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartKind {
    /// Bars beside each other; intervals as whiskers.
    Bars,
    /// Bars on top of each other.
    Stacked,
    /// Lines over time; intervals as bands or whiskers.
    Lines,
    /// Touching bars over bins.
    Histogram,
    /// Cells, the darker the more.
    HeatMap,
    /// Bars that narrow from step to step.
    Funnel,
    /// Boxes with whiskers.
    Boxes,
}

impl Kind {
    /// Whether its cells are numbers, which stand at the right.
    #[must_use]
    pub fn is_number(self) -> bool {
        !matches!(self, Self::Text | Self::Date | Self::Month)
    }
}

impl Value {
    /// What is to be shown: a number that is none, which nobody should give, says nothing.
    #[must_use]
    pub fn sound(&self) -> &Self {
        match self {
            Self::Number(number) if !number.is_finite() => &Self::Nothing,
            Self::Estimate { value, low, high }
                if ![value, low, high].into_iter().all(|end| end.is_finite()) =>
            {
                &Self::Nothing
            }
            _ => self,
        }
    }

    /// The number, or the estimate's middle.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        match self.sound() {
            Self::Number(value) | Self::Estimate { value, .. } => Some(*value),
            _ => None,
        }
    }
}

impl Cell {
    /// A number that was counted, with the query behind it.
    #[must_use]
    pub fn count(number: u64, behind: impl Into<Option<String>>) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2⁵³")]
        Self { value: Value::Number(number as f64), behind: behind.into() }
    }

    /// A number behind which there is no search; what is not finite says nothing.
    #[must_use]
    pub fn number(number: f64) -> Self {
        let value = if number.is_finite() { Value::Number(number) } else { Value::Nothing };
        Self { value, behind: None }
    }

    /// Words.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self { value: Value::Text(text.into()), behind: None }
    }

    /// Nothing.
    #[must_use]
    pub fn nothing() -> Self {
        Self { value: Value::Nothing, behind: None }
    }

    /// The same with the query behind it.
    #[must_use]
    pub fn behind(self, query: impl Into<String>) -> Self {
        Self { behind: Some(query.into()), ..self }
    }
}
