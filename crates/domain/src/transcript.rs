//! The transcript: who said what, when.

use serde::{Deserialize, Serialize};

use crate::{
    Question,
    text::{Line, Prose},
};

/// What was said, in order.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Transcript {
    /// The utterances, in order of time.
    pub utterances: Vec<Utterance>,
}

/// One person's turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utterance {
    /// Who spoke.
    pub speaker: Speaker,
    /// Where it begins, in seconds from the start of the video; absent where the vendor gives no times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<f64>,
    /// Where it ends, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<f64>,
    /// What was said.
    pub text: Prose,
}

/// Who spoke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The AI interviewer.
    Interviewer,
    /// The candidate.
    Candidate,
}

impl Transcript {
    /// The index of the utterance with which each question begins, where it is known: a question stands where its time
    /// is; one without a time, where the interviewer says it.
    #[must_use]
    pub fn places(&self, questions: &[Question]) -> Vec<Option<usize>> {
        let is_at = |question: &Question, said: &Utterance| match seconds(question.starts)
            .zip(seconds(said.starts))
        {
            // Vendors round the two differently.
            Some((asked, said)) => said >= asked - 0.5,
            None => {
                said.speaker == Speaker::Interviewer && said.text.as_str().contains(question.text.as_str())
            }
        };
        questions
            .iter()
            .map(|question| self.utterances.iter().position(|said| is_at(question, said)))
            .collect()
    }

    /// For each utterance the question that it answers: what a candidate says belongs to the question that was asked last.
    /// What the interviewer says answers nothing, nor does what comes before the first question.
    #[must_use]
    pub fn answered<'q>(&self, questions: &'q [Question]) -> Vec<Option<&'q Line>> {
        let places = self.places(questions);
        let answered = |(index, said): (usize, &Utterance)| {
            let asked = places.iter().zip(questions).filter(|(place, _)| place.is_some_and(|at| at <= index));
            let last = asked.max_by_key(|(place, _)| **place)?;
            (said.speaker == Speaker::Candidate).then_some(&last.1.text)
        };
        self.utterances.iter().enumerate().map(answered).collect()
    }
}

/// A time that can be one.
fn seconds(given: Option<f64>) -> Option<f64> {
    given.filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(speaker: Speaker, starts: Option<f64>, text: &str) -> Utterance {
        Utterance { speaker, starts, ends: None, text: Prose::parse(text).unwrap() }
    }

    fn asked(text: &str, starts: Option<f64>) -> Question {
        Question { text: Line::parse(text).unwrap(), starts, ends: None }
    }

    #[test]
    fn what_a_candidate_says_answers_the_question_that_was_asked_last() {
        use Speaker::{Candidate, Interviewer};
        for timed in [true, false] {
            let at = |seconds: f64| timed.then_some(seconds);
            let transcript = Transcript {
                utterances: vec![
                    said(Candidate, at(0.0), "您好"),
                    said(Interviewer, at(2.0), "请介绍一下你自己"),
                    said(Candidate, at(3.0), "我叫张三"),
                    said(Interviewer, at(9.0), "为什么选择我们银行？"),
                    said(Candidate, at(10.0), "企业文化"),
                    said(Interviewer, at(12.0), "还有吗？"),
                    said(Candidate, at(13.0), "发展前景"),
                ],
            };
            let questions = [
                asked("请介绍一下你自己", at(2.1)),
                asked("为什么选择我们银行", at(8.8)),
                asked("没有问到的", at(99.0)),
            ];
            let answered = transcript.answered(&questions);
            let answered: Vec<_> = answered.iter().map(|of| of.map(Line::as_str)).collect();
            let (first, why) = (Some("请介绍一下你自己"), Some("为什么选择我们银行"));
            assert_eq!(answered, [None, None, first, None, why, None, why]);
        }
    }

    #[test]
    fn odd_times_and_no_questions_answer_nothing() {
        let transcript =
            Transcript { utterances: vec![said(Speaker::Candidate, Some(f64::NAN), "企业文化")] };
        assert_eq!(transcript.answered(&[]), [None]);
        assert_eq!(transcript.answered(&[asked("为什么", Some(f64::INFINITY))]), [None]);
    }
}
