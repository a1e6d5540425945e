//! All addresses, and what every answer has in common.

use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    routing::{MethodRouter, get, post},
};

use dossier_archive::LARGEST_TABLE;

use crate::{
    api, assets, compression,
    failure::{self, Failure},
    headers, hooks, media, metrics,
    pages::{
        account, analysis, board, candidates, channels, choice, connections, dossier, fetch, interviews,
        lexicon, log, notices, pipeline, positions, provider, releases, session, settings, sign_in, stage,
        tags, upload, users,
    },
    site::Site,
    visitor,
};

/// A form is small. Files are not: they are streamed, and the archive says how large one may be.
const FORM_LIMIT: usize = 256 << 10;

/// Handlers, and where they are.
#[derive(Default)]
pub(crate) struct Addresses {
    router: Router<Arc<Site>>,
    paths: BTreeSet<String>,
}

impl Addresses {
    /// Adds handlers at an address.
    pub(crate) fn route(self, path: &str, handlers: MethodRouter<Arc<Site>>) -> Self {
        let mut paths = self.paths;
        paths.insert(path.to_owned());
        Self { router: self.router.route(path, handlers), paths }
    }

    fn merge(self, other: Self) -> Self {
        Self { router: self.router.merge(other.router), paths: &self.paths | &other.paths }
    }
}

/// Where something is: every address of the site, as a pattern. A test holds its rows of who may do what against it.
pub fn addresses() -> BTreeSet<String> {
    everything().paths
}

fn everything() -> Addresses {
    Addresses::default()
        .route("/", get(choice::start))
        .route("/choose", post(choice::choose))
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/sign-in/provider", get(provider::depart))
        .route(provider::PROVIDER_RETURN, get(provider::arrive))
        .route("/session", get(session::look).post(session::stay))
        .route("/sign-out", post(sign_in::sign_out))
        .route("/welcome/{link}", get(sign_in::welcome).post(sign_in::redeem))
        .route("/candidates", get(candidates::page))
        .route("/candidates/refine", get(candidates::refine))
        .route("/candidates/values", get(candidates::values::page))
        .route("/candidates/saved", post(candidates::saved::change))
        .route("/fetch", post(fetch::fetch))
        .route(releases::PATH, get(releases::page).post(releases::change))
        .route("/applications/{application}", get(dossier::page))
        .route(
            "/applications/{application}/interview",
            get(dossier::interview::page).post(dossier::interview::write),
        )
        .route(
            "/applications/{application}/check",
            get(dossier::check::page).post(dossier::check::write).layer(DefaultBodyLimit::disable()),
        )
        .route("/applications/{application}/offer", get(dossier::offer::page).post(dossier::offer::change))
        .route("/applications/{application}/timeline", get(dossier::timeline::page))
        .route("/interviews", get(interviews::page))
        .route("/applications/{application}/stage", post(stage::change))
        .route("/applications/{application}/tags", post(tags::change))
        .route("/applications/{application}/upload", post(upload::upload).layer(DefaultBodyLimit::disable()))
        .route("/applications/{application}/materials/{material}", get(media::file))
        .route("/applications/{application}/materials/{material}/captions.vtt", get(media::captions))
        .route("/analysis", get(analysis::page))
        .route("/analysis/export", get(analysis::export))
        .route("/lexicon", get(lexicon::page).post(lexicon::change))
        .route("/analysis/saved", post(analysis::saved))
        .route("/analysis/saved/{report}", get(analysis::open_saved))
        .route("/analysis/what-if", get(analysis::what_if).post(analysis::propose))
        .route("/analysis/proposals", get(analysis::proposals).post(analysis::decide))
        .route("/positions", get(positions::page).post(positions::change))
        .route(
            "/pipeline",
            get(pipeline::page)
                .post(pipeline::import)
                .layer(DefaultBodyLimit::max(LARGEST_TABLE + FORM_LIMIT)),
        )
        .route("/pipeline/export", get(pipeline::export))
        .route(
            "/positions/import",
            post(positions::import).layer(DefaultBodyLimit::max(LARGEST_TABLE + FORM_LIMIT)),
        )
        .route("/positions/{position}", get(positions::one::page).post(positions::one::change))
        .route("/positions/{position}/board", get(board::page).post(board::change))
        .route("/connections", get(connections::page).post(connections::add))
        .route("/connections/{connection}", get(connections::one).post(connections::act))
        .route("/users", get(users::page).post(users::change))
        .route("/settings", get(settings::page).post(settings::change))
        .route("/notices", get(notices::page).post(notices::mark))
        .route("/channels", get(channels::page).post(channels::change))
        .route("/log", get(log::page))
        .route("/log/export", get(log::export))
        .route("/hooks/{connection}", post(hooks::hear))
        .route("/account", get(account::page).post(account::change))
        .route("/assets/{version}/{name}", get(assets::get))
        .route("/health", get(metrics::health))
        .route("/ready", get(metrics::ready))
        .route("/metrics", get(metrics::show))
        .merge(api::addresses())
}

/// The site as a service.
pub fn router(site: Arc<Site>) -> Router {
    everything()
        .router
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .fallback(|| async { Failure::NoPage })
        .method_not_allowed_fallback(|| async { Failure::Method })
        .layer(from_fn_with_state(Arc::clone(&site), failure::explain))
        .layer(from_fn_with_state(Arc::clone(&site), metrics::measure))
        .layer(from_fn_with_state(Arc::clone(&site), visitor::recognise))
        .layer(compression::layer())
        .layer(from_fn(headers::harden))
        .with_state(site)
}
