//! The page of a résumé-screening report.

use dossier_domain::{Language, MaterialKind, ResumeReport};
use maud::{Markup, html};

use super::{bar, nothing, number, original, subject_page};
use crate::{Locale, Subject};

/// The report: its score, the keywords that matched, the reasons.
#[must_use]
pub fn resume_report_html(locale: Locale, subject: &Subject, report: &ResumeReport) -> String {
    let content = resume_report(locale.language, report);
    subject_page(locale, MaterialKind::ResumeReport.label(locale.language), subject, &content)
}

/// The same as a part of another page.
#[must_use]
pub fn resume_report(language: Language, report: &ResumeReport) -> Markup {
    html! {
        section.headline {
            h2 { (language.pick("简历得分", "Résumé score")) }
            @match report.score {
                Some(score) => {
                    p.big { (number(score.normalised())) span.unit { "/ 100" } }
                    (bar(score.normalised()))
                    @if let Some(original) = original(language, score) { p.note { (original) } }
                },
                None => (nothing(language.pick("没有得分。", "No score was given."))),
            }
        }
        section {
            h2 { (language.pick("匹配关键词", "Matched keywords")) }
            @if report.matched_keywords.is_empty() {
                (nothing(language.pick("没有匹配的关键词。", "No keyword matched.")))
            } @else {
                p.tags { @for keyword in &report.matched_keywords { span.tag { (keyword) } " " } }
            }
        }
        section {
            h2 { (language.pick("推荐理由", "Reasons")) }
            @if report.reasons.is_empty() {
                (nothing(language.pick("没有给出理由。", "No reason was given.")))
            } @else {
                ol.reasons { @for reason in &report.reasons { li { (reason) } } }
            }
        }
    }
}
