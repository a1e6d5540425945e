//! An application is one candidate for one position; it is what moves through the stages.

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, CandidateId, Language, PositionId, UserId,
    process::Place,
    tag::Tag,
    text::{Line, StepKey},
};

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

    /// Where the last move led: the stage, and the step in it.
    pub fn place(&self) -> Place {
        self.moves.last().map_or(Stage::ResumeScreening.into(), StageMove::place)
    }

    /// The moves that stand: those that were taken back are gone, and so are the ones that took them back.
    pub(crate) fn way(&self) -> Vec<&StageMove> {
        Self::way_of(&self.moves)
    }

    fn way_of(moves: &[StageMove]) -> Vec<&StageMove> {
        let mut way: Vec<&StageMove> = Vec::new();
        for step in moves {
            let is_there = |of: &&StageMove| of.to == step.to && of.step == step.step;
            let back = way.iter().rposition(is_there).or_else(|| {
                // The step to which it would go back was given up meanwhile: then it goes back to the stage.
                let last = way.iter().rposition(|of| of.to == step.to && step.step.is_none())?;
                (last + 1 < way.len()).then_some(last)
            });
            match back {
                Some(number) if step.outcome == Outcome::Undone => way.truncate(number + 1),
                _ => way.push(step),
            }
        }
        way
    }

    /// How many days it has spent in each stage until `now`, all its stays together. What was taken back counts where the
    /// application stood all the while: in the stage to which it went back.
    pub fn days(&self, now: DateTime<Utc>) -> BTreeMap<Stage, f64> {
        let mut days = BTreeMap::new();
        let way = self.way();
        let ends = way.iter().skip(1).map(|step| step.at).chain([now]);
        for (step, to) in way.iter().zip(ends) {
            *days.entry(step.to).or_default() += ((to - step.at).as_seconds_f64() / 86_400.0).max(0.0);
        }
        days
    }

    /// Whether a move, counted from 0, took back what was the last one then, and did not lead back further or elsewhere.
    pub fn is_undo(&self, number: usize) -> bool {
        let Some(step) = self.moves.get(number).filter(|step| step.outcome == Outcome::Undone) else {
            return false;
        };
        let before = Self::way_of(&self.moves[..number]).into_iter().rev().nth(1);
        before.is_some_and(|before| before.to == step.to && (before.step == step.step || step.step.is_none()))
    }

    /// Where it stood before the last move that was not taken back; `None` where there is nothing to take back.
    pub fn place_before(&self) -> Option<Place> {
        self.way().iter().rev().nth(1).map(|step| step.place())
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
    /// To which of the bank's steps in that stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepKey>,
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

impl StageMove {
    /// Where it led.
    pub fn place(&self) -> Place {
        Place { stage: self.to, step: self.step.clone() }
    }

    /// How it ended the stage that it left, in words; empty where the stage to which it led says so. Whether it is an undo
    /// is [`Application::is_undo`]'s to say.
    pub fn outcome_label(&self, is_undo: bool, language: Language) -> &'static str {
        let (chinese, english) = match self.outcome {
            Outcome::Entered => ("进入", "entered"),
            Outcome::Passed => ("通过", "passed"),
            Outcome::Failed if self.to == Stage::Rejected => ("", ""),
            Outcome::Failed => ("未通过", "not passed"),
            Outcome::Withdrawn => ("本人放弃", "by the candidate"),
            Outcome::Undone if is_undo => ("撤回上一步", "the last move taken back"),
            Outcome::Undone if self.from.is_some_and(Stage::is_end_without_hire) => ("重新打开", "reopened"),
            Outcome::Undone => ("退回", "moved back"),
        };
        language.pick(chinese, english)
    }
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

    fn application(moves: &[(Stage, Option<&str>, Outcome)]) -> Application {
        let step = |(to, step, outcome): &(Stage, Option<&str>, Outcome)| StageMove {
            from: None,
            to: *to,
            step: step.and_then(|step| StepKey::parse(step).ok()),
            at: DateTime::default(),
            by: None,
            outcome: *outcome,
            reason: None,
        };
        Application {
            id: ApplicationId::from_bytes([1; 16]),
            candidate: CandidateId::from_bytes([1; 16]),
            position: PositionId::from_bytes([1; 16]),
            moves: moves.iter().map(step).collect(),
            tags: Vec::new(),
            created_at: DateTime::default(),
        }
    }

    #[test]
    fn only_a_move_to_where_it_was_before_is_an_undo() {
        use Outcome::{Entered, Failed, Passed, Undone};
        use Stage::{AiInterview, HumanInterview, Offer, Rejected, ResumeScreening};
        let of = application(&[
            (AiInterview, None, Entered),
            (HumanInterview, None, Passed),
            (AiInterview, None, Undone),
            (ResumeScreening, None, Undone),
            (HumanInterview, None, Passed),
            (Offer, None, Passed),
            (Rejected, None, Failed),
            (HumanInterview, None, Undone),
        ]);
        let undone: Vec<usize> = (0..9).filter(|number| of.is_undo(*number)).collect();
        assert_eq!(undone, [2]);
    }

    #[test]
    fn moves_are_taken_back_one_after_the_other() {
        use Outcome::{Entered, Failed, Passed, Undone};
        use Stage::{AiInterview, HumanInterview, Offer, Rejected};
        let mut moves = vec![
            (AiInterview, None, Entered),
            (HumanInterview, None, Passed),
            (HumanInterview, Some("终面"), Passed),
            (Rejected, None, Failed),
        ];
        for before in [
            Place { stage: HumanInterview, step: StepKey::parse("终面").ok() },
            HumanInterview.into(),
            AiInterview.into(),
        ] {
            assert_eq!(application(&moves).place_before(), Some(before.clone()));
            moves.push((before.stage, before.step.as_ref().map(|_| "终面"), Undone));
            assert_eq!(application(&moves).place(), before);
        }
        assert_eq!(application(&moves).place_before(), None, "the first stage was entered, not moved to");
        moves.push((Offer, None, Passed));
        assert_eq!(application(&moves).place_before(), Some(AiInterview.into()));
        moves.push((Stage::ResumeScreening, None, Undone));
        assert_eq!(application(&moves).place_before(), Some(Offer.into()), "sent back to where it never was");
        assert_eq!(application(&[]).place_before(), None);
    }

    #[test]
    fn days_add_up_over_stays_and_leave_out_what_was_taken_back() {
        use Outcome::{Entered, Passed, Undone};
        use Stage::{AiInterview, HumanInterview, Offer};
        let day = |day: u32| format!("2023-10-{day:02}T00:00:00Z").parse::<DateTime<Utc>>().unwrap();
        let mut of = application(&[
            (AiInterview, None, Entered),
            (HumanInterview, None, Passed),
            (HumanInterview, Some("终面"), Passed),
            (Offer, None, Passed),
            (HumanInterview, Some("终面"), Undone),
        ]);
        for (step, at) in of.moves.iter_mut().zip([1, 4, 6, 7, 9]) {
            step.at = day(at);
        }
        let days = of.days(day(14));
        assert_eq!(days, BTreeMap::from([(AiInterview, 3.0), (HumanInterview, 10.0)]));
        assert_eq!(
            of.days(day(1))[&HumanInterview],
            2.0,
            "a clock that went back gives no less than nothing"
        );
        assert!(application(&[]).days(day(1)).is_empty());
    }

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
