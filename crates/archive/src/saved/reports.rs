//! Reports that people keep under a name: the question, never its answer. Whoever opens one asks it anew, and gets what
//! they may see themselves, also of one that was shared with their role.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, TimeDelta, Utc};
use dossier_access::{Action, Context, Resource, Role, Word};
use dossier_domain::{
    Language, SavedReportId, UserId,
    id::SavedReportKind,
    text::{Line, Login},
};
use dossier_storage::{Stored, Table};
use serde::{Deserialize, Serialize};

use super::{Kept, understood};
use crate::{
    Archive, Error, Measure, ReportWords, Result, What,
    notices::occasion::{Happened, note},
    permit::{Permit, person},
    records::{SAVED_REPORTS, all_past_damage},
    signin::split,
};

/// A report to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSavedReport {
    /// What it is called.
    pub name: Line,
    /// What is asked.
    pub words: ReportWords,
    /// The roles with which it is shared; none for oneself alone.
    pub shared_with: BTreeSet<Role>,
}

/// A report that is kept, one's own or one that was shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedReport {
    /// Its id.
    pub id: SavedReportId,
    /// What it is called.
    pub name: Line,
    /// What is asked.
    pub words: ReportWords,
    /// The roles with which it is shared.
    pub shared_with: BTreeSet<Role>,
    /// Whose it is; `None` where that user can't be read.
    pub owner: Option<Login>,
    /// Whether it belongs to whoever asks.
    pub is_own: bool,
    /// When it was kept.
    pub saved_at: DateTime<Utc>,
    /// How often its readers are reminded of it.
    pub reminds: Option<Rhythm>,
}

/// The same as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SavedReportRecord {
    name: Line,
    words: ReportWords,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    shared_with: BTreeSet<Role>,
    saved_at: DateTime<Utc>,
    /// How often its readers are reminded of it, and on which of the bank's days they were last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reminds: Option<Reminding>,
}

/// How often the readers of a kept report are reminded of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rhythm {
    /// On Mondays.
    Weekly,
    /// On the first of the month.
    Monthly,
}

