//! Webhooks: signatures over the raw body, and the hints that they become.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::text::RemoteId;
use ring::hmac;

use crate::{Error, Result, WebhookProblem};

/// Something at the vendor changed: fetch it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The interview.
    pub remote_id: RemoteId,
    /// What happened, as the vendor says; a hint is acted upon in the same way whatever it says.
    pub kind: HintKind,
}

/// What a webhook says has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintKind {
    /// The interview was held and processed.
    Processed,
    /// The video became ready.
    VideoReady,
    /// Something else about it changed.
    Changed,
}

/// How far a webhook's own time may lie from ours, either way.
pub const TOLERANCE: TimeDelta = TimeDelta::minutes(5);

/// Checks an HMAC-SHA256 of the raw body, given in hexadecimal, in constant time.
pub fn verify_hmac_sha256_hex(secret: &str, body: &[u8], signature: &str) -> Result<()> {
    let claimed = hex::decode(signature.trim()).map_err(|_| Error::Webhook(WebhookProblem::Signature))?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, body, &claimed).map_err(|_| Error::Webhook(WebhookProblem::Signature))
}

/// The HMAC-SHA256 of the raw body in hexadecimal, as a sender signs it.
pub fn hmac_sha256_hex(secret: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex::encode(hmac::sign(&key, body))
}

/// Checks that the time a webhook claims lies within [`TOLERANCE`] of `now`.
pub fn verify_time(sent_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<()> {
    if (now - sent_at).abs() <= TOLERANCE { Ok(()) } else { Err(Error::Webhook(WebhookProblem::Time)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231, test case 2.
    const SIGNATURE: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    #[test]
    fn the_published_vector_holds() {
        let body = b"what do ya want for nothing?";
        assert_eq!(hmac_sha256_hex("Jefe", body), SIGNATURE);
        verify_hmac_sha256_hex("Jefe", body, SIGNATURE).unwrap();
    }

    #[test]
    fn any_other_body_key_or_signature_is_refused() {
        let body = b"what do ya want for nothing?";
        assert!(verify_hmac_sha256_hex("jefe", body, SIGNATURE).is_err());
        assert!(verify_hmac_sha256_hex("Jefe", &body[1..], SIGNATURE).is_err());
        for signature in ["", "zz", &SIGNATURE[..62], &format!("{SIGNATURE}00")] {
            assert!(verify_hmac_sha256_hex("Jefe", body, signature).is_err(), "{signature}");
        }
    }

    #[test]
    fn times_are_good_for_five_minutes_either_way() {
        let now: DateTime<Utc> = "2023-10-12T01:00:00Z".parse().unwrap();
        for (seconds, good) in [(0, true), (300, true), (-300, true), (301, false), (-301, false)] {
            assert_eq!(verify_time(now + TimeDelta::seconds(seconds), now).is_ok(), good, "{seconds}");
        }
    }
}
