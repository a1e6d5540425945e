//! A log to try things on: deterministic, with all that records can hold.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{
    Action, Actor, Context, Job, Reason, Role, User, Word,
    log::{BootId, Checkpoint, Entry, LogHead, Moment, Outcome, Signer, checkpoint_line, header_line},
};
use dossier_domain::{
    ApplicationId, Clock, FixedClock, MaterialKind, UserId,
    text::{Line, Login, PersonName},
};
use dossier_seal::Entropy;

/// Not random at all: always the same byte.
struct Monotone(u8);

impl Entropy for Monotone {
    fn fill(&self, buffer: &mut [u8]) -> dossier_seal::Result<()> {
        buffer.fill(self.0);
        Ok(())
    }
}

/// A log with its records and checkpoints.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) checkpoints: Vec<Checkpoint>,
}

pub(crate) fn start() -> DateTime<Utc> {
    "2026-11-23T08:00:00Z".parse().unwrap()
}

pub(crate) fn signer(seed: u8) -> Signer {
    Signer::new(Word::parse("dossier/arc_sample").unwrap(), &[seed; 32]).unwrap()
}

pub(crate) fn context(role: Option<Role>, at: DateTime<Utc>) -> Context {
    let actor = match role {
        None => Actor::system(Job::Sync),
        Some(role) => {
            let user = User {
                id: UserId::new(start(), role as u128),
                login: Login::parse(role.name()).unwrap(),
                name: PersonName::parse("王芳").unwrap(),
                roles: role.into(),
                created_at: start(),
                suspended_at: None,
            };
            Actor::person(user, [])
        }
    };
    let origin = Word::parse(if role.is_some() { "192.0.2.7" } else { "cli" }).unwrap();
    Context::new(actor, origin, Arc::new(FixedClock::new(at)), Arc::new(Monotone(9))).unwrap()
}

/// The entry number `n` of the sample.
pub(crate) fn entry(n: u64, at: DateTime<Utc>) -> Entry {
    let application = ApplicationId::new(start(), u128::from(n));
    let hr = context(Some(Role::HrAdministrator), at).in_session(b"token");
    let interviewer = context(Some(Role::Interviewer), at);
    let video = Action::DownloadMaterial(MaterialKind::Video);
    let purpose = || Line::parse("为\"终面\"评审下载 / for the final round").unwrap();
    match n % 5 {
        0 => Entry::new(&context(None, at), Action::Sync, Outcome::Done)
            .count(Word::parse("interviews").unwrap(), n),
        1 => Entry::new(&hr, Action::Search, Outcome::Done).count(Word::parse("hits").unwrap(), 12),
        2 => Entry::new(&hr, video, Outcome::Intended).on(application).with_purpose(purpose()),
        3 => Entry::new(&hr, video, Outcome::Intended).on(application).outcome(n - 1, Outcome::Done),
        _ => Entry::new(&interviewer, Action::ViewApplication, Outcome::Denied)
            .on(application)
            .because(Reason::OtherPosition),
    }
}

/// A log of `size` records of the archive with that key, with a checkpoint every `every` records and at the end.
pub(crate) fn sample(size: u64, every: u64, seed: u8) -> Sample {
    let (signer, boot) = (signer(seed), BootId::new(start(), 1));
    let clock = FixedClock::new(start());
    let (mut head, mut records, mut checkpoints) = (LogHead::default(), Vec::new(), Vec::new());
    for n in 0..size {
        clock.advance(TimeDelta::milliseconds(1_250));
        let uptime_ms = 1_250 * (n + 1) + u64::from(seed);
        let moment = Moment { at: clock.now(), boot, uptime_ms };
        records.push(head.append(entry(n, clock.now()), moment).unwrap().bytes);
        if head.size() % every == 0 || head.size() == size {
            checkpoints.push(signer.sign(&head, clock.now()));
        }
    }
    Sample { records, checkpoints }
}

impl Sample {
    /// The records with the numbers under which a store would hold them if it held exactly these.
    pub(crate) fn stored(&self) -> impl Iterator<Item = (u64, &[u8])> {
        (0..).zip(self.records.iter().map(Vec::as_slice))
    }

    pub(crate) fn texts(&self) -> Vec<String> {
        self.checkpoints.iter().map(ToString::to_string).collect()
    }

    /// The exported log, as lines.
    pub(crate) fn lines(&self, seed: u8) -> Vec<Vec<u8>> {
        let signer = signer(seed);
        let mut lines = vec![header_line(signer.origin(), signer.public_key()).unwrap().into_bytes()];
        for (number, record) in (1..).zip(&self.records) {
            lines.push(record.clone());
            let due = self.checkpoints.iter().filter(|checkpoint| checkpoint.size() == number);
            lines.extend(due.map(|checkpoint| checkpoint_line(checkpoint).unwrap().into_bytes()));
        }
        lines
    }
}

/// Lines as a file.
pub(crate) fn file(lines: &[Vec<u8>]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line.as_slice(), b"\n"]).flatten().copied().collect()
}
