//! Reading requests of the API, and answering them: bodies, queries, paths, conditions, pages of lists.

use std::{fmt::Display, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Path, Request},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::{IntoResponse, Response},
};
use dossier_access::Context;
use dossier_archive::Error;
use dossier_domain::Language;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use utoipa::{IntoParams, ToSchema};

use super::caller::Caller;
use crate::{
    failure::{Failure, Result},
    form,
    site::Site,
};

/// So many entries of a list are on a page unless said otherwise, and at most.
const PAGE: usize = 100;
const LONGEST_PAGE: usize = 1000;
/// So many characters of what was sent are repeated in an error.
const QUOTED: usize = 200;

/// A body of JSON.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self> {
        let sent = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = sent.and_then(|text| text.split(';').next()).unwrap_or_default();
        if !media_type.trim().eq_ignore_ascii_case("application/json") {
            return Err(Failure::MediaType);
        }
        let bytes = Bytes::from_request(request, site).await.map_err(|_| Failure::TooLarge)?;
        // Serde would take a list for an object, its fields in their order.
        if bytes.trim_ascii_start().first() != Some(&b'{') {
            return Err(Failure::bad("请求正文须是 JSON 对象", "the body must be an object of JSON"));
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let said = cut(&error);
            Failure::bad(format!("请求正文有误：{said}"), format!("the body makes no sense: {said}"))
        })
    }
}

/// What the query of the address asks. An unknown name is a mistake.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Site>> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self> {
        // The language is everybody's to choose, and read elsewhere.
        let is_ours = |part: &&str| !part.starts_with("lang=") && !part.is_empty();
        let query: Vec<&str> = parts.uri.query().unwrap_or_default().split('&').filter(is_ours).collect();
        serde_html_form::from_bytes(query.join("&").as_bytes()).map(Self).map_err(|error| {
            let said = cut(&error);
            Failure::bad(format!("查询参数有误：{said}"), format!("the query makes no sense: {said}"))
        })
    }
}

/// What stands in the path. Where it can't be what it should be, there is nothing.
pub(super) struct At<T>(pub(super) T);

impl<T: DeserializeOwned + Send> FromRequestParts<Arc<Site>> for At<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, site: &Arc<Site>) -> Result<Self> {
        let Path(path) = Path::from_request_parts(parts, site).await.map_err(|_| Failure::NoPage)?;
        Ok(Self(path))
    }
}

/// `If-Match`: the state in which something is to be changed.
pub(super) struct IfMatch(Option<String>);

impl FromRequestParts<Arc<Site>> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Site>) -> Result<Self> {
        let mut sent = Vec::new();
        for value in parts.headers.get_all(header::IF_MATCH) {
            sent.push(value.to_str().map_err(|_| Failure::bad("If-Match 有误", "If-Match makes no sense"))?);
        }
        Ok(Self((!sent.is_empty()).then(|| sent.join(","))))
    }
}

impl IfMatch {
    /// The context for a change of what `read` answers with now: nothing but what is in the state demanded is changed by
    /// it, even if somebody else comes in between.
    pub(super) async fn holds<T: Serialize>(
        self,
        caller: Caller,
        site: &Site,
        read: impl AsyncFnOnce(&Context) -> Result<T>,
    ) -> Result<Context> {
        let Some(sent) = self.0 else { return Ok(caller.ctx) };
        let ctx = site.archive.as_of_now(caller.ctx).await?;
        let tag = tag_of(&read(&ctx).await?)?;
        match sent.split(',').map(str::trim).any(|wanted| wanted == "*" || wanted == tag) {
            true => Ok(ctx),
            false => Err(Error::Changed.into()),
        }
    }
}

/// A strong tag of what is answered: half a SHA-256 of its JSON.
fn tag_of(value: &impl Serialize) -> Result<String> {
    let json = serde_json::to_vec(value).map_err(|error| unwritable(&error))?;
    let digest = ring::digest::digest(&ring::digest::SHA256, &json);
    Ok(format!("\"{}\"", hex::encode(&digest.as_ref()[..16])))
}

/// Answers with the tag of what is answered, to be sent back as `If-Match`.
pub(super) fn tagged<T: Serialize>(value: T) -> Result<Response> {
    let tag = HeaderValue::from_str(&tag_of(&value)?).map_err(|error| unwritable(&error))?;
    Ok((HeaderMap::from_iter([(header::ETAG, tag)]), Json(value)).into_response())
}

fn unwritable(error: &dyn Display) -> Failure {
    Failure::bad(format!("无法写成 JSON：{error}"), format!("it can't be written as JSON: {error}"))
}

fn cut(error: &dyn Display) -> String {
    error.to_string().chars().take(QUOTED).collect()
}

/// A text in the request as a word of the domain: what it is for is understood, and can't be that.
pub(super) fn parsed<T, E: Display + 'static>(
    what: (&str, &str),
    text: &str,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T> {
    parse(text).map_err(|error| {
        let ((zh, en), said) = (what, cut(&error));
        let (zh, en) = match form::of_text(&error) {
            Some(error) => (format!("{zh}{}", error.message(Language::Chinese)), said),
            None => (format!("{zh}有误：{said}"), format!("{en}: {said}")),
        };
        Error::Invalid { zh, en }.into()
    })
}

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Paging {
    /// How many entries at most; 100 unless said otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

impl Paging {
    /// The page of a list: it is ordered by `key`, and begins behind the one that is named.
    pub(super) fn page<T>(
        &self,
        mut all: Vec<T>,
        key: impl Fn(&T) -> String,
    ) -> Result<(Vec<T>, Option<String>)> {
        let limit = bounded(self.limit, PAGE, LONGEST_PAGE)?;
        all.sort_by_cached_key(&key);
        if let Some(after) = &self.after {
            all.retain(|one| key(one) > *after);
        }
        let has_more = all.len() > limit;
        all.truncate(limit);
        let next = all.last().map(&key).filter(|_| has_more);
        Ok((all, next))
    }
}

/// A whole number of JSON, which is one in whatever way it is written: 70 and 70.0.
pub(super) fn whole<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    let Some(number) = Option::<serde_json::Number>::deserialize(deserializer)? else { return Ok(None) };
    let rounded = || number.as_f64().filter(|value| value.fract() == 0.0 && (0.0..1e15).contains(value));
    let whole = number.as_u64().or_else(|| rounded().map(|value| value as u64));
    match whole.and_then(|whole| T::try_from(whole).ok()) {
        Some(whole) => Ok(Some(whole)),
        None => Err(D::Error::custom("a whole number is expected")),
    }
}

/// Tells null from what is left out.
pub(super) fn said<'de, T, D>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(from).map(Some)
}

/// A number of entries within its bounds.
pub(super) fn bounded(asked: Option<usize>, usual: usize, most: usize) -> Result<usize> {
    match asked.unwrap_or(usual) {
        limit if (1..=most).contains(&limit) => Ok(limit),
        _ => Err(Failure::bad(format!("limit 须为 1 至 {most}"), format!("limit is between 1 and {most}"))),
    }
}

/// What was removed.
#[derive(Serialize, ToSchema)]
pub(super) struct Removed {
    /// Its name or id.
    removed: String,
}

impl Removed {
    pub(super) fn new(name: impl Display) -> Json<Self> {
        Json(Self { removed: name.to_string() })
    }
}
