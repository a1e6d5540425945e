//! Notices: who hears of what, by which way, and what becomes of it when something fails.

mod channels;
mod inbox;
mod reminders;
mod webhooks;

use chrono::TimeDelta;
use dossier_archive::{
    ChannelKey, ChannelSettings, ChannelState, Delivered, Move, NewChannel, SearchRequest,
};
use dossier_domain::{
    ApplicationId, ChannelId, ChannelKind, NoticeKind, Preferences, Stage, Wish, text::Line,
};
use dossier_simulator::RobotServer;
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::Secret;

const POSITION: &str = "客户经理";

/// An archive with what a vendor sent, of which everybody has read.
async fn furnished() -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 12).await?;
    test.make_responsible(POSITION).await?;
    settle(&test).await?;
    Ok(test)
}

/// Lets everybody read what they were told so far, and time go on.
async fn settle(test: &TestArchive) -> TestResult {
    test.archive.tell_what_happened().await?;
    for (login, _) in dossier_testkit::USERS {
        test.archive.read_notices(&test.as_user(login).await?, None).await?;
    }
    test.clock.advance(TimeDelta::minutes(15));
    Ok(())
}

async fn in_position(test: &TestArchive, position: &str) -> TestResult<Vec<ApplicationId>> {
    let hr = test.as_user("hr").await?;
    let query = format!("岗位={position}");
    let request = SearchRequest { query, limit: Some(100), ..SearchRequest::default() };
    let hits = test.archive.search(&hr, request).await?.hits.hits;
    Ok(hits.into_iter().map(|hit| hit.application).collect())
}

async fn moved(test: &TestArchive, id: ApplicationId, to: Stage) -> TestResult {
    test.archive.move_to(&test.as_user("hr").await?, id, &Move::to(to)).await?;
    Ok(())
}

/// The unread notices of a user: kind and sentence.
async fn unread(test: &TestArchive, login: &str) -> TestResult<Vec<(NoticeKind, String)>> {
    let inbox = test.archive.inbox(&test.as_user(login).await?).await?;
    let unread = inbox.notices.into_iter().filter(|of| of.read_at.is_none());
    Ok(unread.map(|of| (of.kind, of.text(dossier_domain::Language::Chinese).to_owned())).collect())
}

async fn wish(test: &TestArchive, login: &str, preferences: Preferences) -> TestResult {
    Ok(test.archive.choose_notices(&test.as_user(login).await?, preferences).await?)
}

fn wishes(of: &[(NoticeKind, Wish)]) -> Preferences {
    Preferences { wishes: of.iter().copied().collect(), ..Preferences::default() }
}

/// A channel to the simulator, for everybody who chose none where it is for people.
async fn channel(test: &TestArchive, server: &RobotServer, kind: ChannelKind) -> TestResult<ChannelId> {
    let (key, secret) = match kind {
        ChannelKind::WeCom => (Some(RobotServer::KEY), None),
        ChannelKind::Webhook => (None, Some(RobotServer::WEBHOOK_SECRET)),
        _ => (Some(RobotServer::KEY), Some(RobotServer::SECRET)),
    };
    let settings = ChannelSettings {
        address: Some(server.address(kind)),
        private_network: true,
        ..ChannelSettings::new(kind)
    };
    let new = NewChannel {
        name: Line::parse(kind.name())?,
        settings,
        key: ChannelKey { key: key.map(Secret::new), secret: secret.map(Secret::new) },
        positions: Vec::new(),
        is_usual: kind.is_for_people(),
    };
    Ok(test.archive.add_channel(&test.as_user("admin").await?, new).await?.channel.id)
}

async fn state(test: &TestArchive, id: ChannelId) -> TestResult<ChannelState> {
    let all = test.archive.channels(&test.as_user("admin").await?).await?;
    Ok(all.into_iter().find(|of| of.channel.id == id).ok_or("no such channel")?)
}

/// Tells what happened, waits until it is due, and serves a channel until there is nothing to do at once.
async fn serve(test: &TestArchive, id: ChannelId) -> TestResult<Delivered> {
    test.archive.tell_what_happened().await?;
    test.clock.advance(TimeDelta::minutes(2));
    let mut all = Delivered::default();
    loop {
        let done = test.archive.deliver(id).await?;
        all.sent += done.sent;
        all.withheld += done.withheld;
        if !done.more {
            return Ok(all);
        }
    }
}
