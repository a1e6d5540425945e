//! Numbers and dates as people write them.

use chrono::{Datelike, NaiveDate};

use super::{
    lexer::Sign,
    tree::{Days, Scores},
};

/// Why a value was refused: in Chinese, in English, and what would be right.
#[derive(Debug, PartialEq)]
pub(super) struct Refused(pub(super) String, pub(super) String, pub(super) Option<String>);

/// What stands between the two ends of a range, apart from the hyphen, which dates hold as well.
const RANGE_MARKS: [&str; 4] = ["..", "~", "至", "到"];

/// So many days or minutes at most.
const MOST: f64 = 1e9;

/// A score condition from the sign and the value behind it.
pub(super) fn scores(sign: Sign, text: &str) -> Result<Scores, Refused> {
    numbers(sign, text, score)
}

/// A condition on days or minutes from the sign and the value behind it.
pub(super) fn amounts(sign: Sign, text: &str) -> Result<Scores, Refused> {
    numbers(sign, text, amount)
}

fn numbers(sign: Sign, text: &str, number: impl Fn(&str) -> Result<f64, Refused>) -> Result<Scores, Refused> {
    let between = RANGE_MARKS.iter().chain(&["-"]).find_map(|mark| text.split_once(mark));
    match (sign, between) {
        (Sign::Equal | Sign::Exactly | Sign::Unequal, Some((from, to))) => {
            let (from, to) = (number(from)?, number(to)?);
            if from > to {
                return Err(Refused(
                    "范围的起点大于终点".into(),
                    "the range ends before it begins".into(),
                    Some(format!("{to}..{from}")),
                ));
            }
            Ok(Scores::Between(from, to))
        }
        (Sign::Equal | Sign::Exactly | Sign::Unequal, None) => {
            number(text).map(|value| Scores::Between(value, value))
        }
        (Sign::AtLeast, _) => number(text).map(Scores::AtLeast),
        (Sign::Greater, _) => number(text).map(Scores::Above),
        (Sign::AtMost, _) => number(text).map(Scores::AtMost),
        (Sign::Less, _) => number(text).map(Scores::Below),
    }
}

/// A score that stands alone: `80分` and `80分以上` (80 or more), `60分以下` (below 60), `75-90分`.
pub(super) fn points(text: &str) -> Option<Result<Scores, Refused>> {
    let (value, rest) = text.split_once('分')?;
    let digits = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '~' | '至' | '到');
    if !value.starts_with(|c: char| c.is_ascii_digit()) || !value.chars().all(digits) {
        return None;
    }
    match rest {
        "" if score(value).is_err() && value.contains(['-', '~', '至', '到']) => {
            Some(scores(Sign::Equal, value))
        }
        "" | "以上" => Some(score(value).map(Scores::AtLeast)),
        "以下" => Some(score(value).map(Scores::Below)),
        _ => None,
    }
}

/// What people write before a number that is compared; what begins like another stands behind it.
const BEFORE: [(&str, Sign); 15] = [
    ("大于等于", Sign::AtLeast),
    ("不低于", Sign::AtLeast),
    ("不少于", Sign::AtLeast),
    ("不小于", Sign::AtLeast),
    ("至少", Sign::AtLeast),
    ("大于", Sign::Greater),
    ("高于", Sign::Greater),
    ("超过", Sign::Greater),
    ("小于等于", Sign::AtMost),
    ("不高于", Sign::AtMost),
    ("不超过", Sign::AtMost),
    ("不大于", Sign::AtMost),
    ("小于", Sign::Less),
    ("低于", Sign::Less),
    ("不到", Sign::Less),
];
/// What they write behind it; as with [`points`], 以下 leaves the number itself out.
const BEHIND: [(&str, Sign); 4] =
    [("及以上", Sign::AtLeast), ("以上", Sign::AtLeast), ("及以下", Sign::AtMost), ("以下", Sign::Less)];

/// A score as words compare it: `80以上`, `大于80`, `不低于80分`.
pub(super) fn compared(text: &str) -> Option<Result<Scores, Refused>> {
    let before = || BEFORE.iter().find_map(|(word, sign)| Some((*sign, text.strip_prefix(word)?)));
    let behind = || BEHIND.iter().find_map(|(word, sign)| Some((*sign, text.strip_suffix(word)?)));
    let (sign, number) = before().or_else(behind)?;
    decimal(number.strip_suffix('分').unwrap_or(number)).map(|_| scores(sign, number))
}

/// A score: 0 to 100, with or without 分 behind it.
fn score(text: &str) -> Result<f64, Refused> {
    let text = text.trim();
    let Some(value) = decimal(text.strip_suffix('分').unwrap_or(text)) else {
        return Err(Refused(
            "这里需要一个0到100的数字，例如 80 或 75..90".into(),
            "a number from 0 to 100 is needed here, such as 80 or 75..90".into(),
            None,
        ));
    };
    if (0.0..=100.0).contains(&value) {
        return Ok(value);
    }
    Err(Refused("分数在0到100之间".into(), "scores go from 0 to 100".into(), Some("100".into())))
}

