//! Ribbon's API as a real HTTP server on loopback, with its oddities, and with faults on demand.
//!
//! `/be-api/v1/interviews`, `/interviews/{id}`, `/interview-flows`, `/interview-flows/{id}`, and signed links to media
//! on the same host. The extension that a bank's contract adds is filled in; see the adapter's documentation for it.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, middleware, routing::get};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::bank::{Bank, Sitting};
use state::Shared;

mod api;
mod behaviour;
pub(crate) mod json;
mod media;
mod state;
mod webhooks;

pub use behaviour::{ApiFault, Behaviour, MediaFault, RetryAfter, Spoil};
pub use state::Stats;
pub use webhooks::{Accepted, Storm, Webhook};

/// The simulator at work. Stops when dropped.
pub struct RibbonServer {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl RibbonServer {
    /// Serves `bank` on a free port of loopback.
    pub async fn start(bank: Bank, behaviour: Behaviour) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(bank, behaviour, address));
        let (stop, stopped) = oneshot::channel();
        let router = router(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            let serving = axum::serve(listener, router).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
            // The listener is ours and open; there is nobody to tell.
            let _ = serving.await;
        });
        Ok(Self { shared, address, stop: Some(stop), task })
    }

    /// The API's base URL.
    pub fn base_url(&self) -> String {
        format!("http://{}/be-api/v1", self.address)
    }

    /// The key that it accepts.
    pub fn key(&self) -> &str {
        &self.shared.key
    }

    /// The secret by which it signs webhooks.
    pub fn webhook_secret(&self) -> &str {
        &self.shared.webhook_secret
    }

    /// The settings with which an adapter for Ribbon reaches it.
    pub fn settings(&self) -> serde_json::Value {
        serde_json::json!({
            "base_url": self.base_url(),
            "allow_loopback": true,
            "page_size": 50,
            "score_scale": { "min": 0, "max": 100 },
        })
    }

    /// What was asked of it so far.
    pub fn stats(&self) -> Stats {
        self.shared.stats()
    }

    /// How many interviews it has, those added included.
    pub fn len(&self) -> usize {
        self.shared.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of all interviews.
    pub fn ids(&self) -> Vec<String> {
        (0..self.len()).map(|index| self.shared.bank.remote_id(index)).collect()
    }

    /// The interview with this id, corrections included.
    pub fn sitting(&self, id: &str) -> Option<Sitting> {
        self.shared.sitting_of(id)
    }

    /// Meets the next request to the API with a fault; faults are queued.
    pub fn fail_api(&self, fault: ApiFault) {
        self.shared.behaviour().api_faults.push_back(fault);
    }

    /// Meets the next request for media with a fault; faults are queued.
    pub fn fail_media(&self, fault: MediaFault) {
        self.shared.behaviour().media_faults.push_back(fault);
    }

    /// Changes how it behaves from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        change(&mut self.shared.behaviour());
    }

    /// A new interview, after all others in time; gives its id.
    pub fn add_interview(&self) -> String {
        let index = self.shared.add();
        self.shared.bank.remote_id(index)
    }

    /// A new interview whose video is held back until [`RibbonServer::release_video`].
    pub fn add_interview_without_video(&self) -> String {
        let index = self.shared.add();
        self.shared.state().held_back.insert(index);
        self.shared.bank.remote_id(index)
    }

    /// Makes a video ready that was held back or late.
    pub fn release_video(&self, id: &str) {
        if let Some(index) = self.shared.find(id) {
            let mut state = self.shared.state();
            state.held_back.remove(&index);
            state.released.insert(index);
        }
    }

    /// Raises the overall score of an interview by half a point, or lowers it where it is at the top.
    pub fn correct_score(&self, id: &str) {
        if let Some(index) = self.shared.find(id) {
            *self.shared.state().corrections.entry(index).or_default() += 1;
        }
    }

    /// Makes nonsense of one spot in the record of an interview.
    pub fn spoil(&self, id: &str, spoil: Spoil) {
        if let Some(index) = self.shared.find(id) {
            self.shared.state().spoiled.insert(index, spoil);
        }
    }

    /// A webhook about an interview, signed.
    pub fn webhook(&self, event: &str, id: &str) -> Webhook {
        webhooks::signed(&self.shared, event, id)
    }

    /// Sends a storm of webhooks to an `http://` address on this machine.
    ///
    /// # Errors
    /// When a connection fails.
    pub async fn send_webhooks(&self, target: &url::Url, storm: &Storm) -> io::Result<Accepted> {
        webhooks::send_all(&self.shared, target, storm).await
    }

    /// Stops serving; connections in use are given a second to end.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = tokio::time::timeout(Duration::from_secs(1), &mut self.task).await;
    }
}

impl Drop for RibbonServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn router(shared: Arc<Shared>) -> Router {
    let api = Router::new()
        .route("/interviews", get(api::interviews))
        .route("/interviews/{id}", get(api::interview))
        .route("/interview-flows", get(api::flows))
        .route("/interview-flows/{id}", get(api::flow))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), api::gate));
    Router::new().nest("/be-api/v1", api).route("/media/{id}", get(media::serve)).with_state(shared)
}
