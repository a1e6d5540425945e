//! What can be typed: commands, arguments and their English help. The Chinese help is in `args/chinese.rs`.

mod chinese;
mod fetch;
mod localise;
mod log;
mod notices;
mod policy;
mod position;
mod process;
mod report;
mod search;
mod tag;
mod theme;
mod token;
mod whereabouts;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use fetch::{Fetch, Release, ReleaseRule, Wanted};
pub(crate) use localise::command;
pub(crate) use log::{Log, LogCheckpoint, LogExport, LogList, LogVerify};
pub(crate) use notices::{Channel, ChannelAdd, ChannelAlter, Notice, NoticePrefer, NoticeRead};
pub(crate) use policy::{Policy, PolicyCommand, PolicySet};
pub(crate) use position::{Position, PositionAdd, PositionEdit, PositionInterviewer, TableImport};
pub(crate) use process::{Board, Claims, Move, Offer, Pipeline, Scorecard, Timeline};
pub(crate) use report::{How, Proposal, ProposalAdd, Report, Rule, SavedReport, SavedReportAdd};
pub(crate) use search::{Saved, SavedAdd, Search};
pub(crate) use tag::{Preset, PresetAdd, Tag};
pub(crate) use theme::Theme;
pub(crate) use token::{Token, TokenAdd};

/// One encrypted, searchable, provable home for a bank's AI-interview materials.
#[derive(Debug, Parser)]
#[command(name = "dossier", version, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be said with every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The data folder [default: ./dossier-data]
    #[arg(long, global = true, env = "DOSSIER_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The key file that opens the archive [default: beside the data folder, named as it with .key]
    #[arg(long, global = true, env = "DOSSIER_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// A file whose first line is the passphrase that opens the archive; otherwise it is asked for
    #[arg(long, global = true, env = "DOSSIER_PASSPHRASE_FILE", value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// A folder with fonts for PDFs, over those of the system
    #[arg(long, global = true, env = "DOSSIER_FONTS_DIR", value_name = "DIR", hide = true)]
    pub(crate) fonts_dir: Option<PathBuf>,
    /// Who is acting, with their rights
    #[arg(long = "as", global = true, env = "DOSSIER_USER", value_name = "USER")]
    pub(crate) user: Option<String>,
    #[arg(
        help = "The server to work at instead of a data folder: https://HOST[:PORT]",
        long,
        global = true,
        env = "DOSSIER_SERVER",
        value_name = "URL"
    )]
    pub(crate) server: Option<String>,
    /// A file whose first line is the token for the server; otherwise it is in DOSSIER_TOKEN
    #[arg(long, global = true, env = "DOSSIER_TOKEN_FILE", value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Certificates (PEM) to trust instead of the system's: of a private authority, or the server's own
    #[arg(long, global = true, env = "DOSSIER_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Answer in JSON, errors too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The language: zh or en [default: that of the system]
    #[arg(long, global = true, env = "DOSSIER_LANG", value_name = "LANG")]
    pub(crate) lang: Option<String>,
}

