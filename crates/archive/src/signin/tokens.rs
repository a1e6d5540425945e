//! Tokens by which programs act for a user: their roles, within the token's scopes, until a day that is set from the
//! beginning.
//!
//! A token outlives a change of its owner's password, as programs would stop; it ends by itself, when it is revoked, and
//! while its owner is suspended.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Action, ApiToken, Context, Digest, Pass, TokenScopes, Word};
use dossier_domain::{TokenId, UserId, id::TokenKind, text::Line};
use dossier_storage::{Key, Scope, Stored};
use serde::{Deserialize, Serialize};

use super::{
    CLOCKS_DIFFER,
    account::decode,
    sessions::{NOTED_AFTER, key_of, split},
};
use crate::{
    Archive, Error, Result, What,
    records::{API_TOKENS, USERS},
};

/// So many tokens one user has at most.
const MOST: usize = 50;
/// The look-up from a token to its record.
const TOKEN: &str = "api token";

/// A token to be made.
pub struct NewToken {
    /// What it is for.
    pub name: Line,
    /// What it is good for.
    pub scopes: TokenScopes,
    /// In how many days it ends: [`NewToken::DAYS`] unless said otherwise, [`NewToken::MOST_DAYS`] at most.
    pub days: Option<u32>,
}

impl NewToken {
    /// So many days a token lasts.
    pub const DAYS: u32 = 90;
    /// So many days a token lasts at most.
    pub const MOST_DAYS: u32 = 366;
}

/// A token that was made. Only this answer shows it.
#[derive(Debug)]
pub struct MadeToken {
    /// What the program proves itself with.
    pub token: ApiToken,
    /// What is kept of it.
    pub view: TokenView,
}

/// A token, for its owner to see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// What it is for.
    pub name: Line,
    /// What it is good for.
    pub scopes: TokenScopes,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
    /// From where it was last used.
    pub used_from: Option<Word>,
}

/// A token, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ApiTokenRecord {
    token: Digest,
    name: Line,
    scopes: TokenScopes,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    used_from: Option<Word>,
}

impl ApiTokenRecord {
    fn is_good(&self, now: DateTime<Utc>) -> bool {
        let known_until = self.used_at.unwrap_or(self.created_at);
        now + CLOCKS_DIFFER >= known_until && now < self.expires_at
    }

    fn view(&self, id: TokenId) -> TokenView {
        let Self { name, scopes, created_at, expires_at, used_at, used_from, .. } = self.clone();
        TokenView { id, name, scopes, created_at, expires_at, used_at, used_from }
    }
}

impl Archive {
    /// The context of a request that was sent with a token, with its owner's rights of this moment within its scopes.
    ///
    /// # Errors
    /// [`Error::SessionEnded`] for a token that is unknown, revoked or too old, and for one whose owner is suspended.
    pub async fn resume_token(&self, token: &str, origin: Word) -> Result<Context> {
        self.look_up_token(token, origin, true).await
    }

    pub(super) async fn look_up_token(&self, token: &str, origin: Word, is_use: bool) -> Result<Context> {
        let token = ApiToken::parse(token).ok_or(Error::SessionEnded)?;
        let found = self.store.lookup(TOKEN, token.digest().as_bytes()).await?;
        let found = found.as_deref().and_then(|key| Some((key, split::<TokenKind>(key)?)));
        let (key, (user, _)) = found.ok_or(Error::SessionEnded)?;
        let keys = [
            Key::new(Scope::Archive, API_TOKENS.collection(), key)?,
            Key::new(Scope::Archive, USERS.collection(), user.to_bytes())?,
        ];
        let mut found = self.store.records().get_many(&keys).await?.into_iter();
        let (stored, user) = (found.next().flatten(), found.next().flatten());
        let [token_key, user_key] = keys;
        let stored = decode(API_TOKENS, token_key, stored)?.filter(|of| of.value.token == token.digest());
        let user = decode(USERS, user_key, user)?.filter(|user| !user.value.is_suspended());
        let (stored, user) = stored.zip(user).ok_or(Error::SessionEnded)?;
        let pass = Pass::Token(stored.value.scopes.clone());
        let actor = self.person(user.value, pass, &self.stored_policy().await?).await?;
        let ctx = self.context(actor, origin)?.in_session(token.reveal().as_bytes());
        if !stored.value.is_good(ctx.now()) {
            return Err(Error::SessionEnded);
        }
        if is_use && stored.value.used_at.is_none_or(|used| ctx.now() - used >= NOTED_AFTER) {
            let used = (Some(ctx.now()), Some(ctx.origin().clone()));
            let seen = ApiTokenRecord { used_at: used.0, used_from: used.1, ..stored.value.clone() };
            self.touch(API_TOKENS, &stored, &seen).await;
        }
        Ok(ctx)
    }

