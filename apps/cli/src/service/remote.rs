//! A server, which is asked through its HTTP API on behalf of the owner of a token.

mod notices;
mod process;

use std::{collections::BTreeSet, fs};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use dossier_access::{Cell, Role, RoleSet, Sight, User, log::Checkpoint};
use dossier_archive::{Polling, Rhythm};
use dossier_client::{
    Client, Options, Source,
    applications::{Folder, Found, Search, Shown},
    connections::{Account, Connection, NewConnection, NewCredentials, OnSync, Standing, SyncReport},
    doctor::Check,
    download::Download,
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
    Application, ApplicationId, BankZone, Clock, FieldSelection, Lexicon, Material, MaterialId, Position,
    PositionChange, PresetTag, ProposalId, ReleaseId, SavedReportId, SavedSearchId, SystemClock, Theme,
    TokenId,
    text::{BranchName, Line, Login, PositionName, TagName, ThemeName},
};
use dossier_vendor::Secret;
use futures::{StreamExt, stream::BoxStream};

use super::{OnBytes, OnCount, Service};
use crate::{
    args::Global,
    error::{Error, InQuery, Result},
    exit::Kind,
    files::{Arrival, Outgoing},
    input,
    out::Out,
};

/// The variable that holds a token, which never stands among a process's arguments.
const TOKEN: &str = "DOSSIER_TOKEN";

/// A client of the server that was named.
pub(crate) fn client(global: &Global, server: &str, out: &Out) -> Result<Client> {
    let url = server.parse().map_err(|cause| {
        Error::invalid(
            format!("服务器地址须写作 https://主机[:端口]（{cause}）"),
            format!("a server's address is https://HOST[:PORT] ({cause})"),
        )
    })?;
    let authorities = |path: &std::path::PathBuf| fs::read(path).map_err(|cause| Error::io(path, cause));
    let options = Options {
        authorities: global.ca.as_ref().map(authorities).transpose()?,
        ..Options::new(url, token(global, out)?, out.language)
    };
    Ok(Client::new(options)?)
}

fn token(global: &Global, out: &Out) -> Result<Secret> {
    if let Some(file) = &global.token_file {
        let token = input::secret(out, Some(file), ("", ""))?;
        return Ok(Secret::new(token.trim()));
    }
    match std::env::var(TOKEN) {
        Ok(token) if !token.trim().is_empty() => Ok(Secret::new(token.trim())),
        _ => Err(Error::invalid(
            "请用 --token-file 文件（或环境变量 DOSSIER_TOKEN）给出令牌；令牌在网页“账号”中生成，或用 dossier token add",
            "give a token with --token-file FILE (or DOSSIER_TOKEN); it is made in the pages under \"Account\", or by dossier token add",
        )),
    }
}

async fn receive(mut download: Download, into: &mut Arrival) -> Result<()> {
    into.expect(download.length());
    while let Some(piece) = download.next().await? {
        into.take(&piece)?;
    }
    Ok(())
}

/// Says why a token is refused what persons alone do.
fn by_persons(error: dossier_client::Error) -> Error {
    match error.kind() {
        dossier_client::ErrorKind::Denied => Error::new(
            Kind::Denied,
            "令牌不能查看或生成令牌和登录链接，也不能放行下载；请登录网页操作，或在数据目录上运行此命令",
            "no token shows or makes tokens and sign-in links, or releases downloads; sign in to the pages for that, or run this on the data folder",
        ),
        _ => error.into(),
    }
}

/// Names the file where it could not be read.
fn unread(file: &Outgoing, error: dossier_client::Error) -> Error {
    match error {
        dossier_client::Error::Reading(cause) => Error::io(file.path(), cause),
        other => other.into(),
    }
}

#[async_trait]
impl Source for Outgoing {
    fn length(&self) -> u64 {
        Outgoing::length(self)
    }

    async fn read_from(&self, offset: u64) -> std::io::Result<BoxStream<'static, std::io::Result<Bytes>>> {
        Ok(Outgoing::read_from(self, offset).await?.boxed())
    }
}

#[async_trait(?Send)]
impl Service for Client {
    async fn zone(&self) -> Result<BankZone> {
        Ok(self.zone().await?)
    }

    fn now(&self) -> DateTime<Utc> {
        SystemClock.now()
    }

    async fn search(&self, asked: Search) -> Result<Found> {
        self.search(&asked).await.in_query(&asked.query)
    }

    async fn saved_searches(&self) -> Result<Vec<SavedSearch>> {
        Ok(self.saved_searches().await?)
    }

    async fn save_search(&self, new: NewSavedSearch) -> Result<SavedSearch> {
        self.save_search(&new).await.in_query(&new.query)
    }

    async fn rename_saved_search(&self, id: SavedSearchId, name: Line) -> Result<SavedSearch> {
        Ok(self.rename_saved_search(id, &name).await?)
    }

