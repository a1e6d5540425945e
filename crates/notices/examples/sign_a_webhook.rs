//! Signs a webhook as it leaves the archive, and shows what its receiver compares.
#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use chrono::DateTime;
use dossier_notices::{WebhookSecret, sign_webhook};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let written = WebhookSecret::write(&[7; 32]);
    let secret = WebhookSecret::parse(&written).ok_or("a secret that is written can be read")?;
    let at = DateTime::from_timestamp(1_700_000_000, 0).ok_or("a time")?;
    let body = br#"{"type":"application.moved"}"#;
    let signature = sign_webhook(&secret, "occ_1_0", at, body);
    println!("webhook-id: occ_1_0\nwebhook-timestamp: {}\nwebhook-signature: {signature}", at.timestamp());
    assert_ne!(signature, sign_webhook(&secret, "occ_1_1", at, body), "another id has another signature");
    Ok(())
}
