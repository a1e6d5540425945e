//! Uploads that can be interrupted and gone on with, by the tus protocol 1.0.0: core, creation, expiration, termination.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use dossier_archive::{LARGEST_UPLOAD, NewUpload, UploadState, uploads::upload_name};
use dossier_domain::{ApplicationId, Material, UploadId, text::Line};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, schema::Type},
};

use super::{
    applications::{OfApplication, shape::contents::Kept},
    caller::Caller,
    extract::{At, parsed},
    table::Table,
};
use crate::{
    failure::{Failure, Result},
    site::Site,
};

const VERSION: &str = "1.0.0";
const EXTENSIONS: &str = "creation,expiration,termination";
const MEDIA_TYPE: &str = "application/offset+octet-stream";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");

pub(super) fn routes(table: Table) -> Table {
    let table = table.with(__path_options, options).with(__path_begin, begin);
    let table = table.with(__path_state, state).with(__path_became, became);
    table.with(__path_go_on, go_on).with(__path_end, end)
}

/// The version of the protocol.
#[derive(ToSchema)]
#[allow(dead_code, reason = "it is described, never made")]
enum TusVersion {
    #[schema(rename = "1.0.0")]
    One,
}

/// A request in the version of the protocol that is spoken here.
struct Tus;

impl<S: Sync> FromRequestParts<S> for Tus {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        match text(&parts.headers, &RESUMABLE) {
            Some(VERSION) => Ok(Self),
            Some(_) => Err(Failure::Version),
            None => Err(Failure::bad("缺少请求头 Tus-Resumable", "the header Tus-Resumable is missing")),
        }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct OfUpload {
    /// The application's id.
    #[param(value_type = String)]
    application: ApplicationId,
    /// The upload's id.
    #[param(value_type = String)]
    upload: UploadId,
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64> {
    // `parse` takes a plus sign; the protocol knows none.
    let digits = text(headers, name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let number = digits.and_then(|digits| digits.parse().ok());
    number.ok_or_else(|| {
        Failure::bad(format!("请求头 {name} 须是整数"), format!("{name} must be a whole number"))
    })
}

/// What `Upload-Metadata` holds under a name, in base64.
fn metadata(headers: &HeaderMap, name: &str) -> Result<Option<String>> {
    let pairs = text(headers, &METADATA).unwrap_or_default().split(',');
    let encoded = pairs.filter_map(|pair| pair.trim().split_once(' ')).find(|(key, _)| *key == name);
    let Some((_, encoded)) = encoded else { return Ok(None) };
    let (zh, en) = (format!("Upload-Metadata 中的 {name}"), format!("{name} in Upload-Metadata"));
    let decoded = parsed((&zh, &en), encoded.trim(), |encoded| {
        let bytes = STANDARD.decode(encoded).map_err(|error| error.to_string())?;
        String::from_utf8(bytes).map_err(|error| error.to_string())
    });
    decoded.map(Some)
}

/// `Upload-Metadata`, for the description alone.
struct Metadata;

impl PartialSchema for Metadata {
    fn schema() -> RefOr<Schema> {
        let pattern = "^([!-+\\-.-~]+( [A-Za-z0-9+/]*=*)?,)*filename [A-Za-z0-9+/]+={0,2}$";
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(pattern)).into()
    }
}

impl ToSchema for Metadata {}

fn answer(status: StatusCode, state: &UploadState) -> Response {
    let expires = state.expires_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let headers = [
        (RESUMABLE, VERSION.to_owned()),
        (OFFSET, state.offset.to_string()),
        (LENGTH, state.length.to_string()),
        (HeaderName::from_static("upload-expires"), expires),
    ];
    let material = state.material.and_then(|id| HeaderValue::from_str(&id.to_string()).ok());
    let mut response = (status, headers).into_response();
    response.headers_mut().extend(material.map(|id| (HeaderName::from_static("dossier-material"), id)));
    response
}

/// What of the tus protocol is spoken here.
#[utoipa::path(
    options, path = "/api/v1/applications/{application}/uploads", tag = "uploads", params(OfApplication),
    responses((status = 204, description = "In `Tus-Version`, `Tus-Extension` and `Tus-Max-Size`"))
)]
async fn options(_: Caller, At(_): At<OfApplication>) -> Response {
    let headers = [
        (RESUMABLE, VERSION.to_owned()),
        (HeaderName::from_static("tus-version"), VERSION.to_owned()),
        (HeaderName::from_static("tus-extension"), EXTENSIONS.to_owned()),
        (HeaderName::from_static("tus-max-size"), LARGEST_UPLOAD.to_string()),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Begins an upload: a file for the dossier, or evidence for a claim of the background check.
///
/// It must be complete within 24 hours. What it is, is found by its content once it is complete.
#[utoipa::path(
    post, path = "/api/v1/applications/{application}/uploads", tag = "uploads",
    params(
        OfApplication,
        ("Tus-Resumable" = inline(TusVersion), Header, description = "The version of the protocol"),
        ("Upload-Length" = u64, Header, description = "How many bytes the file has"),
        ("Upload-Metadata" = inline(Metadata), Header, description = "`filename` and the file's name in base64; `claim` and a claim for which it is evidence"),
    ),
    responses((status = 201, description = "It is begun, and goes on at `Location`"))
)]
async fn begin(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfApplication>,
    _: Tus,
    headers: HeaderMap,
) -> Result<Response> {
    let length = number(&headers, &LENGTH)?;
    let name = metadata(&headers, "filename")?.ok_or_else(|| {
        Failure::bad("Upload-Metadata 中缺少 filename", "Upload-Metadata holds no filename")
    })?;
    let name = upload_name(&name)?;
    let claim = metadata(&headers, "claim")?;
    let claim = claim.map(|claim| parsed(("声明", "a claim"), &claim, Line::parse)).transpose()?;
    let new = NewUpload { application: of.application, name, length, claim };
    let state = site.archive.begin_upload(&caller.ctx, new).await?;
    let location = format!("/api/v1/applications/{}/uploads/{}", of.application, state.id);
    Ok(([(header::LOCATION, location)], answer(StatusCode::CREATED, &state)).into_response())
}

