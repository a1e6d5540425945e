//! How far the AI and people agree: the AI score and the pass mark against the outcome of the human interview, and the AI
//! score beside the scores that people gave.

mod people;

use dossier_analytics::{Pairs, Rows, Verdicts};
use dossier_domain::Stage;
use dossier_report::model::{Kind, Part};
use dossier_search::{
    columns::Number,
    query::{Condition, Node, Scores},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    figures::{mean_score, withheld},
    outcomes::{decided, outcome},
    sheet::{Counts, Group, Sheet, column},
};
use crate::Result;

const STAGE: Stage = Stage::HumanInterview;

/// The subsets of those whom people let pass, and did not; those before them are what both said, in the order of
/// [`Verdicts`].
const PASSED: usize = 4;
const FAILED: usize = 5;
/// The numbers, in their order.
const AI: usize = 0;
const HUMAN: usize = 1;

pub(super) struct Agreement;

fn mark(reached: bool) -> Node {
    Node::Is(Condition::PassMark { reached })
}

impl Measuring for Agreement {
    fn among(&self, _: &Asked) -> Vec<Node> {
        let outcomes = [true, false].map(|passed| outcome(STAGE, passed));
        let judged = Number::Human.condition(Scores::Any);
        vec![Node::Any(outcomes.into_iter().chain([judged]).collect())]
    }

    fn wants(&self, _: &Asked) -> Wants {
        let both = [(true, true), (true, false), (false, true), (false, false)];
        let both = both.map(|(ai, people)| Node::All(vec![mark(ai), outcome(STAGE, people)]));
        Wants {
            numbers: vec![Number::Score, Number::Human],
            subsets: both.into_iter().chain([true, false].map(|passed| outcome(STAGE, passed))).collect(),
            ..Wants::default()
        }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let mut parts = vec![verdicts(sheet)?, scores(sheet)?];
        parts.extend(people::parts(sheet)?);
        Ok(parts)
    }
}

/// Pass or fail of both.
fn verdicts(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    let columns = vec![
        of("judged", "两者都有结果", "Judged by both", Kind::Count),
        of("both", "都通过", "Passed by both", Kind::Count),
        of("only_ai", "仅AI通过", "By the AI alone", Kind::Count),
        of("only_people", "仅人工通过", "By people alone", Kind::Count),
        of("neither", "都未通过", "By neither", Kind::Count),
        of("agreed", "一致率", "Agreement", Kind::Share),
        of("kappa", "Kappa", "Kappa", Kind::Number),
    ];
    let counts = (0..PASSED).map(|subset| sheet.counts_in(subset)).collect::<Result<Vec<_>>>()?;
    let cells = |group: &Group| {
        let found = counted(&counts, group);
        if sheet.is_small(found.agreed().of) {
            return withheld(columns.len());
        }
        let both = |ai, people| [mark(ai), outcome(STAGE, people)];
        let cell = |count, ai, people| sheet.cell(group, count, both(ai, people));
        let judged = || [Node::Any(vec![mark(true), mark(false)]), decided(STAGE)];
        let agreed = [true, false].map(|verdict| Node::All(both(verdict, verdict).into()));
        vec![
            sheet.cell(group, found.agreed().of, judged()),
            cell(found.both, true, true),
            cell(found.only_first, true, false),
            cell(found.only_second, false, true),
            cell(found.neither, false, false),
            sheet.share(group, found.agreed(), [Node::Any(agreed.into())]),
            sheet.estimate(group, found.kappa(), judged()),
        ]
    };
    let chosen = counted(&counts, &sheet.everything());
    let mut notes = vec![
        language
            .pick(
                "AI的结论是得分是否达到岗位分数线，人工的结论是人工面试的结果。Kappa 是扣除偶然后的一致程度：1 为完全一致，0 为与偶然无异（Cohen 1960）。",
                "The AI's verdict is whether the score reaches the position's pass mark, people's is the outcome of the human interview. Kappa is agreement beyond chance: 1 for complete, 0 for no more than chance (Cohen 1960).",
            )
            .to_owned(),
    ];
    if chosen.agreed().of == 0 {
        notes.push(
            language
                .pick(
                    "没有应聘既有AI的结论又有人工的结果。AI要有结论，岗位须设分数线。",
                    "No application has both verdicts. For the AI to have one, the position needs a pass mark.",
                )
                .to_owned(),
        );
    }
    if chosen.only_second + chosen.neither == 0 && chosen.agreed().of > 0 {
        notes.push(
            language
                .pick(
                    "有人工结果的人全部达到了分数线，因此看不出AI的结论与人工是否一致。",
                    "All who have a human outcome had reached the pass mark, so agreement of the verdicts can't be told.",
                )
                .to_owned(),
        );
    }
    Ok(Part {
        title: language.pick("通过与否", "Pass or fail").to_owned(),
        notes,
        table: sheet.table(columns.clone(), &sheet.groups_or_all()?, cells),
        chart: None,
    })
}

