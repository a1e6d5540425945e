//! Pages that are opened from disk: one file each, without scripts and without anything from elsewhere, printable, in
//! light and dark.
//!
//! Texts are escaped by the templates; a content security policy in each page forbids scripts should one ever slip in.

mod emotion;
mod index;
mod resume;
mod skills;
mod transcript;

use dossier_domain::{Language, Score};
use maud::{DOCTYPE, Markup, PreEscaped, html};

pub use self::{
    emotion::{emotion, emotion_curve, emotion_figures, emotion_html},
    index::index_html,
    resume::{resume_report, resume_report_html},
    skills::{skill_assessment, skill_assessment_html},
    transcript::{speaker_label, transcript_html},
};
use crate::{Locale, Subject, charts, figures::number};

const STYLE: &str = include_str!("pages/style.css");
/// The style of the materials themselves, which other pages show as well. It takes its colours from custom properties.
pub const MATERIALS_STYLE: &str = include_str!("pages/materials.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A whole page around its content.
fn page(language: Language, title: &str, content: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(language.pick("zh-Hans", "en")) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(MATERIALS_STYLE)) (PreEscaped(charts::STYLE)) }
            }
            body {
                main { (content) }
                footer { (language.pick("Dossier 卷宗 · 含个人信息，请按用途使用、妥善保管、及时销毁",
                    "Dossier · Contains personal data: use it for its purpose, keep it safe, destroy it in time")) }
            }
        }
    };
    page.into_string()
}

/// A page about one candidate: what it is, whom it is about, and the content.
fn subject_page(locale: Locale, kind: &str, subject: &Subject, content: &Markup) -> String {
    let name = candidate_name(locale.language, subject);
    let content = html! {
        header {
            p.kind { (kind) }
            h1 { (name) }
            p.about {
                (subject.position)
                @if let Some(at) = subject.interviewed_at {
                    span.dot { "·" } time datetime=(at.to_rfc3339()) { (locale.zone.show(at)) }
                }
            }
        }
        (content)
    };
    page(locale.language, &format!("{name} · {kind}"), &content)
}

fn candidate_name(language: Language, subject: &Subject) -> &str {
    subject.candidate.as_ref().map_or(language.pick("（无姓名）", "(no name)"), |name| name.as_str())
}

/// Says that there is nothing where something was to be expected.
fn nothing(text: &str) -> Markup {
    html! { p.nothing { (text) } }
}

/// The score as the vendor gave it, where its scale is another than 0–100.
fn original(language: Language, score: Score) -> Option<String> {
    let scale = score.scale();
    (scale != dossier_domain::Scale::PERCENT).then(|| {
        let (raw, min, max) = (score.raw(), scale.min(), scale.max());
        match language {
            Language::Chinese => format!("原始分 {raw}（{min}–{max}）"),
            Language::English => format!("raw {raw} ({min}–{max})"),
        }
    })
}

/// A score as a bar with its number; the bar is drawn as SVG, which prints without background colours.
fn bar(value: f64) -> Markup {
    let value = value.clamp(0.0, 100.0);
    html! {
        svg.bar viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="100" height="6" fill="#e5e9ee" {}
            rect.fill x="0" y="0" width=(number(value)) height="6" fill="#2563a8" {}
        }
    }
}
