//! Two times that are compared.

use chrono::{Datelike, Months, NaiveDate};
use dossier_domain::{Language, Month};
use dossier_search::{
    Query,
    columns::Value,
    query::{Condition, Days, Node},
};

use super::words::quoted;
use crate::{Error, Result};

/// Two times that are compared, as they are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Periods {
    /// One of the calendar that is named by when the report is made, and the one before it.
    Preset(Preset),
    /// One of these days, and those or, if none are given, as many right before.
    Given {
        /// What is compared.
        present: Period,
        /// With what.
        former: Option<Period>,
    },
}

/// A time of the calendar, by the day on which the report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// This month.
    Month,
    /// This quarter.
    Quarter,
    /// This year.
    Year,
    /// The last whole month.
    LastMonth,
    /// The last whole quarter.
    LastQuarter,
    /// The last whole year.
    LastYear,
}

/// Some days of the bank, the first and the last among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, not before the first.
    pub last: NaiveDate,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 6] =
        [Self::LastMonth, Self::LastQuarter, Self::LastYear, Self::Month, Self::Quarter, Self::Year];

    /// The name in addresses and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::LastMonth => "last_month",
            Self::LastQuarter => "last_quarter",
            Self::LastYear => "last_year",
        }
    }

    /// The name that people read.
    pub fn label(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Month => ("本月与上月", "This month and the one before"),
            Self::Quarter => ("本季度与上季度", "This quarter and the one before"),
            Self::Year => ("今年与去年", "This year and the one before"),
            Self::LastMonth => ("上月与再上月", "Last month and the one before"),
            Self::LastQuarter => ("上季度与再上季度", "Last quarter and the one before"),
            Self::LastYear => ("去年与前年", "Last year and the one before"),
        };
        language.pick(chinese, english)
    }

    /// The days that it means on a day.
    fn on(self, today: NaiveDate) -> Option<Period> {
        let (months, back) = match self {
            Self::Month => (1, 0),
            Self::Quarter => (3, 0),
            Self::Year => (12, 0),
            Self::LastMonth => (1, 1),
            Self::LastQuarter => (3, 1),
            Self::LastYear => (12, 1),
        };
        let begun = today.with_day(1)?.checked_sub_months(Months::new(today.month0() % months))?;
        Period::of_months(begun.checked_sub_months(Months::new(months * back))?, months)
    }
}

impl Period {
    /// So many months that end with a day, which is the last of its own.
    pub(super) fn up_to(last: NaiveDate, months: u32) -> Option<Self> {
        Self::of_months(last.succ_opt()?.checked_sub_months(Months::new(months))?, months)
    }

    /// How it is written where a time is asked for.
    pub(super) fn written(self) -> String {
        format!("{}..{}", self.first, self.last)
    }

    pub(super) fn of_months(first: NaiveDate, months: u32) -> Option<Self> {
        let last = first.checked_add_months(Months::new(months))?.pred_opt()?;
        Some(Self { first, last })
    }

    /// The days that somebody writes, as conditions of a search take them.
    fn read(text: &str) -> Result<Self> {
        let query = Query::parse(&format!("面试时间={text}"));
        let days = query.ok().and_then(|query| match query.root() {
            Node::Is(Condition::Interviewed(Days { first: Some(first), last: Some(last) })) => {
                Some(Self { first: *first, last: *last })
            }
            _ => None,
        });
        let cut = quoted(text);
        days.ok_or_else(|| {
            Error::invalid(
                format!("“{cut}”不是时段；请写成 2023-07..2023-09、2023年10月 或 2023年第三季度"),
                format!("`{cut}` is no time; write 2023-07..2023-09, 2023-10 or 2023-Q3"),
            )
        })
    }

    /// The months that it is, if it is whole ones.
    fn months(self) -> Option<u32> {
        let after = self.last.succ_opt()?;
        let month = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
        let is_whole = self.first.day() == 1 && after.day() == 1;
        u32::try_from(month(after) - month(self.first)).ok().filter(|_| is_whole)
    }

    /// The time right before, as long as this.
    fn before(self) -> Option<Self> {
        match self.months() {
            Some(months) => Self::of_months(self.first.checked_sub_months(Months::new(months))?, months),
            None => {
                let length = self.last - self.first;
                let last = self.first.pred_opt()?;
                Some(Self { first: last.checked_sub_signed(length)?, last })
            }
        }
    }

