//! A vendor's key in memory.

use zeroize::Zeroizing;

/// A key or password for a vendor. Never printed, wiped when dropped.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the one place that sends or signs with it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// What a connection proves itself with.
pub struct Credentials {
    /// The API key.
    pub key: Secret,
    /// The secret by which webhooks are signed, where they are used.
    pub webhook: Option<Secret>,
}

impl Credentials {
    /// An API key alone.
    pub fn key(text: impl Into<String>) -> Self {
        Self { key: Secret::new(text), webhook: None }
    }
}
