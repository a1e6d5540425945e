//! The timeline of an application: what happened to it, and who looked at it, as far as the asker may see.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use dossier_access::{
    Action, Context, Resource,
    log::{LogRecord, Outcome as Logged},
};
use dossier_domain::{
    Application, ApplicationId, Language, MaterialId, MaterialKind, Process, StageMove, UserId,
    check::Verdict,
    text::{Line, PersonName, VendorName},
};
use dossier_storage::{Scan, Scope};

use crate::{
    Archive, Result,
    dossier::ApplicationFile,
    records::{LOG, scan_past_damage},
};

/// So many records of the log are looked through at most, the newest ones.
const LOOKED_THROUGH: usize = 100_000;
/// So many looks are shown at most, the newest ones.
const MOST_LOOKS: usize = 500;

/// What happened to an application, the newest first.
#[derive(Debug, Clone)]
pub struct Timeline {
    /// The application.
    pub application: Application,
    /// What happened.
    pub events: Vec<Event>,
    /// Who did it, as far as they are known.
    pub people: BTreeMap<UserId, PersonName>,
    /// Since when looks are shown, where the log is longer than what was looked through; older ones are in the log.
    pub looks_since: Option<DateTime<Utc>>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it; nobody where the archive did.
    pub by: Option<UserId>,
    /// What.
    pub what: Happening,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happening {
    /// The AI interview took place.
    Interviewed(VendorName),
    /// A material came, or another state of it.
    Arrived(MaterialId, MaterialKind, u32),
    /// The application was moved; whether that took the last move back.
    Moved(StageMove, bool),
    /// A scorecard was handed in.
    Judged,
    /// Something was found out about a claim.
    Checked(Line, Verdict),
    /// An offer was made.
    Offered,
    /// An offer was accepted, or declined for a reason.
    Answered(Option<Line>),
    /// Somebody looked at it, or took something away.
    Looked(Action),
}

impl Happening {
    /// The name in code and API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Interviewed(_) => "interviewed",
            Self::Arrived(..) => "arrived",
            Self::Moved(..) => "moved",
            Self::Judged => "judged",
            Self::Checked(..) => "checked",
            Self::Offered => "offered",
            Self::Answered(_) => "answered",
            Self::Looked(_) => "looked",
        }
    }

    /// What people read.
    pub fn text(&self, process: &Process, language: Language) -> String {
        let pick = |zh: String, en: String| if language == Language::Chinese { zh } else { en };
        match self {
            Self::Interviewed(vendor) => {
                pick(format!("AI面试（{vendor}）"), format!("AI interview ({vendor})"))
            }
            Self::Arrived(_, kind, 1) => {
                let kind = kind.label(language);
                pick(format!("资料到达：{kind}"), format!("{kind} came in"))
            }
            Self::Arrived(_, kind, revision) => {
                let kind = kind.label(language);
                pick(format!("资料更新：{kind}（第 {revision} 版）"), format!("{kind}: revision {revision}"))
            }
            Self::Moved(step, is_undo) => moved(step, *is_undo, process, language),
            Self::Judged => pick("提交评分表".to_owned(), "handed a scorecard in".to_owned()),
            Self::Checked(claim, verdict) => {
                let verdict = verdict.label(language);
                pick(format!("核实“{claim}”：{verdict}"), format!("checked “{claim}”: {verdict}"))
            }
            Self::Offered => pick("发放offer".to_owned(), "made an offer".to_owned()),
            Self::Answered(None) => pick("候选人接受offer".to_owned(), "the candidate accepted".to_owned()),
            Self::Answered(Some(reason)) => {
                pick(format!("候选人拒绝offer：{reason}"), format!("the candidate declined: {reason}"))
            }
            Self::Looked(action) => match action.kind() {
                Some(kind) => format!("{} · {}", action.label(language), kind.label(language)),
                None => action.label(language).to_owned(),
            },
        }
    }
}

fn moved(step: &StageMove, is_undo: bool, process: &Process, language: Language) -> String {
    let to = process.label(&process.settled(step.place()), language);
    let outcome = step.outcome_label(is_undo, language);
    let mut text = match step.from {
        Some(from) => format!("{} → {to}", process.name(from, language)),
        None => to,
    };
    if !outcome.is_empty() {
        text.push_str(&format!(" {outcome}"));
    }
    if let Some(reason) = &step.reason {
        text.push_str(&format!("{}{reason}", language.pick("：", ": ")));
    }
    text
}