    /// Makes a token for whoever acts. The log names it and the hash under which its use is found in the log.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] for more than a year, or too many tokens.
    pub async fn make_token(&self, ctx: &Context, new: NewToken) -> Result<MadeToken> {
        let (user, permit) = self.own(ctx, Action::ManageTokens).await?;
        let days = new.days.unwrap_or(NewToken::DAYS);
        if !(1..=NewToken::MOST_DAYS).contains(&days) {
            return Err(Error::invalid("令牌有效期须为 1 至 366 天", "a token lasts for 1 to 366 days"));
        }
        if self.of_user(API_TOKENS, user.id).await?.len() >= MOST {
            return Err(Error::invalid(
                format!("每人最多 {MOST} 个令牌，请先撤销不用的"),
                format!("nobody has more than {MOST} tokens; revoke those that are not used"),
            ));
        }
        let (token, id): (ApiToken, TokenId) = (ApiToken::generate(ctx.entropy())?, ctx.new_id()?);
        let record = ApiTokenRecord {
            token: token.digest(),
            name: new.name,
            scopes: new.scopes,
            created_at: ctx.now(),
            expires_at: ctx.now() + TimeDelta::days(days.into()),
            used_at: None,
            used_from: None,
        };
        let key = key_of(user.id, id.to_bytes());
        let mut tx = self.store.batch();
        tx.insert(API_TOKENS, Scope::Archive, key, &record)?;
        tx.claim(TOKEN, record.token.as_bytes(), &key)?;
        let permit =
            permit.part("make_token")?.on(user.id).on(id).on(Word::parse(&record.token.to_string())?);
        self.journal.change([permit], tx).await?;
        Ok(MadeToken { token, view: record.view(id) })
    }

    /// The tokens of whoever acts, those that have ended too, the oldest first.
    ///
    /// # Errors
    /// [`Error::Denied`]
    pub async fn tokens(&self, ctx: &Context) -> Result<Vec<TokenView>> {
        let (user, permit) = self.own(ctx, Action::ManageTokens).await?;
        let intent = self.journal.intend(permit.part("list_tokens")?).await?;
        let views = self.token_views(user.id).await;
        self.conclude(intent, &views, &[]);
        views
    }

    /// Revokes a token of whoever acts.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such token.
    pub async fn revoke_token(&self, ctx: &Context, id: TokenId) -> Result<()> {
        let (user, permit) = self.own(ctx, Action::ManageTokens).await?;
        let found = self.store.get(API_TOKENS, Scope::Archive, key_of(user.id, id.to_bytes())).await?;
        let stored = found.ok_or_else(|| Error::not_found(What::Token, &id))?;
        let mut tx = self.store.batch();
        // Its use may be noted at this moment; it is revoked all the same.
        tx.delete(API_TOKENS, Scope::Archive, stored.key.id())?;
        tx.release(TOKEN, stored.value.token.as_bytes())?;
        self.journal.change([permit.part("revoke_token")?.on(user.id).on(id)], tx).await?;
        Ok(())
    }

    async fn token_views(&self, user: UserId) -> Result<Vec<TokenView>> {
        let stored = self.of_user(API_TOKENS, user).await?;
        let view = |stored: &Stored<ApiTokenRecord>| {
            split(stored.key.id()).map(|(_, id)| stored.value.view(id)).ok_or(Error::SessionEnded)
        };
        stored.iter().map(view).collect()
    }
}
