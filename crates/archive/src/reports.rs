//! Reports: a search plus a measure. A report takes the same conditions as a search, counts only what the actor may see,
//! and behind every number stands the query that finds exactly what was counted.
//!
//! A measure is a file here: it says which columns it needs and of which applications, gets them as a [`Sheet`], and makes
//! parts of a report from it. [`Measure::of`] knows them all.

mod asked;
mod completeness;
mod cube;
mod funnel;
mod lateness;
mod material_use;
mod pass_rate;
mod scores;
mod sheet;

use dossier_access::{Action, Context, Reason, Resource};
use dossier_domain::Language;
use dossier_report::{
    Locale,
    model::{Part, Report},
};
use dossier_search::{
    Dimension,
    columns::{Number, Wanted},
    query::Node,
};

use self::{asked::Asked, sheet::Sheet};
use crate::{Archive, Error, Result};

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
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 6] =
        [Self::PassRate, Self::Funnel, Self::Scores, Self::Completeness, Self::Lateness, Self::Use];

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::PassRate => "pass_rate",
            Self::Funnel => "funnel",
            Self::Scores => "scores",
            Self::Completeness => "completeness",
            Self::Lateness => "lateness",
            Self::Use => "use",
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
}

/// How a measure measures.
trait Measuring: Sync {
    /// What must hold of an application besides the query to be counted at all.
    fn among(&self) -> Vec<Node> {
        Vec::new()
    }

    /// What it looks at.
    fn wants(&self) -> Wants;

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
    /// groupings that can't be.
    pub async fn report(&self, ctx: &Context, request: ReportRequest) -> Result<Report> {
        let Some(measuring) = request.measure.of() else { return self.report_use(ctx, &request).await };
        let permit = self.authorise(ctx, Action::Report, &Resource::Archive).await?;
        let asked = Asked::read(&request, ctx.smallest_group())?;
        let made_by = ctx.actor().user().ok_or(Error::Denied(Reason::NotYourDuty))?.login.clone();
        let measure = request.measure;
        let intent = self.journal.intend(permit.on(dossier_access::Word::parse(measure.name())?)).await?;
        let parts = self.measured(ctx, measuring, asked).await;
        self.conclude(intent, &parts, &[]);
        let language = request.language;
        let (asked, parts) = parts?;
        Ok(Report {
            title: asked.title(measure),
            asked: asked.facts(),
            made_at: ctx.now(),
            made_by,
            locale: Locale { language, zone: self.settings().zone },
            parts,
        })
    }

    async fn measured(
        &self,
        ctx: &Context,
        measuring: &'static dyn Measuring,
        asked: Asked,
    ) -> Result<(Asked, Vec<Part>)> {
        let (scope, zone) = (ctx.scope(), self.settings().zone);
        self.with_index(move |index| {
            let query = asked.query.and(measuring.among());
            let Wants { dimensions, numbers, subsets } = measuring.wants();
            let dimensions: Vec<Dimension> = asked.by.iter().copied().chain(dimensions).collect();
            let columns = index.columns(&Wanted {
                query: &query,
                scope: &scope,
                zone,
                dimensions: &dimensions,
                numbers: &numbers,
                subsets: &subsets,
            })?;
            let sheet = Sheet { asked: &asked, query: &query, dimensions: &dimensions, columns: &columns };
            Ok(measuring.parts(&sheet).map(|parts| (asked.clone(), parts)))
        })
        .await?
    }
}
