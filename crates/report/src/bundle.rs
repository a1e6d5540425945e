//! What a batch retrieval hands out, in the product's words.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, BankZone, Language, MaterialKind, Score, Stage,
    text::{Line, Login, PersonName, PositionName, TagName},
};

/// For whom a file is written: the reader's language and the bank's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Locale {
    /// The language.
    pub language: Language,
    /// The zone in which times are shown.
    pub zone: BankZone,
}

/// A batch retrieval: who fetched what, why, and what they got.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Who fetched it.
    pub made_by: Login,
    /// The query that chose the applications, as it was typed.
    pub query: String,
    /// The reason that was given.
    pub reason: Line,
    /// The kinds of material that were asked for.
    pub contents: Vec<MaterialKind>,
    /// The applications, in the order of the search.
    pub rows: Vec<BundleRow>,
}

impl Bundle {
    /// The kinds that were asked for, in the product's order and each once.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = MaterialKind> + Clone {
        MaterialKind::ALL.into_iter().filter(|kind| self.contents.contains(kind))
    }

    /// The kinds that were asked for in the reader's words: `面试视频、情绪分析`.
    pub(crate) fn contents_in(&self, language: Language) -> String {
        let labels: Vec<&str> = self.kinds().map(|kind| kind.label(language)).collect();
        labels.join(language.pick("、", ", "))
    }
}

/// One application in a bundle.
#[derive(Debug, Clone)]
pub struct BundleRow {
    /// Its id.
    pub application: ApplicationId,
    /// Whose it is and what for.
    pub subject: Subject,
    /// The stage in which it stands.
    pub stage: Stage,
    /// The AI score that holds.
    pub score: Option<Score>,
    /// Its tags, as far as the reader may see them.
    pub tags: Vec<TagName>,
    /// The files in the bundle.
    pub files: Vec<BundleFile>,
}

/// Whom a page is about: one candidate's interview for one position.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The candidate's name; absent where names were not chosen for syncing.
    pub candidate: Option<PersonName>,
    /// The position.
    pub position: PositionName,
    /// When the interview began; absent where the time is not known.
    pub interviewed_at: Option<DateTime<Utc>>,
}

/// A file in a bundle.
#[derive(Debug, Clone)]
pub struct BundleFile {
    /// What it shows.
    pub kind: MaterialKind,
    /// Its path inside the bundle, with `/` between the parts, as [`crate::zip::Plan::add`] gave it back.
    pub path: String,
    /// Its length in bytes.
    pub bytes: u64,
}