impl Archive {
    /// What happened to an application: what came, moves, scorecards handed in, claims, offers; and for who may see that,
    /// who looked at it. What the actor may not see did not happen to them.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound), [`Error::Denied`](crate::Error::Denied).
    pub async fn timeline(&self, ctx: &Context, id: ApplicationId) -> Result<Timeline> {
        let (file, _, _, permit) = self.find(ctx, Action::ViewApplication, id).await?;
        let mut events = self.events(ctx, &file);
        let resource = Resource::of(&file.application);
        let mut looks_since = None;
        if ctx.decide(Action::ViewTrail, &resource).is_allowed() {
            let looks = self.looks(&file).await?;
            looks_since = looks.1;
            events.extend(looks.0);
        }
        events.sort_by_key(|event| std::cmp::Reverse(event.at));
        let people: Vec<UserId> = events.iter().filter_map(|event| event.by).collect();
        let people = self.names(people).await?;
        let permit = permit.part("view_timeline")?.on(id);
        let intent = self.journal.intend(permit).await?;
        let timeline = Ok(Timeline { application: file.application, events, people, looks_since });
        self.conclude(intent, &timeline, &[]);
        timeline
    }

    /// What the records tell.
    fn events(&self, ctx: &Context, file: &ApplicationFile) -> Vec<Event> {
        let may = |action| ctx.decide(action, &Resource::of(&file.application)).is_allowed();
        let event = |at, by, what| Event { at, by, what };
        let mut events = Vec::new();
        for interview in &file.interviews {
            let at = interview.started_at;
            events.extend(at.map(|at| event(at, None, Happening::Interviewed(interview.vendor.clone()))));
        }
        for of in file.materials.iter().filter(|of| may(Action::ViewMaterial(of.kind()))) {
            let by = match of.provenance {
                dossier_domain::Provenance::Upload { by } => Some(by),
                dossier_domain::Provenance::Vendor { .. } => None,
            };
            events.push(event(of.received_at, by, Happening::Arrived(of.id, of.kind(), of.revision)));
        }
        for (number, of) in file.application.moves.iter().enumerate() {
            let is_undo = file.application.is_undo(number);
            events.push(event(of.at, of.by, Happening::Moved(of.clone(), is_undo)));
        }
        for card in self.visible_scorecards(ctx, file) {
            events.extend(card.handed_in_at.map(|at| event(at, Some(card.by), Happening::Judged)));
        }
        if may(Action::ViewClaims) {
            let findings = file.check.iter().flat_map(|check| &check.findings);
            events.extend(
                findings
                    .map(|of| event(of.at, Some(of.by), Happening::Checked(of.claim.clone(), of.verdict))),
            );
        }
        if may(Action::ViewOffers) {
            for offer in file.offers.iter().flat_map(|offers| &offers.offers) {
                events.push(event(offer.extended_at, Some(offer.by), Happening::Offered));
                let answer = offer.answer.as_ref();
                events.extend(
                    answer.map(|of| event(of.at, Some(of.by), Happening::Answered(of.declined.clone()))),
                );
            }
        }
        events
    }

    /// Who looked at the application and its materials, as the newest records of the log tell; and since when, where the
    /// log is longer.
    async fn looks(&self, file: &ApplicationFile) -> Result<(Vec<Event>, Option<DateTime<Utc>>)> {
        let id = file.application.id.to_string();
        let actions: BTreeMap<String, Action> = Action::all()
            .filter(|action| *action == Action::ViewApplication || action.kind().is_some())
            .map(|action| (action.to_string(), action))
            .collect();
        let (mut looks, mut passed, mut oldest) = (Vec::new(), 0, None);
        let mut scan = Scan::collection(Scope::Archive, LOG).backward();
        while passed < LOOKED_THROUGH && looks.len() < MOST_LOOKS {
            let page = scan_past_damage(&self.store, scan.clone(), &mut Vec::new()).await?;
            passed += page.entries.len();
            for (_, entry) in &page.entries {
                // Most records are of other applications, and need no reading.
                if !holds(&entry.value, id.as_bytes()) {
                    continue;
                }
                let Ok(record) = LogRecord::from_bytes(&entry.value) else { continue };
                looks.extend(look(&record, &id, &actions));
            }
            let Some(last) = page.last else { return Ok((looks, None)) };
            scan = scan.after(&last);
            let read = page.entries.last().and_then(|(_, entry)| LogRecord::from_bytes(&entry.value).ok());
            oldest = read.map(|record| record.moment.at).or(oldest);
        }
        Ok((looks, oldest))
    }
}

/// The look of which a record tells: that it was about to be shown is what is durable.
fn look(record: &LogRecord, id: &str, actions: &BTreeMap<String, Action>) -> Option<Event> {
    let entry = &record.entry;
    let action = actions.get(entry.action.as_str())?;
    let is_about = entry.objects.iter().any(|object| object.as_str() == id);
    let by = entry.actor.as_str().parse().ok();
    let is_look = is_about && entry.outcome == Logged::Intended && by.is_some();
    is_look.then_some(Event { at: record.moment.at, by, what: Happening::Looked(*action) })
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
