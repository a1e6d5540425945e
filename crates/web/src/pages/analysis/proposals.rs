//! Proposals beside each other: what each would have meant, and what became of it.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{Measure, Passing, ProposalView};
use dossier_domain::{BankZone, Decision, Fate, Language, ProposalId, Reach, text::Line};
use dossier_report::{figures, model::Kind};
use maud::{Markup, html};
use serde::Deserialize;

use super::{asked::Asked, report::candidates, what_if};
use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::{Page, Place, token},
    pages::sign_in::alert,
    parts::empty,
    person::Person,
    site::Site,
};

pub(super) const PATH: &str = "/analysis/proposals";

/// `GET /analysis/proposals`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    show(&person, &site, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    proposal: String,
    reason: String,
}

/// `POST /analysis/proposals`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(failure)
            if failure.status().is_client_error() && Place::Positions.admit(&sent.person).is_ok() =>
        {
            let page = show(&sent.person, &site, Some(&failure)).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn act(sent: &Sent<Change>, site: &Site) -> Result<()> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    let id = form.proposal.parse::<ProposalId>().map_err(|_| Failure::NoPage)?;
    let reason = || typed::<Line>(("理由", "a reason"), form.reason.trim());
    match form.act.as_str() {
        "apply" => drop(site.archive.apply_proposal(ctx, id, reason()?).await?),
        "reject" if form.reason.trim().is_empty() => site.archive.reject_proposal(ctx, id, None).await?,
        "reject" => site.archive.reject_proposal(ctx, id, Some(reason()?)).await?,
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(())
}

async fn show(person: &Person, site: &Site, problem: Option<&Failure>) -> Result<Markup> {
    let language = person.language();
    let all = site.archive.proposals(&person.ctx).await?;
    let zone = site.archive.settings().zone;
    let title = language.pick("规则方案", "Proposed rules");
    let content = html! {
        div.bar {
            h1 { (title) }
            a.button href=(what_if::PATH) { (language.pick("规则试算", "What if")) }
        }
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        @if all.is_empty() {
            (empty(language.pick("还没有方案", "There are no proposals yet"), &html! {
                (language.pick("在“规则试算”中试一种占比或分数线，再保存为方案。",
                    "Try a rule under “What if”, then save it as a proposal."))
            }))
        }
        @for proposal in &all { (one(proposal, person, zone)) }
    };
    Ok(Page::of(person, Place::Analysis).render(title, &content))
}

fn one(of: &ProposalView, person: &Person, zone: BankZone) -> Markup {
    let (language, proposal) = (person.language(), &of.proposal);
    html! {
        section.card.proposal {
            h2 {
                (of.position) " "
                @match &proposal.fate {
                    Fate::Open if of.is_current => span.state { (language.pick("待定", "open")) },
                    Fate::Open => span.state.warn { (language.pick("已过时：岗位规则已变", "out of date: the position's rule has changed")) },
                    Fate::Applied(_) => span.state.good { (language.pick("已应用", "applied")) },
                    Fate::Rejected(_) => span.state.soft { (language.pick("已否决", "rejected")) },
                }
            }
            div.scroll { table.list {
                thead { tr {
                    th scope="col" { (language.pick("规则", "Rule")) }
                    th.number scope="col" { (language.pick("会通过", "Would pass")) }
                    th.number scope="col" { (language.pick("已有人工结果", "With a human outcome")) }
                    th.number scope="col" { (language.pick("其中通过", "Passed of these")) }
                    th.number scope="col" { (language.pick("人工面试通过率", "Pass rate of the human interview")) }
                } }
                tbody {
                    (row(language.pick("当时", "Of then"), &proposal.from.label(language), proposal.former, &of.former, language))
                    (row(language.pick("方案", "Proposed"), &proposal.to.label(language), proposal.revised, &of.revised, language))
                }
            } }
            p.soft {
                @if let Some(by) = &of.by { (by) " · " } (zone.date(proposal.at))
                @if !proposal.query.is_empty() { " · " code { (proposal.query) } }
                @if let Some(reason) = &proposal.reason { " · " (reason) }
            }
            @match &proposal.fate {
                Fate::Open => (decide(of, person)),
                Fate::Applied(decision) | Fate::Rejected(decision) => (decided(decision, of, language, zone)),
            }
        }
    }
}

fn row(which: &str, rule: &str, reach: Reach, passing: &Passing, language: Language) -> Markup {
    html! {
        tr {
            th scope="row" { (which) "：" (rule) }
            td.number { a href=(candidates(&passing.found_by.text(language))) { (reach.passed) } }
            td.number { (reach.known) }
            td.number { (reach.known_passed) }
            td.number { (figures::said(Kind::Share, &passing.later_rate, language)) }
        }
    }
}

fn decided(decision: &Decision, of: &ProposalView, language: Language, zone: BankZone) -> Markup {
    html! {
        p.soft {
            (language.pick("处理：", "Decided: "))
            @if let Some(by) = &of.decided_by { (by) " · " } (zone.date(decision.at))
            @if let Some(reason) = &decision.reason { " · " (reason) }
        }
    }
}

/// The forms that decide.
fn decide(of: &ProposalView, person: &Person) -> Markup {
    let (language, proposal) = (person.language(), &of.proposal);
    let again = Asked {
        measure: Measure::WhatIf.name().to_owned(),
        position: of.position.to_string(),
        weight: what_if::weights(&proposal.to).collect(),
        pass_mark: proposal.to.pass_mark.map(|mark| mark.to_string()).unwrap_or_default(),
        q: proposal.query.clone(),
        ..Asked::default()
    };
    html! {
        form.inline method="post" action=(PATH) {
            (token(person))
            input type="hidden" name="proposal" value=(proposal.id) {}
            input name="reason" maxlength="400" placeholder=(language.pick("理由（应用时必填）", "why; needed to apply it"))
                aria-label=(language.pick("理由", "Why")) {}
            @if of.is_current {
                button.primary name="act" value="apply" { (language.pick("应用到岗位", "Apply to the position")) }
            }
            button.quiet name="act" value="reject" { (language.pick("否决", "Reject")) }
            a href=(again.page()) { (language.pick("按现在的数据重新试算", "Try it again on today's data")) }
        }
    }
}
