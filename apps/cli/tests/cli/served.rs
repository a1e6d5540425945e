//! A copy of an archive, served over a real socket, and tokens for its users.

use std::{
    fs, io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use dossier_folder::{Caches, DataFolder, key_file};
use dossier_web::{Options, Site};
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};
use tokio_rustls::TlsAcceptor;

use crate::place::{Place, Ran};

/// A served archive; it ends when this is dropped.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

impl Served {
    /// Serves the archive that is in a place.
    pub(crate) fn of(place: &Place, tls: Option<TlsAcceptor>) -> Self {
        let (data, key) = (place.path("dossier-data"), place.path("dossier-data.key"));
        let (end, ended) = oneshot::channel();
        let (told, address) = mpsc::channel();
        let serving = std::thread::spawn(move || {
            Runtime::new().unwrap().block_on(async {
                let root = key_file::read(&key).unwrap();
                let archive = DataFolder::at(&data).open(&root, Caches::default()).await.unwrap();
                let archive = Arc::new(archive);
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                let site = Site::new(Arc::clone(&archive), Options::default());
                site.run(listener, tls, Duration::from_secs(3600), async { drop(ended.await) }).await;
                archive.close().await.unwrap();
            });
        });
        Self { address: address.recv().unwrap(), end: Some(end), serving: Some(serving) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(serving) = self.serving.take() {
            let done = serving.join();
            assert!(done.is_ok() || std::thread::panicking(), "the server failed");
        }
    }
}

impl Place {
    /// Another place with a copy of everything in this one.
    pub(crate) fn copied(&self) -> Self {
        let other = Self::new();
        copy(self.dir.path(), other.dir.path()).unwrap();
        other
    }

    /// Makes a token for a user and puts it into a file of their name.
    pub(crate) fn give_token(&self, login: &str, scopes: &str) {
        let made = self.json(&format!("token add test --scopes {scopes} --as {login}"));
        fs::write(self.path(&format!("{login}.token")), made["token"].as_str().unwrap()).unwrap();
    }

    /// Runs a command at a server, with the token of a user.
    pub(crate) fn at(&self, server: &str, login: &str, line: &str) -> Ran {
        self.run(&format!("{line} --server {server} --token-file {login}.token"))
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
