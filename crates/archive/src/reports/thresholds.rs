//! The threshold finder: which assessment, cut where, tells best who passes the human interview.

use dossier_analytics::{Comparison, Finding, Lack, Rate, Rows, Scan, Separation, Verdict};
use dossier_domain::{Language, Stage};
use dossier_report::model::{Cell, Column, Kind, Part, Table};
use dossier_search::{
    columns::Number,
    query::{Node, Scores},
};

use super::{
    Measuring, Wants,
    abilities::name,
    asked::Asked,
    figures::{estimated, in_points, withheld},
    outcomes::{decided, outcome},
    sheet::{Group, Sheet, column},
    withholding::{Row, never_one_alone},
};
use crate::Result;

const STAGE: Stage = Stage::HumanInterview;
/// Which halves the hold-out check makes. It is always the same, so that the same data gives the same report.
const SEED: u64 = 0;
/// So many groups are looked at by themselves at most.
const MOST_GROUPS: usize = 30;

pub(super) struct Thresholds;

/// What was found of an assessment.
type Found<'a> = (&'a Number, Finding);

impl Measuring for Thresholds {
    fn among(&self, _: &Asked) -> Vec<Node> {
        vec![decided(STAGE)]
    }

    fn looks_at_assessments(&self) -> bool {
        true
    }

    fn wants(&self, asked: &Asked) -> Wants {
        Wants { numbers: asked.numbers(), subsets: vec![outcome(STAGE, true)], ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let groups = sheet.groups_or_all()?;
        let looked_at = &groups[..groups.len().min(MOST_GROUPS)];
        let found: Vec<Vec<Found<'_>>> = looked_at.iter().map(|group| found(sheet, group)).collect();
        let made = looked_at.iter().zip(&found).zip(shown(sheet, looked_at, &found));
        let mut parts: Vec<Part> =
            made.map(|((group, found), shown)| part(sheet, group, found, &shown)).collect();
        let left_out = (groups.len() > MOST_GROUPS).then(|| left_out(groups.len(), sheet.language()));
        if let Some(first) = parts.first_mut() {
            first.notes.extend(notes(sheet.language()));
            first.notes.extend(sheet.asked.assessments_left_out());
            first.notes.extend(left_out);
        }
        Ok(parts)
    }
}

/// What is said where there are more groups than are looked at.
fn left_out(all: usize, language: Language) -> String {
    match language {
        Language::Chinese => format!("共有 {all} 组，这里是前 {MOST_GROUPS} 组；要看其他组，请加条件。"),
        Language::English => {
            format!(
                "There are {all} groups, and these are the first {MOST_GROUPS}; add conditions to see others."
            )
        }
    }
}

/// What was found of each assessment in a group, the surest first.
fn found<'a>(sheet: &Sheet<'a>, group: &Group) -> Vec<Found<'a>> {
    let mut scan = Scan::new(sheet.numbers.len());
    for (place, (part, bits)) in sheet.columns.parts.iter().zip(sheet.rows_of(group)).enumerate() {
        let rows = Rows::with_bits(&bits, part.len);
        for number in 0..sheet.numbers.len() {
            let score = |row| sheet.score(place, number, row);
            scan.add(rows, number, score, |row| Some(sheet.is_in(place, 0, row)));
        }
    }
    let found = sheet.numbers.iter().zip(scan.findings(SEED)).filter(|(_, finding)| finding.known.of > 0);
    let mut found: Vec<Found<'_>> = found.collect();
    found.sort_by(|a, b| rank(&a.1).total_cmp(&rank(&b.1)));
    found
}

