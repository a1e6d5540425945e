//! What all handlers share.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use dossier_access::Context;
use dossier_archive::Archive;
use dossier_domain::Language;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::{
    media::Viewings,
    metrics::Metrics,
    notices,
    person::Proof,
    router::router,
    serve::{Limits, serve},
    syncs::{self, Syncs},
    zips::Zips,
};

/// How often what waits is made durable.
const TEND_EVERY: Duration = Duration::from_secs(5);

/// How the site is set up.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether a proxy in front tells the visitor's address in `X-Forwarded-For`; only then is it believed.
    pub behind_proxy: bool,
    /// Where visitors come to, if a proxy may ask for another host: forms that come from there are our own.
    pub public_origin: Option<url::Origin>,
    /// Users to offer on the sign-in page with their passwords: of a demonstration, and of nothing else.
    pub demo_users: Vec<DemoUser>,
}

/// A user of a demonstration, who has no secrets.
#[derive(Debug, Clone)]
pub struct DemoUser {
    /// The sign-in name.
    pub login: String,
    /// The password, for everybody to read.
    pub password: String,
    /// What they are.
    pub role: dossier_access::Role,
}

/// An archive as a web site.
pub struct Site {
    pub(crate) archive: Arc<Archive>,
    pub(crate) options: Options,
    pub(crate) viewings: Viewings,
    pub(crate) zips: Zips,
    pub(crate) syncs: Arc<Syncs>,
    pub(crate) metrics: Arc<Metrics>,
    /// Whether the archive stopped and has to be opened anew.
    pub(crate) has_stopped: AtomicBool,
    /// Told when the site is to end.
    pub(crate) ending: CancellationToken,
}

impl Site {
    /// The rights of this moment of whoever asked with `ctx`, for what goes on after their request.
    pub(crate) async fn rights_now(&self, proof: &Proof, ctx: &Context) -> dossier_archive::Result<Context> {
        self.archive.recheck(proof.reveal(), ctx.origin().clone()).await
    }

    /// The site of an archive.
    pub fn new(archive: Arc<Archive>, options: Options) -> Arc<Self> {
        Arc::new(Self {
            archive,
            options,
            viewings: Viewings::default(),
            zips: Zips::default(),
            syncs: Arc::default(),
            metrics: Arc::default(),
            has_stopped: AtomicBool::new(false),
            ending: CancellationToken::new(),
        })
    }

    /// Serves the site until `end` comes: answers visitors, syncs every connection that is not suspended this often,
    /// tells people what happened, and keeps log and index in order. What is under way then is given a few seconds;
    /// streams of events end at once.
    pub async fn run(
        self: Arc<Self>,
        listener: TcpListener,
        tls: Option<TlsAcceptor>,
        sync_every: Duration,
        end: impl Future<Output = ()>,
    ) {
        let polling =
            tokio::spawn(syncs::poll(Arc::clone(&self.archive), Arc::clone(&self.syncs), sync_every));
        let tending = tokio::spawn(tend(Arc::clone(&self)));
        let telling = tokio::spawn(notices::tell(Arc::clone(&self.archive)));
        let limits = Limits::default();
        let from_one_address = limits.from_one_address.filter(|_| !self.options.behind_proxy);
        let ending = self.ending.clone();
        let told = async {
            end.await;
            ending.cancel();
        };
        let limits = Limits { from_one_address, ..limits };
        tokio::join!(told, serve(listener, tls, router(self), limits, &ending));
        polling.abort();
        tending.abort();
        telling.abort();
    }
}

/// Keeps log and index in order while nobody asks for anything.
async fn tend(site: Arc<Site>) {
    loop {
        tokio::time::sleep(TEND_EVERY).await;
        if let Err(error) = site.archive.tend().await {
            tracing::error!(cause = error.message(Language::English), "could not tend the archive");
            site.has_stopped.fetch_or(error.wants_restart(), Ordering::Relaxed);
        }
    }
}
