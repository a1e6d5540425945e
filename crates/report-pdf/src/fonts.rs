//! The fonts of the system, or of a folder of one's own.

use std::path::Path;

use dossier_report::{Error, Result};
use typst_kit::fonts::{self, FontStore};

/// Families with Chinese characters, the best first.
const PREFERRED: [&str; 6] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Micro Hei",
];
/// A font with these is taken for a Chinese one.
const CHINESE: &str = "卷宗候选人面试";

/// The fonts that reports are set in.
pub struct Fonts {
    pub(crate) store: FontStore,
    families: Vec<String>,
}

impl Fonts {
    /// Looks for fonts in the folder, if there is one, and where the system has them.
    ///
    /// # Errors
    /// [`Error::NoFont`]
    pub fn find(folder: Option<&Path>) -> Result<Self> {
        let mut store = FontStore::new();
        store.extend(folder.into_iter().flat_map(fonts::scan));
        store.extend(fonts::system());
        Self::of(store)
    }

    /// Looks in the folder alone.
    ///
    /// # Errors
    /// [`Error::NoFont`]
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let mut store = FontStore::new();
        store.extend(fonts::scan(folder));
        Self::of(store)
    }

    fn of(store: FontStore) -> Result<Self> {
        let book = store.book();
        let preferred = PREFERRED.iter().filter(|family| book.contains_family(&family.to_lowercase()));
        let mut families: Vec<String> = preferred.map(|family| (*family).to_owned()).collect();
        if families.is_empty() {
            let has_all =
                |info: &&typst::text::FontInfo| CHINESE.chars().all(|c| info.coverage.contains(c.into()));
            let infos = (0..).map_while(|index| book.info(index));
            families.extend(infos.filter(has_all).map(|info| info.family.clone()).take(1));
        }
        if families.is_empty() { Err(Error::NoFont) } else { Ok(Self { store, families }) }
    }

    /// The families with Chinese characters that were found, in the order in which they are used.
    #[must_use]
    pub fn families(&self) -> &[String] {
        &self.families
    }

    /// Whether any font has this character.
    pub(crate) fn has(&self, c: char) -> bool {
        let infos = (0..).map_while(|index| self.store.book().info(index));
        c.is_whitespace() || infos.into_iter().any(|info| info.coverage.contains(c.into()))
    }
}
