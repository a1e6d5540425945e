//! The ways out against the simulator: what is said, signed and refused.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{ChannelKind, Clock, FixedClock};
use dossier_notices::{Channel, Content, Fault, Key, Message, Remedy, Settings, Words, open};
use dossier_simulator::{Mischief, RobotServer};
use dossier_vendor::Secret;

const ROBOTS: [ChannelKind; 3] = [ChannelKind::WeCom, ChannelKind::DingTalk, ChannelKind::Feishu];

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

async fn server() -> (RobotServer, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::new(at()));
    (RobotServer::start(Arc::clone(&clock) as _).await.unwrap(), clock)
}

fn channel(server: &RobotServer, kind: ChannelKind, key: &str, secret: &str) -> Arc<dyn Channel> {
    let settings =
        Settings { address: Some(server.address(kind)), private_network: true, ..Settings::new(kind) };
    open(&settings, Key { key: Some(Secret::new(key)), secret: Some(Secret::new(secret)) }).unwrap()
}

fn message(title: &str) -> Message {
    let words = Words { title: title.to_owned(), lines: vec!["一行".to_owned()], link: None, to: None };
    Message { id: "m".to_owned(), at: at(), content: Content::Words(words) }
}

#[tokio::test]
async fn each_robot_says_what_it_is_told() {
    for kind in ROBOTS {
        let (server, _) = server().await;
        let channel = channel(&server, kind, RobotServer::KEY, RobotServer::SECRET);
        channel.send(&message("客户经理"), at()).await.unwrap();
        let said = server.said();
        assert!(said.len() == 1 && said[0].by == kind && said[0].text.contains("客户经理"), "{said:?}");
        let event = Message { content: Content::Event("{}".into()), ..message("") };
        assert_eq!(channel.send(&event, at()).await, Err(Fault::Unfit));
    }
}

#[tokio::test]
async fn what_a_robot_demands_and_does_not_get_is_for_a_person_to_mend() {
    for kind in ROBOTS {
        let (server, _) = server().await;
        let wrong_key = channel(&server, kind, "another-key-0001", RobotServer::SECRET);
        let refused = wrong_key.send(&message("x"), at()).await.unwrap_err();
        assert!(matches!(refused, Fault::Refused(..)), "{kind} {refused:?}");
        let text = format!("{refused} {}", refused.message(dossier_domain::Language::Chinese));
        assert!(!text.contains("another-key") && !text.contains(RobotServer::SECRET), "{text}");
        if kind == ChannelKind::WeCom {
            continue;
        }
        let wrong_secret = channel(&server, kind, RobotServer::KEY, "wrong");
        assert_eq!(
            wrong_secret.send(&message("x"), at()).await.unwrap_err().remedy(),
            Remedy::Person,
            "{kind}"
        );
        let right = channel(&server, kind, RobotServer::KEY, RobotServer::SECRET);
        let late = right.send(&message("x"), at() - TimeDelta::hours(3)).await.unwrap_err();
        assert_eq!(late.remedy(), Remedy::Person, "{kind}: a clock that is wrong");
        server.want_keyword(Some("卷宗"));
        assert_eq!(right.send(&message("x"), at()).await.unwrap_err().remedy(), Remedy::Person, "{kind}");
        right.send(&message("卷宗"), at()).await.unwrap();
    }
}

#[tokio::test]
async fn too_many_at_once_are_refused_inside_of_http_200_and_that_is_understood() {
    for kind in ROBOTS {
        let (server, clock) = server().await;
        let channel = channel(&server, kind, RobotServer::KEY, RobotServer::SECRET);
        let mut taken = 0;
        let fault = loop {
            match channel.send(&message("x"), clock.now()).await {
                Ok(()) => taken += 1,
                Err(fault) => break fault,
            }
        };
        assert_eq!(taken, if kind == ChannelKind::Feishu { 5 } else { 20 }, "{kind}");
        assert!(matches!(fault, Fault::Limited(_)), "{kind}: {fault:?}");
    }
}

#[tokio::test]
async fn hostile_answers_end_in_bounded_time_and_are_not_followed() {
    for (mischief, expected) in [
        (Mischief::Endless, Fault::Unintelligible),
        (Mischief::Nonsense, Fault::Unintelligible),
        (Mischief::Status(500), Fault::Failed(500)),
        (Mischief::Status(403), Fault::Status(403)),
        (Mischief::Redirect("http://127.0.0.1:1/".to_owned()), Fault::Redirected(307)),
    ] {
        let (server, _) = server().await;
        let channel = channel(&server, ChannelKind::Feishu, RobotServer::KEY, RobotServer::SECRET);
        server.misbehave(ChannelKind::Feishu, Some(mischief.clone()));
        assert_eq!(channel.send(&message("x"), at()).await, Err(expected), "{mischief:?}");
        assert_eq!(server.requests(), 1, "{mischief:?}");
    }
}

/// A minute of waiting passes at once while nothing else is to be done.
#[tokio::test]
async fn an_answer_that_drips_is_waited_for_only_so_long() {
    let (server, _) = server().await;
    for (kind, mischief) in [(ChannelKind::WeCom, Mischief::Drip), (ChannelKind::DingTalk, Mischief::Silence)]
    {
        let channel = channel(&server, kind, RobotServer::KEY, RobotServer::SECRET);
        server.misbehave(kind, Some(mischief));
        let message = message("x");
        let sending = channel.send(&message, at());
        let outcome = tokio::time::timeout(std::time::Duration::from_secs(40), sending).await;
        assert_eq!(outcome, Ok(Err(Fault::Slow)), "{kind}");
    }
}
