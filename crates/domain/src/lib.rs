//! The words of Dossier as types: candidates, positions, applications and their stages, interviews, materials,
//! scores, emotion readings, tags, folders, and the rules that file them.
//!
//! This crate is pure: it does no input or output, reads no clock, and knows no other crate of the workspace. What
//! comes from outside becomes one of these types by parsing, and is valid from then on.

pub mod application;
pub mod candidate;
pub mod check;
pub mod clock;
pub mod emotion;
pub mod field;
pub mod filing;
pub mod id;
pub mod interview;
pub mod journey;
pub mod language;
pub mod lexicon;
pub mod material;
pub mod notice;
pub mod offer;
pub mod position;
pub mod process;
pub mod prompt;
pub mod proposal;
pub mod resume;
pub mod scope;
pub mod score;
pub mod scorecard;
pub mod scoring;
pub mod selection;
pub mod skill;
pub mod tag;
pub mod text;
pub mod transcript;
pub mod zone;

pub use application::{Application, Outcome, Stage, StageMove};
pub use candidate::{Candidate, Identity};
pub use check::{BackgroundCheck, Claim};
pub use clock::{Clock, FixedClock, SystemClock};
pub use emotion::{EmotionLabel, EmotionProfile, EmotionReading, EmotionThresholds};
pub use field::{Class, classify};
pub use filing::{Facts, FilingRule, TagRule};
pub use id::{
    ApplicationId, CandidateId, ChannelId, ConnectionId, InterviewId, MaterialId, NoticeId, OccasionId,
    PositionId, ProposalId, ReleaseId, SavedReportId, SavedSearchId, SessionId, TokenId, UploadId, UserId,
};
pub use interview::{Interview, Question};
pub use journey::{Standing, Stay};
pub use language::Language;
pub use lexicon::{Lexicon, LexiconError, Theme};
pub use material::{Content, Material, MaterialKind, Provenance, StoredFile};
pub use notice::{About, ChannelKind, NoticeKind, Preferences, Wish};
pub use offer::{Offer, Offers};
pub use position::{Position, PositionChange};
pub use process::{MoveError, MoveRule, Place, Process, Step};
pub use prompt::{Prompt, prompts};
pub use proposal::{Decision, Fate, Proposal, Reach};
pub use resume::ResumeReport;
pub use scope::{Grant, Positions, Scope, Scorecards};
pub use score::{Scale, Score, ScoreRevision};
pub use scorecard::{Agreement, Judgement, Mark, Note, Recommendation, Scorecard, default_criteria};
pub use scoring::{Scoring, ScoringError};
pub use selection::{FieldSelection, SyncField};
pub use skill::{SkillAssessment, SkillResult, WrongAnswer};
pub use tag::{PresetTag, Tag, TagColour, TagOrigin};
pub use transcript::{Speaker, Transcript, Utterance};
pub use zone::{BankZone, Month};
