//! Channels: robots with their oddities, limits that are kept, faults that stay where they are.

use std::sync::Arc;

use chrono::TimeDelta;
use dossier_archive::{ChannelChange, ChannelKey, ChannelSettings, Delivered, ErrorKind, NewChannel, State};
use dossier_domain::{ChannelKind, Language, NoticeKind, Preferences, Stage, Wish, text::Line};
use dossier_simulator::{Mischief, RobotServer};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::Secret;

use super::{POSITION, channel, furnished, in_position, moved, serve, state, unread, wish, wishes};

const ROBOTS: [ChannelKind; 3] = [ChannelKind::WeCom, ChannelKind::DingTalk, ChannelKind::Feishu];

async fn robots(test: &TestArchive) -> TestResult<RobotServer> {
    Ok(RobotServer::start(Arc::clone(&test.clock) as _).await?)
}

#[tokio::test]
async fn a_robot_tells_its_group_once_in_words_and_a_link() -> TestResult {
    for kind in ROBOTS {
        let test = furnished().await?;
        let server = robots(&test).await?;
        test.archive.set_pages_address("https://dossier.bank.example")?;
        let id = channel(&test, &server, kind).await?;
        let ids = in_position(&test, POSITION).await?;
        moved(&test, ids[0], Stage::HumanInterview).await?;
        moved(&test, ids[1], Stage::HumanInterview).await?;
        assert_eq!(serve(&test, id).await?.sent, 1, "{kind}");
        let said = server.said();
        assert_eq!(said.len(), 1);
        assert!(said[0].text.contains(POSITION) && said[0].text.contains('2'), "{}", said[0].text);
        assert!(said[0].text.contains("https://dossier.bank.example/notices"), "{}", said[0].text);
        assert_eq!(serve(&test, id).await?, Delivered::default(), "and no more");
        let state = state(&test, id).await?;
        assert!(state.trouble.is_none() && state.waiting == 0 && state.delivered_at.is_some());
    }
    Ok(())
}

#[tokio::test]
async fn of_several_in_a_group_one_message_is_enough() -> TestResult {
    let test = furnished().await?;
    let admin = test.as_user("admin").await?;
    let roles = dossier_access::RoleSet::from(dossier_access::Role::BackgroundChecker);
    let (login, name) = ("second".parse()?, "second".parse()?);
    test.archive.add_user(&admin, dossier_archive::NewUser { login, name, roles }).await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::Feishu).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::BackgroundCheck).await?;
    assert_eq!(serve(&test, id).await?.sent, 1);
    assert_eq!(server.said().len(), 1);
    for login in ["checker", "second"] {
        assert_eq!(unread(&test, login).await?.len(), 1, "{login}");
    }
    Ok(())
}

#[tokio::test]
async fn limits_are_kept_whatever_there_is_to_say() -> TestResult {
    for kind in ROBOTS {
        let test = furnished().await?;
        let server = robots(&test).await?;
        let id = channel(&test, &server, kind).await?;
        let admin = test.as_user("admin").await?;
        let mut sent = 0;
        for _ in 0..150 {
            match test.archive.test_channel(&admin, id).await {
                Ok(()) => sent += 1,
                Err(error) => assert_eq!(error.kind(), ErrorKind::Invalid, "{kind}: {error}"),
            }
            test.clock.advance(TimeDelta::milliseconds(150));
        }
        // Over 22 seconds: a minute's worth, or five for each second.
        assert!(
            if kind == ChannelKind::Feishu { (95..=100).contains(&sent) } else { sent == 20 },
            "{kind}: {sent}"
        );
        assert_eq!(
            (server.said().len(), server.requests()),
            (sent, sent),
            "{kind}: nothing was refused there"
        );
        // It holds for whoever suspends and resumes,
        for suspended in [true, false] {
            test.archive.suspend_channel(&admin, id, suspended).await?;
        }
        // for notices as well, and across a restart.
        let ids = in_position(&test, POSITION).await?;
        moved(&test, ids[0], Stage::BackgroundCheck).await?;
        test.archive.tell_what_happened().await?;
        test.clock.advance(TimeDelta::seconds(6));
        let test = test.reopen().await?;
        assert_eq!(test.archive.deliver(id).await?, Delivered::default(), "{kind}");
        assert_eq!(serve(&test, id).await?.sent, 1, "{kind}");
    }
    Ok(())
}

