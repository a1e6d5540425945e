//! What an address asks for.

use dossier_archive::{Measure, ReportRequest, ReportWords};
use dossier_domain::Language;
use dossier_search::Dimension;
use serde::Deserialize;

use super::{PATH, what_if};
use crate::{failure::Result, form, parts::address};

/// What is asked for in the address; without a measure, the overview.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) measure: String,
    /// Names of dimensions, in their order.
    pub(super) by: Vec<String>,
    /// The conditions.
    pub(super) q: String,
    /// A time that is compared with the one before …
    pub(super) period: String,
    /// … or with this.
    pub(super) against: String,
    /// Dates instead of a time with a name.
    pub(super) dates: String,
    /// The position of which a rule is tried, and the rule.
    pub(super) position: String,
    pub(super) weight: Vec<String>,
    pub(super) pass_mark: String,
}

impl Asked {
    /// Reads the query of an address; dimensions may stand in one, with commas between.
    pub(super) fn read(query: &[u8]) -> Result<Self> {
        let asked: Self = form::read(query)?;
        let period = if asked.dates.trim().is_empty() { asked.period.clone() } else { asked.dates.clone() };
        let words = ReportWords { period, ..asked.words() };
        Ok(Self::from(words.tidied()))
    }

    /// What it asks, in the words of a report.
    pub(super) fn words(&self) -> ReportWords {
        let Self { measure, by, q, period, against, dates: _, position, weight, pass_mark } = self.clone();
        ReportWords { measure, query: q, by, period, against, position, weights: weight, pass_mark }
    }

    /// The page that shows this.
    pub(super) fn page(&self) -> String {
        match Measure::find(&self.measure) {
            Some(Measure::WhatIf) => self.address_with(what_if::PATH, &[]),
            _ => self.address_with(PATH, &[]),
        }
    }

    /// The address that asks for this and says something more.
    pub(super) fn address_with(&self, path: &str, more: &[(&str, &str)]) -> String {
        let by = self.by.join(",");
        let mut query = vec![("measure", self.measure.as_str()), ("by", &by), ("q", &self.q)];
        query.extend([("period", self.period.as_str()), ("against", &self.against)]);
        query.push(("position", &self.position));
        query.extend(self.weight.iter().map(|weight| ("weight", weight.as_str())));
        query.push(("pass_mark", &self.pass_mark));
        address(path, &[&query, more].concat())
    }

    /// The same with other conditions.
    pub(super) fn with(&self, q: &str) -> Self {
        Self { q: q.to_owned(), ..self.clone() }
    }

    /// Whether it is grouped by this.
    pub(super) fn is_by(&self, dimension: Dimension) -> bool {
        self.by.iter().any(|name| Dimension::find(name) == Some(dimension))
    }

    /// The report that is asked for.
    pub(super) fn request(&self, language: Language) -> Result<ReportRequest> {
        Ok(self.words().request(language)?)
    }
}

impl From<ReportWords> for Asked {
    fn from(of: ReportWords) -> Self {
        let ReportWords { measure, query, by, period, against, position, weights, pass_mark } = of;
        let dates = String::new();
        Self { measure, by, q: query, period, against, dates, position, weight: weights, pass_mark }
    }
}
