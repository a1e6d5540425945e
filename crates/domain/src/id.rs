//! Typed ids: 128 bits, of which the first 48 are the time of creation in milliseconds, so that neighbours in time
//! are neighbours in the store; the other 80 are random. They carry nothing about the person.

use std::{fmt, hash::Hash, marker::PhantomData, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ulid::Ulid;

/// What an id names; gives the prefix of its written form.
pub trait Kind {
    /// The prefix of the written form, such as `app` in `app_01HF…`.
    const PREFIX: &'static str;
}

/// An id of one kind of thing. Written as prefix, underscore and 26 characters of Crockford's base 32.
pub struct Id<K> {
    value: Ulid,
    kind: PhantomData<fn() -> K>,
}

/// The text is not an id of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id of the form {prefix}_ and 26 letters and digits")]
pub struct ParseIdError {
    prefix: &'static str,
    text: String,
}

impl<K> Id<K> {
    /// A new id from the time of creation and 80 random bits (the low bits of `randomness`).
    pub fn new(at: DateTime<Utc>, randomness: u128) -> Self {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
        Self::wrap(Ulid::from_parts(millis, randomness))
    }

    /// The id with these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self::wrap(Ulid::from_bytes(bytes))
    }

    /// The sixteen bytes, in the order in which ids sort.
    pub fn to_bytes(self) -> [u8; 16] {
        self.value.to_bytes()
    }

    fn wrap(value: Ulid) -> Self {
        Self { value, kind: PhantomData }
    }
}

impl<K: Kind> FromStr for Id<K> {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, ParseIdError> {
        text.strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(|rest| Ulid::from_string(rest).ok())
            .map(Self::wrap)
            .ok_or_else(|| ParseIdError { prefix: K::PREFIX, text: text.chars().take(40).collect() })
    }
}

impl<K: Kind> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", K::PREFIX, self.value)
    }
}

impl<K: Kind> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K: Kind> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: Kind> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

// Written out, because a derive would ask the same of the marker type.
impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.value.cmp(&other.value)
    }
}
impl<K> Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $kind:ident $id:ident $prefix:literal;)*) => {$(
        #[doc = concat!("Marks ids of the kind `", $prefix, "`.")]
        #[derive(Debug)]
        pub enum $kind {}
        impl Kind for $kind {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $id = Id<$kind>;
    )*};
}

ids! {
    /// Names a candidate, and with it the scope whose key seals all that is kept about the person.
    CandidateKind CandidateId "cnd";
    /// Names a position.
    PositionKind PositionId "pos";
    /// Names one candidate's application for one position.
    ApplicationKind ApplicationId "app";
    /// Names one sitting of an AI interview.
    InterviewKind InterviewId "itv";
    /// Names one material.
    MaterialIdKind MaterialId "mat";
    /// Names a configured vendor.
    ConnectionKind ConnectionId "con";
    /// Names a person who signs in.
    UserKind UserId "usr";
    /// Names one session of a user.
    SessionKind SessionId "ses";
    /// Names a token by which a program acts for a user.
    TokenKind TokenId "tok";
    /// Names an upload that can be interrupted.
    UploadKind UploadId "upl";
    /// Names a proposal to judge by another rule.
    ProposalKind ProposalId "prp";
    /// Names a search that somebody keeps.
    SavedSearchKind SavedSearchId "sav";
    /// Names a notice in somebody's inbox.
    NoticeIdKind NoticeId "ntc";
    /// Names a channel by which notices leave.
    ChannelIdKind ChannelId "chn";
    /// Names something that happened of which somebody is to hear.
    OccasionKind OccasionId "occ";
    /// Names a report that somebody keeps.
    SavedReportKind SavedReportId "rep";
    /// Names a batch download that somebody else is asked to release.
    ReleaseKind ReleaseId "rel";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_form_round_trips_and_is_typed() {
        let id = ApplicationId::new(DateTime::from_timestamp(1_700_000_000, 0).unwrap(), 42);
        let text = id.to_string();
        assert!(text.starts_with("app_") && text.len() == 30, "{text}");
        assert_eq!(text.parse::<ApplicationId>().unwrap(), id);
        assert!(text.parse::<CandidateId>().is_err());
        assert_eq!(serde_json::from_str::<ApplicationId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    }

    #[test]
    fn a_text_that_is_no_id_is_quoted_but_cut() {
        let error = "x".repeat(5000).parse::<UserId>().unwrap_err();
        assert!(error.to_string().len() < 120, "{error}");
    }

    #[test]
    fn ids_sort_by_time() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(UserId::new(at(1), u128::MAX) < UserId::new(at(2), 0));
    }
}
