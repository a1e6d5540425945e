//! The bank's own login: a provider of OpenID Connect, asked over HTTP, and believed as far as its keys have signed.
//!
//! Its description and keys are kept for an hour; a token that no known key has signed makes them be read anew, once a
//! minute at most, so that a provider changes its keys without anybody here knowing. All requests go through
//! [`dossier_vendor::http`], to the issuer's host and those that are named besides, and to no other.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{
    OidcFault,
    oidc::{Demands, IdToken, KeySet, Metadata, code_challenge},
};
use dossier_domain::Language;
use dossier_vendor::{
    ConfigurationProblem, Secret,
    http::{Http, HttpOptions, basic, bearer},
};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::flow::Flow;
use crate::{Error, Result};

/// So long are description and keys good for.
const KNOWN_FOR: TimeDelta = TimeDelta::hours(1);
/// So long after they were read they are not read again, whatever comes.
const READ_AGAIN_AFTER: TimeDelta = TimeDelta::seconds(60);
/// The largest answer of a provider, in bytes.
const LARGEST: u64 = 256 << 10;
/// A person waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// How the bank's own login is reached, and what is made of what it says.
pub struct ProviderSettings {
    /// The provider's name for itself, an address below which its description stands; exactly as it writes it.
    pub issuer: String,
    /// Our name at the provider.
    pub client_id: String,
    /// Our secret there; without one we prove ourselves by PKCE alone.
    pub client_secret: Option<Secret>,
    /// Where the provider sends people back to.
    pub return_to: Url,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds the sign-in name of who comes for the first time.
    pub login_claim: String,
    /// What the button says, in Chinese and in English.
    pub label: [String; 2],
    /// Whether people may sign in with a password of ours as well.
    pub passwords: bool,
    /// Values of `acr` and `amr` by which the provider says that it has checked two factors; `*` if it always does.
    pub two_factors: Vec<String>,
    /// Further hosts of the provider.
    pub hosts: Vec<String>,
    /// Whether it stands in a private network.
    pub private_network: bool,
    /// Certificates in PEM that are trusted instead of this machine's authorities.
    pub authorities: Option<Vec<u8>>,
}

impl ProviderSettings {
    /// What most providers need: the profile's `preferred_username`, passwords of ours beside, one factor.
    pub fn new(issuer: String, client_id: String, client_secret: Option<Secret>, return_to: Url) -> Self {
        Self {
            issuer,
            client_id,
            client_secret,
            return_to,
            scopes: vec!["profile".to_owned()],
            login_claim: "preferred_username".to_owned(),
            label: ["行内统一登录".to_owned(), "Bank sign-in".to_owned()],
            passwords: true,
            two_factors: Vec::new(),
            hosts: Vec::new(),
            private_network: false,
            authorities: None,
        }
    }
}

/// The bank's own login.
pub struct Provider {
    settings: ProviderSettings,
    address: Url,
    http: Http,
    known: Mutex<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    metadata: Metadata,
    keys: KeySet,
    read_at: DateTime<Utc>,
}

/// Why the provider does not help.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It can't be reached, or does not take us for who we are.
    Unavailable(dossier_vendor::Error),
    /// Who comes back did not leave from here, or long ago.
    State,
    /// It has let nobody in, or knows nothing of the code.
    Refused,
    /// What it says is not to be believed.
    Fault(OidcFault),
}

#[derive(Deserialize)]
struct Exchanged {
    id_token: String,
    access_token: Option<String>,
}

impl Provider {
    /// The provider of these settings. It is not asked yet, so that it may be away while we start.
    ///
    /// # Errors
    /// [`Error::Invalid`] if its address can't be used, or the certificates can't.
    pub fn new(settings: ProviderSettings) -> Result<Self> {
        let address = Url::parse(&settings.issuer).map_err(|error| {
            Error::invalid(
                format!("统一登录的 issuer 不是网址：{error}"),
                format!("the issuer of the bank's login is no address: {error}"),
            )
        })?;
        // Without encryption the guard lets nothing but this machine through.
        let on_this_machine = address.scheme() == "http" || settings.private_network;
        let options = HttpOptions {
            media_hosts: settings.hosts.clone(),
            allow_loopback: on_this_machine,
            allow_private: settings.private_network,
            authorities: settings.authorities.clone(),
            connect_timeout: PATIENCE,
            read_timeout: PATIENCE,
            json_limit: LARGEST,
            ..HttpOptions::new(address.clone())
        };
        let http = Http::new(&options).map_err(|error| match error {
            dossier_vendor::Error::Configuration(ConfigurationProblem::Tls) => Error::invalid(
                "没有可信任的根证书：请检查统一登录的 ca_file，或在本机安装 ca-certificates",
                "there is no authority to trust: look at `ca_file` of the bank's login, or install ca-certificates here",
            ),
            other => Error::invalid(
                format!("统一登录的地址不可用：{}", other.message(Language::Chinese)),
                format!("the address of the bank's login can't be used: {}", other.message(Language::English)),
            ),
        })?;
        Ok(Self { settings, address, http, known: Mutex::default() })
    }

    /// What the button says.
    pub fn label(&self, language: Language) -> &str {
        let [chinese, english] = &self.settings.label;
        language.pick(chinese, english)
    }

