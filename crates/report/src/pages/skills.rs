//! The page of a skill assessment.

use dossier_domain::{Language, MaterialKind, SkillAssessment, SkillResult, WrongAnswer};
use maud::{Markup, html};

use super::{bar, nothing, number, original, subject_page};
use crate::{Locale, Subject};

/// The assessment: a bar for each skill, then its weak points and wrong answers.
#[must_use]
pub fn skill_assessment_html(locale: Locale, subject: &Subject, assessment: &SkillAssessment) -> String {
    let language = locale.language;
    let content = skill_assessment(language, assessment);
    subject_page(locale, MaterialKind::SkillAssessment.label(language), subject, &content)
}

/// The same as a part of another page.
#[must_use]
pub fn skill_assessment(language: Language, assessment: &SkillAssessment) -> Markup {
    let results = &assessment.results;
    let has_details =
        |result: &&SkillResult| !result.weak_points.is_empty() || !result.wrong_answers.is_empty();
    html! {
        @if results.is_empty() {
            (nothing(language.pick("没有测评结果。", "There is no result.")))
        } @else {
            table.bars {
                caption { (language.pick("各项得分（0–100）", "Scores (0–100)")) }
                @for result in results { (score(language, result)) }
            }
        }
        @for result in results.iter().filter(has_details) { (details(language, result)) }
    }
}

fn score(language: Language, result: &SkillResult) -> Markup {
    html! {
        tr {
            th scope="row" { (result.skill) }
            td { (bar(result.score.normalised())) }
            td.number title=[original(language, result.score)] { (number(result.score.normalised())) }
        }
    }
}

fn details(language: Language, result: &SkillResult) -> Markup {
    html! {
        section.skill {
            h2 { (result.skill) }
            @if !result.weak_points.is_empty() {
                h3 { (language.pick("薄弱点", "Weak points")) }
                p.tags { @for point in &result.weak_points { span class="tag weak" { (point) } " " } }
            }
            @if !result.wrong_answers.is_empty() {
                h3 { (language.pick("错题", "Wrong answers")) " " span.unit { (result.wrong_answers.len()) } }
                @for wrong in &result.wrong_answers { (wrong_answer(language, wrong)) }
            }
        }
    }
}

fn wrong_answer(language: Language, wrong: &WrongAnswer) -> Markup {
    html! {
        article.wrong {
            h4 { (wrong.question) }
            dl {
                dt { (language.pick("作答", "Answer")) }
                dd { (wrong.answer) }
                dt { (language.pick("解析", "Explanation")) }
                dd { (wrong.explanation) }
            }
        }
    }
}
