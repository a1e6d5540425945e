//! Where commands work: in a data folder, or at a server.

use clap::{ArgMatches, parser::ValueSource};

use super::Global;
use crate::error::{Error, Result};

/// What is said of a data folder alone.
const OF_A_FOLDER: [(&str, &str); 4] = [
    ("data", "--data"),
    ("key_file", "--key-file"),
    ("passphrase_file", "--passphrase-file"),
    ("user", "--as"),
];

impl Global {
    /// Settles whether commands work at a server: what was typed counts more than what the environment says.
    pub(crate) fn settle(&mut self, matches: &ArgMatches) -> Result<()> {
        let is_typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
        let of_a_folder = OF_A_FOLDER.iter().find(|(id, _)| is_typed(id));
        match of_a_folder {
            Some((_, name)) if is_typed("server") => Err(Error::invalid(
                format!("{name} 用于数据目录，不能与 --server 同时使用；在服务器上由令牌说明身份"),
                format!(
                    "{name} is for a data folder and does not go with --server; there, the token says who acts"
                ),
            )),
            Some(_) => {
                self.server = None;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// The server to work at, unless it is a data folder.
    pub(crate) fn server(&self) -> Option<&str> {
        self.server.as_deref().filter(|server| !server.is_empty())
    }

    /// Refuses to do at a server what is done to a data folder alone.
    pub(crate) fn refuse_server(&self, command: &str) -> Result<()> {
        match self.server() {
            None => Ok(()),
            Some(_) => Err(Error::invalid(
                format!(
                    "dossier {command} 在本机新建数据目录，不能用于服务器；请不要给出 --server（或环境变量 DOSSIER_SERVER）"
                ),
                format!(
                    "dossier {command} makes a data folder on this machine and is not for a server; leave --server (or DOSSIER_SERVER) away"
                ),
            )),
        }
    }
}
