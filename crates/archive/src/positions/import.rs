//! Positions from a table: what it would change, and then the change, in one commit.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use dossier_access::{Action, Context, Resource, Role, User};
use dossier_domain::{
    Position, PositionChange, PositionId, UserId,
    position::Weight,
    text::{Login, PositionName},
};
use dossier_sheets::Row;
use dossier_storage::{Scope, Stored};

use super::{check, claim};
use crate::{
    Archive, Error, Result, What,
    permit::Permit,
    records::{POSITIONS, all_past_damage},
    tables::{Head, Imported, ImportedRow, RowFate, Sheet, cut, parts, wrong},
};

const NAME: Head = Head::new("name", &["岗位", "岗位名称", "名称"], &["Position", "Name"]);
const ALIASES: Head = Head::new("aliases", &["别名"], &["Also called", "Aliases"]);
const BRANCH: Head = Head::new("branch", &["分行"], &["Branch"]);
const PASS_MARK: Head = Head::new("pass_mark", &["分数线", "通过分数线"], &["Pass mark"]);
const QUESTIONS: Head = Head::new("questions", &["面试问题", "问题"], &["Questions"]);
const WEIGHTS: Head = Head::new("weights", &["测评占比", "占比"], &["Shares", "Weights"]);
const CRITERIA: Head = Head::new("criteria", &["评价标准"], &["Criteria"]);
const INTERVIEWERS: Head = Head::new("interviewers", &["面试官"], &["Interviewers"]);
const STATE: Head = Head::new("state", &["状态"], &["State"]);

/// The columns of a table of positions; the first must be there.
pub const POSITION_COLUMNS: &[Head] =
    &[NAME, ALIASES, BRANCH, PASS_MARK, QUESTIONS, WEIGHTS, CRITERIA, INTERVIEWERS, STATE];

/// What a table makes of the positions, row by row.
struct Working {
    /// As they are stored.
    stored: BTreeMap<PositionId, Stored<Position>>,
    /// As the rows so far make them.
    now: BTreeMap<PositionId, Position>,
    users: BTreeMap<Login, User>,
    seen: BTreeSet<PositionId>,
    permits: Vec<Permit>,
}

impl Archive {
    /// Sets up and changes positions by a table: CSV or Excel, with a row for each and the columns that its first row
    /// names. An empty cell leaves things as they are. Rows that can't be taken are left out and named; the others are one
    /// commit. A trial changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no such table; [`Error::Conflict`] if somebody changed a position meanwhile.
    pub async fn import_positions(&self, ctx: &Context, table: Bytes, is_trial: bool) -> Result<Imported> {
        let permit = self.authorise(ctx, Action::ManagePositions, &Resource::Archive).await?;
        let sheet = Sheet::read(table, POSITION_COLUMNS).await?;
        let mut working = self.working().await?;
        let mut rows = Vec::with_capacity(sheet.rows.len());
        for row in &sheet.rows {
            let name = cut(sheet.text(row, &NAME).unwrap_or_default());
            let fate = match self.row(ctx, &permit, &mut working, (&sheet, row)).await {
                Err(
                    error @ (Error::Invalid { .. }
                    | Error::Exists { .. }
                    | Error::NotFound { .. }
                    | Error::Denied(_)),
                ) => RowFate::Refused(error),
                other => other?,
            };
            rows.push(ImportedRow { number: row.number, name, fate });
        }
        let done = Imported { rows, ignored: sheet.ignored };
        if is_trial {
            let permit = permit.part("try_position_import")?.count("records", done.rows.len() as u64);
            let intent = self.journal.intend(permit).await?;
            let done = Ok(done);
            self.conclude(intent, &done, &[]);
            return done;
        }
        self.keep_positions(working).await?;
        Ok(done)
    }

    async fn working(&self) -> Result<Working> {
        let (stored, _) = all_past_damage(&self.store, POSITIONS).await?;
        let users = self.all_users().await?;
        Ok(Working {
            now: stored.iter().map(|of| (of.value.id, of.value.clone())).collect(),
            stored: stored.into_iter().map(|of| (of.value.id, of)).collect(),
            users: users.into_iter().map(|user| (user.login.clone(), user)).collect(),
            seen: BTreeSet::new(),
            permits: Vec::new(),
        })
    }

