//! A report as a workbook.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::{about, data, formats::Formats, names::Names, stream, table};
use crate::{Result, charts::Links, model::Report, plain};

/// A report as a workbook: a sheet for each part, with real numbers, days and shares, an interval in two columns of its own,
/// a chart of Excel's own where it has that kind; a sheet that says what was asked, when and by whom; and one with the
/// numbers that the charts draw. Texts are never formulas.
///
/// `links` gives whole addresses for the queries behind numbers, if there are any; the first 1,000 rows of a table have them.
/// Memory besides the result does not grow with the number of rows, and nothing is written to the disk.
///
/// # Errors
/// [`crate::Error::Excel`] for more rows or columns than a sheet has.
pub fn report_xlsx(report: &Report, links: Links<'_>) -> Result<Vec<u8>> {
    let language = report.locale.language;
    let (mut workbook, formats, mut names) = (Workbook::new(), Formats::new(), Names::default());
    let made_at = ExcelDateTime::from_timestamp(report.made_at.timestamp())?;
    let properties = DocProperties::new().set_creation_datetime(&made_at).set_title(plain(&report.title));
    workbook.set_properties(&properties.set_author(report.made_by.as_str()));
    let titles: Vec<String> = report.parts.iter().map(|part| names.of(&part.title)).collect();
    let about_name = names.of(language.pick("说明", "About"));
    let data_name = names.of(language.pick("图表数据", "Chart data"));

    let mut numbers = data::Sheet::new(&data_name, language)?;
    let mut more = Vec::new();
    for (index, (part, title)) in report.parts.iter().zip(&titles).enumerate() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(title)?;
        let layout = table::Layout::of(&part.table);
        let middle = table::write(sheet, part, &layout, language, &formats, links)?;
        if let Some(chart) = numbers.add(part, &formats)? {
            sheet.insert_chart(1, layout.width() + 1, &chart)?;
        }
        more.extend(middle.map(|rows| stream::More { sheet: index + 1, rows, part, layout, language }));
    }
    about::write(workbook.add_worksheet(), &about_name, report, &formats)?;
    if numbers.has_any() {
        workbook.push_worksheet(numbers.finish());
    }
    stream::complete(workbook.save_to_buffer()?, &more)
}