    async fn remove_saved_search(&self, id: SavedSearchId) -> Result<()> {
        Ok(self.remove_saved_search(id).await?)
    }

    async fn preset_tags(&self) -> Result<Vec<PresetTag>> {
        Ok(self.preset_tags().await?)
    }

    async fn set_preset_tags(&self, before: &[PresetTag], presets: &[PresetTag]) -> Result<()> {
        Ok(self.set_preset_tags(before, presets).await?)
    }

    async fn folders(&self, parent: Vec<String>) -> Result<Vec<Folder>> {
        Ok(self.folders(&parent).await?)
    }

    async fn show(&self, id: ApplicationId) -> Result<Shown> {
        Ok(self.show(id).await?)
    }

    async fn tag(&self, id: ApplicationId, add: &[TagName], remove: &[TagName]) -> Result<Application> {
        Ok(self.tag(id, add, remove).await?)
    }

    async fn download(&self, of: ApplicationId, material: MaterialId, into: &mut Arrival) -> Result<()> {
        receive(self.download(of, material).await?, into).await
    }

    async fn fetch(&self, asked: Fetch, into: &mut Arrival) -> Result<Fetched> {
        let fetched = self.fetch(&asked).await;
        let (fetched, download) = fetched.in_query(&asked.query)?;
        receive(download, into).await?;
        Ok(fetched)
    }

    async fn releases(&self) -> Result<Vec<Release>> {
        Ok(self.releases().await?)
    }

    async fn ask_release(&self, asked: Fetch) -> Result<Release> {
        self.ask_release(&asked).await.in_query(&asked.query)
    }

    async fn decide_release(&self, id: ReleaseId, is_released: bool) -> Result<Release> {
        self.decide_release(id, is_released).await.map_err(by_persons)
    }

    async fn fetch_released(&self, id: ReleaseId, into: &mut Arrival) -> Result<Fetched> {
        let (fetched, download) = self.fetch_released(id).await?;
        receive(download, into).await?;
        Ok(fetched)
    }

    async fn release_rule(&self) -> Result<ReleaseRule> {
        Ok(self.release_rule().await?)
    }

    async fn set_release_rule(&self, rule: ReleaseRule) -> Result<ReleaseRule> {
        Ok(self.set_release_rule(rule).await?)
    }

    async fn upload(&self, to: ApplicationId, name: &str, file: &Outgoing) -> Result<Material> {
        self.upload(to, name, file).await.map_err(|error| unread(file, error))
    }

    async fn report(&self, asked: reports::Ask) -> Result<reports::Report> {
        self.report(&asked).await.in_query(&asked.query)
    }

    async fn report_file(&self, asked: reports::Ask, format: &str, into: &mut Arrival) -> Result<()> {
        let file = self.report_file(&asked, format).await;
        let file = file.in_query(&asked.query)?;
        into.expect(file.len() as u64);
        into.take(&file)
    }

    async fn themes(&self) -> Result<Lexicon> {
        Ok(self.themes().await?)
    }

    async fn set_theme(&self, theme: Theme) -> Result<Lexicon> {
        Ok(self.set_theme(&theme).await?)
    }

    async fn remove_theme(&self, name: &ThemeName) -> Result<()> {
        Ok(self.remove_theme(name).await?)
    }

    async fn suggested_words(&self, query: &str) -> Result<Vec<Suggestion>> {
        self.suggested_words(query).await.in_query(query)
    }

    async fn saved_reports(&self) -> Result<Vec<SavedReport>> {
        Ok(self.saved_reports().await?)
    }

    async fn save_report(&self, new: NewSavedReport) -> Result<SavedReport> {
        self.save_report(&new).await.in_query(&new.question.query)
    }

    async fn rename_saved_report(&self, id: SavedReportId, name: &Line) -> Result<SavedReport> {
        Ok(self.rename_saved_report(id, name).await?)
    }

    async fn share_saved_report(&self, id: SavedReportId, roles: &BTreeSet<Role>) -> Result<SavedReport> {
        Ok(self.share_saved_report(id, roles).await?)
    }

    async fn remind_of_saved_report(&self, id: SavedReportId, rhythm: Option<Rhythm>) -> Result<SavedReport> {
        Ok(self.remind_of_saved_report(id, rhythm.map(Rhythm::name)).await?)
    }

    async fn remove_saved_report(&self, id: SavedReportId) -> Result<()> {
        Ok(self.remove_saved_report(id).await?)
    }

    async fn proposals(&self) -> Result<Vec<Proposal>> {
        Ok(self.proposals().await?)
    }

    async fn propose(&self, new: NewProposal) -> Result<Proposal> {
        self.propose(&new).await.in_query(&new.query)
    }

    async fn apply_proposal(&self, id: ProposalId, reason: &Line) -> Result<Position> {
        Ok(self.apply_proposal(id, reason).await?)
    }

    async fn reject_proposal(&self, id: ProposalId, reason: Option<&Line>) -> Result<Proposal> {
        Ok(self.reject_proposal(id, reason).await?)
    }

