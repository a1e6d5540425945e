//! An application is one candidate for one position; it is what moves through the stages.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{ApplicationId, CandidateId, Language, PositionId, UserId, tag::Tag, text::Line};

/// One candidate's application for one position.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Application {
    /// The application's id.
    pub id: ApplicationId,
    /// Whose it is.
    pub candidate: CandidateId,
    /// What for.
    pub position: PositionId,
    /// Every move, oldest first; the stage is where the last one led.
    pub moves: Vec<StageMove>,
    /// The tags that people put; automatic ones follow from the rules and are kept nowhere.
    #[serde(default)]
    pub tags: Vec<Tag>,
    /// When it came in.
    pub created_at: DateTime<Utc>,
}

impl Application {
    /// The stage in which the application stands.
    pub fn stage(&self) -> Stage {
        self.moves.last().map_or(Stage::ResumeScreening, |last| last.to)
    }
}

/// A stage of hiring. The order is the order of the process; the two last end it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 简历筛选
    ResumeScreening,
    /// AI面试
    AiInterview,
    /// 人工面试
    HumanInterview,
    /// 背景调查
    BackgroundCheck,
    /// offer发放
    Offer,
    /// 入职
    Hired,
    /// 淘汰
    Rejected,
    /// 放弃
    Withdrawn,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 8] = [
        Self::ResumeScreening,
        Self::AiInterview,
        Self::HumanInterview,
        Self::BackgroundCheck,
        Self::Offer,
        Self::Hired,
        Self::Rejected,
        Self::Withdrawn,
    ];

    /// Whether the application ended here without anybody being hired.
    pub fn is_end_without_hire(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn)
    }

    /// The name in code, API and query language.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResumeScreening => "resume_screening",
            Self::AiInterview => "ai_interview",
            Self::HumanInterview => "human_interview",
            Self::BackgroundCheck => "background_check",
            Self::Offer => "offer",
            Self::Hired => "hired",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::ResumeScreening => ("简历筛选", "Résumé screening"),
            Self::AiInterview => ("AI面试", "AI interview"),
            Self::HumanInterview => ("人工面试", "Human interview"),
            Self::BackgroundCheck => ("背景调查", "Background check"),
            Self::Offer => ("offer发放", "Offer"),
            Self::Hired => ("入职", "Hired"),
            Self::Rejected => ("淘汰", "Rejected"),
            Self::Withdrawn => ("放弃", "Withdrawn"),
        };
        language.pick(chinese, english)
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No stage has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a stage")]
pub struct UnknownStage(String);

impl FromStr for Stage {
    type Err = UnknownStage;

    /// Takes the name in code and both labels, without regard to case.
    fn from_str(text: &str) -> Result<Self, UnknownStage> {
        let wanted = text.to_lowercase();
        Self::ALL
            .into_iter()
            .find(|stage| {
                stage.name() == wanted
                    || [Language::Chinese, Language::English]
                        .iter()
                        .any(|language| stage.label(*language).to_lowercase() == wanted)
            })
            .ok_or_else(|| UnknownStage(text.chars().take(40).collect()))
    }
}

/// One move of an application, with all that is asked about it later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageMove {
    /// From where; `None` for the first.
    pub from: Option<Stage>,
    /// To where.
    pub to: Stage,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; `None` for the archive itself, on a vendor's word.
    pub by: Option<UserId>,
    /// With what outcome of the stage that was left.
    pub outcome: Outcome,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// The outcome of the stage that a move leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The application came in.
    Entered,
    /// Passed.
    Passed,
    /// Not passed.
    Failed,
    /// Ended by the candidate.
    Withdrawn,
    /// An earlier move was taken back.
    Undone,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_found_by_all_their_names() {
        for stage in Stage::ALL {
            for name in [stage.name(), stage.label(Language::Chinese), stage.label(Language::English)] {
                assert_eq!(name.parse::<Stage>().unwrap(), stage);
            }
        }
        assert_eq!("ai面试".parse::<Stage>().unwrap(), Stage::AiInterview);
        assert!("nowhere".parse::<Stage>().is_err());
    }
}