impl Global {
    /// The data folder.
    pub(crate) fn data(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new("dossier-data"))
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a new archive and its first system administrator
    Init(Init),
    /// Show everything at work on a made-up bank, in a folder of its own
    Demo(Demo),
    /// Connections to vendors of AI interviews
    #[command(subcommand)]
    Connection(Connection),
    /// Bring in what vendors hold
    Sync(Sync),
    /// Positions and their interviewers
    #[command(subcommand)]
    Position(Position),
    /// Users and their roles
    #[command(subcommand)]
    User(User),
    /// Who sees which materials at which stages
    Policy(Policy),
    /// Tokens by which programs act for a user
    #[command(subcommand)]
    Token(Token),
    /// Find applications: search 张三+客户经理+80分
    Search(Search),
    /// Searches that are kept under a name
    #[command(subcommand)]
    Saved(Saved),
    /// What one was told, and what one wants to hear of
    #[command(subcommand)]
    Notice(Notice),
    /// Ways by which notices leave: robots, letters, webhooks
    #[command(subcommand)]
    Channel(Channel),
    /// Show one dossier: identity, history, scores, materials
    Show(Show),
    /// The background check: what the résumé claims, and what was found out
    Claims(Claims),
    /// Offers: made, accepted, declined, and what tells of the will to come
    Offer(Offer),
    /// Move an application along the process, or back; or all that a query finds
    Move(Move),
    /// The applications of a position by stage
    Board(Board),
    /// The whole pipeline as a table, taken away and handed in again
    #[command(subcommand)]
    Pipeline(Pipeline),
    /// Scorecards of an application, and one's own; what is not said stays as it is
    Scorecard(Scorecard),
    /// What happened to an application, and who looked at it
    Timeline(Timeline),
    /// Put tags on an application, or take them away
    Tag(Tag),
    /// Tags that are kept ready, to be put on with one press
    #[command(subcommand)]
    Preset(Preset),
    /// The archive folders and how many applications are in each
    Folders(Folders),
    /// Make a report: report pass-rate --by position,month 面试时间=2023年
    Report(Report),
    /// The themes of answers, which reports look for
    #[command(subcommand)]
    Theme(Theme),
    /// Reports that are kept under a name
    #[command(subcommand)]
    SavedReport(SavedReport),
    /// Proposals to judge by another rule, tried on past applications
    #[command(subcommand)]
    Proposal(Proposal),
    /// Fetch chosen contents of all applications that a query finds, as one ZIP
    Fetch(Fetch),
    /// Releases of large batch downloads by a second person
    #[command(subcommand)]
    Release(Release),
    /// Add a file (PDF, Word, image, sound, video) to an application
    Upload(Upload),
    /// The operation log
    #[command(subcommand)]
    Log(Log),
    /// Check the set-up
    Doctor(Doctor),
    /// The search index
    #[command(subcommand)]
    Index(Index),
    /// Print completions for a shell
    Completions(Completions),
    /// Show the help of a command
    Help(Help),
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Open the archive by a passphrase instead of a key file; it is asked for twice
    #[arg(long)]
    pub(crate) passphrase: bool,
    /// The sign-in name of the first system administrator
    #[arg(long, value_name = "USER", default_value = "admin")]
    pub(crate) admin: String,
    /// Their name [default: the sign-in name]
    #[arg(long, value_name = "NAME")]
    pub(crate) admin_name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// How many candidates the made-up bank has
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    pub(crate) candidates: u32,
    /// Keep the simulated vendor running at the end, until Ctrl-C, so that sync can be tried
    #[arg(long)]
    pub(crate) keep: bool,
    /// Serve the pages at the end, until Ctrl-C, with a user of each role to sign in as
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "127.0.0.1:8080")]
    pub(crate) serve: Option<SocketAddr>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Connection {
    /// Set up a connection; its API key is asked for
    Add(ConnectionAdd),
    /// All connections, with what is late and what is quarantined
    List,
    /// Ask the vendor who we are there
    Test(ConnectionName),
    /// Fetch nothing until it is resumed
    Suspend(ConnectionName),
    /// Fetch again
    Resume(ConnectionName),
    /// Remove a connection and its key; what it brought stays
    Remove(ConnectionName),
    /// Let the next sync try again what is quarantined
    Retry(ConnectionName),
    /// Show or choose which fields are synced
    Fields(ConnectionFields),
    /// Show or choose how often a connection is synced by itself
    Polling(ConnectionPolling),
    /// Replace the API key, which is asked for, or the secret of the webhooks
    Key(ConnectionKey),
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionAdd {
    /// What the connection is to be called
    pub(crate) name: String,
    /// The vendor
    #[arg(long, default_value = "ribbon")]
    pub(crate) vendor: String,
    /// A setting of the vendor, such as base_url=https://…; may be given several times
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<String>,
    /// The fields to sync, with commas between them [default: all]
    #[arg(long)]
    pub(crate) fields: Option<String>,
    /// How many requests a second the vendor allows
    #[arg(long, value_name = "N")]
    pub(crate) requests_per_second: Option<f64>,
    /// A file whose first line is the API key, or - for standard input; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// A file whose first line is the secret of the vendor's webhooks
    #[arg(long, value_name = "FILE")]
    pub(crate) webhook_secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionName {
    /// The connection
    pub(crate) name: String,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionFields {
    /// The connection
    pub(crate) name: String,
    /// The fields to sync from now on, with commas between them, or all
    pub(crate) fields: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionPolling {
    /// The connection
    pub(crate) name: String,
    /// How often from now on: always, hourly, daily or never
    pub(crate) polling: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ConnectionKey {
    /// The connection
    pub(crate) name: String,
    /// A file whose first line is the new API key, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,
    /// A file whose first line is the new secret of the vendor's webhooks
    #[arg(long, value_name = "FILE")]
    pub(crate) webhook_secret_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// The connection [default: all that are not suspended]
    pub(crate) connection: Option<String>,
    /// List everything again, not only what may have changed
    #[arg(long)]
    pub(crate) full: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Set up a user
    Add(UserAdd),
    /// All users
    List,
    /// Give a user other roles
    Roles(UserRoles),
    /// Take all rights from a user
    Suspend(UserSuspend),
    /// Make a one-time link by which a user sets their password, a first or another one
    Invite(UserInvite),
}

#[derive(Debug, Args)]
pub(crate) struct UserAdd {
    /// The sign-in name
    pub(crate) login: String,
    /// The roles: hr, interviewer, background_checker; or auditor, sysadmin alone
    #[arg(long)]
    pub(crate) roles: String,
    /// The name that people read [default: the sign-in name]
    #[arg(long)]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UserRoles {
    /// The user
    pub(crate) login: String,
    /// The roles from now on: hr, interviewer, background_checker; or auditor, sysadmin alone
    pub(crate) roles: String,
}

#[derive(Debug, Args)]
pub(crate) struct UserSuspend {
    /// The user
    pub(crate) login: String,
    /// Give the rights back instead
    #[arg(long)]
    pub(crate) resume: bool,
}

#[derive(Debug, Args)]
pub(crate) struct UserInvite {
    /// The user
    pub(crate) login: String,
}

/// The order of hits.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Order {
    Relevance,
    Newest,
    Oldest,
    Highest,
    Lowest,
    Name,
}

impl From<Order> for dossier_client::applications::Sort {
    fn from(order: Order) -> Self {
        match order {
            Order::Relevance => Self::Relevance,
            Order::Newest => Self::Newest,
            Order::Oldest => Self::Oldest,
            Order::Highest => Self::HighestScore,
            Order::Lowest => Self::LowestScore,
            Order::Name => Self::Name,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// The whole transcript
    #[arg(long)]
    pub(crate) transcript: bool,
    /// Save the video to this file
    #[arg(long, value_name = "FILE")]
    pub(crate) video: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Folders {
    /// The folder, such as 客户经理/AI面试 [default: the outermost level]
    pub(crate) path: Option<String>,
    /// How many levels
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=6))]
    pub(crate) depth: u32,
}

#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// The file
    pub(crate) file: PathBuf,
    /// The application's id, or a query that finds exactly one
    #[arg(required = true)]
    pub(crate) application: Vec<String>,
    /// The name under which it is kept [default: the file's]
    #[arg(long)]
    pub(crate) name: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Open every record and read every file to its end
    #[arg(long)]
    pub(crate) everything: bool,
    /// Remove files that belong to nothing before
    #[arg(long)]
    pub(crate) repair: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Index {
    /// Throw the search index away and build it from the records
    Rebuild,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell
    pub(crate) shell: Shell,
}

#[derive(Debug, Args)]
pub(crate) struct Help {
    /// The command
    pub(crate) command: Vec<String>,
}

#[cfg(test)]
mod tests;
