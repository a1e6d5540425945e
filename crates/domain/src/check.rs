//! The background check: what the résumé claims, what speaks for it, and what a person found out.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    ApplicationId, CandidateId, Language, Material, MaterialId, UserId,
    text::{Line, Prose, SkillName},
};

/// So many claims of an application are checked at most.
pub const MOST_CLAIMS: usize = 100;
/// So many files prove a claim at most.
pub const MOST_EVIDENCE: usize = 20;
/// The longest note, in characters.
pub const LONGEST_NOTE: usize = 2000;

/// What was found out about the claims of an application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackgroundCheck {
    /// Whose they are.
    pub candidate: CandidateId,
    /// The application.
    pub application: ApplicationId,
    /// The claims that somebody has looked at.
    pub findings: Vec<Finding>,
}

/// What was found out about one claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The claim, as the résumé report or the checker says it.
    pub claim: Line,
    /// What came of it.
    pub verdict: Verdict,
    /// Where that comes from: whom one has asked, what the certificate says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Prose>,
    /// The files that show it.
    #[serde(default)]
    pub evidence: Vec<MaterialId>,
    /// Who found it out.
    pub by: UserId,
    /// When.
    pub at: DateTime<Utc>,
    /// How often it was written.
    pub revision: u32,
}

/// What came of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nobody knows yet.
    #[default]
    Open,
    /// It is true.
    Confirmed,
    /// It is not.
    Contradicted,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::Confirmed, Self::Contradicted];

    /// The name in code and API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Contradicted => "contradicted",
        }
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Open => ("待核实", "open"),
            Self::Confirmed => ("属实", "confirmed"),
            Self::Contradicted => ("不符", "contradicted"),
        };
        language.pick(zh, en)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no such verdict.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no verdict: open, confirmed or contradicted")]
pub struct UnknownVerdict(String);

impl FromStr for Verdict {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, UnknownVerdict> {
        let wanted = text.trim().to_lowercase();
        let is_called = |of: &Self| of.name() == wanted || of.label(Language::Chinese) == wanted;
        Self::ALL.into_iter().find(is_called).ok_or_else(|| UnknownVerdict(text.chars().take(40).collect()))
    }
}

/// A claim, with what speaks for it or against it.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What is claimed.
    pub text: Line,
    /// Whether the résumé report says so; else a checker has added it.
    pub is_reported: bool,
    /// Assessments of what is claimed, 0–100.
    pub tested: Vec<(SkillName, f64)>,
    /// Files that are named after it, and those that were given as evidence.
    pub files: Vec<MaterialId>,
    /// What was found out.
    pub finding: Option<Finding>,
}

impl Claim {
    /// What came of it.
    pub fn verdict(&self) -> Verdict {
        self.finding.as_ref().map(|finding| finding.verdict).unwrap_or_default()
    }
}

/// The claims of a résumé beside what else is known, by those materials that the asker may see; then the claims that
/// checkers have added.
pub fn claims(materials: &[Material], findings: &[Finding]) -> Vec<Claim> {
    let report = materials.iter().find_map(|of| of.content.resume_report());
    let reported = report.into_iter().flat_map(|of| &of.matched_keywords);
    let mut found: Vec<Claim> = Vec::new();
    for (text, is_reported) in
        reported.map(|text| (text, true)).chain(findings.iter().map(|of| (&of.claim, false)))
    {
        if found.iter().any(|known| known.text == *text) {
            continue;
        }
        let finding = findings.iter().find(|of| of.claim == *text).cloned();
        found.push(Claim {
            tested: tested(text, materials),
            files: files(text, materials, finding.as_ref()),
            text: text.clone(),
            is_reported,
            finding,
        });
    }
    found
}

/// Whether one of two texts holds the other, without regard to case.
fn alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_lowercase(), other.to_lowercase());
    one.contains(&other) || other.contains(&one)
}

fn tested(claim: &Line, materials: &[Material]) -> Vec<(SkillName, f64)> {
    let skills = materials.iter().find_map(|of| of.content.skills());
    let results = skills.into_iter().flat_map(|of| &of.results);
    let fitting = results.filter(|of| alike(of.skill.as_str(), claim.as_str()));
    fitting.map(|of| (of.skill.clone(), of.score.normalised())).collect()
}

