//! Reports: a search plus a measure. A report takes the same conditions as a search, counts only what the actor may see,
//! and behind every number stands the query that finds exactly what was counted.
//!
//! A measure is a file here: it says which columns it needs and of which applications, gets them as a `Sheet`, and makes
//! parts of a report from it. `Measure::of` knows them all.

mod abilities;
mod agreement;
mod answers;
mod asked;
mod compared;
mod completeness;
mod cube;
mod dashboard;
mod fairness;
mod figures;
mod funnel;
mod lateness;
mod material_use;
mod outcomes;
mod pass_rate;
mod periods;
mod scores;
mod sheet;
mod thresholds;
mod what_if;
mod withholding;
mod words;

use dossier_access::{Action, Context, Resource, Word};
use dossier_domain::{Language, Scoring, text::PositionName};
use dossier_report::{
    Format, Locale,
    model::{Part, Report},
};
use dossier_search::{
    Dimension,
    columns::{Number, Wanted},
    query::Node,
};

use self::{asked::Asked, compared::compared, sheet::Sheet};
pub use self::{
    dashboard::{Dashboard, Glance},
    periods::{Period, Periods, Preset},
    words::{ReportWords, scoring},
};
pub(crate) use self::{figures::estimated, what_if::passed_by};
use crate::{
    Archive, Result,
    permit::{Permit, person},
};

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How many pass the AI interview.
    PassRate,
    /// How many come to which stage, and how long they stay.
    Funnel,
    /// How AI scores are distributed.
    Scores,
    /// Which materials are there.
    Completeness,
    /// How long after an interview its materials are there.
    Lateness,
    /// How much materials are viewed and downloaded, and by which roles.
    Use,
    /// How abilities are distributed.
    Abilities,
    /// How far the AI and people agree.
    Agreement,
    /// What answers are about, over time.
    Answers,
    /// How groups fare.
    Fairness,
    /// Which assessment tells who passes the human interview.
    Thresholds,
    /// What another rule would have changed.
    WhatIf,
}

/// A rule that is tried on past applications.
#[derive(Debug, Clone)]
pub struct OnTrial {
    /// The position.
    pub position: PositionName,
    /// The rule.
    pub rule: Scoring,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 12] = [
        Self::PassRate,
        Self::Funnel,
        Self::Scores,
        Self::Completeness,
        Self::Lateness,
        Self::Use,
        Self::Abilities,
        Self::Agreement,
        Self::Answers,
        Self::Fairness,
        Self::Thresholds,
        Self::WhatIf,
    ];

    /// Those that conditions alone ask for: all but the trial of a rule, which needs the rule besides.
    pub fn by_conditions() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|measure| *measure != Self::WhatIf)
    }

    /// Whether two times can be compared in it: it consists of counts and of what is estimated for each group.
    pub fn compares(self) -> bool {
        match self {
            Self::PassRate
            | Self::Funnel
            | Self::Scores
            | Self::Completeness
            | Self::Lateness
            | Self::Abilities
            | Self::Agreement
            | Self::Answers => true,
            Self::Use | Self::Fairness | Self::Thresholds | Self::WhatIf => false,
        }
    }

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::PassRate => "pass_rate",
            Self::Funnel => "funnel",
            Self::Scores => "scores",
            Self::Completeness => "completeness",
            Self::Lateness => "lateness",
            Self::Use => "use",
            Self::Abilities => "abilities",
            Self::Agreement => "agreement",
            Self::Answers => "answers",
            Self::Fairness => "fairness",
            Self::Thresholds => "thresholds",
            Self::WhatIf => "what_if",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        match self {
            Self::PassRate => language.pick("AI面试通过率", "Pass rate of the AI interview"),
            Self::Funnel => language.pick("招聘漏斗与用时", "Funnel and days per stage"),
            Self::Scores => language.pick("AI得分分布", "Distribution of AI scores"),
            Self::Completeness => language.pick("资料完整度", "Completeness of materials"),
            Self::Lateness => language.pick("资料入库时效", "Time until materials are here"),
            Self::Use => language.pick("资料使用情况", "Use of materials"),
            Self::Abilities => language.pick("能力分布", "Distribution of abilities"),
            Self::Agreement => language.pick("AI与人工的一致性", "Agreement of the AI and people"),
            Self::Answers => language.pick("答案趋势", "Trends in answers"),
            Self::Fairness => language.pick("公平性", "Fairness"),
            Self::Thresholds => language.pick("测评分界", "Cut-offs of assessments"),
            Self::WhatIf => language.pick("规则试算", "Trial of a rule"),
        }
    }

    /// The measure of this name, with `-` or `_`.
    pub fn find(name: &str) -> Option<Self> {
        let wanted = name.trim().to_lowercase().replace('-', "_");
        Self::ALL.into_iter().find(|measure| measure.name() == wanted)
    }

    /// How it measures; `None` for what is no search.
    fn of(self) -> Option<&'static dyn Measuring> {
        Some(match self {
            Self::PassRate => &pass_rate::PassRate,
            Self::Funnel => &funnel::Funnel,
            Self::Scores => &scores::Scores,
            Self::Completeness => &completeness::Completeness,
            Self::Lateness => &lateness::Lateness,
            Self::Abilities => &abilities::Abilities,
            Self::Agreement => &agreement::Agreement,
            Self::Answers => &answers::Trends,
            Self::Fairness => &fairness::Fairness,
            Self::Thresholds => &thresholds::Thresholds,
            Self::WhatIf => &what_if::Trial,
            Self::Use => return None,
        })
    }
}

