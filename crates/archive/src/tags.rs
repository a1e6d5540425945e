//! Tags that people put.

use dossier_access::{Action, Context, Resource};
use dossier_domain::{Application, ApplicationId, Tag, TagOrigin, text::TagName};

use crate::{
    Archive, Error, Result,
    records::{APPLICATIONS, scope_of},
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
        match ctx.actor().user() {
            Some(user) => Ok(TagOrigin::Person { by: user.id, at: ctx.now() }),
            None => Err(Error::Denied(dossier_access::Reason::NotYourDuty)),
        }
    }

    /// Chooses other rules of filing and tagging. Folders and automatic tags follow from them at once; nothing is
    /// rewritten but the search index.
    ///
    /// # Errors
    /// [`Error::Denied`] for who does not manage rules.
    pub async fn change_settings(&self, ctx: &Context, settings: crate::Settings) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageRules, &Resource::Archive).await?;
        let mut tx = self.store.batch();
        tx.put(crate::records::SETTINGS, dossier_storage::Scope::Archive, [], &settings)?;
        self.journal.change([permit], tx).await?;
        self.set_settings(settings);
        Ok(())
    }
}
