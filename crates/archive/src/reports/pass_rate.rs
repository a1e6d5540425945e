//! How many pass the AI interview: of those who left that stage with an outcome, the share that passed; and by score,
//! where positions have a pass mark.

use dossier_analytics::Rate;
use dossier_domain::Stage;
use dossier_report::model::{Kind, Part};
use dossier_search::{
    Dimension,
    columns::Value,
    query::{Condition, Node},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    outcomes::{decided, outcome, passed},
    sheet::{Group, Sheet, column},
};
use crate::Result;

const STAGE: Stage = Stage::AiInterview;

pub(super) struct PassRate;

impl Measuring for PassRate {
    fn among(&self, _: &Asked) -> Vec<Node> {
        vec![Node::Is(Condition::Reached(STAGE))]
    }

    fn wants(&self, _: &Asked) -> Wants {
        Wants { dimensions: vec![Dimension::Standing(STAGE), Dimension::PassMark], ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let parts = [Some(by_outcome(sheet)?), by_score(sheet)?];
        Ok(parts.into_iter().flatten().collect())
    }
}

fn by_outcome(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let counts = sheet.counts(Dimension::Standing(STAGE))?;
    let cells = |group: &Group| {
        let rate = passed(|standing| counts.of(group, standing));
        vec![
            sheet.cell(group, group.count, []),
            sheet.cell(group, rate.of, [decided(STAGE)]),
            sheet.cell(group, rate.hits, [outcome(STAGE, true)]),
            sheet.share(group, rate, [outcome(STAGE, true)]),
        ]
    };
    let columns = vec![
        column("interviewed", language.pick("参加AI面试", "In the AI interview"), Kind::Count),
        column("decided", language.pick("已有结果", "Decided"), Kind::Count),
        column("passed", language.pick("通过", "Passed"), Kind::Count),
        column("pass_rate", language.pick("通过率", "Pass rate"), Kind::Share),
    ];
    let rate = sheet.asked.by.len() + columns.len() - 1;
    Ok(Part {
        title: language.pick("按结果", "By outcome").to_owned(),
        notes: vec![
            language
                .pick(
                    "通过率＝以“通过”离开AI面试阶段的应聘 ÷ 以“通过”或“未通过”离开的应聘；尚无结果的不计入。",
                    "The pass rate is the share of applications that left the AI interview as passed among those that left it as passed or not passed; undecided ones don't count.",
                )
                .to_owned(),
        ],
        table: sheet.table(columns, &sheet.groups()?, cells),
        chart: sheet.chart(rate),
    })
}

/// The share of scores that reach the position's pass mark; nothing where no position has one.
fn by_score(sheet: &Sheet<'_>) -> Result<Option<Part>> {
    let language = sheet.language();
    let counts = sheet.counts(Dimension::PassMark)?;
    let of = |group: &Group, reached| counts.of(group, &Value::Is(reached));
    let mark = |reached| Node::Is(Condition::PassMark { reached });
    let everything = sheet.everything();
    if of(&everything, true) + of(&everything, false) == 0 {
        return Ok(None);
    }
    let cells = |group: &Group| {
        let rate = Rate { hits: of(group, true), of: of(group, true) + of(group, false) };
        vec![
            sheet.cell(group, rate.of, [Node::Any(vec![mark(true), mark(false)])]),
            sheet.cell(group, rate.hits, [mark(true)]),
            sheet.share(group, rate, [mark(true)]),
        ]
    };
    let columns = vec![
        column("scored", language.pick("有得分且有分数线", "With score and pass mark"), Kind::Count),
        column("reached", language.pick("达到分数线", "Reached the pass mark"), Kind::Count),
        column("reached_rate", language.pick("达线率", "Share"), Kind::Share),
    ];
    let rate = sheet.asked.by.len() + columns.len() - 1;
    Ok(Some(Part {
        title: language.pick("按分数线", "By pass mark").to_owned(),
        notes: vec![
            language
                .pick(
                    "AI得分达到岗位分数线的占比，只计有得分、且岗位设了分数线的应聘。",
                    "The share of AI scores that reach the position's pass mark, among applications with a score whose position has one.",
                )
                .to_owned(),
        ],
        table: sheet.table(columns, &sheet.groups()?, cells),
        chart: sheet.chart(rate),
    }))
}
