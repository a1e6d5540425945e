//! The timeline: what happened to an application, and who looked at it.

use std::sync::Arc;

use axum::extract::{Path, State};
use dossier_archive::{Event, Happening, Settings, Timeline};
use dossier_domain::{ApplicationId, Language};
use maud::{Markup, html};

use super::{Tab, heading, name, tabs};
use crate::{
    assets, events,
    failure::{Failure, Result},
    layout::{Page, Place},
    parts,
    person::Person,
    site::Site,
};

/// From so many looks in a row on, they are folded away: what was done is what people look for.
const FOLDED_FROM: usize = 3;

/// `GET /applications/{application}/timeline`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
) -> Result<Markup> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let timeline = site.archive.timeline(&person.ctx, id).await?;
    let view = site.archive.show(&person.ctx, id).await?;
    let settings = site.archive.settings();
    let language = person.language();
    let content = html! {
        (heading(&view, &person, &settings))
        (tabs(&view, &person, Tab::Timeline))
        section.card data-live="timeline" data-events=(events::of_application(id)) {
            h2.head { (Tab::Timeline.label(language)) }
            (list(&timeline, &settings, language))
        }
    };
    let title = format!("{} · {}", name(&view, language), Tab::Timeline.label(language));
    Ok(Page::of(&person, Place::Candidates).script(assets::LIVE).render(&title, &content))
}

fn list(timeline: &Timeline, settings: &Settings, language: Language) -> Markup {
    let all =
        |events: &[Event]| html! { @for event in events { (one(event, timeline, settings, language)) } };
    html! {
        ol.moves {
            @for run in timeline.events.chunk_by(|a, b| is_look(a) && is_look(b)) {
                @if run.len() < FOLDED_FROM { (all(run)) } @else {
                    li.looks {
                        details {
                            summary {
                                @match language {
                                    Language::Chinese => { "查看与下载 " (run.len()) " 次" },
                                    Language::English => { "looked at or taken away " (run.len()) " times" },
                                }
                            }
                            ol.moves { (all(run)) }
                        }
                    }
                }
            }
        }
        @if let Some(since) = timeline.looks_since {
            p.soft {
                (language.pick("查看与下载记录只显示至 ", "Who looked is shown back to ")) (parts::time(since, settings.zone))
                (language.pick("；更早的记录见操作日志。", "; what is older stands in the operation log."))
            }
        }
    }
}

fn is_look(event: &Event) -> bool {
    matches!(event.what, Happening::Looked(_))
}

fn one(event: &Event, timeline: &Timeline, settings: &Settings, language: Language) -> Markup {
    let who = event.by.map(|by| match timeline.people.get(&by) {
        Some(name) => name.as_str(),
        None => language.pick("（已离开）", "(gone)"),
    });
    html! {
        li class=(event.what.name()) {
            (parts::time(event.at, settings.zone))
            span {
                @match event.what {
                    Happening::Looked(_) => span.soft { (event.what.text(&settings.process, language)) },
                    _ => (event.what.text(&settings.process, language)),
                }
                @if let Some(who) = who { " " small.soft { (who) } }
            }
        }
    }
}
