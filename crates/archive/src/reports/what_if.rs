//! What another rule would have changed: who would have passed the AI interview, and how the pass rate of the human
//! interview would have moved.

use dossier_access::{Action, Context, Resource};
use dossier_analytics::{Later, Rate, Rows, WhatIf};
use dossier_domain::{
    Language, Position, Reach, Scoring, Stage,
    text::{PositionName, SkillName},
};
use dossier_report::model::{Cell, Column, Kind, Part, Table};
use dossier_search::{
    Query,
    query::{Condition, Named, Node},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    figures::{estimated, in_points, withheld},
    outcomes::{decided, outcome},
    sheet::{Group, Sheet, column},
};
use crate::{Archive, Error, Result, proposals::check};

const STAGE: Stage = Stage::HumanInterview;

/// The subsets, in their order.
const FORMER: [usize; 2] = [0, 1];
const REVISED: [usize; 2] = [2, 3];
const LATER: [usize; 2] = [4, 5];

pub(super) struct Trial;

/// A rule on trial beside the one that holds.
#[derive(Debug, Clone)]
pub(super) struct Rules {
    pub(super) position: Node,
    pub(super) former: Scoring,
    pub(super) revised: Scoring,
}

impl Rules {
    /// # Errors
    /// [`Error::Invalid`] where one of them has no pass mark, so that nobody passes or fails by it.
    pub(super) fn new(position: &Position, revised: Scoring) -> Result<Self> {
        let former = position.scoring();
        if former.pass_mark.is_none() || revised.pass_mark.is_none() {
            return Err(Error::invalid(
                format!("岗位“{}”现在的规则和试算的规则都要有通过分数线", position.name),
                format!("both the rule of {} and the one on trial need a pass mark", position.name),
            ));
        }
        Ok(Self { position: of_position(position), former, revised })
    }
}

fn of_position(position: &Position) -> Node {
    Node::Is(Condition::Position(Named::exactly(position.name.as_str())))
}

fn judged(rule: &Scoring, passed: bool) -> Node {
    Node::Is(Condition::Judged { rule: rule.clone(), passed })
}

/// Whom a rule lets pass, of those that the other one can judge as well: only they are compared.
fn passing(rule: &Scoring, other: &Scoring) -> [Node; 2] {
    [judged(rule, true), Node::Any(vec![judged(other, true), judged(other, false)])]
}

/// What finds those for a position whom a rule lets pass, of those that the other one can judge as well.
pub(crate) fn passed_by(query: &Query, position: &Position, rule: &Scoring, other: &Scoring) -> Query {
    query.and([of_position(position)].into_iter().chain(passing(rule, other)))
}

impl Measuring for Trial {
    fn among(&self, asked: &Asked) -> Vec<Node> {
        asked.rules.iter().map(|rules| rules.position.clone()).collect()
    }

