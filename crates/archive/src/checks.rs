//! The background check of an application: claims beside what speaks for them, verdicts, and files as evidence.

use std::collections::BTreeMap;

use bytes::Bytes;
use dossier_access::{Action, Context};
use dossier_domain::{
    Application, ApplicationId, BackgroundCheck, Claim, Language, Material, MaterialId, Position, UserId,
    check::{Checked, Finding, claims},
    text::{Line, PersonName},
};
use dossier_storage::{Stored, Tx};
use futures::Stream;

use crate::{
    Archive, Error, Result, What,
    permit::person,
    records::{CHECKS, scope_of},
};

/// So often a finding is tried again when somebody wrote another one of the same application meanwhile.
const ATTEMPTS: usize = 3;

/// The claims of an application, as the actor may see them.
#[derive(Debug, Clone)]
pub struct Claims {
    /// The application.
    pub application: Application,
    /// What for.
    pub position: Position,
    /// The candidate's name.
    pub name: Option<PersonName>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// The materials that the actor may see, to name files by.
    pub materials: Vec<Material>,
    /// Who checked.
    pub people: BTreeMap<UserId, PersonName>,
}

impl Archive {
    /// The claims of an application's résumé report beside skill results and files, with what was found out so far. What
    /// the actor may not see can't speak, neither for a claim nor against it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn claims(&self, ctx: &Context, id: ApplicationId) -> Result<Claims> {
        let (file, identity, _, permit) = self.find(ctx, Action::ViewClaims, id).await?;
        let check = file.check.clone();
        let view = self.visible(ctx, file, identity, 0);
        let found = claims(&view.materials, check.as_ref().map_or(&[], |check| &check.findings));
        let people: Vec<UserId> = found.iter().filter_map(|of| Some(of.finding.as_ref()?.by)).collect();
        let people = self.names(people).await?;
        let intent = self.journal.intend(permit.count("claims", found.len() as u64)).await?;
        let (application, position, name) = (view.application, view.position, view.identity.name);
        let claims =
            Ok(Claims { application, position, name, claims: found, materials: view.materials, people });
        self.conclude(intent, &claims, &[]);
        claims
    }

    /// Writes what was found out about a claim. `known` is the revision on which it is based, 0 for the first; without it
    /// whatever was written before is replaced.
    ///
    /// # Errors
    /// [`Error::NotFound`] also for evidence that is not there; [`Error::Denied`]; [`Error::Invalid`] for what can't be
    /// kept; [`Error::Conflict`] if somebody else wrote about the claim since.
    pub async fn check_claim(
        &self,
        ctx: &Context,
        id: ApplicationId,
        checked: Checked,
        known: Option<u32>,
    ) -> Result<Finding> {
        let mut attempts = 1;
        loop {
            let (file, identity, _, permit) = self.find(ctx, Action::CheckClaims, id).await?;
            let candidate = file.application.candidate;
            let seen = self.visible(ctx, file, identity, 0).materials;
            let is_there =
                |wanted: &MaterialId| seen.iter().any(|of| of.id == *wanted && of.content.file().is_some());
            if let Some(absent) = checked.evidence.iter().flatten().find(|wanted| !is_there(wanted)) {
                return Err(Error::not_found(What::Material, absent));
            }
            let mut tx = self.store.batch();
            let finding =
                self.note(ctx, &mut tx, BackgroundCheck::new(candidate, id), checked.clone(), known).await?;
            match self.journal.change([permit], tx).await {
                Err(Error::Conflict) if attempts < ATTEMPTS => attempts += 1,
                other => return other.map(|_| finding),
            }
        }
    }

    /// Adds a file as evidence for a claim. It is kept as a material; who added it is known.
    ///
    /// # Errors
    /// As [`Archive::upload`] and [`Archive::check_claim`].
    pub async fn add_evidence<E>(
        &self,
        ctx: &Context,
        id: ApplicationId,
        claim: &Line,
        name: &str,
        length: Option<u64>,
        input: impl Stream<Item = Result<Bytes, E>> + Send,
    ) -> Result<Material>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let (file, _, _, permit) = self.find(ctx, Action::CheckClaims, id).await?;
        let candidate = file.application.candidate;
        // Refused before anything is stored, where it is clear already.
        let material = self.keep_file(ctx, (candidate, id), name, length, input).await?;
        let mut tx = self.store.batch();
        let before = self.store.get(CHECKS, scope_of(candidate), id.to_bytes()).await?;
        let finding = before.as_ref().and_then(|before| before.value.finding(claim));
        let mut evidence = finding.map(|finding| finding.evidence.clone()).unwrap_or_default();
        evidence.push(material.id);
        let checked = Checked {
            claim: claim.clone(),
            verdict: finding.map(|finding| finding.verdict).unwrap_or_default(),
            note: finding.and_then(|finding| finding.note.clone()),
            evidence: Some(evidence),
        };
        let noted = self.note(ctx, &mut tx, BackgroundCheck::new(candidate, id), checked, None).await;
        let permit = permit.part("add_evidence")?.on(id);
        match noted {
            Ok(_) => self.keep_material(permit, tx, material).await,
            Err(error) => {
                self.forget_file(&material).await?;
                Err(error)
            }
        }
    }

    /// Puts what somebody found out into a commit.
    async fn note(
        &self,
        ctx: &Context,
        tx: &mut Tx<'_>,
        none: BackgroundCheck,
        checked: Checked,
        known: Option<u32>,
    ) -> Result<Finding> {
        let (scope, id) = (scope_of(none.candidate), none.application.to_bytes());
        let before: Option<Stored<BackgroundCheck>> = self.store.get(CHECKS, scope, id).await?;
        let mut check = before.as_ref().map_or(none, |before| before.value.clone());
        let revision = check.finding(&checked.claim).map_or(0, |finding| finding.revision);
        if known.is_some_and(|known| known != revision) {
            return Err(Error::Conflict);
        }
        let finding = check.write(checked, person(ctx)?.id, ctx.now()).map_err(|error| {
            Error::invalid(error.message(Language::Chinese), error.message(Language::English))
        })?;
        match &before {
            Some(before) => tx.update(CHECKS, before, &check)?,
            None => tx.insert(CHECKS, scope, id, &check)?,
        };
        Ok(finding)
    }
}
