//! What was asked of a report, read and judged.

use dossier_domain::{Language, text::SkillName};
use dossier_report::model::Fact;
use dossier_search::{
    Dimension, Query,
    columns::Number,
    query::{Condition, Named, Node},
};

use super::{Measure, Period, ReportRequest, answers::Answers, what_if::Rules};
use crate::{Error, Result};

/// So many groupings at once; more make tables that nobody reads.
const MOST_GROUPINGS: usize = 3;

/// So many assessments are looked at at once, those that most have.
const MOST_ASSESSMENTS: usize = 40;

/// What was asked of a report.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) query: Query,
    pub(super) by: Vec<Dimension>,
    pub(super) language: Language,
    /// The smallest group of which figures are given.
    pub(super) smallest_group: u64,
    /// The skills that were assessed in what is found, those that most have first.
    pub(super) assessments: Vec<SkillName>,
    /// The rules that are compared.
    pub(super) rules: Option<Rules>,
    /// What answers are looked at for.
    pub(super) answers: Answers,
    /// The times that are compared, the former first.
    pub(super) periods: Option<[Period; 2]>,
}

impl Asked {
    /// Reads a request. `besides` are conditions as long as the measure's own can be.
    pub(super) fn read(request: &ReportRequest, besides: &[Node], smallest_group: u64) -> Result<Self> {
        let query = Query::parse(&request.query)?;
        let by = request.by.clone();
        if by.len() > MOST_GROUPINGS {
            return Err(Error::invalid(
                format!("最多按{MOST_GROUPINGS}项分组"),
                format!("a report is grouped by {MOST_GROUPINGS} properties at most"),
            ));
        }
        if let Some(twice) = by.iter().enumerate().find(|(place, of)| by[..*place].contains(of)) {
            let label = |language| twice.1.label(language);
            return Err(Error::invalid(
                format!("“{}”重复了", label(Language::Chinese)),
                format!("{} is named twice", label(Language::English)),
            ));
        }
        leaves_room(&query, besides)?;
        Ok(Self { by, ..Self::plain(query, request.language, smallest_group) })
    }

    /// A rule on trial, of which nobody reads a report.
    pub(super) fn on_trial(query: Query, rules: Rules) -> Self {
        Self { rules: Some(rules), ..Self::plain(query, Language::Chinese, 1) }
    }

    fn plain(query: Query, language: Language, smallest_group: u64) -> Self {
        Self {
            query,
            by: Vec::new(),
            language,
            smallest_group,
            assessments: Vec::new(),
            rules: None,
            answers: Answers::default(),
            periods: None,
        }
    }

    /// Compares two times. `besides` are conditions as long as the measure's own can be.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a measure of which there is nothing to compare, and for groups that only one of them has.
    pub(super) fn compare(&mut self, measure: Measure, periods: [Period; 2], besides: &[Node]) -> Result<()> {
        if !measure.compares() {
            let label = |language| measure.label(language);
            return Err(Error::invalid(
                format!("“{}”不能对比两个时段", label(Language::Chinese)),
                format!("two times can't be compared in this report: {}", label(Language::English)),
            ));
        }
        if self.by.iter().any(|of| of.is_time()) {
            return Err(Error::invalid(
                "对比两个时段时不能再按月份或季度分组",
                "a comparison of two times can't be grouped by month or quarter as well",
            ));
        }
        self.periods = Some(periods);
        periods.iter().try_for_each(|period| leaves_room(&self.within(*period).query, besides))
    }

    /// The same, of what was at that time.
    pub(super) fn within(&self, period: Period) -> Self {
        Self { query: self.query.and([period.condition()]), periods: None, ..self.clone() }
    }

    /// The AI score and the scores of assessments, those that most have first.
    pub(super) fn numbers(&self) -> Vec<Number> {
        let skills = self.assessments.iter().take(MOST_ASSESSMENTS).cloned().map(Number::Skill);
        std::iter::once(Number::Score).chain(skills).collect()
    }

    /// What is said where more was assessed than is looked at.
    pub(super) fn assessments_left_out(&self) -> Option<String> {
        let all = self.assessments.len();
        (all > MOST_ASSESSMENTS).then(|| match self.language {
            Language::Chinese => format!("共有 {all} 项测评，这里是参加人数最多的 {MOST_ASSESSMENTS} 项。"),
            Language::English => {
                format!("There are {all} assessments, and these are the {MOST_ASSESSMENTS} that most took.")
            }
        })
    }

    pub(super) fn title(&self, measure: Measure) -> String {
        let (language, measure) = (self.language, measure.label(self.language));
        let by: Vec<_> = self.by.iter().map(|of| of.label(language)).collect();
        let by = by.join(language.pick("、", ", "));
        let title = match language {
            _ if by.is_empty() => measure.to_owned(),
            Language::Chinese => format!("{measure}（按{by}）"),
            Language::English => format!("{measure} by {}", by.to_lowercase()),
        };
        let Some([former, present]) = self.periods.map(|periods| periods.map(|of| of.label(language))) else {
            return title;
        };
        match language {
            Language::Chinese => format!("{title}：{present}与{former}对比"),
            Language::English => format!("{title}: {present} against {former}"),
        }
    }

    pub(super) fn facts(&self) -> Vec<Fact> {
        let conditions: Vec<String> =
            self.query.parts().iter().map(|part| Query::label(part, self.language)).collect();
        let conditions = match conditions.as_slice() {
            [] => self.language.pick("全部应聘", "all applications").to_owned(),
            some => some.join(self.language.pick("；", "; ")),
        };
        let periods = self.periods.map(|[former, present]| Fact {
            name: self.language.pick("对比", "Compared").to_owned(),
            text: [
                (self.language.pick("前", "before"), former),
                (self.language.pick("后", "after"), present),
            ]
            .map(|(which, of)| format!("{which}{}{}–{}", self.language.pick("：", ": "), of.first, of.last))
            .join(self.language.pick("；", "; ")),
        });
        let conditions =
            Fact { name: self.language.pick("条件", "Conditions").to_owned(), text: conditions };
        std::iter::once(conditions).chain(periods).collect()
    }
}

/// Refuses a query to which the conditions of a cell could not be added any more.
fn leaves_room(query: &Query, besides: &[Node]) -> Result<()> {
    let name = |_| Node::Is(Condition::Position(Named::exactly(&"\"".repeat(80))));
    let stage = |_| Node::Not(Box::new(Node::Is(Condition::Reached(dossier_domain::Stage::BackgroundCheck))));
    let fuller = query.and((0..4).map(name).chain((0..8).map(stage)).chain(besides.iter().cloned()));
    let fits = |language| Query::parse(&fuller.text(language)).is_ok();
    if fits(Language::Chinese) && fits(Language::English) {
        return Ok(());
    }
    Err(Error::invalid(
        "查询对报表来说太长了，请减少条件",
        "the query is too long for a report; use fewer conditions",
    ))
}
