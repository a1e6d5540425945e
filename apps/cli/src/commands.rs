//! The commands. Each one parses what was typed, asks the desk's service, and shows the answer: for people, or as the JSON
//! document that its module describes.

mod board;
mod channel;
mod claims;
mod completions;
mod connection;
mod demo;
mod doctor;
mod fetch;
mod folders;
mod index;
mod init;
mod log;
mod moves;
mod notice;
mod offer;
mod pipeline;
mod policy;
mod position;
mod preset;
mod proposal;
mod release;
mod report;
mod saved;
mod saved_report;
mod scorecard;
mod search;
mod show;
mod sync;
mod tables;
mod tag;
mod theme;
mod timeline;
mod token;
mod upload;
mod user;

use dossier_archive::Archive;
use dossier_domain::text::Login;

use crate::{
    args::{Cli, Command, Global},
    desk::{self, Desk},
    error::Result,
    input,
    out::Out,
    root,
    service::{Local, remote},
};

/// Runs what was typed.
pub(crate) async fn run(cli: &Cli, out: &Out) -> Result<()> {
    match &cli.command {
        Command::Help(help) => completions::help(help, out),
        Command::Completions(completions) => completions::completions(completions, out),
        Command::Init(init) => {
            cli.global.refuse_server("init")?;
            Box::pin(init::run(init, &cli.global, out)).await
        }
        Command::Demo(demo) => {
            cli.global.refuse_server("demo")?;
            Box::pin(demo::run(demo, &cli.global, out)).await
        }
        command => match cli.global.server() {
            Some(server) => Box::pin(at_server(server, command, &cli.global, out)).await,
            None => Box::pin(at_folder(command, &cli.global, out)).await,
        },
    }
}

/// Asks the server that was named.
async fn at_server(server: &str, command: &Command, global: &Global, out: &Out) -> Result<()> {
    let client = remote::client(global, server, out)?;
    act(command, &Desk::at(client, out).await?).await
}

/// Opens the archive, acts as the user that was named, and closes it whatever came of it.
async fn at_folder(command: &Command, global: &Global, out: &Out) -> Result<()> {
    let login = desk::acting(global)?;
    let archive = desk::open(global, out).await?;
    let done = act_at(&archive, login, command, global, out).await;
    let closed = archive.close().await;
    done.and_then(|()| Ok(closed?))
}

async fn act_at(archive: &Archive, login: &str, command: &Command, global: &Global, out: &Out) -> Result<()> {
    let login = input::text::<Login>("用户名", login)?;
    let local = Local::of(archive, &login, out.language).await?.with_key_file(root::key_file(global));
    act(command, &Desk::at(local, out).await?).await
}

async fn act(command: &Command, desk: &Desk<'_>) -> Result<()> {
    match command {
        Command::Connection(connection) => connection::run(connection, desk).await,
        Command::Sync(sync) => sync::run(sync, desk).await,
        Command::Position(position) => position::run(position, desk).await,
        Command::User(user) => user::run(user, desk).await,
        Command::Policy(policy) => policy::run(policy, desk).await,
        Command::Token(token) => token::run(token, desk).await,
        Command::Search(search) => search::run(search, desk).await,
        Command::Report(report) => report::run(report, desk).await,
        Command::SavedReport(saved) => saved_report::run(saved, desk).await,
        Command::Proposal(proposal) => proposal::run(proposal, desk).await,
        Command::Saved(saved) => saved::run(saved, desk).await,
        Command::Notice(notice) => notice::run(notice, desk).await,
        Command::Channel(channel) => channel::run(channel, desk).await,
        Command::Preset(preset) => preset::run(preset, desk).await,
        Command::Show(show) => show::run(show, desk).await,
        Command::Claims(claims) => claims::run(claims, desk).await,
        Command::Offer(offer) => offer::run(offer, desk).await,
        Command::Move(asked) => moves::run(asked, desk).await,
        Command::Pipeline(asked) => pipeline::run(asked, desk).await,
        Command::Board(board) => board::run(board, desk).await,
        Command::Scorecard(scorecard) => scorecard::run(scorecard, desk).await,
        Command::Timeline(timeline) => timeline::run(timeline, desk).await,
        Command::Tag(tag) => tag::run(tag, desk).await,
        Command::Theme(theme) => theme::run(theme, desk).await,
        Command::Folders(folders) => folders::run(folders, desk).await,
        Command::Fetch(fetch) => fetch::run(fetch, desk).await,
        Command::Release(release) => release::run(release, desk).await,
        Command::Upload(upload) => upload::run(upload, desk).await,
        Command::Log(log) => log::run(log, desk).await,
        Command::Doctor(doctor) => doctor::run(doctor, desk).await,
        Command::Index(index) => index::run(index, desk).await,
        // These need no desk, and were run before.
        Command::Init(_) | Command::Demo(_) | Command::Completions(_) | Command::Help(_) => Ok(()),
    }
}
