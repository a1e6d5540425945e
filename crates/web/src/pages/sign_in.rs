//! Signing in and out, the code of a second factor, and the link by which somebody first comes in.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::Word;
use dossier_archive::{Archive, Error, FirstAdministrator, LinkFor, Provider, SignIn, SignedIn};
use dossier_domain::{
    Language,
    text::{Login, PersonName},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::choice::local;
use crate::{
    failure::{Failure, Result},
    form::{self, Sent, typed},
    layout::Page,
    parts::field,
    person::Session,
    site::Site,
    visitor::Visitor,
};

/// Tells a browser what to forget.
const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

#[derive(Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    login: String,
    password: String,
    code: String,
    challenge: String,
    next: String,
}

impl Typed {
    pub(super) fn going_to(next: &str) -> Self {
        Self { next: next.to_owned(), ..Self::default() }
    }
}

/// `GET /sign-in`
pub(crate) async fn page(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Markup> {
    let typed: Typed = form::read(query.unwrap_or_default().as_bytes())?;
    let nobody_can = visitor.language.pick(
        "还没有人可以登录：请用服务器启动时打印的一次性链接设置第一位系统管理员",
        "nobody can sign in yet: set up the first system administrator with the link that the server printed at its start",
    );
    let can_anybody = site.archive.provider().is_some() || site.archive.can_anybody_sign_in().await?;
    Ok(first_step(&visitor, &site, &typed, (!can_anybody).then_some(nobody_can)))
}

/// `POST /sign-in`: the password, or after it the code.
pub(crate) async fn sign_in(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    body: Bytes,
) -> Result<Response> {
    visitor.sent_by_our_pages()?;
    let typed: Typed = form::read(&body)?;
    let origin = visitor.origin.clone();
    // In a task of its own: an attempt counts, whether or not somebody waits for the answer.
    let attempt = attempt(Arc::clone(&site.archive), typed.clone(), origin);
    let answer = tokio::spawn(attempt).await;
    let answer = answer.map_err(|_| Failure::bad("登录中断，请重试", "signing in broke off; try again"))?;
    match answer {
        Ok(SignedIn::Session(session)) => {
            let next = local(&typed.next);
            let cookie = Session::new(session.token).to_cookie();
            Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
        }
        Ok(SignedIn::CodeNeeded { challenge, .. }) => {
            Ok(second_step(&visitor, challenge.reveal(), &typed.next, None).into_response())
        }
        Err(error @ (Error::SignIn | Error::TooMany { .. } | Error::SessionEnded)) => {
            let status = status_of(&error);
            let said = error.message(visitor.language);
            let is_code = !typed.challenge.is_empty() && matches!(error, Error::SignIn);
            let page = if is_code {
                second_step(&visitor, &typed.challenge, &typed.next, Some(&said))
            } else {
                first_step(&visitor, &site, &typed, Some(&said))
            };
            Ok((status, page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

async fn attempt(archive: Arc<Archive>, typed: Typed, origin: Word) -> dossier_archive::Result<SignedIn> {
    if typed.challenge.is_empty() {
        let asked = SignIn { login: &typed.login, password: &typed.password, code: None, origin };
        archive.sign_in(asked).await
    } else {
        archive.answer_challenge(&typed.challenge, &typed.code, origin).await
    }
}

/// `POST /sign-out`
pub(crate) async fn sign_out(State(site): State<Arc<Site>>, sent: Sent<Typed>) -> Result<Response> {
    site.archive.sign_out(&sent.person.ctx).await?;
    // Else the way back in the browser would show again what it kept of the pages, and the next user would find what was
    // ticked and where uploads go. Language and theme are cookies, which stay.
    let forget = (CLEAR_SITE_DATA, HeaderValue::from_static("\"cache\", \"storage\""));
    let headers = [(header::SET_COOKIE, Session::end_cookie()), forget];
    Ok((headers, Redirect::to("/sign-in")).into_response())
}

pub(super) fn first_step(visitor: &Visitor, site: &Site, typed: &Typed, problem: Option<&str>) -> Markup {
    let language = visitor.language;
    let title = language.pick("登录", "Sign in");
    let provider = site.archive.provider();
    let has_passwords = provider.is_none_or(Provider::allows_passwords);
    let content = html! {
        div.gate {
            h1 { (title) }
            @if let Some(provider) = provider { (by_provider(provider, language, &typed.next, problem)) }
            @if has_passwords {
                form.card method="post" action="/sign-in" {
                    input type="hidden" name="next" value=(local(&typed.next)) {}
                    (alert(problem.filter(|_| provider.is_none())))
                    (field(language.pick("用户名", "Sign-in name"), &html! {
                        input name="login" value=(typed.login) required autofocus[provider.is_none()] autocomplete="username"
                            maxlength="100" autocapitalize="none" spellcheck="false" {}
                    }, None))
                    (field(language.pick("密码", "Password"), &html! {
                        input type="password" name="password" required autocomplete="current-password" maxlength="256" {}
                    }, None))
                    button.primary[provider.is_none()] { (title) }
                }
                (demo_users(site, language, &typed.next))
                p.soft.note { (language.pick("忘记密码时，请系统管理员为您发一个新的登录链接。",
                    "If you forgot your password, ask the system administrator for a new link.")) }
            }
        }
    };
    Page::plain(visitor).render(title, &content)
}

/// The way to the bank's own login, which stands first where there is one.
fn by_provider(provider: &Provider, language: Language, next: &str, problem: Option<&str>) -> Markup {
    let next: String = url::form_urlencoded::byte_serialize(local(next).as_bytes()).collect();
    html! {
        div.provider {
            (alert(problem))
            a.button.primary href=(format!("/sign-in/provider?next={next}")) { (provider.label(language)) }
            @if provider.allows_passwords() {
                p.or.soft { (language.pick("或使用本系统的密码", "or with a password of this system")) }
            }
        }
    }
}

/// The users of a demonstration, each to be signed in as with one press.
fn demo_users(site: &Site, language: Language, next: &str) -> Markup {
    let users = &site.options.demo_users;
    html! {
        @if !users.is_empty() {
            section.demo {
                h2 { (language.pick("演示用户", "Users of this demonstration")) }
                @for user in users {
                    form method="post" action="/sign-in" {
                        input type="hidden" name="next" value=(local(next)) {}
                        input type="hidden" name="login" value=(user.login) {}
                        input type="hidden" name="password" value=(user.password) {}
                        button { strong { (user.role.label(language)) } " " span.soft { (user.login) } }
                    }
                }
            }
        }
    }
}

pub(super) fn second_step(visitor: &Visitor, challenge: &str, next: &str, problem: Option<&str>) -> Markup {
    let language = visitor.language;
    let title = language.pick("验证码", "Code");
    let hint = language.pick(
        "打开验证器应用查看；手机不在身边时，可用一个恢复码。",
        "Your authenticator program shows it; a recovery code does as well.",
    );
    let content = html! {
        div.gate {
            h1 { (title) }
            form.card method="post" action="/sign-in" {
                input type="hidden" name="next" value=(local(next)) {}
                input type="hidden" name="challenge" value=(challenge) {}
                (alert(problem))
                (field(language.pick("六位验证码", "Six digits"), &html! {
                    input name="code" required autofocus autocomplete="one-time-code" inputmode="numeric" maxlength="40" {}
                }, Some(hint)))
                button.primary { (language.pick("继续", "Go on")) }
            }
        }
    };
    Page::plain(visitor).render(title, &content)
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Chosen {
    login: String,
    name: String,
    password: String,
    again: String,
}

/// `GET /welcome/{link}`
pub(crate) async fn welcome(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
) -> Result<Markup> {
    let purpose = site.archive.link(&link, visitor.origin.clone()).await?;
    Ok(choose_password(&visitor, &purpose, &Chosen::default(), None))
}

/// `POST /welcome/{link}`: the password that was chosen.
pub(crate) async fn redeem(
    visitor: Visitor,
    State(site): State<Arc<Site>>,
    Path(link): Path<String>,
    body: Bytes,
) -> Result<Response> {
    visitor.sent_by_our_pages()?;
    let chosen: Chosen = form::read(&body)?;
    let purpose = site.archive.link(&link, visitor.origin.clone()).await?;
    match accept(&visitor, &site, &link, &purpose, &chosen).await {
        Ok(()) => Ok(Redirect::to("/sign-in").into_response()),
        Err(failure) if failure.status().is_client_error() && failure.status() != StatusCode::NOT_FOUND => {
            let page = choose_password(&visitor, &purpose, &chosen, Some(&failure.detail(visitor.language)));
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn accept(
    visitor: &Visitor,
    site: &Site,
    link: &str,
    purpose: &LinkFor,
    chosen: &Chosen,
) -> Result<()> {
    if chosen.password != chosen.again {
        return Err(Failure::bad("两次输入的密码不同", "the two passwords differ"));
    }
    let origin = visitor.origin.clone();
    match purpose {
        LinkFor::FirstAdministrator => {
            let login = typed::<Login>(("用户名", "a sign-in name"), &chosen.login)?;
            let name = typed::<PersonName>(("姓名", "a name"), &chosen.name)?;
            let first = FirstAdministrator { login, name, password: &chosen.password };
            site.archive.redeem_first(link, first, origin).await?;
        }
        LinkFor::User { .. } => {
            site.archive.redeem(link, &chosen.password, origin).await?;
        }
    }
    Ok(())
}

fn choose_password(visitor: &Visitor, purpose: &LinkFor, chosen: &Chosen, problem: Option<&str>) -> Markup {
    let language = visitor.language;
    let (title, explanation) = match purpose {
        LinkFor::FirstAdministrator => (
            language.pick("欢迎使用卷宗", "Welcome to Dossier"),
            language.pick(
                "您将成为第一位系统管理员：管理用户、密钥与存储，但看不到任何候选人资料。",
                "You become the first system administrator: of users, keys and storage, without a view of any candidate.",
            ),
        ),
        LinkFor::User { .. } => (
            language.pick("设置密码", "Choose a password"),
            language.pick("此链接只能使用一次。", "This link is good for one time."),
        ),
    };
    let hint = language.pick(
        "至少 12 个字符；一句话最好记，不必混用符号。",
        "At least 12 characters; a sentence is best, signs are not needed.",
    );
    let content = html! {
        div.gate {
            h1 { (title) }
            p.soft { (explanation) }
            form.card method="post" {
                (alert(problem))
                @match purpose {
                    LinkFor::FirstAdministrator => {
                        (field(language.pick("用户名", "Sign-in name"), &html! {
                            input name="login" value=(chosen.login) required autofocus autocomplete="username" maxlength="100" {}
                        }, None))
                        (field(language.pick("姓名", "Name"), &html! {
                            input name="name" value=(chosen.name) required autocomplete="name" maxlength="100" {}
                        }, None))
                    },
                    LinkFor::User { login, .. } => {
                        p { (language.pick("用户名：", "Sign-in name: ")) strong { (login) } }
                        input hidden readonly autocomplete="username" value=(login) {}
                    },
                }
                (field(language.pick("密码", "Password"), &html! {
                    input type="password" name="password" required autocomplete="new-password" minlength="12" maxlength="256" {}
                }, Some(hint)))
                (field(language.pick("再输一次", "Once more"), &html! {
                    input type="password" name="again" required autocomplete="new-password" maxlength="256" {}
                }, None))
                button.primary { (language.pick("完成", "Done")) }
            }
        }
    };
    Page::plain(visitor).render(title, &content)
}

pub(crate) fn alert(problem: Option<&str>) -> Markup {
    html! { @if let Some(problem) = problem { p.mistake role="alert" { (problem) } } }
}

pub(super) fn status_of(error: &Error) -> StatusCode {
    match error {
        Error::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::ProviderUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        // Not 401: that would make a browser ask for something that is not used here.
        _ => StatusCode::FORBIDDEN,
    }
}
