//! The Ribbon adapter against the simulator, over HTTP.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use dossier_domain::text::RemoteId;
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_vendor::{Adapter, Credentials, Listed, Page, Rejected, Secret, SyncPoint};

mod conformance;
mod failures;
mod media;
mod records;
mod syncing;

async fn server(candidates: usize, behaviour: Behaviour) -> RibbonServer {
    let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
    RibbonServer::start(bank, behaviour).await.unwrap()
}

fn adapter(server: &RibbonServer) -> Arc<dyn Adapter> {
    adapter_with(server, &serde_json::json!({}))
}

/// The adapter with some settings changed.
fn adapter_with(server: &RibbonServer, changed: &serde_json::Value) -> Arc<dyn Adapter> {
    let mut settings = server.settings();
    settings.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
    dossier_vendors::open("ribbon", settings, credentials(server)).unwrap()
}

fn credentials(server: &RibbonServer) -> Credentials {
    Credentials { key: Secret::new(server.key()), webhook: Some(Secret::new(server.webhook_secret())) }
}

fn id(text: &str) -> RemoteId {
    RemoteId::parse(text).unwrap()
}

/// The id of the n-th interview of the bank.
fn nth(server: &RibbonServer, index: usize) -> RemoteId {
    id(&server.ids()[index])
}

/// All that a listing gives.
#[derive(Debug)]
struct Sweep {
    listed: Vec<Listed>,
    rejected: Vec<Rejected>,
    cursor: SyncPoint,
    pages: usize,
}

async fn sweep(adapter: &dyn Adapter, since: &SyncPoint) -> Sweep {
    let mut sweep = Sweep { listed: Vec::new(), rejected: Vec::new(), cursor: since.clone(), pages: 0 };
    let mut token = None;
    loop {
        let Page { interviews, rejected, next, cursor } =
            adapter.changed(since, token.as_ref()).await.unwrap();
        sweep.listed.extend(interviews);
        sweep.rejected.extend(rejected);
        sweep.pages += 1;
        sweep.cursor = cursor;
        match next {
            None => return sweep,
            Some(next) => {
                assert_eq!(sweep.cursor, *since, "the cursor moves at the end of a listing only");
                token = Some(next);
            }
        }
    }
}
