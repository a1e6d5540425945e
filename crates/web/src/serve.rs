//! Serving: connections, TLS, time limits, and an orderly end.
//!
//! `axum::serve` knows no limit for the time that headers may take, so this goes through hyper: a visitor who sends
//! slowly holds a connection and a few kilobytes, and nobody else up.

mod connection;
mod paced;

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::Semaphore,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use connection::Connection;
pub(crate) use connection::Cut;
use paced::Paced;

/// How much time and how many connections visitors may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at the same time; more wait to be accepted.
    pub connections: usize,
    /// Connections from one address at the same time; more are closed. `None` behind a proxy, whence all come.
    pub from_one_address: Option<usize>,
    /// For the headers of a request, and for a connection that waits for its next one.
    pub headers: Duration,
    /// For a request's body to come, besides a second for each KiB that has come.
    pub body: Duration,
    /// For whoever is answered to take something of it.
    pub writing: Duration,
    /// For the TLS handshake.
    pub handshake: Duration,
    /// For what is under way when the server is to end.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4096,
            from_one_address: Some(256),
            headers: Duration::from_secs(15),
            body: Duration::from_secs(30),
            handshake: Duration::from_secs(10),
            writing: Duration::from_secs(120),
            farewell: Duration::from_secs(8),
        }
    }
}

/// The address at the other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `ending` is told, then gives what is under way some time.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    app: Router,
    limits: Limits,
    ending: &CancellationToken,
) {
    let room = Arc::new(Semaphore::new(limits.connections));
    let visitors = Arc::new(Visitors::default());
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            () = ending.cancelled() => break,
            accepted = accept(&listener, &room) => accepted,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        let Some(visit) = visitors.enter(peer.ip(), limits.from_one_address) else { continue };
        let (app, tls, watcher) = (app.clone(), tls.clone(), graceful.watcher());
        let (cut, ending) = (Cut::default(), ending.clone());
        let stream = Connection::new(stream, cut.clone(), limits.writing);
        tokio::spawn(async move {
            let _held = (place, visit);
            match tls {
                None => answer(stream, (peer, cut), app, limits, watcher).await,
                Some(tls) => {
                    let greeting = timeout(limits.handshake, tls.accept(stream));
                    // Whoever fails to greet in time or in form is simply gone.
                    if let Some(Ok(Ok(stream))) = ending.run_until_cancelled(greeting).await {
                        answer(stream, (peer, cut), app, limits, watcher).await;
                    }
                }
            }
        });
    }
    drop(listener);
    if timeout(limits.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were cut at the end");
    }
}

/// How many connections each address has.
#[derive(Default)]
struct Visitors(Mutex<HashMap<IpAddr, usize>>);

/// A connection that counts as long as it is held.
struct Visit {
    visitors: Arc<Visitors>,
    address: IpAddr,
}

impl Visitors {
    fn enter(self: &Arc<Self>, address: IpAddr, most: Option<usize>) -> Option<Visit> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(address).or_default();
        if most.is_some_and(|most| *count >= most) {
            return None;
        }
        *count += 1;
        Some(Visit { visitors: Arc::clone(self), address })
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        let mut all = self.visitors.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.address);
            }
        }
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are written whole; waiting to fill a packet only delays them.
            let _ = stream.set_nodelay(true);
            Some((stream, peer, place))
        }
        Err(error) => {
            tracing::warn!(%error, "could not accept a connection");
            // Out of descriptors, most likely: connections that end free some.
            tokio::time::sleep(Duration::from_millis(100)).await;
            None
        }
    }
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    (peer, cut): (SocketAddr, Cut),
    app: Router,
    limits: Limits,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let service = tower::service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(|body| Body::new(Paced::new(body, limits.body)));
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(cut.clone());
        app.clone().oneshot(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.headers)
        .max_buf_size(64 << 10)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    // A connection that ends badly is the visitor's business.
    if let Err(error) = watcher.watch(connection).await {
        tracing::debug!(%error, "connection ended");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_does_not_take_all_the_room() {
        let visitors = Arc::new(Visitors::default());
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let first = visitors.enter(one, Some(2));
        let second = visitors.enter(one, Some(2));
        assert!(first.is_some() && second.is_some() && visitors.enter(one, Some(2)).is_none());
        assert!(visitors.enter(other, Some(2)).is_some() && visitors.enter(one, None).is_some());
        drop(first);
        assert!(visitors.enter(one, Some(2)).is_some());
        drop(second);
        assert!(visitors.0.lock().unwrap().is_empty());
    }
}
