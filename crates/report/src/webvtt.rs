//! A transcript as subtitles that lie beside the video.

use dossier_domain::{Language, Speaker, Transcript};

use crate::{figures, pages::speaker_label};

/// How long the last cue stays when the vendor does not say when it ends, in seconds.
const LAST_CUE: f64 = 4.0;

/// The transcript as WebVTT (<https://www.w3.org/TR/webvtt1/>), a cue with its speaker for each utterance.
///
/// Utterances without a time are left out; one without an end lasts until the next begins.
#[must_use]
pub fn webvtt(language: Language, transcript: &Transcript) -> String {
    let mut cues: Vec<Cue<'_>> = transcript.utterances.iter().filter_map(Cue::of).collect();
    cues.sort_by(|a, b| a.starts.total_cmp(&b.starts));
    let mut text = "WEBVTT\n".to_owned();
    for (index, cue) in cues.iter().enumerate() {
        let next = cues.get(index + 1).map(|next| next.starts);
        text.push_str(&cue.written(language, next));
    }
    text
}

struct Cue<'a> {
    starts: f64,
    ends: Option<f64>,
    speaker: Speaker,
    text: &'a str,
}

impl<'a> Cue<'a> {
    fn of(utterance: &'a dossier_domain::Utterance) -> Option<Self> {
        let starts = figures::seconds(utterance.starts)?;
        let ends = figures::seconds(utterance.ends).filter(|ends| *ends > starts);
        let text = utterance.text.as_str();
        (!text.trim().is_empty()).then_some(Self { starts, ends, speaker: utterance.speaker, text })
    }

    fn written(&self, language: Language, next: Option<f64>) -> String {
        let until_next = next.filter(|next| *next > self.starts);
        let ends = self.ends.or(until_next).unwrap_or(self.starts + LAST_CUE);
        let (starts, ends) = (timestamp(self.starts), timestamp(ends));
        let (speaker, text) = (speaker_label(self.speaker, language), cue_text(self.text));
        format!("\n{starts} --> {ends}\n<v {speaker}>{text}</v>\n")
    }
}

/// `00:03:07.250`; hours have two digits or more.
fn timestamp(seconds: f64) -> String {
    let millis = (seconds * 1000.0).round() as u64;
    let whole = millis / 1000;
    format!("{:02}:{:02}:{:02}.{:03}", whole / 3600, whole / 60 % 60, whole % 60, millis % 1000)
}

/// The text with its special characters escaped (an arrow of times included) and no empty line, which would end it.
fn cue_text(text: &str) -> String {
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()).collect();
    lines.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier_domain::{Utterance, text::Prose};
    use proptest::prelude::*;

    fn said(starts: Option<f64>, ends: Option<f64>, text: &str) -> Utterance {
        Utterance { speaker: Speaker::Candidate, starts, ends, text: Prose::parse(text).unwrap() }
    }

    #[test]
    fn cues_are_in_order_escaped_and_end() {
        let transcript = Transcript {
            utterances: vec![
                said(Some(3723.5), None, "最后"),
                said(Some(1.0), None, "a <b> & c --> d\n\n\u{20}\nNOTE e"),
                said(None, None, "no time"),
                said(Some(f64::NAN), None, "no number"),
                said(Some(2.25), Some(1.0), "ends before it begins"),
            ],
        };
        let expected = "WEBVTT\n\
            \n00:00:01.000 --> 00:00:02.250\n<v 候选人>a &lt;b&gt; &amp; c --&gt; d\nNOTE e</v>\n\
            \n00:00:02.250 --> 01:02:03.500\n<v 候选人>ends before it begins</v>\n\
            \n01:02:03.500 --> 01:02:07.500\n<v 候选人>最后</v>\n";
        assert_eq!(webvtt(Language::Chinese, &transcript), expected);
        assert_eq!(webvtt(Language::English, &Transcript::default()), "WEBVTT\n");
    }

    proptest! {
        #[test]
        fn no_text_makes_a_line_of_its_own_kind(text in "[a<>&\n\r\t -]{0,40}") {
            let transcript = Transcript { utterances: vec![said(Some(0.0), None, &text)] };
            let written = webvtt(Language::English, &transcript);
            prop_assert!(written.matches("-->").count() <= 1);
            prop_assert!(written.matches("\n\n").count() <= 1);
        }
    }
}
