//! What the commands ask for, whoever answers it: the archive in this process, or a server. This is the one seam between
//! the two: a command exists once and shows the values it gets, which have the shapes of the API.

mod local;
mod notices;
mod process;
pub(crate) mod remote;

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_access::{Cell, Role, RoleSet, Sight, User, log::Checkpoint};
use dossier_archive::{Polling, Rhythm};
pub(crate) use dossier_client::OnCount;
use dossier_client::{
    applications::{Folder, Found, Search, Shown},
    connections::{Account, Connection, NewConnection, NewCredentials, OnSync, Standing, SyncReport},
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
    Application, ApplicationId, BankZone, FieldSelection, Lexicon, Material, MaterialId, Position,
    PositionChange, PresetTag, ProposalId, ReleaseId, SavedReportId, SavedSearchId, Theme, TokenId,
    text::{BranchName, Line, Login, PositionName, TagName, ThemeName},
};

pub(crate) use local::Local;
pub(crate) use notices::Notices;
pub(crate) use process::Process;

use crate::{
    error::Result,
    files::{Arrival, Outgoing},
};

/// Takes the next bytes of something.
pub(crate) type OnBytes<'a> = &'a mut dyn FnMut(&[u8]) -> Result<()>;

/// Everything that commands ask for, on behalf of whoever acts. The errors are those of whoever answers.
#[async_trait(?Send)]
pub(crate) trait Service: Notices + Process {
    /// The bank's time zone, in which times are shown.
    async fn zone(&self) -> Result<BankZone>;
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    async fn search(&self, asked: Search) -> Result<Found>;
    async fn saved_searches(&self) -> Result<Vec<SavedSearch>>;
    async fn save_search(&self, new: NewSavedSearch) -> Result<SavedSearch>;
    async fn rename_saved_search(&self, id: SavedSearchId, name: Line) -> Result<SavedSearch>;
    async fn remove_saved_search(&self, id: SavedSearchId) -> Result<()>;
    /// The tags that are kept ready.
    async fn preset_tags(&self) -> Result<Vec<PresetTag>>;
    /// Keeps others ready instead of those `before`.
    async fn set_preset_tags(&self, before: &[PresetTag], presets: &[PresetTag]) -> Result<()>;
    /// The folders right below one.
    async fn folders(&self, parent: Vec<String>) -> Result<Vec<Folder>>;
    async fn show(&self, id: ApplicationId) -> Result<Shown>;
    async fn tag(&self, id: ApplicationId, add: &[TagName], remove: &[TagName]) -> Result<Application>;

    /// Takes the file of a material away.
    async fn download(&self, of: ApplicationId, material: MaterialId, into: &mut Arrival) -> Result<()>;
    /// Takes chosen materials away as one ZIP.
    async fn fetch(&self, asked: Fetch, into: &mut Arrival) -> Result<Fetched>;
    /// The requests for a release that have not ended.
    async fn releases(&self) -> Result<Vec<Release>>;
    /// Asks another person to release a batch download.
    async fn ask_release(&self, asked: Fetch) -> Result<Release>;
    async fn decide_release(&self, id: ReleaseId, is_released: bool) -> Result<Release>;
    /// Takes what was released away as one ZIP.
    async fn fetch_released(&self, id: ReleaseId, into: &mut Arrival) -> Result<Fetched>;
    async fn release_rule(&self) -> Result<ReleaseRule>;
    async fn set_release_rule(&self, rule: ReleaseRule) -> Result<ReleaseRule>;
    async fn upload(&self, to: ApplicationId, name: &str, file: &Outgoing) -> Result<Material>;

    /// Makes a report.
    async fn report(&self, asked: reports::Ask) -> Result<reports::Report>;
    /// Makes a report as a file of this format: `xlsx`.
    async fn report_file(&self, asked: reports::Ask, format: &str, into: &mut Arrival) -> Result<()>;

    async fn themes(&self) -> Result<Lexicon>;
    async fn set_theme(&self, theme: Theme) -> Result<Lexicon>;
    async fn remove_theme(&self, name: &ThemeName) -> Result<()>;
    /// Words that many say in answers of what a query finds, and that no theme has.
    async fn suggested_words(&self, query: &str) -> Result<Vec<Suggestion>>;

