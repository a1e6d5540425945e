//! The bank's extension: what Ribbon itself does not have. Its fields are shown in the documentation of [`crate::ribbon`].

use dossier_domain::{
    EmotionProfile, EmotionReading, ResumeReport, Scale, Score, SkillAssessment, SkillResult, WrongAnswer,
    text::{Dimension, Line, Prose, SkillName, TextError},
};
use dossier_vendor::{Part, Phrase, Result, json::Field};

use super::span;

/// What the extension holds.
pub(super) struct Extended {
    pub(super) score: Option<Score>,
    pub(super) model: Option<Line>,
    pub(super) emotion: Part<EmotionProfile>,
    pub(super) skill_assessment: Part<SkillAssessment>,
    pub(super) resume_report: Part<ResumeReport>,
}

/// Reads the extension; without one, all of it is absent.
pub(super) fn read(extension: Option<&Field<'_>>) -> Result<Extended> {
    let given = |name| extension.and_then(|extension| extension.get(name).present());
    let overall = given("overall_score");
    let model = overall.as_ref().and_then(|overall| optional(overall, "model", Line::parse).transpose());
    Ok(Extended {
        score: overall.as_ref().map(score).transpose()?,
        model: model.transpose()?,
        emotion: part(given("emotions"), emotions)?,
        skill_assessment: part(given("skill_assessments"), skills)?,
        resume_report: part(given("resume_report"), resume_report)?,
    })
}

fn part<T>(field: Option<Field<'_>>, read: impl FnOnce(&Field<'_>) -> Result<T>) -> Result<Part<T>> {
    field.map_or(Ok(Part::Absent), |field| read(&field).map(Part::Ready))
}

/// `{value, min, max}`
fn score(field: &Field<'_>) -> Result<Score> {
    let scale = Scale::new(field.get("min").number()?, field.get("max").number()?).map_err(|_| {
        field.malformed(Phrase::new("min 小于 max 的量表", "a scale whose min is below its max"))
    })?;
    field.get("value").score(scale)
}

fn emotions(field: &Field<'_>) -> Result<EmotionProfile> {
    let reading = |entry: &Field<'_>| {
        let (starts, ends) = span(entry, &entry.get("start"), &entry.get("end"))?;
        Ok(EmotionReading {
            dimension: entry.get("dimension").parse(Dimension::parse)?,
            value: entry.get("value").score(Scale::PERCENT)?.raw(),
            question: optional(entry, "question", Line::parse)?,
            starts,
            ends,
            modality: optional(entry, "modality", Line::parse)?,
            source: optional(entry, "source", Line::parse)?,
        })
    };
    Ok(EmotionProfile { readings: field.list()?.iter().map(reading).collect::<Result<_>>()? })
}

fn skills(field: &Field<'_>) -> Result<SkillAssessment> {
    let result = |entry: &Field<'_>| {
        Ok(SkillResult {
            skill: entry.get("skill").parse(SkillName::parse)?,
            score: score(&entry.get("score"))?,
            wrong_answers: entries(entry, "wrong_answers", wrong_answer)?,
            weak_points: entries(entry, "weak_points", |point| point.parse(Line::parse))?,
        })
    };
    Ok(SkillAssessment { results: field.list()?.iter().map(result).collect::<Result<_>>()? })
}

fn wrong_answer(entry: &Field<'_>) -> Result<WrongAnswer> {
    Ok(WrongAnswer {
        question: entry.get("question").parse(Line::parse)?,
        answer: entry.get("answer").parse(Prose::parse)?,
        explanation: entry.get("explanation").parse(Prose::parse)?,
    })
}

fn resume_report(field: &Field<'_>) -> Result<ResumeReport> {
    Ok(ResumeReport {
        score: field.get("score").present().map(|field| score(&field)).transpose()?,
        matched_keywords: entries(field, "matched_keywords", |keyword| keyword.parse(Line::parse))?,
        reasons: entries(field, "reasons", |reason| reason.parse(Prose::parse))?,
    })
}

fn entries<T>(field: &Field<'_>, name: &str, read: impl Fn(&Field<'_>) -> Result<T>) -> Result<Vec<T>> {
    match field.get(name).present() {
        Some(list) => list.list()?.iter().map(read).collect(),
        None => Ok(Vec::new()),
    }
}

fn optional<T>(
    field: &Field<'_>,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, TextError>,
) -> Result<Option<T>> {
    field.get(name).present().map(|field| field.parse(parse)).transpose()
}
