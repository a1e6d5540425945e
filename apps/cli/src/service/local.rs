//! The archive in this process.

mod notices;
mod process;
mod shapes;

use std::{collections::BTreeSet, path::PathBuf, sync::Mutex};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_access::{
    Actor, Cell, Context, Job, Role, RoleSet, Sight, User,
    log::{Checkpoint, PublicKey, Trust},
};
use dossier_archive::{Archive, Download, Gone, Polling, Rhythm, Settings, SyncMode};
use dossier_client::{
    applications::{Folder, Found, Search, Shown},
    connections::{
        Account, Connection, NewConnection, NewCredentials, OnSync, Standing, SyncProgress, SyncReport,
    },
    doctor::Check,
    log::{Known, LogFilter, LogRecords, Verdict},
    materials::{Fetch, Fetched},
    people::{Link, MadeToken, NewPosition, NewToken, NewUser, Token},
    policy::Policy,
    proposals::{NewProposal, Proposal},
    releases::{Release, ReleaseRule},
    reports,
    saved::{NewSavedReport, NewSavedSearch, SavedReport, SavedSearch},
    tables::Imported,
    themes::Suggestion,
};
use dossier_domain::{
    Application, ApplicationId, BankZone, FieldSelection, Language, Lexicon, Material, MaterialId, Position,
    PositionChange, PresetTag, ProposalId, ReleaseId, SavedReportId, SavedSearchId, Theme, TokenId,
    text::{BranchName, Line, Login, PositionName, TagName, ThemeName},
};

use super::{OnBytes, OnCount, Service};
use crate::{
    desk::origin,
    error::{Error, InQuery, Result},
    files::{Arrival, Outgoing},
    input,
};

/// Where the server takes one-time links.
const LINK: &str = "/welcome/";

/// The archive in this process, and a user of it with the rights of this moment.
pub(crate) struct Local<'a> {
    archive: &'a Archive,
    ctx: Context,
    language: Language,
    /// The key file, to be looked at by `doctor`.
    key_file: Option<PathBuf>,
}

impl<'a> Local<'a> {
    /// The archive as this user has it.
    pub(crate) async fn of(archive: &'a Archive, login: &Login, language: Language) -> Result<Self> {
        let ctx = archive.context(archive.actor(login).await?, origin()?)?;
        Ok(Self { archive, ctx, language, key_file: None })
    }

    /// A proposal as it is now.
    async fn proposal(&self, id: ProposalId) -> Result<Proposal> {
        let all = self.archive.proposals(&self.ctx).await?;
        let found = all.into_iter().find(|of| of.proposal.id == id).map(shapes::proposal);
        let (what, name) = (dossier_archive::What::Proposal, id.to_string());
        Ok(found.ok_or(dossier_archive::Error::NotFound { what, name })?)
    }

    /// With the file in which the archive's key lies.
    #[must_use]
    pub(crate) fn with_key_file(self, path: PathBuf) -> Self {
        Self { key_file: Some(path), ..self }
    }
}

/// Takes a ZIP.
async fn take(download: Download<'_>, into: &mut Arrival) -> Result<Fetched> {
    let bytes = download.length();
    into.expect(bytes);
    into.take_all(download.stream()).await?;
    Ok(Fetched { applications: download.applications as u64, files: download.files() as u64, bytes })
}

