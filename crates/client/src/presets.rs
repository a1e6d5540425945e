//! The tags that HR keeps ready: a part of the bank's settings.

use dossier_domain::PresetTag;
use http::{Method, header};
use serde_json::{Map, Value};

use crate::{Client, Result, client::text};

/// Where they stand among the settings.
const PRESETS: &str = "presets";

/// The settings as the server sent them, and their state.
struct Known {
    settings: Map<String, Value>,
    state: String,
}

impl Client {
    /// The tags that are kept ready, in their order.
    ///
    /// # Errors
    /// As the server refuses; so for all that follows.
    pub async fn preset_tags(&self) -> Result<Vec<PresetTag>> {
        self.presets_of(&self.settings_known().await?)
    }

    /// Keeps other tags ready, and leaves all other settings as they are.
    ///
    /// # Errors
    /// As [`Client::preset_tags`]; and where the settings were changed since `before` was asked for.
    pub async fn set_preset_tags(&self, before: &[PresetTag], presets: &[PresetTag]) -> Result<()> {
        let mut known = self.settings_known().await?;
        // What is written is what is known to be there, but for the tags; the state says that nothing came in between.
        if self.presets_of(&known)? != before {
            known.state = "\"another\"".to_owned();
        }
        known.settings.insert(PRESETS.to_owned(), serde_json::json!(presets));
        let request = self.request(Method::PUT, &["settings"])?.header(header::IF_MATCH, &known.state);
        self.read::<Value>(request.json(&known.settings)).await.map(drop)
    }

    async fn settings_known(&self) -> Result<Known> {
        let answer = self.send(self.get(&["settings"])?).await?;
        let state = text(&answer, header::ETAG).unwrap_or_default().to_owned();
        let bytes = self.whole(answer).await?.unwrap_or_default();
        let settings = serde_json::from_slice(&bytes).map_err(|error| self.strange(&error.to_string()))?;
        Ok(Known { settings, state })
    }

    fn presets_of(&self, known: &Known) -> Result<Vec<PresetTag>> {
        let presets = known.settings.get(PRESETS).cloned().unwrap_or_default();
        serde_json::from_value(presets).map_err(|error| self.strange(&error.to_string()))
    }
}
