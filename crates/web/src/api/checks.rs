//! The background check of an application: claims, verdicts, evidence.

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
    check::{Checked, Verdict},
    text::{Line, PersonName, Prose, SkillName},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    applications::{OfApplication, shape::contents::Kept},
    caller::Caller,
    extract::{Asked, At, Body, parsed, whole},
    table::Table,
    text,
};
use crate::{failure::Result, site::Site};

pub(super) fn routes(table: Table) -> Table {
    table.with(__path_list, list).with(__path_write, write).with(__path_prove, prove)
}

/// What came of a claim.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[allow(dead_code, reason = "it is described, never made")]
enum VerdictName {
    Open,
    Confirmed,
    Contradicted,
}

/// The claims of an application.
#[derive(Serialize, ToSchema)]
struct Claims {
    claims: Vec<Claim>,
}

/// A claim of the résumé, beside what else is known.
#[derive(Serialize, ToSchema)]
struct Claim {
    #[schema(value_type = String)]
    claim: Line,
    /// Whether the résumé report says so; else a checker has added it.
    reported: bool,
    /// Assessments of what is claimed, 0 to 100.
    tested: Vec<TestedSkill>,
    /// Files that are named after it, and those that were given as evidence.
    #[schema(value_type = Vec<String>)]
    files: Vec<MaterialId>,
    #[schema(value_type = VerdictName)]
    verdict: Verdict,
    /// What was found out; null while nobody has looked at it.
    finding: Option<Finding>,
}

/// An assessment of what is claimed.
#[derive(Serialize, ToSchema)]
struct TestedSkill {
    #[schema(value_type = String)]
    skill: SkillName,
    score: f64,
}

/// What was found out about a claim.
#[derive(Serialize, ToSchema)]
struct Finding {
    #[schema(value_type = String)]
    claim: Line,
    #[schema(value_type = VerdictName)]
    verdict: Verdict,
    #[schema(value_type = Option<String>)]
    note: Option<Prose>,
    /// The materials that show it.
    #[schema(value_type = Vec<String>)]
    evidence: Vec<MaterialId>,
    #[schema(value_type = String)]
    by: UserId,
    /// Their name.
    #[schema(value_type = Option<String>)]
    name: Option<PersonName>,
    at: DateTime<Utc>,
    /// How often it was written.
    revision: u32,
}

impl Finding {
    fn new(of: dossier_domain::check::Finding, people: &BTreeMap<UserId, PersonName>) -> Self {
        let dossier_domain::check::Finding { claim, verdict, note, evidence, by, at, revision } = of;
        Self { name: people.get(&by).cloned(), claim, verdict, note, evidence, by, at, revision }
    }
}

/// The claims of an application's résumé report, and those that checkers have added.
///
/// Each stands beside the assessments and files that speak for it, as far as the caller may see them.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/claims", tag = "checks", params(OfApplication),
    responses((status = 200, description = "The claims", body = Claims))
)]
async fn list(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
) -> Result<Json<Claims>> {
    let found = site.archive.claims(&caller.ctx, of.application).await?;
    let people = found.people;
    let claim = |of: dossier_domain::Claim| Claim {
        verdict: of.verdict(),
        claim: of.text,
        reported: of.is_reported,
        tested: of.tested.into_iter().map(|(skill, score)| TestedSkill { skill, score }).collect(),
        files: of.files,
        finding: of.finding.map(|finding| Finding::new(finding, &people)),
    };
    Ok(Json(Claims { claims: found.claims.into_iter().map(claim).collect() }))
}

/// What is written about a claim.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WrittenClaim {
    /// The claim; one that the report does not name is added.
    #[schema(value_type = text::LineText)]
    claim: Line,
    #[schema(value_type = VerdictName)]
    verdict: Verdict,
    /// By what; needed for a contradiction.
    #[schema(value_type = Option<text::ProseText>)]
    note: Option<Prose>,
    /// The materials that show it; without this those before stay.
    #[schema(value_type = Option<Vec<text::MaterialIdText>>)]
    evidence: Option<Vec<MaterialId>>,
    /// The revision that is to be replaced, 0 for none; without it whatever is there is replaced.
    #[serde(default, deserialize_with = "whole")]
    #[schema(minimum = 0, maximum = 4_294_967_295_u32)]
    revision: Option<u32>,
}

/// Writes what was found out about a claim.
#[utoipa::path(
    put, path = "/api/v1/applications/{application}/claims", tag = "checks", request_body = WrittenClaim,
    params(OfApplication), responses((status = 200, description = "What is kept", body = Finding))
)]
async fn write(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Body(written): Body<WrittenClaim>,
) -> Result<Json<Finding>> {
    let WrittenClaim { claim, verdict, note, evidence, revision } = written;
    let checked = Checked { claim, verdict, note, evidence };
    let finding = site.archive.check_claim(&caller.ctx, of.application, checked, revision).await?;
    let own = caller.ctx.actor().user().map(|user| (user.id, user.name.clone()));
    Ok(Json(Finding::new(finding, &own.into_iter().collect())))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EvidenceFor {
    /// The claim.
    claim: String,
    /// The file's name, for people to read; what it is, is found by its content.
    name: String,
}

/// Adds a file as evidence for a claim; it is kept as a material.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/claims/evidence", tag = "checks", params(OfApplication, EvidenceFor),
    request_body(content = inline(super::text::Raw), content_type = "application/octet-stream"),
    responses((status = 201, description = "The material as it is stored", body = Kept))
)]
async fn prove(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    Asked(EvidenceFor { claim, name }): Asked<EvidenceFor>,
    body: axum::body::Body,
) -> Result<Response> {
    let claim = parsed(("声明", "a claim"), &claim, Line::parse)?;
    let input = body.into_data_stream();
    let kept = site.archive.add_evidence(&caller.ctx, of.application, &claim, &name, None, input).await?;
    Ok((StatusCode::CREATED, Json(kept)).into_response())
}
