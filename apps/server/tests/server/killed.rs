//! It is killed in the middle of telling others what happened: whoever was to hear of it hears of it all the same, by the same
//! id. The test waits for the minute in which messages to groups are gathered.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use dossier_domain::{ApplicationId, ChannelKind, SystemClock};
use dossier_simulator::{Mischief, RobotServer};

use crate::{place::Place, program::Program};

/// Messages to groups are gathered for a minute; what a process that is gone was sending would be its own for three.
const PATIENCE: Duration = Duration::from_secs(2 * 60);

fn wait_for(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}: nothing for {PATIENCE:?}");
        thread::sleep(Duration::from_millis(50));
    }
}

fn send(program: &Program, place: &Place, path: &str, body: &str) {
    let head = format!(
        "POST /api/v1/{path} HTTP/1.1\r\nAuthorization: Bearer {}\r\nContent-Type: application/json",
        place.token
    );
    let answer = program.ask(&head, body.len() as u64, body.as_bytes());
    assert!(answer.status < 300, "{path}: {}", answer.text);
}

#[test]
fn killed_while_it_tells_others_it_tells_them_all_the_same_by_the_same_id_and_in_order() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let robots = runtime.block_on(RobotServer::start(Arc::new(SystemClock))).unwrap();
    let place = Place::new();
    let program = Program::over(&place.data());
    let (webhook, group) = (robots.address(ChannelKind::Webhook), robots.address(ChannelKind::WeCom));
    let (key, secret) = (RobotServer::KEY, RobotServer::WEBHOOK_SECRET);
    let common = r#""private_network":true"#;
    let channel =
        format!(r#"{{"name":"hr","kind":"webhook","address":"{webhook}","secret":"{secret}",{common}}}"#);
    send(&program, &place, "channels", &channel);
    let channel = format!(
        r#"{{"name":"group","kind":"wecom","address":"{group}","key":"{key}","is_usual":true,{common}}}"#
    );
    send(&program, &place, "channels", &channel);
    // Both take what they are sent, and never say so.
    robots.misbehave(ChannelKind::Webhook, Some(Mischief::Forgetful));
    robots.misbehave(ChannelKind::WeCom, Some(Mischief::Forgetful));
    let stage = |of: ApplicationId| format!("applications/{of}/stage");
    send(&program, &place, &stage(place.application), r#"{"to":"background_check"}"#);
    send(&program, &place, &stage(place.other), r#"{"to":"background_check"}"#);
    wait_for("the first event", || !robots.events().is_empty());
    program.kill();

    robots.misbehave(ChannelKind::Webhook, None);
    let program = Program::over(&place.data());
    send(&program, &place, &stage(place.application), r#"{"to":"offer"}"#);
    wait_for("the first message to the group", || !robots.said().is_empty());
    program.kill();

    robots.misbehave(ChannelKind::WeCom, None);
    let _program = Program::over(&place.data());
    wait_for("all events", || robots.events().len() >= 4);
    let events = robots.events();
    assert_eq!(events[0], events[1], "it comes again with the same id");
    let told = events[1..]
        .iter()
        .map(|event| (event.body["data"]["application"].to_string(), event.body["data"]["to"].to_string()));
    let (one, other) = (format!("\"{}\"", place.application), format!("\"{}\"", place.other));
    let (check, offer) = ("\"background_check\"".to_owned(), "\"offer\"".to_owned());
    let expected = [(one.clone(), check.clone()), (other, check), (one, offer)];
    assert_eq!(told.collect::<Vec<_>>(), expected, "each once more at most, and in order");
    // In the first line of a message, since the link behind it leads to where each process served.
    let said =
        |line: &str| robots.said().iter().filter(|said| said.text.lines().next() == Some(line)).count();
    let first = robots.said()[0].text.lines().next().unwrap().to_owned();
    wait_for("the message to the group once more", || said(&first) >= 2);
    let case = |text: &str| text.contains("新进入背景调查（1 份应聘）");
    wait_for("the new case", || robots.said().iter().any(|said| case(&said.text)));
    assert_eq!(robots.forged(), 0);
}
