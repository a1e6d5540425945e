//! Fairness: how groups fare, by the law's own formulas. A group is who has a tag of the form `性别:女`: the part before
//! the colon names what people are grouped by, the part behind it the group.

use std::collections::BTreeMap;

use dossier_analytics::{
    Rate, Sample,
    fairness::{Impact, impact, scoring},
};
use dossier_domain::{Language, Stage};
use dossier_report::model::{Cell, Column, Kind, Part, Table};
use dossier_search::{
    Dimension,
    columns::{self, Number},
    query::{Condition, Named, Node, Scores},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    cube,
    figures::{estimated, withheld},
    outcomes::{decided, outcome, passed},
    sheet::{Group, Sheet, column},
};
use crate::{Error, Result};

/// Groups of fewer people are never broken out here, whoever asks.
const SMALLEST: u64 = 5;

pub(super) struct Fairness;

/// A group by one attribute.
struct Tagged<'a> {
    /// The whole tag.
    tag: &'a str,
    /// The part behind the colon.
    name: &'a str,
    /// Its place among the tags.
    place: usize,
}

impl Measuring for Fairness {
    fn wants(&self, _: &Asked) -> Wants {
        let standing = Dimension::Standing;
        Wants {
            dimensions: vec![Dimension::Tag, standing(Stage::AiInterview), standing(Stage::HumanInterview)],
            numbers: vec![Number::Score],
            subsets: Vec::new(),
        }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let language = sheet.language();
        if !sheet.asked.by.is_empty() {
            return Err(Error::invalid(
                "公平性报表按标签分组，不能再按其他项分组；请用条件缩小范围",
                "the fairness report groups by tags and by nothing else; use conditions to narrow it",
            ));
        }
        let attributes = attributes(sheet);
        if attributes.is_empty() {
            return Ok(vec![no_groups(language)]);
        }
        let mut parts = Vec::new();
        for (attribute, groups) in &attributes {
            for stage in [Stage::AiInterview, Stage::HumanInterview] {
                parts.push(selected(sheet, attribute, groups, stage)?);
            }
            parts.extend(scored(sheet, attribute, groups)?);
        }
        Ok(parts)
    }
}

/// The attributes by which people are tagged, with their groups.
fn attributes<'a>(sheet: &'a Sheet<'_>) -> BTreeMap<&'a str, Vec<Tagged<'a>>> {
    let mut attributes: BTreeMap<&str, Vec<Tagged<'_>>> = BTreeMap::new();
    for (place, value) in sheet.columns.values[0].iter().enumerate() {
        let columns::Value::Name { text: tag, .. } = value else { continue };
        let Some((attribute, name)) = tag.split_once([':', '：']) else { continue };
        let (attribute, name) = (attribute.trim(), name.trim());
        if !attribute.is_empty() && !name.is_empty() {
            attributes.entry(attribute).or_default().push(Tagged { tag, name, place });
        }
    }
    attributes
}

fn no_groups(language: Language) -> Part {
    Part {
        title: language.pick("没有分组", "No groups").to_owned(),
        notes: vec![
            language
                .pick(
                    "没有可以分组的标签。请给候选人加上“性别:女”这样的标签：冒号前是属性，冒号后是组。",
                    "There are no tags to group by. Put tags such as 性别:女 on applications: what people are grouped by, a colon, and the group.",
                )
                .to_owned(),
        ],
        table: Table::default(),
        chart: None,
    }
}

/// Selection rates in a stage.
fn selected(sheet: &Sheet<'_>, attribute: &str, groups: &[Tagged<'_>], stage: Stage) -> Result<Part> {
    let language = sheet.language();
    let dimension =
        sheet.dimensions.iter().position(|of| *of == Dimension::Standing(stage)).unwrap_or_default();
    let counts = cube::counts(sheet.columns, &[0, dimension], None)?;
    let place = |wanted: &columns::Value| sheet.columns.values[dimension].iter().position(|of| of == wanted);
    let rate = |group: &Tagged<'_>| {
        passed(|standing| place(standing).map_or(0, |place| counts.count(&[group.place, place])))
    };
    let rates: Vec<Rate> = groups.iter().map(rate).collect();
    let label = stage.label(language);
    Ok(Part {
        title: match language {
            Language::Chinese => format!("{attribute}：{label}通过率"),
            Language::English => format!("{attribute}: selection in the stage {label}"),
        },
        notes: notes(sheet, &rates),
        table: table(sheet, groups, &rates, &decided(stage), &outcome(stage, true)),
        chart: None,
    })
}