#[async_trait(?Send)]
impl Service for Local<'_> {
    async fn zone(&self) -> Result<BankZone> {
        Ok(self.archive.settings().zone)
    }

    fn now(&self) -> DateTime<Utc> {
        self.ctx.now()
    }

    async fn search(&self, asked: Search) -> Result<Found> {
        let query = asked.query.clone();
        let answer = self.archive.search(&self.ctx, shapes::search(asked)?).await;
        let answer = answer.in_query(&query)?;
        Ok(shapes::found(answer, self.language))
    }

    async fn saved_searches(&self) -> Result<Vec<SavedSearch>> {
        Ok(self.archive.saved_searches(&self.ctx).await?.into_iter().map(shapes::saved).collect())
    }

    async fn save_search(&self, new: NewSavedSearch) -> Result<SavedSearch> {
        let NewSavedSearch { name, query, sort } = new;
        let kept =
            dossier_archive::NewSavedSearch { name, query: query.clone(), sort: sort.map(shapes::sort) };
        let saved = self.archive.save_search(&self.ctx, kept).await;
        Ok(shapes::saved(saved.in_query(&query)?))
    }

    async fn rename_saved_search(&self, id: SavedSearchId, name: Line) -> Result<SavedSearch> {
        Ok(shapes::saved(self.archive.rename_saved_search(&self.ctx, id, name).await?))
    }

    async fn remove_saved_search(&self, id: SavedSearchId) -> Result<()> {
        Ok(self.archive.remove_saved_search(&self.ctx, id).await?)
    }

    async fn preset_tags(&self) -> Result<Vec<PresetTag>> {
        Ok(self.archive.settings().presets.clone())
    }

    async fn set_preset_tags(&self, before: &[PresetTag], presets: &[PresetTag]) -> Result<()> {
        let known = Settings { presets: before.to_vec(), ..(*self.archive.settings()).clone() };
        let wanted = Settings { presets: presets.to_vec(), ..known.clone() };
        Ok(self.archive.change_settings(&self.ctx, &known, wanted).await?)
    }

    async fn folders(&self, parent: Vec<String>) -> Result<Vec<Folder>> {
        let found = self.archive.folders(&self.ctx, parent.clone()).await?;
        let folder = |(name, count)| Folder { path: parent.iter().cloned().chain([name]).collect(), count };
        Ok(found.into_iter().map(folder).collect())
    }

    async fn show(&self, id: ApplicationId) -> Result<Shown> {
        Ok(shapes::shown(self.archive.show(&self.ctx, id).await?))
    }

    async fn tag(&self, id: ApplicationId, add: &[TagName], remove: &[TagName]) -> Result<Application> {
        let changed = self.archive.tag(&self.ctx, &[id], add, remove).await?.into_iter().next();
        let (what, name) = (dossier_archive::What::Application, id.to_string());
        Ok(changed.ok_or(dossier_archive::Error::NotFound { what, name })?)
    }

    async fn download(&self, of: ApplicationId, material: MaterialId, into: &mut Arrival) -> Result<()> {
        let opened = self.archive.open_file(&self.ctx, of, material, true).await?;
        let length = opened.file.length;
        into.expect(length);
        into.take_all(opened.range(0..length)?).await
    }

    async fn fetch(&self, asked: Fetch, into: &mut Arrival) -> Result<Fetched> {
        let query = asked.query.clone();
        let download = self.archive.fetch(&self.ctx, shapes::fetch(asked, self.language)).await;
        take(download.in_query(&query)?, into).await
    }

    async fn releases(&self) -> Result<Vec<Release>> {
        Ok(self.archive.releases(&self.ctx).await?.into_iter().map(shapes::release).collect())
    }

    async fn ask_release(&self, asked: Fetch) -> Result<Release> {
        let query = asked.query.clone();
        let asked = self.archive.ask_release(&self.ctx, shapes::fetch(asked, self.language)).await;
        Ok(shapes::release(asked.in_query(&query)?))
    }

    async fn decide_release(&self, id: ReleaseId, is_released: bool) -> Result<Release> {
        Ok(shapes::release(self.archive.decide_release(&self.ctx, id, is_released).await?))
    }

    async fn fetch_released(&self, id: ReleaseId, into: &mut Arrival) -> Result<Fetched> {
        take(self.archive.fetch_released(&self.ctx, id, self.language).await?, into).await
    }

    async fn release_rule(&self) -> Result<ReleaseRule> {
        Ok(ReleaseRule { from: self.archive.release_rule().await?.from })
    }

    async fn set_release_rule(&self, rule: ReleaseRule) -> Result<ReleaseRule> {
        let changed = dossier_archive::ReleaseRule { from: rule.from };
        self.archive.change_release_rule(&self.ctx, changed).await?;
        Ok(rule)
    }

    async fn upload(&self, to: ApplicationId, name: &str, file: &Outgoing) -> Result<Material> {
        let input = file.read_from(0).await.map_err(|cause| Error::io(file.path(), cause))?;
        Ok(self.archive.upload(&self.ctx, to, name, Some(file.length()), input).await?)
    }

    async fn report(&self, asked: reports::Ask) -> Result<reports::Report> {
        let query = asked.query.clone();
        let report = self.archive.report(&self.ctx, shapes::report(asked, self.language)?).await;
        let report = report.in_query(&query)?;
        let shape = serde_json::to_value(&report).and_then(serde_json::from_value);
        Ok(shape.map_err(dossier_report::Error::from).map_err(dossier_archive::Error::from)?)
    }

    async fn report_file(&self, asked: reports::Ask, format: &str, into: &mut Arrival) -> Result<()> {
        let format = input::format(format)?;
        let query = asked.query.clone();
        let request = shapes::report(asked, self.language)?;
        // There is no page that a link in the file could lead to.
        let file = self.archive.report_file(&self.ctx, request, format, |_| None).await;
        let bytes = file.in_query(&query)?.bytes;
        into.expect(bytes.len() as u64);
        into.take(&bytes)
    }

    async fn themes(&self) -> Result<Lexicon> {
        Ok(self.archive.lexicon(&self.ctx).await?)
    }

    async fn set_theme(&self, theme: Theme) -> Result<Lexicon> {
        Ok(self.archive.set_theme(&self.ctx, theme).await?)
    }

    async fn remove_theme(&self, name: &ThemeName) -> Result<()> {
        self.archive.remove_theme(&self.ctx, name).await?;
        Ok(())
    }

    async fn suggested_words(&self, query: &str) -> Result<Vec<Suggestion>> {
        let found = self.archive.suggested_words(&self.ctx, query.to_owned()).await;
        Ok(found.in_query(query)?.into_iter().map(shapes::suggestion).collect())
    }

    async fn saved_reports(&self) -> Result<Vec<SavedReport>> {
        Ok(self.archive.saved_reports(&self.ctx).await?.into_iter().map(shapes::saved_report).collect())
    }

    async fn save_report(&self, new: NewSavedReport) -> Result<SavedReport> {
        let NewSavedReport { name, question, shared_with } = new;
        let query = question.query.clone();
        let words = shapes::words(question);
        let new = dossier_archive::NewSavedReport { name, words, shared_with };
        let saved = self.archive.save_report(&self.ctx, new).await;
        Ok(shapes::saved_report(saved.in_query(&query)?))
    }

    async fn rename_saved_report(&self, id: SavedReportId, name: &Line) -> Result<SavedReport> {
        let renamed = self.archive.rename_saved_report(&self.ctx, id, name.clone()).await?;
        Ok(shapes::saved_report(renamed))
    }

    async fn share_saved_report(&self, id: SavedReportId, roles: &BTreeSet<Role>) -> Result<SavedReport> {
        let shared = self.archive.share_saved_report(&self.ctx, id, roles.clone()).await?;
        Ok(shapes::saved_report(shared))
    }

    async fn remind_of_saved_report(&self, id: SavedReportId, rhythm: Option<Rhythm>) -> Result<SavedReport> {
        let changed = self.archive.remind_of_saved_report(&self.ctx, id, rhythm).await?;
        Ok(shapes::saved_report(changed))
    }

    async fn remove_saved_report(&self, id: SavedReportId) -> Result<()> {
        Ok(self.archive.remove_saved_report(&self.ctx, id).await?)
    }

    async fn proposals(&self) -> Result<Vec<Proposal>> {
        let all = self.archive.proposals(&self.ctx).await?;
        // As the API lists them: the oldest first.
        Ok(all.into_iter().rev().map(shapes::proposal).collect())
    }

    async fn propose(&self, new: NewProposal) -> Result<Proposal> {
        let NewProposal { position, to, query, reason } = new;
        let new = dossier_archive::NewProposal { position, to, query: query.clone(), reason };
        let kept = self.archive.propose(&self.ctx, new).await;
        self.proposal(kept.in_query(&query)?.id).await
    }

    async fn apply_proposal(&self, id: ProposalId, reason: &Line) -> Result<Position> {
        Ok(self.archive.apply_proposal(&self.ctx, id, reason.clone()).await?)
    }

    async fn reject_proposal(&self, id: ProposalId, reason: Option<&Line>) -> Result<Proposal> {
        self.archive.reject_proposal(&self.ctx, id, reason.cloned()).await?;
        self.proposal(id).await
    }

    async fn positions(&self) -> Result<Vec<Position>> {
        Ok(self.archive.positions(&self.ctx).await?)
    }

    async fn add_position(&self, new: NewPosition) -> Result<Position> {
        let NewPosition { name, aliases, branch, pass_mark, questions } = new;
        let new = dossier_archive::NewPosition { name, aliases, branch, pass_mark, questions };
        Ok(self.archive.add_position(&self.ctx, new).await?)
    }

    async fn edit_position(&self, name: &PositionName, change: PositionChange) -> Result<Position> {
        Ok(self.archive.edit_position(&self.ctx, name, &change).await?)
    }

    async fn import_positions(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        let done = self.archive.import_positions(&self.ctx, table.into(), is_trial).await?;
        Ok(shapes::imported(done, is_trial, self.language))
    }

    async fn set_branch(&self, position: &PositionName, branch: Option<BranchName>) -> Result<Position> {
        Ok(self.archive.set_branch(&self.ctx, position, branch).await?)
    }

    async fn close_position(&self, name: &PositionName, closed: bool) -> Result<Position> {
        Ok(self.archive.close_position(&self.ctx, name, closed).await?)
    }

    async fn set_interviewer(
        &self,
        position: &PositionName,
        login: &Login,
        responsible: bool,
    ) -> Result<Position> {
        Ok(self.archive.set_interviewer(&self.ctx, position, login, responsible).await?)
    }

    async fn users(&self) -> Result<Vec<User>> {
        Ok(self.archive.users(&self.ctx).await?)
    }

    async fn add_user(&self, new: NewUser) -> Result<User> {
        let NewUser { login, name, roles } = new;
        Ok(self.archive.add_user(&self.ctx, dossier_archive::NewUser { login, name, roles }).await?)
    }

    async fn set_roles(&self, login: &Login, roles: RoleSet) -> Result<User> {
        Ok(self.archive.set_roles(&self.ctx, login, roles).await?)
    }

    async fn suspend_user(&self, login: &Login, suspended: bool) -> Result<User> {
        Ok(self.archive.suspend_user(&self.ctx, login, suspended).await?)
    }

    /// Nobody gives a link to themselves. Whoever holds the archive's key may all the same: it is how the last
    /// administrator gets in again who has forgotten the password, and the log says that it was done here.
    async fn invite(&self, login: &Login) -> Result<Link> {
        let is_own = self.ctx.actor().user().is_some_and(|user| user.login == *login);
        let setup = self.archive.context(Actor::system(Job::Setup), origin()?)?;
        let link = self.archive.invite(if is_own { &setup } else { &self.ctx }, login).await?;
        let path = format!("{LINK}{}", link.token.reveal());
        Ok(Link { login: login.clone(), path, expires_at: link.expires_at })
    }

    async fn policy(&self) -> Result<Policy> {
        Ok(shapes::policy(self.archive.policy(&self.ctx).await?))
    }

    async fn change_policy(&self, cells: &[(Cell, Sight)], known: u32) -> Result<Policy> {
        Ok(shapes::policy(self.archive.change_policy(&self.ctx, cells, Some(known)).await?))
    }

    async fn tokens(&self) -> Result<Vec<Token>> {
        Ok(self.archive.tokens(&self.ctx).await?.into_iter().map(shapes::token).collect())
    }

    async fn make_token(&self, new: NewToken) -> Result<MadeToken> {
        let NewToken { name, scopes, days } = new;
        let new = dossier_archive::NewToken { name, scopes, days: Some(days) };
        let made = self.archive.make_token(&self.ctx, new).await?;
        Ok(MadeToken { token: made.token.reveal().to_owned(), view: shapes::token(made.view) })
    }

    async fn revoke_token(&self, id: TokenId) -> Result<()> {
        Ok(self.archive.revoke_token(&self.ctx, id).await?)
    }

    async fn connections(&self) -> Result<Vec<Standing>> {
        Ok(self.archive.connections(&self.ctx).await?.into_iter().map(shapes::standing).collect())
    }

    async fn add_connection(&self, new: NewConnection) -> Result<Connection> {
        let NewConnection { name, vendor, settings, credentials, fields, requests_per_second } = new;
        let new = dossier_archive::NewConnection {
            name,
            vendor,
            settings,
            credentials,
            fields,
            requests_per_second,
        };
        Ok(shapes::connection(self.archive.add_connection(&self.ctx, new).await?))
    }

    async fn test_connection(&self, name: &str) -> Result<Account> {
        let account = self.archive.test_connection(&self.ctx, name).await?;
        Ok(Account {
            account: account.name.map(|name| name.to_string()),
            positions: account.positions as u64,
            server_time: account.server_time,
        })
    }

    async fn suspend_connection(&self, name: &str, suspended: bool) -> Result<Connection> {
        Ok(shapes::connection(self.archive.suspend_connection(&self.ctx, name, suspended).await?))
    }

    async fn remove_connection(&self, name: &str) -> Result<()> {
        Ok(self.archive.remove_connection(&self.ctx, name).await?)
    }

    async fn retry_quarantined(&self, name: &str) -> Result<u64> {
        Ok(self.archive.retry_quarantined(&self.ctx, name).await?)
    }

    async fn choose_fields(&self, name: &str, fields: FieldSelection) -> Result<Connection> {
        Ok(shapes::connection(self.archive.choose_fields(&self.ctx, name, fields).await?))
    }

    async fn choose_polling(&self, name: &str, polling: Polling) -> Result<Connection> {
        Ok(shapes::connection(self.archive.choose_polling(&self.ctx, name, polling).await?))
    }

    async fn change_credentials(&self, name: &str, new: NewCredentials) -> Result<Connection> {
        let new = dossier_archive::NewCredentials { key: new.key, webhook: new.webhook };
        Ok(shapes::connection(self.archive.change_credentials(&self.ctx, name, new).await?))
    }

    async fn sync(&self, name: &str, is_full: bool, told: OnSync<'_>) -> Result<SyncReport> {
        let mode = if is_full { SyncMode::Full } else { SyncMode::Incremental };
        let so_far = Mutex::new(SyncProgress::default());
        let progress = |step| told(shapes::sync_progress(&so_far, step));
        Ok(shapes::sync_report(&self.archive.sync(&self.ctx, name, mode, &progress).await?))
    }

    async fn log_records(&self, filter: LogFilter) -> Result<LogRecords> {
        let LogFilter { actor, action, object, limit } = filter;
        let limit = usize::try_from(limit).ok();
        let filter = dossier_archive::LogFilter {
            actor,
            action,
            object,
            limit,
            ..dossier_archive::LogFilter::default()
        };
        let found = self.archive.log_records(&self.ctx, filter).await?;
        let logins = found.logins.into_iter().map(|(id, login)| (id.to_string(), login.to_string()));
        let (records, damaged) = (found.records, found.damaged);
        Ok(LogRecords { records, logins: logins.collect(), damaged, next: None })
    }

    async fn verify_log(&self, known: Known) -> Result<Verdict> {
        let trust = Trust {
            key: known.key.as_deref().map(str::parse::<PublicKey>).transpose()?,
            anchor: known.anchor.as_deref().map(str::parse::<Checkpoint>).transpose()?,
        };
        let verified = self.archive.verify_log(&self.ctx, trust).await?;
        Ok(shapes::verdict(verified, self.language))
    }

    async fn export_log(&self, take: OnBytes<'_>) -> Result<u64> {
        let mut export = self.archive.export_log(&self.ctx).await?;
        while let Some(lines) = export.next().await? {
            take(&lines)?;
        }
        Ok(export.lines())
    }

    async fn log_checkpoint(&self) -> Result<Option<Checkpoint>> {
        Ok(self.archive.log_checkpoint(&self.ctx).await?)
    }

    async fn doctor(&self, told: Option<OnCount<'_>>) -> Result<Vec<Check>> {
        let gone = told.map(|told| move |gone: Gone| told(gone.records));
        let everything = gone.as_ref().map(|gone| gone as dossier_archive::doctor::OnCheck<'_>);
        let checks = self.archive.doctor(&self.ctx, everything).await?;
        let mut checks: Vec<Check> = checks.iter().map(|check| shapes::check(check, self.language)).collect();
        checks.extend(self.key_file.as_deref().and_then(|path| shapes::key_file(path, self.language)));
        Ok(checks)
    }

    async fn remove_left_over_files(&self) -> Result<u64> {
        Ok(self.archive.remove_left_over_files(&self.ctx).await?)
    }

    async fn rebuild_index(&self, told: OnCount<'_>) -> Result<u64> {
        Ok(self.archive.rebuild_index(&self.ctx, told).await?)
    }
}
