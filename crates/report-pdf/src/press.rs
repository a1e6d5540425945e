//! The typesetter of a process, which looks for fonts when it is first needed.

use std::{path::PathBuf, sync::OnceLock};

use dossier_report::{Error, Result, Typesetter, charts::Links, model::Report};

use crate::Fonts;

/// Makes PDFs with fonts that are looked for once.
pub struct Press {
    folder: Option<PathBuf>,
    fonts: OnceLock<Option<Fonts>>,
}

impl Press {
    /// A press that looks for fonts in the folder, if there is one, and where the system has them.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, fonts: OnceLock::new() }
    }

    fn fonts(&self) -> Result<&Fonts> {
        self.fonts.get_or_init(|| Fonts::find(self.folder.as_deref()).ok()).as_ref().ok_or(Error::NoFont)
    }
}

impl Typesetter for Press {
    fn pdf(&self, report: &Report, links: Links<'_>) -> Result<Vec<u8>> {
        self.fonts()?.pdf(report, links)
    }

    fn families(&self) -> Result<Vec<String>> {
        Ok(self.fonts()?.families().to_vec())
    }
}
