//! Reports as PDF: by the typesetter that the application chose, on blocking threads, and few at a time.

use std::sync::Arc;

use dossier_report::{Typesetter, model::Report};
use tokio::sync::Semaphore;

use crate::{
    Archive, Error, Result,
    doctor::{Check, State},
};

/// So many PDFs are made at a time; each may take hundreds of megabytes.
const AT_A_TIME: usize = 2;

/// The typesetter, and who waits for it.
pub(crate) struct Press {
    typesetter: Arc<dyn Typesetter>,
    places: Arc<Semaphore>,
}

impl Archive {
    /// Says who makes PDFs. An archive without a typesetter makes none.
    pub fn set_typesetter(&mut self, typesetter: Arc<dyn Typesetter>) {
        self.press = Some(Press { typesetter, places: Arc::new(Semaphore::new(AT_A_TIME)) });
    }

    /// A report, which was made for who asks, as PDF. `links` gives whole addresses for the queries behind numbers.
    ///
    /// # Errors
    /// [`Error::Report`]: without typesetter or fonts, or for a report that is too large.
    pub async fn pdf(
        &self,
        report: Report,
        links: impl Fn(&str) -> Option<String> + Send + 'static,
    ) -> Result<Vec<u8>> {
        let press = self.press.as_ref().ok_or(dossier_report::Error::NoTypesetter)?;
        let typesetter = Arc::clone(&press.typesetter);
        // The place is kept while the work goes on, even if whoever asked goes away.
        let place = Arc::clone(&press.places).acquire_owned().await;
        let work = move || {
            let _place = place;
            typesetter.pdf(&report, &links)
        };
        let done = tokio::task::spawn_blocking(work).await;
        Ok(done.map_err(|_| dossier_report::Error::Typesetter(Vec::new()))??)
    }

    /// Whether PDFs can be made; nothing where nobody wants to.
    pub(crate) async fn check_fonts(&self) -> Option<Check> {
        let typesetter = Arc::clone(&self.press.as_ref()?.typesetter);
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
