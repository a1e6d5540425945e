//! How the simulator behaves and misbehaves, as data.

use std::{collections::VecDeque, time::Duration};

use serde_json::{Value, json};

/// How the simulator behaves.
#[derive(Debug, Clone)]
pub struct Behaviour {
    /// How long links to media are good.
    pub link_seconds: u32,
    /// How often an interview must be fetched before its video is there.
    pub late_videos: u32,
    /// Each n-th request to the API is refused in this style.
    pub limit: Option<(u32, RetryAfter)>,
    /// Whether the key may read; otherwise everything answers 403.
    pub permits: bool,
    /// Whether the newest interviews are listed first.
    pub newest_first: bool,
    /// By how much the vendor's clock is ahead, in seconds.
    pub clock_skew: i64,
    /// Whether the bank's extension is filled in.
    pub extension: bool,
    /// Faults of the API, one per request, in this order.
    pub api_faults: VecDeque<ApiFault>,
    /// Faults of media, one per request, in this order.
    pub media_faults: VecDeque<MediaFault>,
}

impl Default for Behaviour {
    fn default() -> Self {
        Self {
            link_seconds: 300,
            late_videos: 0,
            limit: None,
            permits: true,
            newest_first: false,
            clock_skew: 0,
            extension: true,
            api_faults: VecDeque::new(),
            media_faults: VecDeque::new(),
        }
    }
}

/// How a refusal for too many requests tells when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Not at all.
    Silent,
    /// In seconds.
    Seconds(u32),
    /// As a date, so many seconds ahead of the vendor's clock.
    Date(u32),
}

/// What goes wrong with one request to the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiFault {
    /// 429.
    TooMany(RetryAfter),
    /// A status without a body.
    Status(u16),
    /// 200 with something that only begins like JSON.
    BadJson,
    /// 200 with JSON of this many bytes.
    Huge(u64),
    /// No answer, ever.
    Hang,
    /// A redirect to this place.
    Redirect(String),
}

/// What goes wrong with one request for media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MediaFault {
    /// 403, as for a link that has expired.
    Expired,
    /// The body breaks off after so many bytes, and the link is no longer good.
    ExpireAfter(u64),
    /// The body breaks off after so many bytes.
    CutAfter(u64),
    /// The announced length is so many bytes too great.
    Longer(u64),
    /// `Content-Range` and `Content-Length` tell different lengths.
    Disagree,
    /// So many bytes at a time with a pause before each.
    Drip(u64, Duration),
    /// A body of so many zeros instead of the video.
    Huge(u64),
    /// The whole file, whatever range was asked for.
    IgnoreRange,
    /// Another version of the file, by its `ETag`.
    Changed,
    /// No answer, ever.
    Hang,
    /// A redirect to this place.
    Redirect(String),
    /// A status without a body.
    Status(u16),
}

/// A spot in a record that makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spoil {
    /// The interview ended on 30 February.
    ImpossibleDate,
    /// The overall score has 300 digits.
    HugeScore,
    /// The overall score has 400 digits, which no double holds: the record is no JSON to most readers.
    ImpossibleNumber,
    /// The first name holds an escape character.
    ControlName,
    /// The first name is a path.
    PathName,
    /// The emotion readings are a text.
    WrongType,
}

/// Stands in a record for the number that can't be built as a value.
const DIGITS: &str = "@digits@";

impl Spoil {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ImpossibleDate,
        Self::HugeScore,
        Self::ImpossibleNumber,
        Self::ControlName,
        Self::PathName,
        Self::WrongType,
    ];

    /// The JSON Pointer of the spot in the record; that of the whole for what breaks the whole.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::ImpossibleNumber => "",
            _ => self.place(),
        }
    }

    fn place(self) -> &'static str {
        match self {
            Self::ImpossibleDate => "/interview_data/bank_extensions/ended_at",
            Self::HugeScore | Self::ImpossibleNumber => "/interview_data/bank_extensions/overall_score/value",
            Self::ControlName | Self::PathName => "/interview_data/interviewee_first_name",
            Self::WrongType => "/interview_data/bank_extensions/emotions",
        }
    }

    /// The record as text with the spot spoiled.
    pub(super) fn apply(self, mut record: Value) -> String {
        let (nonsense, digits) = match self {
            Self::ImpossibleDate => (json!("2023-02-30T10:00:00+08:00"), 0),
            Self::HugeScore => (json!(DIGITS), 300),
            Self::ImpossibleNumber => (json!(DIGITS), 400),
            Self::ControlName => (json!("三\u{1b}[31m"), 0),
            Self::PathName => (json!("../../etc/passwd"), 0),
            Self::WrongType => (json!("积极"), 0),
        };
        if let Some(spot) = record.pointer_mut(self.place()) {
            *spot = nonsense;
        }
        record.to_string().replace(&format!("\"{DIGITS}\""), &"9".repeat(digits))
    }
}
