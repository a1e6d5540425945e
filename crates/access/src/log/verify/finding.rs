//! What can be wrong with a log.

use std::fmt;

use dossier_domain::Language;

use crate::{Word, log::PublicKey};

/// Something that is wrong with a log: which record or checkpoint, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The bytes where this record is expected are none.
    Malformed {
        /// The record's number.
        record: u64,
        /// What is wrong with the bytes.
        why: String,
    },
    /// Another record stands where `expected` should.
    OutOfOrder {
        /// The number that the record says.
        record: u64,
        /// The number expected there.
        expected: u64,
    },
    /// The record does not follow on the bytes before it: one of the two was changed.
    BrokenChain {
        /// The record's number.
        record: u64,
    },
    /// The store holds the record under another number than its own.
    Misfiled {
        /// The number that the record says.
        record: u64,
        /// The number under which it is stored.
        key: u64,
    },
    /// A checkpoint cannot be read, or its signature is false.
    BadCheckpoint {
        /// The number of records before it.
        records: u64,
        /// What is wrong with it.
        why: String,
    },
    /// The log names another key as its own than the one that is trusted.
    ClaimsOtherKey {
        /// The key that it names.
        key: PublicKey,
    },
    /// A checkpoint is signed by another key than the one that is trusted, or than those before it.
    OtherKey {
        /// The checkpoint's size.
        size: u64,
        /// Its key.
        key: PublicKey,
    },
    /// A checkpoint, or the log by its own claim, belongs to another log.
    OtherLog {
        /// The name that it has.
        claims: Word,
    },
    /// The records that a checkpoint covers are not those that it was signed for.
    OtherRoot {
        /// The checkpoint's size.
        size: u64,
        /// The first record that could have been changed.
        from: u64,
    },
    /// The records that the anchor covers are not those that it was signed for.
    OtherThanAnchor {
        /// The anchor's size.
        size: u64,
    },
    /// Fewer records than a checkpoint or the anchor covers.
    Truncated {
        /// How many there are.
        records: u64,
        /// How many there were.
        size: u64,
    },
    /// A checkpoint stands after records that it does not cover, so it could not be checked.
    LateCheckpoint {
        /// The number of records before it.
        records: u64,
        /// Its size.
        size: u64,
    },
    /// A line of an exported log that is neither header, record nor checkpoint.
    BadLine {
        /// The line, counted from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
}

impl Finding {
    /// The finding as a sentence.
    pub fn describe(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.in_chinese(),
            Language::English => self.in_english(),
        }
    }

    fn in_english(&self) -> String {
        match self {
            Self::Malformed { record, why } => format!("record {record} is damaged: {why}"),
            Self::OutOfOrder { record, expected } => {
                format!(
                    "record {record} stands where record {expected} should: records are missing, doubled or swapped"
                )
            }
            Self::BrokenChain { record } => {
                format!("record {record} does not follow on the record before it: one of the two was changed")
            }
            Self::Misfiled { record, key } => format!("record {record} is stored as record {key}"),
            Self::BadCheckpoint { records, why } => {
                format!("the checkpoint after {records} records is bad: {why}")
            }
            Self::ClaimsOtherKey { key } => {
                format!("the log names the key {key}, which is not the trusted one")
            }
            Self::OtherKey { size, key } => {
                format!("the checkpoint of {size} records is signed by {key}, which is not the trusted key")
            }
            Self::OtherLog { claims } => format!("it holds something of another log, {claims}"),
            Self::OtherRoot { size, from } => {
                format!(
                    "the records {from} to {} are not those for which the checkpoint was signed",
                    size - 1
                )
            }
            Self::OtherThanAnchor { size } => {
                format!("the first {size} records are not those for which the anchor was signed")
            }
            Self::Truncated { records, size } => {
                format!("the log was cut off: it has {records} records and had {size}")
            }
            Self::LateCheckpoint { records, size } => {
                format!("the checkpoint of {size} records stands after {records} records")
            }
            Self::BadLine { line, why } => format!("line {line} is damaged: {why}"),
        }
    }

    fn in_chinese(&self) -> String {
        match self {
            Self::Malformed { record, why } => format!("第 {record} 条记录已损坏：{why}"),
            Self::OutOfOrder { record, expected } => {
                format!("应为第 {expected} 条记录处是第 {record} 条：记录缺失、重复或被调换")
            }
            Self::BrokenChain { record } => format!("第 {record} 条记录与前一条不衔接：其中一条被改动"),
            Self::Misfiled { record, key } => format!("第 {record} 条记录被存放为第 {key} 条"),
            Self::BadCheckpoint { records, why } => format!("{records} 条记录之后的检查点有误：{why}"),
            Self::ClaimsOtherKey { key } => format!("日志所示公钥 {key} 不是受信任的公钥"),
            Self::OtherKey { size, key } => format!("{size} 条记录的检查点由 {key} 签名，并非受信任的公钥"),
            Self::OtherLog { claims } => format!("其中含有另一份日志 {claims} 的内容"),
            Self::OtherRoot { size, from } => {
                format!("第 {from} 至 {} 条记录与检查点签名时不一致", size.saturating_sub(1))
            }
            Self::OtherThanAnchor { size } => format!("前 {size} 条记录与外部留存的检查点不一致"),
            Self::Truncated { records, size } => format!("日志被截断：现有 {records} 条，原有 {size} 条"),
            Self::LateCheckpoint { records, size } => {
                format!("{size} 条记录的检查点位于 {records} 条记录之后")
            }
            Self::BadLine { line, why } => format!("第 {line} 行已损坏：{why}"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_english())
    }
}
