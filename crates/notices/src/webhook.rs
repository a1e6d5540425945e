//! Webhooks as Standard Webhooks has them: `webhook-id`, `webhook-timestamp`, and in `webhook-signature` the text `v1,` and
//! the HMAC-SHA256 of `{id}.{timestamp}.{body}` in base 64, under the bytes that the secret `whsec_…` stands for.

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use dossier_vendor::http::Http;
use http::{HeaderMap, HeaderValue};
use ring::hmac;
use url::Url;
use zeroize::Zeroizing;

use crate::{Channel, Content, Fault, Limits, Message};

/// How a secret begins.
const PREFIX: &str = "whsec_";

/// The secret under which webhooks are signed: 24 to 64 bytes. Never printed, wiped when dropped.
pub struct Secret(Zeroizing<Vec<u8>>);

impl Secret {
    /// Reads `whsec_` and base 64.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(STANDARD.decode(text.trim().strip_prefix(PREFIX)?).ok()?);
        (24..=64).contains(&bytes.len()).then_some(Self(bytes))
    }

    /// The secret of these bytes, as it is written.
    pub fn write(bytes: &[u8; 32]) -> Zeroizing<String> {
        Zeroizing::new(format!("{PREFIX}{}", STANDARD.encode(bytes)))
    }
}

/// The signature of a body, as it stands in the header.
pub fn sign(secret: &Secret, id: &str, at: DateTime<Utc>, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, &secret.0);
    let mut signing = hmac::Context::with_key(&key);
    signing.update(format!("{id}.{}.", at.timestamp()).as_bytes());
    signing.update(body);
    format!("v1,{}", STANDARD.encode(signing.sign()))
}

/// A receiver of webhooks.
pub(crate) struct Webhook {
    pub(crate) http: Http,
    pub(crate) address: Url,
    pub(crate) secret: Secret,
}

#[async_trait]
impl Channel for Webhook {
    /// A try has the time of the try, so that a receiver who checks it takes a late one as well.
    async fn send(&self, message: &Message, now: DateTime<Utc>) -> Result<(), Fault> {
        let Content::Event(body) = &message.content else { return Err(Fault::Unfit) };
        let mut headers = HeaderMap::new();
        let mut add = |name: &'static str, text: String| {
            let value = HeaderValue::from_str(&text).map_err(|_| Fault::Unintelligible)?;
            headers.insert(name, value);
            Ok::<_, Fault>(())
        };
        add("webhook-id", message.id.clone())?;
        add("webhook-timestamp", now.timestamp().to_string())?;
        add("webhook-signature", sign(&self.secret, &message.id, now, body))?;
        Ok(self.http.push_json(self.address.clone(), body.clone(), &headers).await?)
    }

    fn limits(&self) -> Limits {
        Limits { per_minute: 6000, per_second: 100 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed apart from this code, from the definition alone.
    #[test]
    fn a_known_signature_holds() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let at = DateTime::from_timestamp(1_614_265_330, 0).unwrap();
        let signature = sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn secrets_are_read_as_they_are_written_and_no_others() {
        let written = Secret::write(&[7; 32]);
        assert_eq!(*Secret::parse(&written).unwrap().0, vec![7; 32]);
        for bad in ["", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_c2hvcnQ=", "whsec_!!"] {
            assert!(Secret::parse(bad).is_none(), "{bad}");
        }
    }
}