/// Scoring rates; nothing where there are no scores.
fn scored(sheet: &Sheet<'_>, attribute: &str, groups: &[Tagged<'_>]) -> Result<Option<Part>> {
    let language = sheet.language();
    let samples = cube::samples(sheet.columns, &[0], 0)?;
    let samples: Vec<Sample> =
        groups.iter().map(|group| samples.at(&[group.place]).cloned().unwrap_or_default()).collect();
    let Some((median, rates)) = scoring(&samples) else { return Ok(None) };
    let is = |scores| Number::Score.condition(scores);
    let mut notes = notes(sheet, &rates);
    notes.insert(
        0,
        match language {
            Language::Chinese => format!("高分率是得分高于全体中位数（{median}）的占比，等于中位数的不算。"),
            Language::English => {
                format!("The scoring rate is the share strictly above the median of all groups together, {median}.")
            }
        },
    );
    Ok(Some(Part {
        title: match language {
            Language::Chinese => format!("{attribute}：AI得分高分率"),
            Language::English => format!("{attribute}: scoring rate of the AI score"),
        },
        notes,
        table: table(sheet, groups, &rates, &is(Scores::Any), &is(Scores::Above(median))),
        chart: None,
    }))
}

fn table(sheet: &Sheet<'_>, groups: &[Tagged<'_>], rates: &[Rate], all: &Node, hit: &Node) -> Table {
    let language = sheet.language();
    let columns = columns(language);
    // Who is withheld sets no standard either: the ratios of the others would tell their rate.
    let shown = shown(sheet, rates);
    let compared: Vec<Rate> = rates.iter().zip(&shown).filter(|of| *of.1).map(|of| *of.0).collect();
    let mut impacts = impact(&compared).into_iter();
    let row = |(group, shown): (&Tagged<'_>, bool)| {
        let mut cells = vec![Cell::text(group.name)];
        cells.extend(match shown.then(|| impacts.next()).flatten() {
            Some(found) => cells_of(sheet, group, &found, all, hit),
            None => withheld(columns.len() - 1),
        });
        cells
    };
    let rows = groups.iter().zip(shown).map(row).collect();
    Table { columns, rows, total: None }
}

/// Which groups are broken out.
fn shown(sheet: &Sheet<'_>, rates: &[Rate]) -> Vec<bool> {
    sheet.shown(&rates.iter().map(|rate| rate.of).collect::<Vec<_>>(), SMALLEST)
}

fn columns(language: Language) -> Vec<Column> {
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    vec![
        of("group", "组", "Group", Kind::Text),
        of("count", "人数", "Count", Kind::Count),
        of("selected", "其中", "Of these", Kind::Count),
        of("rate", "占比", "Rate", Kind::Share),
        of("impact_ratio", "影响比", "Impact ratio", Kind::Number),
        of("finding", "提示", "Finding", Kind::Text),
    ]
}

fn cells_of(sheet: &Sheet<'_>, group: &Tagged<'_>, found: &Impact, all: &Node, hit: &Node) -> Vec<Cell> {
    let language = sheet.language();
    let tagged = Node::Is(Condition::Tag(Named::exactly(group.tag)));
    let everything: Group = sheet.everything();
    let besides = |node: &Node| [tagged.clone(), all.clone(), node.clone()];
    let ratio = match (found.interval, found.ratio) {
        (Some(_), Some(_)) => estimated(found.interval),
        (None, Some(ratio)) => Cell::number(ratio),
        (_, None) => Cell::nothing(),
    };
    let finding = match (found.below_four_fifths, found.doubtful) {
        (true, false) => language.pick("低于五分之四", "below four fifths"),
        (true, true) => language.pick(
            "低于五分之四，但人数少或差异可能是偶然",
            "below four fifths, but few people, or maybe chance",
        ),
        (false, _) => "",
    };
    vec![
        sheet.cell(&everything, found.rate.of, [tagged.clone(), all.clone()]),
        sheet.cell(&everything, found.rate.hits, besides(hit)),
        sheet.share(&everything, found.rate, besides(hit)),
        ratio,
        if finding.is_empty() { Cell::nothing() } else { Cell::text(finding) },
    ]
}

fn notes(sheet: &Sheet<'_>, rates: &[Rate]) -> Vec<String> {
    let language = sheet.language();
    let mut notes = vec![
        language
            .pick(
                "影响比＝本组占比÷最高一组的占比。低于五分之四（0.8）时提示，恰为0.8不提示；这是美国EEOC的经验规则，纽约市第144号法没有规定界限。",
                "The impact ratio is the rate of the group divided by the highest rate. It is flagged below four fifths (0.8), and not at 0.8 itself: a rule of thumb of the EEOC; New York City's Local Law 144 sets no limit.",
            )
            .to_owned(),
    ];
    if shown(sheet, rates).contains(&false) {
        notes.push(
            language
                .pick(
                    "人数过少（不足5人）的组不列出，也不参与比较。",
                    "Groups that are too small (fewer than five) are withheld, and compared with none.",
                )
                .to_owned(),
        );
    }
    notes
}
