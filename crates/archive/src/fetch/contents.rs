//! What lies in the ZIP for one application.

use bytes::Bytes;
use chrono::{DateTime, Utc};
use dossier_access::Digest;
use dossier_domain::{
    ApplicationId, CandidateId, Content as MaterialContent, Language, Material, MaterialKind, StoredFile,
};
use dossier_report::{
    BundleFile, BundleRow, Locale, ManifestFile, Subject,
    pages::{emotion_html, resume_report_html, skill_assessment_html, transcript_html},
    webvtt,
    zip::{Entry, Plan, safe_name},
};

use crate::{ApplicationView, Result};

/// A file of the ZIP.
pub(super) struct Item {
    pub(super) content: Content,
    sha256: String,
    kind: Option<MaterialKind>,
    application: Option<ApplicationId>,
}

/// Where its bytes come from.
pub(super) enum Content {
    /// Made for this ZIP.
    Made(Bytes),
    /// A blob of the archive.
    Stored { candidate: CandidateId, file: StoredFile },
}

impl Item {
    pub(super) fn line(&self, entry: &Entry) -> ManifestFile {
        ManifestFile {
            path: entry.name.clone(),
            bytes: entry.size,
            sha256: self.sha256.clone(),
            crc32: entry.crc32,
            kind: self.kind,
            application: self.application,
        }
    }
}

/// Adds a file that was made for this ZIP.
pub(super) fn generated(
    plan: &mut Plan,
    items: &mut Vec<Item>,
    path: &str,
    bytes: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<String> {
    let path = plan.add_content(path, &bytes, now)?.to_owned();
    let sha256 = Digest::of(&bytes).to_string();
    items.push(Item { content: Content::Made(bytes.into()), sha256, kind: None, application: None });
    Ok(path)
}

/// Adds the chosen contents of one application; gives its row of the index.
pub(super) fn add(
    plan: &mut Plan,
    items: &mut Vec<Item>,
    locale: Locale,
    number: usize,
    view: &ApplicationView,
    contents: &[MaterialKind],
    now: DateTime<Utc>,
) -> Result<BundleRow> {
    let subject = Subject {
        candidate: view.identity.name.clone(),
        position: view.position.name.clone(),
        interviewed_at: view.interviews.last().and_then(|interview| interview.started_at),
    };
    let name = subject.candidate.as_ref().map_or_else(|| view.candidate.to_string(), ToString::to_string);
    let folder = safe_name(&format!("{:03} {} {}", number + 1, name, subject.position));
    let mut files = Vec::new();
    for material in view.materials.iter().filter(|of| contents.contains(&of.kind())) {
        let mut add_file =
            |path: String, bytes: u64| files.push(BundleFile { kind: material.kind(), path, bytes });
        for part in parts(locale, &subject, view, material)? {
            let path = format!("{folder}/{}", safe_name(&part.name));
            let (path, length) = match part.content {
                Content::Made(bytes) => {
                    let length = bytes.len() as u64;
                    (generated(plan, items, &path, bytes.into(), now)?, length)
                }
                Content::Stored { candidate, file } => {
                    let path = plan.add(&path, file.length, file.crc32, material.received_at)?.to_owned();
                    let (sha256, length) = (file.sha256.clone(), file.length);
                    let content = Content::Stored { candidate, file };
                    items.push(Item { content, sha256, kind: None, application: None });
                    (path, length)
                }
            };
            if let Some(item) = items.last_mut() {
                item.kind = Some(material.kind());
                item.application = Some(view.application.id);
            }
            add_file(path, length);
        }
    }
    let tags = view.tags.iter().map(|tag| tag.name.clone()).collect();
    Ok(BundleRow {
        application: view.application.id,
        subject,
        stage: view.application.stage(),
        score: view.score,
        tags,
        files,
    })
}

struct Part {
    name: String,
    content: Content,
}

/// The files of one material: a page for people and, beside it, the data for machines.
fn parts(
    locale: Locale,
    subject: &Subject,
    view: &ApplicationView,
    material: &Material,
) -> Result<Vec<Part>> {
    let label = material.kind().label(locale.language);
    let made = |ending: &str, text: String| Part {
        name: format!("{label}.{ending}"),
        content: Content::Made(text.into_bytes().into()),
    };
    let stored = |name: String, file: &StoredFile| Part {
        name,
        content: Content::Stored { candidate: material.candidate, file: file.clone() },
    };
    let data = |value: serde_json::Result<String>| value.map(|text| made("json", text)).map_err(json_error);
    Ok(match &material.content {
        MaterialContent::Video(file) => {
            vec![stored(format!("{label}.{}", ending(&file.media_type)), file)]
        }
        MaterialContent::Supplement(file) => vec![stored(supplement_name(locale.language, file), file)],
        MaterialContent::Transcript(transcript) => {
            let questions = view.interviews.iter().find(|of| Some(of.id) == material.interview);
            let questions = questions.map_or(&[][..], |interview| &interview.questions);
            vec![
                made("html", transcript_html(locale, subject, transcript, questions)),
                made("vtt", webvtt(locale.language, transcript)),
            ]
        }
        MaterialContent::ResumeReport(report) => {
            vec![
                made("html", resume_report_html(locale, subject, report)),
                data(serde_json::to_string_pretty(report))?,
            ]
        }
        MaterialContent::Emotion(profile) => {
            vec![
                made("html", emotion_html(locale, subject, profile)),
                data(serde_json::to_string_pretty(profile))?,
            ]
        }
        MaterialContent::SkillAssessment(assessment) => vec![
            made("html", skill_assessment_html(locale, subject, assessment)),
            data(serde_json::to_string_pretty(assessment))?,
        ],
    })
}

fn json_error(error: serde_json::Error) -> crate::Error {
    crate::Error::Report(error.into())
}

fn ending(media_type: &str) -> &'static str {
    match media_type {
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        "video/x-matroska" => "mkv",
        _ => "video",
    }
}

fn supplement_name(language: Language, file: &StoredFile) -> String {
    format!("{} {}", MaterialKind::Supplement.label(language), file.name)
}
