//! What a visitor chooses for themselves, signed in or not: the language and the theme. And where their work begins.

use axum::{
    body::Bytes,
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use cookie::{Cookie, SameSite, time::Duration};
use dossier_domain::Language;
use serde::Deserialize;

use crate::{
    failure::Result,
    form,
    layout::Place,
    person::Person,
    visitor::{LANGUAGE, THEME, Theme, Visitor},
};

/// `POST /choose`
#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    theme: Option<String>,
    #[serde(default)]
    back: String,
}

/// `GET /`
pub(crate) async fn start(person: Person) -> Redirect {
    Redirect::to(Place::first_for(&person))
}

/// `POST /choose`
pub(crate) async fn choose(visitor: Visitor, body: Bytes) -> Result<Response> {
    visitor.sent_by_our_pages()?;
    let choice: Choice = form::read(&body)?;
    let mut response = Redirect::to(local(&choice.back)).into_response();
    let language = choice.language.and_then(|name| name.parse::<Language>().ok());
    let theme = choice.theme.and_then(|name| Theme::from_name(&name));
    let chosen = [
        language.map(|language| (LANGUAGE, language.to_string())),
        theme.map(|theme| (THEME, theme.name().to_owned())),
    ];
    for (name, value) in chosen.into_iter().flatten() {
        let mut cookie = Cookie::new(name, value);
        cookie.set_path("/");
        cookie.set_same_site(SameSite::Lax);
        cookie.set_http_only(true);
        cookie.set_max_age(Duration::days(365));
        if let Ok(value) = HeaderValue::from_str(&cookie.to_string()) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    Ok(response)
}

/// A path of this site; anything else becomes its start.
pub(crate) fn local(path: &str) -> &str {
    let is_local = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_local { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert_eq!(local("/candidates?q=%E5%BC%A0#x"), "/candidates?q=%E5%BC%A0#x");
        for elsewhere in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb: c", "javascript:x"]
        {
            assert_eq!(local(elsewhere), "/", "{elsewhere}");
        }
    }
}
