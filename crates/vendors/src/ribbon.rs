//! Ribbon: AI interviews. From <https://docs.ribbon.ai>, read in 2026.
//!
//! - Bearer key; `GET /interviews?limit&offset&status`, `/interviews/{id}`, `/interview-flows`, `/interview-flows/{id}`.
//! - **Nothing tells what changed**, and no order of the listing is promised. A sync therefore lists everything and
//!   leaves out what ended before the sync point minus the look-back; an entry whose end is unknown is never left out.
//!   The listing holds the whole record, so its mark tells whether a fetch is needed at all. The sync point is the end
//!   of the newest interview seen. A correction of something older than the look-back is seen by a full sync only.
//! - Offsets shift while interviews are added: entries may then be listed twice, and are not missed where new ones come
//!   first or last. A page ends the listing only when it is empty, since the largest page is not documented.
//! - The scale of `scores` is not documented: without the setting `score_scale` they are left out.
//! - Ribbon has neither times of the interview, overall score, emotion, skills nor a résumé report. A bank's contract
//!   adds them as `bank_extensions` inside of `interview_data`. Each of its fields may be absent, and then so is the part:
//!
//! ```json
//! { "started_at": "2023-10-12T09:30:00+08:00", "ended_at": "2023-10-12T09:30:33+08:00",
//!   "candidate": { "id": "…", "phone": "…", "id_number": "…" },
//!   "overall_score": { "value": 85, "min": 0, "max": 100, "model": "…" },
//!   "emotions": [ { "dimension": "紧张度", "value": 30, "question": "…", "start": 0, "end": 8.3,
//!                   "modality": "face", "source": "…" } ],
//!   "skill_assessments": [ { "skill": "Python", "score": { "value": 92, "min": 0, "max": 100 },
//!       "wrong_answers": [ { "question": "…", "answer": "…", "explanation": "…" } ], "weak_points": [ "…" ] } ],
//!   "resume_report": { "score": { "value": 80, "min": 0, "max": 100 }, "matched_keywords": [ "CFA证书" ],
//!                      "reasons": [ "…" ] } }
//! ```

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{
    MaterialKind, Scale,
    text::{Line, RemoteId, VendorName},
};
use dossier_vendor::{
    Account, Adapter, Capabilities, Credentials, Error, Fetched, Hint, Incremental, MediaRef, MediaStream,
    Page, PageToken, Phrase, RemotePosition, Result, Secret, SyncPoint,
};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::registry::{Description, Setting};
use api::Api;

mod api;
mod listing;
mod normalise;
mod webhook;

const NAME: &str = "ribbon";
const LOOK_BACK_DAYS: u16 = 14;

/// Ribbon in the catalogue.
pub(crate) const DESCRIPTION: Description = Description::new(
    NAME,
    Phrase::new("Ribbon AI 面试", "Ribbon AI interviews"),
    &[
        Setting::new(
            "base_url",
            "\"https://app.ribbon.ai/be-api/v1\"",
            "接口的基础地址",
            "base URL of the API",
        ),
        Setting::new("media_hosts", "[]", "视频所在的其他主机", "further hosts from which videos come"),
        Setting::new("look_back_days", "14", "每次同步回看的天数", "days listed again by each sync"),
        Setting::new("page_size", "20", "每页条数，1 到 100", "entries per page, 1 to 100"),
        Setting::new(
            "newest_first",
            "false",
            "供应商是否确认列表从新到旧；是则可提前结束",
            "whether the vendor confirms that the newest come first; a sync may then end early",
        ),
        Setting::new(
            "score_scale",
            "null",
            "分项得分的量表，如 {\"min\":0,\"max\":100}；不填则不取分项得分",
            "scale of single scores, such as {\"min\":0,\"max\":100}; without it they are left out",
        ),
        Setting::new(
            "allow_loopback",
            "false",
            "允许本机地址，仅供模拟器使用",
            "allow addresses of this machine; for the simulator only",
        ),
    ],
    Incremental::FullScan { look_back: TimeDelta::days(LOOK_BACK_DAYS as i64) },
    |settings, credentials| Ok(Arc::new(Ribbon::open(settings, credentials)?)),
);

/// The settings of a connection to Ribbon.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RibbonConfig {
    /// Where the API is.
    pub base_url: Url,
    /// Further hosts from which media may come.
    pub media_hosts: Vec<String>,
    /// How many days before the sync point interviews are listed again.
    pub look_back_days: u16,
    /// Entries per page, 1 to 100.
    pub page_size: u8,
    /// Whether the vendor confirms that the newest come first.
    pub newest_first: bool,
    /// The scale of single scores.
    pub score_scale: Option<Scale>,
    /// Whether addresses of this machine are allowed.
    pub allow_loopback: bool,
}

