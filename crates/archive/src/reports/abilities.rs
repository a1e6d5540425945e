//! What candidates can: how scores of the AI interview and of each assessment are distributed, and how positive people are.

use dossier_analytics::Sample;
use dossier_domain::{EmotionLabel, Language};
use dossier_report::model::{Cell, Chart, ChartKind, Kind, Part};
use dossier_search::{
    Dimension,
    columns::{self, Number},
    query::{Condition, Node, Scores},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    figures::{mean_score, withheld},
    sheet::{Group, Placed, Samples, Sheet, column},
};
use crate::Result;

/// Scores from here on are counted as good, as those of the automatic tags are.
const GOOD: f64 = 80.0;

pub(super) struct Abilities;

impl Measuring for Abilities {
    fn looks_at_assessments(&self) -> bool {
        true
    }

    fn wants(&self, asked: &Asked) -> Wants {
        Wants { dimensions: vec![Dimension::Emotion], numbers: asked.numbers(), ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        for number in 0..sheet.numbers.len() {
            let samples = sheet.samples(number)?;
            let Some(all) = samples.of(&sheet.everything()).filter(|all| all.count() > 0) else { continue };
            parts.push(distribution(sheet, number, &samples)?);
            if sheet.asked.by.is_empty() && !sheet.is_small(all.count()) {
                parts.push(histogram(sheet, number, all));
            }
        }
        parts.extend(moods(sheet)?);
        if let Some(first) = parts.first_mut() {
            first.notes.extend(sheet.asked.assessments_left_out());
        }
        Ok(parts)
    }
}

fn distribution(sheet: &Sheet<'_>, number: usize, samples: &Samples) -> Result<Part> {
    let language = sheet.language();
    let of = &sheet.numbers[number];
    let columns = vec![
        column("count", language.pick("人数", "Count"), Kind::Count),
        column("lowest", language.pick("最低", "Lowest"), Kind::Score),
        column("first_quartile", language.pick("下四分位", "First quartile"), Kind::Score),
        column("median", language.pick("中位数", "Median"), Kind::Score),
        column("third_quartile", language.pick("上四分位", "Third quartile"), Kind::Score),
        column("highest", language.pick("最高", "Highest"), Kind::Score),
        column("mean", language.pick("平均", "Mean"), Kind::Score),
        column("good", language.pick("80分及以上", "80 or more"), Kind::Count),
        column("good_share", language.pick("80分及以上占比", "Share of 80 or more"), Kind::Share),
    ];
    let cells = |group: &Group| {
        let sample = samples.of(group).filter(|sample| sample.count() > 0);
        let Some((sample, five)) = sample.and_then(|sample| Some((sample, sample.five_numbers()?))) else {
            return std::iter::once(Cell::count(0, None))
                .chain((1..columns.len()).map(|_| Cell::nothing()))
                .collect();
        };
        if sheet.is_small(sample.count()) {
            return withheld(columns.len());
        }
        let numbers = [five.lowest, five.first_quartile, five.median, five.third_quartile, five.highest];
        let good = sample.at_least(GOOD);
        let condition = || [of.condition(Scores::AtLeast(GOOD))];
        let scored = || [of.condition(Scores::Any)];
        let mut cells = vec![sheet.cell(group, sample.count(), scored())];
        cells.extend(numbers.map(|number| sheet.number(group, Some(number), scored())));
        cells.push(sheet.estimate(group, mean_score(sample), scored()));
        cells.push(sheet.cell(group, good.hits, condition()));
        cells.push(sheet.share(group, good, condition()));
        cells
    };
    let groups = sheet.asked.by.len();
    let boxes = Chart {
        kind: ChartKind::Boxes,
        along: 0,
        by: None,
        order: Vec::new(),
        values: (groups + 1..groups + 6).collect(),
    };
    Ok(Part {
        title: name(of, language),
        notes: Vec::new(),
        table: sheet.table(columns.clone(), &sheet.groups_or_all()?, cells),
        chart: (groups == 1).then_some(boxes),
    })
}

/// The scores of all in bins of ten.
fn histogram(sheet: &Sheet<'_>, number: usize, all: &Sample) -> Part {
    let (language, of, everything) = (sheet.language(), &sheet.numbers[number], sheet.everything());
    let bins = all.bins((0..=10).map(|tens| f64::from(tens) * 10.0));
    let place = |(place, bin): (usize, &dossier_analytics::Bin)| {
        let below = (bin.to < 100.0).then(|| of.condition(Scores::Below(bin.to)));
        Placed {
            group: &everything,
            at: vec![(place, format!("{}–{}", bin.from, bin.to))],
            count: bin.count,
            found_by: std::iter::once(of.condition(Scores::AtLeast(bin.from))).chain(below).collect(),
        }
    };
    let placed: Vec<_> = bins.iter().enumerate().map(place).collect();
    let scale = column("scores", language.pick("分数段", "Scores"), Kind::Text);
    let count = column("count", language.pick("人数", "Count"), Kind::Count);
    Part {
        title: format!("{}{}", name(of, language), language.pick("：分数分布", ": distribution")),
        notes: Vec::new(),
        table: sheet.placed(vec![scale], count, &placed),
        chart: Some(Chart {
            kind: ChartKind::Histogram,
            along: 0,
            by: None,
            order: Vec::new(),
            values: vec![1],
        }),
    }
}

/// How many are positive, neutral, negative; nothing where there is no emotion data for the reader.
fn moods(sheet: &Sheet<'_>) -> Result<Option<Part>> {
    let language = sheet.language();
    let counts = sheet.counts(Dimension::Emotion)?;
    let of = |group: &Group, label| counts.of(group, &columns::Value::Emotion(label));
    let known = |group: &Group| EmotionLabel::ALL.map(|label| of(group, label)).iter().sum::<u64>();
    if known(&sheet.everything()) == 0 {
        return Ok(None);
    }
    let is = |label| Node::Is(Condition::Emotion(label));
    let mut columns = vec![column("count", language.pick("有情绪数据", "With emotion data"), Kind::Count)];
    columns.extend(EmotionLabel::ALL.map(|label| column(label.name(), label.label(language), Kind::Count)));
    columns.push(column("positive_share", language.pick("积极占比", "Share of positive"), Kind::Share));
    let cells = |group: &Group| {
        if sheet.is_small(known(group)) {
            return withheld(columns.len());
        }
        let any = Node::Any(EmotionLabel::ALL.map(is).to_vec());
        let mut cells = vec![sheet.cell(group, known(group), [any])];
        cells.extend(EmotionLabel::ALL.map(|label| sheet.cell(group, of(group, label), [is(label)])));
        let hits = of(group, EmotionLabel::Positive);
        let rate = dossier_analytics::Rate { hits, of: known(group) };
        cells.push(sheet.share(group, rate, [is(EmotionLabel::Positive)]));
        cells
    };
    let groups = sheet.asked.by.len();
    let stacked = Chart {
        kind: ChartKind::Stacked,
        along: 0,
        by: None,
        order: Vec::new(),
        values: (groups + 1..groups + 4).collect(),
    };
    Ok(Some(Part {
        title: language.pick("情绪", "Emotion").to_owned(),
        notes: Vec::new(),
        table: sheet.table(columns.clone(), &sheet.groups_or_all()?, cells),
        chart: (groups == 1).then_some(stacked),
    }))
}

/// What people call a number.
pub(super) fn name(number: &Number, language: Language) -> String {
    match number {
        Number::Skill(skill) => skill.to_string(),
        _ => language.pick("AI得分", "AI score").to_owned(),
    }
}
