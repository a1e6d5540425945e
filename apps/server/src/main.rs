//! Dossier as a server. It reads its configuration, opens the archive in its data folder, and serves it.

mod config;
mod data;
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
use tokio::net::TcpListener;

use crate::{
    config::{Arguments, Config, Logs},
    error::{Error, Result},
};

/// Gives memory back to the system some seconds after it was needed: a server rests most of its time, and glibc keeps
/// half of what it once held.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

/// So long closing the archive may take, after the visitors have gone.
const CLOSING: Duration = Duration::from_secs(20);

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
    let done = Config::read(&arguments).and_then(|config| {
        let runtime = tokio::runtime::Runtime::new().map_err(|cause| Error::io("the runtime", cause))?;
        runtime.block_on(run(&config))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.message(language));
            ExitCode::FAILURE
        }
    }
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

async fn run(config: &Config) -> Result<()> {
    begin_logs(config.logs);
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
    let options = Options { behind_proxy: config.behind_proxy, ..Options::default() };
    let every = Duration::from_secs(config.sync_every_seconds);
    Site::new(Arc::clone(&archive), options).run(listener, tls, every, end()).await;
    end_for_certain();
    archive.close().await?;
    Ok(())
}

/// Whoever told the server to end does not wait forever: where files or a disk are gone from under it, closing them may
/// not come to its end. Nothing is lost by an end without it, as by one of the power: what was acknowledged is durable.
fn end_for_certain() {
    std::thread::spawn(|| {
        std::thread::sleep(CLOSING);
        tracing::error!("the archive could not be closed in time");
        std::process::exit(1);
    });
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

/// Logs are for machines; they go to standard error, as JSON unless a person reads them.
fn begin_logs(logs: Logs) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("DOSSIER_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match logs {
        Logs::Json => builder.json().init(),
        Logs::Text => builder.init(),
    }
}

/// Ends with Ctrl-C, and with what service managers send.
async fn end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    // Without signals the server runs until it is killed, which the archive survives.
    let _ = tokio::signal::ctrl_c().await;
}

/// Whoever started the server may have stopped listening; that is no reason not to serve.
fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn complain(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