/// What is asked of a report.
#[derive(Debug, Clone)]
pub struct ReportRequest {
    /// What is measured …
    pub measure: Measure,
    /// … of the applications that this finds …
    pub query: String,
    /// … for each group of these; together where there are none.
    pub by: Vec<Dimension>,
    /// The language of the report.
    pub language: Language,
    /// The rule that [`Measure::WhatIf`] tries.
    pub on_trial: Option<OnTrial>,
    /// Two times that are compared.
    pub periods: Option<Periods>,
}

/// How a measure measures.
trait Measuring: Sync {
    /// What must hold of an application besides the query to be counted at all.
    fn among(&self, _: &Asked) -> Vec<Node> {
        Vec::new()
    }

    /// Whether it looks at each assessment that there is, which must be found first.
    fn looks_at_assessments(&self) -> bool {
        false
    }

    /// Whether it looks at what was answered, for which questions and words must be found first.
    fn looks_at_answers(&self) -> bool {
        false
    }

    /// Conditions as long as its own can be, besides those of groups: a query must have room for them.
    fn longest(&self) -> Vec<Node> {
        Vec::new()
    }

    /// What it looks at.
    fn wants(&self, asked: &Asked) -> Wants;

    /// Makes the parts of the report.
    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>>;
}

/// What a measure looks at, besides what it is grouped by.
#[derive(Debug, Default)]
struct Wants {
    dimensions: Vec<Dimension>,
    numbers: Vec<Number>,
    subsets: Vec<Node>,
}

impl Archive {
    /// Makes a report. What was committed before the call is counted.
    ///
    /// # Errors
    /// [`Error::Query`](crate::Error::Query) that points at the mistake; [`Error::Invalid`](crate::Error::Invalid) for
    /// groupings or times that can't be.
    pub async fn report(&self, ctx: &Context, request: ReportRequest) -> Result<Report> {
        self.report_as(ctx, request, None).await
    }

