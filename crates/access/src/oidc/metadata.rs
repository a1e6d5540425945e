//! A provider's description of itself, as it stands at `/.well-known/openid-configuration` below the issuer.

use serde::Deserialize;

use super::OidcFault;

/// Where a provider is asked for what.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    issuer: String,
    /// Where a person signs in.
    pub authorization_endpoint: String,
    /// Where a code is exchanged for an ID token.
    pub token_endpoint: String,
    /// Where its public keys are.
    pub jwks_uri: String,
    /// Where more is told of a person than stands in the token.
    pub userinfo_endpoint: Option<String>,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

impl Metadata {
    /// Reads a description, which must be that of this issuer.
    ///
    /// # Errors
    /// [`OidcFault::Metadata`]
    pub fn parse(json: &[u8], issuer: &str) -> Result<Self, OidcFault> {
        let described: Self = serde_json::from_slice(json).map_err(|_| OidcFault::Metadata)?;
        if described.issuer == issuer { Ok(described) } else { Err(OidcFault::Metadata) }
    }

    /// Whether the program's secret goes into the body: only where the provider does not take it as a header, which is
    /// what all take that say nothing.
    pub fn wants_secret_in_body(&self) -> bool {
        let methods = &self.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|method| method == name);
        !has("client_secret_basic") && has("client_secret_post")
    }
}
