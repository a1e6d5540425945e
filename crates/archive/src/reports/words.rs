//! What is asked of a report in words: as it stands in addresses and on command lines, and as it is kept. The one place that
//! reads them.

use dossier_domain::{
    Language, Scoring,
    position::Weight,
    text::{PositionName, SkillName},
};
use dossier_search::Dimension;
use serde::{Deserialize, Serialize};

use super::{Measure, OnTrial, Periods, ReportRequest};
use crate::{Error, Result};

/// So many characters of what was given are repeated in an error.
const QUOTED: usize = 40;

/// What is asked of a report, in words.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReportWords {
    /// What is measured: `pass_rate`.
    pub measure: String,
    /// Of which applications: a query as people type it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// What it is grouped by: `position`; several may stand in one, with commas between.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<String>,
    /// A time that is compared with an earlier one: `2023-07..2023-09`, `quarter`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub period: String,
    /// The earlier time; the one right before, if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub against: String,
    /// The position of which a rule is tried.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub position: String,
    /// The shares of assessments in that rule, each as `Python=30`, in per cent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub weights: Vec<String>,
    /// Its pass mark.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pass_mark: String,
}

impl ReportWords {
    /// The same, with each grouping by itself and nothing empty.
    #[must_use]
    pub fn tidied(self) -> Self {
        let by = self.by.iter().flat_map(|by| by.split([',', '，'])).map(str::trim);
        let by = by.filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let weights = self.weights.iter().map(|weight| weight.trim().to_owned());
        let weights = weights.filter(|weight| !weight.is_empty()).collect();
        let trimmed = |text: &str| text.trim().to_owned();
        Self {
            by,
            weights,
            period: trimmed(&self.period),
            against: trimmed(&self.against),
            position: trimmed(&self.position),
            pass_mark: trimmed(&self.pass_mark),
            ..self
        }
    }

    /// The report that is asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a word that names nothing, or can't be read; it says which could stand there.
    pub fn request(&self, language: Language) -> Result<ReportRequest> {
        let words = self.clone().tidied();
        let measure = Measure::find(&words.measure)
            .ok_or_else(|| unknown(&words.measure, &Measure::ALL.map(Measure::name)))?;
        let by = words.by.iter().map(|name| {
            Dimension::find(name).ok_or_else(|| unknown(name, &Dimension::CHOICES.map(Dimension::name)))
        });
        Ok(ReportRequest {
            measure,
            by: by.collect::<Result<_>>()?,
            query: words.query.clone(),
            language,
            on_trial: words.on_trial()?,
            periods: Periods::read(&words.period, &words.against)?,
        })
    }

    /// The rule that is tried, where one is.
    fn on_trial(&self) -> Result<Option<OnTrial>> {
        if self.position.is_empty() {
            return match self.weights.is_empty() && self.pass_mark.is_empty() {
                true => Ok(None),
                false => {
                    Err(Error::invalid("请同时给出规则所属的岗位", "name the position whose rule this is"))
                }
            };
        }
        let position = PositionName::parse(&self.position)
            .map_err(|error| Error::invalid(format!("岗位名不可用：{error}"), error.to_string()))?;
        let rule = scoring(&self.weights, &self.pass_mark)?;
        Ok(Some(OnTrial { position, rule }))
    }
}

/// The rule of a position from what people write: `Python=30` for each assessment, and the pass mark.
///
/// # Errors
/// [`Error::Invalid`] for what is no share and no mark.
pub fn scoring(weights: &[String], pass_mark: &str) -> Result<Scoring> {
    let pass_mark = pass_mark.trim();
    let pass_mark = (!pass_mark.is_empty()).then(|| number(pass_mark).ok_or_else(|| no_mark(pass_mark)));
    let rule = Scoring {
        weights: weights.iter().map(|text| weight(text)).collect::<Result<_>>()?,
        pass_mark: pass_mark.transpose()?,
    };
    crate::proposals::check(&rule)?;
    Ok(rule)
}

fn weight(text: &str) -> Result<Weight> {
    let read = || {
        let (skill, percent) = text.rsplit_once(['=', '＝'])?;
        let percent = number(percent.trim().trim_end_matches(['%', '％']))?;
        // Rounded as a query writes it, so that both mean one rule.
        Some(Weight { skill: SkillName::parse(skill).ok()?, share: (percent * 1e6).round() / 1e8 })
    };
    let cut = quoted(text);
    read().ok_or_else(|| {
        Error::invalid(
            format!("“{cut}”不是占比；请写成 测评=百分数，例如 Python=30"),
            format!("`{cut}` is no share; write ASSESSMENT=PERCENT, such as Python=30"),
        )
    })
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite())
}

fn no_mark(text: &str) -> Error {
    let cut = quoted(text);
    Error::invalid(
        format!("“{cut}”不是分数线；请写 0 到 100 的数字"),
        format!("`{cut}` is no pass mark; write a number from 0 to 100"),
    )
}

pub(super) fn quoted(text: &str) -> String {
    text.chars().take(QUOTED).collect()
}

fn unknown(name: &str, known: &[&str]) -> Error {
    let (name, known) = (quoted(name), known.join(", "));
    Error::invalid(format!("没有“{name}”；可用：{known}"), format!("`{name}` is unknown; use: {known}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(measure: &str) -> ReportWords {
        ReportWords { measure: measure.to_owned(), ..ReportWords::default() }
    }

    #[test]
    fn words_are_read_or_it_is_said_what_could_stand_there() {
        let asked = ReportWords { by: vec!["position, month".into(), String::new()], ..words("pass-rate") };
        let request = asked.request(Language::English).unwrap();
        assert_eq!(request.by, [Dimension::Position, Dimension::Month]);
        for (asked, said) in [
            (words("x"), "pass_rate"),
            (ReportWords { by: vec!["y".into()], ..words("funnel") }, "quarter"),
            (ReportWords { weights: vec!["Python=30".into()], ..words("what_if") }, "position"),
            (
                ReportWords { position: "甲".into(), weights: vec!["Python".into()], ..words("what_if") },
                "PERCENT",
            ),
            (
                ReportWords { position: "甲".into(), weights: vec!["x=NaN".into()], ..words("what_if") },
                "PERCENT",
            ),
            (
                ReportWords { position: "甲".into(), weights: vec!["x=101".into()], ..words("what_if") },
                "100 %",
            ),
            (ReportWords { position: "甲".into(), pass_mark: "inf".into(), ..words("what_if") }, "0 to 100"),
            (ReportWords { period: "x".into(), ..words("pass_rate") }, "2023-07"),
            (ReportWords { against: "2023".into(), ..words("pass_rate") }, "time"),
        ] {
            let error = asked.request(Language::English).unwrap_err();
            assert!(error.to_string().contains(said), "{asked:?}: {error}");
        }
    }

    #[test]
    fn a_rule_is_written_in_per_cent() {
        let rule = scoring(&["a=b=12.5%".into(), "𠮷＝30".into()], "74").unwrap();
        let shares: Vec<_> = rule.weights.iter().map(|of| (of.skill.as_str(), of.share)).collect();
        assert_eq!(shares, [("a=b", 0.125), ("𠮷", 0.3)]);
        assert_eq!(rule.pass_mark, Some(74.0));
    }
}
