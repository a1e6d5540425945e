//! How a log is written.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{
    ErrorKind, Role, Word,
    log::{BootId, Entry, LogHead, LogRecord, Moment, Outcome},
};
use proptest::prelude::*;

use super::sample::{context, entry, sample, signer, start};

fn append(head: &mut LogHead, count: u64) -> Vec<u8> {
    let moment = Moment { at: start(), boot: BootId::new(start(), 0), uptime_ms: 0 };
    let append = |_| head.append(entry(1, start()), moment.clone()).unwrap().bytes;
    (0..count).map(append).last().unwrap_or_default()
}

#[test]
fn a_head_that_was_stored_between_all_records_writes_the_same_log() {
    let log = sample(70, 64, 1);
    let mut head = LogHead::default();
    for bytes in &log.records {
        let record = LogRecord::from_bytes(bytes).unwrap();
        head = serde_json::from_slice(&serde_json::to_vec(&head).unwrap()).unwrap();
        assert_eq!(head.append(record.entry, record.moment).unwrap().bytes, *bytes);
    }
    assert_eq!(head.root(), log.checkpoints.last().unwrap().root());
}

#[test]
fn a_checkpoint_is_due_after_256_records_or_60_seconds() {
    let after = |seconds| start() + TimeDelta::seconds(seconds);
    let mut head = LogHead::default();
    assert!(!head.checkpoint_due(after(1_000)), "there is nothing to sign");
    append(&mut head, 1);
    assert!(head.checkpoint_due(start()), "the first record");
    head.note(&signer(1).sign(&head, start()));
    assert!(!head.checkpoint_due(after(1_000)), "all is covered");
    append(&mut head, 255);
    assert!(!head.checkpoint_due(after(59)));
    assert!(head.checkpoint_due(after(60)));
    assert!(head.checkpoint_due(after(-60)), "the clock was set back");
    append(&mut head, 1);
    assert!(head.checkpoint_due(after(0)));
}

#[test]
fn only_the_one_way_of_writing_a_record_is_read() {
    let bytes = append(&mut LogHead::default(), 1);
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert_eq!(LogRecord::from_bytes(&bytes).unwrap().to_bytes().unwrap(), bytes);
    for other in [
        text.replace(':', ": "),
        text.replacen("{\"v\":1,", "{\"v\":2,", 1),
        text.replacen("{\"v\":1,\"sequence\":0,", "{\"sequence\":0,\"v\":1,", 1),
        text.replacen("{\"v\":1,", "{\"v\":1,\"more\":0,", 1),
        format!("{text}\n"),
        text[..text.len() - 1].to_owned(),
        "[".repeat(100_000),
        String::new(),
    ] {
        let error = LogRecord::from_bytes(other.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert!(error.to_string().len() < 300, "{error}");
    }
}

#[test]
fn an_intent_and_its_outcome_belong_together() {
    let context = context(Some(Role::HrAdministrator), start());
    let intent =
        Entry::new(&context, Word::parse("upload").unwrap(), Outcome::Intended).on(context.request());
    let done = intent.outcome(41, Outcome::Failed).because(Word::parse("disk_full").unwrap());
    assert_eq!((done.of, done.outcome, &done.objects), (Some(41), Outcome::Failed, &intent.objects));
    assert_eq!(done.request, intent.request);
}

#[test]
fn nothing_that_names_a_person_is_in_a_record() {
    let log = sample(10, 64, 1);
    for record in log.records {
        let text = String::from_utf8(record).unwrap();
        assert!(!text.contains("王芳") && !text.contains("token"), "{text}");
    }
}

proptest! {
    /// A record is one line of printable text, whatever the purpose says.
    #[test]
    fn a_record_never_breaks_its_line(purpose in "\\PC{0,40}|.{0,40}", millis in 0_i64..4_000_000_000_000) {
        let at = DateTime::<Utc>::from_timestamp_millis(millis).unwrap();
        let mut said = entry(1, at);
        said.purpose = dossier_domain::text::Line::parse(&purpose).ok();
        let moment = Moment { at, boot: BootId::new(at, 0), uptime_ms: u64::MAX };
        let appended = LogHead::default().append(said, moment).unwrap();
        prop_assert!(!String::from_utf8(appended.bytes.clone()).unwrap().contains(char::is_control));
        prop_assert_eq!(LogRecord::from_bytes(&appended.bytes).unwrap(), appended.record);
    }
}
