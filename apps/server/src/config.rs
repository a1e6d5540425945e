//! The configuration: a TOML file, with flags and environment variables over it. Everything has a default.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

mod oidc;

use clap::{CommandFactory, Parser};
use dossier_domain::Language;
use serde::Deserialize;
use url::{Position, Url};

use crate::error::{Error, Result};

/// The configuration with its defaults and explanations.
const DEFAULTS: &str = include_str!("config/default.toml");

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
    /// The language of this help and of messages: zh or en [default: that of the system]
    #[arg(long, value_name = "LANG", env = "DOSSIER_LANG")]
    lang: Option<String>,
}

/// The Chinese help.
const CHINESE: &dossier_usage::Texts = &[
    ("", "", "提供一份卷宗存档的网页与 API"),
    ("", "config", "配置文件；其中每一项都有默认值"),
    ("", "data", "数据目录，优先于配置文件"),
    ("", "listen", "监听地址，优先于配置文件"),
    ("", "key_file", "存档的密钥文件，优先于配置文件"),
    ("", "print_config", "输出带默认值与说明的配置，然后结束"),
    ("", "lang", "帮助与提示的语言：zh 或 en［默认：随系统］"),
    ("", "version", "显示版本"),
];

/// The arguments as clap takes them, with help in the language.
pub(crate) fn command(language: Language) -> clap::Command {
    dossier_usage::in_language(Arguments::command(), CHINESE, language)
}

/// The configuration with its defaults, and explanations in the language.
pub(crate) fn explained(language: Language) -> &'static str {
    language.pick(include_str!("config/default.zh.toml"), DEFAULTS)
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
    pub(crate) fonts_dir: Option<PathBuf>,
    pub(crate) logs: Logs,
    pub(crate) tls: Option<Tls>,
    pub(crate) oidc: Option<oidc::Oidc>,
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
        if let Some(url) = &self.public_url {
            let read = Url::parse(url).ok().filter(|read| ["http", "https"].contains(&read.scheme()));
            if !read.is_some_and(|read| read[Position::BeforePath..].trim_matches('/').is_empty()) {
                return Err(Error::new(
                    format!("public_url 须是 http 或 https 网址，主机名之后没有路径：{url}"),
                    format!("public_url must be an address of http or https without a path: {url}"),
                ));
            }
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

    /// What stands in a line, without what it explains: settings, and those that are left out after `# `.
    fn settings(text: &str) -> Vec<&str> {
        let is_setting = |line: &&str| {
            let line = line.trim_start_matches("# ");
            let name = line.split(" = ").next().unwrap_or_default();
            let is_name =
                !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            line.starts_with('[') || (is_name && line.contains(" = "))
        };
        text.lines().filter(is_setting).collect()
    }

    #[test]
    fn both_languages_explain_the_same_settings() {
        let [chinese, english] = [Language::Chinese, Language::English].map(explained);
        assert_eq!(settings(chinese), settings(english));
        assert!(settings(english).len() > 20);
        let explanations =
            chinese.lines().filter(|line| line.starts_with('#') && !settings(line).contains(line));
        for line in explanations.filter(|line| line.len() > 1) {
            assert!(!line.is_ascii(), "not in Chinese: {line}");
        }
        assert_eq!(dossier_usage::gaps(Arguments::command(), CHINESE), Vec::<String>::new());
    }

    #[test]
    fn what_is_left_out_is_a_configuration_when_it_is_let_in() {
        let let_in = |line: &str| settings(line).first().map(|line| line.trim_start_matches("# ").to_owned());
        let whole: Vec<String> = DEFAULTS.lines().filter_map(let_in).collect();
        with(&whole.join("\n")).unwrap();
    }

    #[test]
    fn nothing_is_served_in_the_open() {
        let refused = |text: &str| with(text).unwrap_err().to_string();
        assert!(refused("listen = \"0.0.0.0:80\"").contains("no TLS"));
        with("listen = \"0.0.0.0:80\"\nbehind_proxy = true").unwrap();
        for address in [
            "javascript:alert(1)",
            "dossier.bank",
            "https://dossier.bank/?q=1",
            "https://dossier.bank/#f",
            "https://dossier.bank/hr",
        ] {
            assert!(refused(&format!("public_url = \"{address}\"")).contains("public_url"), "{address}");
        }
        with("public_url = \"https://dossier.bank:8443/\"").unwrap();
        assert!(refused("lissten = \"127.0.0.1:80\"").contains("lissten"));
        assert!(refused("sync_every_seconds = 1").contains("between"));
        assert!(refused("listen = ").contains("no configuration"));
    }
}
