//! TLS with rustls, over the provider that everything else uses.

use std::sync::Arc;

use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    config::Tls,
    error::{Error, Result},
};

/// Reads certificate and key.
pub(crate) fn acceptor(tls: &Tls) -> Result<TlsAcceptor> {
    let unreadable = |path: &std::path::Path, cause: &dyn std::fmt::Display| {
        let path = path.display();
        Error::new(format!("{path} 无法读取：{cause}"), format!("{path} can't be read: {cause}"))
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect)
        .map_err(|cause| unreadable(&tls.certificate, &cause))?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|cause| unreadable(&tls.key, &cause))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|cause| {
            Error::new(format!("TLS 证书不可用：{cause}"), format!("the certificate can't be used: {cause}"))
        })?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
