//! One position: its names, how it judges, what is asked, and who interviews for it.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{Error, What};
use dossier_domain::{
    Language, Position, PositionChange, PositionId,
    position::Weight,
    text::{BranchName, Line, PositionName, SkillName},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{interviewers, number_or_none, state};
use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::{Page, Place, token},
    pages::sign_in::alert,
    parts::{self, field},
    person::Person,
    site::Site,
};

/// So many empty rows wait for further weights.
const EMPTY: usize = 3;

/// `GET /positions/{position}`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(position): Path<String>,
) -> Result<Markup> {
    let position = find(&person, &site, &position).await?;
    show(&person, &site, &position, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    name: String,
    aliases: String,
    branch: String,
    pass_mark: String,
    questions: String,
    criteria: String,
    skill: Vec<String>,
    share: Vec<String>,
}

/// `POST /positions/{position}`
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path(position): Path<String>,
    sent: Sent<Change>,
) -> Result<Response> {
    let before = find(&sent.person, &site, &position).await?;
    let changed = match read(&sent.form) {
        Ok(change) => site.archive.edit_position(&sent.person.ctx, &before.name, &change).await,
        Err(failure) => return again(&sent.person, &site, &before, &failure).await,
    };
    match changed.map_err(Failure::from) {
        Ok(changed) => Ok(Redirect::to(&format!("/positions/{}", changed.id)).into_response()),
        Err(failure) if failure.status().is_client_error() => {
            again(&sent.person, &site, &before, &failure).await
        }
        Err(other) => Err(other),
    }
}

async fn again(person: &Person, site: &Site, before: &Position, failure: &Failure) -> Result<Response> {
    let page = show(person, site, before, Some(failure)).await?;
    Ok((failure.status(), page).into_response())
}

async fn find(person: &Person, site: &Site, id: &str) -> Result<Position> {
    let id: PositionId = id.parse().map_err(|_| Failure::NoPage)?;
    let all = site.archive.positions(&person.ctx).await?;
    let absent = || Error::NotFound { what: What::Position, name: id.to_string() };
    Ok(all.into_iter().find(|of| of.id == id).ok_or_else(absent)?)
}

fn read(form: &Change) -> Result<PositionChange> {
    let branch = Some(form.branch.trim()).filter(|branch| !branch.is_empty());
    Ok(PositionChange {
        name: Some(typed::<PositionName>(("岗位名", "a position"), &form.name)?),
        aliases: Some(lines(("别名", "a position"), &form.aliases)?),
        branch: Some(branch.map(|given| typed::<BranchName>(("分行", "a branch"), given)).transpose()?),
        pass_mark: Some(number_or_none(&form.pass_mark)?),
        questions: Some(lines::<Line>(("问题", "a question"), &form.questions)?),
        weights: Some(weights(form)?),
        criteria: Some(lines::<Line>(("评价标准", "a criterion"), &form.criteria)?),
    })
}

/// One word of the domain in each line.
fn lines<T: std::str::FromStr<Err: std::fmt::Display + 'static>>(
    what: (&str, &str),
    text: &str,
) -> Result<Vec<T>> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| typed(what, line)).collect()
}

/// The shares, in per cent; a row without a name is none.
fn weights(form: &Change) -> Result<Vec<Weight>> {
    let mut weights = Vec::new();
    for (skill, share) in form.skill.iter().zip(&form.share) {
        if skill.trim().is_empty() {
            continue;
        }
        let percent = number_or_none(share.trim().trim_end_matches(['%', '％']))?;
        let percent = percent.ok_or_else(|| {
            Failure::bad(format!("请填写“{skill}”的占比"), format!("give the share of {skill}"))
        })?;
        weights.push(Weight {
            skill: typed::<SkillName>(("测评", "an assessment"), skill)?,
            share: percent / 100.0,
        });
    }
    Ok(weights)
}

async fn show(
    person: &Person,
    site: &Site,
    position: &Position,
    problem: Option<&Failure>,
) -> Result<Markup> {
    let language = person.language();
    let known = site.archive.interviewers(&person.ctx).await?;
    let content = html! {
        p.path { a href="/positions" { (language.pick("岗位", "Positions")) } }
        div.bar {
            h1 { (position.name) }
            a.button href={ "/positions/" (position.id) "/board" } { (language.pick("看板", "Board")) }
        }
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        (form(position, person))
        section.card.narrow {
            h2 { (language.pick("面试官", "Interviewers")) }
            (interviewers(position, &known, person))
        }
        section.card.narrow {
            h2 { (language.pick("状态", "State")) }
            p.soft { (language.pick("岗位关闭后，其面试官随即失去权限。", "A closed position gives its interviewers no rights.")) }
            (state(position, person))
        }
    };
    Ok(Page::of(person, Place::Positions).render(position.name.as_str(), &content))
}

fn form(position: &Position, person: &Person) -> Markup {
    let language = person.language();
    let pick = |zh, en| language.pick(zh, en);
    html! {
        form.card.narrow method="post" {
            (token(person))
            (field(pick("名称", "Name"), &html! { input name="name" required maxlength="80" value=(position.name) {} },
                Some(pick("改名后，旧名称保留为别名，新到的资料仍会归入本岗位。",
                    "After a rename the old name stays as another name, so what arrives under it still comes here."))))
            (field(pick("别名（每行一个）", "Other names (one in a line)"),
                &area("aliases", &position.aliases), None))
            (field(pick("分行", "Branch"), &html! { input name="branch" maxlength="80" value=[position.branch.as_ref()] {} }, None))
            (field(pick("通过分数线", "Pass mark"),
                &html! { input inputmode="decimal" maxlength="20" name="pass_mark" value=[position.pass_mark.map(parts::number)] {} }, None))
            (weighting(position, language))
            (field(pick("面试问题（每行一个）", "Questions (one in a line)"),
                &area("questions", &position.questions), None))
            (field(pick("评价标准（每行一条）", "Criteria of the scorecard (one in a line)"),
                &area("criteria", &position.criteria),
                Some(pick("留空则采用通用标准。已填写的评分表不受影响。", "Empty for the common ones. Scorecards that were written stay as they are."))))
            button.primary name="act" value="edit" { (pick("保存", "Save")) }
        }
    }
}

/// A field with one of them in each line.
fn area(name: &str, lines: &[impl AsRef<str>]) -> Markup {
    let lines: Vec<&str> = lines.iter().map(AsRef::as_ref).collect();
    html! { textarea name=(name) rows="4" { "\n" (lines.join("\n")) } }
}

fn weighting(position: &Position, language: Language) -> Markup {
    let rows = position.weights.iter().map(Some).chain(std::iter::repeat_n(None, EMPTY));
    html! {
        fieldset.weights {
            legend { (language.pick("测评占比", "Shares of assessments")) }
            p.soft { (language.pick("加权得分 = 各测评按占比、其余按AI得分计算；设有占比时，分数线比较的是加权得分。供应商的得分不变。",
                "The weighted score counts each assessment by its share and the AI score for the rest; where there are shares, the pass mark is compared with it. The vendor's score stays as it is.")) }
            @for (number, weight) in rows.enumerate() {
                div.inline {
                    input name="skill" maxlength="80" value=[weight.map(|of| of.skill.as_str())]
                        aria-label={ (language.pick("测评 ", "Assessment ")) (number + 1) } {}
                    input inputmode="decimal" maxlength="20" name="share" value=[weight.map(|of| parts::number(of.share * 100.0))]
                        aria-label={ (language.pick("占比（%） ", "Share (%) ")) (number + 1) } {}
                    span.soft { "%" }
                }
            }
        }
    }
}
