//! Tags that people put.

use dossier_access::{Action, Context, Resource};
use dossier_domain::{Application, ApplicationId, Tag, TagOrigin, text::TagName};
use dossier_storage::Scope;

use crate::{
    Archive, Error, Result, Settings,
    permit::person,
    records::{APPLICATIONS, SETTINGS, scope_of},
};

impl Archive {
    /// Puts tags on applications and takes tags away, all in one commit. Automatic tags follow from the rules and can't
    /// be taken away here.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the first application that is not there or may not be seen; nothing is changed then.
    pub async fn tag(
        &self,
        ctx: &Context,
        applications: &[ApplicationId],
        add: &[TagName],
        remove: &[TagName],
    ) -> Result<Vec<Application>> {
        let mut tx = self.store.batch();
        let mut permits = Vec::new();
        let mut changed = Vec::new();
        for id in applications {
            let (file, _, _, permit) = self.find(ctx, Action::ChangeTags, *id).await?;
            let scope = scope_of(file.application.candidate);
            let stored = self.store.get(APPLICATIONS, scope, id.to_bytes()).await?.ok_or(Error::Conflict)?;
            let mut application = stored.value.clone();
            application.tags.retain(|tag| !remove.contains(&tag.name));
            for name in add {
                if application.tags.iter().all(|tag| tag.name != *name) {
                    application.tags.push(Tag { name: name.clone(), origin: self.by(ctx)? });
                }
            }
            if application != stored.value {
                tx.update(APPLICATIONS, &stored, &application)?;
                permits.push(permit);
            }
            changed.push(application);
        }
        if !permits.is_empty() {
            self.journal.change(permits, tx).await?;
        }
        Ok(changed)
    }

    fn by(&self, ctx: &Context) -> Result<TagOrigin> {
        Ok(TagOrigin::Person { by: person(ctx)?.id, at: ctx.now() })
    }

    /// Chooses other rules of filing and tagging instead of those `before`. Folders, automatic tags and emotion labels
    /// follow from them at once; nothing is rewritten but the search index. A step of the process that is left out is given
    /// up, and known still: something may stand in it.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not manage rules; [`Error::Invalid`] for a process that makes no sense;
    /// [`Error::Changed`] if the settings are others than `before` by now.
    pub async fn change_settings(&self, ctx: &Context, before: &Settings, settings: Settings) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageRules, &Resource::Archive).await?;
        let process = settings.process.clone().knowing(&before.process);
        let settings = Settings { process, ..settings };
        settings.check()?;
        let stored = self.store.get(SETTINGS, Scope::Archive, []).await?;
        let known = stored.as_ref().map_or_else(Settings::default, |stored| stored.value.clone());
        if known != *before {
            return Err(Error::Changed);
        }
        let mut tx = self.store.batch();
        match &stored {
            Some(stored) => tx.update(SETTINGS, stored, &settings)?,
            None => tx.insert(SETTINGS, Scope::Archive, [], &settings)?,
        };
        self.journal.change([permit], tx).await?;
        self.set_settings(settings);
        Ok(())
    }
}
