//! Dossier as a server. It reads its configuration, opens the archive in its data folder, and serves it.

mod config;
mod data;
mod ending;
mod error;
mod tls;

use std::{io::Write, process::ExitCode, sync::Arc, time::Duration};

use clap::FromArgMatches;
use dossier_access::Word;
use dossier_archive::Archive;
use dossier_domain::Language;
use dossier_report_pdf::Press;
use dossier_web::{Options, Site};
use tikv_jemallocator::Jemalloc;
use tokio::{net::TcpListener, runtime::Runtime};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tracing_appender::non_blocking::WorkerGuard;
use url::Url;

use crate::{
    config::{Arguments, Config, Logs},
    error::{Error, Result},
};

/// Gives memory back to the system some seconds after it was needed: a server rests most of its time, and glibc keeps
/// half of what it once held.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// So long everything may take once the server is told to end: visitors who still get something, and closing the archive.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> ExitCode {
    let language = dossier_usage::of_process();
    let matches = config::command(language).try_get_matches();
    let arguments = match matches.and_then(|matches| Arguments::from_arg_matches(&matches)) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error, language),
    };
    if arguments.print_config {
        say(config::explained(language));
        return ExitCode::SUCCESS;
    }
    match serve(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.message(language));
            ExitCode::FAILURE
        }
    }
}

fn serve(arguments: &Arguments) -> Result<()> {
    let ending = ending::listen(PATIENCE).map_err(|cause| Error::io("signals", cause))?;
    let config = Config::read(arguments)?;
    let _log = begin_logs(config.logs);
    raise_limits();
    let runtime = Runtime::new().map_err(|cause| Error::io("the runtime", cause))?;
    let done = runtime.block_on(run(&config, ending));
    // What still blocks a thread holds nobody up.
    runtime.shutdown_background();
    done
}

/// Help and version as they are, a mistake in the language.
fn usage(error: &clap::Error, language: Language) -> ExitCode {
    if error.use_stderr() {
        complain(&dossier_usage::mistake(error, language, "dossier-server --help"));
        return ExitCode::from(2);
    }
    // Whoever closes the terminal while reading help wants nothing more.
    let _ = error.print();
    ExitCode::SUCCESS
}

async fn run(config: &Config, ending: CancellationToken) -> Result<()> {
    let opened = tokio::select! {
        biased;
        () = ending.cancelled() => return Ok(()),
        opened = open(config) => opened?,
    };
    let Opened { archive, listener, tls, url } = opened;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), %url, "serving");
    let public_origin =
        config.public_url.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| url.origin());
    let options = Options { behind_proxy: config.behind_proxy, public_origin, ..Options::default() };
    let every = Duration::from_secs(config.sync_every_seconds);
    Site::new(Arc::clone(&archive), options).run(listener, tls, every, ending.cancelled()).await;
    tracing::info!("ending");
    archive.close().await?;
    Ok(())
}

/// What it takes to serve.
struct Opened {
    archive: Arc<Archive>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    /// What visitors type to come here.
    url: String,
}

async fn open(config: &Config) -> Result<Opened> {
    let tls = config.tls.as_ref().map(tls::acceptor).transpose()?;
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|cause| Error::io(config.listen.to_string(), cause))?;
    let mut archive = data::open(config).await?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let address = listener.local_addr().map_err(|cause| Error::io("the listener", cause))?;
    let url = config.public_url.clone().unwrap_or_else(|| format!("{scheme}://{address}"));
    if let Some(oidc) = &config.oidc {
        archive.set_provider(oidc.provider(&url)?);
    }
    archive.set_pages_address(&url).map_err(Error::from_archive)?;
    archive.set_typesetter(Arc::new(Press::new(config.fonts_dir.clone())));
    let archive = Arc::new(archive);
    welcome(&archive, &url).await?;
    Ok(Opened { archive, listener, tls, url })
}

/// Says where to go, and as long as nobody can sign in, how the first one does.
async fn welcome(archive: &Archive, url: &str) -> Result<()> {
    let language = dossier_usage::of_process();
    say(&format!("{} {url}", language.pick("卷宗已就绪：", "Dossier is ready at")));
    if let Some(link) = archive.first_administrator_link(Word::parse("server")?).await? {
        let explanation = language.pick(
            "还没有人可以登录。用这个一次性链接设置第一位系统管理员：",
            "Nobody can sign in yet. Set up the first system administrator with this link, good for one time:",
        );
        say(&format!("{explanation}\n  {url}/welcome/{}", link.token.reveal()));
    }
    Ok(())
}

/// Logs are for machines; they go to standard error, as JSON unless a person reads them, until the guard is dropped. Lines
/// that nobody reads in time are dropped: a pipe that is full must not hold up those who have something to log.
fn begin_logs(logs: Logs) -> WorkerGuard {
    let filter = tracing_subscriber::EnvFilter::try_from_env("DOSSIER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let (writer, guard) = tracing_appender::non_blocking(std::io::stderr());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match logs {
        Logs::Json => builder.json().init(),
        Logs::Text => builder.init(),
    }
    guard
}

/// As many open files as the system grants: each visitor is one, and many systems begin with 1,024.
fn raise_limits() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = getrlimit(Resource::Nofile);
        // With fewer, visitors wait.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
    }
}

/// Whoever started the server may have stopped listening; that is no reason not to serve.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
