//! Which fields of a vendor's interviews are synced. A field that is not chosen is never stored.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{Language, MaterialKind};

/// A field that HR chooses to sync, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncField {
    /// 候选人姓名, with the contact data by which the person is recognised.
    CandidateName,
    /// 岗位名称
    Position,
    /// 面试时间
    InterviewTime,
    /// AI面试得分
    AiScore,
    /// 面试视频
    Video,
    /// 语音转文字
    Transcript,
    /// 情绪分析数据
    Emotion,
    /// 技能测评结果
    SkillAssessment,
    /// 简历筛选报告
    ResumeReport,
}

impl SyncField {
    /// All fields.
    pub const ALL: [Self; 9] = [
        Self::CandidateName,
        Self::Position,
        Self::InterviewTime,
        Self::AiScore,
        Self::Video,
        Self::Transcript,
        Self::Emotion,
        Self::SkillAssessment,
        Self::ResumeReport,
    ];

    /// The name in code, API and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::CandidateName => "candidate_name",
            Self::Position => "position",
            Self::InterviewTime => "interview_time",
            Self::AiScore => "ai_score",
            Self::Video => "video",
            Self::Transcript => "transcript",
            Self::Emotion => "emotion",
            Self::SkillAssessment => "skill_assessment",
            Self::ResumeReport => "resume_report",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::CandidateName => ("候选人姓名", "Candidate name"),
            Self::Position => ("岗位名称", "Position"),
            Self::InterviewTime => ("面试时间", "Interview time"),
            Self::AiScore => ("AI面试得分", "AI score"),
            Self::Video => ("面试视频", "Video"),
            Self::Transcript => ("语音转文字", "Transcript"),
            Self::Emotion => ("情绪分析数据", "Emotion data"),
            Self::SkillAssessment => ("技能测评结果", "Skill assessment"),
            Self::ResumeReport => ("简历筛选报告", "Résumé report"),
        };
        language.pick(chinese, english)
    }
}

impl fmt::Display for SyncField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No field has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a field to sync; use candidate_name, position, interview_time, ai_score, video, transcript, emotion, skill_assessment or resume_report"
)]
pub struct UnknownField(String);

impl FromStr for SyncField {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        Self::ALL
            .into_iter()
            .find(|field| field.name() == text || field.label(Language::Chinese) == text)
            .ok_or_else(|| UnknownField(text.chars().take(40).collect()))
    }
}

/// The fields chosen for a connection; all of them unless HR takes some away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldSelection(BTreeSet<SyncField>);

impl Default for FieldSelection {
    fn default() -> Self {
        SyncField::ALL.into_iter().collect()
    }
}

impl FromIterator<SyncField> for FieldSelection {
    fn from_iter<I: IntoIterator<Item = SyncField>>(fields: I) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl FieldSelection {
    /// Whether nothing at all is synced.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the field is synced.
    pub fn has(&self, field: SyncField) -> bool {
        self.0.contains(&field)
    }

    /// Whether materials of this kind are synced. Supplements come from HR and not from a vendor.
    pub fn has_kind(&self, kind: MaterialKind) -> bool {
        match kind {
            MaterialKind::ResumeReport => self.has(SyncField::ResumeReport),
            MaterialKind::Video => self.has(SyncField::Video),
            MaterialKind::Transcript => self.has(SyncField::Transcript),
            MaterialKind::Emotion => self.has(SyncField::Emotion),
            MaterialKind::SkillAssessment => self.has(SyncField::SkillAssessment),
            MaterialKind::Supplement => false,
        }
    }

    /// The chosen fields, in their order.
    pub fn iter(&self) -> impl Iterator<Item = SyncField> + '_ {
        self.0.iter().copied()
    }
}
