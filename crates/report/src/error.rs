//! What can go wrong when a file is made.

/// The result of making a file.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A path inside the ZIP is longer than its 16-bit field can say.
    #[error("a path inside the ZIP has {length} bytes; at most 65,535 are possible")]
    PathTooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// The ZIP would be longer than 64 bits can say.
    #[error("the ZIP would be larger than 16 EiB")]
    TooLarge,
    /// The values do not fit into a workbook: Excel ends at 1,048,576 rows.
    #[error("the Excel file cannot be made; a sheet holds at most 1,048,575 rows and 16,384 columns")]
    Excel(#[from] rust_xlsxwriter::XlsxError),
    /// A workbook could not be completed with its further rows.
    #[error("the Excel file cannot be completed")]
    Workbook,
    /// No font with Chinese characters was found to set a PDF in.
    #[error(
        "no font with Chinese characters was found; install one (on Debian: fonts-noto-cjk), or name a folder with fonts"
    )]
    NoFont,
    /// The report has more rows than can be set in a PDF.
    #[error("the report has {rows} rows, a PDF at most {most}; take Excel")]
    TooManyRows {
        /// How many rows it has.
        rows: usize,
        /// How many a PDF has at most.
        most: usize,
    },
    /// A table has more columns than a page has room for.
    #[error("a table of the report has {columns} columns, a page room for {most}; take Excel")]
    TooManyColumns {
        /// How many columns it has.
        columns: usize,
        /// How many a page has room for.
        most: usize,
    },
    /// The typesetter failed. What it says may quote the report, so it is shown to nobody.
    #[error("the PDF cannot be typeset")]
    Typesetter(Vec<String>),
    /// Something could not be written as JSON.
    #[error("it cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// The classes of [`Error`] that callers act upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// What was chosen is too much for the format: choose less.
    TooMuch,
    /// The machine lacks something.
    SetUp,
    /// A library failed although its input was right; trying again does not help.
    Internal,
}

impl Error {
    /// The class of this error. None of them goes away by trying again.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::PathTooLong { .. } | Self::TooLarge | Self::Excel(_) => ErrorKind::TooMuch,
            Self::TooManyRows { .. } | Self::TooManyColumns { .. } => ErrorKind::TooMuch,
            Self::NoFont => ErrorKind::SetUp,
            Self::Typesetter(_) | Self::Json(_) | Self::Workbook => ErrorKind::Internal,
        }
    }
}
