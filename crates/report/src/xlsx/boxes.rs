//! Boxes as Excel draws them: columns on top of each other, of which the undermost is not seen, with lines down to the lowest
//! and up to the highest.

use dossier_domain::Language;
use rust_xlsxwriter::{
    Chart, ChartErrorBars, ChartErrorBarsDirection, ChartErrorBarsType, ChartFormat, ChartRange,
    ChartSolidFill, ChartType, Color, Worksheet,
};

use super::{
    cut,
    formats::{Formats, Look},
};
use crate::{
    Result,
    charts::plot::Plot,
    model::{Part, Value},
    plain,
};

/// Which column of the block holds what, besides the five numbers in columns 1 to 5.
const FIRST_QUARTILE: u16 = 2;
const LOWER_HALF: u16 = 6;
const UPPER_HALF: u16 = 7;
const DOWN: u16 = 8;
const UP: u16 = 9;

/// The numbers of the boxes, on the sheet that charts draw from.
pub(super) struct Boxes<'a> {
    pub(super) plot: &'a Plot<'a>,
    pub(super) name: &'a str,
    /// The row of the header.
    pub(super) head: u32,
}

impl Boxes<'_> {
    /// The five numbers of each place, and what the chart draws of them.
    pub(super) fn write(&self, sheet: &mut Worksheet, language: Language, formats: &Formats) -> Result<()> {
        let number = formats.of(Look::of(self.plot.kind, &Value::Number(0.0)), false);
        let drawn = [
            language.pick("下半箱", "lower half"),
            language.pick("上半箱", "upper half"),
            language.pick("向下", "down"),
            language.pick("向上", "up"),
        ];
        let titles = std::iter::once(self.plot.along.label.as_str())
            .chain(self.plot.series.iter().map(|series| series.name.as_str()))
            .chain(drawn);
        for (place, title) in (0..).zip(titles) {
            sheet.write_string_with_format(self.head, place, cut(&plain(title)), &formats.head)?;
        }
        for (index, (row, place)) in (self.head + 1..).zip(&self.plot.places).enumerate() {
            sheet.write_string_with_format(row, 0, cut(place), &formats.text)?;
            let marks = self.plot.series.iter().filter_map(|series| series.marks.get(index)?.value());
            let five: Vec<f64> = marks.collect();
            // Of what is withheld or missing there is no box.
            let &[lowest, first, median, third, highest] = five.as_slice() else { continue };
            let all = [
                lowest,
                first,
                median,
                third,
                highest,
                median - first,
                third - median,
                first - lowest,
                highest - third,
            ];
            for (place, value) in (1..).zip(all) {
                sheet.write_number_with_format(row, place, value, &number)?;
            }
        }
        Ok(())
    }

    pub(super) fn chart(&self, part: &Part, language: Language) -> Chart {
        let mut chart = Chart::new(ChartType::ColumnStacked);
        let bars = |direction, range: ChartRange| {
            let mut bars = ChartErrorBars::new();
            bars.set_type(ChartErrorBarsType::Custom(range.clone(), range)).set_direction(direction);
            bars
        };
        let unseen = chart.add_series();
        unseen.set_categories(&self.range(0)).set_values(&self.range(FIRST_QUARTILE)).set_gap(60);
        let mut nothing = ChartFormat::new();
        unseen.set_format(nothing.set_no_fill().set_no_border());
        unseen.set_y_error_bars(&bars(ChartErrorBarsDirection::Minus, self.range(DOWN)));
        for (values, colour) in [(LOWER_HALF, "#58A3CC"), (UPPER_HALF, "#CFE2F1")] {
            let half = chart.add_series();
            half.set_categories(&self.range(0)).set_values(&self.range(values)).set_gap(60);
            half.set_format(ChartSolidFill::new().set_color(Color::from(colour)));
            if values == UPPER_HALF {
                half.set_y_error_bars(&bars(ChartErrorBarsDirection::Plus, self.range(UP)));
            }
        }
        // The library takes what looks like the address of a cell for one; none begins or ends with a space.
        chart.title().set_name(&format!(" {} ", cut(&plain(&part.title))));
        chart.set_alt_text(language.pick("数值见“图表数据”表", "The sheet of chart data has the values"));
        chart.set_width(760).set_height(400);
        chart.y_axis().set_num_format("General");
        chart.legend().set_hidden();
        chart
    }

    fn range(&self, at: u16) -> ChartRange {
        let last = self.head + u32::try_from(self.plot.places.len()).unwrap_or(0);
        ChartRange::new_from_range(self.name, self.head + 1, at, last, at)
    }
}
