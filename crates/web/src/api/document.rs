//! The description of the API in OpenAPI 3.1: what all operations have in common is added here.

use utoipa::{
    PartialSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, OpenApi, OpenApiBuilder, Ref,
        ResponseBuilder, ServerBuilder,
        path::{Operation, ParameterIn},
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

use super::table::Table;
use crate::failure::{Mistake, Problem};

const TITLE: &str = "Dossier";
const ABOUT: &str = "One sealed, searchable, provable home for AI-interview materials.\n\nPrograms send \
    `Authorization: Bearer dossier_…` with a token that its owner made under \"Account\" or with `dossier token add`; it \
    does what its owner's roles allow and its scopes include. Pages send the session's cookie and, for whatever changes \
    something, `x-csrf-token`.\n\nWhat may not be known is answered exactly as what is not there: 404. Errors are \
    `application/problem+json` (RFC 9457); their `type` is stable. Lists are read page by page: `limit`, and `next` of one \
    answer as `after` of the next. `Accept-Language` or `?lang=` chooses `zh` or `en`. Times are UTC (RFC 3339).";

/// Adds the answers that every operation of its kind can give.
pub(super) fn completed(mut operation: Operation, method: &HttpMethod, path: &str) -> Operation {
    let changes = !matches!(method, HttpMethod::Get | HttpMethod::Head | HttpMethod::Options);
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    let has_condition =
        parameters.iter().any(|of| of.parameter_in == ParameterIn::Header && of.name == "If-Match");
    let has_body = operation.request_body.is_some();
    let is_tus = path.contains("/uploads") && *method != HttpMethod::Options;
    let is_remote = path.contains("/connections");
    let common: [(bool, &str, &str); 14] = [
        (true, "400", "The request can't be understood"),
        (true, "401", "Nobody is signed in, or the token is not valid"),
        (true, "403", "Not allowed, or not from a page of ours"),
        (true, "404", "It is not there, or must not be known"),
        (changes, "409", "Something else was there first, or came in between"),
        (has_condition, "412", "It is no longer as If-Match says"),
        (is_tus, "412", "Another version of the tus protocol"),
        (has_body, "413", "The body is larger than it may be"),
        (has_body, "415", "The body is of a type that is not read here"),
        (true, "422", "It is understood, and can't be done"),
        (true, "429", "Too many attempts"),
        (true, "500", "Something stored is damaged, or the keys don't open it"),
        (is_remote, "502", "The vendor failed"),
        (true, "503", "Not available for the moment: the disk, the log"),
    ];
    for (_, status, about) in common.into_iter().filter(|(applies, ..)| *applies) {
        let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
        let response = ResponseBuilder::new().description(about).content("application/problem+json", content);
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.build().into());
    }
    // These two are answered before anybody knows whom for and in what form, so they have no body.
    for (status, about) in
        [("414", "The address is longer than it may be"), ("431", "The headers are longer than they may be")]
    {
        let response = ResponseBuilder::new().description(about).build();
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| response.into());
    }
    operation
}

/// The whole description.
pub(super) fn finished(table: Table) -> OpenApi {
    let key = |text: &str| ApiKey::Header(ApiKeyValue::new(text));
    let components = ComponentsBuilder::new()
        .schemas_from_iter(table.schemas)
        .schema("Mistake", Mistake::schema())
        .schema("Problem", Problem::schema())
        .security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)))
        .security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("__Host-dossier"))),
        )
        .security_scheme("page", SecurityScheme::ApiKey(key("x-csrf-token")));
    let none: [&str; 0] = [];
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title(TITLE).version("1").description(Some(ABOUT)))
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .paths(table.paths)
        .components(Some(components.build()))
        .security(Some([
            SecurityRequirement::new("token", none),
            SecurityRequirement::new("session", none).add("page", none),
        ]))
        .build()
}