fn files(claim: &Line, materials: &[Material], finding: Option<&Finding>) -> Vec<MaterialId> {
    let given = |of: &Material| finding.is_some_and(|finding| finding.evidence.contains(&of.id));
    let is_named = |of: &Material| {
        let name = of.content.file().map(|file| file.name.as_str().to_lowercase());
        of.interview.is_none() && name.is_some_and(|name| name.contains(&claim.as_str().to_lowercase()))
    };
    materials.iter().filter(|of| given(of) || is_named(of)).map(|of| of.id).collect()
}

/// What somebody writes about a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The claim.
    pub claim: Line,
    /// What came of it.
    pub verdict: Verdict,
    /// Where that comes from.
    pub note: Option<Prose>,
    /// The files that show it; `None` for those before.
    pub evidence: Option<Vec<MaterialId>>,
}

/// Why what is written about a claim can't be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message(Language::English))]
pub enum CheckError {
    /// A contradiction says where it comes from.
    NoNote,
    /// The note is too long.
    LongNote,
    /// There is too much evidence.
    Evidence,
    /// There are too many claims.
    Claims,
}

impl CheckError {
    /// What people read.
    pub fn message(self, language: Language) -> String {
        let (zh, en) = match self {
            Self::NoNote => (
                "认定“不符”须写明依据".to_owned(),
                "a claim is contradicted with a note that says by what".to_owned(),
            ),
            Self::LongNote => (
                format!("说明最多 {LONGEST_NOTE} 字"),
                format!("a note has {LONGEST_NOTE} characters at most"),
            ),
            Self::Evidence => (
                format!("每项最多 {MOST_EVIDENCE} 份证明文件"),
                format!("a claim has {MOST_EVIDENCE} files as evidence at most"),
            ),
            Self::Claims => (
                format!("每份应聘最多核实 {MOST_CLAIMS} 项"),
                format!("{MOST_CLAIMS} claims of an application are checked at most"),
            ),
        };
        match language {
            Language::Chinese => zh,
            Language::English => en,
        }
    }
}

impl BackgroundCheck {
    /// A check of which nothing is known yet.
    pub fn new(candidate: CandidateId, application: ApplicationId) -> Self {
        Self { candidate, application, findings: Vec::new() }
    }

    /// What was found out about a claim.
    pub fn finding(&self, claim: &Line) -> Option<&Finding> {
        self.findings.iter().find(|of| of.claim == *claim)
    }

    /// Writes what somebody found out, instead of what was written about that claim before.
    ///
    /// # Errors
    /// [`CheckError`]; then nothing is written.
    pub fn write(&mut self, checked: Checked, by: UserId, at: DateTime<Utc>) -> Result<Finding, CheckError> {
        let before = self.findings.iter().position(|of| of.claim == checked.claim);
        let of = before.and_then(|place| self.findings.get(place));
        let Checked { claim, verdict, note, evidence } = checked;
        let note = note.filter(|note| !note.as_str().trim().is_empty());
        let evidence = evidence.unwrap_or_else(|| of.map(|of| of.evidence.clone()).unwrap_or_default());
        if verdict == Verdict::Contradicted && note.is_none() {
            return Err(CheckError::NoNote);
        }
        if note.as_ref().is_some_and(|note| note.as_str().chars().count() > LONGEST_NOTE) {
            return Err(CheckError::LongNote);
        }
        if evidence.len() > MOST_EVIDENCE {
            return Err(CheckError::Evidence);
        }
        let revision = of.map_or(0, |of| of.revision) + 1;
        let finding = Finding { claim, verdict, note, evidence, by, at, revision };
        match before {
            Some(place) => self.findings[place] = finding.clone(),
            None if self.findings.len() >= MOST_CLAIMS => return Err(CheckError::Claims),
            None => self.findings.push(finding.clone()),
        }
        Ok(finding)
    }
}

#[cfg(test)]
mod tests;
