//! `completions` and `help`: what the command line says about itself.

use crate::{
    args,
    error::{Error, Result},
    out::Out,
};

/// `completions SHELL`
pub(super) fn completions(asked: &args::Completions, out: &Out) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(asked.shell, &mut args::command(out.language), "dossier", &mut script);
    out.raw(&script).map_err(|cause| Error::io("stdout", cause))
}

/// `help [COMMAND…]`
pub(super) fn help(asked: &args::Help, out: &Out) -> Result<()> {
    let mut command = args::command(out.language);
    command.build();
    let mut found = &mut command;
    for name in &asked.command {
        found = found.find_subcommand_mut(name).ok_or_else(|| {
            let name: String = name.chars().take(40).collect();
            Error::invalid(format!("没有“{name}”这个命令"), format!("there is no command {name}"))
        })?;
    }
    out.raw(found.render_help().to_string().as_bytes()).map_err(|cause| Error::io("stdout", cause))
}