#[tokio::test]
async fn who_lost_the_right_meanwhile_gets_nothing() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::WeCom).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    moved(&test, ids[1], Stage::BackgroundCheck).await?;
    test.archive.tell_what_happened().await?;
    let hr = test.as_user("hr").await?;
    test.archive.set_interviewer(&hr, &POSITION.parse()?, &"li".parse()?, false).await?;
    // And the candidate has left the stage that the checker sees.
    moved(&test, ids[1], Stage::Offer).await?;
    assert_eq!(serve(&test, id).await?, Delivered { sent: 0, withheld: 2, more: false });
    assert_eq!(server.requests(), 0);
    Ok(())
}

#[tokio::test]
async fn what_was_read_need_not_be_told() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::WeCom).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    test.archive.tell_what_happened().await?;
    test.archive.read_notices(&test.as_user("li").await?, None).await?;
    assert_eq!(serve(&test, id).await?, Delivered { sent: 0, withheld: 1, more: false });
    assert_eq!(server.requests(), 0);
    Ok(())
}

#[tokio::test]
async fn a_channel_that_fails_is_shown_and_tried_again_and_stops_nothing_else() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let dead = channel(&test, &server, ChannelKind::DingTalk).await?;
    let alive = channel(&test, &server, ChannelKind::WeCom).await?;
    wish(&test, "checker", Preferences { channel: Some(dead), ..Preferences::default() }).await?;
    server.misbehave(ChannelKind::DingTalk, Some(Mischief::Code(310_000)));
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::BackgroundCheck).await?;
    moved(&test, ids[1], Stage::HumanInterview).await?;
    assert_eq!(serve(&test, dead).await?.sent, 0);
    assert_eq!(serve(&test, alive).await?.sent, 1, "the other goes on");
    let shown = state(&test, dead).await?;
    let trouble = shown.trouble.ok_or("nothing is shown")?;
    assert!(trouble.problem.en.contains("310000") && shown.waiting == 1, "{trouble:?}");
    assert!(
        ![&trouble.problem.zh, &trouble.problem.en].iter().any(|text| text.contains(RobotServer::SECRET))
    );
    for login in ["hr", "admin"] {
        let told = unread(&test, login).await?;
        assert!(
            told.iter().any(|(kind, text)| *kind == NoticeKind::ChannelTrouble && text.contains("dingtalk")),
            "{told:?}"
        );
    }
    let (state_of, told) = checked(&test, "dingtalk").await?;
    assert_eq!(state_of, State::Attention);
    assert!(told.contains("待发 1 条") && told.contains("不能送达") && told.contains("310000"), "{told}");
    assert_eq!(checked(&test, "wecom").await?, (State::Good, "wecom：待发 0 条".to_owned()));
    let counts = test.archive.channel_counts().await?;
    let numbers = counts.iter().map(|of| (of.id == dead, of.waiting, of.fails, of.given_up));
    let mut numbers: Vec<_> = numbers.collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [(false, 0, false, 0), (true, 1, true, 0)]);
    // Time went on while the other was served: it is tried once more, and rests for longer.
    test.archive.deliver(dead).await?;
    let before = server.requests();
    test.archive.deliver(dead).await?;
    assert_eq!(server.requests(), before, "it rests");
    server.misbehave(ChannelKind::DingTalk, None);
    test.clock.advance(TimeDelta::hours(2));
    assert_eq!(serve(&test, dead).await?.sent, 1, "and it is told in the end");
    assert!(state(&test, dead).await?.trouble.is_none());
    assert_eq!(checked(&test, "dingtalk").await?.0, State::Good);
    Ok(())
}

/// What a check of the set-up says of a channel.
async fn checked(test: &TestArchive, channel: &str) -> TestResult<(State, String)> {
    let checks = test.archive.doctor(&test.as_user("admin").await?, None).await?;
    let of =
        checks.iter().find(|of| of.title(Language::English) == "channel" && of.found.0.starts_with(channel));
    let of = of.ok_or("it says nothing of the channel")?;
    Ok((of.state, of.text(Language::Chinese).to_owned()))
}

