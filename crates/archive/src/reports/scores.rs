//! How AI scores are distributed, on the common scale of 0–100.

use dossier_report::model::{Chart, ChartKind, Kind, Part};
use dossier_search::{
    Dimension, ScoreBand,
    columns::{Number, Value},
    query::{Condition, Fact, Node},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    figures::{mean_score, withheld},
    sheet::{Group, Placed, Sheet, column},
};
use crate::Result;

pub(super) struct Scores;

impl Measuring for Scores {
    fn wants(&self, _: &Asked) -> Wants {
        Wants { dimensions: vec![Dimension::ScoreBand], numbers: vec![Number::Score], ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        Ok(vec![boxes(sheet)?, bands(sheet)?])
    }
}

/// The five numbers of each group.
fn boxes(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let scores = sheet.samples(0)?;
    let scored = || [Node::Not(Box::new(Node::Is(Condition::Without(Fact::Score))))];
    let score = |id, zh, en| column(id, language.pick(zh, en), Kind::Score);
    let columns = vec![
        column("scored", language.pick("有得分", "With a score"), Kind::Count),
        score("mean", "平均", "Mean"),
        score("lowest", "最低", "Lowest"),
        score("first_quartile", "下四分位", "First quartile"),
        score("median", "中位数", "Median"),
        score("third_quartile", "上四分位", "Third quartile"),
        score("highest", "最高", "Highest"),
    ];
    let cells = |group: &Group| {
        let of = scores.of(group);
        if sheet.is_small(of.map_or(0, |of| of.count())) {
            return withheld(columns.len());
        }
        let five = of.and_then(|of| of.five_numbers());
        let five = five.map(|of| [of.lowest, of.first_quartile, of.median, of.third_quartile, of.highest]);
        let quarter = |place: usize| sheet.number(group, five.map(|of| of[place]), scored());
        let mut cells = vec![
            sheet.cell(group, of.map_or(0, |of| of.count()), scored()),
            sheet.estimate(group, of.and_then(mean_score), scored()),
        ];
        cells.extend((0..5).map(quarter));
        cells
    };
    let groupings = sheet.asked.by.len();
    let values = (groupings + 2..groupings + 7).collect();
    let chart = (groupings == 1).then_some(Chart {
        kind: ChartKind::Boxes,
        along: 0,
        by: None,
        order: Vec::new(),
        values,
    });
    let note = language.pick(
        "各供应商的得分先换算到 0–100 再比较；原始分数与量表保留在档案中。",
        "Vendors' scores are compared on a common scale of 0–100; the dossier keeps the score as it was given.",
    );
    Ok(Part {
        title: language.pick("得分", "Scores").to_owned(),
        notes: vec![note.to_owned()],
        table: sheet.table(columns.clone(), &sheet.groups()?, cells),
        chart,
    })
}

/// How many scores lie in each band.
fn bands(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let counts = sheet.counts(Dimension::ScoreBand)?;
    let groups = sheet.groups()?;
    let bands = |group| ScoreBand::ALL.iter().enumerate().map(move |band| (group, band));
    let place = |(group, (place, band)): (_, (usize, &ScoreBand))| {
        let value = Value::Band(*band);
        Placed {
            group,
            at: vec![(place, value.label(language))],
            count: counts.of(group, &value),
            found_by: vec![Dimension::ScoreBand.condition(&value)],
        }
    };
    let placed: Vec<_> = groups.iter().flat_map(bands).map(place).collect();
    let groupings = sheet.asked.by.len();
    let scale = column("band", language.pick("得分段", "Band"), Kind::Text);
    let count = column("count", language.pick("应聘数", "Applications"), Kind::Count);
    let chart = match groupings {
        0 => Some(Chart { kind: ChartKind::Bars, along: 0, by: None, order: Vec::new(), values: vec![1] }),
        1 => Some(Chart {
            kind: ChartKind::Stacked,
            along: 0,
            by: Some(1),
            order: Vec::new(),
            values: vec![2],
        }),
        _ => None,
    };
    let note = language.pick(
        "每段含下限、不含上限，最高一段含 100。",
        "A band includes its lower end and not its upper one; the highest includes 100.",
    );
    Ok(Part {
        title: language.pick("得分段", "Bands").to_owned(),
        notes: vec![note.to_owned()],
        table: sheet.placed(vec![scale], count, &placed),
        chart,
    })
}
