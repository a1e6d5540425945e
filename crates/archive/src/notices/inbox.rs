//! Somebody's inbox: what they were told, as far as they may still know it.

use chrono::{DateTime, Utc};
use dossier_access::{Action, Actor, Context, Resource};
use dossier_domain::{
    About, ApplicationId, Language, NoticeId, NoticeKind, PositionId, SavedReportId, UserId,
};
use dossier_storage::{Error as StorageError, Scan, Scope, Stored};

use super::{Notice, last_id, may_hear, notice_key, unread_scan};
use crate::{
    Archive, Result,
    permit::person,
    records::{NOTICES, read_past_damage},
};

/// So many notices that were read somebody keeps; the oldest make room.
const MOST_READ: usize = 500;
/// So many unread ones are counted.
const MOST_COUNTED: usize = 100;
/// So many are shown at once.
pub const INBOX_PAGE: usize = 100;

/// Somebody's notices.
#[derive(Debug, Clone, Default)]
pub struct Inbox {
    /// How many they have not read.
    pub unread: u64,
    /// Those that they have not read, then those that they have, the newest first.
    pub notices: Vec<NoticeView>,
}

/// A notice as somebody may see it.
#[derive(Debug, Clone)]
pub struct NoticeView {
    /// Its id.
    pub id: NoticeId,
    /// What sort of thing happened.
    pub kind: NoticeKind,
    /// The sentence, in Chinese and in English.
    pub text: [String; 2],
    /// The position that it is about.
    pub position: Option<PositionId>,
    /// The kept report that is due, if it is one.
    pub report: Option<SavedReportId>,
    /// The applications that it is about, as many as are named.
    pub applications: Vec<ApplicationId>,
    /// How many times it was caused.
    pub count: u64,
    /// When it was last caused.
    pub at: DateTime<Utc>,
    /// When it was read.
    pub read_at: Option<DateTime<Utc>>,
}

impl NoticeView {
    /// The sentence in a language.
    pub fn text(&self, language: Language) -> &str {
        let [zh, en] = &self.text;
        language.pick(zh, en)
    }
}

impl Archive {
    /// The notices of whoever acts, at most [`INBOX_PAGE`]; the log says that, and not which ones.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn inbox(&self, ctx: &Context) -> Result<Inbox> {
        let permit = self.authorise(ctx, Action::ReadNotices, &Resource::Archive).await?;
        let user = person(ctx)?.id;
        self.spread().await?;
        let intent = self.journal.intend(permit.part("read_notices")?.on(user)).await?;
        let inbox = self.read_inbox(ctx, user).await;
        let shown = inbox.as_ref().map_or(0, |inbox| inbox.notices.len() as u64);
        self.conclude(intent, &inbox, &[("notices", shown)]);
        inbox
    }

    /// How many of the 100 newest notices that whoever acts has not read they may see: for the head of every page, so only a
    /// refusal is recorded, and no more is read.
    ///
    /// # Errors
    /// As [`Archive::inbox`].
    pub async fn unread_notices(&self, ctx: &Context) -> Result<u64> {
        drop(self.authorise(ctx, Action::ReadNotices, &Resource::Archive).await?);
        let newest = unread_scan(person(ctx)?.id).backward().limit(MOST_COUNTED);
        let unread = match self.store.scan(NOTICES, newest.clone()).await {
            Err(StorageError::Damaged { .. }) => read_past_damage(&self.store, NOTICES, newest).await?.0,
            other => other?,
        };
        let is_seen = |of: &&Stored<Notice>| is_seen(ctx.actor(), &of.value);
        Ok(unread.iter().filter(is_seen).take(MOST_COUNTED).count() as u64)
    }

    /// Marks notices of whoever acts as read: these, or all. How many were not.
    ///
    /// # Errors
    /// [`Error::Conflict`](crate::Error::Conflict) if they changed at the same time.
    pub async fn read_notices(&self, ctx: &Context, these: Option<&[NoticeId]>) -> Result<u64> {
        let permit = self.authorise(ctx, Action::ChangeNotices, &Resource::Archive).await?;
        let user = person(ctx)?.id;
        let unread = self.unread_of(user).await?;
        let mut tx = self.store.batch();
        let mut count = 0;
        for stored in &unread {
            let Some(id) = last_id(stored.key.id()) else { continue };
            if these.is_some_and(|these| !these.contains(&id)) {
                continue;
            }
            let read = Notice { read_at: Some(ctx.now()), ..stored.value.clone() };
            tx.expect_unchanged(stored).delete(NOTICES, Scope::Archive, stored.key.id())?;
            tx.put(NOTICES, Scope::Archive, notice_key(user, true, id), &read)?;
            count += 1;
        }
        if count == 0 {
            return Ok(0);
        }
        let kept = self.read_of(user).await?;
        let too_many = (kept.len() + count as usize).saturating_sub(MOST_READ);
        for old in kept.iter().take(too_many) {
            tx.delete(NOTICES, Scope::Archive, old.key.id())?;
        }
        let permit = permit.part("mark_notices_read")?.on(user).count("notices", count);
        self.journal.change([permit], tx).await?;
        Ok(count)
    }

    /// A number that changes with somebody's unread notices.
    pub(crate) async fn notices_state(&self, ctx: &Context) -> Result<Vec<(NoticeId, u64)>> {
        drop(self.authorise(ctx, Action::ReadNotices, &Resource::Archive).await?);
        let unread = self.unread_of(person(ctx)?.id).await?;
        let seen = unread.iter().filter(|of| is_seen(ctx.actor(), &of.value));
        Ok(seen.filter_map(|of| Some((last_id(of.key.id())?, of.value.count()))).collect())
    }

    async fn read_inbox(&self, ctx: &Context, user: UserId) -> Result<Inbox> {
        let words = self.words().await?;
        let unread = self.unread_of(user).await?;
        let read = self.read_of(user).await?;
        let view = |stored: &Stored<Notice>| {
            let Notice { kind, about, applications, at, read_at, .. } = stored.value.clone();
            let text =
                [Language::Chinese, Language::English].map(|language| words.of(&stored.value, language));
            let position = match about {
                About::Position(position, _) => Some(position),
                _ => None,
            };
            let report = match about {
                About::Report(report) => Some(report),
                _ => None,
            };
            let count = stored.value.count();
            Some(NoticeView {
                id: last_id(stored.key.id())?,
                kind,
                text,
                position,
                report,
                applications,
                count,
                at,
                read_at,
            })
        };
        let seen = |all: &[Stored<Notice>]| -> Vec<NoticeView> {
            all.iter().rev().filter(|of| is_seen(ctx.actor(), &of.value)).filter_map(view).collect()
        };
        let mut notices = seen(&unread);
        let unread = notices.len() as u64;
        notices.extend(seen(&read));
        notices.truncate(INBOX_PAGE);
        Ok(Inbox { unread, notices })
    }

    async fn read_of(&self, user: UserId) -> Result<Vec<Stored<Notice>>> {
        let prefix = [&user.to_bytes()[..], &[1]].concat();
        let scan = Scan::collection_under(Scope::Archive, NOTICES.collection(), prefix);
        Ok(read_past_damage(&self.store, NOTICES, scan).await?.0)
    }
}

/// Whether somebody may still know what a notice says.
fn is_seen(actor: &Actor, notice: &Notice) -> bool {
    may_hear(actor, notice.kind, notice.about)
}
