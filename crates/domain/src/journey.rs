//! How an application went through the stages, read off its moves.

use chrono::{DateTime, Utc};

use crate::{
    Language,
    application::{Application, Outcome, Stage},
};

/// A stay of an application in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The stage.
    pub stage: Stage,
    /// When it was entered.
    pub entered: DateTime<Utc>,
    /// When it was left, and with what outcome; `None` where the application stands now.
    pub left: Option<(DateTime<Utc>, Outcome)>,
}

impl Stay {
    /// How long it took, in days; `None` while it lasts, and where the times can't be right.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a life stay far below 2⁵³")]
    pub fn days(&self) -> Option<f64> {
        const DAY: f64 = 86_400_000.0;
        let (left, _) = self.left?;
        let millis = (left - self.entered).num_milliseconds();
        (millis >= 0).then(|| millis as f64 / DAY)
    }
}

/// How an application stands with a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It was never there.
    NotReached,
    /// It was or is there, and neither passed nor failed.
    Open,
    /// It left the stage as passed.
    Passed,
    /// It left the stage as not passed.
    Failed,
}

impl Standing {
    /// All of them; the place of each is its number.
    pub const ALL: [Self; 4] = [Self::NotReached, Self::Open, Self::Passed, Self::Failed];

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        match self {
            Self::NotReached => language.pick("未到", "not reached"),
            Self::Open => language.pick("未定", "undecided"),
            Self::Passed => language.pick("通过", "passed"),
            Self::Failed => language.pick("未通过", "not passed"),
        }
    }
}

impl Application {
    /// Its stays in stages, in order. A move that was taken back left no stay, and ended none.
    pub fn stays(&self) -> Vec<Stay> {
        let way = self.way();
        // Steps within a stage are one stay.
        let mut stays: Vec<Stay> = Vec::new();
        for steps in way.chunk_by(|a, b| a.to == b.to) {
            let Some(first) = steps.first() else { continue };
            if let Some(before) = stays.last_mut() {
                before.left = Some((first.at, first.outcome));
            }
            stays.push(Stay { stage: first.to, entered: first.at, left: None });
        }
        stays
    }

    /// How it stands with a stage: by the outcome with which it last left it.
    pub fn standing(&self, stage: Stage) -> Standing {
        standing(&self.stays(), stage)
    }
}

/// How an application that stayed there stands with a stage.
pub fn standing(stays: &[Stay], stage: Stage) -> Standing {
    let last = stays.iter().rev().find(|stay| stay.stage == stage);
    match last.map(|stay| stay.left) {
        None => Standing::NotReached,
        Some(Some((_, Outcome::Passed))) => Standing::Passed,
        Some(Some((_, Outcome::Failed))) => Standing::Failed,
        Some(_) => Standing::Open,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ApplicationId, CandidateId, PositionId, StageMove};

    fn application(moves: &[(Stage, Outcome, u32)]) -> Application {
        let mut from = None;
        let step = |(to, outcome, day): &(Stage, Outcome, u32)| StageMove {
            from: from.replace(*to),
            to: *to,
            at: format!("2023-10-{day:02}T00:00:00Z").parse().unwrap(),
            by: None,
            outcome: *outcome,
            step: None,
            reason: None,
        };
        Application {
            id: ApplicationId::from_bytes([1; 16]),
            candidate: CandidateId::from_bytes([1; 16]),
            position: PositionId::from_bytes([1; 16]),
            moves: moves.iter().map(step).collect(),
            tags: Vec::new(),
            created_at: "2023-10-01T00:00:00Z".parse().unwrap(),
        }
    }

    use Outcome::{Entered, Failed, Passed, Undone, Withdrawn};
    use Stage::{AiInterview, HumanInterview, Offer, Rejected};

    #[test]
    fn the_last_outcome_of_a_stage_counts() {
        let passed = application(&[(AiInterview, Entered, 1), (HumanInterview, Passed, 4)]);
        assert_eq!(passed.standing(AiInterview), Standing::Passed);
        assert_eq!(passed.standing(HumanInterview), Standing::Open);
        assert_eq!(passed.standing(Offer), Standing::NotReached);
        assert_eq!(passed.stays()[0].days(), Some(3.0));
        assert_eq!(passed.stays()[1].days(), None);
        let failed = application(&[(AiInterview, Entered, 1), (Rejected, Failed, 2)]);
        assert_eq!(failed.standing(AiInterview), Standing::Failed);
        let gone = application(&[(AiInterview, Entered, 1), (Stage::Withdrawn, Withdrawn, 2)]);
        assert_eq!(gone.standing(AiInterview), Standing::Open);
        assert_eq!(application(&[]).standing(AiInterview), Standing::NotReached);
    }

    #[test]
    fn what_was_taken_back_never_was() {
        let back = [(AiInterview, Entered, 1), (HumanInterview, Passed, 2), (AiInterview, Undone, 3)];
        let undone = application(&back);
        assert_eq!(undone.standing(AiInterview), Standing::Open);
        assert_eq!(undone.standing(HumanInterview), Standing::NotReached);
        assert_eq!(undone.stays().len(), 1);
        let again = application(&[&back[..], &[(Rejected, Failed, 5)]].concat());
        assert_eq!(again.standing(AiInterview), Standing::Failed);
        assert_eq!(again.stays()[0].days(), Some(4.0));
    }

    #[test]
    fn a_clock_that_went_back_gives_no_length() {
        let odd = application(&[(AiInterview, Entered, 5), (HumanInterview, Passed, 4)]);
        assert_eq!(odd.stays()[0].days(), None);
    }
}
