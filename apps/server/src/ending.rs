//! When the server is to end: what service managers and terminals send, heard on a thread of its own, so that it is heard
//! whatever the workers wait for.

use std::{io, process, sync::mpsc, thread, time::Duration};

use tokio::runtime::Builder;
use tokio_util::sync::CancellationToken;

/// Listens from now on. The first signal asks the server to end. The second ends it at once, and so does waiting for so
/// long: where files or a disk are gone from under it, closing them may not come to its end. Nothing is lost by that, as
/// by an end of the power: what was acknowledged is durable.
///
/// # Errors
/// Where the system gives no thread, or no way to hear signals.
pub(crate) fn listen(patience: Duration) -> io::Result<CancellationToken> {
    let ending = CancellationToken::new();
    let (ready, listens) = mpsc::channel();
    let told = ending.clone();
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build();
        let heard = runtime.and_then(|runtime| {
            runtime.block_on(async {
                let mut signals = Signals::new()?;
                // Whoever started this thread waits for it.
                let _ = ready.send(Ok(()));
                signals.next().await;
                told.cancel();
                // Nothing is said of it: the log may be what everybody waits for.
                let _ = tokio::time::timeout(patience, signals.next()).await;
                process::exit(1)
            })
        });
        let _ = ready.send(heard);
    })?;
    listens.recv().unwrap_or_else(|_| Err(io::Error::other("the thread for signals has ended")))?;
    Ok(ending)
}

#[cfg(unix)]
struct Signals {
    interrupted: tokio::signal::unix::Signal,
    terminated: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let (interrupted, terminated) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(Self { interrupted, terminated })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupted.recv() => {}
            _ = self.terminated.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // Without signals the server runs until it is killed, which the archive survives.
        let _ = tokio::signal::ctrl_c().await;
    }
}
