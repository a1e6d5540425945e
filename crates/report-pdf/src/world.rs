//! What the typesetter sees of the world: a template, the report's values, fonts. No files, no packages, no clock.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, Timelike as _, Utc};
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::Fonts;

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));
static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::new(named("template.typ"), include_str!("template.typ").to_owned()));
static REPORT: LazyLock<FileId> = LazyLock::new(|| named("report.json"));

fn named(name: &str) -> FileId {
    #[expect(clippy::expect_used, reason = "both names are written here, and are plain")]
    let path = VirtualPath::new(name).expect("a plain name is a path");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// What lies before the typesetter.
pub(crate) struct Desk<'a> {
    fonts: &'a Fonts,
    report: Bytes,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(fonts: &'a Fonts, report: Vec<u8>) -> Self {
        Self { fonts, report: Bytes::new(report) }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.store.book()
    }

    fn main(&self) -> FileId {
        TEMPLATE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == TEMPLATE.id() { Ok(TEMPLATE.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == *REPORT { Ok(self.report.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.store.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// A time as the typesetter writes it.
pub(crate) fn datetime(at: DateTime<Utc>) -> Option<Datetime> {
    let [month, day, hour, minute, second] = [at.month(), at.day(), at.hour(), at.minute(), at.second()]
        .map(|part| u8::try_from(part).unwrap_or(0));
    Datetime::from_ymd_hms(at.year(), month, day, hour, minute, second)
}
