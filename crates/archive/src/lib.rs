//! The use cases of Dossier: what an application that keeps AI-interview materials does, as methods of [`Archive`].
//!
//! Every use case takes the [`Context`](dossier_access::Context) first and does three things in this order: it asks
//! whether the actor may, acts, and records. Changes and the log's entries about them are one commit; what is shown was
//! in the log before. Applications choose the back ends and hand them in as [`Parts`].

pub mod archive;
pub mod board;
pub mod checks;
mod concerned;
pub mod connection;
pub mod connections;
pub mod doctor;
pub mod dossier;
mod error;
pub mod fetch;
mod files;
pub mod ingest;
mod journal;
pub mod lexicon;
pub mod notices;
pub mod offers;
pub mod oplog;
mod permit;
pub mod pipeline;
pub mod policies;
pub mod positions;
mod press;
mod projector;
pub mod proposals;
mod quarantine;
mod records;
pub mod releases;
pub mod reports;
pub mod rights;
pub mod saved;
pub mod scorecards;
pub mod search;
pub mod settings;
pub mod signin;
pub mod stages;
mod sweep;
pub mod sync;
pub mod tables;
pub mod tags;
pub mod timeline;
pub mod upload;
pub mod uploads;
pub mod users;
pub mod view;

pub use archive::{Archive, OpenAdapter, Parts};
pub use board::{Board, Card, Column, Watched};
pub use checks::Claims;
pub use connection::{
    Connection, Failing, NewCredentials, Pending, Polling, Problem, Quarantined, QuarantinedPart,
};
pub use connections::{ConnectionState, NewConnection};
pub use doctor::{Check, Gone, State};
pub use dossier::{ApplicationFile, Dossier};
pub use dossier_notices::{Fault as ChannelFault, Key as ChannelKey, Settings as ChannelSettings};
pub use error::{Error, ErrorKind, Result, What};
pub use fetch::{Download, FetchRequest};
pub use ingest::{Arrival, Ingested, WantedVideo};
pub use notices::{
    channels::{
        AddedChannel, Channel, ChannelChange, ChannelCount, ChannelState, ChannelTrouble, NewChannel,
    },
    deliver::Delivered,
    inbox::{INBOX_PAGE, Inbox, NoticeView},
    preferences::{NoticeChoices, OfferedChannel},
    rules::NoticeRules,
};
pub use offers::OfferView;
pub use oplog::{LogExport, LogFilter, LogRecords};
pub use pipeline::PIPELINE_COLUMNS;
pub use policies::Policy;
pub use positions::{NewPosition, POSITION_COLUMNS};
pub use press::ReportFile;
pub use projector::Indexed;
pub use proposals::{NewProposal, Passing, ProposalView};
pub use releases::{Release, ReleaseRule, ReleaseState};
pub use reports::{
    Dashboard, Glance, Measure, OnTrial, Period, Periods, Preset, ReportRequest, ReportWords, scoring,
};
pub use rights::Rights;
pub use saved::{NewSavedReport, NewSavedSearch, Rhythm, SavedReport, SavedSearch};
pub use scorecards::{ComingInterview, MyInterviews, Progress};
pub use search::{LONGEST_PAGE, SearchAnswer, SearchRequest};
pub use settings::Settings;
pub use signin::{
    AccountView, Arrived, Departure, FirstAdministrator, Invitation, LinkFor, MadeToken, NewSession,
    NewToken, Provider, ProviderSettings, SecondFactorOffer, SecondFactorOn, SessionEnd, SessionView, SignIn,
    SignInRules, SignInState, SignedIn, TokenView,
};
pub use stages::{MOST_MOVED, Move, Moved, Seen};
pub use sync::{Heard, SyncMode, SyncProgress, SyncReport};
pub use tables::{Head, Imported, ImportedRow, LARGEST_TABLE, RowFate};
pub use timeline::{Event, Happening, Timeline};
pub use upload::LARGEST_UPLOAD;
pub use uploads::{NewUpload, UploadState};
pub use users::NewUser;
pub use view::{ApplicationView, OpenFile};
