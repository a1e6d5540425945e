//! What the index is told about one application.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, CandidateId, EmotionLabel, MaterialKind, PositionId, Scoring, Stage, Standing, UserId,
    text::{BranchName, Line, PersonName, PositionName, SkillName, TagName, VendorName},
};
use serde::{Deserialize, Serialize};

use crate::query::key;

/// The search document of one application, in the words of the domain.
///
/// It is kept nowhere but in the index, and is put together from the records by whoever follows their changes.
/// An entry that is added again replaces the earlier one of the same application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The application.
    pub application: ApplicationId,
    /// Whose it is.
    pub candidate: CandidateId,
    /// The candidate's name, where it is known.
    pub name: Option<PersonName>,
    /// The position.
    pub position: PositionId,
    /// The position's name.
    pub position_name: PositionName,
    /// The position's branch.
    #[serde(skip)]
    pub branch: Option<BranchName>,
    /// The rule by which the position judges. Where it has weights, what it says tells something about
    /// [`MaterialKind::SkillAssessment`].
    #[serde(default, skip_serializing_if = "Scoring::is_empty")]
    pub rule: Scoring,
    /// The stage in which the application stands.
    pub stage: Stage,
    /// When that stage was entered.
    pub stage_since: DateTime<Utc>,
    /// How the application stands with each stage, in the order of [`Stage::ALL`].
    #[serde(skip, default = "nowhere")]
    pub standings: [Standing; Stage::ALL.len()],
    /// How many days it stayed in stages that it has left.
    #[serde(skip)]
    pub stayed: Vec<(Stage, f64)>,
    /// When the application came in.
    pub created_at: DateTime<Utc>,
    /// When the latest interview began.
    pub interviewed_at: Option<DateTime<Utc>>,
    /// The AI score, 0–100.
    pub score: Option<f64>,
    /// The emotion label. Tells something about [`MaterialKind::Emotion`].
    pub emotion: Option<EmotionLabel>,
    /// The tags.
    pub tags: Vec<EntryTag>,
    /// The folder, from the outermost level.
    pub folder: Vec<String>,
    /// The vendor of the latest interview.
    pub vendor: Option<VendorName>,
    /// The vendor's model that gave the score.
    #[serde(skip)]
    pub model: Option<Line>,
    /// How many minutes after the interview's end the last of its materials was here; for interviews that have all of
    /// them. Tells something about all of [`MaterialKind::OF_AN_INTERVIEW`].
    #[serde(skip)]
    pub held_after: Option<f64>,
    /// How many days after the latest interview began the candidate was hired.
    #[serde(skip)]
    pub hired_after: Option<f64>,
    /// The mean of the scorecards that were handed in, 0–100. Seen by whom the scope shows scorecards.
    #[serde(skip)]
    pub human: Option<f64>,
    /// Who handed in a scorecard.
    #[serde(skip)]
    pub judged_by: Vec<UserId>,
    /// The skills assessed. Tells something about [`MaterialKind::SkillAssessment`].
    pub skills: Vec<EntrySkill>,
    /// Keywords and reasons of the résumé report. Tells something about [`MaterialKind::ResumeReport`].
    pub resume: Vec<String>,
    /// What was said. Tells something about [`MaterialKind::Transcript`].
    pub transcript: Vec<Passage>,
    /// The kinds of material that are there.
    pub kinds: Vec<MaterialKind>,
}

impl Entry {
    /// The AI score and the assessments as one, by the position's weights; `None` where it has none.
    pub(crate) fn weighted(&self) -> Option<f64> {
        let of = |skill: &SkillName| EntrySkill::best(&self.skills, skill);
        (!self.rule.weights.is_empty()).then(|| self.rule.weighted(self.score, of)).flatten()
    }

    /// Whether the position's rule lets it pass.
    pub(crate) fn passes(&self) -> Option<bool> {
        self.rule.passes(self.score, |skill| EntrySkill::best(&self.skills, skill))
    }
}

/// The standings of an application that was in no stage yet.
fn nowhere() -> [Standing; Stage::ALL.len()] {
    [Standing::NotReached; Stage::ALL.len()]
}

/// A tag, and what it gives away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryTag {
    /// The text.
    pub name: TagName,
    /// The kind of material that the tag tells something about; who may not see it does not see the tag.
    pub reveals: Option<MaterialKind>,
}

/// A skill and how well it was shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EntrySkill {
    /// The skill.
    pub name: SkillName,
    /// The score, 0–100.
    pub score: f64,
}

impl EntrySkill {
    /// The score of the skill that a query calls so: the best, where there are several of one name.
    pub fn best(skills: &[Self], name: &SkillName) -> Option<f64> {
        let is_it = |skill: &&Self| key(skill.name.as_str()) == key(name.as_str());
        let scores = skills.iter().filter(is_it).map(|skill| skill.score);
        scores.filter(|score| !score.is_nan()).reduce(f64::max)
    }
}

/// A stretch of the transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Passage {
    /// Where it begins, in seconds from the start of the video.
    pub starts: Option<f64>,
    /// What was said.
    pub text: String,
    /// The question that it answers.
    #[serde(skip)]
    pub answers: Option<String>,
}
