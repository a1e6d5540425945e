//! The offer: what tells of the will to come, what was offered and answered, and the whole way on one page to print.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Resource};
use dossier_archive::{ApplicationView, OfferView, Settings};
use dossier_domain::{
    ApplicationId, BankZone, Language, MaterialKind, Stage,
    offer::{LONGEST_TERMS, Offer, OfferState, Signal},
    text::{Line, Prose},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Tab, heading, history, judgements, name, steps, tabs};
use crate::{
    assets,
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::{Page, Place, token},
    pages::sign_in::alert,
    parts,
    person::Person,
    site::Site,
};

/// `GET /applications/{application}/offer`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
) -> Result<Markup> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    show(&person, &site, id, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    terms: String,
    reason: String,
}

/// `POST /applications/{application}/offer`
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    sent: Sent<Change>,
) -> Result<Response> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    match act(&sent, &site, id).await {
        Ok(()) => Ok(Redirect::to(&format!("/applications/{id}/offer")).into_response()),
        Err(failure) if [400, 409, 422].contains(&failure.status().as_u16()) => {
            let page = show(&sent.person, &site, id, Some(&failure)).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn act(sent: &Sent<Change>, site: &Site, id: ApplicationId) -> Result<()> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    match form.act.as_str() {
        "extend" => {
            let terms = Prose::parse(&form.terms.replace("\r\n", "\n"));
            let terms =
                terms.map_err(|error| Failure::bad(format!("内容不可用：{error}"), error.to_string()))?;
            site.archive.extend_offer(ctx, id, Some(terms)).await?;
        }
        "accept" => drop(site.archive.answer_offer(ctx, id, None).await?),
        "decline" => {
            let reason = typed::<Line>(("理由", "a reason"), &form.reason)?;
            site.archive.answer_offer(ctx, id, Some(reason)).await?;
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(())
}

async fn show(person: &Person, site: &Site, id: ApplicationId, problem: Option<&Failure>) -> Result<Markup> {
    let offers = site.archive.offers(&person.ctx, id).await?;
    let view = site.archive.show(&person.ctx, id).await?;
    let settings = site.archive.settings();
    let (language, zone) = (person.language(), settings.zone);
    let may_write = person.ctx.decide(Action::RecordOffer, &Resource::of(&view.application)).is_allowed();
    let content = html! {
        (heading(&view, person, &settings))
        (tabs(&view, person, Tab::Offer))
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        nav.sections aria-label=(language.pick("本页操作", "On this page")) {
            button.plain type="button" data-print hidden { (language.pick("打印", "Print")) }
        }
        (steps(&view, &settings.process, person.ctx.now(), (language, zone)))
        (signals(&offers, &view, &settings, language))
        (made(&offers, &view, may_write, person, zone))
        (judgements::show(&view, person, zone))
        (history::show(&view, &settings.process, language, zone))
    };
    let title = format!("{} · {}", name(&view, language), Tab::Offer.label(language));
    Ok(Page::of(person, Place::Candidates).script(assets::PLAYER).render(&title, &content))
}

fn signals(offers: &OfferView, view: &ApplicationView, settings: &Settings, language: Language) -> Markup {
    html! {
        section.card {
            h2 { (language.pick("意愿信号", "What tells of the will to come")) }
            p.soft { (language.pick("回答职业规划、薪资与动机类问题时的平均积极度（0–100），供沟通时参考；不据此作决定。",
                "The mean positivity (0–100) while questions on career plans, pay and motive were answered. It is for the conversation, and decides nothing.")) }
            @if offers.signals.is_empty() {
                p { (language.pick("没有可供参考的记录。", "Nothing was recorded, or nothing that you may see.")) }
            } @else {
                div.scroll { table.list.cards {
                    thead { tr {
                        th scope="col" { (language.pick("方面", "About")) }
                        th scope="col" { (language.pick("积极度", "Positivity")) }
                        th scope="col" { (language.pick("问题", "Question")) }
                        th scope="col" { (language.pick("位置", "At")) }
                        th scope="col" { (language.pick("面试时间", "Interview")) }
                        th scope="col" { (language.pick("来源", "Source")) }
                    } }
                    tbody { @for signal in &offers.signals { (row(signal, view, settings, language)) } }
                } }
            }
        }
    }
}

fn row(signal: &Signal, view: &ApplicationView, settings: &Settings, language: Language) -> Markup {
    let has_video = view.materials.iter().any(|of| of.kind() == MaterialKind::Video);
    let label = settings.emotion.label(signal.positivity);
    html! {
        tr {
            th scope="row" { (signal.topic.label(language)) }
            td data-label=(language.pick("积极度", "Positivity")) { (parts::score(Some(signal.positivity))) " " (parts::emotion(Some(label), language)) }
            td data-label=(language.pick("问题", "Question")) { (signal.question) }
            td data-label=(language.pick("位置", "At")) {
                @match (signal.at, has_video) {
                    (Some(at), true) => a href={ "/applications/" (view.application.id) "#t=" (parts::number(at)) } { (dossier_report::figures::place(at)) },
                    (Some(at), false) => (dossier_report::figures::place(at)),
                    (None, _) => span.soft { "–" },
                }
            }
            td data-label=(language.pick("面试时间", "Interview")) { @match signal.interviewed_at { Some(at) => (parts::time(at, settings.zone)), None => span.soft { "–" } } }
            td.soft data-label=(language.pick("来源", "Source")) { @match &signal.source { Some(source) => (source), None => "–" } }
        }
    }
}

fn made(
    offers: &OfferView,
    view: &ApplicationView,
    may_write: bool,
    person: &Person,
    zone: BankZone,
) -> Markup {
    let language = person.language();
    let is_open = offers.offers.last().is_some_and(|offer| offer.state() == OfferState::Extended);
    let may_extend = may_write && !is_open && view.application.stage() == Stage::Offer;
    html! {
        section.card {
            h2 { "Offer" }
            @if offers.offers.is_empty() { p.soft { (language.pick("还没有发放offer。", "No offer was made yet.")) } }
            ol.moves { @for offer in offers.offers.iter().rev() { (one(offer, offers, language, zone)) } }
            @if may_write && is_open { (answer(person)) }
            @if may_extend { (extend(person)) }
        }
    }
}

fn one(offer: &Offer, all: &OfferView, language: Language, zone: BankZone) -> Markup {
    let who =
        |by| all.people.get(by).map_or(language.pick("（已离开）", "(gone)"), |name| name.as_str());
    html! {
        li {
            (parts::time(offer.extended_at, zone))
            span {
                strong { (offer.state().label(language)) } " "
                @if let Some(terms) = &offer.terms { (terms) " " }
                small.soft { (who(&offer.by)) }
                @if let Some(answer) = &offer.answer {
                    br; (parts::time(answer.at, zone)) " "
                    @if let Some(reason) = &answer.declined { (language.pick("拒绝理由：", "declined: ")) (reason) " " }
                    small.soft { (who(&answer.by)) }
                }
            }
        }
    }
}

fn extend(person: &Person) -> Markup {
    let language = person.language();
    html! {
        form method="post" {
            (token(person))
            textarea name="terms" rows="2" maxlength=(LONGEST_TERMS) aria-label=(language.pick("offer内容", "Terms"))
                placeholder=(language.pick("offer内容，如职级、薪资、入职日期", "Terms, such as grade, pay, first day")) {}
            button.primary name="act" value="extend" { (language.pick("记录：已发放offer", "The offer was made")) }
        }
    }
}

fn answer(person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.inline method="post" {
            (token(person))
            button.primary name="act" value="accept" { (language.pick("候选人接受（转入职）", "Accepted (moves to hired)")) }
        }
        form.inline method="post" {
            (token(person))
            input name="reason" required maxlength="400" aria-label=(language.pick("拒绝理由", "Why they declined"))
                placeholder=(language.pick("拒绝理由", "Why they declined")) {}
            button name="act" value="decline" { (language.pick("候选人拒绝（转放弃）", "Declined (moves to withdrawn)")) }
        }
    }
}
