//! Dossier on the command line: it reads the arguments, puts the back ends together or reaches a server, asks for one thing,
//! and shows the answer. It decides nobody's rights.

mod args;
mod commands;
mod desk;
mod error;
mod exit;
mod files;
mod input;
mod out;
mod progress;
mod root;
mod service;
mod table;
mod text;

use std::process::ExitCode;

use clap::FromArgMatches;

use crate::{args::Cli, error::Result, out::Out};

fn main() -> ExitCode {
    let language = dossier_usage::of_process();
    let matches = match args::command(language).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return out::usage(&error, language),
    };
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return out::usage(&error, language),
    };
    let out = Out::new(language, cli.global.json);
    match cli.global.settle(&matches) {
        Ok(()) => run(&cli, &out),
        Err(error) => out.error(&error),
    }
}

fn run(cli: &Cli, out: &Out) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().map_err(|cause| error::Error::io("runtime", cause));
    let done: Result<()> = runtime.and_then(|runtime| runtime.block_on(commands::run(cli, out)));
    match done.and_then(|()| out.written()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => out.error(&error),
    }
}