    async fn row(
        &self,
        ctx: &Context,
        permit: &Permit,
        working: &mut Working,
        (sheet, row): (&Sheet, &Row),
    ) -> Result<RowFate> {
        let name: PositionName = sheet
            .word(row, &NAME)?
            .ok_or_else(|| Error::invalid("这一行没有岗位名称", "this row names no position"))?;
        let before = working.now.values().find(|position| position.is_called(&name)).cloned();
        let is_new = before.is_none();
        let before = match before {
            Some(before) if !working.seen.contains(&before.id) => before,
            Some(_) => {
                return Err(Error::invalid(
                    "该岗位在表中出现了两次",
                    "this position stands in the table twice",
                ));
            }
            None => Position::new(ctx.new_id()?, name, ctx.now()),
        };
        let mut after = before.after(&change(sheet, row)?);
        if let Some(is_closed) = is_closed(sheet, row)? {
            after.closed_at = if is_closed { before.closed_at.or(Some(ctx.now())) } else { None };
        }
        let mut permits = Vec::new();
        for user in working.interviewers(sheet, row)? {
            if !after.interviewers.contains(&user) {
                let resource = Resource::User { id: user };
                let grant =
                    self.authorise_on(ctx, Action::GrantInterviewer, &resource, &[user.into()]).await?;
                permits.push(grant.on(after.id));
                after.interviewers.push(user);
            }
        }
        // A name that goes from one position to another is not followed within one table.
        let others = working.now.values().chain(working.stored.values().map(|stored| &stored.value));
        check(&after, others)?;
        working.seen.insert(after.id);
        if !is_new && after == before {
            return Ok(RowFate::Unchanged);
        }
        let fate = if is_new { RowFate::New } else { RowFate::Changed(differences(&before, &after)) };
        working.permits.push(permit.part("import_position")?.on(after.id));
        working.permits.extend(permits);
        working.now.insert(after.id, after);
        Ok(fate)
    }

    async fn keep_positions(&self, working: Working) -> Result<()> {
        let mut tx = self.store.batch();
        for (id, position) in &working.now {
            match working.stored.get(id) {
                Some(stored) if stored.value == *position => continue,
                Some(stored) => tx.update(POSITIONS, stored, position)?,
                None => tx.insert(POSITIONS, Scope::Archive, id.to_bytes(), position)?,
            };
            claim(&mut tx, working.stored.get(id).map(|stored| &stored.value), position)?;
        }
        if !working.permits.is_empty() {
            self.journal.change(working.permits, tx).await?;
        }
        Ok(())
    }
}

impl Working {
    /// The interviewers that a row names, by their sign-in names.
    fn interviewers(&self, sheet: &Sheet, row: &Row) -> Result<Vec<UserId>> {
        let logins: Vec<Login> = sheet.words(row, &INTERVIEWERS)?.unwrap_or_default();
        let id = |login: &Login| {
            let user = self.users.get(login).ok_or_else(|| Error::not_found(What::User, login))?;
            if user.roles.contains(Role::Interviewer) {
                Ok(user.id)
            } else {
                Err(super::no_interviewer(login))
            }
        };
        logins.iter().map(id).collect()
    }
}

fn change(sheet: &Sheet, row: &Row) -> Result<PositionChange> {
    let pass_mark = sheet.text(row, &PASS_MARK).map(|text| {
        text.parse::<f64>().map_err(|_| wrong(&PASS_MARK, text, ("须是数字", "it is no number")))
    });
    Ok(PositionChange {
        name: None,
        aliases: sheet.words(row, &ALIASES)?,
        branch: sheet.word(row, &BRANCH)?.map(Some),
        pass_mark: pass_mark.transpose()?.map(Some),
        questions: sheet.words(row, &QUESTIONS)?,
        weights: sheet.text(row, &WEIGHTS).map(|text| parts(text).map(weight).collect()).transpose()?,
        criteria: sheet.words(row, &CRITERIA)?,
    })
}

/// An assessment and its share: `Python=30%`.
fn weight(text: &str) -> Result<Weight> {
    let unclear = || wrong(&WEIGHTS, text, ("请写成 Python=30%", "write it as Python=30%"));
    let (skill, share) = text.rsplit_once(['=', '＝', ':', '：']).ok_or_else(unclear)?;
    let percent = share.trim().trim_end_matches(['%', '％']).trim().parse::<f64>().map_err(|_| unclear())?;
    Ok(Weight { skill: skill.parse().map_err(|_| unclear())?, share: percent / 100.0 })
}

fn is_closed(sheet: &Sheet, row: &Row) -> Result<Option<bool>> {
    let Some(text) = sheet.text(row, &STATE) else { return Ok(None) };
    match text.to_lowercase().as_str() {
        "开放" | "open" => Ok(Some(false)),
        "关闭" | "已关闭" | "closed" => Ok(Some(true)),
        _ => Err(wrong(&STATE, text, ("须是“开放”或“已关闭”", "it is either open or closed"))),
    }
}

/// The columns in which two states of a position differ.
fn differences(before: &Position, after: &Position) -> Vec<Head> {
    let differs = [
        (ALIASES, before.aliases != after.aliases),
        (BRANCH, before.branch != after.branch),
        (PASS_MARK, before.pass_mark != after.pass_mark),
        (QUESTIONS, before.questions != after.questions),
        (WEIGHTS, before.weights != after.weights),
        (CRITERIA, before.criteria != after.criteria),
        (INTERVIEWERS, before.interviewers != after.interviewers),
        (STATE, before.closed_at != after.closed_at),
    ];
    differs.into_iter().filter(|(_, differs)| *differs).map(|(head, _)| head).collect()
}
