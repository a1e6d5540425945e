//! One's own account: password, second factor, sessions, tokens for programs.

mod notices;
mod second_factor;
mod tokens;

use std::sync::Arc;

use axum::{
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use dossier_access::Token;
use dossier_archive::{AccountView, Error, SecondFactorOffer, SecondFactorOn, SessionView};
use dossier_domain::BankZone;
use maud::{Markup, html};
use serde::Deserialize;

use super::done::{self, sent_on};
use crate::{
    failure::{Failure, Result},
    form::Sent,
    layout::{Page, Place, token},
    parts::{self, Mistakes, checked, field},
    person::{Person, Session},
    site::Site,
};

/// `GET /account`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    show(&person, &site, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    password: String,
    new: String,
    again: String,
    code: String,
    secret: String,
    id: String,
    name: String,
    scope: Vec<String>,
    days: String,
    wish: Vec<String>,
    channel: String,
    email: String,
    letters: String,
}

/// What is to be shown after a change, and only then.
enum Told {
    Failure(Failure),
    /// A second factor, and what was wrong with a first code of it.
    Offer(SecondFactorOffer, Option<Failure>),
    Codes(Vec<String>),
    Token(String),
}

/// What a change came to.
#[derive(Default)]
struct Done {
    told: Option<Told>,
    /// The session's token from now on.
    session: Option<Token>,
    /// The name of what is said of it otherwise.
    said: &'static str,
}

/// `POST /account`
pub(crate) async fn change(State(site): State<Arc<Site>>, mut sent: Sent<Change>) -> Result<Response> {
    let done = match act(&sent, &site).await {
        Ok(done) => done,
        Err(failure) if failure.status().is_client_error() => {
            let status = failure.status();
            let offered = match sent.form.act.as_str() {
                "confirm" => site.archive.offered_second_factor(&sent.person.ctx, &sent.form.secret).await?,
                _ => None,
            };
            let told = match offered {
                Some(offer) => Told::Offer(offer, Some(failure)),
                None => Told::Failure(failure),
            };
            let page = show(&sent.person, &site, Some(&told)).await?;
            return Ok((status, page).into_response());
        }
        Err(other) => return Err(other),
    };
    let mut cookie = None;
    if let Some(token) = done.session {
        let session = Session::new(token);
        cookie = Some([(header::SET_COOKIE, session.to_cookie())]);
        sent.person.ctx = site.archive.resume(session.token(), sent.person.visitor.origin.clone()).await?;
        sent.person.session = session;
    }
    let answer = match &done.told {
        Some(told) => show(&sent.person, &site, Some(told)).await?.into_response(),
        None => sent_on("/account", done.said).into_response(),
    };
    Ok(match cookie {
        Some(cookie) => (cookie, answer).into_response(),
        None => answer,
    })
}

