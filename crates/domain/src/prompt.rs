//! Points worth asking about in the human interview: what the materials of the AI interview leave open.

use crate::{
    Content, Interview, Language, Material, MaterialKind, SkillAssessment, Speaker, Transcript,
    emotion::TENSION,
    text::{Line, SkillName},
};

/// A skill below this, 0–100, is worth a question.
const WEAK_BELOW: f64 = 70.0;
/// An answer whose tension was read at this or above, 0–100, is worth another look.
const TENSE_FROM: f64 = 70.0;
/// So many points of one sort are worth reading.
const MOST: usize = 5;

/// Something to ask about, and where it comes from.
#[derive(Debug, Clone, PartialEq)]
pub struct Prompt {
    /// What.
    pub about: About,
    /// The kind of material that it was found in.
    pub source: MaterialKind,
    /// Where the video shows it, in seconds; absent where nothing of it was said.
    pub at: Option<f64>,
}

/// What a prompt is about.
#[derive(Debug, Clone, PartialEq)]
pub enum About {
    /// A skill in which the candidate did badly.
    WeakSkill {
        /// The skill.
        skill: SkillName,
        /// Its score, 0–100.
        score: f64,
        /// What in it they are weak in.
        points: Vec<Line>,
    },
    /// A question that was answered under tension.
    Tension {
        /// The question; absent where the vendor does not say.
        question: Option<Line>,
        /// The tension, 0–100.
        value: f64,
    },
    /// A claim of the résumé that nothing else supports: no word of the candidate, no assessment, no file.
    Unproven {
        /// The claim.
        claim: Line,
    },
}

impl Prompt {
    /// What to ask about, in words.
    pub fn text(&self, language: Language) -> String {
        let (zh, en) = match &self.about {
            About::WeakSkill { skill, score, points } if points.is_empty() => {
                (format!("{skill}仅 {score} 分"), format!("{skill}: only {score}"))
            }
            About::WeakSkill { skill, score, points } => {
                let points: Vec<&str> = points.iter().map(Line::as_str).collect();
                (
                    format!("{skill}仅 {score} 分，薄弱点：{}", points.join("、")),
                    format!("{skill}: only {score}, weak in {}", points.join(", ")),
                )
            }
            About::Tension { question: Some(question), value } => (
                format!("回答“{question}”时紧张度 {value}"),
                format!("Tension of {value} while answering “{question}”"),
            ),
            About::Tension { question: None, value } => {
                (format!("紧张度 {value}"), format!("Tension of {value}"))
            }
            About::Unproven { claim } => (
                format!("简历提到“{claim}”，其他资料中没有佐证"),
                format!("The résumé claims “{claim}”, and nothing else here supports it"),
            ),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

/// What is worth asking, from an interview and those of its materials that the asker may see: what is left out can't
/// speak, neither for the candidate nor against.
pub fn prompts(interview: Option<&Interview>, materials: &[Material]) -> Vec<Prompt> {
    let transcript = materials.iter().find_map(|of| of.content.transcript());
    let skills = materials.iter().find_map(|of| of.content.skills());
    let mut found = skills.map_or_else(Vec::new, |skills| weak_skills(skills, interview, transcript));
    found.extend(tense_answers(materials, interview));
    found.extend(unproven_claims(materials, skills, transcript));
    found
}

/// The weakest first.
fn weak_skills(
    skills: &SkillAssessment,
    interview: Option<&Interview>,
    transcript: Option<&Transcript>,
) -> Vec<Prompt> {
    let mut weak: Vec<_> = skills.results.iter().filter(|of| of.score.normalised() < WEAK_BELOW).collect();
    weak.sort_by(|a, b| a.score.normalised().total_cmp(&b.score.normalised()));
    let prompt = |of: &crate::SkillResult| Prompt {
        about: About::WeakSkill {
            skill: of.skill.clone(),
            score: of.score.normalised(),
            points: of.weak_points.clone(),
        },
        source: MaterialKind::SkillAssessment,
        at: mentioned(of.skill.as_str(), interview, transcript),
    };
    weak.into_iter().take(MOST).map(prompt).collect()
}

/// Where a word comes up: in a question, or else in what was said.
fn mentioned(word: &str, interview: Option<&Interview>, transcript: Option<&Transcript>) -> Option<f64> {
    let word = word.to_lowercase();
    let is_in = |text: &str| text.to_lowercase().contains(&word);
    let asked = interview.into_iter().flat_map(|of| &of.questions).find(|of| is_in(of.text.as_str()));
    let said = transcript.into_iter().flat_map(|of| &of.utterances).find(|of| is_in(of.text.as_str()));
    asked.and_then(|of| of.starts).or_else(|| said.and_then(|of| of.starts))
}

/// The most tense first, each question once.
fn tense_answers(materials: &[Material], interview: Option<&Interview>) -> Vec<Prompt> {
    let profile = materials.iter().find_map(|of| of.content.emotion());
    let readings = profile.into_iter().flat_map(|profile| &profile.readings);
    let mut tense: Vec<_> =
        readings.filter(|of| of.dimension.as_str() == TENSION && of.value >= TENSE_FROM).collect();
    tense.sort_by(|a, b| b.value.total_cmp(&a.value));
    let mut found: Vec<Prompt> = Vec::new();
    for reading in tense {
        let about = About::Tension { question: reading.question.clone(), value: reading.value };
        let is_known = |of: &Prompt| matches!(&of.about, About::Tension { question, .. } if question.is_some() && *question == reading.question);
        if found.len() < MOST && !found.iter().any(is_known) {
            let at = reading.starts.or_else(|| starts_of(reading.question.as_ref()?, interview?));
            found.push(Prompt { about, source: MaterialKind::Emotion, at });
        }
    }
    found
}

fn starts_of(question: &Line, interview: &Interview) -> Option<f64> {
    interview.questions.iter().find(|of| of.text == *question).and_then(|of| of.starts)
}

/// Claims that the candidate never spoke of, that no assessment covers and no file is named after.
fn unproven_claims(
    materials: &[Material],
    skills: Option<&SkillAssessment>,
    transcript: Option<&Transcript>,
) -> Vec<Prompt> {
    let report = materials.iter().find_map(|of| of.content.resume_report());
    let own_words = || {
        let all = transcript.into_iter().flat_map(|of| &of.utterances);
        all.filter(|of| of.speaker == Speaker::Candidate).map(|of| of.text.as_str())
    };
    let files = || {
        materials.iter().filter_map(|of| match &of.content {
            Content::Supplement(file) => Some(file.name.as_str()),
            _ => None,
        })
    };
    let tested = || skills.into_iter().flat_map(|of| &of.results).map(|of| of.skill.as_str());
    let claims = report.into_iter().flat_map(|of| &of.matched_keywords);
    let is_bare = |claim: &&Line| {
        let claim = claim.as_str().to_lowercase();
        !own_words().chain(files()).chain(tested()).any(|text| text.to_lowercase().contains(&claim))
    };
    let prompt = |claim: &Line| Prompt {
        about: About::Unproven { claim: claim.clone() },
        source: MaterialKind::ResumeReport,
        at: None,
    };
    claims.filter(is_bare).take(MOST).map(prompt).collect()
}

#[cfg(test)]
mod tests;
