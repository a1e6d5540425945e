//! The configuration: a TOML file, with flags and environment variables over it. Everything has a default.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Parser;
use serde::Deserialize;

use crate::error::{Error, Result};

/// The configuration with its defaults and explanations.
pub(crate) const DEFAULTS: &str = include_str!("config/default.toml");

/// Serves the pages and the API of a Dossier archive.
#[derive(Parser)]
#[command(name = "dossier-server", version)]
pub(crate) struct Arguments {
    /// The configuration file; everything in it has a default.
    #[arg(long, short, value_name = "FILE", env = "DOSSIER_CONFIG")]
    config: Option<PathBuf>,
    /// The data folder, over what the file says.
    #[arg(long, value_name = "DIR", env = "DOSSIER_DATA")]
    data: Option<PathBuf>,
    /// The address to listen at, over what the file says.
    #[arg(long, value_name = "ADDRESS", env = "DOSSIER_LISTEN")]
    listen: Option<SocketAddr>,
    /// Where the key file of the archive is, over what the file says.
    #[arg(long, value_name = "FILE", env = "DOSSIER_KEY_FILE")]
    key_file: Option<PathBuf>,
    /// Prints the configuration with its defaults and explanations, and ends.
    #[arg(long)]
    pub(crate) print_config: bool,
}

/// The configuration as it holds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    pub(crate) listen: SocketAddr,
    pub(crate) data: PathBuf,
    pub(crate) key_file: Option<PathBuf>,
    pub(crate) passphrase_file: Option<PathBuf>,
    pub(crate) behind_proxy: bool,
    pub(crate) public_url: Option<String>,
    pub(crate) sync_every_seconds: u64,
    pub(crate) logs: Logs,
    pub(crate) tls: Option<Tls>,
}

/// Who reads the logs.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Logs {
    Json,
    Text,
}

/// Certificate and key, both PEM.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Tls {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

impl Config {
    /// Reads file and environment, and checks that they make sense together.
    pub(crate) fn read(arguments: &Arguments) -> Result<Self> {
        let mut config = Self::of(arguments.config.as_deref())?;
        config.data = arguments.data.clone().unwrap_or(config.data);
        config.listen = arguments.listen.unwrap_or(config.listen);
        config.key_file = arguments.key_file.clone().or(config.key_file);
        config.check()?;
        Ok(config)
    }

    fn of(file: Option<&Path>) -> Result<Self> {
        let mut table = parse(DEFAULTS, "the defaults")?;
        let name = file.map_or_else(|| "the defaults".to_owned(), |path| path.display().to_string());
        if let Some(path) = file {
            let text = fs::read_to_string(path).map_err(|cause| Error::io(&name, cause))?;
            table.extend(parse(&text, &name)?);
        }
        Self::deserialize(table).map_err(|cause| mistake(&name, &cause))
    }

    fn check(&self) -> Result<()> {
        if self.tls.is_none() && !self.behind_proxy && !self.listen.ip().is_loopback() {
            let listen = self.listen;
            return Err(Error::new(
                format!(
                    "{listen} 对外可达，但没有 TLS：请在配置中给出 [tls] 证书，或者在反向代理之后运行并设 behind_proxy = true"
                ),
                format!(
                    "{listen} can be reached from elsewhere, but there is no TLS: give a certificate in [tls], or run behind a proxy that has one and set behind_proxy = true"
                ),
            ));
        }
        if !(10..=3600).contains(&self.sync_every_seconds) {
            return Err(Error::new(
                "sync_every_seconds 须在 10 到 3600 之间",
                "sync_every_seconds must be between 10 and 3600",
            ));
        }
        Ok(())
    }
}

fn parse(text: &str, name: &str) -> Result<toml::Table> {
    toml::from_str(text).map_err(|cause| mistake(name, &cause))
}

fn mistake(name: &str, cause: &toml::de::Error) -> Error {
    Error::new(format!("配置 {name} 有误：\n{cause}"), format!("{name} is no configuration:\n{cause}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("dossier.toml");
        fs::write(&path, text).unwrap();
        let config = Config::of(Some(&path))?;
        config.check()?;
        Ok(config)
    }

    #[test]
    fn the_defaults_are_a_configuration() {
        let config = Config::of(None).unwrap();
        config.check().unwrap();
        assert!(config.listen.ip().is_loopback() && config.tls.is_none());
        assert_eq!(config.sync_every_seconds, 60);
    }

    #[test]
    fn nothing_is_served_in_the_open() {
        let refused = |text: &str| with(text).unwrap_err().to_string();
        assert!(refused("listen = \"0.0.0.0:80\"").contains("no TLS"));
        with("listen = \"0.0.0.0:80\"\nbehind_proxy = true").unwrap();
        assert!(refused("lissten = \"127.0.0.1:80\"").contains("lissten"));
        assert!(refused("sync_every_seconds = 1").contains("between"));
        assert!(refused("listen = ").contains("no configuration"));
    }
}