    async fn positions(&self) -> Result<Vec<Position>> {
        Ok(self.positions().await?)
    }

    async fn add_position(&self, new: NewPosition) -> Result<Position> {
        Ok(self.add_position(&new).await?)
    }

    async fn edit_position(&self, name: &PositionName, change: PositionChange) -> Result<Position> {
        Ok(self.edit_position(name, &change).await?)
    }

    async fn import_positions(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        Ok(self.import_positions(table, is_trial).await?)
    }

    async fn set_branch(&self, position: &PositionName, branch: Option<BranchName>) -> Result<Position> {
        Ok(self.set_branch(position, branch.as_ref()).await?)
    }

    async fn close_position(&self, name: &PositionName, closed: bool) -> Result<Position> {
        Ok(self.close_position(name, closed).await?)
    }

    async fn set_interviewer(
        &self,
        position: &PositionName,
        login: &Login,
        responsible: bool,
    ) -> Result<Position> {
        Ok(self.set_interviewer(position, login, responsible).await?)
    }

    async fn users(&self) -> Result<Vec<User>> {
        Ok(self.users().await?)
    }

    async fn add_user(&self, new: NewUser) -> Result<User> {
        Ok(self.add_user(&new).await?)
    }

    async fn set_roles(&self, login: &Login, roles: RoleSet) -> Result<User> {
        Ok(self.set_roles(login, &roles).await?)
    }

    async fn suspend_user(&self, login: &Login, suspended: bool) -> Result<User> {
        Ok(self.suspend_user(login, suspended).await?)
    }

    async fn invite(&self, login: &Login) -> Result<Link> {
        self.invite(login).await.map_err(by_persons)
    }

    async fn policy(&self) -> Result<Policy> {
        Ok(self.policy().await?)
    }

    async fn change_policy(&self, cells: &[(Cell, Sight)], known: u32) -> Result<Policy> {
        Ok(self.change_policy(cells, known).await?)
    }

    async fn tokens(&self) -> Result<Vec<Token>> {
        self.tokens().await.map_err(by_persons)
    }

    async fn make_token(&self, new: NewToken) -> Result<MadeToken> {
        self.make_token(&new).await.map_err(by_persons)
    }

    async fn revoke_token(&self, id: TokenId) -> Result<()> {
        self.revoke_token(id).await.map_err(by_persons)
    }

    async fn connections(&self) -> Result<Vec<Standing>> {
        Ok(self.connections().await?)
    }

    async fn add_connection(&self, new: NewConnection) -> Result<Connection> {
        Ok(self.add_connection(&new).await?)
    }

    async fn test_connection(&self, name: &str) -> Result<Account> {
        Ok(self.test_connection(name).await?)
    }

    async fn suspend_connection(&self, name: &str, suspended: bool) -> Result<Connection> {
        Ok(self.suspend_connection(name, suspended).await?)
    }

    async fn remove_connection(&self, name: &str) -> Result<()> {
        Ok(self.remove_connection(name).await?)
    }

    async fn retry_quarantined(&self, name: &str) -> Result<u64> {
        Ok(self.retry_quarantined(name).await?)
    }

    async fn choose_fields(&self, name: &str, fields: FieldSelection) -> Result<Connection> {
        Ok(self.choose_fields(name, &fields).await?)
    }

    async fn choose_polling(&self, name: &str, polling: Polling) -> Result<Connection> {
        Ok(self.choose_polling(name, polling.name()).await?)
    }

    async fn change_credentials(&self, name: &str, new: NewCredentials) -> Result<Connection> {
        Ok(self.change_credentials(name, &new).await?)
    }

    async fn sync(&self, name: &str, is_full: bool, told: OnSync<'_>) -> Result<SyncReport> {
        Ok(self.sync(name, is_full, told).await?)
    }

    async fn log_records(&self, filter: LogFilter) -> Result<LogRecords> {
        Ok(self.log_records(&filter).await?)
    }

    async fn verify_log(&self, known: Known) -> Result<Verdict> {
        Ok(self.verify_log(&known).await?)
    }

    async fn export_log(&self, take: OnBytes<'_>) -> Result<u64> {
        let mut export = self.export_log().await?;
        while let Some(bytes) = export.next().await? {
            take(&bytes)?;
        }
        Ok(export.lines())
    }

    async fn log_checkpoint(&self) -> Result<Option<Checkpoint>> {
        Ok(self.log_checkpoint().await?)
    }

    async fn doctor(&self, told: Option<OnCount<'_>>) -> Result<Vec<Check>> {
        Ok(self.doctor(told).await?)
    }

    async fn remove_left_over_files(&self) -> Result<u64> {
        Ok(self.remove_left_over_files().await?)
    }

    async fn rebuild_index(&self, told: OnCount<'_>) -> Result<u64> {
        Ok(self.rebuild_index(told).await?)
    }
}
