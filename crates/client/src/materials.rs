//! Materials: taking many away at once.

use dossier_domain::{ApplicationId, MaterialId, MaterialKind, text::Line};
use http::{HeaderName, header};
use serde::Serialize;
use serde_json::json;

use crate::{
    Client, Result,
    applications::Sort,
    client::{Request, number, text},
    download::Download,
};

const APPLICATIONS: HeaderName = HeaderName::from_static("dossier-applications");
const FILES: HeaderName = HeaderName::from_static("dossier-files");

/// Which materials are to be taken away as one ZIP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fetch {
    /// Which applications: those that this query finds.
    #[serde(rename = "q")]
    pub query: String,
    /// In what order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// At most so many, up to 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Which kinds of material; at least one.
    pub contents: Vec<MaterialKind>,
    /// What for: it stands in the log and in the ZIP.
    pub reason: Line,
}

/// What is in a ZIP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fetched {
    /// How many applications.
    pub applications: u64,
    /// How many files.
    pub files: u64,
    /// How many bytes it has.
    pub bytes: u64,
}

impl Client {
    /// Takes the file of a material away.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn download(&self, of: ApplicationId, material: MaterialId) -> Result<Download> {
        let (of, material) = (of.to_string(), material.to_string());
        let request = self.get(&["applications", &of, "materials", &material])?;
        let request = request.query(&json!({ "download": true }));
        let location = request.url().to_string();
        let answer = self.send(self.patiently(request)).await?;
        Download::of(self, answer, Some(location))
    }

    /// Takes chosen materials away as one ZIP.
    ///
    /// # Errors
    /// As the server refuses.
    pub async fn fetch(&self, asked: &Fetch) -> Result<(Fetched, Download)> {
        self.zip(self.post(&["fetch"])?.json(asked)).await
    }

    /// The ZIP that a request brings, and what is in it.
    pub(crate) async fn zip(&self, request: Request) -> Result<(Fetched, Download)> {
        let answer = self.send(self.patiently(request)).await?;
        let (applications, files) = (number(&answer, APPLICATIONS), number(&answer, FILES));
        let location = text(&answer, header::CONTENT_LOCATION).map(str::to_owned);
        let download = Download::of(self, answer, location)?;
        let (Some(applications), Some(files)) = (applications, files) else {
            return Err(self.strange("a ZIP that does not say what is in it"));
        };
        Ok((Fetched { applications, files, bytes: download.length() }, download))
    }
}
