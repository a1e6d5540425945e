//! The HTTP API: everything that the command line can do, under `/api/v1`, and its description at `/api/openapi.json`.
//!
//! One module per noun. A handler has its description beside it, and a [`Table`] takes both together: there is no route
//! without a description, and none described that is not there.

mod applications;
mod caller;
mod channels;
mod checks;
mod connections;
mod doctor;
mod document;
mod extract;
mod folders;
mod gradual;
mod imports;
mod log;
mod materials;
mod me;
mod notices;
mod offers;
mod page;
mod pipeline;
mod policy;
mod positions;
mod problems;
mod process;
mod proposals;
mod releases;
mod reports;
mod saved;
mod saved_reports;
mod scorecards;
mod settings;
mod syncs;
mod table;
mod text;
mod themes;
mod timeline;
mod uploads;
mod users;

use std::sync::LazyLock;

use axum::{
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use utoipa::openapi::OpenApi;

use crate::router::Addresses;
pub(crate) use caller::Caller;
pub(crate) use notices::texts_of;
use table::Table;

/// All routes of the API, with their descriptions.
fn table() -> Table {
    let table = Table::default();
    let table = applications::routes(materials::routes(uploads::routes(folders::routes(table))));
    let table = releases::routes(table);
    let table = process::routes(scorecards::routes(reports::routes(themes::routes(saved::routes(table)))));
    let table = proposals::routes(saved_reports::routes(table));
    let table = positions::routes(connections::routes(syncs::routes(users::routes(table))));
    let table = notices::routes(channels::routes(table));
    let table = pipeline::routes(policy::routes(checks::routes(offers::routes(timeline::routes(table)))));
    log::routes(doctor::routes(settings::routes(me::routes(table))))
}

/// The description of the API.
pub(crate) static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| document::finished(table()));

/// The API as a service.
pub(crate) fn addresses() -> Addresses {
    table()
        .addresses
        .route("/api", get(page::page))
        .route("/api/openapi.json", get(openapi))
        .route("/problems/{name}", get(problems::page))
}

/// `GET /api/openapi.json`
async fn openapi() -> Response {
    match DOCUMENT.to_json() {
        Ok(document) => ([(header::CONTENT_TYPE, "application/json")], document).into_response(),
        Err(_) => crate::failure::Failure::NoPage.into_response(),
    }
}
