//! The AI score beside the score that people gave, which is the mean of the scorecards that were handed in.

use dossier_analytics::{Estimate, Grades, Pairs, Rows};
use dossier_domain::{Language, scorecard::STEP};
use dossier_report::model::{Cell, Chart, ChartKind, Column, Kind, Part, Table};
use dossier_search::{
    columns::Number,
    query::{Node, Scores},
};

use super::{
    super::{
        figures::{mean_score, withheld},
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
    let mut parts = vec![means(sheet)?, orders(sheet)?];
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

/// A part with a row for each group: how many have both scores, and what these columns tell of them.
fn part(
    sheet: &Sheet<'_>,
    (title, note): (&str, &str),
    columns: Vec<Column>,
    chart: Option<Chart>,
    told: impl Fn(&Pairs) -> Vec<Option<Estimate>>,
) -> Result<Part> {
    let counted = sheet.language().pick("两者都有得分", "With both scores");
    let columns: Vec<Column> =
        std::iter::once(column("both_scored", counted, Kind::Count)).chain(columns).collect();
    let cells = |group: &Group| {
        let pairs = paired(sheet, group);
        if sheet.is_small(pairs.count()) {
            return withheld(columns.len());
        }
        let mut cells = vec![sheet.cell(group, pairs.count(), both())];
        cells.extend(told(&pairs).into_iter().map(|estimate| sheet.estimate(group, estimate, both())));
        cells
    };
    let table = sheet.table(columns.clone(), &sheet.groups_or_all()?, cells);
    Ok(Part { title: title.to_owned(), notes: vec![note.to_owned()], table, chart })
}

/// Who scores higher.
fn means(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let of = |id, chinese, english| column(id, language.pick(chinese, english), Kind::Score);
    let columns = vec![
        of("mean_ai", "AI平均分", "Mean of the AI"),
        of("mean_human", "人工平均分", "Mean of people"),
        of("mean_difference", "人工减AI", "People less AI"),
    ];
    let title = language.pick("AI得分与人工得分", "AI scores and people's scores");
    let note = language.pick(
        "人工得分是已提交评分表的平均分，由1–5分换算到0–100；只计两种得分都有的应聘。面试官只看得到本人已提交评分表的应聘。",
        "People's score is the mean of the scorecards that were handed in, put from 1–5 to 0–100; counted is who has both scores. Interviewers see those for whom they have handed in their own.",
    );
    part(sheet, (title, note), columns, beside(sheet), |pairs| {
        let [ai, human] = pairs.samples();
        vec![mean_score(&ai), mean_score(&human), pairs.mean_difference()]
    })
}

/// Whether both put people in the same order, and give the same grades.
fn orders(sheet: &Sheet<'_>) -> Result<Part> {
    let language = sheet.language();
    let of = |id, chinese, english| column(id, language.pick(chinese, english), Kind::Number);
    let columns = vec![
        of("pearson", "相关系数", "Correlation"),
        of("spearman", "秩相关", "Rank correlation"),
        of("weighted_kappa", "加权Kappa", "Weighted kappa"),
    ];
    let title = language.pick("排序与档次是否一致", "Same order, same grades");
    let note = language.pick(
        "相关系数（Pearson）与秩相关（Spearman）看排序是否一致。加权Kappa把两种得分各归到最近的一档（1–5），扣除偶然，差得越远扣得越多（Cohen 1968）：1为完全一致，0为与偶然无异。",
        "The correlation (Pearson) and the rank correlation (Spearman) tell whether both put people in the same order. Weighted kappa takes both scores as the nearest grade (1–5), beyond chance, and counts distance by its square (Cohen 1968): 1 for complete agreement, 0 for no more than chance.",
    );
    part(sheet, (title, note), columns, None, |pairs| {
        vec![pairs.pearson(), pairs.spearman(), pairs.grades(GRADES, grade).kappa()]
    })
}

/// The means beside each other, over time as lines.
fn beside(sheet: &Sheet<'_>) -> Option<Chart> {
    let (along, first) = (0, sheet.asked.by.len() + 1);
    let kind = match sheet.asked.by.as_slice() {
        [by] if by.is_time() => ChartKind::Lines,
        [_] => ChartKind::Bars,
        _ => return None,
    };
    Some(Chart { kind, along, by: None, order: Vec::new(), values: vec![first, first + 1] })
}

/// How often which grades met: a row for each of the AI's, a column for each of people's.
fn graded(sheet: &Sheet<'_>, grades: &Grades) -> Part {
    let (language, all) = (sheet.language(), sheet.everything());
    let pairs = (0..GRADES).flat_map(|ai| (0..GRADES).map(move |human| (ai, human)));
    let placed = pairs.map(|(ai, human)| Placed {
        group: &all,
        at: [ai, human].map(|grade| (grade, called(grade, language))).into(),
        count: grades.count(ai, human),
        found_by: [(Number::Score, ai), (Number::Human, human)].iter().flat_map(within).collect(),
    });
    let cells = sheet.counted(&placed.collect::<Vec<_>>());
    let by_ai = |ai: usize| Cell::text(format!("AI {}", spelled(ai, language)));
    let row = |(ai, cells): (usize, &[Cell])| [&[by_ai(ai)], cells].concat();
    let rows = cells.chunks(GRADES).enumerate().map(row).collect();
    let by_people = |grade: usize| {
        let label = format!("{} {}", language.pick("人工", "People"), called(grade, language));
        Column { id: format!("human_{}", grade + 1).into(), label, kind: Kind::Count }
    };
    let ai = column("ai", language.pick("AI得分", "AI score"), Kind::Text);
    let columns = std::iter::once(ai).chain((0..GRADES).map(by_people)).collect();
    let note = language.pick(
        "每格是两种档次同时出现的应聘数；对角线上两者同档，离得越远分歧越大。",
        "How often each grade of the AI met each of people's; on the diagonal they agree, and the farther from it, the less.",
    );
    Part {
        title: language.pick("档次对照", "Grades side by side").to_owned(),
        notes: vec![note.to_owned()],
        table: Table { columns, rows, total: None },
        chart: Some(Chart {
            kind: ChartKind::HeatMap,
            along: 0,
            by: None,
            order: Vec::new(),
            values: (1..=GRADES).collect(),
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

/// What a grade is called.
fn called(grade: usize, language: Language) -> String {
    format!("{}{}", grade + 1, language.pick("档", ""))
}

/// The same with the scores that count as it.
fn spelled(grade: usize, language: Language) -> String {
    let (name, (from, below)) = (called(grade, language), ends(grade));
    let scores = format!("{}–{}", from.unwrap_or(0.0), below.unwrap_or(100.0));
    match language {
        Language::Chinese => format!("{name}（{scores}）"),
        Language::English => format!("{name} ({scores})"),
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
