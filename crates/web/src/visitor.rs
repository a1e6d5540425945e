//! Who looks at a page, before it is known who they are: language, theme, and where they come from.

use std::{convert::Infallible, net::IpAddr, sync::Arc};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, Method, Uri, header, request::Parts, uri::Authority},
    middleware::Next,
    response::Response,
};
use cookie::Cookie;
use dossier_access::Word;
use dossier_domain::Language;
use url::{Origin, Position, Url, form_urlencoded};

use crate::{
    failure::{Failure, Result},
    form,
    pages::done,
    serve::{Cut, Peer},
    site::Site,
};

/// The cookies in which a visitor's choices are kept; they say nothing about a person.
pub(crate) const LANGUAGE: &str = "language";
pub(crate) const THEME: &str = "theme";

/// What is known of a visitor from the request alone.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    pub(crate) origin: Word,
    /// The path and query of the page that they are on: the one asked for, or the one whose form was sent.
    pub(crate) page: String,
    /// Whether what they send comes from a page of ours, as far as their browser says.
    pub(crate) is_of_our_pages: bool,
    /// The address of this site, as the visitor's browser knows it.
    pub(crate) site: Option<String>,
    /// Ends the visitor's connection at once.
    pub(crate) cut: Cut,
    /// Whether the answer is for a program: JSON instead of a page.
    pub(crate) is_program: bool,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the visitor's system is set.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

impl Visitor {
    /// Refuses what a browser says to come from elsewhere.
    pub(crate) fn sent_by_our_pages(&self) -> Result<()> {
        if self.is_of_our_pages { Ok(()) } else { Err(Failure::Forged) }
    }
}

/// Finds out about the visitor once, for everything that comes after.
pub(crate) async fn recognise(State(site): State<Arc<Site>>, mut request: Request, next: Next) -> Response {
    let (headers, public) = (request.headers(), site.options.public_origin.as_ref());
    let visitor = Visitor {
        language: language(headers, request.uri()),
        theme: cookie(headers, THEME).and_then(|name| Theme::from_name(&name)).unwrap_or_default(),
        origin: origin(&request, site.options.behind_proxy),
        is_of_our_pages: form::is_of_our_pages(headers, public),
        cut: request.extensions().get().cloned().unwrap_or_default(),
        page: page(&request),
        site: public.map(Origin::ascii_serialization).or_else(|| site_of(headers, request.uri())),
        is_program: request.uri().path().starts_with("/api/"),
    };
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(|| Self {
            language: language(&parts.headers, &parts.uri),
            theme: Theme::System,
            origin: unknown_origin(),
            is_of_our_pages: false,
            cut: Cut::default(),
            page: "/".to_owned(),
            site: None,
            is_program: false,
        }))
    }
}

/// The value of a cookie, if it is sent once.
pub(crate) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = sent
        .flat_map(|text| Cookie::split_parse(text.to_owned()))
        .filter_map(Result::ok)
        .filter(|cookie| cookie.name() == name);
    let value = values.next()?.value().to_owned();
    values.next().is_none().then_some(value)
}

/// The page to go back to later on: what was asked for, if it can be asked for again.
fn page(request: &Request) -> String {
    if *request.method() == Method::GET {
        return request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let referrer =
        request.headers().get(header::REFERER).and_then(|address| Url::parse(address.to_str().ok()?).ok());
    let Some(mut page) = referrer else { return "/".to_owned() };
    // What was said to be done there is over.
    let pairs = page.query_pairs().filter(|(name, _)| name != done::QUERY);
    let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    page.set_query(Some(rest.as_str()).filter(|rest| !rest.is_empty()));
    page[Position::BeforePath..Position::AfterQuery].to_owned()
}

/// The language that was chosen, or that the browser prefers, or Chinese.
fn language(headers: &HeaderMap, uri: &Uri) -> Language {
    let asked = uri.query().and_then(|query| query.split('&').find_map(|part| part.strip_prefix("lang=")));
    let chosen = asked.map(str::to_owned).or_else(|| cookie(headers, LANGUAGE));
    let preferred = || {
        let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        header.split(',').find_map(|language| language.trim().parse().ok())
    };
    chosen.and_then(|name| name.parse().ok()).or_else(preferred).unwrap_or_default()
}

/// The address of this site: as a browser tells it with what it sends, or by the host. Who is signed in came by TLS or
/// from the machine itself, since the session's cookie goes no other way.
fn site_of(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let told: Option<Uri> = text(header::ORIGIN).and_then(|origin| origin.parse().ok());
    if let Some((scheme, host)) = told.as_ref().and_then(|told| told.scheme_str().zip(told.authority())) {
        return Some(format!("{scheme}://{host}"));
    }
    let host = text(header::HOST).and_then(|host| host.parse::<Authority>().ok());
    let host = host.or_else(|| uri.authority().cloned())?;
    let is_here = ["127.0.0.1", "localhost", "[::1]"].contains(&host.host());
    Some(format!("{}://{host}", if is_here { "http" } else { "https" }))
}

/// The visitor's address as the operation log names it.
fn origin(request: &Request, behind_proxy: bool) -> Word {
    let told = || {
        let told = request.headers().get_all("x-forwarded-for").iter().next_back()?;
        // The last one is what our own proxy saw; all before it may be made up.
        told.to_str().ok()?.rsplit(',').next()?.trim().parse::<IpAddr>().ok()
    };
    let peer = || request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let address = if behind_proxy { told().or_else(peer) } else { peer() };
    address
        .and_then(|address| Word::parse(&address.to_canonical().to_string()).ok())
        .unwrap_or_else(unknown_origin)
}

#[expect(clippy::expect_used, reason = "a constant, and a test parses it")]
fn unknown_origin() -> Word {
    Word::parse("web").expect("a word")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn the_language_is_chosen_then_preferred_then_chinese() {
        let plain = Uri::from_static("/candidates");
        assert_eq!(unknown_origin().as_str(), "web");
        assert_eq!(language(&HeaderMap::new(), &plain), Language::Chinese);
        assert_eq!(language(&headers(header::ACCEPT_LANGUAGE, "fr, en-GB;q=0.8"), &plain), Language::English);
        assert_eq!(language(&headers(header::COOKIE, "a=b; language=en"), &plain), Language::English);
        let asked = Uri::from_static("/candidates?lang=zh");
        assert_eq!(language(&headers(header::COOKIE, "language=en"), &asked), Language::Chinese);
    }

    #[test]
    fn the_site_is_where_the_browser_asks() {
        let (plain, at) =
            (Uri::from_static("/connections"), |name, value| site_of(&headers(name, value), &Uri::default()));
        assert_eq!(site_of(&HeaderMap::new(), &plain), None);
        assert_eq!(at(header::HOST, "dossier.bank").as_deref(), Some("https://dossier.bank"));
        assert_eq!(at(header::HOST, "127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(at(header::ORIGIN, "http://dossier.bank:81").as_deref(), Some("http://dossier.bank:81"));
        assert_eq!(at(header::ORIGIN, "null"), None);
    }

    #[test]
    fn a_cookie_that_is_sent_twice_counts_as_none() {
        assert_eq!(cookie(&headers(header::COOKIE, "theme=dark"), THEME).as_deref(), Some("dark"));
        assert_eq!(cookie(&headers(header::COOKIE, "theme=dark; theme=light"), THEME), None);
    }
}
