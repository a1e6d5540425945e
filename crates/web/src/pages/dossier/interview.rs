//! 「AI面试资料」: what the AI interview left, beside what there is to ask and the scorecard of the human interview.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Resource};
use dossier_archive::ApplicationView;
use dossier_domain::{ApplicationId, MaterialKind, Prompt};
use dossier_report::figures::seconds;
use maud::{Markup, html};

use super::{Tab, heading, judgements, name, player, scorecard, structured, tabs};
use crate::{
    assets, events,
    failure::{Failure, Result},
    form::Sent,
    layout::{Page, Place},
    pages::sign_in::alert,
    parts,
    person::Person,
    site::Site,
};

/// `GET /applications/{application}/interview`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
) -> Result<Markup> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    show(&person, &site, id, None).await
}

/// `POST /applications/{application}/interview`
pub(crate) async fn write(
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    sent: Sent<Vec<(String, String)>>,
) -> Result<Response> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let typed = scorecard::Typed::read(&sent.form);
    let written = match typed.judgement() {
        Ok(judgement) => site
            .archive
            .write_scorecard(&sent.person.ctx, id, judgement, typed.known(), typed.hands_in())
            .await
            .map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    match written {
        Ok(_) => Ok(Redirect::to(&format!("/applications/{id}/interview#scorecard")).into_response()),
        // What was typed stays on the page, where it may still be seen at all.
        Err(failure) if [400, 409, 422].contains(&failure.status().as_u16()) => {
            let page = show(&sent.person, &site, id, Some((&typed, &failure))).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn show(
    person: &Person,
    site: &Site,
    id: ApplicationId,
    refused: Option<(&scorecard::Typed, &Failure)>,
) -> Result<Markup> {
    let view = site.archive.show(&person.ctx, id).await?;
    let settings = site.archive.settings();
    let (language, zone) = (person.language(), settings.zone);
    let own = person.ctx.actor().user().and_then(|user| view.scorecard_of(user.id));
    let may_write = person.ctx.decide(Action::WriteScorecard, &Resource::of(&view.application)).is_allowed();
    let gone = language.pick(
        "此应聘已离开面试阶段、已结束，或不再由您负责；未保存的内容不会再被接受。",
        "This application has left the interviews, has ended, or is no longer yours; what is not saved is not taken any more.",
    );
    let content = html! {
        (heading(&view, person, &settings))
        (tabs(&view, person, Tab::Interview))
        (alert(refused.map(|(_, failure)| failure.detail(language)).as_deref()))
        div.beside data-events=(events::of_application(id)) data-gone=(gone) {
            div {
                (player::show(&view, person, zone))
                @for material in view.materials.iter().filter(|of| of.kind() == MaterialKind::SkillAssessment) {
                    (structured(material, language))
                }
            }
            aside aria-label=(language.pick("提问与评分", "Questions and scores")) {
                (prompts(&view, person))
                @if may_write && !own.is_some_and(|card| card.is_final()) {
                    @let criteria = view.position.criteria(settings.language);
                    (scorecard::form(&view, own, &criteria, refused.map(|(typed, _)| typed), person))
                }
                (judgements::show(&view, person, zone))
            }
        }
    };
    let title = format!("{} · {}", name(&view, language), Tab::Interview.label(language));
    let page = Page::of(person, Place::Candidates).wide().script(assets::PLAYER).script(assets::LIVE);
    let page = page.script(assets::SCORECARD);
    Ok(page.render(&title, &content))
}

/// What is worth asking, each with its source and its second in the video.
fn prompts(view: &ApplicationView, person: &Person) -> Markup {
    let language = person.language();
    let prompts = view.prompts();
    let has_video = view.materials.iter().any(|of| of.kind() == MaterialKind::Video);
    html! {
        section.card.prompts {
            h2 { (language.pick("值得追问", "Worth asking")) }
            @if prompts.is_empty() {
                p.soft { (language.pick("现有资料中没有发现需要追问之处。", "The materials leave nothing open.")) }
            } @else {
                ul { @for prompt in &prompts { li { (one(prompt, has_video, person)) } } }
            }
        }
    }
}

fn one(prompt: &Prompt, has_video: bool, person: &Person) -> Markup {
    let language = person.language();
    html! {
        (prompt.text(language))
        " "
        small.soft { (prompt.source.label(language)) }
        @if let Some(at) = seconds(prompt.at) {
            " "
            (parts::play(at, has_video, language))
        }
    }
}
