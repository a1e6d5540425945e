//! Users: who there is, in which roles, and the links by which they come in.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use dossier_access::{Role, RoleSet};
use dossier_archive::{Error, NewUser, SignInState};
use dossier_domain::{
    BankZone,
    text::{Login, PersonName},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::done::{self, sent_on};
use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::{Page, Place, token},
    parts::{self, Mistakes, checked},
    person::Person,
    site::Site,
};

/// `GET /users`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    show(&person, &site, &Change::default(), None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    login: String,
    name: String,
    role: Vec<String>,
}

/// What is to be told after a change.
enum Told {
    Failure(Failure),
    /// A link for somebody, to be shown once.
    Link {
        login: Login,
        address: String,
    },
}

/// What a change is answered with.
enum Answer {
    /// The page, which says what was done.
    Done(&'static str),
    Told(Told),
}

/// `POST /users`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(Answer::Done(done)) => Ok(sent_on("/users", done).into_response()),
        Ok(Answer::Told(told)) => {
            Ok(show(&sent.person, &site, &Change::default(), Some(&told)).await?.into_response())
        }
        Err(failure) if failure.status().is_client_error() => {
            let status = failure.status();
            let page = show(&sent.person, &site, &sent.form, Some(&Told::Failure(failure))).await?;
            Ok((status, page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn act(sent: &Sent<Change>, site: &Site) -> Result<Answer> {
    let (ctx, form, archive) = (&sent.person.ctx, &sent.form, &site.archive);
    let login = typed::<Login>(("用户名", "a sign-in name"), form.login.trim());
    let login = login.map_err(|failure| failure.beside("login"))?;
    Ok(Answer::Done(match form.act.as_str() {
        "add" => {
            let name = typed::<PersonName>(("姓名", "a name"), form.name.trim());
            let name = name.map_err(|failure| failure.beside("name"))?;
            let roles = roles(&form.role).map_err(|failure| failure.beside("role"))?;
            let added = archive.add_user(ctx, NewUser { login: login.clone(), name, roles }).await;
            added.map_err(|error| match error {
                Error::Exists { .. } => Failure::from(error).beside("login"),
                other => other.into(),
            })?;
            return invite(sent, site, login).await.map(Answer::Told);
        }
        "invite" => return invite(sent, site, login).await.map(Answer::Told),
        "roles" => {
            archive.set_roles(ctx, &login, roles(&form.role)?).await?;
            "roles"
        }
        "suspend" => {
            archive.suspend_user(ctx, &login, true).await?;
            "suspended"
        }
        "resume" => {
            archive.suspend_user(ctx, &login, false).await?;
            "resumed"
        }
        "unlock" => {
            archive.unlock(ctx, &login).await?;
            "unlocked"
        }
        "reset" => {
            archive.reset_second_factor(ctx, &login).await?;
            "reset"
        }
        "release" => {
            archive.release_from_provider(ctx, &login).await?;
            "released"
        }
        "end" => {
            archive.end_sessions_of(ctx, &login).await?;
            "ended"
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }))
}

async fn invite(sent: &Sent<Change>, site: &Site, login: Login) -> Result<Told> {
    let invitation = site.archive.invite(&sent.person.ctx, &login).await?;
    // What it shows is for the administrator to pass on.
    let origin = sent.person.visitor.site.as_deref().unwrap_or_default();
    Ok(Told::Link { login, address: format!("{origin}/welcome/{}", invitation.token.reveal()) })
}

fn roles(ticked: &[String]) -> Result<RoleSet> {
    let parsed: Result<Vec<Role>, _> = ticked.iter().map(|name| name.parse::<Role>()).collect();
    let parsed = parsed.map_err(|error| Failure::bad(format!("未知的角色：{error}"), error.to_string()))?;
    RoleSet::new(parsed).map_err(|error| Failure::from(dossier_archive::Error::from(error)))
}

async fn show(person: &Person, site: &Site, typed: &Change, told: Option<&Told>) -> Result<Markup> {
    let language = person.language();
    let users = site.archive.sign_in_states(&person.ctx).await?;
    let zone = site.archive.settings().zone;
    let title = Place::Users.label(language);
    let failure = if let Some(Told::Failure(failure)) = told { Some(failure) } else { None };
    let wrong = Mistakes::of(failure, language);
    let content = html! {
        h1 { (title) }
        (done::notice(person))
        (wrong.of_all())
        @match told {
            None | Some(Told::Failure(_)) => {},
            Some(Told::Link { login, address }) => div.notice.good role="status" {
                p {
                    (language.pick("请把这个一次性链接交给 ", "Pass this link, good for one time, on to ")) strong { (login) }
                    (language.pick("，72 小时内有效；离开本页后不再显示：", "; it lasts 72 hours and is not shown again:"))
                }
                p { input readonly value=(address) aria-label=(language.pick("登录链接", "Link")) {} }
            },
        }
        div.scroll { table.list.cards {
            thead { tr { @for (zh, en) in HEADS { th scope="col" { (language.pick(zh, en)) } } th scope="col" {} } }
            tbody { @for user in &users { (row(user, person, zone, site.archive.provider().is_some())) } }
        } }
        form.card.narrow method="post" {
            (token(person))
            h2 { (language.pick("添加用户", "Add a user")) }
            (checked(language.pick("用户名", "Sign-in name"), &html! {
                input name="login" value=(typed.login) required maxlength="100" autofocus[wrong.is_in("login")] {}
            }, None, wrong.of_field("login").as_deref()))
            (checked(language.pick("姓名", "Name"), &html! {
                input name="name" value=(typed.name) required maxlength="100" autofocus[wrong.is_in("name")] {}
            }, None, wrong.of_field("name").as_deref()))
            (role_boxes(person, |role| typed.role.iter().any(|name| name == role.name()), wrong))
            p.soft { (language.pick("审计员和系统管理员不能兼任其他角色，任何人都不能给自己授权。",
                "Auditors and system administrators hold no other role, and nobody grants to themselves.")) }
            button.primary name="act" value="add" { (language.pick("添加并生成登录链接", "Add, and make a link")) }
        }
    };
    Ok(Page::of(person, Place::Users).render(title, &content))
}

fn role_boxes(person: &Person, ticked: impl Fn(Role) -> bool, wrong: Mistakes<'_>) -> Markup {
    html! {
        fieldset.ticks {
            legend { (person.language().pick("角色", "Roles")) }
            @for (place, role) in Role::ALL.into_iter().enumerate() {
                label {
                    input type="checkbox" name="role" value=(role.name()) checked[ticked(role)]
                        autofocus[place == 0 && wrong.is_in("role")] {}
                    " " (role.label(person.language()))
                }
            }
            (parts::beside(wrong.of_field("role").as_deref()))
        }
    }
}

const HEADS: [(&str, &str); 4] =
    [("用户", "User"), ("角色", "Roles"), ("建立于", "Since"), ("状态", "State")];

fn row(state: &SignInState, person: &Person, zone: BankZone, has_provider: bool) -> Markup {
    let SignInState { user, locked_until, .. } = state;
    let language = person.language();
    let is_self = person.ctx.actor().user().is_some_and(|me| me.id == user.id);
    let roles = user.roles.iter().map(|role| role.label(language)).collect::<Vec<_>>().join(" · ");
    let nothing = Mistakes::of(None, language);
    let [_, holds, since, standing] = HEADS.map(|(zh, en)| language.pick(zh, en));
    html! {
        tr {
            th scope="row" { (user.name) " " span.soft { (user.login) } }
            td data-label=(holds) { (roles) }
            td data-label=(since) { (parts::time(user.created_at, zone)) }
            td data-label=(standing) {
                @if user.is_suspended() { span.warn { (language.pick("已停用", "suspended")) } }
                @else { span.good { (language.pick("正常", "active")) } }
                @if let Some(until) = locked_until {
                    " " span.bad { (language.pick("已锁定至 ", "locked until ")) (parts::time(*until, zone)) }
                }
            }
            td {
                @if is_self { span.soft { (language.pick("这是您自己", "this is you")) } } @else {
                    details.more {
                        summary { (language.pick("更改", "Change")) }
                        form.sheet method="post" {
                            (token(person))
                            input type="hidden" name="login" value=(user.login) {}
                            (role_boxes(person, |role| user.roles.contains(role), nothing))
                            button name="act" value="roles" { (language.pick("保存角色", "Save the roles")) }
                            button name="act" value="invite" { (language.pick("新的登录链接", "New link")) }
                            @if locked_until.is_some() {
                                button name="act" value="unlock" { (language.pick("解除锁定", "Unlock")) }
                            }
                            button name="act" value="reset" { (language.pick("重置双因素认证", "Reset the second factor")) }
                            @if has_provider {
                                button name="act" value="release" { (language.pick("解除统一登录绑定", "Release from the bank's login")) }
                            }
                            button name="act" value="end" { (language.pick("结束其会话", "End their sessions")) }
                            @if user.is_suspended() {
                                button name="act" value="resume" { (language.pick("启用", "Reinstate")) }
                            } @else {
                                button.danger name="act" value="suspend" { (language.pick("停用", "Suspend")) }
                            }
                        }
                    }
                }
            }
        }
    }
}
