//! Excel's own charts, and the sheet with the numbers that they draw: places down, series across.

use dossier_domain::Language;
use rust_xlsxwriter::{
    Chart, ChartErrorBars, ChartErrorBarsType, ChartLine, ChartMarker, ChartRange, ChartSolidFill, ChartType,
    Color, ConditionalFormat2ColorScale, Worksheet,
};

use super::{
    boxes::Boxes,
    cut,
    formats::{Formats, Look},
};
use crate::{
    Result,
    charts::{
        look::COLOURS,
        plot::{Mark, Plot},
    },
    model::{ChartKind, Kind, Part, Value},
    plain,
};

/// The sheet that charts draw from.
pub(super) struct Sheet {
    sheet: Worksheet,
    name: String,
    language: Language,
    next: u32,
}

/// A block of the sheet: the numbers of one chart.
struct Block<'a> {
    plot: &'a Plot<'a>,
    name: &'a str,
    /// The row of the header.
    head: u32,
}

impl Sheet {
    pub(super) fn new(name: &str, language: Language) -> Result<Self> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?.set_column_width(0, 28)?;
        Ok(Self { sheet, name: name.to_owned(), language, next: 0 })
    }

    pub(super) fn has_any(&self) -> bool {
        self.next > 0
    }

    pub(super) fn finish(self) -> Worksheet {
        self.sheet
    }

    /// Adds the numbers of a part's chart; gives the chart. A heat map is the block itself, coloured.
    pub(super) fn add(&mut self, part: &Part, formats: &Formats) -> Result<Option<Chart>> {
        let Some(asked) = part.chart.as_ref() else { return Ok(None) };
        let Some(plot) = Plot::of(&part.table, asked, self.language).filter(|plot| !plot.places.is_empty())
        else {
            return Ok(None);
        };
        self.sheet.write_string_with_format(self.next, 0, cut(&plain(&part.title)), &formats.title)?;
        let head = self.next + 1;
        if asked.kind == ChartKind::Boxes {
            let boxes = Boxes { plot: &plot, name: &self.name, head };
            boxes.write(&mut self.sheet, self.language, formats)?;
            self.next = head + u32::try_from(plot.places.len()).unwrap_or(0) + 2;
            return Ok(Some(boxes.chart(part, self.language)));
        }
        let block = Block { plot: &plot, name: &self.name, head };
        block.write(&mut self.sheet, self.language, formats)?;
        self.next = block.head + u32::try_from(plot.places.len()).unwrap_or(0) + 2;
        if asked.kind == ChartKind::HeatMap {
            let scale = ConditionalFormat2ColorScale::new();
            let scale = scale.set_minimum_color("#E6F1F7").set_maximum_color("#58A3CC");
            let (first, last) = block.rows();
            self.sheet.add_conditional_format(first, 1, last, column(plot.series.len()), &scale)?;
            return Ok(None);
        }
        Ok(Some(block.chart(asked.kind, part, self.language)))
    }
}

fn column(index: usize) -> u16 {
    u16::try_from(index).unwrap_or(u16::MAX)
}

impl Block<'_> {
    /// The first and the last row of numbers.
    fn rows(&self) -> (u32, u32) {
        (self.head + 1, self.head + u32::try_from(self.plot.places.len()).unwrap_or(0))
    }

    fn has_ends(&self) -> bool {
        self.plot.marks().any(|mark| matches!(mark, Mark::At { ends: Some(_), .. }))
    }

    /// Values, and behind them how far the intervals reach up and down.
    fn write(&self, sheet: &mut Worksheet, language: Language, formats: &Formats) -> Result<()> {
        let (plot, count) = (self.plot, self.plot.series.len());
        let number = formats.of(Look::of(plot.kind, &Value::Number(0.0)), false);
        sheet.write_string_with_format(self.head, 0, cut(&plain(&plot.along.label)), &formats.head)?;
        for (index, place) in (self.head + 1..).zip(&plot.places) {
            sheet.write_string_with_format(index, 0, cut(place), &formats.text)?;
        }
        for (index, series) in plot.series.iter().enumerate() {
            sheet.write_string_with_format(self.head, column(index + 1), cut(&series.name), &formats.head)?;
            let reach = [(count, language.pick("向上", "up")), (2 * count, language.pick("向下", "down"))];
            for (offset, word) in reach.into_iter().filter(|_| self.has_ends()) {
                let title = format!("{} {word}", series.name);
                sheet.write_string_with_format(
                    self.head,
                    column(index + 1 + offset),
                    cut(&title),
                    &formats.head,
                )?;
            }
            for (row, mark) in (self.head + 1..).zip(&series.marks) {
                let Mark::At { value, ends, .. } = mark else { continue };
                sheet.write_number_with_format(row, column(index + 1), *value, &number)?;
                for (offset, reach) in
                    ends.iter().flat_map(|(low, high)| [(count, high - value), (2 * count, value - low)])
                {
                    sheet.write_number_with_format(row, column(index + 1 + offset), reach, &number)?;
                }
            }
        }
        Ok(())
    }

    fn range(&self, at: usize) -> ChartRange {
        let (first, last) = self.rows();
        ChartRange::new_from_range(self.name, first, column(at), last, column(at))
    }

    fn chart(&self, kind: ChartKind, part: &Part, language: Language) -> Chart {
        let mut chart = Chart::new(match kind {
            ChartKind::Stacked => ChartType::ColumnStacked,
            ChartKind::Lines => ChartType::Line,
            ChartKind::Funnel => ChartType::Bar,
            ChartKind::Bars | ChartKind::Histogram | ChartKind::HeatMap | ChartKind::Boxes => {
                ChartType::Column
            }
        });
        for index in 0..self.plot.series.len() {
            self.series(&mut chart, kind, index);
        }
        // The library takes what looks like the address of a cell for one; none begins or ends with a space.
        chart.title().set_name(&format!(" {} ", cut(&plain(&part.title))));
        chart.set_alt_text(language.pick("数值见“图表数据”表", "The sheet of chart data has the values"));
        chart.set_width(760).set_height(400);
        chart.y_axis().set_num_format(if self.plot.kind == Kind::Share { "0%" } else { "General" });
        if self.plot.series.len() < 2 {
            chart.legend().set_hidden();
        }
        if kind == ChartKind::Funnel {
            chart.x_axis().set_reverse();
        }
        chart
    }

    fn series(&self, chart: &mut Chart, kind: ChartKind, index: usize) {
        let colour = Color::from(COLOURS[index % COLOURS.len()]);
        let count = self.plot.series.len();
        let series = chart.add_series();
        series.set_categories(&self.range(0)).set_values(&self.range(index + 1)).set_name(
            &ChartRange::new_from_range(
                self.name,
                self.head,
                column(index + 1),
                self.head,
                column(index + 1),
            ),
        );
        match kind {
            ChartKind::Lines => {
                let mut line = ChartLine::new();
                series.set_format(line.set_color(colour).set_width(2));
                series.set_marker(ChartMarker::new().set_automatic());
            }
            _ => {
                series.set_format(ChartSolidFill::new().set_color(colour));
                series.set_gap(if kind == ChartKind::Histogram { 2 } else { 60 });
            }
        }
        if self.has_ends() && kind != ChartKind::Stacked {
            let (up, down) = (self.range(index + 1 + count), self.range(index + 1 + 2 * count));
            let mut bars = ChartErrorBars::new();
            series.set_y_error_bars(bars.set_type(ChartErrorBarsType::Custom(up, down)));
        }
    }
}
