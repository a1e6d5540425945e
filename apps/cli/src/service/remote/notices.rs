//! A server, asked about notices and channels.

use async_trait::async_trait;
use dossier_client::{
    Client,
    channels::{Added, Channel, ChannelChange, NewChannel, Standing},
    notices::{Inbox, Wanted},
};
use dossier_domain::{ChannelId, NoticeId, Preferences};

use crate::{error::Result, service::Notices};

#[async_trait(?Send)]
impl Notices for Client {
    async fn inbox(&self) -> Result<Inbox> {
        Ok(self.inbox().await?)
    }

    async fn read_notices(&self, these: Option<&[NoticeId]>) -> Result<u64> {
        Ok(self.read_notices(these).await?)
    }

    async fn wanted_notices(&self) -> Result<Wanted> {
        Ok(self.wanted_notices().await?)
    }

    async fn want_notices(&self, preferences: Preferences) -> Result<Wanted> {
        Ok(self.want_notices(&preferences).await?)
    }

    async fn channels(&self) -> Result<Vec<Standing>> {
        Ok(self.channels().await?)
    }

    async fn add_channel(&self, new: NewChannel) -> Result<Added> {
        Ok(self.add_channel(&new).await?)
    }

    async fn change_channel(&self, id: ChannelId, change: ChannelChange) -> Result<Channel> {
        Ok(self.change_channel(id, &change).await?)
    }

    async fn test_channel(&self, id: ChannelId) -> Result<()> {
        Ok(self.test_channel(id).await?)
    }

    async fn suspend_channel(&self, id: ChannelId, suspended: bool) -> Result<Channel> {
        Ok(self.suspend_channel(id, suspended).await?)
    }

    async fn remove_channel(&self, id: ChannelId) -> Result<()> {
        Ok(self.remove_channel(id).await?)
    }
}
