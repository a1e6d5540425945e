//! Tables that fit the terminal: as wide as their content where there is room, cut with an ellipsis where there is not.

use std::iter;

use crate::text::{Style, Text};

/// The space between two columns.
const GAP: usize = 2;
/// No column is made narrower than this to make room, unless its content is.
const NARROWEST: usize = 4;

/// On which side of its column a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    /// At the left, in a column that is the first to give way where there is little room.
    Loose,
}

/// A table under a row of headings.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    columns: Vec<(Side, Text)>,
    rows: Vec<Vec<Text>>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = (Side, &'a str)>) -> Self {
        let columns = columns.into_iter().map(|(side, title)| (side, Text::of(Style::Dim, title)));
        Self { columns: columns.collect(), rows: Vec::new() }
    }

    /// Adds a row, a cell for each column.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Text>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The lines of the table in at most so many columns of the terminal. Columns in which nothing stands are left out,
    /// and so are the headings where there are no rows.
    pub(crate) fn lines(&self, columns: usize) -> Vec<Text> {
        if self.rows.is_empty() {
            return Vec::new();
        }
        let widths = self.widths(columns);
        let headings: Vec<Text> = self.columns.iter().map(|(_, title)| title.clone()).collect();
        let headings = iter::once(&headings).filter(|titles| titles.iter().any(|title| title.width() > 0));
        headings.chain(&self.rows).map(|cells| self.line(cells, &widths)).collect()
    }

    fn line(&self, cells: &[Text], widths: &[usize]) -> Text {
        let mut line = Text::default();
        let mut owed = 0;
        for ((cell, width), (side, _)) in cells.iter().zip(widths).zip(&self.columns) {
            if *width == 0 {
                continue;
            }
            let cell = cell.cut(*width);
            let free = width - cell.width();
            let (before, after) = if *side == Side::Right { (free, 0) } else { (0, free) };
            line = line.plain(" ".repeat(owed + before)).then(cell);
            owed = after + GAP;
        }
        line
    }

    /// How wide each column is made: its content's width, with loose columns, and then the widest, giving way until all
    /// fits.
    fn widths(&self, columns: usize) -> Vec<usize> {
        let content = |at: usize| self.rows.iter().filter_map(move |row| row.get(at)).map(Text::width).max();
        let mut widths: Vec<usize> = (0..self.columns.len())
            .map(|at| match content(at).unwrap_or(0) {
                0 => 0,
                width => width.max(self.columns[at].1.width()),
            })
            .collect();
        let shown = widths.iter().filter(|width| **width > 0).count();
        let room = columns.saturating_sub(GAP * shown.saturating_sub(1));
        for loose_only in [true, false] {
            while widths.iter().sum::<usize>() > room {
                let may_shrink = |at: usize| !loose_only || self.columns[at].0 == Side::Loose;
                let wide = widths
                    .iter_mut()
                    .enumerate()
                    .filter(|(at, width)| **width > NARROWEST && may_shrink(*at));
                let Some((_, widest)) = wide.max_by_key(|(_, width)| **width) else { break };
                *widest -= 1;
            }
        }
        widths
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(table: &Table, columns: usize) -> Vec<String> {
        table.lines(columns).iter().map(|line| line.render(false)).collect()
    }

    fn people() -> Table {
        let mut table = Table::new([
            (Side::Left, "姓名"),
            (Side::Right, "得分"),
            (Side::Left, "岗位"),
            (Side::Left, "空"),
        ]);
        table.row(["张三", "86", "客户经理", ""].map(Text::from));
        table.row(["Maximiliane", "7.5", "Account manager", ""].map(Text::from));
        table
    }

    #[test]
    fn columns_stand_below_one_another_and_empty_ones_go() {
        assert_eq!(
            shown(&people(), 80),
            ["姓名         得分  岗位", "张三           86  客户经理", "Maximiliane   7.5  Account manager"]
        );
    }

    #[test]
    fn loose_columns_give_way_before_the_widest() {
        let mut table = Table::new([(Side::Left, "a"), (Side::Loose, "b")]);
        table.row(["0123456789", "tags"].map(|text| Text::from(text.repeat(2))));
        assert_eq!(shown(&table, 26), ["a                     b", "01234567890123456789  tag…"]);
        assert_eq!(shown(&table, 25), ["a                    b", "012345678901234567…  tag…"]);
    }

    #[test]
    fn the_widest_columns_give_way() {
        assert_eq!(
            shown(&people(), 28),
            ["姓名        得分  岗位", "张三          86  客户经理", "Maximilia…   7.5  Account m…"]
        );
    }

    proptest! {
        #[test]
        fn a_table_fits(cells in prop::collection::vec("[a-z张三]{0,40}", 4), columns in 30usize..150) {
            let mut table = people();
            table.row(cells.into_iter().map(Text::from));
            prop_assert!(table.lines(columns).iter().all(|line| line.width() <= columns));
        }
    }
}
