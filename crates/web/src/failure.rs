//! What goes wrong, in words: a page for people, problem+json (RFC 9457) for programs. The one place that maps errors to
//! HTTP.
//!
//! A handler returns a [`Failure`]; the middleware [`explain`] gives it its body, since only there it is known for whom.

use std::sync::{Arc, atomic::Ordering};

use axum::{
    Json,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{Error, ErrorKind};
use dossier_domain::Language;
use maud::html;
use serde::Serialize;

use crate::{
    layout::Page,
    person::{Person, Session},
    site::Site,
    visitor::Visitor,
};

/// The result of a handler.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why a request was not answered as asked.
#[derive(Debug, Clone)]
pub(crate) enum Failure {
    /// Nobody is signed in.
    SignIn,
    /// A use case failed.
    Archive(Arc<Error>),
    /// There is no such page.
    NoPage,
    /// What is kept for a while only is not there, any more or for whoever asks.
    NotKept,
    /// A change that does not come from our own pages.
    Forged,
    /// The request makes no sense.
    Bad { zh: String, en: String },
    /// What was given in one field of a form makes no sense.
    InField { field: &'static str, failure: Box<Self> },
    /// The request's body is larger than it may be.
    TooLarge,
    /// The address knows no such method.
    Method,
    /// The body is of another type than is read here.
    MediaType,
    /// Another version of the protocol of uploads.
    Version,
}

/// A failure as programs read it, after RFC 9457.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Problem {
    /// What sort of problem it is: stable, to be compared.
    #[serde(rename = "type")]
    kind: String,
    /// The sort of problem in words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What is wrong this time, for the person who asked.
    detail: String,
    /// Where a query is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    mistake: Option<Mistake>,
}

impl Problem {
    pub(crate) fn new(failure: &Failure, language: Language) -> Self {
        Self {
            kind: failure.kind(),
            title: failure.title(language).to_owned(),
            status: failure.status().as_u16(),
            detail: failure.detail(language),
            mistake: failure.mistake(),
        }
    }
}

/// Where a query is wrong.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Mistake {
    /// The first character that is wrong, counted from 0.
    start: usize,
    /// The first one behind it that is not.
    end: usize,
    /// What would be right in its place, where that can be guessed.
    suggestion: Option<String>,
}

impl Failure {
    pub(crate) fn bad(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Bad { zh: zh.into(), en: en.into() }
    }

    /// The same, to be told beside this field of the form.
    pub(crate) fn beside(self, field: &'static str) -> Self {
        Self::InField { field, failure: Box::new(self) }
    }

