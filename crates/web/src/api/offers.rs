//! Offers: what tells of the will to come, what was offered, and the answer.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dossier_domain::{
    MaterialId, UserId,
    text::{Line, PersonName, Prose},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    applications::OfApplication,
    caller::Caller,
    extract::{At, Body},
    table::Table,
    text,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_list, list).with(__path_extend, extend).with(__path_answer, answer)
}

/// How far an offer is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum OfferStateName {
    Extended,
    Accepted,
    Declined,
}

/// What an answer was about.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum TopicName {
    CareerPlan,
    Pay,
    Motive,
}

/// The offers of an application, and what tells of the will to come.
#[derive(Serialize, ToSchema)]
struct Offers {
    /// The offers, oldest first.
    offers: Vec<Offer>,
    /// What answers of AI interviews tell, as far as the caller may see it.
    signals: Vec<Signal>,
}

/// An offer.
#[derive(Serialize, ToSchema)]
struct Offer {
    #[schema(value_type = OfferStateName)]
    state: &'static str,
    /// What was offered.
    #[schema(value_type = Option<String>)]
    terms: Option<Prose>,
    extended_at: DateTime<Utc>,
    #[schema(value_type = String)]
    by: UserId,
    /// Their name.
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    /// When the answer was written down.
    answered_at: Option<DateTime<Utc>>,
    /// Why the candidate declined.
    #[schema(value_type = Option<String>)]
    reason: Option<Line>,
}

/// How positive an answer was that tells of the will to come.
#[derive(Serialize, ToSchema)]
struct Signal {
    #[schema(value_type = TopicName)]
    topic: &'static str,
    #[schema(value_type = String)]
    question: Line,
    /// The mean positivity, 0 to 100.
    positivity: f64,
    /// The second of the video.
    at: Option<f64>,
    interviewed_at: Option<DateTime<Utc>>,
    /// The material in which it stands.
    #[schema(value_type = String)]
    material: MaterialId,
    /// The model that read it.
    #[schema(value_type = Option<String>)]
    source: Option<Line>,
}

impl Offer {
    fn new(of: dossier_domain::Offer, people: &BTreeMap<UserId, PersonName>) -> Self {
        let state = of.state().name();
        let (answered_at, reason) = of.answer.map(|of| (of.at, of.declined)).unzip();
        let (terms, extended_at, by) = (of.terms, of.extended_at, of.by);
        Self {
            state,
            terms,
            extended_at,
            by,
            name: people.get(&by).cloned(),
            answered_at,
            reason: reason.flatten(),
        }
    }
}

impl From<dossier_domain::offer::Signal> for Signal {
    fn from(of: dossier_domain::offer::Signal) -> Self {
        let dossier_domain::offer::Signal {
            topic,
            question,
            positivity,
            at,
            interviewed_at,
            material,
            source,
        } = of;
        Self { topic: topic.name(), question, positivity, at, interviewed_at, material, source }
    }
}

/// The offers of an application, beside what the AI interview tells of the will to come.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/offers", tag = "offers", params(OfApplication),
    responses((status = 200, description = "The offers", body = Offers))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
) -> Result<Json<Offers>> {
    let view = site.archive.offers(&caller.ctx, of.application).await?;
    let offers = view.offers.into_iter().map(|of| Offer::new(of, &view.people)).collect();
    Ok(Json(Offers { offers, signals: view.signals.into_iter().map(Signal::from).collect() }))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewOffer)]
#[serde(deny_unknown_fields)]
struct NewOne {
    /// What is offered.
    #[schema(value_type = Option<text::ProseText>)]
    terms: Option<Prose>,
}

/// Writes down that an offer was made to who stands in the offer stage.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/offers", tag = "offers", request_body = NewOne,
    params(OfApplication), responses((status = 201, description = "The offer", body = Offer))
)]
async fn extend(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Body(new): Body<NewOne>,
) -> Result<Response> {
    let offer = site.archive.extend_offer(&caller.ctx, of.application, new.terms).await?;
    Ok((StatusCode::CREATED, Json(Offer::new(offer, &own(&caller)))).into_response())
}

/// What the candidate answered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OfferAnswer {
    accepted: bool,
    /// Why they declined; needed if they did.
    #[schema(value_type = Option<text::LineText>)]
    reason: Option<Line>,
}

/// Writes down what the candidate answered, and moves the application.
///
/// Who accepts is hired; who declines has withdrawn, for the reason that is given.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/offers/answer", tag = "offers", request_body = OfferAnswer,
    params(OfApplication), responses((status = 200, description = "The offer", body = Offer))
)]
async fn answer(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Body(given): Body<OfferAnswer>,
) -> Result<Json<Offer>> {
    let declined = match (given.accepted, given.reason) {
        (true, None) => None,
        (false, Some(reason)) => Some(reason),
        _ => {
            let zh = "拒绝须写明理由，接受则不写";
            let en = "who declines has a reason, and who accepts has none";
            return Err(dossier_archive::Error::Invalid { zh: zh.into(), en: en.into() }.into());
        }
    };
    let (offer, _) = site.archive.answer_offer(&caller.ctx, of.application, declined).await?;
    Ok(Json(Offer::new(offer, &own(&caller))))
}

fn own(caller: &Caller) -> BTreeMap<UserId, PersonName> {
    caller.ctx.actor().user().map(|user| (user.id, user.name.clone())).into_iter().collect()
}