/// Which of them are shown: an assessment of few is withheld, and never of one group alone.
fn shown(sheet: &Sheet<'_>, groups: &[Group], found: &[Vec<Found<'_>>]) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for (group, found) in groups.iter().zip(found) {
        for (number, Finding { known, .. }) in found {
            let cells = match sheet.is_small(known.of) {
                true => withheld(1),
                false => vec![Cell::count(known.of, None)],
            };
            let thing = name(number, sheet.language());
            rows.push(Row { places: &group.places, thing, count: known.of, cells });
        }
    }
    never_one_alone(&mut rows);
    let mut shown = rows.iter().map(|row| !row.is_withheld());
    found.iter().map(|found| shown.by_ref().take(found.len()).collect()).collect()
}

fn part(sheet: &Sheet<'_>, group: &Group, found: &[Found<'_>], shown: &[bool]) -> Part {
    let language = sheet.language();
    let columns = columns(language);
    let rows = found.iter().zip(shown).map(|((number, finding), shown)| {
        let mut cells = vec![Cell::text(name(number, language))];
        cells.extend(match shown {
            true => cells_of(sheet, group, number, finding),
            false => withheld(columns.len() - 1),
        });
        cells
    });
    let rows = rows.collect();
    let told = found.iter().zip(shown).filter(|of| *of.1).map(|of| of.0);
    Part {
        title: match sheet.names(group).as_slice() {
            [] => language.pick("人工面试的分界", "Cut-offs for the human interview").to_owned(),
            names => names.join(language.pick("、", ", ")),
        },
        notes: sure(language, told).into_iter().collect(),
        table: Table { columns, rows, total: None },
        chart: None,
    }
}

/// What is surest first.
fn rank(finding: &Finding) -> f64 {
    match &finding.verdict {
        Verdict::Confirmed(found) => found.p_value,
        Verdict::Unconfirmed(found) => 1.0 + found.p_value,
        Verdict::Chance(found) => 2.0 + found.p_value,
        Verdict::NotEnough(_) => 4.0,
    }
}

fn columns(language: Language) -> Vec<Column> {
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    vec![
        of("assessment", "测评", "Assessment", Kind::Text),
        of("known", "有结果的人数", "With an outcome", Kind::Count),
        of("verdict", "结论", "Verdict", Kind::Text),
        of("cut", "分界", "Cut-off", Kind::Score),
        of("below", "低于分界", "Below it", Kind::Count),
        of("below_passed", "其中通过", "Passed of these", Kind::Count),
        of("below_rate", "通过率", "Pass rate", Kind::Share),
        of("above", "达到分界", "At or above it", Kind::Count),
        of("above_passed", "其中通过", "Passed of these", Kind::Count),
        of("above_rate", "通过率", "Pass rate", Kind::Share),
        of("difference", "相差（百分点）", "Difference (points)", Kind::Points),
        of("p_value", "校正p值", "Corrected p", Kind::Number),
        of("held_out_cut", "留出检验：分界", "Hold-out: cut-off", Kind::Score),
        of("held_out_below", "留出检验：低于", "Hold-out: below", Kind::Share),
        of("held_out_above", "留出检验：达到", "Hold-out: at or above", Kind::Share),
    ]
}

fn cells_of(sheet: &Sheet<'_>, group: &Group, number: &Number, finding: &Finding) -> Vec<Cell> {
    let language = sheet.language();
    let known = sheet.cell(group, finding.known.of, [number.condition(Scores::Any)]);
    let (verdict, found) = match &finding.verdict {
        Verdict::NotEnough(lack) => (lacking(language, *lack), None),
        Verdict::Chance(found) => (language.pick("可能是偶然", "may be chance").to_owned(), Some(found)),
        Verdict::Unconfirmed(found) => (
            language.pick("有迹象，留出检验未证实", "a sign, not confirmed by the hold-out").to_owned(),
            Some(found),
        ),
        Verdict::Confirmed(found) => (language.pick("成立", "holds").to_owned(), Some(found)),
    };
    let mut cells = vec![known, Cell::text(verdict)];
    match found {
        None => cells.extend((0..12).map(|_| Cell::nothing())),
        Some(found) => cells.extend(separated(sheet, group, number, found)),
    }
    cells
}

