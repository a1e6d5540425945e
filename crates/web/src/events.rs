//! Changes of what somebody looks at, as server-sent events: that something changed, and never what.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    http::HeaderName,
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use dossier_archive::Watched;
use dossier_domain::{ApplicationId, PositionId};
use futures::{Stream, StreamExt, stream};
use tokio::time::{Instant, sleep};

use crate::{api::Caller, failure::Result, site::Site};

/// How often it is asked whether anything changed at all, which costs one small read.
const LOOK_AGAIN: Duration = Duration::from_millis(300);
/// How long the right to look may have ended before the stream does.
const RECHECK: Duration = Duration::from_secs(1);

struct Follower {
    caller: Caller,
    site: Arc<Site>,
    watched: Watched,
    /// What was seen last, and up to which commit.
    state: u64,
    newest: u64,
    checked: Instant,
    has_ended: bool,
}

/// A stream that says `changed` whenever what is watched looks different to the caller, and `gone` once it may not be
/// seen any more, with which it ends.
///
/// # Errors
/// When it may not be seen now.
pub(crate) async fn follow(caller: Caller, site: Arc<Site>, watched: Watched) -> Result<Response> {
    let newest = site.archive.newest_commit().await?;
    let state = site.archive.state_of(&caller.ctx, watched).await?;
    // The head of a page is told how many notices there are as soon as it asks: it may have been away for a while.
    let (newest, state) = if watched == Watched::Notices { (0, !state) } else { (newest, state) };
    let follower = Follower {
        caller,
        site: Arc::clone(&site),
        watched,
        state,
        newest,
        checked: Instant::now(),
        has_ended: false,
    };
    let events = stream::unfold(follower, |mut follower| async move {
        let event = follower.next().await?;
        Some((Ok(event), follower))
    });
    let ending = site.ending.clone().cancelled_owned();
    Ok(told(events.take_until(ending)))
}

/// Events as an answer, which proxies are to hand on as they come (nginx would gather them).
pub(crate) fn told(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let unbuffered = (HeaderName::from_static("x-accel-buffering"), "no");
    ([unbuffered], Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}

impl Follower {
    async fn next(&mut self) -> Option<Event> {
        if self.has_ended {
            return None;
        }
        loop {
            sleep(LOOK_AGAIN).await;
            match self.look().await {
                Ok(false) => {}
                Ok(true) => return Some(Event::default().event("changed").data(self.told().await)),
                Err(_) => {
                    self.has_ended = true;
                    return Some(Event::default().event("gone").data(""));
                }
            }
        }
    }

    /// What goes with it: nothing, but for one's own notices how many there are, so that nobody need ask for that.
    async fn told(&self) -> String {
        match self.watched {
            Watched::Notices => {
                let unread = self.site.archive.unread_notices(&self.caller.ctx).await;
                unread.unwrap_or_default().to_string()
            }
            _ => String::new(),
        }
    }

    /// Whether it looks different now.
    async fn look(&mut self) -> dossier_archive::Result<bool> {
        let archive = &self.site.archive;
        let newest = archive.newest_commit().await?;
        if newest == self.newest && self.checked.elapsed() < RECHECK {
            return Ok(false);
        }
        let rights = self.site.rights_now(&self.caller.proof, &self.caller.ctx).await?;
        let before = std::mem::replace(&mut self.caller.ctx, rights);
        self.checked = Instant::now();
        let ctx = &self.caller.ctx;
        // Who sees more or less than before sees something else, whatever was committed.
        let is_as_before = before.actor() == ctx.actor()
            && (newest == self.newest || archive.newest_commit_of(ctx, self.watched).await? <= self.newest);
        let state = match is_as_before {
            true => self.state,
            false => archive.state_of(&self.caller.ctx, self.watched).await?,
        };
        self.newest = newest;
        Ok(std::mem::replace(&mut self.state, state) != state)
    }
}

/// Where the changes of an application are told.
pub(crate) fn of_application(id: ApplicationId) -> String {
    format!("/api/v1/applications/{id}/events")
}

/// Where the changes of a board are told.
pub(crate) fn of_board(id: PositionId) -> String {
    format!("/api/v1/positions/{id}/events")
}

/// Where it is told how many notices wait.
pub(crate) const OF_NOTICES: &str = "/api/v1/me/notices/events";

/// Where the changes of an interviewer's list are told.
pub(crate) const OF_INTERVIEWS: &str = "/api/v1/me/interviews/events";
