//! Tables of every sort, good and hostile.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use dossier_sheets::{Error, LARGEST, LONGEST_CELL, MOST_ROWS, Row, read};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

fn row(number: usize, cells: &[&str]) -> Row {
    Row { number, cells: cells.iter().map(ToString::to_string).collect() }
}

fn expected() -> Vec<Row> {
    vec![row(1, &["岗位", "分数线"]), row(2, &["客户经理", "70"]), row(4, &["风险,控制", "", "x"])]
}

const TABLE: &str = "岗位,分数线\r\n客户经理, 70 \r\n\r\n\"风险,控制\",,x,\r\n";

#[test]
fn text_is_read_in_the_encodings_that_spreadsheets_write() {
    let (gbk, _, _) = encoding_rs::GBK.encode(TABLE);
    let utf16: Vec<u8> =
        "\u{FEFF}".encode_utf16().chain(TABLE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [TABLE.as_bytes(), format!("\u{FEFF}{TABLE}").as_bytes(), &gbk, &utf16] {
        assert_eq!(read(bytes).unwrap(), expected());
    }
    let tabs = "岗位\t分数线\n客户经理\t70\n\n风险,控制\t\tx";
    assert_eq!(read(tabs.as_bytes()).unwrap(), expected());
    let semicolons = "岗位;分数线\n客户经理;70\n\n风险,控制;;x";
    assert_eq!(read(semicolons.as_bytes()).unwrap(), expected());
}

fn workbook(fill: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

#[test]
fn excel_is_read_as_people_would_have_typed_it() {
    let bytes = workbook(|sheet| {
        sheet.write(0, 0, "岗位").unwrap().write(0, 1, "分数线").unwrap();
        sheet.write(1, 0, " 客户经理").unwrap().write(1, 1, 70).unwrap();
        sheet.write(3, 0, "风险,控制").unwrap().write(3, 2, "x").unwrap();
    });
    assert_eq!(read(&bytes).unwrap(), expected());
    let values = workbook(|sheet| {
        let date = ExcelDateTime::from_ymd(2023, 10, 1).unwrap();
        sheet.write(0, 0, 72.5).unwrap().write(0, 1, true).unwrap();
        sheet.write_with_format(0, 2, &date, &Format::new().set_num_format("yyyy-mm-dd")).unwrap();
        sheet.write_formula(0, 3, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    });
    assert_eq!(read(&values).unwrap(), [row(1, &["72.5", "true", "2023-10-01", "2"])]);
}

#[test]
fn what_is_no_table_or_too_much_is_refused() {
    let many = "x\n".repeat(MOST_ROWS + 1);
    let wide = format!("{}x", "x,".repeat(100));
    let old = [&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1][..], &[0; 600]].concat();
    let far = workbook(|sheet| {
        sheet.write(1_048_575, 16_383, "x").unwrap();
    });
    for (bytes, error) in [
        (Vec::new(), Error::Empty),
        (b" \n ,,\n".to_vec(), Error::Empty),
        (vec![b'x'; LARGEST + 1], Error::TooLarge),
        (many.into_bytes(), Error::TooManyRows),
        (wide.into_bytes(), Error::TooManyColumns),
        (vec![b'x'; LONGEST_CELL + 1], Error::LongCell),
        (old, Error::OldExcel),
        (b"PK\x03\x04 and nothing else".to_vec(), Error::BrokenExcel),
        (b"\x89PNG\r\n\x1a\n\0\0".to_vec(), Error::NoTable),
        (b"\xff\xff\xff\xff".to_vec(), Error::NoTable),
        (far, Error::TooManyColumns),
    ] {
        assert_eq!(read(&bytes), Err(error));
    }
}

/// A ZIP of one part that claims to be small, and unpacks to a gigabyte.
fn bomb(part: &str) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    zip.start_file(part, options).unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        zip.write_all(&zeros).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_file_that_grows_when_it_is_unpacked_is_refused() {
    let bomb = bomb("xl/sharedStrings.xml");
    assert!(bomb.len() < 1 << 20);
    assert_eq!(read(&bomb), Err(Error::TooLarge));
}

proptest! {
    #[test]
    fn no_bytes_make_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..400), is_zip in any::<bool>()) {
        let bytes = if is_zip { [b"PK\x03\x04".as_slice(), &bytes].concat() } else { bytes };
        let _ = read(&bytes);
    }

    #[test]
    fn a_damaged_excel_file_is_read_or_refused(at in 0usize..5000, byte in any::<u8>()) {
        let mut bytes = workbook(|sheet| {
            sheet.write(0, 0, "岗位").unwrap();
        });
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = read(&bytes);
    }

    #[test]
    fn what_was_written_is_read(cells in prop::collection::vec(prop::collection::vec("[a-z客户\",;\n]{1,6}", 1..5), 1..6)) {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        // The first line says what parts the cells.
        writer.write_record(["a", "b", "c", "d", "e"]).unwrap();
        cells.iter().for_each(|row| writer.write_record(row).unwrap());
        let rows = read(&writer.into_inner().unwrap()).unwrap();
        let trimmed = |row: &Vec<String>| {
            let mut cells: Vec<String> = row.iter().map(|cell| cell.trim().to_owned()).collect();
            while cells.last().is_some_and(String::is_empty) { cells.pop(); }
            cells
        };
        let wanted: Vec<Vec<String>> = cells.iter().map(trimmed).filter(|row| !row.is_empty()).collect();
        let read: Vec<Vec<String>> = rows[1..].iter().map(|row| row.cells.clone()).collect();
        prop_assert_eq!(read, wanted);
    }
}
