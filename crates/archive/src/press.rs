//! Reports as files: on blocking threads, and few at a time; PDFs by the typesetter that the application chose.

use std::sync::Arc;

use chrono::NaiveDate;
use dossier_access::Context;
use dossier_report::{Format, Typesetter};
use tokio::sync::Semaphore;

use crate::{
    Archive, Error, ReportRequest, Result,
    doctor::{Check, State},
};

/// So many files are made at a time; each may take hundreds of megabytes.
const AT_A_TIME: usize = 2;

/// A report as a file.
#[derive(Debug, Clone)]
pub struct ReportFile {
    /// What the report is called.
    pub title: String,
    /// The bank's day on which it was made.
    pub made_on: NaiveDate,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Where files are made.
pub(crate) struct Press {
    typesetter: Option<Arc<dyn Typesetter>>,
    places: Arc<Semaphore>,
}

impl Default for Press {
    fn default() -> Self {
        Self { typesetter: None, places: Arc::new(Semaphore::new(AT_A_TIME)) }
    }
}

impl Archive {
    /// Says who makes PDFs. An archive without a typesetter makes none.
    pub fn set_typesetter(&mut self, typesetter: Arc<dyn Typesetter>) {
        self.press.typesetter = Some(typesetter);
    }

    /// Makes a report as a file. `links` gives whole addresses for the queries behind numbers.
    ///
    /// # Errors
    /// As [`Archive::report`]; [`Error::Report`]: without charts, typesetter or fonts where the format needs them, or for a
    /// report that is too large.
    pub async fn report_file(
        &self,
        ctx: &Context,
        request: ReportRequest,
        format: Format,
        links: impl Fn(&str) -> Option<String> + Send + 'static,
    ) -> Result<ReportFile> {
        let report = self.report_as(ctx, request, Some(format)).await?;
        let (title, made_on) = (report.title.clone(), report.locale.zone.date(report.made_at));
        let typesetter = self.press.typesetter.clone();
        // The place is kept while the work goes on, even if whoever asked goes away.
        let place = Arc::clone(&self.press.places).acquire_owned().await;
        let work = move || {
            let _place = place;
            format.write(&report, typesetter.as_deref(), &links)
        };
        let done = tokio::task::spawn_blocking(work).await;
        let bytes = done.map_err(|_| dossier_report::Error::Typesetter(Vec::new()))??;
        Ok(ReportFile { title, made_on, bytes })
    }

    /// Whether PDFs can be made; nothing where nobody wants to.
    pub(crate) async fn check_fonts(&self) -> Option<Check> {
        let typesetter = self.press.typesetter.clone()?;
        let families = tokio::task::spawn_blocking(move || typesetter.families()).await.ok()?;
        let what = ("PDF 字体", "fonts for PDF");
        Some(match families {
            Ok(families) => {
                let names = families.join(", ");
                Check { what, state: State::Good, found: (names.clone(), names) }
            }
            Err(error) => {
                let error = Error::from(error);
                let said = |language| error.message(language);
                let found =
                    (said(dossier_domain::Language::Chinese), said(dossier_domain::Language::English));
                Check { what, state: State::Attention, found }
            }
        })
    }
}