    /// The condition that finds what was then.
    pub(super) fn condition(self) -> Node {
        Node::Is(Condition::Interviewed(Days { first: Some(self.first), last: Some(self.last) }))
    }

    /// What people call it: `2023年第三季度`, `2023-07-01–2023-08-15`.
    pub fn label(self, language: Language) -> String {
        let first = Month::new(self.first.year(), self.first.month());
        match (self.months(), first) {
            (Some(1), Some(month)) => month.label(language),
            (Some(3), Some(month)) if self.first.month0().is_multiple_of(3) => {
                Value::Quarter(month).label(language)
            }
            (Some(12), _) if self.first.month() == 1 => match language {
                Language::Chinese => format!("{}年", self.first.year()),
                Language::English => self.first.year().to_string(),
            },
            _ if self.first == self.last => self.first.to_string(),
            _ => format!("{}–{}", self.first, self.last),
        }
    }
}

impl Periods {
    /// The times that somebody writes; nothing where none is written.
    pub(super) fn read(period: &str, against: &str) -> Result<Option<Self>> {
        if period.is_empty() {
            return match against.is_empty() {
                true => Ok(None),
                false => {
                    Err(Error::invalid("请给出要对比的时段", "name the time that is compared with that"))
                }
            };
        }
        let wanted = period.replace('-', "_");
        if let Some(preset) = Preset::ALL.into_iter().find(|preset| preset.name() == wanted) {
            return match against.is_empty() {
                true => Ok(Some(Self::Preset(preset))),
                false => Err(Error::invalid(
                    "预设时段总是与前一个对比；请写出日期",
                    "such a time is compared with the one before it; write dates instead",
                )),
            };
        }
        let former = (!against.is_empty()).then(|| Period::read(against)).transpose()?;
        Ok(Some(Self::Given { present: Period::read(period)?, former }))
    }

    /// The former and the present time, on a day. They have no day in common, so nobody is in both.
    pub(super) fn on(self, today: NaiveDate) -> Result<[Period; 2]> {
        let none = || Error::invalid("日历上没有更早的时段", "the calendar has no earlier time");
        let (present, former) = match self {
            Self::Preset(preset) => (preset.on(today).ok_or_else(none)?, None),
            Self::Given { present, former } => (present, former),
        };
        let former = former.or_else(|| present.before()).ok_or_else(none)?;
        if former.first.year() < 1970 {
            return Err(none());
        }
        if former.first <= present.last && present.first <= former.last {
            return Err(Error::invalid("两个时段有重叠", "the two times overlap"));
        }
        Ok([former, present])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(period: &str, against: &str) -> Result<[String; 2]> {
        let today = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        let periods = Periods::read(period, against)?.unwrap().on(today)?;
        Ok(periods.map(|period| period.label(Language::English)))
    }

    #[test]
    fn times_are_what_the_calendar_says() {
        for (period, against, former, present) in [
            ("month", "", "2024-01", "2024-02"),
            ("quarter", "", "2023 Q4", "2024 Q1"),
            ("last-quarter", "", "2023 Q3", "2023 Q4"),
            ("last_year", "", "2022", "2023"),
            ("2023-07..2023-09", "", "2023 Q2", "2023 Q3"),
            ("2023年第三季度", "2022Q3", "2022 Q3", "2023 Q3"),
            ("2023-Q3", "2023年", "", ""),
            ("2023-02", "", "2023-01", "2023-02"),
            ("2023-10-08..2023-10-14", "", "2023-10-01–2023-10-07", "2023-10-08–2023-10-14"),
            ("2023-10-08", "2022-10-08", "2022-10-08", "2023-10-08"),
            ("2023-01..2023-02", "", "2022-11-01–2022-12-31", "2023-01-01–2023-02-28"),
            ("1970", "", "", ""),
            ("9999-12", "", "9999-11", "9999-12"),
        ] {
            match on(period, against) {
                Ok(found) => assert_eq!(found, [former, present].map(str::to_owned), "{period} {against}"),
                Err(error) => assert!(present.is_empty(), "{period} {against}: {error}"),
            }
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for nonsense in
            ["2023-13", "yesterday", "2023-10..", "..", "2023 张三", "0000-01", "2023-Q5", "\"", "2023-02-30"]
        {
            assert!(on(nonsense, "").is_err(), "{nonsense}");
        }
        assert!(on("quarter", "2023").is_err() && Periods::read("", "2023").is_err());
        assert_eq!(Periods::read("", "").unwrap(), None);
    }
}
