//! What a form sends: read in bounded memory, and only if it comes from a page of ours.
//!
//! A change needs three things: a session cookie that no other site's request carries (`SameSite`), an origin that is
//! ours if the browser tells one, and a token that only our own page knows.

mod table;

use std::{any::Any, fmt::Display, str::FromStr, sync::Arc};

use axum::{
    extract::{
        FromRequest, Request,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, header},
};
use bytes::{Bytes, BytesMut};
use dossier_domain::{Language, text::TextError};
use serde::de::DeserializeOwned;
use url::Origin;

use crate::{
    failure::{Failure, Result},
    person::Person,
    site::Site,
};

pub(crate) use table::{SentTable, TRIED_FIELD};

/// The name of the field, and in lower case of the header, in which our pages send the token.
pub(crate) const TOKEN_FIELD: &str = "csrf";
pub(crate) const TOKEN_HEADER: &str = "x-csrf-token";

/// A form that a person sent from one of our pages.
pub(crate) struct Sent<T> {
    pub(crate) person: Person,
    pub(crate) form: T,
}

impl<T: DeserializeOwned> FromRequest<Arc<Site>> for Sent<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, site: &Arc<Site>) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let person =
            <Person as axum::extract::FromRequestParts<_>>::from_request_parts(&mut parts, site).await?;
        person.visitor.sent_by_our_pages()?;
        let body = Bytes::from_request(Request::from_parts(parts, body), site)
            .await
            .map_err(|_| Failure::TooLarge)?;
        let token = url::form_urlencoded::parse(&body).find(|(name, _)| name == TOKEN_FIELD);
        if !token.is_some_and(|(_, token)| person.session.is_token(&token)) {
            return Err(Failure::Forged);
        }
        Ok(Self { person, form: read(&body)? })
    }
}

/// Reads a form or a query, in which a name may stand several times.
pub(crate) fn read<T: DeserializeOwned>(encoded: &[u8]) -> Result<T> {
    // What exactly is wrong is known in the words of programs only.
    serde_html_form::from_bytes(encoded).map_err(|_| {
        Failure::bad(
            "地址或表单里有无法识别的内容；请回到页面上重新操作",
            "something in this address or form can't be read; go back to the page and try again",
        )
    })
}

/// A number as people type it, in full-width signs too.
pub(crate) fn number<T: FromStr>(text: &str) -> Option<T> {
    plain(text).parse().ok()
}

/// The same as text, with plain digits.
pub(crate) fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' | '．' | '－' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    text.trim().chars().map(plain).collect()
}

/// A typed text as a word of the domain; `what` says what it can't be, in Chinese and English.
pub(crate) fn typed<T>(what: (&str, &str), text: &str) -> Result<T>
where
    T: FromStr,
    T::Err: Display + 'static,
{
    text.parse().map_err(|error: T::Err| {
        let (zh, en) = what;
        let why = of_text(&error)
            .map_or_else(|| format!("不可用：{error}"), |error| error.message(Language::Chinese));
        Failure::bad(format!("{zh}{why}"), format!("this can't be {en}: {error}"))
    })
}

/// What is wrong with a text as such, which is known in both languages.
pub(crate) fn of_text<E: 'static>(error: &E) -> Option<&TextError> {
    (error as &dyn Any).downcast_ref()
}

/// The longest text beside a file in a form, in bytes.
const LONGEST_TEXT: usize = 16 << 10;

/// The text of a field beside a file, in bounded memory.
pub(crate) async fn text(field: Field<'_>) -> Result<String> {
    Ok(String::from_utf8_lossy(&bounded(field, LONGEST_TEXT).await?).into_owned())
}

/// All that a field holds, in bounded memory.
async fn bounded(mut field: Field<'_>, most: usize) -> Result<Bytes> {
    let mut read = BytesMut::new();
    while let Some(piece) = field.chunk().await.map_err(unreadable)? {
        if read.len() + piece.len() > most {
            return Err(Failure::TooLarge);
        }
        read.extend_from_slice(&piece);
    }
    Ok(read.freeze())
}

/// A form with a file that breaks off.
#[expect(clippy::needless_pass_by_value, reason = "as `map_err` hands it over")]
pub(crate) fn unreadable(error: MultipartError) -> Failure {
    Failure::bad(format!("上传的内容无法读取：{error}"), format!("the upload can't be read: {error}"))
}

/// Whether a request does not come from a page of another site, as far as a browser says so. `public` is where visitors
/// come to, if that is known.
pub(crate) fn is_of_our_pages(headers: &HeaderMap, public: Option<&Origin>) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = text("origin") else { return true };
    // A proxy may ask for another host than visitors do.
    if public.is_some_and(|public| public.ascii_serialization() == origin) {
        return true;
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).filter(|_| hosts.next().is_none());
    let ours = origin.split_once("://").map(|(_, rest)| rest);
    host.is_some() && ours == host
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};
    use url::Url;

    use super::*;

    #[test]
    fn a_number_may_be_typed_in_full_width() {
        for (typed, meant) in [("８０．５", Some(80.5)), (" 80 ", Some(80.0)), ("八十", None), ("", None)]
        {
            assert_eq!(number::<f64>(typed), meant, "{typed}");
        }
        assert_eq!(number::<u32>("１２"), Some(12));
    }

    #[test]
    fn only_our_own_origin_may_change_anything() {
        let ask = |headers: &[(&'static str, &'static str)]| {
            let headers = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
            is_of_our_pages(&headers.collect(), None)
        };
        assert!(ask(&[("host", "dossier.bank")]), "a program sends no origin");
        assert!(ask(&[("host", "dossier.bank:8443"), ("origin", "https://dossier.bank:8443")]));
        for origin in
            ["https://evil.example", "null", "https://dossier.bank.evil.example", "dossier.bank", ""]
        {
            let headers = HeaderMap::from_iter([
                (header::HOST, HeaderValue::from_static("dossier.bank")),
                (header::ORIGIN, HeaderValue::from_static(origin)),
            ]);
            assert!(!is_of_our_pages(&headers, None), "{origin}");
        }
        let public = Url::parse("https://dossier.bank").unwrap().origin();
        let behind_a_proxy = |origin: &'static str| {
            let headers = [(header::HOST, "inner:8443"), (header::ORIGIN, origin)];
            let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
            is_of_our_pages(&HeaderMap::from_iter(headers), Some(&public))
        };
        assert!(behind_a_proxy("https://dossier.bank") && !behind_a_proxy("https://evil.example"));
        let twice = [("host", "dossier.bank"), ("host", "evil.example"), ("origin", "https://dossier.bank")];
        let mut headers = HeaderMap::new();
        for (name, value) in twice {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        assert!(!is_of_our_pages(&headers, None), "two hosts are none");
        assert!(!ask(&[("host", "dossier.bank"), ("sec-fetch-site", "cross-site")]));
        assert!(!ask(&[("host", "dossier.bank"), ("sec-fetch-site", "same-site")]));
    }
}
