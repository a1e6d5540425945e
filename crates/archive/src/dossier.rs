//! A dossier: everything that is kept about one candidate, read in one scan of the candidate's scope.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use dossier_domain::{
    Agreement, Application, ApplicationId, BackgroundCheck, BankZone, Candidate, Content, EmotionLabel,
    Facts, FilingRule, Interview, Material, MaterialKind, Offers, Position, PositionId, Provenance, Question,
    Score, Scorecard, Stage, Tag, TagRule, UserId, filing::automatic_tags, skill::SkillResult, text::Line,
};
use dossier_search::EntrySkill;

/// All of one candidate.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// The person.
    pub candidate: Candidate,
    /// The applications, oldest first.
    pub applications: Vec<ApplicationFile>,
    /// How many of the candidate's records are there and can't be read.
    pub damaged: usize,
}

/// One application with all that belongs to it.
#[derive(Debug, Clone)]
pub struct ApplicationFile {
    /// The application.
    pub application: Application,
    /// What for.
    pub position: Position,
    /// The interviews, oldest first.
    pub interviews: Vec<Interview>,
    /// The materials, in the order of their kinds, the newest of a kind first.
    pub materials: Vec<Material>,
    /// The interviewers' scorecards, drafts included.
    pub scorecards: Vec<Scorecard>,
    /// What was found out about claims.
    pub check: Option<BackgroundCheck>,
    /// The offers that were made.
    pub offers: Option<Offers>,
}

impl Dossier {
    /// Puts a dossier together from the records of a candidate's scope. An application whose position is unknown is
    /// left out: it can't be shown to anyone whose rights depend on the position.
    pub(crate) fn assemble(
        candidate: Candidate,
        applications: Vec<Application>,
        mut interviews: Vec<Interview>,
        mut materials: Vec<Material>,
        positions: &BTreeMap<PositionId, Position>,
        damaged: usize,
    ) -> Self {
        interviews.sort_by_key(|interview| (interview.started_at, interview.id));
        materials.sort_by_key(|material| {
            (material.kind(), std::cmp::Reverse((material.received_at, material.id)))
        });
        let applications = applications
            .into_iter()
            .filter_map(|application| {
                Some(ApplicationFile {
                    position: positions.get(&application.position)?.clone(),
                    interviews: interviews.extract_if(.., |of| of.application == application.id).collect(),
                    materials: materials.extract_if(.., |of| of.application == application.id).collect(),
                    scorecards: Vec::new(),
                    check: None,
                    offers: None,
                    application,
                })
            })
            .collect();
        Self { candidate, applications, damaged }
    }

    /// The same with the scorecards of its applications, those that were handed in first, in that order.
    pub(crate) fn with_scorecards(mut self, mut scorecards: Vec<Scorecard>) -> Self {
        scorecards.sort_by_key(|card| (card.handed_in_at.is_none(), card.handed_in_at, card.by));
        for file in &mut self.applications {
            let id = file.application.id;
            file.scorecards.extend(scorecards.extract_if(.., |card| card.application == id));
        }
        self
    }

    /// The same with what was found out of its applications, and what was offered.
    pub(crate) fn with_findings(mut self, mut checks: Vec<BackgroundCheck>, mut offers: Vec<Offers>) -> Self {
        for file in &mut self.applications {
            let id = file.application.id;
            file.check = checks.extract_if(.., |of| of.application == id).next();
            file.offers = offers.extract_if(.., |of| of.application == id).next();
        }
        self
    }

    /// One of the applications.
    pub fn application(&self, id: ApplicationId) -> Option<&ApplicationFile> {
        self.applications.iter().find(|file| file.application.id == id)
    }
}

/// The scores of an assessment; none of another kind of material.
pub(crate) fn skills_of(material: &Material) -> Vec<EntrySkill> {
    let results = material.content.skills().into_iter().flat_map(|assessment| &assessment.results);
    let skill = |of: &SkillResult| EntrySkill { name: of.skill.clone(), score: of.score.normalised() };
    results.map(skill).collect()
}

/// An AI score and assessments as one, 0–100, by a position's weights; `None` where it has none.
pub(crate) fn weighted(position: &Position, ai: Option<f64>, skills: &[EntrySkill]) -> Option<f64> {
    let rule = position.scoring();
    let weighted = || rule.weighted(ai, |skill| EntrySkill::best(skills, skill));
    (!rule.weights.is_empty()).then(weighted).flatten()
}

impl ApplicationFile {
    /// The latest interview.
    pub fn interview(&self) -> Option<&Interview> {
        self.interviews.last()
    }

    /// When the latest interview began.
    pub fn interviewed_at(&self) -> Option<DateTime<Utc>> {
        self.interview().and_then(|interview| interview.started_at)
    }