async fn act(sent: &Sent<Change>, site: &Site) -> Result<Done> {
    let (ctx, form, archive) = (&sent.person.ctx, &sent.form, &site.archive);
    let turned_on = |on: SecondFactorOn| Done {
        told: Some(Told::Codes(on.recovery_codes)),
        session: on.token,
        ..Done::default()
    };
    Ok(match form.act.as_str() {
        "password" if form.new != form.again => {
            return Err(Failure::bad("两次输入的新密码不同", "the two new passwords differ").beside("again"));
        }
        "password" => {
            let changed = archive.change_password(ctx, &form.password, &form.new).await;
            let session = changed.map_err(|error| wrong(error, "password"))?;
            Done { session, said: "password", ..Done::default() }
        }
        "offer" => {
            let offer = archive.begin_second_factor(ctx, &form.password).await;
            let offer = offer.map_err(|error| wrong(error, "second"))?;
            Done { told: Some(Told::Offer(offer, None)), ..Done::default() }
        }
        "confirm" => turned_on(archive.confirm_second_factor(ctx, &form.code).await?),
        "renew" => {
            let renewed = archive.renew_recovery_codes(ctx, &form.password).await;
            turned_on(renewed.map_err(|error| wrong(error, "second"))?)
        }
        "off" => {
            let off = archive.turn_off_second_factor(ctx, &form.password).await;
            Done { session: off.map_err(|error| wrong(error, "second"))?, ..Done::default() }
        }
        "end" => {
            let id = form.id.parse().map_err(|_| Failure::NoPage)?;
            archive.end_session(ctx, id).await?;
            Done::default()
        }
        "end-others" => {
            archive.end_other_sessions(ctx).await?;
            Done::default()
        }
        "make-token" => {
            let made = archive.make_token(ctx, tokens::new(form)?).await?;
            Done { told: Some(Told::Token(made.token.reveal().to_owned())), ..Done::default() }
        }
        "revoke" => {
            archive.revoke_token(ctx, form.id.parse().map_err(|_| Failure::NoPage)?).await?;
            Done::default()
        }
        "notices" => {
            archive.choose_notices(ctx, notices::read(form)?).await?;
            Done { said: "changed", ..Done::default() }
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    })
}

/// Why a change was refused, where it is known who asks: only the password beside it can be wrong.
fn wrong(error: Error, field: &'static str) -> Failure {
    match error {
        Error::SignIn => Failure::bad(
            "现在的密码不正确；多次输错会使账号暂时锁定",
            "the current password is wrong; several wrong ones lock the account for a while",
        )
        .beside(field),
        other => other.into(),
    }
}

async fn show(person: &Person, site: &Site, told: Option<&Told>) -> Result<Markup> {
    let (language, ctx, archive) = (person.language(), &person.ctx, &site.archive);
    let account = archive.own_account(ctx).await?;
    let zone = archive.settings().zone;
    let is_barred = ctx.actor().barred().is_some();
    let title = Place::Account.label(language);
    let failure = if let Some(Told::Failure(failure)) = told { Some(failure) } else { None };
    let wrong = Mistakes::of(failure, language);
    let content = html! {
        h1 { (title) }
        @if is_barred {
            p.notice.problem role="alert" { (language.pick("本系统要求双因素认证：请先在下面设置，之后才能使用其他页面。",
                "Two factors are demanded here: set up the second one below, then everything else opens.")) }
        }
        (done::notice(person))
        (wrong.of_all())
        @match told {
            Some(Told::Codes(codes)) => (second_factor::codes(codes, language)),
            Some(Told::Token(token)) => (tokens::made(token, language)),
            Some(Told::Failure(_) | Told::Offer(..)) | None => {},
        }
        div.tiles {
            @if let Some(Told::Offer(offer, mistake)) = told { (second_factor::offer(offer, mistake.as_ref(), person)) }
            @else { (second_factor::card(&account, wrong, person, zone)) }
            @if !is_barred {
                (password(&account, wrong, person, zone))
                (notices::card(&archive.notice_choices(ctx).await?, person))
                (sessions(&archive.sessions(ctx).await?, person, zone))
                (tokens::card(&archive.tokens(ctx).await?, person, zone))
            }
        }
    };
    Ok(Page::of(person, Place::Account).render(title, &content))
}

/// For a browser's store of passwords, which otherwise can't tell whose this is.
fn username(account: &AccountView) -> Markup {
    html! { input hidden readonly autocomplete="username" value=(account.user.login) {} }
}

fn password(account: &AccountView, wrong: Mistakes<'_>, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let input = |name: &str, complete: &str| {
        html! {
            input type="password" name=(name) required maxlength="256" autocomplete=(complete) {}
        }
    };
    let Some(since) = account.password_since else {
        return html! {
            section.card {
                h2 { (language.pick("密码", "Password")) }
                p.soft { (language.pick("您没有本系统的密码，通过统一登录登录。确需密码时，请系统管理员给您一次性链接。",
                    "You have no password here and come from the bank’s login. Should you need one, an administrator gives you a one-time link.")) }
            }
        };
    };
    html! {
        form.card method="post" {
            (token(person))
            (username(account))
            h2 { (language.pick("密码", "Password")) }
            p.soft { (language.pick("设置于 ", "chosen ")) (parts::time(since, zone)) }
            (checked(language.pick("现在的密码", "Current password"), &input("password", "current-password"), None,
                wrong.of_field("password").as_deref()))
            (field(language.pick("新密码", "New password"), &input("new", "new-password"),
                Some(language.pick("至少 12 个字符", "at least 12 characters"))))
            (checked(language.pick("再输一次", "Once more"), &input("again", "new-password"), None,
                wrong.of_field("again").as_deref()))
            button name="act" value="password" { (language.pick("修改密码", "Change it")) }
            p.hint { (language.pick("修改后，您在其他设备上的会话会结束。", "Your sessions elsewhere end with it.")) }
        }
    }
}

fn sessions(sessions: &[SessionView], person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    html! {
        section.card {
            h2 { (language.pick("会话", "Sessions")) }
            table.list.cards { tbody { @for session in sessions { tr {
                td { (session.origin) @if session.is_current { " " span.good { (language.pick("本次", "this one")) } } }
                td { (language.pick("登录 ", "begun ")) (parts::time(session.begun_at, zone)) }
                td.soft { (language.pick("最近 ", "seen ")) (parts::time(session.seen_at, zone)) }
                td { @if !session.is_current {
                    form method="post" {
                        (token(person))
                        input type="hidden" name="id" value=(session.id) {}
                        button.quiet name="act" value="end" { (language.pick("结束", "End")) }
                    }
                } }
            } } } }
            @if sessions.len() > 1 {
                form method="post" { (token(person)) button name="act" value="end-others" { (language.pick("结束其他会话", "End all others")) } }
            }
        }
    }
}
