//! The table.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr as _;

const HEADINGS: [&str; 6] = ["measure", "measured", "compared with", "ratio", "target", "met"];

/// A line of the table.
pub(crate) struct Line {
    what: String,
    measured: String,
    against: String,
    ratio: Option<f64>,
    target: String,
    met: Option<bool>,
}

impl Line {
    /// A figure without anything to compare it with.
    pub(crate) fn new(what: &str, measured: String) -> Self {
        Self {
            what: what.to_owned(),
            measured,
            against: String::new(),
            ratio: None,
            target: String::new(),
            met: None,
        }
    }

    /// What it is compared with, and how it compares.
    pub(crate) fn against(self, against: impl Into<String>, ratio: f64) -> Self {
        Self { against: against.into(), ratio: Some(ratio), ..self }
    }

    /// A target that `value` should reach.
    pub(crate) fn at_least(self, value: f64, target: f64, text: &str) -> Self {
        Self { target: format!("≥ {text}"), met: Some(value >= target), ..self }
    }

    /// A target that `value` should not exceed.
    pub(crate) fn at_most(self, value: f64, target: f64, text: &str) -> Self {
        Self { target: format!("≤ {text}"), met: Some(value <= target), ..self }
    }

    fn cells(&self) -> [String; 6] {
        let met = match self.met {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        [
            self.what.clone(),
            self.measured.clone(),
            self.against.clone(),
            self.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
            self.target.clone(),
            met.to_owned(),
        ]
    }
}

/// Writes all lines as one table that Markdown understands as well.
pub(crate) fn write(out: &mut impl Write, lines: &[Line]) -> io::Result<()> {
    let rows: Vec<_> =
        std::iter::once(HEADINGS.map(str::to_owned)).chain(lines.iter().map(Line::cells)).collect();
    let widths: Vec<usize> = (0..HEADINGS.len())
        .map(|column| rows.iter().map(|row| row[column].width()).max().unwrap_or(0))
        .collect();
    for (number, row) in rows.iter().enumerate() {
        for (cell, width) in row.iter().zip(&widths) {
            write!(out, "| {cell}{} ", " ".repeat(width - cell.width()))?;
        }
        writeln!(out, "|")?;
        if number == 0 {
            let rule = |width: &usize| format!("|{}", "-".repeat(width + 2));
            writeln!(out, "{}|", widths.iter().map(rule).collect::<String>())?;
        }
    }
    Ok(())
}

/// A number of bytes.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{:.0} MiB", bytes as f64 / f64::from(1 << 20))
}
