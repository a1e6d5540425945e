//! A material is one thing kept about an application.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, CandidateId, ConnectionId, InterviewId, Language, MaterialId,
    emotion::EmotionProfile,
    resume::ResumeReport,
    skill::SkillAssessment,
    text::{Line, RemoteId, VendorName},
    transcript::Transcript,
};

/// One thing kept about an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Material {
    /// The material's id.
    pub id: MaterialId,
    /// Whose it is.
    pub candidate: CandidateId,
    /// The application that it belongs to.
    pub application: ApplicationId,
    /// The interview that it came from; absent for what HR added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<InterviewId>,
    /// What it is.
    pub content: Content,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// Where it came from.
    pub provenance: Provenance,
    /// How often it was replaced by a newer state from its source; the first state is 1.
    pub revision: u32,
}

impl Material {
    /// The kind of material.
    pub fn kind(&self) -> MaterialKind {
        self.content.kind()
    }
}

/// What a material holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// 简历筛选报告
    ResumeReport(ResumeReport),
    /// 面试视频
    Video(StoredFile),
    /// 语音转文字
    Transcript(Transcript),
    /// 情绪分析数据
    Emotion(EmotionProfile),
    /// 技能测评结果
    SkillAssessment(SkillAssessment),
    /// 补充资料: what HR added.
    Supplement(StoredFile),
}

impl Content {
    /// The transcript, if it is one.
    pub fn transcript(&self) -> Option<&Transcript> {
        if let Self::Transcript(of) = self { Some(of) } else { None }
    }

    /// The emotion data, if it is some.
    pub fn emotion(&self) -> Option<&EmotionProfile> {
        if let Self::Emotion(of) = self { Some(of) } else { None }
    }

    /// The report on a résumé, if it is one.
    pub fn resume_report(&self) -> Option<&ResumeReport> {
        if let Self::ResumeReport(of) = self { Some(of) } else { None }
    }

    /// The skill assessment, if it is one.
    pub fn skills(&self) -> Option<&SkillAssessment> {
        if let Self::SkillAssessment(of) = self { Some(of) } else { None }
    }

    /// The kind of material.
    pub fn kind(&self) -> MaterialKind {
        match self {
            Self::ResumeReport(_) => MaterialKind::ResumeReport,
            Self::Video(_) => MaterialKind::Video,
            Self::Transcript(_) => MaterialKind::Transcript,
            Self::Emotion(_) => MaterialKind::Emotion,
            Self::SkillAssessment(_) => MaterialKind::SkillAssessment,
            Self::Supplement(_) => MaterialKind::Supplement,
        }
    }

    /// The file, for the kinds that are files.
    pub fn file(&self) -> Option<&StoredFile> {
        match self {
            Self::Video(file) | Self::Supplement(file) => Some(file),
            _ => None,
        }
    }
}

/// The six kinds of material.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MaterialKind {
    /// 简历筛选报告
    ResumeReport,
    /// 面试视频
    Video,
    /// 语音转文字
    Transcript,
    /// 情绪分析数据
    Emotion,
    /// 技能测评结果
    SkillAssessment,
    /// 补充资料
    Supplement,
}

impl MaterialKind {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::ResumeReport,
        Self::Video,
        Self::Transcript,
        Self::Emotion,
        Self::SkillAssessment,
        Self::Supplement,
    ];

    /// The five kinds that an AI interview leaves; a dossier that has them all is complete.
    pub const OF_AN_INTERVIEW: [Self; 5] =
        [Self::ResumeReport, Self::Video, Self::Transcript, Self::Emotion, Self::SkillAssessment];

    /// The name in code, API and query language.
    pub fn name(self) -> &'static str {
        match self {
            Self::ResumeReport => "resume_report",
            Self::Video => "video",
            Self::Transcript => "transcript",
            Self::Emotion => "emotion",
            Self::SkillAssessment => "skill_assessment",
            Self::Supplement => "supplement",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::ResumeReport => ("简历筛选报告", "Résumé report"),
            Self::Video => ("面试视频", "Video"),
            Self::Transcript => ("语音转文字", "Transcript"),
            Self::Emotion => ("情绪分析", "Emotion data"),
            Self::SkillAssessment => ("技能测评", "Skill assessment"),
            Self::Supplement => ("补充资料", "Supplement"),
        };
        language.pick(chinese, english)
    }
}

impl fmt::Display for MaterialKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No kind of material has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a kind of material; use video, transcript, emotion, skill_assessment, resume_report or supplement"
)]
pub struct UnknownKind(String);

impl FromStr for MaterialKind {
    type Err = UnknownKind;

    /// Takes the name in code, both labels, and the short words that people type: `report`, `skills`, `视频`, `报告`.
    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        let wanted = text.trim().to_lowercase();
        let short = match wanted.as_str() {
            "report" | "resume" | "résumé" | "报告" | "简历" => Some(Self::ResumeReport),
            "视频" => Some(Self::Video),
            "文字" | "转写" => Some(Self::Transcript),
            "emotions" | "情绪" => Some(Self::Emotion),
            "skill" | "skills" | "技能" | "测评" => Some(Self::SkillAssessment),
            "supplements" | "补充" => Some(Self::Supplement),
            _ => None,
        };
        let by_name = |kind: &Self| {
            kind.name() == wanted
                || kind.label(Language::Chinese) == wanted
                || kind.label(Language::English).to_lowercase() == wanted
        };
        short
            .or_else(|| Self::ALL.into_iter().find(by_name))
            .ok_or_else(|| UnknownKind(text.chars().take(40).collect()))
    }
}

/// A file kept in the sealed blob store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The blob's random id, in hexadecimal.
    pub blob: String,
    /// A name for people; never used as a path.
    pub name: Line,
    /// The media type found by looking at the content.
    pub media_type: String,
    /// Length in bytes.
    pub length: u64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// CRC-32 of the content (ISO-HDLC), as ZIP wants it.
    pub crc32: u32,
    /// Playing time in seconds, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
}

/// Where something came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Provenance {
    /// A vendor, by a connection.
    Vendor {
        /// The connection.
        connection: ConnectionId,
        /// The vendor.
        vendor: VendorName,
        /// The vendor's id of the interview.
        remote_id: RemoteId,
        /// The vendor's model, where it says which.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        model: Option<Line>,
        /// SHA-256 of the payload as it was received, in hexadecimal.
        payload_sha256: String,
    },
    /// A person, by upload.
    Upload {
        /// Who.
        by: crate::UserId,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found_by_the_words_people_type() {
        for (word, kind) in [
            ("video", MaterialKind::Video),
            ("报告", MaterialKind::ResumeReport),
            ("Skills", MaterialKind::SkillAssessment),
            ("情绪分析", MaterialKind::Emotion),
            ("Résumé report", MaterialKind::ResumeReport),
        ] {
            assert_eq!(word.parse::<MaterialKind>().unwrap(), kind);
        }
        assert!("films".parse::<MaterialKind>().unwrap_err().to_string().contains("films"));
    }

    #[test]
    fn content_is_stored_under_the_name_of_its_kind() {
        for (content, kind) in [
            (Content::Transcript(Transcript::default()), MaterialKind::Transcript),
            (Content::Emotion(EmotionProfile::default()), MaterialKind::Emotion),
            (Content::SkillAssessment(SkillAssessment::default()), MaterialKind::SkillAssessment),
        ] {
            assert_eq!(content.kind(), kind);
            let json = serde_json::to_value(&content).unwrap();
            assert!(json.get(kind.name()).is_some(), "{json}");
        }
    }
}
