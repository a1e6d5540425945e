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
    /// Charts were asked for of a report that has none.
    #[error("this report has no chart; choose another format, or group it by one or two properties")]
    NoChart,
    /// PDFs are not made here.
    #[error("PDFs are not made here; choose another format")]
    NoTypesetter,
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
    /// What was chosen does not fit the format: choose less, or another one.
    TooMuch,
    /// The machine lacks something.
    SetUp,
    /// A library failed although its input was right; trying again does not help.
    Internal,
}

impl Error {
    /// The sentence in Chinese.
    #[must_use]
    pub fn chinese(&self) -> String {
        match self {
            Self::PathTooLong { length } => format!("ZIP 内的路径有 {length} 字节，最多 65,535 字节"),
            Self::TooLarge => "ZIP 超过 16 EiB".to_owned(),
            Self::Excel(_) => "无法生成 Excel 文件；每张表最多 1,048,575 行、16,384 列".to_owned(),
            Self::Workbook => "Excel 文件未能完成".to_owned(),
            Self::NoChart => "这份报表没有图；请换一种格式，或按一到两项分组".to_owned(),
            Self::NoTypesetter => "此处不生成 PDF；请换一种格式".to_owned(),
            Self::NoFont => {
                "没有找到中文字体；请安装（Debian：fonts-noto-cjk），或者指定字体文件夹".to_owned()
            }
            Self::TooManyRows { rows, most } => format!("报告共 {rows} 行，PDF 最多 {most} 行；请改用 Excel"),
            Self::TooManyColumns { columns, most } => {
                format!("报告中有 {columns} 列的表，一页最多容纳 {most} 列；请改用 Excel")
            }
            Self::Typesetter(_) => "PDF 排版失败".to_owned(),
            Self::Json(_) => "无法写成 JSON".to_owned(),
        }
    }

    /// The class of this error. None of them goes away by trying again.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::PathTooLong { .. } | Self::TooLarge | Self::Excel(_) | Self::NoChart => ErrorKind::TooMuch,
            Self::TooManyRows { .. } | Self::TooManyColumns { .. } => ErrorKind::TooMuch,
            Self::NoFont | Self::NoTypesetter => ErrorKind::SetUp,
            Self::Typesetter(_) | Self::Json(_) | Self::Workbook => ErrorKind::Internal,
        }
    }
}
