//! Looking at a dossier: what of it the actor may see, and nothing else.

use std::{collections::BTreeMap, ops::Range};

use bytes::Bytes;
use dossier_access::{Action, Context, Resource};
use dossier_domain::{
    Agreement, Application, ApplicationId, CandidateId, EmotionLabel, Identity, Interview, Material,
    MaterialId, MaterialKind, Position, Prompt, Score, Scorecard, StoredFile, Tag, UserId, text::PersonName,
};
use dossier_storage::{Key, Scope};
use futures::{Stream, TryStreamExt};

use crate::{
    Archive, Error, Result, What,
    dossier::ApplicationFile,
    files,
    permit::Permit,
    records::{APPLICATIONS, OWNERS, POSITIONS, read_candidate, scope_of},
};

/// One application as the actor may see it. What they may not see is absent, as if it were not there.
#[derive(Debug, Clone)]
pub struct ApplicationView {
    /// The candidate.
    pub candidate: CandidateId,
    /// Who it is: the name, and for those who may see it the rest.
    pub identity: Identity,
    /// The application.
    pub application: Application,
    /// What for.
    pub position: Position,
    /// The folder.
    pub folder: Vec<String>,
    /// The tags, automatic ones included.
    pub tags: Vec<Tag>,
    /// The AI score that holds.
    pub score: Option<Score>,
    /// The AI score and the assessments as one, 0–100, by the position's weights.
    pub weighted: Option<f64>,
    /// The emotion label.
    pub emotion: Option<EmotionLabel>,
    /// The interviews.
    pub interviews: Vec<Interview>,
    /// The materials.
    pub materials: Vec<Material>,
    /// The kinds that an interview leaves, that the actor may see, and that are not there.
    pub missing: Vec<MaterialKind>,
    /// The scorecards that the actor may see, those that were handed in first.
    pub scorecards: Vec<Scorecard>,
    /// Who wrote them.
    pub people: BTreeMap<UserId, PersonName>,
    /// How many of the candidate's records are there and can't be read.
    pub damaged: usize,
}

impl ApplicationView {
    /// What is worth asking, by what the actor may see.
    pub fn prompts(&self) -> Vec<Prompt> {
        dossier_domain::prompts(self.interviews.last(), &self.materials)
    }

    /// How far those agree whose scorecards the actor may see, with one another and with the AI.
    pub fn agreement(&self) -> Option<Agreement> {
        let skills = self.materials.iter().find_map(|of| of.content.skills());
        Agreement::of(&self.scorecards, self.interviews.last(), skills)
    }

    /// The scorecard of this user, if it is among them.
    pub fn scorecard_of(&self, user: UserId) -> Option<&Scorecard> {
        self.scorecards.iter().find(|card| card.by == user)
    }
}

/// A material's file, opened for reading.
pub struct OpenFile {
    /// What it is.
    pub file: StoredFile,
    reader: dossier_storage::BlobReader,
}

impl OpenFile {
    /// The bytes of a range, verified chunk by chunk.
    ///
    /// # Errors
    /// [`Error::Storage`] if the range lies outside of the file.
    pub fn range(&self, range: Range<u64>) -> Result<impl Stream<Item = Result<Bytes>> + Send + use<>> {
        Ok(self.reader.range(range)?.map_err(Error::from))
    }
}

impl Archive {
    /// Shows an application: its identity, history, interviews and structured materials, each of which the log names.
    /// Files are opened one by one with [`Archive::open_file`].
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is not there or may not be seen; both look alike.
    pub async fn show(&self, ctx: &Context, id: ApplicationId) -> Result<ApplicationView> {
        let (file, identity, damaged, permit) = self.find(ctx, Action::ViewApplication, id).await?;
        let mut view = self.visible(ctx, file, identity, damaged);
        view.people = self.names(view.scorecards.iter().map(|card| card.by)).await?;
        let permit = view.materials.iter().fold(permit, |permit, material| permit.on(material.id));
        let permit = match view.scorecards.len() {
            0 => permit,
            cards => permit.count("scorecards", cards as u64),
        };
        let intent = self.journal.intend(permit).await?;
        let view = Ok(view);
        self.conclude(intent, &view, &[]);
        view
    }