/// How far an upload has come.
#[utoipa::path(
    head, path = "/api/v1/applications/{application}/uploads/{upload}", tag = "uploads",
    params(OfUpload, ("Tus-Resumable" = inline(TusVersion), Header, description = "The version of the protocol")),
    responses((status = 200, description = "In `Upload-Offset`: so many bytes are durable"))
)]
async fn state(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfUpload>,
    _: Tus,
) -> Result<Response> {
    let state = site.archive.upload_state(&caller.ctx, of.application, of.upload).await?;
    Ok(answer(StatusCode::OK, &state))
}

/// What an upload has become.
#[derive(Serialize, ToSchema)]
struct Became {
    /// So many bytes are durable.
    offset: u64,
    /// Of so many.
    length: u64,
    /// Until when it must be complete.
    expires_at: DateTime<Utc>,
    /// The material, once it is complete.
    #[schema(value_type = Option<Kept>)]
    material: Option<Material>,
}

/// How far an upload has come, and the material that it has become.
#[utoipa::path(
    get, path = "/api/v1/applications/{application}/uploads/{upload}", tag = "uploads", params(OfUpload),
    responses((status = 200, description = "How it stands", body = Became))
)]
async fn became(caller: Caller, State(site): State<Arc<Site>>, At(of): At<OfUpload>) -> Result<Json<Became>> {
    let (state, material) = site.archive.uploaded(&caller.ctx, of.application, of.upload).await?;
    let UploadState { offset, length, expires_at, .. } = state;
    Ok(Json(Became { offset, length, expires_at, material }))
}

/// Goes on with an upload.
///
/// With its last byte it becomes a material, which `Dossier-Material` names. What came before the connection broke off is
/// kept, in parts of 8 MiB.
#[utoipa::path(
    patch, path = "/api/v1/applications/{application}/uploads/{upload}", tag = "uploads",
    params(
        OfUpload,
        ("Tus-Resumable" = inline(TusVersion), Header, description = "The version of the protocol"),
        ("Upload-Offset" = u64, Header, description = "Where what is sent begins"),
    ),
    request_body(content = inline(super::text::Raw), content_type = "application/offset+octet-stream"),
    responses((status = 204, description = "It is durable up to `Upload-Offset`"))
)]
async fn go_on(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfUpload>,
    _: Tus,
    headers: HeaderMap,
    body: Body,
) -> Result<Response> {
    if text(&headers, &header::CONTENT_TYPE) != Some(MEDIA_TYPE) {
        return Err(Failure::MediaType);
    }
    let (offset, input) = (number(&headers, &OFFSET)?, body.into_data_stream());
    let state = site.archive.continue_upload(&caller.ctx, of.application, of.upload, offset, input).await?;
    Ok(answer(StatusCode::NO_CONTENT, &state))
}

/// Gives an upload up.
#[utoipa::path(
    delete, path = "/api/v1/applications/{application}/uploads/{upload}", tag = "uploads",
    params(OfUpload, ("Tus-Resumable" = inline(TusVersion), Header, description = "The version of the protocol")),
    responses((status = 204, description = "Nothing of it is left"))
)]
async fn end(
    caller: Caller,
    State(site): State<Arc<Site>>,
    At(of): At<OfUpload>,
    _: Tus,
) -> Result<Response> {
    site.archive.end_upload(&caller.ctx, of.application, of.upload).await?;
    Ok((StatusCode::NO_CONTENT, [(RESUMABLE, VERSION)]).into_response())
}
