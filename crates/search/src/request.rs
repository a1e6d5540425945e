//! What is asked of the index.

use std::{fmt, str::FromStr};

use dossier_domain::{ApplicationId, BankZone};
use serde::{Deserialize, Serialize};

use crate::{Error, Query, Scope};

/// A search.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What to find.
    pub query: &'a Query,
    /// What the asker may see.
    pub scope: &'a Scope,
    /// The zone in which dates of the query and months of the counts are meant.
    pub zone: BankZone,
    /// In what order.
    pub sort: Sort,
    /// How many hits at most.
    pub limit: usize,
    /// The last hit of the page before; `None` for the first page.
    pub after: Option<Cursor>,
    /// What to count.
    pub facets: Vec<Facet>,
}

impl<'a> Request<'a> {
    /// The first twenty hits, the most relevant or newest first, without counts.
    pub fn new(query: &'a Query, scope: &'a Scope) -> Self {
        let sort = if query.has_words() { Sort::Relevance } else { Sort::Newest };
        Self { query, scope, zone: BankZone::default(), sort, limit: 20, after: None, facets: Vec::new() }
    }
}

/// The order of hits. Applications without the value come last, equal ones in the order of their creation, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// Words found in a name before those in a position, tag, skill, résumé or transcript.
    Relevance,
    /// The latest interview first.
    Newest,
    /// The earliest interview first.
    Oldest,
    /// The highest AI score first.
    HighestScore,
    /// The lowest AI score first.
    LowestScore,
    /// By the candidate's name, Chinese ones by Pinyin.
    Name,
}

impl Sort {
    /// All orders.
    pub const ALL: [Self; 6] =
        [Self::Relevance, Self::Newest, Self::Oldest, Self::HighestScore, Self::LowestScore, Self::Name];
}

/// Something to count the hits by. What a hit's materials tell is counted only where the asker may see them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Facet {
    /// The position's name.
    Position,
    /// The stage.
    Stage,
    /// The bank's month of the interview.
    Month,
    /// The band of the AI score.
    ScoreBand,
    /// The emotion label.
    Emotion,
    /// The tags.
    Tag,
    /// The folders right below this one; the outermost ones below the empty path.
    Folder(Vec<String>),
}

/// A place in an ordered list of hits, which stays right when others are added or go.
///
/// Its written form is opaque; for [`Sort::Name`] it holds the name, so treat it like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub(crate) sort: Sort,
    pub(crate) key: Key,
    pub(crate) application: ApplicationId,
}

/// What hits are ordered by; the smaller comes first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    Number(u64),
    Text(String),
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = Sort::ALL.iter().position(|sort| *sort == self.sort).unwrap_or_default();
        match &self.key {
            Key::Number(number) => write!(f, "{sort}.{number:x}.{}", self.application),
            Key::Text(text) => write!(f, "{sort}.{}.{}", hex::encode(text), self.application),
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse_cursor(text).ok_or(Error::Cursor)
    }
}

fn parse_cursor(text: &str) -> Option<Cursor> {
    let mut parts = text.splitn(3, '.');
    let sort = *Sort::ALL.get(parts.next()?.parse::<usize>().ok()?)?;
    let key = parts.next()?;
    let key = if sort == Sort::Name {
        Key::Text(String::from_utf8(hex::decode(key).ok()?).ok()?)
    } else {
        Key::Number(u64::from_str_radix(key, 16).ok()?)
    };
    Some(Cursor { sort, key, application: parts.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_being_written() {
        let application = ApplicationId::from_bytes([7; 16]);
        for (sort, key) in
            [(Sort::Newest, Key::Number(u64::MAX)), (Sort::Name, Key::Text("zhangsan\u{1}张三".into()))]
        {
            let cursor = Cursor { sort, key, application };
            assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }
        for bad in ["", "1", "1..", "9.0.app_x", "1.zz.app_01HF", "5.ff.app_7ZZZZZZZZZZZZZZZZZZZZZZZZZ"] {
            assert!(bad.parse::<Cursor>().is_err(), "{bad}");
        }
    }
}