    fn wants(&self, asked: &Asked) -> Wants {
        let subsets = asked.rules.iter().flat_map(|Rules { former, revised, .. }| {
            let rules = [former, former, revised, revised].into_iter().zip([true, false, true, false]);
            rules
                .map(|(rule, passed)| judged(rule, passed))
                .chain([outcome(STAGE, true), outcome(STAGE, false)])
        });
        Wants { subsets: subsets.collect(), ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let Some(rules) = &sheet.asked.rules else {
            return Err(Error::invalid(
                "请给出岗位和要试算的规则（占比、分数线）",
                "give a position and the rule to be tried (shares and pass mark)",
            ));
        };
        let everything = sheet.everything();
        let found = parted(sheet);
        Ok(vec![who(sheet, rules, &everything, &found), rates(sheet, rules, &everything, &found)])
    }
}

fn parted(sheet: &Sheet<'_>) -> WhatIf {
    let mut found = WhatIf::default();
    for (place, part) in sheet.columns.parts.iter().enumerate() {
        let of = |[yes, no]: [usize; 2]| {
            move |row: usize| match (sheet.is_in(place, yes, row), sheet.is_in(place, no, row)) {
                (false, false) => None,
                (yes, _) => Some(yes),
            }
        };
        let rows = Rows::with_bits(part.rows.words(), part.len);
        found.add(rows, of(FORMER), of(REVISED), of(LATER));
    }
    found
}

fn columns(language: Language, first: Column) -> Vec<Column> {
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    vec![
        first,
        of("count", "人数", "Count", Kind::Count),
        of("known", "人工面试已有结果", "With a human outcome", Kind::Count),
        of("passed_later", "其中通过", "Passed of these", Kind::Count),
        of("later_rate", "人工面试通过率", "Pass rate of the human interview", Kind::Share),
    ]
}

/// The cells of people who are found by these conditions.
fn cells(sheet: &Sheet<'_>, everything: &Group, people: Later, found_by: &[Node]) -> Vec<Cell> {
    if sheet.is_small(people.count) {
        return withheld(4);
    }
    let besides = |more: Option<Node>| found_by.iter().cloned().chain(more).collect::<Vec<_>>();
    let known = decided(STAGE);
    vec![
        sheet.cell(everything, people.count, besides(None)),
        sheet.cell(everything, people.known.of, besides(Some(known))),
        sheet.cell(everything, people.known.hits, besides(Some(outcome(STAGE, true)))),
        sheet.share(everything, people.known, besides(Some(outcome(STAGE, true)))),
    ]
}

/// Who would have passed by which rule.
fn who(sheet: &Sheet<'_>, rules: &Rules, everything: &Group, found: &WhatIf) -> Part {
    let language = sheet.language();
    let of = |chinese, english, people, former, revised| {
        let found_by = [judged(&rules.former, former), judged(&rules.revised, revised)];
        let mut row = vec![Cell::text(language.pick(chinese, english))];
        row.extend(cells(sheet, everything, people, &found_by));
        row
    };
    let rows = vec![
        of("两种规则都通过", "Pass by both rules", found.kept, true, true),
        of("仅新规则通过", "Pass by the new rule alone", found.gained, false, true),
        of("仅现行规则通过", "Pass by the present rule alone", found.lost, true, false),
        of("都不通过", "Pass by neither", found.out, false, false),
    ];
    let mut notes = vec![
        language
            .pick(
                "人工面试的结果只有参加过的人才有。仅新规则通过的人当时大多没有参加，他们会怎样无从得知；参加了的是例外，也未必像其他人。",
                "Only those who came to the human interview have an outcome. Most of those whom the new rule alone lets pass never came, and what they would have done can't be known; those who did come are exceptions, and may not be like the others.",
            )
            .to_owned(),
    ];
    if found.unjudged > 0 {
        notes.push(match language {
            Language::Chinese => {
                format!("另有{}人缺少得分，按其中一种规则无法判断，不计入。", found.unjudged)
            }
            Language::English => format!(
                "{} more lack the scores to be judged by one of the rules and are left out.",
                found.unjudged
            ),
        });
    }
    let first = column("group", language.pick("按规则", "By rule"), Kind::Text);
    Part {
        title: language.pick("谁会通过AI面试", "Who would pass the AI interview").to_owned(),
        notes,
        table: Table { columns: columns(language, first), rows, total: None },
        chart: None,
    }
}

/// How the pass rate of the human interview would have moved.
fn rates(sheet: &Sheet<'_>, rules: &Rules, everything: &Group, found: &WhatIf) -> Part {
    let language = sheet.language();
    let first = column("rule", language.pick("规则", "Rule"), Kind::Text);
    let mut columns = columns(language, first);
    let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
    columns.push(of("least", "至少", "At the least", Kind::Share));
    columns.push(of("most", "至多", "At the most", Kind::Share));
    columns.push(of("change", "变化（百分点）", "Change (points)", Kind::Points));
    let row = |label: &str, rule: &Scoring, other: &Scoring, people: Later, change: Cell| {
        let mut row = vec![Cell::text(format!("{label}（{}）", rule.label(language)))];
        let mut cells = cells(sheet, everything, people, &passing(rule, other));
        let bounds = people.bounds().filter(|_| !sheet.is_small(people.count));
        cells.extend(match bounds {
            Some((least, most)) => [Cell::number(least), Cell::number(most), change],
            None => [Cell::nothing(), Cell::nothing(), Cell::nothing()],
        });
        row.extend(cells);
        row
    };
    let change = if found.former().known == Rate::default() {
        Cell::nothing()
    } else {
        estimated(found.change().map(in_points))
    };
    let Rules { former, revised, .. } = rules;
    let rows = vec![
        row(language.pick("现行", "Present"), former, revised, found.former(), Cell::nothing()),
        row(language.pick("试算", "On trial"), revised, former, found.revised(), change),
    ];
    Part {
        title: language.pick("人工面试通过率会怎样变", "How the human pass rate would move").to_owned(),
        notes: vec![
            language
                .pick(
                    "通过率只算已有结果的人；“至少”和“至多”是假定没有结果的人全部不通过或全部通过。变化的95%区间只含抽样的不确定，不含没有结果的人带来的不确定。",
                    "The pass rate is of those with an outcome; the least and the most it could be are if all others had failed, or passed. The 95 % interval of the change covers chance alone, not what is unknown of those without an outcome.",
                )
                .to_owned(),
            language
                .pick(
                    "试算不改动供应商的得分。要采用，请保存为方案，由有权的人应用到岗位。",
                    "A trial changes no vendor's score. To adopt the rule, save it as a proposal, which a person applies to the position.",
                )
                .to_owned(),
        ],
        table: Table { columns, rows, total: None },
        chart: None,
    }
}

impl Archive {
    /// The assessments that applications for a position have, those that most have first: what a rule can weigh.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no positions; [`Error::NotFound`].
    pub async fn assessments(&self, ctx: &Context, position: &PositionName) -> Result<Vec<SkillName>> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let position = self.position_called(position).await?.value;
        let intent = self.journal.intend(permit.part("list_assessments")?.on(position.id)).await?;
        let (scope, zone) = (ctx.scope(), self.settings().zone);
        let query = Query::everything().and([of_position(&position)]);
        let found = self.with_index(move |index| index.skills(&query, &scope, zone)).await;
        self.conclude(intent, &found, &[]);
        found
    }

    /// The rule of a position beside one that is tried.
    pub(super) async fn rules(
        &self,
        ctx: &Context,
        position: &PositionName,
        rule: &Scoring,
    ) -> Result<Rules> {
        // What the rule of a position is, is only for who may change it.
        let _ = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        check(rule)?;
        Rules::new(&self.position_called(position).await?.value, rule.clone())
    }

    /// What a rule would have meant for past applications of a position: of the old rule, and of the new one.
    pub(crate) async fn try_rule(
        &self,
        ctx: &Context,
        position: &Position,
        to: &Scoring,
        query: &str,
    ) -> Result<(Reach, Reach)> {
        let rules = Rules::new(position, to.clone())?;
        let asked = Asked::on_trial(Query::parse(query)?, rules);
        let found = self.gathered(ctx, &Trial, asked, |sheet| Ok(parted(sheet))).await?;
        let reach = |people: Later| Reach {
            passed: people.count,
            known: people.known.of,
            known_passed: people.known.hits,
        };
        Ok((reach(found.former()), reach(found.revised())))
    }
}