    /// As [`Archive::report`], to be taken away as a file of this format, which the log tells.
    pub(crate) async fn report_as(
        &self,
        ctx: &Context,
        request: ReportRequest,
        format: Option<Format>,
    ) -> Result<Report> {
        let Some(measuring) = request.measure.of() else {
            return self.report_use(ctx, &request, format).await;
        };
        let permit = self.authorise(ctx, Action::Report, &Resource::Archive).await?;
        let asked = self.asked(ctx, measuring, &request).await?;
        let made_by = person(ctx)?.login.clone();
        let intent = self.journal.intend(to_be_made(permit, request.measure, format)?).await?;
        let parts = self.measured(ctx, measuring, &asked).await;
        self.conclude(intent, &parts, &[]);
        Ok(Report {
            title: asked.title(request.measure),
            asked: asked.facts(),
            made_at: ctx.now(),
            made_by,
            locale: Locale { language: request.language, zone: self.settings().zone },
            parts: parts?,
        })
    }

    /// What a request asks, judged.
    async fn asked(
        &self,
        ctx: &Context,
        measuring: &dyn Measuring,
        request: &ReportRequest,
    ) -> Result<Asked> {
        let besides = measuring.longest();
        let mut asked = Asked::read(request, &besides, ctx.smallest_group())?;
        if measuring.looks_at_answers() {
            asked.answers.lexicon = self.known_lexicon().await?;
        }
        if let Some(OnTrial { position, rule }) = &request.on_trial {
            asked.rules = Some(self.rules(ctx, position, rule).await?);
        }
        if let Some(periods) = request.periods {
            let today = self.settings().zone.date(ctx.now());
            asked.compare(request.measure, periods.on(today)?, &besides)?;
        }
        Ok(asked)
    }

    /// The parts of a report; of both times, where two are compared.
    async fn measured(
        &self,
        ctx: &Context,
        measuring: &'static dyn Measuring,
        asked: &Asked,
    ) -> Result<Vec<Part>> {
        let parts = |asked| self.gathered(ctx, measuring, asked, |sheet| measuring.parts(sheet));
        let Some(periods) = asked.periods else { return parts(asked.clone()).await };
        let [former, present] = periods.map(|period| asked.within(period));
        let (former, present) = (parts(former).await?, parts(present).await?);
        let names = periods.map(|period| period.label(asked.language));
        Ok(compared([&former, &present], &names, asked.language))
    }

    /// What `make` makes of the columns that a measure wants.
    async fn gathered<T: Send + 'static>(
        &self,
        ctx: &Context,
        measuring: &'static dyn Measuring,
        asked: Asked,
        make: impl Fn(&Sheet<'_>) -> Result<T> + Send + Sync + 'static,
    ) -> Result<T> {
        let (scope, zone) = (ctx.scope(), self.settings().zone);
        self.with_index(move |index| {
            let query = asked.query.and(measuring.among(&asked));
            let assessments = match measuring.looks_at_assessments() {
                true => index.skills(&query, &scope, zone)?,
                false => Vec::new(),
            };
            let mut asked = Asked { assessments, ..asked.clone() };
            if measuring.looks_at_answers() {
                asked.answers = asked.answers.found(index, &asked, &query, &scope, zone)?;
            }
            let Wants { dimensions, numbers, subsets } = measuring.wants(&asked);
            let dimensions: Vec<Dimension> = asked.by.iter().copied().chain(dimensions).collect();
            let columns = index.columns(&Wanted {
                query: &query,
                scope: &scope,
                zone,
                dimensions: &dimensions,
                numbers: &numbers,
                subsets: &subsets,
            })?;
            let sheet = Sheet {
                asked: &asked,
                query: &query,
                dimensions: &dimensions,
                numbers: &numbers,
                columns: &columns,
            };
            Ok(make(&sheet))
        })
        .await?
    }
}

/// What the log says of a report: what is measured, and as what it is taken away.
fn to_be_made(permit: Permit, measure: Measure, format: Option<Format>) -> Result<Permit> {
    let permit = permit.on(Word::parse(measure.name())?);
    Ok(match format {
        Some(format) => permit.on(Word::parse(format.name())?),
        None => permit,
    })
}
