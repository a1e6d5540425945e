//! TLS: rustls over ring, trusting the authorities of this machine.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

use crate::{ConfigurationProblem, Error, Result};

/// The configuration for a client of `base_url`. Where the vendor itself is unencrypted (the simulator on this
/// machine), no authority is trusted at all, and none need be installed. Authorities that are given are the only ones.
pub(super) fn config(base_url: &Url, authorities: Option<&[u8]>) -> Result<ClientConfig> {
    let tls = |_| Error::Configuration(ConfigurationProblem::Tls);
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(tls)?;
    let config = if let Some(pem) = authorities {
        builder.with_root_certificates(only(pem)?)
    } else if base_url.scheme() == "https" {
        builder.with_platform_verifier().map_err(tls)?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(config.with_no_client_auth())
}

/// The certificates of a PEM file: at least one.
fn only(pem: &[u8]) -> Result<RootCertStore> {
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let unreadable = || Error::Configuration(ConfigurationProblem::Tls);
        store.add(certificate.map_err(|_| unreadable())?).map_err(|_| unreadable())?;
    }
    if store.is_empty() { Err(Error::Configuration(ConfigurationProblem::Tls)) } else { Ok(store) }
}
