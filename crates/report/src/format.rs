//! The files that a report is taken away as.

use crate::{
    Error, Result,
    charts::{Links, charts_svg},
    csv::report_csv,
    json::report_json,
    model::Report,
    typesetter::Typesetter,
    xlsx::report_xlsx,
};

/// A format of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Everything, for programs.
    Json,
    /// The tables.
    Csv,
    /// The charts.
    Svg,
    /// A workbook with charts.
    Xlsx,
    /// Pages to print.
    Pdf,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] = [Self::Json, Self::Csv, Self::Svg, Self::Xlsx, Self::Pdf];

    /// Its name, which is what files of it end in.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Svg => "svg",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Svg => "image/svg+xml",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Pdf => "application/pdf",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| name.eq_ignore_ascii_case(format.name()))
    }

    /// A report as a file. `links` gives whole addresses for the queries behind numbers, if there are any; `typesetter` makes
    /// PDFs.
    ///
    /// # Errors
    /// [`Error::NoChart`] for charts of a report that has none, [`Error::NoTypesetter`]; those of the format.
    pub fn write(
        self,
        report: &Report,
        typesetter: Option<&dyn Typesetter>,
        links: Links<'_>,
    ) -> Result<Vec<u8>> {
        Ok(match self {
            Self::Json => report_json(report)?,
            Self::Csv => report_csv(report).into_bytes(),
            Self::Svg => charts_svg(report, links).ok_or(Error::NoChart)?.into_bytes(),
            Self::Xlsx => report_xlsx(report, links)?,
            Self::Pdf => typesetter.ok_or(Error::NoTypesetter)?.pdf(report, links)?,
        })
    }
}
