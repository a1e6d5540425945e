//! Pages of interviews, the page token and the sync point. The module [`super`] says how they work together.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use dossier_domain::text::RemoteId;
use dossier_vendor::{
    Error, Listed, Page, PageToken, Phrase, Rejected, RemoteStatus, Result, SyncPoint,
    http::sha256_hex,
    json::{self, Field},
};
use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use super::{RibbonConfig, api::Api, normalise};

/// Marks sync points of this form: `1 ` and the end of the newest interview seen, or `-` where no end was known.
const FORM: &str = "1 ";

/// A page of the listing. Entries are parsed one by one, so that nonsense in one leaves the others alone.
#[derive(Deserialize)]
struct Entries<'a> {
    #[serde(borrow)]
    interviews: Vec<&'a RawValue>,
}

/// As much of an entry as can be read even where other parts of it can't.
#[derive(Deserialize)]
struct Head {
    interview_id: String,
}

/// Where a listing stands: how far it went, and the newest end that it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    offset: u64,
    newest: Option<DateTime<Utc>>,
}

/// One page of what may have changed since `since`.
pub(super) async fn page(
    api: &Api,
    config: &RibbonConfig,
    since: &SyncPoint,
    token: Option<&PageToken>,
) -> Result<Page> {
    let known = read_point(since)?;
    let floor = known.and_then(|at| at.checked_sub_signed(TimeDelta::days(config.look_back_days.into())));
    let mut place = token.map_or(Ok(Place { offset: 0, newest: known }), Place::read)?;
    let document = api.interviews(place.offset, config.page_size).await?;
    let entries: Entries<'_> = document.parse()?;
    let (mut interviews, mut rejected) = (Vec::new(), Vec::new());
    let mut all_old = config.newest_first && !entries.interviews.is_empty();
    for (index, raw) in entries.interviews.iter().enumerate() {
        match entry(raw, index) {
            Ok(listed) => {
                place.newest = place.newest.max(listed.ended_at);
                let is_old = matches!((listed.ended_at, floor), (Some(end), Some(floor)) if end < floor);
                all_old &= is_old;
                interviews.extend((!is_old).then_some(listed));
            }
            Err(reject) => rejected.push(reject),
        }
    }
    let is_last = entries.interviews.is_empty() || all_old;
    place.offset += entries.interviews.len() as u64;
    let cursor = if is_last { write_point(place.newest) } else { since.clone() };
    Ok(Page { interviews, rejected, next: (!is_last).then(|| place.write()), cursor })
}

/// One entry of a page. Whatever can be named is listed, and complained about when it is fetched.
fn entry(raw: &RawValue, index: usize) -> Result<Listed, Rejected> {
    let place = format!("/interviews/{index}");
    let value: Value = match json::parse(raw.get().as_bytes()) {
        Ok(value) => value,
        Err(error) => return named(raw).ok_or(Rejected { remote_id: None, error }),
    };
    let field = Field::below(&value, place);
    let remote_id = field.get("interview_id").parse(RemoteId::parse);
    let remote_id = remote_id.map_err(|error| Rejected { remote_id: None, error })?;
    let status = status(&field.get("status"));
    let status = status.map_err(|error| Rejected { remote_id: Some(remote_id.clone()), error })?;
    let ended_at = normalise::times(&field).ok().and_then(|(_, ended_at)| ended_at);
    Ok(Listed { remote_id, status, ended_at, mark: Some(mark(value)) })
}

fn named(raw: &RawValue) -> Option<Listed> {
    let head: Head = serde_json::from_str(raw.get()).ok()?;
    let remote_id = RemoteId::parse(&head.interview_id).ok()?;
    Some(Listed { remote_id, status: RemoteStatus::Finished, ended_at: None, mark: None })
}

fn status(field: &Field<'_>) -> Result<RemoteStatus> {
    match field.text()? {
        "completed" => Ok(RemoteStatus::Finished),
        "incomplete" => Ok(RemoteStatus::Open),
        _ => Err(field.malformed(Phrase::new("completed 或 incomplete", "completed or incomplete"))),
    }
}

/// A hash of the record. Links are signed anew each time, so only whether there is one counts.
fn mark(mut value: Value) -> String {
    if let Some(data) = value.get_mut("interview_data") {
        for name in ["audio_url", "video_url"] {
            if let Some(link) = data.get_mut(name) {
                *link = Value::Bool(!link.is_null());
            }
        }
    }
    sha256_hex(value.to_string().as_bytes())
}

fn read_point(point: &SyncPoint) -> Result<Option<DateTime<Utc>>> {
    match (point.as_str(), point.as_str().strip_prefix(FORM)) {
        ("", _) | (_, Some("-")) => Ok(None),
        (_, Some(text)) => text.parse().map(Some).map_err(|_| Error::CursorExpired),
        (_, None) => Err(Error::CursorExpired),
    }
}

fn write_point(newest: Option<DateTime<Utc>>) -> SyncPoint {
    SyncPoint::new(format!("{FORM}{}", written(newest)))
}

fn written(newest: Option<DateTime<Utc>>) -> String {
    newest.map_or_else(|| "-".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

impl Place {
    fn read(token: &PageToken) -> Result<Self> {
        let (offset, newest) = token.as_str().split_once(' ').ok_or(Error::CursorExpired)?;
        let offset = offset.parse().map_err(|_| Error::CursorExpired)?;
        let newest = if newest == "-" { Ok(None) } else { newest.parse().map(Some) };
        Ok(Self { offset, newest: newest.map_err(|_| Error::CursorExpired)? })
    }

    fn write(self) -> PageToken {
        PageToken::new(format!("{} {}", self.offset, written(self.newest)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn points_and_places_round_trip(seconds in 0i64..4_000_000_000, nanos in 0u32..1_000_000_000, offset: u64) {
            let newest = DateTime::from_timestamp(seconds, nanos);
            prop_assert_eq!(read_point(&write_point(newest)).unwrap(), newest);
            let place = Place { offset, newest };
            prop_assert_eq!(Place::read(&place.write()).unwrap(), place);
        }

        #[test]
        fn foreign_points_ask_for_a_full_sync(text in "[^1].{0,40}|1 [^0-9-].{0,20}") {
            let expired = matches!(read_point(&SyncPoint::new(text)), Err(Error::CursorExpired));
            prop_assert!(expired);
        }
    }

    #[test]
    fn the_mark_ignores_signatures_and_sees_all_else() {
        let record =
            |link: Value, score| serde_json::json!({"interview_data": {"video_url": link, "score": score}});
        let first = mark(record("https://a/?sig=1".into(), 1));
        assert_eq!(first, mark(record("https://a/?sig=2".into(), 1)));
        assert_ne!(first, mark(record(Value::Null, 1)));
        assert_ne!(first, mark(record("https://a/?sig=1".into(), 2)));
    }
}
