//! The AI score beside the score that people gave, which is the mean of the scorecards that were handed in.

use dossier_analytics::{Grades, Pairs, Rows};
use dossier_domain::{Language, scorecard::STEP};
use dossier_report::model::{Chart, ChartKind, Kind, Part};
use dossier_search::{
    columns::Number,
    query::{Node, Scores},
};

use super::{
    super::{
        figures::withheld,
        sheet::{Group, Placed, Sheet, column},
    },
    AI, HUMAN,
};
use crate::Result;

/// Where the next grade begins: people judge in steps, and a score counts as the nearest.
const EDGES: [f64; 4] = [0.5 * STEP, 1.5 * STEP, 2.5 * STEP, 3.5 * STEP];
const GRADES: usize = EDGES.len() + 1;

/// The parts; without groups the grades as well, where there are any.
pub(super) fn parts(sheet: &Sheet<'_>) -> Result<Vec<Part>> {
    let mut parts = vec![beside(sheet)?];
    let all = paired(sheet, &sheet.everything());
    if sheet.asked.by.is_empty() && all.count() > 0 && !sheet.is_small(all.count()) {
        parts.push(graded(sheet, &all.grades(GRADES, grade)));
    }
    Ok(parts)
}

/// Those who have both scores.
fn both() -> [Node; 2] {
    [Number::Score, Number::Human].map(|of| of.condition(Scores::Any))
}

/// How far the scores agree.
fn beside(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    let columns = vec![
        of("both_scored", "两者都有得分", "With both scores", Kind::Count),
        of("mean_ai", "AI平均分", "Mean of the AI", Kind::Score),
        of("mean_human", "人工平均分", "Mean of people", Kind::Score),
        of("mean_difference", "人工减AI", "People less AI", Kind::Score),
        of("pearson", "相关系数", "Correlation", Kind::Number),
        of("spearman", "秩相关", "Rank correlation", Kind::Number),
        of("weighted_kappa", "加权Kappa", "Weighted kappa", Kind::Number),
    ];
    let cells = |group: &Group| {
        let pairs = paired(sheet, group);
        if sheet.is_small(pairs.count()) {
            return withheld(columns.len());
        }
        let [ai, human] = pairs.samples();
        let kappa = pairs.grades(GRADES, grade).kappa();
        let found =
            [ai.mean(), human.mean(), pairs.mean_difference(), pairs.pearson(), pairs.spearman(), kappa];
        let mut cells = vec![sheet.cell(group, pairs.count(), both())];
        cells.extend(found.map(|estimate| sheet.estimate(group, estimate, both())));
        cells
    };
    Ok(Part {
        title: language.pick("AI得分与人工得分", "AI scores and people's scores").to_owned(),
        notes: notes(language),
        table: sheet.table(columns.clone(), &sheet.groups_or_all()?, cells),
        chart: means(sheet),
    })
}

fn notes(language: Language) -> Vec<String> {
    let notes = [
        language.pick(
            "人工得分是已提交评分表的平均分，由1–5分换算到0–100；只计两种得分都有的应聘。面试官只看得到本人已提交评分表的应聘。",
            "People's score is the mean of the scorecards that were handed in, put from 1–5 to 0–100; counted is who has both scores. Interviewers see those for whom they have handed in their own.",
        ),
        language.pick(
            "相关系数（Pearson）与秩相关（Spearman）看排序是否一致，平均差看谁打分更高。加权Kappa把两种得分各归到最近的一档（1–5），扣除偶然，差得越远扣得越多（Cohen 1968）：1为完全一致，0为与偶然无异。",
            "The correlation (Pearson) and the rank correlation (Spearman) tell whether both put people in the same order, the mean difference who scores higher. Weighted kappa takes both scores as the nearest grade (1–5), beyond chance, and counts distance by its square (Cohen 1968): 1 for complete agreement, 0 for no more than chance.",
        ),
    ];
    notes.map(str::to_owned).into()
}

/// The means beside each other, over time as lines.
fn means(sheet: &Sheet<'_>) -> Option<Chart> {
    let (along, first) = (0, sheet.asked.by.len() + 1);
    let kind = match sheet.asked.by.as_slice() {
        [by] if by.is_time() => ChartKind::Lines,
        [_] => ChartKind::Bars,
        _ => return None,
    };
    Some(Chart { kind, along, by: None, order: Vec::new(), values: vec![first, first + 1] })
}

/// How often which grades met.
fn graded(sheet: &Sheet<'_>, grades: &Grades) -> Part {
    let (language, all) = (sheet.language(), sheet.everything());
    let scale = |id, chinese, english| column(id, language.pick(chinese, english), Kind::Text);
    let scales = vec![scale("ai", "AI得分", "AI score"), scale("human", "人工得分", "People's score")];
    let pairs = (0..GRADES).flat_map(|ai| (0..GRADES).map(move |human| (ai, human)));
    let placed = pairs.map(|(ai, human)| Placed {
        group: &all,
        at: [ai, human].map(|grade| (grade, label(grade, language))).into(),
        count: grades.count(ai, human),
        found_by: [(Number::Score, ai), (Number::Human, human)].iter().flat_map(within).collect(),
    });
    let count = column("count", language.pick("应聘数", "Applications"), Kind::Count);
    Part {
        title: language.pick("档次对照", "Grades side by side").to_owned(),
        notes: vec![
            language
                .pick(
                    "对角线上是两者同档，离对角线越远分歧越大。",
                    "On the diagonal both gave the same grade; the farther from it, the more they differ.",
                )
                .to_owned(),
        ],
        table: sheet.placed(scales, count, &placed.collect::<Vec<_>>()),
        chart: Some(Chart {
            kind: ChartKind::HeatMap,
            along: 0,
            by: Some(1),
            order: Vec::new(),
            values: vec![2],
        }),
    }
}

/// The grade of a score, counted from 0.
fn grade(score: f64) -> usize {
    EDGES.iter().filter(|edge| score >= **edge).count()
}

/// Where a grade begins, and where the next one does; the outermost are open.
fn ends(grade: usize) -> (Option<f64>, Option<f64>) {
    (grade.checked_sub(1).and_then(|before| EDGES.get(before)).copied(), EDGES.get(grade).copied())
}

/// What finds a grade of a number.
fn within((number, grade): &(Number, usize)) -> Vec<Node> {
    let (from, below) = ends(*grade);
    let lower = number.condition(Scores::AtLeast(from.unwrap_or(0.0)));
    std::iter::once(lower).chain(below.map(|below| number.condition(Scores::Below(below)))).collect()
}

fn label(grade: usize, language: Language) -> String {
    let (from, below) = ends(grade);
    let (from, below, grade) = (from.unwrap_or(0.0), below.unwrap_or(100.0), grade + 1);
    match language {
        Language::Chinese => format!("{grade}档（{from}–{below}）"),
        Language::English => format!("{grade} ({from}–{below})"),
    }
}

/// Both scores of a group.
fn paired(sheet: &Sheet<'_>, group: &Group) -> Pairs {
    let mut pairs = Pairs::default();
    for (place, (part, bits)) in sheet.columns.parts.iter().zip(sheet.rows_of(group)).enumerate() {
        let score = |number| move |row| sheet.score(place, number, row);
        pairs.add(Rows::with_bits(&bits, part.len), score(AI), score(HUMAN));
    }
    pairs
}
