//! Reads a table as somebody might hand it in: CSV in GBK, as spreadsheets in China write it.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use dossier_sheets::{Error, read};

fn main() -> Result<(), Error> {
    // 岗位,分数线 and 柜员,60
    let gbk = b"\xb8\xda\xce\xbb,\xb7\xd6\xca\xfd\xcf\xdf\r\n\xb9\xf1\xd4\xb1,60\r\n";
    for row in read(gbk)? {
        println!("{}: {} | {}", row.number, row.cell(0), row.cell(1));
    }
    assert_eq!(read(b"%PDF-1.7 \x00 is no table").err(), Some(Error::NoTable));
    Ok(())
}
