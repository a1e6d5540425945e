//! Adapters by name, so that nothing above needs to know one.

use std::sync::Arc;

use dossier_vendor::{Adapter, ConfigurationProblem, Credentials, Error, Incremental, Phrase, Result};
use serde_json::Value;

use crate::ribbon;

/// What is known about a vendor before it is connected.
#[derive(Debug, Clone, Copy)]
pub struct Description {
    /// The name in configuration and on the command line.
    pub name: &'static str,
    /// The name that people read.
    pub title: Phrase,
    /// The settings that a connection may give; all have defaults.
    pub settings: &'static [Setting],
    /// How the vendor tells what changed, with default settings.
    pub incremental: Incremental,
    /// Whether webhooks can be verified, once their secret is given.
    pub webhook: bool,
    open: fn(Value, Credentials) -> Result<Arc<dyn Adapter>>,
}

/// One setting of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// Its name in the settings' JSON object.
    pub name: &'static str,
    /// What it does.
    pub meaning: Phrase,
    /// The default, as JSON.
    pub default: &'static str,
}

/// The vendors that can be connected.
pub fn catalogue() -> &'static [Description] {
    const { &[ribbon::DESCRIPTION] }
}

/// Opens a connection: the adapter, unwrapped, for a vendor's settings (a JSON object) and credentials.
pub fn open(vendor: &str, settings: Value, credentials: Credentials) -> Result<Arc<dyn Adapter>> {
    let description = catalogue().iter().find(|description| description.name == vendor).ok_or_else(|| {
        let name = vendor.chars().filter(|c| !c.is_control()).take(40).collect();
        Error::Configuration(ConfigurationProblem::UnknownVendor(name))
    })?;
    (description.open)(settings, credentials)
}

impl Description {
    /// A description; `open` makes the adapter.
    pub(crate) const fn new(
        name: &'static str,
        title: Phrase,
        settings: &'static [Setting],
        incremental: Incremental,
        open: fn(Value, Credentials) -> Result<Arc<dyn Adapter>>,
    ) -> Self {
        Self { name, title, settings, incremental, webhook: true, open }
    }
}

impl Setting {
    pub(crate) const fn new(
        name: &'static str,
        default: &'static str,
        zh: &'static str,
        en: &'static str,
    ) -> Self {
        Self { name, meaning: Phrase::new(zh, en), default }
    }
}
