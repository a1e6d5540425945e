//! The bank's own process: what its stages are called, into which steps it divides them, which moves there are, and
//! which of them a rule suggests.
//!
//! The stages themselves are a closed set, since rights, search and reports depend on them. What a bank adds are steps
//! *within* a stage, such as 初面 and 终面 within the human interview: whoever sees the stage sees the step. A step that
//! is given up stays known, so that history can be read; what stands in it counts as standing in its stage.

mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use rules::{Bar, MoveRule, RuleError};

use crate::{
    Language, Outcome, Stage,
    text::{Line, StepKey},
};

/// So many steps a process has at most, those that were given up included, and so many rules.
pub const MOST_STEPS: usize = 60;

/// The bank's own process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Process {
    /// The bank's own names for stages; the others keep theirs.
    #[serde(default)]
    pub names: BTreeMap<Stage, Label>,
    /// The steps, those of one stage in their order.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// Which moves are suggested; the first that fits counts.
    #[serde(default = "MoveRule::defaults")]
    pub rules: Vec<MoveRule>,
}

/// A name in the languages that people read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// In Chinese.
    pub zh: Line,
    /// In English; the Chinese one where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<Line>,
}

impl Label {
    /// The name that people read.
    pub fn text(&self, language: Language) -> &str {
        match (language, &self.en) {
            (Language::English, Some(en)) => en.as_str(),
            _ => self.zh.as_str(),
        }
    }
}

/// A step within a stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What moves and the API call it; never given to another step.
    pub key: StepKey,
    /// The stage that it belongs to.
    pub stage: Stage,
    /// What people call it.
    pub name: Label,
    /// Whether it was given up: nothing is moved there any more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_retired: bool,
}

/// Where an application stands: in a stage, and in one of its steps if it has come to one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The stage.
    pub stage: Stage,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepKey>,
}

impl From<Stage> for Place {
    fn from(stage: Stage) -> Self {
        Self { stage, step: None }
    }
}

/// Why a move is not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
pub enum MoveError {
    /// It stands there already.
    AlreadyThere,
    /// There is no such step in that stage, or it was given up.
    NoStep,
    /// What has ended does not end in another way; it is opened again first.
    Ended,
    /// Who was hired is not rejected any more.
    Hired,
}

impl MoveError {
    /// What people read.
    pub fn message(&self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::AlreadyThere => ("应聘已在此阶段", "the application stands in this stage already"),
            Self::NoStep => {
                ("该阶段没有这个环节，或已停用", "this stage has no such step, or it was given up")
            }
            Self::Ended => (
                "应聘已结束；请先撤回或移回某个阶段",
                "the application has ended; move it back to a stage first",
            ),
            Self::Hired => ("已入职，不能淘汰", "the candidate was hired and can't be rejected"),
        };
        language.pick(zh, en)
    }
}

/// Why a process makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcessError {
    /// Two steps have this key.
    #[error("two steps have the key {0}")]
    SameKey(StepKey),
    /// Two steps or stages have this name.
    #[error("two stages or steps are called {0}")]
    SameName(String),
    /// What ends an application has no steps.
    #[error("{0} ends an application and has no steps")]
    EndWithSteps(Stage),
    /// There are more steps or rules than [`MOST_STEPS`].
    #[error("there can be {MOST_STEPS} steps and as many rules at most")]
    TooMany,
    /// A rule.
    #[error(transparent)]
    Rule(#[from] RuleError),
}

impl ProcessError {
    /// What people read.
    pub fn message(&self, language: Language) -> String {
        if language == Language::English {
            return self.to_string();
        }
        match self {
            Self::SameKey(key) => format!("有两个环节的代号都是“{key}”"),
            Self::SameName(name) => format!("有两个阶段或环节都叫“{name}”"),
            Self::EndWithSteps(stage) => format!("“{}”是结束，不能再分环节", stage.label(language)),
            Self::TooMany => format!("环节与规则各最多 {MOST_STEPS} 个"),
            Self::Rule(error) => error.message(language),
        }
    }
}

impl Default for Process {
    fn default() -> Self {
        Self { names: BTreeMap::new(), steps: Vec::new(), rules: MoveRule::defaults() }
    }
}

