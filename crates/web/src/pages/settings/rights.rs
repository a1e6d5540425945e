//! The permission simulator: what does this person see, and why?

use dossier_access::{Action, Reason, Resource};
use dossier_archive::Rights;
use dossier_domain::{
    Language, Stage,
    text::{Login, PositionName},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    pages::sign_in::alert,
    parts::field,
    person::Person,
    site::Site,
};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    who: String,
    position: String,
    stage: String,
    check: String,
}

impl Asked {
    /// Whether storage and log are to be checked.
    pub(super) fn is_check(&self) -> bool {
        !self.check.is_empty()
    }
}

pub(super) async fn show(person: &Person, site: &Site, asked: &Asked) -> Result<Markup> {
    let language = person.language();
    let other = Resource::User { id: person.ctx.new_id().map_err(dossier_archive::Error::from)? };
    let may = |action| person.ctx.decide(action, &other).is_allowed();
    if !may(Action::ManageUsers) && !may(Action::GrantInterviewer) {
        return Ok(html! {});
    }
    let answer = match asked.who.trim() {
        "" => None,
        _ => Some(explain(person, site, asked).await),
    };
    Ok(html! {
        section.card #rights {
            h2 { (language.pick("权限模拟：某人能看到什么，为什么", "What does this person see, and why?")) }
            form.inline method="get" action="/settings#rights" {
                (field(language.pick("用户名", "Sign-in name"), &html! { input name="who" value=(asked.who) required maxlength="100" {} }, None))
                (field(language.pick("某岗位的应聘", "An application for"), &html! { input name="position" value=(asked.position) required maxlength="100" {} }, None))
                (field(language.pick("处于阶段", "in the stage"), &html! {
                    select name="stage" { @for stage in Stage::ALL {
                        option value=(stage.name()) selected[stage.name() == asked.stage] { (stage.label(language)) }
                    } }
                }, None))
                button { (language.pick("模拟", "Show")) }
            }
            @match &answer {
                None => {},
                Some(Ok(rights)) => (table(rights, language)),
                Some(Err(failure)) => (alert(Some(&failure.detail(language)))),
            }
        }
    })
}

async fn explain(person: &Person, site: &Site, asked: &Asked) -> Result<Rights> {
    let unknown = || Failure::bad("请填写用户名、岗位和阶段", "name a user, a position and a stage");
    let login = Login::parse(asked.who.trim()).map_err(|_| unknown())?;
    let position = PositionName::parse(asked.position.trim()).map_err(|_| unknown())?;
    let stage = asked.stage.parse::<Stage>().unwrap_or(Stage::AiInterview);
    Ok(site.archive.explain_rights(&person.ctx, &login, &position, stage).await?)
}

fn table(rights: &Rights, language: Language) -> Markup {
    let roles = rights.actor.roles();
    let roles = roles.iter().map(|role| role.label(language)).collect::<Vec<_>>().join(" · ");
    html! {
        p {
            strong { (rights.actor.user().map_or("", |user| user.name.as_str())) } " " span.soft { (roles) }
            " · " (rights.position.name) " · " (rights.stage.label(language))
        }
        ul.rights { @for (action, reason) in &rights.actions { (row(*action, *reason, language)) } }
    }
}

fn row(action: Action, reason: Option<Reason>, language: Language) -> Markup {
    html! {
        li {
            @match reason {
                None => span.good { "✓" },
                Some(_) => span.bad { "✗" },
            }
            span {
                (action.label(language))
                @if let Some(kind) = action.kind() { " · " (kind.label(language)) }
            }
            @if let Some(reason) = reason { span.soft { (reason.label(language)) } }
        }
    }
}