#[tokio::test]
async fn hostile_answers_cost_little_and_lead_nowhere() -> TestResult {
    for mischief in [
        Mischief::Endless,
        Mischief::Nonsense,
        Mischief::Status(500),
        Mischief::Status(404),
        Mischief::Redirect("http://127.0.0.1:1/".to_owned()),
        Mischief::Code(12345),
    ] {
        let test = furnished().await?;
        let server = robots(&test).await?;
        let id = channel(&test, &server, ChannelKind::Feishu).await?;
        server.misbehave(ChannelKind::Feishu, Some(mischief.clone()));
        let ids = in_position(&test, POSITION).await?;
        moved(&test, ids[0], Stage::HumanInterview).await?;
        assert_eq!(serve(&test, id).await?.sent, 0, "{mischief:?}");
        let shown = state(&test, id).await?;
        assert!(shown.trouble.is_some() && shown.waiting == 1, "{mischief:?}");
        assert_eq!(server.requests(), 1, "{mischief:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_message_that_is_too_old_is_given_up_and_that_is_shown() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::Feishu).await?;
    server.misbehave(ChannelKind::Feishu, Some(Mischief::Status(503)));
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    serve(&test, id).await?;
    test.clock.advance(TimeDelta::hours(73));
    server.misbehave(ChannelKind::Feishu, None);
    serve(&test, id).await?;
    let shown = state(&test, id).await?;
    assert_eq!((shown.waiting, shown.given_up, server.said().len()), (0, 1, 0));
    assert!(checked(&test, "feishu").await?.1.contains("已放弃 1 条"));
    Ok(())
}

#[tokio::test]
async fn a_process_that_ends_in_the_middle_sends_again_and_loses_nothing() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::Feishu).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    test.archive.tell_what_happened().await?;
    test.clock.advance(TimeDelta::minutes(2));
    // It is claimed, and the answer never comes: whoever sends is gone.
    server.misbehave(ChannelKind::Feishu, Some(Mischief::Silence));
    let archive = Arc::clone(&test.archive);
    let sending = tokio::spawn(async move { archive.deliver(id).await });
    while server.requests() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    sending.abort();
    server.misbehave(ChannelKind::Feishu, None);
    let test = test.reopen().await?;
    assert_eq!(test.archive.deliver(id).await?.sent, 0, "another process may still be sending it");
    test.clock.advance(TimeDelta::minutes(4));
    assert_eq!(serve(&test, id).await?.sent, 1);
    assert_eq!((server.said().len(), serve(&test, id).await?.sent), (1, 0), "once");
    Ok(())
}

#[tokio::test]
async fn a_channel_gets_another_key_and_is_tried_at_once() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::Feishu).await?;
    let admin = test.as_user("admin").await?;
    let wrong = || ChannelKey { key: None, secret: Some(Secret::new("wrong")) };
    let change = ChannelChange { key: wrong(), ..ChannelChange::default() };
    test.archive.change_channel(&admin, id, change).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    assert_eq!(serve(&test, id).await?.sent, 0);
    assert!(state(&test, id).await?.trouble.is_some());
    let right = ChannelKey { key: None, secret: Some(Secret::new(RobotServer::SECRET)) };
    let change = ChannelChange { name: Some("另名".parse()?), key: right, ..ChannelChange::default() };
    let changed = test.archive.change_channel(&admin, id, change).await?;
    assert_eq!((changed.name.as_str(), changed.is_usual), ("另名", true));
    assert_eq!(test.archive.deliver(id).await?.sent, 1, "without waiting");
    // Another robot for all takes the place of the first.
    let other = channel(&test, &server, ChannelKind::WeCom).await?;
    assert!(!state(&test, id).await?.channel.is_usual && state(&test, other).await?.channel.is_usual);
    let taken = ChannelChange { name: Some("另名".parse()?), ..ChannelChange::default() };
    assert_eq!(
        test.archive.change_channel(&admin, other, taken).await.unwrap_err().kind(),
        ErrorKind::Conflict
    );
    let webhook = ChannelChange {
        settings: Some(ChannelSettings::new(ChannelKind::Webhook)),
        ..ChannelChange::default()
    };
    assert_eq!(
        test.archive.change_channel(&admin, other, webhook).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    Ok(())
}