    /// The AI score that holds.
    pub fn score(&self) -> Option<Score> {
        self.interview().and_then(Interview::score)
    }

    /// The score that people gave, 0–100: the mean of the scorecards that were handed in.
    pub fn human_score(&self) -> Option<f64> {
        Agreement::of(&self.scorecards, None, None)?.mean
    }

    /// Who handed in a scorecard.
    pub fn judged_by(&self) -> Vec<UserId> {
        self.scorecards.iter().filter(|card| card.is_final()).map(|card| card.by).collect()
    }

    /// The scores of the skill assessment.
    pub(crate) fn skills(&self) -> Vec<EntrySkill> {
        self.material(MaterialKind::SkillAssessment).map(skills_of).unwrap_or_default()
    }

    /// The AI score and the assessments as one, 0–100, by the position's weights; `None` where it has none.
    pub fn weighted(&self) -> Option<f64> {
        weighted(&self.position, self.score().map(Score::normalised), &self.skills())
    }

    /// The vendor's model that gave the AI score.
    pub fn model(&self) -> Option<&Line> {
        match &self.interview()?.scores.last()?.provenance {
            Provenance::Vendor { model, .. } => model.as_ref(),
            Provenance::Upload { .. } => None,
        }
    }

    /// The minutes from the end of the latest interview until the last of its materials was here. `None` where one is
    /// missing, or was replaced since, so that it is no longer known when it first came.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of years stay far below 2⁵³")]
    pub fn held_after(&self) -> Option<f64> {
        let interview = self.interview()?;
        let came = MaterialKind::OF_AN_INTERVIEW.map(|kind| {
            let its = |of: &&Material| of.kind() == kind && of.interview == Some(interview.id);
            self.materials.iter().find(its).filter(|of| of.revision == 1).map(|of| of.received_at)
        });
        let last = came.into_iter().collect::<Option<Vec<_>>>()?.into_iter().max()?;
        Some((last - interview.ended_at?).num_milliseconds().max(0) as f64 / 60_000.0)
    }

    /// The days from the beginning of the latest interview until the candidate was hired.
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of years stay far below 2⁵³")]
    pub fn hired_after(&self) -> Option<f64> {
        let hired = self.application.stays().into_iter().rev().find(|stay| stay.stage == Stage::Hired)?;
        let took = (hired.entered - self.interviewed_at()?).num_milliseconds();
        (took >= 0).then_some(took as f64 / 86_400_000.0)
    }

    /// The emotion label of the latest interview.
    pub fn emotion(&self) -> Option<EmotionLabel> {
        self.interview().and_then(|interview| interview.emotion)
    }

    /// The newest material of a kind.
    pub fn material(&self, kind: MaterialKind) -> Option<&Material> {
        self.materials.iter().find(|material| material.kind() == kind)
    }

    /// The questions of the interview that the newest material of a kind is about.
    pub fn questions(&self, kind: MaterialKind) -> &[Question] {
        let of = self.material(kind).and_then(|material| material.interview);
        let interview = self.interviews.iter().find(|interview| Some(interview.id) == of);
        interview.map_or(&[], |interview| &interview.questions)
    }

    /// The kinds that an interview leaves and that are not here.
    pub fn missing(&self) -> Vec<MaterialKind> {
        MaterialKind::OF_AN_INTERVIEW.into_iter().filter(|kind| self.material(*kind).is_none()).collect()
    }

    /// What the filing rules look at.
    pub fn facts(&self) -> Facts<'_> {
        let skills = match self.material(MaterialKind::SkillAssessment).map(|material| &material.content) {
            Some(Content::SkillAssessment(assessment)) => assessment
                .results
                .iter()
                .map(|result| (result.skill.as_str(), result.score.normalised()))
                .collect(),
            _ => Vec::new(),
        };
        let keywords = match self.material(MaterialKind::ResumeReport).map(|material| &material.content) {
            Some(Content::ResumeReport(report)) => {
                report.matched_keywords.iter().map(|keyword| keyword.as_str()).collect()
            }
            _ => Vec::new(),
        };
        Facts {
            position: &self.position.name,
            stage: self.application.stage(),
            interviewed_at: self.interviewed_at(),
            score: self.score().map(Score::normalised),
            emotion: self.emotion(),
            skills,
            keywords,
        }
    }

    /// The folder in which the rule files it.
    pub fn folder(&self, rule: &FilingRule, zone: BankZone) -> Vec<String> {
        rule.folder(&self.facts(), zone)
    }

    /// The tags that the rules put and those that people put, each name once.
    pub fn tags(&self, rules: &[TagRule]) -> Vec<Tag> {
        let mut tags = automatic_tags(rules, &self.facts());
        for tag in &self.application.tags {
            if tags.iter().all(|known| known.name != tag.name) {
                tags.push(tag.clone());
            }
        }
        tags
    }
}
