//! Webhooks for stage moves: each once, in order, signed, by ids alone.

use std::{collections::BTreeSet, sync::Arc};

use chrono::TimeDelta;
use dossier_archive::{Move, SearchRequest};
use dossier_domain::{ChannelKind, Stage};
use dossier_simulator::{Mischief, RobotServer};
use dossier_testkit::TestResult;

use super::{POSITION, channel, furnished, in_position, moved, serve, state};

#[tokio::test]
async fn every_move_is_told_once_in_order_without_a_name_or_a_reason() -> TestResult {
    let test = furnished().await?;
    let server = RobotServer::start(Arc::clone(&test.clock) as _).await?;
    let id = channel(&test, &server, ChannelKind::Webhook).await?;
    let hr = test.as_user("hr").await?;
    let ids = in_position(&test, POSITION).await?;
    let because = Move::to(Stage::Rejected).because(Some("张三的资历不符".parse()?));
    test.archive.move_to(&hr, ids[0], &because).await?;
    // The order is that of time, to the millisecond.
    test.clock.advance(TimeDelta::milliseconds(1));
    let everybody = SearchRequest { limit: Some(100), ..SearchRequest::default() };
    let hits = test.archive.search(&hr, everybody).await?.hits.hits;
    let rest: Vec<_> = hits.iter().map(|hit| hit.application).filter(|id| *id != ids[0]).collect();
    let done = test.archive.move_many(&hr, &rest, &Move::to(Stage::HumanInterview)).await?;
    assert_eq!(serve(&test, id).await?.sent, 1 + done.moved.len() as u64);
    let events = server.events();
    assert_eq!((events.len(), server.forged()), (1 + done.moved.len(), 0));
    let different: BTreeSet<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(different.len(), events.len());
    let first = &events[0].body;
    assert_eq!(first["type"], "application.moved");
    assert_eq!(first["data"]["application"], ids[0].to_string());
    assert_eq!((&first["data"]["from"], &first["data"]["to"]), (&"ai_interview".into(), &"rejected".into()));
    let all = format!("{events:?}");
    assert!(!all.contains("张三") && !all.contains("资历"), "{all}");
    for hit in &hits {
        assert!(hit.name.as_ref().is_none_or(|name| !all.contains(name.as_str())));
    }
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_was_away_gets_everything_in_order_with_the_same_ids() -> TestResult {
    let test = furnished().await?;
    let server = RobotServer::start(Arc::clone(&test.clock) as _).await?;
    let id = channel(&test, &server, ChannelKind::Webhook).await?;
    let ids = in_position(&test, POSITION).await?;
    server.misbehave(ChannelKind::Webhook, Some(Mischief::Status(500)));
    for to in [Stage::HumanInterview, Stage::BackgroundCheck, Stage::Offer] {
        moved(&test, ids[0], to).await?;
        assert_eq!(serve(&test, id).await?.sent, 0);
    }
    assert!(state(&test, id).await?.trouble.is_some());
    server.misbehave(ChannelKind::Webhook, None);
    test.clock.advance(TimeDelta::hours(2));
    assert_eq!(serve(&test, id).await?.sent, 3);
    let to: Vec<String> = server.events().iter().map(|event| event.body["data"]["to"].to_string()).collect();
    assert_eq!(to, [r#""human_interview""#, r#""background_check""#, r#""offer""#]);
    assert_eq!(server.forged(), 0, "a late one is signed with the time at which it is sent");
    Ok(())
}

#[tokio::test]
async fn a_process_that_ends_between_sending_and_noting_sends_the_same_id_again() -> TestResult {
    let test = furnished().await?;
    let server = RobotServer::start(Arc::clone(&test.clock) as _).await?;
    let id = channel(&test, &server, ChannelKind::Webhook).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    test.archive.tell_what_happened().await?;
    server.misbehave(ChannelKind::Webhook, Some(Mischief::Forgetful));
    let archive = Arc::clone(&test.archive);
    let sending = tokio::spawn(async move { archive.deliver(id).await });
    while server.events().is_empty() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    sending.abort();
    server.misbehave(ChannelKind::Webhook, None);
    let test = test.reopen().await?;
    // The order is that of time, to the millisecond.
    test.clock.advance(TimeDelta::milliseconds(1));
    moved(&test, ids[0], Stage::Offer).await?;
    assert_eq!(serve(&test, id).await?.sent, 0, "what comes later overtakes nothing that may be on its way");
    test.clock.advance(TimeDelta::minutes(4));
    assert_eq!(serve(&test, id).await?.sent, 2);
    let events = server.events();
    assert_eq!(events.len(), 3, "at least once");
    assert_eq!(events[0], events[1], "and known by its id");
    assert_eq!(events[2].body["data"]["to"], "offer", "in order");
    assert_eq!(serve(&test, id).await?.sent, 0);
    Ok(())
}
