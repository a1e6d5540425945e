//! Moving an application to another stage.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Redirect,
};
use dossier_access::{Action, Resource};
use dossier_archive::ApplicationView;
use dossier_domain::{ApplicationId, Outcome, Stage, text::Line};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::token,
    person::Person,
    site::Site,
};

#[derive(Deserialize)]
pub(crate) struct Move {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    reason: String,
}

/// `POST /applications/{application}/stage`
pub(crate) async fn change(
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    sent: Sent<Move>,
) -> Result<Redirect> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let unknown = || Failure::bad("请选择阶段", "choose a stage");
    let from: Stage = sent.form.from.parse().map_err(|_| unknown())?;
    let to: Stage = sent.form.to.parse().map_err(|_| unknown())?;
    let reason = match sent.form.reason.trim() {
        "" => None,
        text => Some(typed::<Line>(("理由", "a reason"), text)?),
    };
    site.archive.move_stage(&sent.person.ctx, id, to, outcome(from, to), reason).await?;
    Ok(Redirect::to(&format!("/applications/{id}#history")))
}

/// What a move says of the stage that it leaves.
fn outcome(from: Stage, to: Stage) -> Outcome {
    match to {
        Stage::Rejected => Outcome::Failed,
        Stage::Withdrawn => Outcome::Withdrawn,
        _ if to > from && !from.is_end_without_hire() => Outcome::Passed,
        _ => Outcome::Undone,
    }
}

/// The form, for who may move the application.
pub(super) fn form(view: &ApplicationView, person: &Person) -> Markup {
    let language = person.language();
    let now = view.application.stage();
    let may = person.ctx.decide(Action::MoveStage, &Resource::of(&view.application)).is_allowed();
    let next = Stage::ALL.into_iter().find(|stage| *stage > now).filter(|stage| !stage.is_end_without_hire());
    html! {
        @if may {
            form.move method="post" action={ "/applications/" (view.application.id) "/stage" } {
                (token(person))
                input type="hidden" name="from" value=(now.name()) {}
                label {
                    span.soft { (language.pick("移到 ", "Move to ")) }
                    select name="to" {
                        @for stage in Stage::ALL.into_iter().filter(|stage| *stage != now) {
                            option value=(stage.name()) selected[Some(stage) == next] { (stage.label(language)) }
                        }
                    }
                }
                input name="reason" maxlength="200" aria-label=(language.pick("理由", "Reason"))
                    placeholder=(language.pick("理由（淘汰时必填）", "Reason (needed for a rejection)")) {}
                button { (language.pick("变更阶段", "Move")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_says_how_the_stage_ended() {
        assert_eq!(outcome(Stage::AiInterview, Stage::HumanInterview), Outcome::Passed);
        assert_eq!(outcome(Stage::HumanInterview, Stage::AiInterview), Outcome::Undone);
        assert_eq!(outcome(Stage::AiInterview, Stage::Rejected), Outcome::Failed);
        assert_eq!(outcome(Stage::Offer, Stage::Withdrawn), Outcome::Withdrawn);
        assert_eq!(outcome(Stage::Rejected, Stage::AiInterview), Outcome::Undone);
    }
}
