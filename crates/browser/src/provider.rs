//! A provider of OpenID Connect that is not ours: npm's `oidc-provider`, as a process of its own on loopback.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Command, Stdio},
};

use dossier_archive::{Provider, ProviderSettings};
use dossier_testkit::TestResult;
use dossier_vendor::Secret;

use crate::root;

const MODULE: &str = "target/oidc-provider/node_modules/oidc-provider/lib/index.js";
/// Under a site's own address.
const RETURN: &str = dossier_web::PROVIDER_RETURN;

/// The process. It ends when this is dropped, and when this process ends however that may be: its input does.
pub struct ProviderProcess {
    issuer: String,
    child: Child,
    // Held open, so that it does not die of a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl ProviderProcess {
    /// Starts it for a site at this address.
    ///
    /// # Errors
    /// When it is not there, or does not start.
    pub fn start(site: &str) -> TestResult<Self> {
        let module = root().join(MODULE);
        if !module.is_file() {
            return Err(format!(
                "{} is not there; `cargo xtask test packages` fetches it with npm",
                module.display()
            )
            .into());
        }
        let mut child = Command::new("node")
            .arg(root().join("crates/browser/provider/provider.mjs"))
            .arg(&module)
            .arg(format!("{site}{RETURN}"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("node does not start: {error}; Debian has it in the package nodejs"))?;
        let mut output = BufReader::new(child.stdout.take().ok_or("it has no output")?);
        let mut issuer = String::new();
        output.read_line(&mut issuer)?;
        let issuer = issuer.trim().to_owned();
        if issuer.is_empty() {
            return Err("the provider ended without a word; start it by hand to see why".into());
        }
        Ok(Self { issuer, child, _output: output })
    }

    /// The archive's view of it, for a site at this address.
    ///
    /// # Errors
    /// When the address can't be used.
    pub fn as_provider(&self, site: &str) -> TestResult<Provider> {
        let secret = Some(Secret::new("a secret: between+us"));
        let return_to = format!("{site}{RETURN}").parse()?;
        let settings = ProviderSettings::new(self.issuer.clone(), "dossier".to_owned(), secret, return_to);
        Ok(Provider::new(settings)?)
    }
}

impl Drop for ProviderProcess {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
