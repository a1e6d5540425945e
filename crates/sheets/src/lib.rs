//! Tables that people hand in: CSV (UTF-8, UTF-16 or GBK) and Excel (`.xlsx`) as rows of text.
//!
//! What a file is, is seen by its content. A file may be anything: how large it is, how large it becomes when it is
//! unpacked, how many rows and columns it has are bounded, and what can't be read is an error that says why. It is read
//! on the calling thread and takes a while: callers that serve others do it where they may block.

mod excel;
mod text;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 8 << 20;
/// So many rows are read at most, the head included.
pub const MOST_ROWS: usize = 20_001;
/// So many columns are read at most.
pub const MOST_COLUMNS: usize = 100;
/// The longest text of a cell, in bytes.
pub const LONGEST_CELL: usize = 32 << 10;

/// A row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands in the file, from 1, as a spreadsheet shows it.
    pub number: usize,
    /// The texts of its cells, trimmed; what is empty at the end is left out.
    pub cells: Vec<String>,
}

impl Row {
    /// The text of a column, from 0; nothing where the row is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }
}

/// Why a file is no table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is nothing in it.
    #[error("there is nothing in the file")]
    Empty,
    /// It is larger than [`LARGEST`], or becomes too large when it is unpacked.
    #[error("the file is too large")]
    TooLarge,
    /// It has more than [`MOST_ROWS`].
    #[error("the table has more than {} rows", MOST_ROWS - 1)]
    TooManyRows,
    /// It has more than [`MOST_COLUMNS`].
    #[error("the table has more than {MOST_COLUMNS} columns")]
    TooManyColumns,
    /// A cell holds more than [`LONGEST_CELL`].
    #[error("a cell of the table is too long")]
    LongCell,
    /// It is an Excel file of the time before 2007, or one with a password.
    #[error("the file is an old Excel file or has a password; save it as .xlsx or CSV without one")]
    OldExcel,
    /// It claims to be an Excel file, and can't be read as one.
    #[error("the file can't be read as an Excel file")]
    BrokenExcel,
    /// It is neither text nor an Excel file.
    #[error("the file is neither CSV nor Excel")]
    NoTable,
}

/// Reads a table; rows without any text are left out.
///
/// # Errors
/// What of the file can't be read.
pub fn read(bytes: &[u8]) -> Result<Vec<Row>, Error> {
    if bytes.len() > LARGEST {
        return Err(Error::TooLarge);
    }
    let rows = match bytes {
        [] => return Err(Error::Empty),
        [b'P', b'K', 3, 4, ..] => excel::read(bytes)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(Error::OldExcel),
        _ => text::read(bytes)?,
    };
    if rows.is_empty() { Err(Error::Empty) } else { Ok(rows) }
}

/// The rows as they come, held within the limits.
#[derive(Default)]
struct Rows(Vec<Row>);

impl Rows {
    fn put(&mut self, number: usize, column: usize, text: &str) -> Result<(), Error> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        if column >= MOST_COLUMNS {
            return Err(Error::TooManyColumns);
        }
        if text.len() > LONGEST_CELL {
            return Err(Error::LongCell);
        }
        if self.0.last().is_none_or(|row| row.number != number) {
            if self.0.len() >= MOST_ROWS {
                return Err(Error::TooManyRows);
            }
            self.0.push(Row { number, cells: Vec::new() });
        }
        if let Some(row) = self.0.last_mut() {
            row.cells.resize(row.cells.len().max(column + 1), String::new());
            text.clone_into(&mut row.cells[column]);
        }
        Ok(())
    }
}
