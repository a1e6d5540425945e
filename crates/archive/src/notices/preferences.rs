//! What each person wants to hear of, and how.

use dossier_access::{Action, Context, Resource};
use dossier_domain::{ChannelId, ChannelKind, Preferences, Wish, notice::is_mailbox, text::Line};
use dossier_storage::Scope;

use crate::{
    Archive, Error, Result, What,
    permit::person,
    records::{CHANNELS, PREFERENCES},
};

/// What somebody wants, and what there is to choose from.
#[derive(Debug, Clone)]
pub struct NoticeChoices {
    /// What they want.
    pub preferences: Preferences,
    /// The channels that people may choose.
    pub channels: Vec<OfferedChannel>,
}

/// A channel to choose.
#[derive(Debug, Clone)]
pub struct OfferedChannel {
    /// Its id.
    pub id: ChannelId,
    /// What it is called.
    pub name: Line,
    /// What it is.
    pub kind: ChannelKind,
    /// Whether it is that of everybody who chose none.
    pub is_usual: bool,
}

impl Archive {
    /// What whoever acts wants to hear of, and how.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn notice_choices(&self, ctx: &Context) -> Result<NoticeChoices> {
        let permit = self.authorise(ctx, Action::ReadNotices, &Resource::Archive).await?;
        let user = person(ctx)?.id;
        let intent = self.journal.intend(permit.part("read_notice_choices")?.on(user)).await?;
        let choices = async {
            let stored = self.store.get(PREFERENCES, Scope::Archive, user.to_bytes()).await?;
            let channels = self.stored_channels().await?.into_iter().map(|stored| stored.value);
            let offered = channels
                .filter(|of| of.settings.kind.is_for_people() && of.suspended_at.is_none())
                .map(|of| OfferedChannel {
                    id: of.id,
                    name: of.name,
                    kind: of.settings.kind,
                    is_usual: of.is_usual,
                });
            let preferences = stored.map(|stored| stored.value).unwrap_or_default();
            Ok(NoticeChoices { preferences, channels: offered.collect() })
        };
        let choices = choices.await;
        self.conclude(intent, &choices, &[]);
        choices
    }

    /// Says what whoever acts wants to hear of, and how.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a channel that people can't choose; [`Error::Invalid`] for an address that is none, or to
    /// which the channel sends nothing.
    pub async fn choose_notices(&self, ctx: &Context, preferences: Preferences) -> Result<()> {
        let permit = self.authorise(ctx, Action::ChangeNotices, &Resource::Archive).await?;
        let user = person(ctx)?.id;
        if preferences.email.as_ref().is_some_and(|email| !is_mailbox(email.as_str())) {
            return Err(Error::invalid("邮箱地址不可用", "this is no address of a mailbox"));
        }
        if let Some(id) = preferences.channel {
            let stored = self.store.get(CHANNELS, Scope::Archive, id.to_bytes()).await?;
            let channel = stored.map(|stored| stored.value).filter(|of| of.settings.kind.is_for_people());
            let channel = channel.ok_or_else(|| Error::not_found(What::Channel, &id))?;
            if channel.settings.kind == ChannelKind::Email {
                channel.settings.check_mailbox(preferences.email.as_ref()).map_err(Error::Channel)?;
            }
        }
        let kept = Preferences {
            // What is as usual stays as usual when the usual changes.
            wishes: preferences
                .wishes
                .into_iter()
                .filter(|(kind, wish)| kind.usual_wish() != *wish)
                .collect::<std::collections::BTreeMap<_, Wish>>(),
            ..preferences
        };
        let mut tx = self.store.batch();
        tx.put(PREFERENCES, Scope::Archive, user.to_bytes(), &kept)?;
        self.journal.change([permit.part("choose_notices")?.on(user)], tx).await?;
        Ok(())
    }
}