/// A number of days or minutes.
fn amount(text: &str) -> Result<f64, Refused> {
    decimal(text.trim()).filter(|value| *value <= MOST).ok_or_else(|| {
        Refused(
            "这里需要一个数字，例如 7 或 3..10".into(),
            "a number is needed here, such as 7 or 3..10".into(),
            None,
        )
    })
}

fn decimal(text: &str) -> Option<f64> {
    let is_number = text.starts_with(|c: char| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c == '.')
        && text.matches('.').count() <= 1;
    text.parse().ok().filter(|_| is_number)
}

/// A date condition from the sign and the value behind it.
pub(super) fn days(sign: Sign, text: &str) -> Result<Days, Refused> {
    let given = |first, last| Ok(Days { first, last });
    if let Some((from, to)) = RANGE_MARKS.iter().find_map(|mark| text.split_once(mark))
        && matches!(sign, Sign::Equal | Sign::Exactly | Sign::Unequal)
        && !(from.trim().is_empty() && to.trim().is_empty())
    {
        let end = |text: &str| (!text.trim().is_empty()).then(|| period(text)).transpose();
        let (first, last) = (end(from)?.map(|p| p.0), end(to)?.map(|p| p.1));
        return match (first, last) {
            (Some(a), Some(b)) if a > b => Err(Refused(
                "时间范围的起点晚于终点".into(),
                "the range of dates ends before it begins".into(),
                Some(format!("{}..{}", to.trim(), from.trim())),
            )),
            _ => given(first, last),
        };
    }
    let (first, last) = period(text)?;
    match sign {
        Sign::Equal | Sign::Exactly | Sign::Unequal => given(Some(first), Some(last)),
        Sign::AtLeast => given(Some(first), None),
        Sign::AtMost => given(None, Some(last)),
        Sign::Greater => {
            given(Some(last.succ_opt().filter(|day| day.year() <= 9999).ok_or_else(no_date)?), None)
        }
        Sign::Less => {
            given(None, Some(first.pred_opt().filter(|day| day.year() >= 1970).ok_or_else(no_date)?))
        }
    }
}

/// First and last day of a year, quarter, month or day.
fn period(text: &str) -> Result<(NaiveDate, NaiveDate), Refused> {
    if let Some((year, number)) = quarter(text.trim()) {
        let month = |number: u32| format!("{year}-{number}");
        return Ok((period(&month(3 * number - 2))?.0, period(&month(3 * number))?.1));
    }
    let plain = text.trim().replace(['年', '月', '/', '.'], "-").replace(['日', '号'], "");
    let parts: Vec<&str> = plain.strip_suffix('-').unwrap_or(&plain).split('-').collect();
    let numbers: Option<Vec<u32>> = parts
        .iter()
        .map(|part| part.parse().ok().filter(|_| part.len() <= 4 && part.chars().all(|c| c.is_ascii_digit())))
        .collect();
    let (year, rest) = match numbers.as_deref() {
        Some([year, rest @ ..]) if rest.len() <= 2 && parts[0].len() == 4 => (*year, rest),
        _ => return Err(no_date()),
    };
    if !(1970..=9999).contains(&year) {
        return Err(no_date());
    }
    let year = year.cast_signed();
    let day = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let last_of = |month| (28..=31).rev().find_map(|last| day(month, last));
    let found = match *rest {
        [] => day(1, 1).zip(day(12, 31)),
        [month] => day(month, 1).zip(last_of(month)),
        [month, of_month, ..] => day(month, of_month).map(|day| (day, day)),
    };
    found.ok_or_else(|| {
        let nearest = rest.first().and_then(|month| last_of(*month)).map(|day| day.to_string());
        Refused("日历上没有这一天".into(), "there is no such day in the calendar".into(), nearest)
    })
}

/// The year and the number of a quarter: `2023Q3`, `2023-Q3`, `2023年第三季度`.
fn quarter(text: &str) -> Option<(&str, u32)> {
    let (year, number) = match text.strip_suffix("季度") {
        Some(text) => text.split_once('年').map(|(year, number)| (year, number.trim_start_matches('第')))?,
        None => text.split_once(['Q', 'q']).map(|(year, number)| (year.trim_end_matches('-'), number))?,
    };
    let number = match number {
        "1" | "一" => 1,
        "2" | "二" => 2,
        "3" | "三" => 3,
        "4" | "四" => 4,
        _ => return None,
    };
    (year.len() == 4).then_some((year, number))
}

fn no_date() -> Refused {
    Refused(
        "这里需要一个日期，例如 2023年10月、2023-10-12 或 2023-10..2023-12".into(),
        "a date is needed here, such as 2023-10, 2023-10-12 or 2023-10..2023-12".into(),
        None,
    )
}
