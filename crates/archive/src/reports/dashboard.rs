//! What HR looks at first: a few figures of several reports, each with the question of the whole one.

use chrono::Datelike;
use dossier_access::{Action, Context, Resource, Word};
use dossier_domain::{Language, Month};
use dossier_report::model::Part;
use dossier_search::{Dimension, Query};

use super::{Measure, Period, ReportWords};
use crate::{Archive, Error, Result};

/// So many months the course of the pass rate goes back.
const MONTHS: u32 = 12;

/// Figures of several reports.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The quarter that is compared with the one before.
    pub quarter: Period,
    /// The pass rate of the quarter against the one before.
    pub pass_rate: Glance,
    /// The same of the funnel, with days per stage and from the interview to being hired.
    pub pace: Glance,
    /// The same of how long materials take to be here.
    pub lateness: Glance,
    /// The pass rate of each month of the last year.
    pub course: Glance,
    /// The pass rate of each position in the quarter.
    pub positions: Glance,
    /// The funnel of the last year.
    pub funnel: Glance,
    /// What answers are about, where that is told.
    pub answers: Option<Glance>,
}

/// A report for a dashboard.
#[derive(Debug, Clone)]
pub struct Glance {
    /// What it is called.
    pub title: String,
    /// What asks for it.
    pub words: ReportWords,
    /// Its parts.
    pub parts: Vec<Part>,
}

impl Archive {
    /// Figures of the applications that a query finds, up to the quarter of this month. The log has one look.
    ///
    /// # Errors
    /// As [`Archive::report`].
    pub async fn dashboard(
        &self,
        ctx: &Context,
        query: &str,
        newest: Month,
        language: Language,
    ) -> Result<Dashboard> {
        let permit = self.authorise(ctx, Action::Report, &Resource::Archive).await?;
        let query = Query::parse(query)?;
        let intent = self.journal.intend(permit.on(Word::parse("dashboard")?)).await?;
        let made = Box::pin(self.glances(ctx, &query, newest, language)).await;
        self.conclude(intent, &made, &[]);
        made
    }

    async fn glances(
        &self,
        ctx: &Context,
        query: &Query,
        newest: Month,
        language: Language,
    ) -> Result<Dashboard> {
        let none = || Error::invalid("日历上没有这个季度", "the calendar has no such quarter");
        let quarter = Period::quarter_of(newest.first_day()).ok_or_else(none)?;
        let year = Period::up_to(quarter.last, MONTHS).ok_or_else(none)?;
        let ask = |measure: Measure, query: Query| ReportWords {
            measure: measure.name().to_owned(),
            query: query.text(language),
            ..ReportWords::default()
        };
        let compared = |measure| ReportWords { period: quarter.written(), ..ask(measure, query.clone()) };
        let within = |measure, period: Period| ask(measure, query.and([period.condition()]));
        let by = |dimension: Dimension, words| ReportWords { by: vec![dimension.name().to_owned()], ..words };
        let glance = |words| self.glance(ctx, words, language);
        let answers = async {
            match Measure::find("answers") {
                Some(measure) => glance(within(measure, quarter)).await.map(Some),
                None => Ok(None),
            }
        };
        // Each is counted on a thread of its own.
        let (pass_rate, pace, lateness, course, positions, funnel, answers) = futures::try_join!(
            glance(compared(Measure::PassRate)),
            glance(compared(Measure::Funnel)),
            glance(compared(Measure::Lateness)),
            glance(by(Dimension::Month, within(Measure::PassRate, year))),
            glance(by(Dimension::Position, within(Measure::PassRate, quarter))),
            glance(within(Measure::Funnel, year)),
            answers,
        )?;
        Ok(Dashboard { quarter, pass_rate, pace, lateness, course, positions, funnel, answers })
    }

    async fn glance(&self, ctx: &Context, words: ReportWords, language: Language) -> Result<Glance> {
        let request = words.request(language)?;
        let no_search = || Error::invalid("此报表不是检索", "this report is no search");
        let measuring = request.measure.of().ok_or_else(no_search)?;
        let asked = self.asked(ctx, measuring, &request).await?;
        let parts = self.measured(ctx, measuring, &asked).await?;
        Ok(Glance { title: asked.title(request.measure), words, parts })
    }
}

impl Period {
    /// The quarter of a day.
    fn quarter_of(day: chrono::NaiveDate) -> Option<Self> {
        let first = chrono::NaiveDate::from_ymd_opt(day.year(), day.month0() / 3 * 3 + 1, 1)?;
        Self::of_months(first, 3)
    }
}