#[tokio::test]
async fn letters_go_to_each_who_has_a_mailbox_and_to_nobody_else() -> TestResult {
    let test = furnished().await?;
    let settings = ChannelSettings {
        address: Some("smtp://127.0.0.1:9".parse()?),
        private_network: true,
        from: Some("dossier@bank.example".parse()?),
        domains: vec!["bank.example".to_owned()],
        ..ChannelSettings::new(ChannelKind::Email)
    };
    let new = NewChannel {
        name: Line::parse("邮件")?,
        settings,
        key: ChannelKey::default(),
        positions: Vec::new(),
        is_usual: true,
    };
    let id = test.archive.add_channel(&test.as_user("admin").await?, new).await?.channel.id;
    let outside =
        Preferences { channel: Some(id), email: Some("li@evil.example".parse()?), ..Preferences::default() };
    let refused = test.archive.choose_notices(&test.as_user("li").await?, outside).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    let mailbox = Preferences { email: Some("li@bank.example".parse()?), ..Preferences::default() };
    wish(&test, "li", mailbox).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    moved(&test, ids[1], Stage::BackgroundCheck).await?;
    assert_eq!(serve(&test, id).await?.sent, 0, "there is no server");
    let shown = state(&test, id).await?;
    assert_eq!(shown.waiting, 1, "the checker has no mailbox, and reads it in the inbox");
    assert!(shown.trouble.is_some());
    assert_eq!(unread(&test, "checker").await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn once_a_day_what_was_not_read_is_summed_up() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let id = channel(&test, &server, ChannelKind::WeCom).await?;
    wish(&test, "li", wishes(&[(NoticeKind::Materials, Wish::Daily)])).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    serve(&test, id).await?;
    // The clock of the test stands at 8:15 of the bank's morning: the first digest has nothing to sum up yet but this.
    let first = server.said().len();
    test.clock.advance(TimeDelta::hours(24));
    moved(&test, ids[1], Stage::HumanInterview).await?;
    serve(&test, id).await?;
    assert_eq!(server.said().len(), first + 1, "{:?}", server.said());
    let digest = &server.said()[first].text;
    assert!(digest.contains("每日汇总") && digest.contains(POSITION), "{digest}");
    serve(&test, id).await?;
    assert_eq!(server.said().len(), first + 1, "once a day");
    Ok(())
}

#[tokio::test]
async fn channels_are_managed_by_those_who_may_and_their_keys_are_nowhere_to_be_read() -> TestResult {
    let test = furnished().await?;
    let server = robots(&test).await?;
    let li = test.as_user("li").await?;
    assert_eq!(test.archive.channels(&li).await.unwrap_err().kind(), ErrorKind::Denied);
    let id = channel(&test, &server, ChannelKind::DingTalk).await?;
    let admin = test.as_user("admin").await?;
    test.archive.test_channel(&admin, id).await?;
    assert_eq!(server.said().len(), 1);
    let shown = format!("{:?}", state(&test, id).await?);
    assert!(!shown.contains(RobotServer::KEY) && !shown.contains(RobotServer::SECRET), "{shown}");
    let twice = channel(&test, &server, ChannelKind::DingTalk).await.unwrap_err().to_string();
    assert!(twice.contains("exists already"), "{twice}");
    let inner = NewChannel {
        name: Line::parse("内网")?,
        settings: ChannelSettings {
            address: Some("https://192.168.1.1/".parse()?),
            ..ChannelSettings::new(ChannelKind::Webhook)
        },
        key: ChannelKey { key: None, secret: Some(Secret::new(RobotServer::WEBHOOK_SECRET)) },
        positions: Vec::new(),
        is_usual: false,
    };
    assert_eq!(
        test.archive.add_channel(&admin, inner).await.err().map(|error| error.kind()),
        Some(ErrorKind::Invalid)
    );
    test.archive.suspend_channel(&admin, id, true).await?;
    let ids = in_position(&test, POSITION).await?;
    moved(&test, ids[0], Stage::HumanInterview).await?;
    assert_eq!(serve(&test, id).await?.sent, 0);
    test.archive.remove_channel(&admin, id).await?;
    assert_eq!(test.archive.test_channel(&admin, id).await.unwrap_err().kind(), ErrorKind::NotFound);
    Ok(())
}