    /// Opens the file of a video or supplement, to be looked at or taken away.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn open_file(
        &self,
        ctx: &Context,
        application: ApplicationId,
        material: MaterialId,
        to_download: bool,
    ) -> Result<OpenFile> {
        let (file, ..) = self.find(ctx, Action::ViewApplication, application).await?;
        let found = file.materials.iter().find(|of| of.id == material);
        let seen = found.filter(|of| self.may_view(ctx, &file.application, of.kind()));
        let objects = [application.into(), material.into()];
        let Some((found, stored)) = seen.and_then(|of| Some((of, of.content.file()?))) else {
            return Err(self.absent(ctx, Action::ViewApplication, What::Material, &objects).await?);
        };
        let action = match to_download {
            true => Action::DownloadMaterial(found.kind()),
            false => Action::ViewMaterial(found.kind()),
        };
        let permit = self.authorise_on(ctx, action, &Resource::of(&file.application), &objects).await?;
        let intent = self.journal.intend(permit).await?;
        let opened = self.open_stored(found.candidate, stored).await;
        self.conclude(intent, &opened, &[]);
        opened
    }

    /// Whether a file that was opened to be looked at, or taken away, may still be: for what lasts. Only a refusal is
    /// recorded; the look itself was when it began.
    ///
    /// # Errors
    /// As [`Archive::open_file`].
    pub async fn still_allowed(
        &self,
        ctx: &Context,
        application: ApplicationId,
        material: MaterialId,
        to_download: bool,
    ) -> Result<()> {
        let (file, ..) = self.find(ctx, Action::ViewApplication, application).await?;
        let found = file.materials.iter().find(|of| of.id == material);
        let objects = [application.into(), material.into()];
        match found.filter(|of| self.may_view(ctx, &file.application, of.kind())) {
            Some(found) if to_download => {
                let action = Action::DownloadMaterial(found.kind());
                let resource = Resource::of(&file.application);
                self.authorise_on(ctx, action, &resource, &objects).await.map(drop)
            }
            Some(_) => Ok(()),
            None => Err(self.absent(ctx, Action::ViewApplication, What::Material, &objects).await?),
        }
    }

    /// The application of this id with the leave to do `action` to it. One that is not there, and one that may not be
    /// seen, give the same error, after the same work, and an entry in the log.
    pub(crate) async fn find(
        &self,
        ctx: &Context,
        action: Action,
        id: ApplicationId,
    ) -> Result<(ApplicationFile, Identity, usize, Permit)> {
        // Who may not is told so before the whole dossier is read, which takes longer the more there is of it.
        if let Some(application) = self.application_alone(id).await.ok().flatten() {
            let resource = Resource::of(&application);
            if !ctx.decide(action, &resource).is_allowed() {
                drop(self.authorise_on(ctx, action, &resource, &[id.into()]).await?);
            }
        }
        let found = match self.read_application(id).await {
            // Who may not see everything does not learn that something is there and damaged.
            Err(Error::Storage(_)) if !ctx.decide(Action::ManageRules, &Resource::Archive).is_allowed() => {
                None
            }
            other => other?,
        };
        let Some((file, identity, damaged)) = found else {
            return Err(self.absent(ctx, action, What::Application, &[id.into()]).await?);
        };
        let permit = self.authorise_on(ctx, action, &Resource::of(&file.application), &[id.into()]).await?;
        Ok((file, identity, damaged, permit))
    }

    pub(crate) async fn read_application(
        &self,
        id: ApplicationId,
    ) -> Result<Option<(ApplicationFile, Identity, usize)>> {
        let Some(candidate) = self.candidate_of(id).await? else { return Ok(None) };
        let records = read_candidate(&self.store, candidate).await?;
        if records.candidate.is_none()
            && let Some(key) = records.damaged.first().cloned()
        {
            return Err(damaged(key));
        }
        let Some(application) = records.applications.iter().find(|of| of.value.id == id) else {
            return Ok(None);
        };
        let position = application.value.position;
        let stored = self.store.get(POSITIONS, Scope::Archive, position.to_bytes()).await?;
        let positions = stored.into_iter().map(|stored| (position, stored.value)).collect();
        let Some(dossier) = records.into_dossier(&positions, self.settings().emotion) else {
            return Ok(None);
        };
        let damaged = dossier.damaged;
        let identity = dossier.candidate.identity;
        let file = dossier.applications.into_iter().find(|file| file.application.id == id);
        Ok(file.map(|file| (file, identity, damaged)))
    }

    /// The application alone, as far as it can be read.
    async fn application_alone(&self, id: ApplicationId) -> Result<Option<Application>> {
        let Some(candidate) = self.candidate_of(id).await? else { return Ok(None) };
        let scope = scope_of(candidate);
        Ok(self.store.get(APPLICATIONS, scope, id.to_bytes()).await?.map(|stored| stored.value))
    }

    pub(crate) async fn candidate_of(&self, id: ApplicationId) -> Result<Option<CandidateId>> {
        let owner = self.store.get(OWNERS, Scope::Archive, id.to_bytes()).await?;
        Ok(owner.map(|stored| stored.value))
    }

    pub(crate) async fn open_stored(&self, candidate: CandidateId, file: &StoredFile) -> Result<OpenFile> {
        let key = self.blob_key(candidate).await?;
        let reader = self.blobs.open(&key.blobs, &files::blob_of(file)?).await?;
        Ok(OpenFile { file: file.clone(), reader })
    }

    /// What of an application the actor may see.
    pub(crate) fn visible(
        &self,
        ctx: &Context,
        file: ApplicationFile,
        identity: Identity,
        damaged: usize,
    ) -> ApplicationView {
        let settings = self.settings();
        let may_view = |kind| self.may_view(ctx, &file.application, kind);
        let resource = Resource::of(&file.application);
        let identity = match ctx.decide(Action::ViewIdentity, &resource).is_allowed() {
            true => identity,
            false => Identity { name: identity.name, ..Identity::default() },
        };
        let scope = ctx.scope();
        let (position, stage) = (file.position.id, file.application.stage());
        let tags = file.tags(&settings.tagging);
        let tags = tags.into_iter().filter(|tag| scope.shows_tag(position, stage, tag)).collect();
        let sees_emotion = may_view(MaterialKind::Emotion);
        let missing = file.missing().into_iter().filter(|kind| may_view(*kind)).collect();
        let interviews = file.interviews.iter().map(|interview| Interview {
            emotion: interview.emotion.filter(|_| sees_emotion),
            ..interview.clone()
        });
        ApplicationView {
            candidate: file.application.candidate,
            identity,
            folder: file.folder(&settings.filing, settings.zone),
            tags,
            score: file.score(),
            weighted: file.weighted().filter(|_| may_view(MaterialKind::SkillAssessment)),
            emotion: file.emotion().filter(|_| sees_emotion),
            interviews: interviews.collect(),
            materials: file.materials.iter().filter(|of| may_view(of.kind())).cloned().collect(),
            missing,
            scorecards: self.visible_scorecards(ctx, &file),
            people: BTreeMap::new(),
            damaged,
            position: file.position,
            application: file.application,
        }
    }

    fn may_view(&self, ctx: &Context, application: &Application, kind: MaterialKind) -> bool {
        ctx.decide(Action::ViewMaterial(kind), &Resource::of(application)).is_allowed()
    }
}

fn damaged(key: Key) -> Error {
    let reason = "it can't be opened; restore it from a backup".to_owned();
    Error::Storage(dossier_storage::Error::Damaged { key, reason })
}
