//! What an address asks for.

use dossier_archive::{Measure, ReportRequest};
use dossier_domain::Language;
use dossier_search::Dimension;
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form,
};

/// What is asked for in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// The name of a measure; none for the overview.
    pub(super) measure: String,
    /// Names of dimensions, in their order.
    pub(super) by: Vec<String>,
    /// The conditions.
    pub(super) q: String,
}

impl Asked {
    /// Reads the query of an address; dimensions may stand in one, with commas between.
    pub(super) fn read(query: &[u8]) -> Result<Self> {
        let asked: Self = form::read(query)?;
        let by = asked.by.iter().flat_map(|by| by.split(',')).map(str::trim);
        let by = by.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self { by, ..asked })
    }

    /// The address that asks for this.
    pub(super) fn address(&self, path: &str) -> String {
        self.address_with(path, &[])
    }

    /// The address that asks for this and says something more.
    pub(super) fn address_with(&self, path: &str, more: &[(&str, &str)]) -> String {
        let (measure, by, q) = (self.measure.as_str(), self.by.join(","), self.q.as_str());
        crate::parts::address(path, &[&[("measure", measure), ("by", &by), ("q", q)], more].concat())
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
        let measure = Measure::find(&self.measure).ok_or_else(|| unknown(&self.measure))?;
        let by = self.by.iter().map(|name| Dimension::find(name).ok_or_else(|| unknown(name)));
        Ok(ReportRequest {
            measure,
            query: self.q.clone(),
            by: by.collect::<Result<_>>()?,
            language,
            on_trial: None,
        })
    }
}

fn unknown(name: &str) -> Failure {
    let name: String = name.chars().take(40).collect();
    Failure::bad(
        format!("没有“{name}”；请从页面上选择"),
        format!("there is no `{name}`; choose from what the page offers"),
    )
}