impl Default for RibbonConfig {
    #[expect(clippy::expect_used, reason = "the text is a constant, and a test opens it")]
    fn default() -> Self {
        Self {
            base_url: Url::parse("https://app.ribbon.ai/be-api/v1").expect("a URL"),
            media_hosts: Vec::new(),
            look_back_days: LOOK_BACK_DAYS,
            page_size: 20,
            newest_first: false,
            score_scale: None,
            allow_loopback: false,
        }
    }
}

/// A connection to Ribbon.
pub struct Ribbon {
    api: Api,
    config: RibbonConfig,
    webhook: Option<Secret>,
    capabilities: Capabilities,
}

impl Ribbon {
    /// A connection by settings in JSON; what is absent is taken from [`RibbonConfig::default`].
    pub fn open(settings: Value, credentials: Credentials) -> Result<Self> {
        Self::new(read(settings)?, credentials)
    }

    /// A connection by typed settings.
    pub fn new(config: RibbonConfig, credentials: Credentials) -> Result<Self> {
        if !(1..=100).contains(&config.page_size) {
            return Err(Error::setting(
                "page_size",
                Phrase::new("1 到 100 的整数", "a whole number from 1 to 100"),
            ));
        }
        let capabilities = Capabilities {
            vendor: VendorName::parse(NAME).map_err(|_| Error::NotFound)?,
            incremental: Incremental::FullScan { look_back: TimeDelta::days(config.look_back_days.into()) },
            webhook: credentials.webhook.is_some(),
            materials: MaterialKind::OF_AN_INTERVIEW.to_vec(),
        };
        let api = Api::new(&config, &credentials.key)?;
        Ok(Self { api, config, webhook: credentials.webhook, capabilities })
    }
}

/// Reads settings; complains about the first that is unknown or of another type, by its name.
fn read(settings: Value) -> Result<RibbonConfig> {
    let expected =
        Phrase::new("目录中列出的设置之一，且类型相符", "one that the catalogue lists, of its type");
    let settings = match settings {
        Value::Null => serde_json::Map::new(),
        Value::Object(settings) => settings,
        _ => return Err(Error::setting("settings", Phrase::new("JSON 对象", "a JSON object"))),
    };
    let alone =
        |name: &String, value: &Value| Value::Object([(name.clone(), value.clone())].into_iter().collect());
    let is_wrong = |(name, value): &(&String, &Value)| RibbonConfig::deserialize(alone(name, value)).is_err();
    if let Some((name, _)) = settings.iter().find(is_wrong) {
        let name: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
        return Err(Error::setting(&name, expected));
    }
    RibbonConfig::deserialize(Value::Object(settings)).map_err(|_| Error::setting("settings", expected))
}

#[async_trait]
impl Adapter for Ribbon {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn test(&self) -> Result<Account> {
        let (flows, server_time) = self.api.flows().await?;
        // A key may see the flows and not the interviews: ask for one of these as well.
        self.api.interviews(0, 1).await?;
        let name = flows.iter().find_map(|flow| flow.organisation.clone());
        Ok(Account { name, positions: flows.len(), server_time })
    }

    async fn positions(&self) -> Result<Vec<RemotePosition>> {
        let (flows, _) = self.api.flows().await?;
        Ok(flows.into_iter().map(|flow| flow.position).collect())
    }

    async fn changed(&self, since: &SyncPoint, page: Option<&PageToken>) -> Result<Page> {
        listing::page(&self.api, &self.config, since, page).await
    }

    async fn fetch(&self, id: &RemoteId) -> Result<Fetched> {
        let document = self.api.interview(id).await?;
        let value: Value = document.parse()?;
        let flow_id = normalise::flow_of(&value, id)?;
        let flow = self.api.flow(&flow_id).await.map_err(|error| match error {
            Error::NotFound | Error::Gone => normalise::unknown_flow(&value),
            other => other,
        })?;
        normalise::interview(&value, &flow, self.config.score_scale, &document)
    }

    async fn open_media(&self, media: &MediaRef, offset: u64) -> Result<MediaStream> {
        let document = self.api.interview(&media.interview).await?;
        let value: Value = document.parse()?;
        let link = normalise::media_link(&value, &media.file)?;
        self.api.open(link, offset).await
    }

    fn verify_webhook(&self, headers: &HeaderMap, body: &[u8], _now: DateTime<Utc>) -> Result<Vec<Hint>> {
        // Ribbon's webhooks carry no time, so that an old one can't be told from a new one; as a hint it does no harm.
        webhook::hints(self.webhook.as_ref(), headers, body)
    }
}

/// An interview flow: what Ribbon calls a position.
#[derive(Debug, Clone)]
struct Flow {
    position: RemotePosition,
    organisation: Option<Line>,
    has_video: bool,
}
