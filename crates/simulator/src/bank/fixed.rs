//! The first candidates, who are the same in every bank: tests, tutorial and demo count on them.

use chrono::{DateTime, NaiveDate, Utc};
use dossier_domain::BankZone;

/// What is fixed about a candidate.
pub(super) struct Fixed {
    /// Last and first name.
    pub(super) name: (&'static str, &'static str),
    /// The position's number.
    pub(super) position: usize,
    /// The overall score.
    pub(super) score: f64,
    month: u32,
    day: u32,
}

const fn fixed(
    name: (&'static str, &'static str),
    position: usize,
    score: f64,
    month: u32,
    day: u32,
) -> Fixed {
    Fixed { name, position, score, month, day }
}

/// 曾, 单, 仇 and 解 are read otherwise as surnames than as words; 𠮷 lies beyond the first 65,536 characters.
pub(super) const FIXED: &[Fixed] = &[
    fixed(("张", "三"), 0, 86.0, 10, 12),
    fixed(("李", "思远"), 2, 82.0, 10, 18),
    fixed(("王", "子涵"), 1, 85.0, 11, 8),
    fixed(("曾", "文静"), 0, 79.0, 9, 5),
    fixed(("单", "晓峰"), 3, 74.0, 4, 20),
    fixed(("仇", "海燕"), 4, 68.0, 6, 15),
    fixed(("解", "天宇"), 5, 91.0, 3, 9),
    fixed(("周", "𠮷祥"), 2, 77.0, 10, 25),
];

impl Fixed {
    /// Half past nine of the day, in the bank's time.
    pub(super) fn start(&self, year: i32) -> Option<DateTime<Utc>> {
        BankZone::default()
            .instant(NaiveDate::from_ymd_opt(year, self.month, self.day)?.and_hms_opt(9, 30, 0)?)
    }
}