/// What a group was judged by both.
fn counted(counts: &[Counts<'_>], group: &Group) -> Verdicts {
    let count = |place: usize| counts.get(place).map_or(0, |counts| counts.inside(group));
    Verdicts { both: count(0), only_first: count(1), only_second: count(2), neither: count(3) }
}

/// AI scores against outcomes.
fn scores(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    let columns = vec![
        of("scored", "有得分且有结果", "With score and outcome", Kind::Count),
        of("mean_passed", "通过者平均得分", "Mean score of those who passed", Kind::Score),
        of("mean_failed", "未通过者平均得分", "Mean score of the others", Kind::Score),
        of("rank_correlation", "秩相关", "Rank correlation", Kind::Number),
    ];
    let cells = |group: &Group| {
        let (pairs, [passed, failed]) = paired(sheet, group);
        if sheet.is_small(pairs.count()) {
            return withheld(columns.len());
        }
        let scored = |outcome| [Number::Score.condition(Scores::Any), outcome];
        vec![
            sheet.cell(group, pairs.count(), scored(decided(STAGE))),
            sheet.estimate(group, mean_score(&passed), scored(outcome(STAGE, true))),
            sheet.estimate(group, mean_score(&failed), scored(outcome(STAGE, false))),
            sheet.estimate(group, pairs.spearman(), scored(decided(STAGE))),
        ]
    };
    Ok(Part {
        title: language.pick("AI得分与人工面试结果", "AI scores and outcomes").to_owned(),
        notes: vec![
            language
                .pick(
                    "秩相关（Spearman）在 AI 得分与人工面试结果之间：1 为得分高者都通过。有结果的人经AI面试挑选过，得分相近，相关会比在所有人中低。",
                    "The rank correlation (Spearman) is between the AI score and the outcome of the human interview: 1 if it is the higher scores that pass. Those with an outcome were chosen by the AI interview and score alike, so it is lower than among all.",
                )
                .to_owned(),
        ],
        table: sheet.table(columns.clone(), &sheet.groups_or_all()?, cells),
        chart: None,
    })
}

/// Scores with outcomes, and the scores of those who passed and of those who did not.
fn paired(sheet: &Sheet<'_>, group: &Group) -> (Pairs, [dossier_analytics::Sample; 2]) {
    let mut pairs = Pairs::default();
    let mut sides = dossier_analytics::Samples::new(2);
    for (place, (part, bits)) in sheet.columns.parts.iter().zip(sheet.rows_of(group)).enumerate() {
        let rows = Rows::with_bits(&bits, part.len);
        let score = |row| sheet.score(place, AI, row);
        let is_in = |subset, row| sheet.is_in(place, subset, row);
        let passed = |row| match (is_in(PASSED, row), is_in(FAILED, row)) {
            (true, _) => 1.0,
            (_, true) => 0.0,
            _ => f64::NAN,
        };
        pairs.add(rows, score, passed);
        sides.add(rows, |row| if is_in(PASSED, row) { 0 } else { 2 - u32::from(is_in(FAILED, row)) }, score);
    }
    let mut sides = sides.finish().into_iter();
    (pairs, [sides.next().unwrap_or_default(), sides.next().unwrap_or_default()])
}
