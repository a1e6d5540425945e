//! A report as PDF: A4, Chinese typography, embedded subsets of fonts, tagged for screen readers, with the same charts as
//! everywhere.
//!
//! The typesetter is typst, which no other crate knows. What a report says goes in as values and is never read as markup.
//!
//! **For callers.** Looking for fonts takes some 100 ms, so one [`Press`] serves the whole process. A PDF takes some 100 ms for
//! five pages, seconds and hundreds of megabytes at [`MOST_ROWS`]: make it on a blocking thread, and few at a time, behind a
//! semaphore.

mod document;
mod fonts;
mod press;
mod world;

use dossier_report::{Error, Result, charts::Links, model::Report};
use typst::diag::SourceDiagnostic;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use self::{document::Document, world::Desk};
pub use self::{fonts::Fonts, press::Press};

/// So many rows of tables are typeset at most; what has more belongs into Excel.
pub const MOST_ROWS: usize = 2_000;
/// So many columns fit on a page.
pub const MOST_COLUMNS: usize = 16;

impl Fonts {
    /// The report as PDF, with page numbers, and with who made it and when behind the text of each page.
    ///
    /// It conforms to PDF/UA-1 where its text allows, and is tagged in any case. A character that no font has is shown by its
    /// number. `links` gives whole addresses for the queries behind numbers, if there are any.
    ///
    /// # Errors
    /// [`Error::TooManyRows`], [`Error::TooManyColumns`]; [`Error::Typesetter`], which no report should cause.
    pub fn pdf(&self, report: &Report, links: Links<'_>) -> Result<Vec<u8>> {
        let rows: usize = report.parts.iter().map(|part| part.table.rows.len()).sum();
        if rows > MOST_ROWS {
            return Err(Error::TooManyRows { rows, most: MOST_ROWS });
        }
        if let Some(columns) =
            report.parts.iter().map(|part| part.table.columns.len()).find(|of| *of > MOST_COLUMNS)
        {
            return Err(Error::TooManyColumns { columns, most: MOST_COLUMNS });
        }
        let document = Document::of(report, self, links);
        let desk = Desk::new(self, serde_json::to_vec(&document).map_err(|_| Error::Typesetter(Vec::new()))?);
        let pdf = typeset(&desk, report);
        // What the typesetter remembers of this report is of no use for the next.
        comemo::evict(0);
        pdf
    }
}

fn typeset(desk: &Desk<'_>, report: &Report) -> Result<Vec<u8>> {
    let pages: PagedDocument = typst::compile(desk).output.map_err(|errors| failed(&errors))?;
    let accessible = options(report, &[PdfStandard::Ua_1])?;
    match typst_pdf::pdf(&pages, &accessible) {
        Ok(pdf) => Ok(pdf),
        Err(_) => typst_pdf::pdf(&pages, &options(report, &[])?).map_err(|errors| failed(&errors)),
    }
}

fn options(report: &Report, standards: &[PdfStandard]) -> Result<PdfOptions> {
    Ok(PdfOptions {
        creator: typst::foundations::Smart::Custom(Some("Dossier 卷宗".to_owned())),
        timestamp: world::datetime(report.made_at).map(Timestamp::new_utc),
        standards: PdfStandards::new(standards)
            .map_err(|error| Error::Typesetter(vec![error.message().to_string()]))?,
        ..PdfOptions::default()
    })
}

fn failed(errors: &[SourceDiagnostic]) -> Error {
    Error::Typesetter(errors.iter().map(|error| error.message.to_string()).collect())
}
