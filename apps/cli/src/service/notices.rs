//! What commands ask for about notices and channels.

use async_trait::async_trait;
use dossier_client::{
    channels::{Added, Channel, ChannelChange, NewChannel, Standing},
    notices::{Inbox, Wanted},
};
use dossier_domain::{ChannelId, NoticeId, Preferences};

use crate::error::Result;

/// A part of [`Service`](super::Service).
#[async_trait(?Send)]
pub(crate) trait Notices {
    async fn inbox(&self) -> Result<Inbox>;
    /// Marks notices as read, these or all; how many were not.
    async fn read_notices(&self, these: Option<&[NoticeId]>) -> Result<u64>;
    async fn wanted_notices(&self) -> Result<Wanted>;
    async fn want_notices(&self, preferences: Preferences) -> Result<Wanted>;
    async fn channels(&self) -> Result<Vec<Standing>>;
    async fn add_channel(&self, new: NewChannel) -> Result<Added>;
    async fn change_channel(&self, id: ChannelId, change: ChannelChange) -> Result<Channel>;
    async fn test_channel(&self, id: ChannelId) -> Result<()>;
    async fn suspend_channel(&self, id: ChannelId, suspended: bool) -> Result<Channel>;
    async fn remove_channel(&self, id: ChannelId) -> Result<()>;
}
