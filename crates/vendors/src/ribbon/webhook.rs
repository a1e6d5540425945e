//! Ribbon's webhooks: `X-Ribbon-Signature` is the HMAC-SHA256 of the raw body in hexadecimal.

use dossier_domain::text::RemoteId;
use dossier_vendor::{
    Error, Hint, HintKind, Result, Secret, WebhookProblem, json::Field, webhook::verify_hmac_sha256_hex,
};
use http::HeaderMap;
use serde_json::Value;

const SIGNATURE: &str = "x-ribbon-signature";

/// Verifies a webhook and says what to fetch again. Events that we do not know give no hint.
pub(super) fn hints(secret: Option<&Secret>, headers: &HeaderMap, body: &[u8]) -> Result<Vec<Hint>> {
    let secret = secret.ok_or(Error::Webhook(WebhookProblem::NotConfigured))?;
    let signature = headers.get(SIGNATURE).ok_or(Error::Webhook(WebhookProblem::Unsigned))?;
    let signature = signature.to_str().map_err(|_| Error::Webhook(WebhookProblem::Signature))?;
    verify_hmac_sha256_hex(secret.reveal(), body, signature)?;
    hint(body).map_err(|_| Error::Webhook(WebhookProblem::Content)).map(Vec::from_iter)
}

fn hint(body: &[u8]) -> Result<Option<Hint>> {
    let value: Value = dossier_vendor::json::parse(body)?;
    let root = Field::root(&value);
    let kind = match root.get("event_type").text()? {
        "interview_processed" => HintKind::Processed,
        "video_processed" => HintKind::VideoReady,
        "candidate_status_updated" => HintKind::Changed,
        _ => return Ok(None),
    };
    Ok(Some(Hint { remote_id: root.get("interview_id").parse(RemoteId::parse)?, kind }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier_vendor::{ErrorKind, webhook::hmac_sha256_hex};

    fn send(body: &str, secret: Option<&str>) -> Result<Vec<Hint>> {
        let headers =
            [(SIGNATURE.parse().unwrap(), hmac_sha256_hex("s3cret", body.as_bytes()).parse().unwrap())];
        hints(secret.map(Secret::new).as_ref(), &HeaderMap::from_iter(headers), body.as_bytes())
    }

    #[test]
    fn known_events_are_hints_and_unknown_ones_nothing() {
        let event = |name: &str| format!(r#"{{"event_type":"{name}","interview_id":"7ada85b2","more":1}}"#);
        let kind = |name| send(&event(name), Some("s3cret")).unwrap().first().map(|hint| hint.kind);
        assert_eq!(kind("interview_processed"), Some(HintKind::Processed));
        assert_eq!(kind("video_processed"), Some(HintKind::VideoReady));
        assert_eq!(kind("candidate_status_updated"), Some(HintKind::Changed));
        assert_eq!(kind("something_new"), None);
    }

    #[test]
    fn what_is_signed_and_makes_no_sense_is_refused() {
        for body in ["", "[]", "{}", r#"{"event_type":"video_processed"}"#] {
            assert_eq!(send(body, Some("s3cret")).unwrap_err().kind(), ErrorKind::Webhook, "{body}");
        }
        assert_eq!(send("{}", Some("other")).unwrap_err().kind(), ErrorKind::Webhook);
        assert_eq!(send("{}", None).unwrap_err().kind(), ErrorKind::Webhook);
    }
}
