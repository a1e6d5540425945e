//! An interview in the words of the contract, as an adapter would hand it over; for whom HTTP is not the point.

use dossier_domain::{
    EmotionProfile, EmotionReading, Identity, Question, ResumeReport, Score, SkillAssessment, SkillResult,
    Speaker, Transcript, Utterance, WrongAnswer,
    interview::Criterion,
    text::{Dimension, Email, IdNumber, Line, PersonName, Phone, PositionName, Prose, RemoteId, SkillName},
};
use dossier_vendor::{Fetched, MediaRef, Part, RemoteCandidate, RemotePosition, http::sha256_hex};

use super::{MODEL, Sitting, results::EMOTION_SOURCE};
use crate::ribbon::json;

impl Sitting {
    /// The interview as an adapter for Ribbon hands it over, with all parts ready.
    pub fn fetched(&self) -> Fetched {
        // There is no payload: what tells its states apart stands for it, since writing one would cost the most.
        let state = format!("{} {}", self.remote_id, self.score);
        Fetched {
            remote_id: valid(RemoteId::parse(&self.remote_id)),
            position: RemotePosition {
                remote_id: valid(RemoteId::parse(self.position.flow)),
                name: valid(PositionName::parse(self.position.name)),
            },
            candidate: self.candidate(),
            started_at: Some(self.started_at),
            ended_at: Some(self.ended_at),
            questions: self.turns.iter().map(question).collect(),
            score: Some(valid(Score::percent(self.score))),
            criteria: self.criteria(),
            model: Some(valid(Line::parse(MODEL))),
            payload_sha256: sha256_hex(state.as_bytes()),
            payload_bytes: state.len() as u64,
            resume_report: Part::Ready(self.resume_report()),
            transcript: Part::Ready(self.transcript()),
            emotion: Part::Ready(self.emotion()),
            skill_assessment: Part::Ready(self.skill_assessment()),
            video: Part::Ready(MediaRef {
                interview: valid(RemoteId::parse(&self.remote_id)),
                file: valid(Line::parse("video")),
            }),
        }
    }

    fn candidate(&self) -> RemoteCandidate {
        RemoteCandidate {
            remote_id: Some(valid(RemoteId::parse(&self.person.id))),
            identity: Identity {
                name: Some(valid(PersonName::parse(&self.person.full_name()))),
                phone: Some(valid(Phone::parse(&self.person.phone))),
                email: Some(valid(Email::parse(&self.person.email))),
                id_number: Some(valid(IdNumber::parse(&self.person.id_number))),
            },
        }
    }

    fn criteria(&self) -> Vec<Criterion> {
        let criterion = |(name, value): (&str, f64)| Criterion {
            name: valid(Line::parse(name)),
            score: valid(Score::percent(value)),
        };
        json::CRITERIA.into_iter().zip(self.criteria).map(criterion).collect()
    }

    fn transcript(&self) -> Transcript {
        let utterances = self.turns.iter().flat_map(|turn| {
            json::utterances(turn).map(|spoken| Utterance {
                speaker: if spoken.role == json::AGENT { Speaker::Interviewer } else { Speaker::Candidate },
                starts: Some(spoken.starts),
                ends: Some(spoken.ends),
                text: valid(Prose::parse(spoken.text)),
            })
        });
        Transcript { utterances: utterances.collect() }
    }

    fn emotion(&self) -> EmotionProfile {
        let reading = |reading: &super::Reading| {
            let turn = &self.turns[reading.question];
            EmotionReading {
                dimension: valid(Dimension::parse(reading.dimension)),
                value: reading.value,
                question: Some(valid(Line::parse(turn.question))),
                starts: Some(turn.starts),
                ends: Some(turn.ends),
                modality: Some(valid(Line::parse(reading.modality))),
                source: Some(valid(Line::parse(EMOTION_SOURCE))),
            }
        };
        EmotionProfile { readings: self.emotions.iter().map(reading).collect() }
    }

    fn skill_assessment(&self) -> SkillAssessment {
        let wrong = |mistake: &super::SkillMistake| WrongAnswer {
            question: valid(Line::parse(mistake.question)),
            answer: valid(Prose::parse(mistake.answer)),
            explanation: valid(Prose::parse(mistake.explanation)),
        };
        let result = |skill: &super::Skill| SkillResult {
            skill: valid(SkillName::parse(skill.name)),
            score: valid(Score::percent(skill.score)),
            wrong_answers: skill.mistakes.iter().map(wrong).collect(),
            weak_points: skill.weak_points.iter().map(|point| valid(Line::parse(point))).collect(),
        };
        SkillAssessment { results: self.skills.iter().map(result).collect() }
    }

    fn resume_report(&self) -> ResumeReport {
        ResumeReport {
            score: Some(valid(Score::percent(self.resume.score))),
            matched_keywords: self
                .resume
                .keywords
                .iter()
                .map(|keyword| valid(Line::parse(keyword)))
                .collect(),
            reasons: self.resume.reasons.iter().map(|reason| valid(Prose::parse(reason))).collect(),
        }
    }
}

fn question(turn: &super::Turn) -> Question {
    Question { text: valid(Line::parse(turn.question)), starts: Some(turn.starts), ends: Some(turn.ends) }
}

#[expect(
    clippy::expect_used,
    reason = "everything made up here is valid, and the tests make it by the thousand"
)]
fn valid<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.expect("a made-up value is valid")
}
