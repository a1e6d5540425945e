//! The other side: a server over the large folder, in a process of its own.

use std::{
    convert::Infallible,
    io::{BufRead, BufReader, Write},
    net::SocketAddr,
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use dossier_access::{Actor, Job as Task, Word};
use dossier_archive::{Archive, SearchRequest, SignIn, SignedIn};
use dossier_domain::text::Login;
use dossier_simulator::video;
use dossier_web::{Options, Site};
use futures::stream;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::net::TcpListener;

use crate::{
    Result,
    child::{self, Job},
    folder::{self, Folder},
};

const PASSWORD: &str = "nothing here is a secret";
/// The connection of the folder leads nowhere, and is not to be asked.
const SYNC_EVERY: Duration = Duration::from_secs(3600);
const FILM: usize = 256 << 20;

/// Where the server is, and the session of HR there.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub(super) address: SocketAddr,
    pub(super) cookie: String,
}

/// A large film that was added.
#[derive(Serialize, Deserialize)]
pub(crate) struct Film {
    pub(super) path: String,
    pub(super) length: u64,
}

/// The process. It ends when its input does.
pub(super) struct Side {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    pub(super) ready: Ready,
}

impl Side {
    pub(super) fn start(folder: &Path) -> Result<Self> {
        let job = serde_json::to_string(&Job::Serve { folder: folder.to_owned() })?;
        let mut command = Command::new(std::env::current_exe()?);
        let mut process =
            command.arg("--child").arg(job).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let input = process.stdin.take().ok_or("no input")?;
        let mut output = BufReader::new(process.stdout.take().ok_or("no output")?);
        let ready = told(&mut output)?;
        Ok(Self { process, input, output, ready })
    }

    /// Adds the film.
    pub(super) fn film(&mut self) -> Result<Film> {
        writeln!(self.input, "film")?;
        told(&mut self.output)
    }

    /// The memory that it holds now, in bytes.
    pub(super) fn resident(&self) -> Result<u64> {
        child::resident_of(self.process.id())
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        // What it holds is made up and is not needed again.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn told<T: DeserializeOwned>(output: &mut impl BufRead) -> Result<T> {
    let mut line = String::new();
    output.read_line(&mut line)?;
    Ok(serde_json::from_str(&line).map_err(|error| format!("the server said {line:?}: {error}"))?)
}

fn tell(what: &impl Serialize) -> Result {
    let mut output = std::io::stdout();
    writeln!(output, "{}", serde_json::to_string(what)?)?;
    Ok(output.flush()?)
}

/// Serves the folder until the input ends; adds a film when it is asked to.
pub(crate) async fn serve(path: &Path) -> Result {
    let archive = Arc::new(Folder::at(path).open().await?);
    let token = sign_in(&archive).await?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let ready = Ready { address: listener.local_addr()?, cookie: format!("__Host-dossier={token}") };
    let site = Site::new(Arc::clone(&archive), Options::default());
    tokio::spawn(site.run(listener, None, SYNC_EVERY, std::future::pending()));
    tell(&ready)?;
    let asked = || std::io::stdin().lines().next().transpose();
    while tokio::task::spawn_blocking(asked).await??.is_some() {
        tell(&add_film(&archive).await?)?;
    }
    Ok(())
}

async fn sign_in(archive: &Archive) -> Result<String> {
    let origin = Word::parse("bench")?;
    let setup = archive.context(Actor::system(Task::Setup), origin.clone())?;
    let invitation = archive.invite(&setup, &Login::parse("hr")?).await?;
    archive.redeem(invitation.token.reveal(), PASSWORD, origin.clone()).await?;
    match archive.sign_in(SignIn { login: "hr", password: PASSWORD, code: None, origin }).await? {
        SignedIn::Session(session) => Ok(session.token.reveal().to_owned()),
        SignedIn::CodeNeeded { .. } => Err("a code is needed".into()),
    }
}

async fn add_film(archive: &Archive) -> Result<Film> {
    let hr = folder::user(archive, "hr").await?;
    let found = archive.search(&hr, SearchRequest::default()).await?;
    let application = found.hits.hits.first().ok_or("nobody is there")?.application;
    let film = video::bytes(video::clip(""), &"x".repeat(FILM));
    let length = film.len() as u64;
    let pieces = stream::iter([Ok::<_, Infallible>(film)]);
    let material = archive.upload(&hr, application, "film.mp4", None, pieces).await?;
    Ok(Film { path: format!("/applications/{application}/materials/{}", material.id), length })
}
