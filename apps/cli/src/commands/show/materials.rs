//! The materials of a dossier: which are there, and what is in those that a terminal can show.

use std::collections::BTreeMap;

use dossier_client::applications::Shown;
use dossier_domain::{
    Content, EmotionProfile, Material, ResumeReport, SkillAssessment, Speaker, Transcript, Utterance,
};

use super::{labelled, listed};
use crate::{
    desk::Desk,
    text::{Style, Text, bar, bytes, clock, list, number, say, wrap},
};

/// So many utterances are shown unless all are asked for.
const EXCERPT: usize = 2;
const BAR: u32 = 20;

/// Shows the materials.
pub(super) fn show(view: &Shown, all_said: bool, desk: &Desk<'_>) {
    completeness(view, desk);
    for material in &view.materials {
        match &material.content {
            Content::ResumeReport(report) => resume(report, desk),
            Content::SkillAssessment(assessment) => skills(assessment, desk),
            Content::Emotion(profile) => emotion(profile, desk),
            Content::Transcript(transcript) => said(transcript, all_said, desk),
            Content::Video(_) | Content::Supplement(_) => {}
        }
    }
}

fn completeness(view: &Shown, desk: &Desk<'_>) {
    let language = desk.language();
    let there = view.materials.iter().map(|material| {
        let kind = material.kind().label(language);
        Text::of(Style::Good, "✓ ").plain(kind).dim(detail(material, desk))
    });
    let missing = view.missing.iter().map(|kind| {
        let kind = Text::of(Style::Warning, "– ").plain(kind.label(language));
        kind.dim(language.pick("（缺）", " (missing)"))
    });
    listed(desk, ("资料", "Materials"), there.chain(missing));
}

fn detail(material: &Material, desk: &Desk<'_>) -> String {
    let mut detail = match &material.content {
        Content::Video(file) => {
            let length = file.seconds.map(|seconds| format!(" {}", clock(seconds))).unwrap_or_default();
            format!("{length} {}", bytes(file.length))
        }
        Content::Supplement(file) => format!(" {} {}", file.name, bytes(file.length)),
        _ => String::new(),
    };
    let revision = material.revision;
    if revision > 1 {
        detail.push_str(&say!(desk.language(), " 第{revision}版", " rev. {revision}"));
    }
    detail
}

fn resume(report: &ResumeReport, desk: &Desk<'_>) {
    let mut line = Text::default();
    if let Some(score) = report.score {
        line = line.bold(number(score.normalised())).plain("  ");
    }
    line = line.plain(list(desk.language(), &report.matched_keywords)).plain("  ");
    let reasons: Vec<&str> = report.reasons.iter().map(|reason| reason.as_str()).collect();
    let room = desk.out.columns().saturating_sub(super::LABEL);
    labelled(desk, ("简历", "Résumé"), line.dim(reasons.join(" ")).cut(room));
}

fn skills(assessment: &SkillAssessment, desk: &Desk<'_>) {
    let widest = assessment.results.iter().map(|of| Text::from(of.skill.as_str()).width()).max().unwrap_or(0);
    for (count, result) in assessment.results.iter().enumerate() {
        let value = result.score.normalised();
        let mut line = row(result.skill.as_str(), widest, value);
        if !result.weak_points.is_empty() {
            let weak = list(desk.language(), &result.weak_points);
            line = line.dim(say!(desk.language(), "  薄弱：{weak}", "  weak: {weak}"));
        }
        let line = line.cut(desk.out.columns().saturating_sub(super::LABEL));
        labelled(desk, if count == 0 { ("技能", "Skills") } else { ("", "") }, line);
    }
}

fn emotion(profile: &EmotionProfile, desk: &Desk<'_>) {
    let mut dimensions: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    for reading in &profile.readings {
        dimensions.entry(reading.dimension.as_str()).or_default().push(reading.value);
    }
    let widest = dimensions.keys().map(|name| Text::from(*name).width()).max().unwrap_or(0);
    for (count, (name, values)) in dimensions.iter().enumerate() {
        let mean = profile.mean(name).unwrap_or_default();
        let line = row(name, widest, mean).plain("  ").dim(course(values));
        labelled(desk, if count == 0 { ("情绪", "Emotion") } else { ("", "") }, line);
    }
}

/// A name, a bar and a value.
fn row(name: &str, widest: usize, value: f64) -> Text {
    let name = Text::from(name);
    let space = " ".repeat(widest.saturating_sub(name.width()) + 2);
    let bar = Text::from(bar(value, BAR));
    let rest = " ".repeat((BAR as usize).saturating_sub(bar.width()));
    name.plain(space).then(bar).plain(rest).plain(format!(" {:>5}", number(value)))
}

/// The course of a reading over the interview, a column for each.
fn course(values: &[f64]) -> String {
    const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 7")]
    let level = |value: &f64| LEVELS[(value / 100.0 * 7.99).clamp(0.0, 7.0) as usize];
    values.iter().take(40).map(level).collect()
}

fn said(transcript: &Transcript, all: bool, desk: &Desk<'_>) {
    let shown = if all { transcript.utterances.len() } else { EXCERPT };
    for (count, utterance) in transcript.utterances.iter().take(shown).enumerate() {
        let label = if count == 0 { ("文字", "Transcript") } else { ("", "") };
        utter(utterance, all, label, desk);
    }
    let more = transcript.utterances.len().saturating_sub(shown);
    if more > 0 {
        let hint =
            say!(desk.language(), "…… 另有 {more} 句，见 --transcript", "… {more} more with --transcript");
        labelled(desk, ("", ""), Text::default().dim(hint));
    }
}

fn utter(utterance: &Utterance, whole: bool, label: (&str, &str), desk: &Desk<'_>) {
    let speaker = match utterance.speaker {
        Speaker::Interviewer => desk.language().pick("问", "Q"),
        Speaker::Candidate => desk.language().pick("答", "A"),
    };
    let time = utterance.starts.map(clock).unwrap_or_default();
    let lead = Text::default().dim(format!("{time:>5} {speaker} "));
    let room = desk.out.columns().saturating_sub(super::LABEL + lead.width()).max(20);
    if !whole {
        return labelled(desk, label, lead.then(Text::from(utterance.text.as_str()).cut(room)));
    }
    for (count, line) in wrap(utterance.text.as_str(), room).into_iter().enumerate() {
        match count {
            0 => labelled(desk, label, lead.clone().plain(line)),
            _ => labelled(desk, ("", ""), Text::from(" ".repeat(lead.width())).plain(line)),
        }
    }
}
