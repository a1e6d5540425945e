//! Asks whether an interviewer may download a video, logs the denial, signs the log and verifies it.

use std::sync::Arc;

use dossier_access::{
    Action, Actor, Context, Decision, Pass, Resource, Role, User, Word,
    log::{Boot, Entry, LogHead, Outcome, Signer, Trust, verify},
};
use dossier_domain::{
    MaterialKind, PositionId, Stage, SystemClock, UserId,
    text::{Login, PersonName},
};
use dossier_seal::OsEntropy;

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (clock, entropy) = (Arc::new(SystemClock), Arc::new(OsEntropy));
    let position = PositionId::new(Default::default(), 7);
    let user = User {
        id: UserId::new(Default::default(), 1),
        login: Login::parse("wang")?,
        name: PersonName::parse("王芳")?,
        roles: Role::Interviewer.into(),
        created_at: Default::default(),
        suspended_at: None,
    };
    let actor =
        Actor::Person { user, positions: [position].into(), pass: Pass::Full, policy: Arc::default() };
    let context = Context::new(actor, Word::parse("cli")?, clock.clone(), entropy)?;

    let action = Action::DownloadMaterial(MaterialKind::Video);
    let resource = Resource::Application { position, stage: Stage::HumanInterview };
    let Decision::Deny(reason) = context.decide(action, &resource) else {
        return Err("interviewers download nothing".into());
    };
    println!("{reason}");

    let boot = Boot::new(context.new_id()?);
    let mut head = LogHead::default();
    let entry = Entry::new(&context, action, Outcome::Denied).on(position).because(reason);
    let appended = head.append(entry, boot.moment(clock.as_ref()))?;
    println!("{}", String::from_utf8_lossy(&appended.bytes));

    let signer = Signer::new(Word::parse("dossier/example")?, &[1; 32])?;
    let checkpoint = signer.sign(&head, context.now()).to_string();
    println!("{checkpoint}");

    let trust = Trust { key: Some(signer.public_key()), anchor: None };
    match verify([(0, appended.bytes)], [checkpoint.as_str()], trust) {
        Ok(verified) => println!("{} record, {} of them signed", verified.records, verified.covered),
        Err(findings) => findings.iter().for_each(|finding| println!("{finding}")),
    }
    Ok(())
}