impl Process {
    /// Whether it makes sense.
    ///
    /// # Errors
    /// The first thing that does not.
    pub fn check(&self) -> Result<(), ProcessError> {
        if self.steps.len().max(self.rules.len()) > MOST_STEPS {
            return Err(ProcessError::TooMany);
        }
        for (number, step) in self.steps.iter().enumerate() {
            if self.steps[..number].iter().any(|earlier| earlier.key == step.key) {
                return Err(ProcessError::SameKey(step.key.clone()));
            }
            if step.stage >= Stage::Hired {
                return Err(ProcessError::EndWithSteps(step.stage));
            }
        }
        let mut names: Vec<&str> =
            Stage::ALL.iter().map(|stage| self.name(*stage, Language::Chinese)).collect();
        names.extend(self.live().map(|step| step.name.zh.as_str()));
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(ProcessError::SameName(pair[0].to_owned()));
        }
        Ok(rules::check(self)?)
    }

    /// What the bank calls a stage.
    pub fn name(&self, stage: Stage, language: Language) -> &str {
        self.names.get(&stage).map_or_else(|| stage.label(language), |label| label.text(language))
    }

    /// What the bank calls a place: the stage, and the step in it.
    pub fn label(&self, place: &Place, language: Language) -> String {
        let stage = self.name(place.stage, language);
        match place.step.as_ref().and_then(|key| self.step(key)) {
            Some(step) => format!("{stage} · {}", step.name.text(language)),
            None => stage.to_owned(),
        }
    }

    /// The step with this key, given up or not.
    pub fn step(&self, key: &StepKey) -> Option<&Step> {
        self.steps.iter().find(|step| step.key == *key)
    }

    /// The same with those steps of an earlier process that are gone from it: they are given up, and known still.
    #[must_use]
    pub fn knowing(mut self, before: &Self) -> Self {
        let gone = before.steps.iter().filter(|step| self.step(&step.key).is_none()).cloned();
        let gone: Vec<Step> = gone.map(|step| Step { is_retired: true, ..step }).collect();
        self.steps.extend(gone);
        self
    }

    fn live(&self) -> impl Iterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.is_retired)
    }

    /// Every place that there is, in the order of the process: a stage before its steps.
    pub fn places(&self) -> Vec<Place> {
        let of_stage = |stage: Stage| {
            let steps = self.live().filter(move |step| step.stage == stage);
            std::iter::once(Place::from(stage))
                .chain(steps.map(move |step| Place { stage, step: Some(step.key.clone()) }))
        };
        Stage::ALL.into_iter().flat_map(of_stage).collect()
    }

    /// Where something that was moved to `place` stands now: in its stage, where the step is not one any more.
    #[must_use]
    pub fn settled(&self, place: Place) -> Place {
        if self.has(&place) { place } else { place.stage.into() }
    }

    /// Whether there is such a place: a stage, or a step in it that is not retired.
    pub(crate) fn has(&self, place: &Place) -> bool {
        let is_it = |key: &StepKey| self.live().any(|step| step.key == *key && step.stage == place.stage);
        place.step.as_ref().is_none_or(is_it)
    }

    /// What a move from one place to another says of the place that is left: passed on the way forward, taken back on the
    /// way back.
    ///
    /// # Errors
    /// [`MoveError`] where there is no such move.
    pub fn outcome(&self, from: &Place, to: &Place) -> Result<Outcome, MoveError> {
        let from = &self.settled(from.clone());
        if !self.has(to) {
            return Err(MoveError::NoStep);
        }
        match (from.stage, to.stage) {
            _ if from == to => Err(MoveError::AlreadyThere),
            (left, to) if left.is_end_without_hire() && to.is_end_without_hire() => Err(MoveError::Ended),
            (Stage::Hired, Stage::Rejected) => Err(MoveError::Hired),
            (_, Stage::Rejected) => Ok(Outcome::Failed),
            (_, Stage::Withdrawn) => Ok(Outcome::Withdrawn),
            (left, _) if left.is_end_without_hire() => Ok(Outcome::Undone),
            _ if self.rank(to) > self.rank(from) => Ok(Outcome::Passed),
            _ => Ok(Outcome::Undone),
        }
    }

    /// How far a place is along the process.
    fn rank(&self, place: &Place) -> (Stage, Option<usize>) {
        let step = place.step.as_ref().and_then(|key| self.steps.iter().position(|step| step.key == *key));
        (place.stage, step)
    }

    /// The rule that leads on from a place, if there is one.
    pub fn rule_from(&self, place: &Place) -> Option<&MoveRule> {
        self.rules.iter().find(|rule| rule.from == *place)
    }

    /// The rule that suggests to move on what stands here with this AI score, and passes at its position or does not.
    pub fn suggested(&self, at: &Place, score: Option<f64>, passes: Option<bool>) -> Option<&MoveRule> {
        let at = self.settled(at.clone());
        self.rules.iter().find(|rule| rule.from == at && rule.at_least.is_reached(score, passes))
    }
}

#[cfg(test)]
mod tests;
