//! How many come to which stage, how many pass it, and how many days they stay.

use dossier_analytics::Rate;
use dossier_domain::{Stage, Standing};
use dossier_report::model::{Chart, ChartKind, Kind, Part};
use dossier_search::{
    Dimension,
    columns::{Number, Value},
    query::{Condition, Node, Scores},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    figures::{mean_length, withheld},
    outcomes::{decided, outcome, passed},
    sheet::{Counts, Group, Samples, Sheet, column},
};
use crate::Result;

/// The stages on the way to being hired.
const STAGES: [Stage; 6] = [
    Stage::ResumeScreening,
    Stage::AiInterview,
    Stage::HumanInterview,
    Stage::BackgroundCheck,
    Stage::Offer,
    Stage::Hired,
];

pub(super) struct Funnel;

impl Measuring for Funnel {
    fn wants(&self, _: &Asked) -> Wants {
        Wants {
            dimensions: STAGES.map(Dimension::Standing).into(),
            numbers: STAGES.map(Number::Days).into_iter().chain([Number::Cycle]).collect(),
            ..Wants::default()
        }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let language = sheet.language();
        let counts = STAGES.map(|stage| sheet.counts(Dimension::Standing(stage)));
        let counts = counts.into_iter().collect::<Result<Vec<_>>>()?;
        let days = (0..STAGES.len()).map(|place| sheet.samples(place)).collect::<Result<Vec<_>>>()?;
        let columns = vec![
            column("reached", language.pick("到达", "Reached"), Kind::Count),
            column("of_all", language.pick("占全部", "Of all"), Kind::Share),
            column("decided", language.pick("已有结果", "Decided"), Kind::Count),
            column("passed", language.pick("通过", "Passed"), Kind::Count),
            column("pass_rate", language.pick("通过率", "Pass rate"), Kind::Share),
            column("left", language.pick("已离开", "Left"), Kind::Count),
            column("median_days", language.pick("用时中位数（天）", "Median days"), Kind::Days),
            column("mean_days", language.pick("平均用时（天）", "Mean days"), Kind::Days),
        ];
        let rows = |group: &Group| {
            let stage = |(place, stage): (usize, &Stage)| {
                (stage.label(language).to_owned(), cells(sheet, group, *stage, &counts[place], &days[place]))
            };
            STAGES.iter().enumerate().map(stage).collect()
        };
        let groupings = sheet.asked.by.len();
        let thing = column("stage_reached", language.pick("阶段", "Stage"), Kind::Text);
        let table = sheet.long_table(thing, columns, &sheet.groups()?, rows);
        let chart = match groupings {
            0 => Some(Chart {
                kind: ChartKind::Funnel,
                along: 0,
                by: None,
                order: Vec::new(),
                values: vec![1],
            }),
            1 if sheet.asked.by[0].is_time() => Some(Chart {
                kind: ChartKind::Lines,
                along: 0,
                by: Some(1),
                order: Vec::new(),
                values: vec![8],
            }),
            1 => Some(Chart {
                kind: ChartKind::Bars,
                along: 1,
                by: Some(0),
                order: Vec::new(),
                values: vec![2],
            }),
            _ => None,
        };
        let note = language.pick(
            "用时是从进入到离开该阶段的天数，只计已离开的应聘；撤回的变更不计。",
            "Days run from coming into a stage to leaving it, of applications that left it; moves that were taken back don't count.",
        );
        let stages = Part {
            title: language.pick("各阶段", "Stages").to_owned(),
            notes: vec![note.to_owned()],
            table,
            chart,
        };
        Ok(vec![stages, cycle(sheet)?])
    }
}

/// How long it takes from the interview to being hired.
fn cycle(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let days = sheet.samples(STAGES.len())?;
    let columns = vec![
        column("hired", language.pick("已入职", "Hired"), Kind::Count),
        column("median_days", language.pick("中位数（天）", "Median days"), Kind::Days),
        column("mean_days", language.pick("平均（天）", "Mean days"), Kind::Days),
    ];
    let mean = sheet.asked.by.len() + columns.len() - 1;
    let cells = |group: &Group| {
        let of = days.of(group);
        let hired = of.map_or(0, |of| of.count());
        if sheet.is_small(hired) {
            return withheld(columns.len());
        }
        let any = || [Number::Cycle.condition(Scores::Any)];
        vec![
            sheet.cell(group, hired, any()),
            sheet.estimate(group, of.and_then(|of| of.median()), any()),
            sheet.estimate(group, of.and_then(mean_length), any()),
        ]
    };
    let note = language.pick(
        "从最近一次AI面试开始到进入“入职”阶段的天数，按面试时间归入各期。",
        "Days from the beginning of the latest AI interview to coming into the stage of the hired, in the period of the interview.",
    );
    Ok(Part {
        title: language.pick("招聘周期", "From interview to hiring").to_owned(),
        notes: vec![note.to_owned()],
        table: sheet.table(columns.clone(), &sheet.groups()?, cells),
        chart: sheet.chart(mean),
    })
}

fn cells(
    sheet: &Sheet<'_>,
    group: &Group,
    stage: Stage,
    counts: &Counts<'_>,
    days: &Samples,
) -> Vec<dossier_report::model::Cell> {
    let rate = passed(|standing| counts.of(group, standing));
    let reached = counts.of(group, &Value::Standing(Standing::Open)) + rate.of;
    let has_reached = || [Node::Is(Condition::Reached(stage))];
    let has_passed = || [outcome(stage, true)];
    let left = || [Number::Days(stage).condition(Scores::Any)];
    let days = days.of(group);
    vec![
        sheet.cell(group, reached, has_reached()),
        sheet.share(group, Rate { hits: reached, of: group.count }, has_reached()),
        sheet.cell(group, rate.of, [decided(stage)]),
        sheet.cell(group, rate.hits, has_passed()),
        sheet.share(group, rate, has_passed()),
        sheet.cell(group, days.map_or(0, |days| days.count()), left()),
        sheet.estimate(group, days.and_then(|days| days.median()), left()),
        sheet.estimate(group, days.and_then(mean_length), left()),
    ]
}