impl Rhythm {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Weekly, Self::Monthly];

    /// The name in code, API and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// What people read.
    pub fn label(self, language: Language) -> &'static str {
        match self {
            Self::Weekly => language.pick("每周一", "on Mondays"),
            Self::Monthly => language.pick("每月一日", "on the first of the month"),
        }
    }

    /// The rhythm of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|of| of.name() == name.trim().to_lowercase())
    }

    /// The last day up to this one on which it is time.
    fn due(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Weekly => today - Days::new(u64::from(today.weekday().num_days_from_monday())),
            Self::Monthly => today.with_day(1).unwrap_or(today),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Reminding {
    rhythm: Rhythm,
    last: NaiveDate,
}

impl Kept for SavedReportRecord {
    const TABLE: Table<Self> = SAVED_REPORTS;
    const LOOKUP: &'static str = "saved report";
    const WHAT: What = What::SavedReport;

    fn name(&self) -> &Line {
        &self.name
    }

    fn called(self, name: Line) -> Self {
        Self { name, ..self }
    }
}

impl Archive {
    /// The reports that whoever acts has kept, and those that were shared with a role of theirs, by name.
    ///
    /// # Errors
    /// [`Error::Denied`] for who makes no reports.
    pub async fn saved_reports(&self, ctx: &Context) -> Result<Vec<SavedReport>> {
        let permit = self.authorise(ctx, Action::Report, &Resource::Archive).await?;
        let user = person(ctx)?.id;
        let intent = self.journal.intend(permit.part("list_saved_reports")?.on(user)).await?;
        let found = self.kept_reports(ctx).await;
        self.conclude(intent, &found, &[]);
        found
    }

    /// Keeps a report for whoever acts. The log says that, and not what is asked.
    ///
    /// # Errors
    /// [`Error::Invalid`] and [`Error::Query`] for what could not be asked, [`Error::Exists`] for a name that is in use,
    /// [`Error::Denied`] for who shares nothing and wants to.
    pub async fn save_report(&self, ctx: &Context, new: NewSavedReport) -> Result<SavedReport> {
        let permit = self.authorise(ctx, Action::SaveSearches, &Resource::Archive).await?;
        let NewSavedReport { name, words, shared_with } = new;
        if !shared_with.is_empty() {
            let _ = self.authorise(ctx, Action::ShareReports, &Resource::Archive).await?;
            readers(&shared_with)?;
        }
        let words = words.tidied();
        understood(&words.query)?;
        askable(&words)?;
        let (user, id): (UserId, SavedReportId) = (person(ctx)?.id, ctx.new_id()?);
        let record = SavedReportRecord { name, words, shared_with, saved_at: ctx.now(), reminds: None };
        self.keep(permit.part("save_report")?.on(user).on(id), user, id.to_bytes(), &record).await?;
        self.own_report(ctx, id, record)
    }

    /// Gives a report of whoever acts another name.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such report, [`Error::Exists`] for a name that is in use.
    pub async fn rename_saved_report(
        &self,
        ctx: &Context,
        id: SavedReportId,
        name: Line,
    ) -> Result<SavedReport> {
        let (permit, user) = self.may_keep_reports(ctx, Action::SaveSearches).await?;
        let stored = self.own_kept(user, id.to_bytes(), &id).await?;
        let permit = permit.part("rename_saved_report")?.on(user).on(id);
        let renamed = self.rename_kept(permit, user, &stored, name).await?;
        self.own_report(ctx, id, renamed)
    }

    /// Shares a report of whoever acts with just these roles; with none, it is for oneself alone again.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such report, [`Error::Invalid`] for a role that makes no reports.
    pub async fn share_saved_report(
        &self,
        ctx: &Context,
        id: SavedReportId,
        shared_with: BTreeSet<Role>,
    ) -> Result<SavedReport> {
        let (permit, user) = self.may_keep_reports(ctx, Action::ShareReports).await?;
        readers(&shared_with)?;
        let stored = self.own_kept::<SavedReportRecord>(user, id.to_bytes(), &id).await?;
        let changed = SavedReportRecord { shared_with, ..stored.value.clone() };
        if changed != stored.value {
            let mut tx = self.store.batch();
            tx.update(SAVED_REPORTS, &stored, &changed)?;
            let permit = permit.part("share_saved_report")?.on(user).on(id);
            let roles = changed.shared_with.iter().map(|role| Word::parse(role.name()));
            let roles = roles.collect::<dossier_access::Result<Vec<_>>>()?;
            self.journal.change([roles.into_iter().fold(permit, Permit::on)], tx).await?;
        }
        self.own_report(ctx, id, changed)
    }

    /// Says how often the readers of a report of whoever acts are reminded of it: a notice with a link, and no figures. The
    /// first reminder comes when it is time next.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such report.
    pub async fn remind_of_saved_report(
        &self,
        ctx: &Context,
        id: SavedReportId,
        rhythm: Option<Rhythm>,
    ) -> Result<SavedReport> {
        let (permit, user) = self.may_keep_reports(ctx, Action::SaveSearches).await?;
        let stored = self.own_kept::<SavedReportRecord>(user, id.to_bytes(), &id).await?;
        let last = self.settings().zone.date(ctx.now());
        let reminds = rhythm.map(|rhythm| Reminding { rhythm, last });
        let changed = SavedReportRecord { reminds, ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(SAVED_REPORTS, &stored, &changed)?;
        self.journal.change([permit.part("remind_of_saved_report")?.on(user).on(id)], tx).await?;
        self.own_report(ctx, id, changed)
    }

    /// Notes which kept reports are due today, from the hour on at which the day is summed up.
    pub(crate) async fn look_for_due_reports(&self) -> Result<()> {
        let (now, zone) = (self.now(), self.settings().zone);
        let today = zone.date(now);
        let hour = TimeDelta::hours(i64::from(self.notice_rules().await?.digest_hour));
        let ctx = self.as_teller()?;
        for stored in all_past_damage(&self.store, SAVED_REPORTS).await?.0 {
            let Some(Reminding { rhythm, last }) = stored.value.reminds else { continue };
            let Some((owner, report)) = split::<SavedReportKind>(stored.key.id()) else { continue };
            let due = rhythm.due(today);
            if last >= due || now < zone.start_of(due) + hour {
                continue;
            }
            let reminds = Some(Reminding { rhythm, last: today });
            let roles = stored.value.shared_with.clone();
            let mut tx = self.store.batch();
            tx.update(SAVED_REPORTS, &stored, &SavedReportRecord { reminds, ..stored.value.clone() })?;
            note(&mut tx, &ctx, Happened::ReportDue { report, owner, roles })?;
            let permit = self.authorise(&ctx, Action::DeliverNotices, &Resource::Archive).await?;
            match self.journal.change([permit.part("note_due_report")?.on(report)], tx).await {
                // Another node noted it.
                Ok(_) | Err(Error::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Forgets a report of whoever acts.
    ///
    /// # Errors
    /// [`Error::NotFound`] if they have no such report.
    pub async fn remove_saved_report(&self, ctx: &Context, id: SavedReportId) -> Result<()> {
        let (permit, user) = self.may_keep_reports(ctx, Action::SaveSearches).await?;
        let stored = self.own_kept::<SavedReportRecord>(user, id.to_bytes(), &id).await?;
        self.forget_kept(permit.part("remove_saved_report")?.on(user).on(id), user, &stored).await
    }

    async fn may_keep_reports(&self, ctx: &Context, action: Action) -> Result<(Permit, UserId)> {
        let permit = self.authorise(ctx, action, &Resource::Archive).await?;
        Ok((permit, person(ctx)?.id))
    }

    async fn kept_reports(&self, ctx: &Context) -> Result<Vec<SavedReport>> {
        let reader = person(ctx)?;
        let users = self.all_users().await?;
        let (all, _) = all_past_damage(&self.store, SAVED_REPORTS).await?;
        let view = |stored: Stored<SavedReportRecord>| {
            let (owner, id) = split::<SavedReportKind>(stored.key.id())?;
            let is_own = owner == reader.id;
            let is_shared = reader.roles.iter().any(|role| stored.value.shared_with.contains(&role));
            let login = users.iter().find(|user| user.id == owner).map(|user| user.login.clone());
            (is_own || is_shared).then(|| shown(id, stored.value, login, is_own))
        };
        let mut found: Vec<SavedReport> = all.into_iter().filter_map(view).collect();
        found.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok(found)
    }

    fn own_report(&self, ctx: &Context, id: SavedReportId, record: SavedReportRecord) -> Result<SavedReport> {
        Ok(shown(id, record, Some(person(ctx)?.login.clone()), true))
    }
}

fn shown(id: SavedReportId, record: SavedReportRecord, owner: Option<Login>, is_own: bool) -> SavedReport {
    let SavedReportRecord { name, words, shared_with, saved_at, reminds } = record;
    let reminds = reminds.map(|of| of.rhythm);
    SavedReport { id, name, words, shared_with, owner, is_own, saved_at, reminds }
}

/// Refuses a question that nobody could ask.
fn askable(words: &ReportWords) -> Result<()> {
    let request = words.request(Language::Chinese)?;
    if request.measure == Measure::WhatIf && request.on_trial.is_none() {
        return Err(Error::invalid("请给出要试算的岗位和规则", "name the position and the rule to be tried"));
    }
    Ok(())
}

/// Refuses to share with who makes no reports: nobody could open it.
fn readers(roles: &BTreeSet<Role>) -> Result<()> {
    match roles.iter().find(|role| role.is_exclusive()) {
        None => Ok(()),
        Some(role) => Err(Error::invalid(
            format!("{}不查看报表", role.label(Language::Chinese)),
            format!("this role makes no reports: {}", role.label(Language::English)),
        )),
    }
}