    /// Beside which field of the form it is to be told.
    pub(crate) fn field(&self) -> Option<&'static str> {
        if let Self::InField { field, .. } = self { Some(field) } else { None }
    }

    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::InField { failure, .. } => failure.status(),
            Self::SignIn => StatusCode::UNAUTHORIZED,
            Self::NoPage | Self::NotKept => StatusCode::NOT_FOUND,
            Self::Forged => StatusCode::FORBIDDEN,
            Self::Bad { .. } => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Version => StatusCode::PRECONDITION_FAILED,
            Self::Archive(error) => match error.kind() {
                ErrorKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                ErrorKind::Denied => StatusCode::FORBIDDEN,
                ErrorKind::SignIn => StatusCode::UNAUTHORIZED,
                ErrorKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
                ErrorKind::NotFound => StatusCode::NOT_FOUND,
                ErrorKind::Conflict if matches!(**error, Error::Changed) => StatusCode::PRECONDITION_FAILED,
                ErrorKind::Conflict => StatusCode::CONFLICT,
                ErrorKind::Unavailable => match **error {
                    Error::Vendor(_) => StatusCode::BAD_GATEWAY,
                    _ => StatusCode::SERVICE_UNAVAILABLE,
                },
                ErrorKind::Damaged | ErrorKind::Keys => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }

    /// What sort of problem it is, as programs compare it.
    pub(crate) fn kind(&self) -> String {
        format!("/problems/{}", self.name())
    }

    /// The stable name of the sort of problem.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::InField { failure, .. } => failure.name(),
            Self::SignIn => "not-signed-in",
            Self::NoPage => "no-such-address",
            Self::NotKept => "not-found",
            Self::Forged => "not-from-our-pages",
            Self::Bad { .. } => "bad-request",
            Self::TooLarge => "too-large",
            Self::Method => "method",
            Self::MediaType => "media-type",
            Self::Version => "tus-version",
            Self::Archive(error) => match error.kind() {
                ErrorKind::Invalid if matches!(**error, Error::Query(_)) => "query",
                ErrorKind::Invalid => "invalid",
                ErrorKind::Denied if matches!(**error, Error::ReleaseNeeded { .. }) => "release-needed",
                ErrorKind::Denied => "denied",
                ErrorKind::SignIn => "not-signed-in",
                ErrorKind::TooMany => "too-many",
                ErrorKind::NotFound => "not-found",
                ErrorKind::Conflict if matches!(**error, Error::Changed) => "changed",
                ErrorKind::Conflict => "conflict",
                ErrorKind::Unavailable => "unavailable",
                ErrorKind::Damaged => "damaged",
                ErrorKind::Keys => "keys",
            },
        }
    }

    fn title(&self, language: Language) -> &'static str {
        if matches!(self, Self::Version) {
            return language.pick("协议版本不对", "Another version is spoken here");
        }
        let (zh, en) = match self.status() {
            StatusCode::UNAUTHORIZED => ("请先登录", "Please sign in"),
            StatusCode::FORBIDDEN => ("无权执行", "Not allowed"),
            StatusCode::NOT_FOUND => ("找不到", "Not found"),
            StatusCode::CONFLICT => ("与现状冲突", "In conflict with what is there"),
            StatusCode::METHOD_NOT_ALLOWED => ("不支持的方法", "No such method"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => ("内容类型不对", "Another type is read here"),
            StatusCode::PRECONDITION_FAILED => ("内容已变动", "Changed meanwhile"),
            StatusCode::PAYLOAD_TOO_LARGE => ("内容过大", "Too large"),
            StatusCode::TOO_MANY_REQUESTS => ("请稍候", "Please wait"),
            StatusCode::BAD_GATEWAY => ("供应商出错", "The vendor failed"),
            StatusCode::SERVICE_UNAVAILABLE => ("暂时无法提供", "Not available for the moment"),
            StatusCode::INTERNAL_SERVER_ERROR => ("出错了", "Something went wrong"),
            _ => ("无法处理", "This makes no sense"),
        };
        language.pick(zh, en)
    }

    /// Whether nothing goes on before the archive is opened anew.
    fn wants_restart(&self) -> bool {
        match self {
            Self::Archive(error) => error.wants_restart(),
            Self::InField { failure, .. } => failure.wants_restart(),
            _ => false,
        }
    }

    fn mistake(&self) -> Option<Mistake> {
        let Self::Archive(error) = self else { return None };
        let Error::Query(wrong) = &**error else { return None };
        let (start, end) = (wrong.span.start, wrong.span.end);
        Some(Mistake { start, end, suggestion: wrong.suggestion.clone() })
    }

    /// The sentence for the person who asked. What it leaves out goes to the log.
    pub(crate) fn detail(&self, language: Language) -> String {
        let text = match self {
            Self::Archive(error) => {
                if error.is_inside() {
                    let cause = error.message(Language::English);
                    tracing::error!(kind = self.name(), cause, "something is wrong inside");
                }
                return error.told(language);
            }
            Self::InField { failure, .. } => return failure.detail(language),
            Self::Bad { zh, en } => language.pick(zh, en),
            Self::SignIn => language.pick("登录已失效或尚未登录", "you are not signed in, or no longer"),
            Self::NoPage => language.pick("没有这个页面", "there is no such page"),
            Self::NotKept => language.pick(
                "没有这份下载，或已过保留时间；请重新下载",
                "there is no such download, or it is kept no longer; fetch it anew",
            ),
            Self::Forged => language.pick(
                "这个请求不是从本站当前页面发出的，没有执行；请回到原来的页面，刷新后再试",
                "this did not come from a current page of this site and was not done; go back to that page, reload it and try again",
            ),
            Self::Method => language.pick(
                "这个地址不能这样访问；支持的方法见 Allow",
                "this address can't be asked like this; Allow names the methods that it knows",
            ),
            Self::MediaType => language.pick(
                "正文的类型不是此地址所读取的",
                "the body is of a type that this address does not read",
            ),
            Self::Version => language
                .pick("上传协议须为 tus 1.0.0（Tus-Resumable）", "uploads speak tus 1.0.0 (Tus-Resumable)"),
            Self::TooLarge => language.pick("发送的内容超过上限", "what was sent is larger than allowed"),
        };
        text.to_owned()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Archive(Arc::new(error))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Puts the failure of a handler into words.
pub(crate) async fn explain(
    State(site): State<Arc<Site>>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Response {
    let session = Session::of(request.headers());
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let mut response = next.run(request).await;
    let told = response.extensions_mut().remove::<Failure>();
    let Some(failure) = told.or_else(|| unexplained(&response)) else { return response };
    let status = failure.status();
    if status.is_server_error() {
        tracing::error!(status = status.as_u16(), kind = failure.name(), route, "request failed");
    }
    site.has_stopped.fetch_or(failure.wants_restart(), Ordering::Relaxed);
    let allow = response.headers_mut().remove(header::ALLOW);
    let mut explained = match visitor.is_program {
        true => problem(&failure, visitor.language),
        false if status == StatusCode::UNAUTHORIZED => to_sign_in(&visitor),
        false => {
            let person = Person::of(&site, visitor.clone(), session).await.ok();
            page(&failure, &visitor, person.as_ref())
        }
    };
    explained.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
    explained
}

/// What the framework refused by itself, before a handler was asked.
fn unexplained(response: &Response) -> Option<Failure> {
    let media_type = response.headers().get(header::CONTENT_TYPE);
    let is_plain = media_type.is_some_and(|media_type| media_type.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        StatusCode::METHOD_NOT_ALLOWED => Some(Failure::Method),
        StatusCode::PAYLOAD_TOO_LARGE if is_plain => Some(Failure::TooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE if is_plain => Some(Failure::MediaType),
        StatusCode::BAD_REQUEST if is_plain => {
            Some(Failure::bad("请求无法理解", "the request makes no sense"))
        }
        _ => None,
    }
}

fn problem(failure: &Failure, language: Language) -> Response {
    let status = failure.status();
    let mut response = (status, Json(Problem::new(failure, language))).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn to_sign_in(visitor: &Visitor) -> Response {
    let next: String = url::form_urlencoded::byte_serialize(visitor.page.as_bytes()).collect();
    Redirect::to(&format!("/sign-in?next={next}")).into_response()
}

fn page(failure: &Failure, visitor: &Visitor, person: Option<&Person>) -> Response {
    let title = failure.title(visitor.language);
    let content = html! {
        div.notice.problem {
            h1 { (title) }
            p { (failure.detail(visitor.language)) }
            p { a.button href="/" { (visitor.language.pick("回到首页", "Back to the start")) } }
        }
    };
    (failure.status(), Page::nowhere(visitor, person).render(title, &content)).into_response()
}
