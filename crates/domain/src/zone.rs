//! The bank's time zone: instants are UTC inside, months and shown times are the bank's.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::Language;

/// A time zone of the IANA database; Asia/Shanghai unless the bank says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BankZone(Tz);

impl Default for BankZone {
    fn default() -> Self {
        Self(Tz::Asia__Shanghai)
    }
}

/// The zone is not in the IANA database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time zone; use an IANA name such as Asia/Shanghai")]
pub struct UnknownZone(String);

impl BankZone {
    /// The month in which `at` falls for the bank.
    pub fn month(self, at: DateTime<Utc>) -> Month {
        let local = at.with_timezone(&self.0);
        Month { year: local.year(), month: local.month() }
    }

    /// The day on which `at` falls for the bank.
    pub fn date(self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// The first instant of `day` for the bank. Where the day begins in a gap of the clock, the first instant after it.
    pub fn start_of(self, day: NaiveDate) -> DateTime<Utc> {
        let mut local = day.and_time(chrono::NaiveTime::MIN);
        for _ in 0..8 {
            if let Some(at) = self.0.from_local_datetime(&local).earliest() {
                return at.with_timezone(&Utc);
            }
            local += chrono::TimeDelta::minutes(30);
        }
        local.and_utc()
    }

    /// A wall-clock time of the bank as an instant; `None` where the clock skips it.
    pub fn instant(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.0.from_local_datetime(&local).earliest().map(|at| at.with_timezone(&Utc))
    }

    /// What the bank's wall clock shows at `at`.
    pub fn local(self, at: DateTime<Utc>) -> NaiveDateTime {
        at.with_timezone(&self.0).naive_local()
    }

    /// The instant as the bank's wall clock shows it: `2023-10-12 09:30`.
    pub fn show(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.0).format("%Y-%m-%d %H:%M").to_string()
    }
}

impl FromStr for BankZone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, UnknownZone> {
        text.parse().map(Self).map_err(|_| UnknownZone(text.chars().take(40).collect()))
    }
}

impl TryFrom<String> for BankZone {
    type Error = UnknownZone;
    fn try_from(text: String) -> Result<Self, UnknownZone> {
        text.parse()
    }
}

impl From<BankZone> for String {
    fn from(zone: BankZone) -> String {
        zone.0.name().to_owned()
    }
}

impl fmt::Display for BankZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

/// A month of the calendar, as the bank counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month, where year (1970 to 9999) and month (1 to 12) exist.
    pub fn new(year: i32, month: u32) -> Option<Self> {
        ((1970..=9999).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The first day of the month.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or_default()
    }

    /// The month after this one.
    #[must_use]
    pub fn next(self) -> Self {
        if self.month == 12 {
            Self { year: self.year + 1, month: 1 }
        } else {
            Self { year: self.year, month: self.month + 1 }
        }
    }

    /// As a reader of the language writes it: `2023年10月`, `2023-10`.
    pub fn label(self, language: Language) -> String {
        match language {
            Language::Chinese => format!("{}年{}月", self.year, self.month),
            Language::English => format!("{}-{:02}", self.year, self.month),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn months_are_the_banks() {
        let zone = BankZone::default();
        assert_eq!(zone.month(at("2023-10-31T15:59:59Z")).label(Language::Chinese), "2023年10月");
        assert_eq!(zone.month(at("2023-10-31T16:00:00Z")).label(Language::Chinese), "2023年11月");
        assert_eq!(zone.show(at("2023-10-31T16:00:00Z")), "2023-11-01 00:00");
    }

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let zone = BankZone::default();
        let december = Month::new(2023, 12).unwrap();
        assert_eq!(december.next(), Month::new(2024, 1).unwrap());
        assert_eq!(zone.start_of(december.next().first_day()), at("2023-12-31T16:00:00Z"));
    }

    #[test]
    fn days_that_begin_in_a_gap_begin_after_it() {
        let zone: BankZone = "America/Sao_Paulo".parse().unwrap();
        let day = NaiveDate::from_ymd_opt(2018, 11, 4).unwrap();
        assert_eq!(zone.start_of(day), at("2018-11-04T03:00:00Z"));
    }

    #[test]
    fn impossible_months_and_zones_are_refused() {
        assert!(Month::new(2023, 13).is_none() && Month::new(0, 1).is_none());
        assert!("Mars/Olympus".parse::<BankZone>().is_err());
    }
}
