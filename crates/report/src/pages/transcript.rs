//! The page of a transcript.

use dossier_domain::{Language, MaterialKind, Question, Speaker, Transcript, Utterance};
use maud::{Markup, html};

use super::{nothing, subject_page};
use crate::{Locale, Subject, figures};

/// The transcript with a heading where each question begins.
///
/// A question stands where its time is; one without a time, where the interviewer says it. One that is found in neither
/// way is in the list of questions only.
#[must_use]
pub fn transcript_html(
    locale: Locale,
    subject: &Subject,
    transcript: &Transcript,
    questions: &[Question],
) -> String {
    let language = locale.language;
    let places = transcript.places(questions);
    let content = html! {
        @if !questions.is_empty() {
            nav.questions aria-label=(language.pick("面试问题", "Questions")) {
                h2 { (language.pick("面试问题", "Questions")) }
                ol {
                    @for (number, (question, place)) in questions.iter().zip(&places).enumerate() {
                        li {
                            @if place.is_some() { a href={ "#q" (number + 1) } { (question.text) } }
                            @else { (question.text) }
                        }
                    }
                }
            }
        }
        @if transcript.utterances.is_empty() {
            (nothing(language.pick("没有转写内容。", "Nothing was said, or nothing was written down.")))
        }
        @for (index, utterance) in transcript.utterances.iter().enumerate() {
            @for (number, question) in questions.iter().enumerate().filter(|(number, _)| places[*number] == Some(index)) {
                h2.question id={ "q" (number + 1) } { span.ordinal { (number + 1) } (question.text) }
            }
            (turn(locale, utterance))
        }
    };
    subject_page(locale, MaterialKind::Transcript.label(language), subject, &content)
}

fn turn(locale: Locale, utterance: &Utterance) -> Markup {
    let by = match utterance.speaker {
        Speaker::Interviewer => "interviewer",
        Speaker::Candidate => "candidate",
    };
    html! {
        div class={ "turn " (by) } {
            p.who {
                span.speaker { (speaker_label(utterance.speaker, locale.language)) }
                @if let Some(starts) = figures::seconds(utterance.starts) { span.at { (figures::place(starts)) } }
            }
            p.said { (utterance.text) }
        }
    }
}

/// What a reader calls the speaker.
#[must_use]
pub fn speaker_label(speaker: Speaker, language: Language) -> &'static str {
    match speaker {
        Speaker::Interviewer => language.pick("AI面试官", "AI interviewer"),
        Speaker::Candidate => language.pick("候选人", "Candidate"),
    }
}