fn separated(sheet: &Sheet<'_>, group: &Group, number: &Number, found: &Separation) -> Vec<Cell> {
    let cut = f64::from(found.cut);
    let passed = || outcome(STAGE, true);
    let side = |rate: Rate, scores: Scores| {
        let here = || number.condition(scores);
        [
            sheet.cell(group, rate.of, [here()]),
            sheet.cell(group, rate.hits, [here(), passed()]),
            sheet.share(group, rate, [here(), passed()]),
        ]
    };
    let Comparison { first, second } = found.sides;
    let mut cells = vec![Cell::number(cut)];
    cells.extend(side(first, Scores::Below(cut)));
    cells.extend(side(second, Scores::AtLeast(cut)));
    cells.extend([estimated(found.sides.difference().map(in_points)), Cell::number(found.p_value)]);
    // Behind the halves of the hold-out check stands no search: they are drawn by lot.
    cells.extend(match found.held_out {
        Some(held) => [
            Cell::number(f64::from(held.cut)),
            estimated(held.sides.first.estimate()),
            estimated(held.sides.second.estimate()),
        ],
        None => [Cell::nothing(), Cell::nothing(), Cell::nothing()],
    });
    cells
}

fn lacking(language: Language, lack: Lack) -> String {
    match (lack, language) {
        (Lack::Outcomes { needed }, Language::Chinese) => format!("数据不足：至少要 {needed} 人有结果"),
        (Lack::Outcomes { needed }, Language::English) => {
            format!("not enough data: {needed} outcomes are needed")
        }
        (Lack::EachOutcome { needed }, Language::Chinese) => {
            format!("数据不足：通过与未通过至少各 {needed} 人")
        }
        (Lack::EachOutcome { needed }, Language::English) => {
            format!("not enough data: {needed} who passed and {needed} who did not are needed")
        }
        (Lack::Spread, Language::Chinese) => "数据不足：分数太集中，没有两侧人数都够的分界".to_owned(),
        (Lack::Spread, Language::English) => {
            "not enough data: scores are too alike for a cut-off with enough people on both sides".to_owned()
        }
    }
}

/// What is said of the assessment that is surest to tell something.
fn sure<'a>(language: Language, mut found: impl Iterator<Item = &'a Found<'a>>) -> Option<String> {
    let (number, Separation { cut, sides, .. }) =
        found.find_map(|(number, finding)| match &finding.verdict {
            Verdict::Confirmed(found) => Some((number, found)),
            _ => None,
        })?;
    let percent = |rate: Rate| format!("{:.0}%", rate.share().unwrap_or_default() * 100.0);
    let (name, below, above) = (name(number, language), percent(sides.first), percent(sides.second));
    Some(match language {
        Language::Chinese => {
            format!("{name}低于{cut}分的，人工面试通过率{below}；{cut}分及以上的，{above}。")
        }
        Language::English => {
            format!(
                "Of those below {cut} in {name}, {below} passed the human interview; of the others, {above}."
            )
        }
    })
}

/// How cut-offs are found, and what they do not say.
fn notes(language: Language) -> Vec<String> {
    let notes = [
        language
            .pick(
                "对每项测评逐分寻找人工面试通过率相差最大的分界。p值已按所有看过的分界和测评校正；留出检验在随机一半数据中找分界，在另一半中检验。",
                "For each assessment, every score is tried as a cut-off, and the one with the largest difference in passing the human interview is shown. p-values are corrected for all cut-offs and assessments looked at; the hold-out check finds a cut-off in a random half of the data and tests it in the other.",
            ),
        language
            .pick(
                "只有参加过人工面试的人有结果，他们是经AI面试挑选的；没有参加的人会怎样，这里说不出。分界是相关，不一定是原因。",
                "Only those who came to the human interview have an outcome, and they were chosen by the AI interview; what others would have done can't be told here. A cut-off shows what goes together, not what causes it.",
            ),
    ];
    notes.map(str::to_owned).into()
}
