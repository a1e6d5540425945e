//! The bank's own login in the configuration.

use std::{fs, path::PathBuf};

use dossier_archive::{Provider, ProviderSettings};
use dossier_vendor::Secret;
use dossier_web::PROVIDER_RETURN;
use serde::Deserialize;
use url::Url;

use crate::error::{Error, Result};

/// Where the secret may be instead of in a file.
const SECRET: &str = "DOSSIER_OIDC_SECRET";

/// The section `[oidc]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Oidc {
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    #[serde(default = "scopes")]
    scopes: Vec<String>,
    #[serde(default = "login_claim")]
    login_claim: String,
    #[serde(default = "button_zh")]
    button_zh: String,
    #[serde(default = "button_en")]
    button_en: String,
    #[serde(default = "yes")]
    passwords: bool,
    #[serde(default)]
    two_factors: Vec<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    private_network: bool,
    ca_file: Option<PathBuf>,
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn login_claim() -> String {
    "preferred_username".to_owned()
}

fn button_zh() -> String {
    "行内统一登录".to_owned()
}

fn button_en() -> String {
    "Bank sign-in".to_owned()
}

fn yes() -> bool {
    true
}

impl Oidc {
    /// The provider of this section, for a site at this address.
    pub(crate) fn provider(&self, site: &str) -> Result<Provider> {
        let return_to = format!("{}{PROVIDER_RETURN}", site.trim_end_matches('/'));
        let return_to = Url::parse(&return_to).map_err(|cause| {
            Error::new(format!("public_url 不是网址：{cause}"), format!("public_url is no address: {cause}"))
        })?;
        let read =
            |path: &PathBuf| fs::read(path).map_err(|cause| Error::io(path.display().to_string(), cause));
        Ok(Provider::new(ProviderSettings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone(),
            client_secret: self.secret()?,
            return_to,
            scopes: self.scopes.clone(),
            login_claim: self.login_claim.clone(),
            label: [self.button_zh.clone(), self.button_en.clone()],
            passwords: self.passwords,
            two_factors: self.two_factors.clone(),
            hosts: self.hosts.clone(),
            private_network: self.private_network,
            authorities: self.ca_file.as_ref().map(read).transpose()?,
        })?)
    }

    /// From the file, else from the environment; a provider may do without.
    fn secret(&self) -> Result<Option<Secret>> {
        let Some(path) = &self.client_secret_file else {
            return Ok(std::env::var(SECRET).ok().filter(|secret| !secret.is_empty()).map(Secret::new));
        };
        let text = fs::read_to_string(path).map_err(|cause| Error::io(path.display().to_string(), cause))?;
        Ok(Some(Secret::new(text.trim_end_matches(['\r', '\n']))))
    }
}
