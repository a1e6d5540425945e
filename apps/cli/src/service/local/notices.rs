//! The archive in this process, asked about notices and channels.

use async_trait::async_trait;
use dossier_client::{
    channels::{Added, Channel, ChannelChange, NewChannel, Standing},
    notices::{Inbox, Wanted},
};
use dossier_domain::{ChannelId, NoticeId, Preferences};

use super::{Local, shapes};
use crate::{error::Result, service::Notices};

#[async_trait(?Send)]
impl Notices for Local<'_> {
    async fn inbox(&self) -> Result<Inbox> {
        Ok(shapes::inbox(self.archive.inbox(&self.ctx).await?, self.language))
    }

    async fn read_notices(&self, these: Option<&[NoticeId]>) -> Result<u64> {
        Ok(self.archive.read_notices(&self.ctx, these).await?)
    }

    async fn wanted_notices(&self) -> Result<Wanted> {
        Ok(shapes::wanted(self.archive.notice_choices(&self.ctx).await?))
    }

    async fn want_notices(&self, preferences: Preferences) -> Result<Wanted> {
        self.archive.choose_notices(&self.ctx, preferences).await?;
        self.wanted_notices().await
    }

    async fn channels(&self) -> Result<Vec<Standing>> {
        let all = self.archive.channels(&self.ctx).await?.into_iter();
        Ok(all.map(|of| shapes::channel_standing(of, self.language)).collect())
    }

    async fn add_channel(&self, new: NewChannel) -> Result<Added> {
        let added = self.archive.add_channel(&self.ctx, shapes::new_channel(new)).await?;
        let secret = added.secret.map(|secret| secret.reveal().to_owned());
        Ok(Added { channel: shapes::channel(added.channel), secret })
    }

    async fn change_channel(&self, id: ChannelId, change: ChannelChange) -> Result<Channel> {
        let known = self.archive.channels(&self.ctx).await?.into_iter().find(|of| of.channel.id == id);
        let change = shapes::channel_change(change, known.map(|of| of.channel.settings));
        Ok(shapes::channel(self.archive.change_channel(&self.ctx, id, change).await?))
    }

    async fn test_channel(&self, id: ChannelId) -> Result<()> {
        Ok(self.archive.test_channel(&self.ctx, id).await?)
    }

    async fn suspend_channel(&self, id: ChannelId, suspended: bool) -> Result<Channel> {
        Ok(shapes::channel(self.archive.suspend_channel(&self.ctx, id, suspended).await?))
    }

    async fn remove_channel(&self, id: ChannelId) -> Result<()> {
        Ok(self.archive.remove_channel(&self.ctx, id).await?)
    }
}
