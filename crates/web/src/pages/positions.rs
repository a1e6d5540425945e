//! Positions: their interviewers, and whether they are open.

pub(crate) mod one;

use std::sync::Arc;

use axum::{
    extract::{Multipart, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, User};
use dossier_archive::{NewPosition, POSITION_COLUMNS};
use dossier_domain::{
    Position,
    text::{BranchName, Login, PositionName},
};
use dossier_search::{
    Query,
    query::{Condition, Named},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{sign_in::alert, tables};
use crate::{
    failure::{Failure, Result},
    form::{self, Sent, SentTable, typed},
    layout::{Page, Place, token},
    parts::{self, address, empty, field},
    person::Person,
    site::Site,
};

/// `GET /positions`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    show(&person, &site, None, &html! {}).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    position: String,
    login: String,
    pass_mark: String,
    branch: String,
}

/// `POST /positions`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(()) => Ok(Redirect::to("/positions").into_response()),
        Err(failure) if failure.status().is_client_error() => {
            let page = show(&sent.person, &site, Some(&failure), &html! {}).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// `POST /positions/import`
pub(crate) async fn import(
    person: Person,
    State(site): State<Arc<Site>>,
    sent: Multipart,
) -> Result<Response> {
    let sent = SentTable::read(&person, sent).await?;
    let done = site.archive.import_positions(&person.ctx, sent.table.clone(), sent.is_trial).await;
    match done.map_err(Failure::from) {
        Ok(done) => {
            let report = tables::report(&done, &sent, "/positions/import", &person);
            Ok(show(&person, &site, None, &report).await?.into_response())
        }
        Err(failure) if failure.status().is_client_error() => {
            let page = show(&person, &site, Some(&failure), &html! {}).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn act(sent: &Sent<Change>, site: &Site) -> Result<()> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    let name = typed::<PositionName>(("岗位名", "a position"), &form.position)?;
    let branch = || match form.branch.trim() {
        "" => Ok(None),
        given => typed::<BranchName>(("分行", "a branch"), given).map(Some),
    };
    let login = || typed::<Login>(("用户名", "a sign-in name"), form.login.trim());
    match form.act.as_str() {
        "add" => {
            let pass_mark = number_or_none(&form.pass_mark)?;
            site.archive
                .add_position(
                    ctx,
                    NewPosition {
                        name,
                        aliases: Vec::new(),
                        branch: branch()?,
                        pass_mark,
                        questions: Vec::new(),
                    },
                )
                .await?;
        }
        "branch" => drop(site.archive.set_branch(ctx, &name, branch()?).await?),
        "name" => drop(site.archive.set_interviewer(ctx, &name, &login()?, true).await?),
        "unname" => drop(site.archive.set_interviewer(ctx, &name, &login()?, false).await?),
        "close" => drop(site.archive.close_position(ctx, &name, true).await?),
        "open" => drop(site.archive.close_position(ctx, &name, false).await?),
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(())
}

/// A number; none where nothing is typed.
fn number_or_none(text: &str) -> Result<Option<f64>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let number = form::number(text);
    let refused = || Failure::bad(format!("“{text}”不是数字"), format!("“{text}” is no number"));
    number.map(Some).ok_or_else(refused)
}

async fn show(person: &Person, site: &Site, problem: Option<&Failure>, report: &Markup) -> Result<Markup> {
    let language = person.language();
    let positions = site.archive.positions(&person.ctx).await?;
    let interviewers = site.archive.interviewers(&person.ctx).await?;
    let title = language.pick("岗位", "Positions");
    let content = html! {
        div.bar {
            h1 { (title) }
            @if person.may(Action::ExportPipeline) {
                a.button href="/pipeline" { (language.pick("招聘流程表", "Pipeline as a table")) }
            }
        }
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        (report)
        @if positions.is_empty() {
            (empty(language.pick("还没有岗位", "There are no positions yet"), &html! {
                (language.pick("同步面试时，岗位会按供应商给出的名称自动建立；也可以先在下面添加。",
                    "A sync makes positions as vendors name them; or add one below."))
            }))
        } @else {
            div.scroll { table.list.cards {
                thead { tr {
                    th scope="col" { (language.pick("岗位", "Position")) }
                    th scope="col" { (language.pick("分行", "Branch")) }
                    th scope="col" { (language.pick("通过分数线", "Pass mark")) }
                    th scope="col" { (language.pick("面试官", "Interviewers")) }
                    th scope="col" { (language.pick("状态", "State")) }
                } }
                tbody { @for position in &positions { (row(position, &interviewers, person)) } }
            } }
        }
        form.card.inline method="post" {
            (token(person))
            h2 { (language.pick("添加岗位", "Add a position")) }
            (field(language.pick("名称", "Name"), &html! { input name="position" required maxlength="100" {} }, None))
            (field(language.pick("分行", "Branch"), &html! { input name="branch" maxlength="80" {} }, None))
            (field(language.pick("通过分数线", "Pass mark"), &html! { input inputmode="decimal" maxlength="20" name="pass_mark" {} }, None))
            button name="act" value="add" { (language.pick("添加", "Add")) }
        }
        (tables::form("/positions/import", language.pick("从表格导入", "Import from a table"), POSITION_COLUMNS, person))
    };
    Ok(Page::of(person, Place::Positions).render(title, &content))
}

fn row(position: &Position, interviewers: &[User], person: &Person) -> Markup {
    let language = person.language();
    let search =
        Query::everything().with(Condition::Position(Named::holding(position.name.as_str()))).text(language);
    html! {
        tr {
            th scope="row" {
                a href=(address("/candidates", &[("q", &search)])) { (position.name) }
                " " small {
                    a href={ "/positions/" (position.id) "/board" } { (language.pick("看板", "Board")) } " "
                    a href={ "/positions/" (position.id) } aria-label={ (language.pick("修改 ", "Change ")) (position.name) } { (language.pick("修改", "Change")) }
                }
            }
            td data-label=(language.pick("分行", "Branch")) {
                form.small method="post" {
                    (token(person))
                    input type="hidden" name="position" value=(position.name) {}
                    input name="branch" maxlength="80" value=[position.branch.as_ref()]
                        aria-label=(language.pick("分行", "Branch")) {}
                    button name="act" value="branch" { (language.pick("保存", "Save")) }
                }
            }
            td.number data-label=(language.pick("通过分数线", "Pass mark")) { @match position.pass_mark { Some(mark) => (parts::number(mark)), None => "–" } }
            td data-label=(language.pick("面试官", "Interviewers")) {
                (self::interviewers(position, interviewers, person))
            }
            td data-label=(language.pick("状态", "State")) {
                (state(position, person))
            }
        }
    }
}

/// Who interviews for a position, and a choice of others.
fn interviewers(position: &Position, known: &[User], person: &Person) -> Markup {
    let language = person.language();
    html! {
        @for user in known.iter().filter(|user| position.interviewers.contains(&user.id)) {
            form.tag.own method="post" action="/positions" {
                (token(person))
                input type="hidden" name="position" value=(position.name) {}
                input type="hidden" name="login" value=(user.login) {}
                span.name { (user.name) }
                button name="act" value="unname" aria-label={ (language.pick("取消 ", "Take away: ")) (user.name) } { "×" }
            }
        }
        @let others = known.iter().filter(|user| !position.interviewers.contains(&user.id) && !user.is_suspended());
        @let others = others.collect::<Vec<_>>();
        @if !others.is_empty() {
            form.small method="post" action="/positions" {
                (token(person))
                input type="hidden" name="position" value=(position.name) {}
                select name="login" aria-label={ (position.name) (language.pick("：指定面试官", ": name an interviewer")) } {
                    @for user in others { option value=(user.login) { (user.name) " (" (user.login) ")" } }
                }
                button name="act" value="name" { (language.pick("指定", "Name")) }
            }
        }
    }
}

/// Whether a position is open, and how that is changed.
fn state(position: &Position, person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.small method="post" action="/positions" {
            (token(person))
            input type="hidden" name="position" value=(position.name) {}
            @if position.closed_at.is_some() {
                span.warn { (language.pick("已关闭", "closed")) }
                button.quiet name="act" value="open" { (language.pick("重新开放", "Open again")) }
            } @else {
                span.good { (language.pick("开放", "open")) }
                button.quiet name="act" value="close" { (language.pick("关闭", "Close")) }
            }
        }
    }
}
