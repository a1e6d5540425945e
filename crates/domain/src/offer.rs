//! The offer: what tells whether a candidate is willing, what was offered, and what they answered.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, CandidateId, Interview, Language, Material, MaterialId, UserId,
    emotion::POSITIVITY,
    text::{Line, Prose},
};

/// The longest terms, in characters.
pub const LONGEST_TERMS: usize = 2000;

/// The offers that were made for an application, the last one at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offers {
    /// To whom.
    pub candidate: CandidateId,
    /// The application.
    pub application: ApplicationId,
    /// The offers, oldest first.
    pub offers: Vec<Offer>,
}

/// An offer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// What is offered, in the words of HR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Prose>,
    /// Who made it.
    pub by: UserId,
    /// When it was made.
    pub extended_at: DateTime<Utc>,
    /// What the candidate answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// What a candidate answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Why they declined; nothing where they accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declined: Option<Line>,
    /// Who wrote it down.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
}

/// How far an offer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferState {
    /// It was made.
    Extended,
    /// The candidate accepted.
    Accepted,
    /// The candidate declined.
    Declined,
}

impl OfferState {
    /// The name in code and API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Extended => "extended",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Extended => ("已发放，待答复", "extended"),
            Self::Accepted => ("已接受", "accepted"),
            Self::Declined => ("已拒绝", "declined"),
        };
        language.pick(zh, en)
    }
}

impl fmt::Display for OfferState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Offer {
    /// How far it is.
    pub fn state(&self) -> OfferState {
        match &self.answer {
            None => OfferState::Extended,
            Some(Answer { declined: None, .. }) => OfferState::Accepted,
            Some(_) => OfferState::Declined,
        }
    }
}

impl Offers {
    /// No offers yet.
    pub fn none(candidate: CandidateId, application: ApplicationId) -> Self {
        Self { candidate, application, offers: Vec::new() }
    }

    /// The offer that waits for an answer.
    pub fn open(&self) -> Option<&Offer> {
        self.offers.last().filter(|offer| offer.answer.is_none())
    }

    /// The offer that waits for an answer, to be answered.
    pub fn open_mut(&mut self) -> Option<&mut Offer> {
        self.offers.last_mut().filter(|offer| offer.answer.is_none())
    }
}

/// What an answer of the AI interview was about, as far as it tells of the will to come and to stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// What the candidate wants to become.
    CareerPlan,
    /// Pay.
    Pay,
    /// Why this bank.
    Motive,
}

/// The words by which the topic of a question is known.
const WORDS: [(Topic, &[&str]); 3] = [
    (Topic::CareerPlan, &["职业规划", "职业发展", "未来规划", "五年", "三年", "career", "five years"]),
    (Topic::Pay, &["薪资", "薪酬", "工资", "待遇", "salary", "compensation", "pay "]),
    (
        Topic::Motive,
        &["为什么选择", "为何选择", "为什么想加入", "why our", "why this bank", "why do you want"],
    ),
];

impl Topic {
    /// All topics.
    pub const ALL: [Self; 3] = [Self::CareerPlan, Self::Pay, Self::Motive];

    /// The name in code and API.
    pub fn name(self) -> &'static str {
        match self {
            Self::CareerPlan => "career_plan",
            Self::Pay => "pay",
            Self::Motive => "motive",
        }
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::CareerPlan => ("职业规划", "Career plans"),
            Self::Pay => ("薪资", "Pay"),
            Self::Motive => ("求职动机", "Motive"),
        };
        language.pick(zh, en)
    }

    /// The topic of a question, if it is one of these.
    fn of(question: &str) -> Option<Self> {
        let question = question.to_lowercase();
        let is_about = |words: &[&str]| words.iter().any(|word| question.contains(word));
        WORDS.into_iter().find(|(_, words)| is_about(words)).map(|(topic, _)| topic)
    }
}

/// How positive an answer was that tells of the will to come, and where that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// What it was about.
    pub topic: Topic,
    /// The question.
    pub question: Line,
    /// The mean positivity while it was answered, 0–100.
    pub positivity: f64,
    /// The second of the video at which the first of it was read.
    pub at: Option<f64>,
    /// When the interview was.
    pub interviewed_at: Option<DateTime<Utc>>,
    /// The material in which it stands.
    pub material: MaterialId,
    /// The model that read it.
    pub source: Option<Line>,
}

/// What the answers of AI interviews tell of the will to come, by those materials that the asker may see.
pub fn willingness(interviews: &[Interview], materials: &[Material]) -> Vec<Signal> {
    let mut signals: Vec<(Signal, u32)> = Vec::new();
    for material in materials {
        let Some(profile) = material.content.emotion() else { continue };
        let interview = interviews.iter().find(|of| Some(of.id) == material.interview);
        for reading in profile.readings.iter().filter(|of| of.dimension.as_str() == POSITIVITY) {
            let asked = reading.question.as_ref().or_else(|| asked_at(interview?, reading.starts?));
            let Some((question, topic)) = asked.and_then(|of| Some((of, Topic::of(of.as_str())?))) else {
                continue;
            };
            let is_it = |(of, _): &&mut (Signal, u32)| of.material == material.id && of.question == *question;
            if let Some((signal, count)) = signals.iter_mut().find(is_it) {
                *count += 1;
                signal.positivity += (reading.value - signal.positivity) / f64::from(*count);
                signal.at = [signal.at, reading.starts].into_iter().flatten().reduce(f64::min);
                continue;
            }
            let starts = || interview?.questions.iter().find(|of| of.text == *question)?.starts;
            let signal = Signal {
                topic,
                question: question.clone(),
                positivity: reading.value,
                at: reading.starts.or_else(starts),
                interviewed_at: interview.and_then(|of| of.started_at),
                material: material.id,
                source: reading.source.clone(),
            };
            signals.push((signal, 1));
        }
    }
    signals.sort_by_key(|(of, _)| (of.topic, std::cmp::Reverse(of.interviewed_at)));
    signals.into_iter().map(|(signal, _)| signal).collect()
}

/// The question that was being answered at a second.
fn asked_at(interview: &Interview, second: f64) -> Option<&Line> {
    let begun = interview.questions.iter().filter(|of| of.starts.is_some_and(|starts| starts <= second));
    begun.max_by(|a, b| a.starts.unwrap_or(0.0).total_cmp(&b.starts.unwrap_or(0.0))).map(|of| &of.text)
}

#[cfg(test)]
mod tests;