    async fn saved_reports(&self) -> Result<Vec<SavedReport>>;
    async fn save_report(&self, new: NewSavedReport) -> Result<SavedReport>;
    async fn rename_saved_report(&self, id: SavedReportId, name: &Line) -> Result<SavedReport>;
    /// Shares a report with just these roles.
    async fn share_saved_report(&self, id: SavedReportId, roles: &BTreeSet<Role>) -> Result<SavedReport>;
    /// Says how often its readers are reminded of a report: `weekly`, `monthly`, or never.
    async fn remind_of_saved_report(&self, id: SavedReportId, rhythm: Option<Rhythm>) -> Result<SavedReport>;
    async fn remove_saved_report(&self, id: SavedReportId) -> Result<()>;

    async fn proposals(&self) -> Result<Vec<Proposal>>;
    async fn propose(&self, new: NewProposal) -> Result<Proposal>;
    async fn apply_proposal(&self, id: ProposalId, reason: &Line) -> Result<Position>;
    async fn reject_proposal(&self, id: ProposalId, reason: Option<&Line>) -> Result<Proposal>;

    async fn positions(&self) -> Result<Vec<Position>>;
    async fn add_position(&self, new: NewPosition) -> Result<Position>;
    async fn edit_position(&self, name: &PositionName, change: PositionChange) -> Result<Position>;
    /// Sets up and changes positions by a table, or tells what that would change.
    async fn import_positions(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported>;
    /// Says which branch hires for a position, or that none does.
    async fn set_branch(&self, position: &PositionName, branch: Option<BranchName>) -> Result<Position>;
    async fn close_position(&self, name: &PositionName, closed: bool) -> Result<Position>;
    async fn set_interviewer(
        &self,
        position: &PositionName,
        login: &Login,
        responsible: bool,
    ) -> Result<Position>;

    async fn users(&self) -> Result<Vec<User>>;
    async fn add_user(&self, new: NewUser) -> Result<User>;
    async fn set_roles(&self, login: &Login, roles: RoleSet) -> Result<User>;
    async fn suspend_user(&self, login: &Login, suspended: bool) -> Result<User>;
    /// Makes a one-time link by which a user sets a password.
    async fn invite(&self, login: &Login) -> Result<Link>;

    /// Who sees which materials at which stages.
    async fn policy(&self) -> Result<Policy>;
    /// Decides cells of that table as it was at this revision.
    async fn change_policy(&self, cells: &[(Cell, Sight)], known: u32) -> Result<Policy>;

    async fn tokens(&self) -> Result<Vec<Token>>;
    async fn make_token(&self, new: NewToken) -> Result<MadeToken>;
    async fn revoke_token(&self, id: TokenId) -> Result<()>;

    async fn connections(&self) -> Result<Vec<Standing>>;
    async fn add_connection(&self, new: NewConnection) -> Result<Connection>;
    async fn test_connection(&self, name: &str) -> Result<Account>;
    async fn suspend_connection(&self, name: &str, suspended: bool) -> Result<Connection>;
    async fn remove_connection(&self, name: &str) -> Result<()>;
    /// How many quarantined entries the next sync tries again.
    async fn retry_quarantined(&self, name: &str) -> Result<u64>;
    async fn choose_fields(&self, name: &str, fields: FieldSelection) -> Result<Connection>;
    async fn choose_polling(&self, name: &str, polling: Polling) -> Result<Connection>;
    /// Replaces what is given of a connection's key and the secret of its webhooks.
    async fn change_credentials(&self, name: &str, new: NewCredentials) -> Result<Connection>;
    async fn sync(&self, name: &str, is_full: bool, told: OnSync<'_>) -> Result<SyncReport>;

    async fn log_records(&self, filter: LogFilter) -> Result<LogRecords>;
    async fn verify_log(&self, known: Known) -> Result<Verdict>;
    /// Hands out the whole log; how many lines it has.
    async fn export_log(&self, take: OnBytes<'_>) -> Result<u64>;
    async fn log_checkpoint(&self) -> Result<Option<Checkpoint>>;

    /// Checks the set-up; down to every byte where somebody is `told` how far that has come.
    async fn doctor(&self, told: Option<OnCount<'_>>) -> Result<Vec<Check>>;
    /// Removes files that belong to nothing; how many.
    async fn remove_left_over_files(&self) -> Result<u64>;
    /// Builds the index anew; of how many applications.
    async fn rebuild_index(&self, told: OnCount<'_>) -> Result<u64>;
}