    /// Whether people may sign in with a password of ours as well.
    pub fn allows_passwords(&self) -> bool {
        self.settings.passwords
    }

    pub(super) fn issuer(&self) -> &str {
        &self.settings.issuer
    }

    /// The sign-in name of who comes for the first time.
    pub(super) fn login_of<'a>(&self, token: &'a IdToken) -> Option<&'a str> {
        token.claim(&self.settings.login_claim)
    }

    /// Whether what the provider has checked counts as two factors.
    pub(super) fn has_two_factors(&self, token: &IdToken) -> bool {
        token.has_two_factors(&self.settings.two_factors)
    }

    /// Where a person is sent to sign in.
    pub(super) async fn address_for(&self, flow: &Flow, now: DateTime<Utc>) -> Result<Url, Trouble> {
        let known = self.known(now, KNOWN_FOR).await?;
        let mut url = self.endpoint(&known.metadata.authorization_endpoint)?;
        let others = self.settings.scopes.iter().filter(|scope| *scope != "openid");
        let scopes: Vec<&str> = ["openid"].into_iter().chain(others.map(String::as_str)).collect();
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", self.settings.return_to.as_str())
            .append_pair("scope", &scopes.join(" "))
            .append_pair("state", &flow.state)
            .append_pair("nonce", &flow.nonce)
            .append_pair("code_challenge", &code_challenge(&flow.verifier))
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Who has signed in, by the code that they came back with.
    pub(super) async fn identify(
        &self,
        code: &str,
        flow: &Flow,
        now: DateTime<Utc>,
    ) -> Result<IdToken, Trouble> {
        let known = self.known(now, KNOWN_FOR).await?;
        let exchanged = self.exchange(&known.metadata, code, &flow.verifier).await?;
        let demands = Demands {
            issuer: self.issuer(),
            client: &self.settings.client_id,
            nonce: &flow.nonce,
            begun: flow.begun,
            now,
        };
        let token = match IdToken::check(&exchanged.id_token, &known.keys, &demands) {
            Err(OidcFault::UnknownKey | OidcFault::Signature) => {
                let known = self.known(now, READ_AGAIN_AFTER).await?;
                IdToken::check(&exchanged.id_token, &known.keys, &demands)
            }
            checked => checked,
        }
        .map_err(Trouble::Fault)?;
        match (&known.metadata.userinfo_endpoint, &exchanged.access_token) {
            (Some(address), Some(access)) if self.login_of(&token).is_none() => {
                let told =
                    self.http.get(self.endpoint(address)?, &bearer(&Secret::new(access.as_str()))?).await?;
                token.with_userinfo(&told.bytes).map_err(Trouble::Fault)
            }
            _ => Ok(token),
        }
    }

    async fn exchange(&self, metadata: &Metadata, code: &str, verifier: &str) -> Result<Exchanged, Trouble> {
        let (client, secret) = (&self.settings.client_id, self.settings.client_secret.as_ref());
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.settings.return_to.as_str()),
            ("code_verifier", verifier),
            ("client_id", client),
        ];
        let authorization = match secret {
            Some(secret) if metadata.wants_secret_in_body() => {
                fields.push(("client_secret", secret.reveal()));
                None
            }
            Some(secret) => Some(basic(client, secret)?),
            None => None,
        };
        let url = self.endpoint(&metadata.token_endpoint)?;
        let answer = self.http.post_form(url, &fields, authorization.as_ref()).await;
        let answer = answer.map_err(|error| match error {
            dossier_vendor::Error::Configuration(ConfigurationProblem::RequestRefused(_)) => Trouble::Refused,
            other => other.into(),
        })?;
        answer.parse().map_err(|_| Trouble::Fault(OidcFault::Malformed))
    }

    /// Description and keys, read if they are older than this.
    async fn known(&self, now: DateTime<Utc>, longest: TimeDelta) -> Result<Known, Trouble> {
        let mut known = self.known.lock().await;
        let is_good = |known: &Known| (TimeDelta::zero()..longest).contains(&(now - known.read_at));
        if let Some(good) = known.as_ref().filter(|known| is_good(known)) {
            return Ok(good.clone());
        }
        let described = format!("{}/.well-known/openid-configuration", self.issuer().trim_end_matches('/'));
        let document = self.http.get(self.endpoint(&described)?, None).await?;
        let metadata = Metadata::parse(&document.bytes, self.issuer()).map_err(Trouble::Fault)?;
        let document = self.http.get(self.endpoint(&metadata.jwks_uri)?, None).await?;
        let keys = KeySet::parse(&document.bytes).map_err(Trouble::Fault)?;
        Ok(known.insert(Known { metadata, keys, read_at: now }).clone())
    }

    /// An address that the provider names. People are sent to no other scheme than its own.
    fn endpoint(&self, text: &str) -> Result<Url, Trouble> {
        let url = Url::parse(text).map_err(|_| Trouble::Fault(OidcFault::Metadata))?;
        let is_safe = url.scheme() == "https" || url.origin() == self.address.origin();
        if is_safe { Ok(url) } else { Err(Trouble::Fault(OidcFault::Metadata)) }
    }
}

impl From<dossier_vendor::Error> for Trouble {
    fn from(error: dossier_vendor::Error) -> Self {
        Self::Unavailable(error)
    }
}
