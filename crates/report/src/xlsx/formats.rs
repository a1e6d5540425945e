//! How cells look, by what they are.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::model::{Kind, Value};

/// All formats of a report's tables.
pub(super) struct Formats {
    pub(super) head: Format,
    pub(super) title: Format,
    pub(super) text: Format,
    pub(super) note: Format,
    withheld: Format,
    numbers: [Format; 8],
}

/// Which format a cell has, as its place in [`Formats::cells`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Look(usize);

impl Look {
    /// The look of a value in a column.
    pub(super) fn of(kind: Kind, value: &Value) -> Self {
        match (value, kind) {
            (Value::Text(_), _) => Self(0),
            (Value::Withheld, _) => Self(1),
            (Value::Date(_) | Value::Nothing, Kind::Month) => Self(9),
            (Value::Date(_), _) | (Value::Nothing, Kind::Date) => Self(2),
            (_, Kind::Count) => Self(3),
            (_, Kind::Share) => Self(4),
            (_, Kind::Score | Kind::Days | Kind::Minutes) => Self(5),
            (_, Kind::Number) => Self(6),
            (_, Kind::Points) => Self(8),
            (_, Kind::Text | Kind::Date | Kind::Month) => Self(7),
        }
    }

    /// Its place in [`Formats::cells`].
    pub(super) fn place(self) -> usize {
        self.0
    }
}

impl Formats {
    pub(super) fn new() -> Self {
        let cell = || Format::new().set_align(FormatAlign::Top);
        let number = |format: &str| cell().set_num_format(format);
        // The prefix keeps a text a text even when somebody edits the cell.
        let text = || cell().set_quote_prefix().set_text_wrap();
        Self {
            head: Format::new()
                .set_bold()
                .set_background_color("#EAF1F8")
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
                .set_quote_prefix(),
            title: Format::new().set_bold().set_font_size(13).set_quote_prefix(),
            text: text(),
            note: text().set_font_color(Color::RGB(0x5B_65_70)),
            withheld: cell().set_align(FormatAlign::Right).set_font_color(Color::RGB(0x5B_65_70)),
            numbers: [
                "yyyy-mm-dd",
                "#,##0",
                "0.0%",
                "#,##0.0",
                "0.000",
                "General",
                "+0.0;-0.0;0.0",
                "yyyy-mm",
            ]
            .map(number),
        }
    }

    /// The formats of cells.
    pub(super) fn cells(&self) -> [&Format; 10] {
        let [date, count, share, tenth, third, general, points, month] = &self.numbers;
        [&self.text, &self.withheld, date, count, share, tenth, third, general, points, month]
    }

    /// The format of a cell, for a row of totals in bold and under a line.
    pub(super) fn of(&self, look: Look, is_total: bool) -> Format {
        let format = self.cells()[look.0].clone();
        if is_total { format.set_bold().set_border_top(FormatBorder::Thin) } else { format }
    }
}
