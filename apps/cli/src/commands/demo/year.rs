//! The bank's year: each interview comes in as it ends, and HR decides on it in the weeks that follow.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::{Actor, Context, Job, Word};
use dossier_archive::{Archive, Move, NewPosition, SearchRequest, SyncMode};
use dossier_domain::{
    ApplicationId, Clock, Judgement, Language, Outcome, Scoring, Stage, SystemClock,
    position::Weight,
    text::{Line, Login, PositionName, RemoteId, SkillName},
};
use dossier_search::Sort;
use dossier_simulator::{
    Bank,
    bank::case::{Decision, PASS_MARK, WEIGHTS},
};

use super::{
    judging::judgement,
    setting::{self, CONNECTION, POSITION},
    tour::{HR, INTERVIEWER},
};
use crate::{
    desk::origin,
    error::{Error, Result},
    out::Out,
    progress::Progress,
};

/// The test whose weight the bank raises in October.
const TALKING: &str = "客户沟通模拟测评";
/// So long after an interview's end the vendor says so.
const NOTICED_AFTER: TimeDelta = TimeDelta::seconds(90);
/// So long before the decision the interviewer has judged.
const JUDGED_BEFORE: TimeDelta = TimeDelta::minutes(30);
/// When the archive is set up, the weight is raised, and the year is over.
const BEGINS: &str = "2023-01-01T00:00:00Z";
const REWEIGHTED: &str = "2023-10-01T00:00:00Z";
const ENDS: &str = "2024-01-01T00:00:00Z";

/// A clock that shows the bank's year while the demo is made, and the present from then on. It never goes back.
pub(super) struct DemoClock {
    /// By so many milliseconds it is behind.
    behind: AtomicI64,
}

impl DemoClock {
    /// The clock on the first day of the year.
    pub(super) fn new() -> Result<Arc<Self>> {
        let clock = Self { behind: AtomicI64::new(0) };
        let behind = SystemClock.now() - time(BEGINS)?;
        clock.behind.store(behind.num_milliseconds(), Ordering::SeqCst);
        Ok(Arc::new(clock))
    }

    /// Puts it forward to this time, unless it is later there already.
    fn forward(&self, to: DateTime<Utc>) {
        let behind = SystemClock.now() - to;
        self.behind.fetch_min(behind.num_milliseconds(), Ordering::SeqCst);
    }

    /// From now on it shows the present.
    fn catch_up(&self) {
        self.behind.store(0, Ordering::SeqCst);
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() - TimeDelta::milliseconds(self.behind.load(Ordering::SeqCst))
    }
}

/// What happens at some time of the year.
enum Event {
    /// The interview with this number is over.
    Over(usize),
    /// The interviewer of its position judges the candidate, who passes or not.
    Judged(usize, Judgement),
    /// Somebody decides about it.
    Decided(usize, Decision),
    /// The position of account managers is judged by this share of the test of talking.
    Weighted(f64),
}

/// Lives through the year, but for the last few interviews of the bank, which come in later.
pub(super) async fn live(
    archive: &Archive,
    bank: Bank,
    later: usize,
    clock: &DemoClock,
    out: &Out,
) -> Result<()> {
    let hr = person(archive, HR).await?;
    let hook = archive.context(Actor::system(Job::Sync), Word::parse("webhook")?)?;
    add_position(archive, &hr).await?;
    setting::responsible(archive, out).await?;
    let interviewer = person(archive, INTERVIEWER).await?;
    let events = events(bank, later, archive.settings().language)?;
    let progress = Progress::steps(
        out,
        out.language.pick("一年的面试与决定", "A year of interviews"),
        events.len() as u64,
    );
    let mut known = HashMap::new();
    for (at, event) in events {
        clock.forward(at);
        match event {
            Event::Over(index) => {
                known.insert(index, arrive(archive, &hook, &hr, &bank.remote_id(index)).await?);
            }
            Event::Judged(index, judgement) => {
                if let Some(&application) = known.get(&index) {
                    archive.write_scorecard(&interviewer, application, judgement, None, true).await?;
                }
            }
            Event::Decided(index, decision) => {
                if let Some(&application) = known.get(&index) {
                    let reason = Some(crate::input::text::<Line>("理由", decision.reason)?);
                    archive.move_to(&hr, application, &Move::to(decision.to).because(reason)).await?;
                }
            }
            Event::Weighted(share) => weigh(archive, &hr, share).await?,
        }
        progress.more(1);
    }
    clock.catch_up();
    Ok(())
}

async fn person(archive: &Archive, login: &str) -> Result<Context> {
    let actor = archive.actor(&crate::input::text::<Login>("用户名", login)?).await?;
    Ok(archive.context(actor, origin()?)?)
}

/// All that happens before the year is over, in order of time.
fn events(bank: Bank, later: usize, language: Language) -> Result<Vec<(DateTime<Utc>, Event)>> {
    let mut events =
        vec![(time(BEGINS)?, Event::Weighted(WEIGHTS.0)), (time(REWEIGHTED)?, Event::Weighted(WEIGHTS.1))];
    for sitting in bank.interviews().take(bank.len().saturating_sub(later)) {
        events.push((sitting.ended_at + NOTICED_AFTER, Event::Over(sitting.index)));
        let decisions = bank.decisions(sitting.index);
        if sitting.position.name == POSITION
            && let Some([_, judged]) = decisions.windows(2).find(|both| both[0].to == Stage::HumanInterview)
        {
            let passes = judged.outcome == Outcome::Passed;
            let judgement = judgement(&sitting, passes, language)?;
            events.push((judged.at - JUDGED_BEFORE, Event::Judged(sitting.index, judgement)));
        }
        events.extend(
            decisions.into_iter().map(|decision| (decision.at, Event::Decided(sitting.index, decision))),
        );
    }
    let end = time(ENDS)?;
    events.retain(|(at, _)| *at < end);
    events.sort_by_key(|(at, _)| *at);
    Ok(events)
}

/// Takes in the interview that a webhook names; the newest application is then its.
async fn arrive(archive: &Archive, hook: &Context, hr: &Context, id: &str) -> Result<ApplicationId> {
    let id = crate::input::text::<RemoteId>("编号", id)?;
    archive.sync(hook, CONNECTION, SyncMode::Interviews(vec![id]), &|_| {}).await?;
    let newest = SearchRequest { sort: Some(Sort::Newest), limit: Some(1), ..SearchRequest::default() };
    let found = archive.search(hr, newest).await?.hits.hits;
    found
        .first()
        .map(|hit| hit.application)
        .ok_or_else(|| Error::invalid("面试没有入档", "the interview did not come in"))
}

async fn add_position(archive: &Archive, hr: &Context) -> Result<()> {
    let name = crate::input::text::<PositionName>("岗位", POSITION)?;
    let new = NewPosition { name, aliases: Vec::new(), branch: None, pass_mark: None, questions: Vec::new() };
    archive.add_position(hr, new).await?;
    Ok(())
}

async fn weigh(archive: &Archive, hr: &Context, share: f64) -> Result<()> {
    let skill = crate::input::text::<SkillName>("测评", TALKING)?;
    let rule = Scoring { weights: vec![Weight { skill, share }], pass_mark: Some(PASS_MARK) };
    let position = crate::input::text::<PositionName>("岗位", POSITION)?;
    archive.set_scoring(hr, &position, rule).await?;
    Ok(())
}

fn time(text: &str) -> Result<DateTime<Utc>> {
    text.parse().map_err(|_| Error::invalid(format!("{text} 不是时间"), format!("{text} is no time")))
}
