//! Figures as people read them: numbers, cells of a report, and times in a video.

use chrono::Datelike as _;
use dossier_domain::{Language, Month};

use crate::{
    model::{Kind, Value},
    plain,
};

/// The number from which on figures are written by powers of ten.
const HUGE: f64 = 1e15;

/// What a cell says, in words of the language: `62.5%（58.0%–66.9%）`. Empty where there is nothing to say.
#[must_use]
pub fn said(kind: Kind, value: &Value, language: Language) -> String {
    match value.sound() {
        Value::Nothing => String::new(),
        Value::Withheld => withheld(language).to_owned(),
        Value::Text(text) => plain(text).into_owned(),
        Value::Date(day) if kind == Kind::Month => {
            let month = Month::new(day.year(), day.month());
            month.map_or_else(|| day.to_string(), |month| month.label(language))
        }
        Value::Date(day) => day.to_string(),
        Value::Number(number) => figure(kind, *number),
        Value::Estimate { value, low, high } => {
            let [value, low, high] = [value, low, high].map(|number| figure(kind, *number));
            let is_signed = kind == Kind::Points || low.starts_with('−');
            let between = if is_signed { language.pick(" 至 ", " to ") } else { "–" };
            match language {
                Language::Chinese => format!("{value}（{low}{between}{high}）"),
                Language::English => format!("{value} ({low}{between}{high})"),
            }
        }
    }
}

/// What stands for a value that is there, of a group too small for the reader.
#[must_use]
pub fn withheld(language: Language) -> &'static str {
    match language {
        Language::Chinese => "人数过少",
        Language::English => "too few",
    }
}

/// A number of a column of this kind: `12,345`, `62.5%`, `0.0833`; without the unit of lengths of time.
#[must_use]
pub fn figure(kind: Kind, number: f64) -> String {
    match kind {
        Kind::Count => grouped(number, 0),
        Kind::Share => format!("{}%", grouped(number * 100.0, 1)),
        Kind::Points => match grouped(number, 1) {
            figure if number > 0.0 && figure != "0.0" => format!("+{figure}"),
            figure => figure,
        },
        Kind::Score | Kind::Days | Kind::Minutes => grouped(number, 1),
        Kind::Text | Kind::Date | Kind::Month | Kind::Number => three_digits(number),
    }
}

/// A figure beside a mark of a chart: without a decimal that says nothing.
pub(crate) fn short(kind: Kind, number: f64) -> String {
    let text = figure(kind, number);
    match kind {
        Kind::Share => text.strip_suffix(".0%").map_or(text.clone(), |whole| format!("{whole}%")),
        Kind::Points | Kind::Score | Kind::Days | Kind::Minutes => {
            text.strip_suffix(".0").unwrap_or(&text).to_owned()
        }
        _ => text,
    }
}

fn three_digits(number: f64) -> String {
    let magnitude = if number == 0.0 { 0.0 } else { number.abs().log10().floor() };
    if magnitude < -4.0 {
        return signed(&format!("{number:.2e}"));
    }
    grouped(number, (2.0 - magnitude).clamp(0.0, 6.0) as usize)
}

/// A number with so many decimals and its thousands apart.
pub(crate) fn grouped(number: f64, decimals: usize) -> String {
    if !number.is_finite() {
        return String::new();
    }
    if number.abs() >= HUGE {
        return signed(&format!("{number:.2e}"));
    }
    let text = format!("{:.decimals$}", number.abs());
    let whole = text.find('.').unwrap_or(text.len());
    let mut shown = String::with_capacity(text.len() + 6);
    if number < 0.0 && text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        shown.push('−');
    }
    for (place, digit) in text.char_indices() {
        if place > 0 && place < whole && (whole - place) % 3 == 0 {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

fn signed(text: &str) -> String {
    text.replace('-', "−")
}

/// A score or a mean without needless digits.
#[must_use]
pub fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A time in a video, if it is one: vendors' numbers may be negative or no numbers at all.
#[must_use]
pub fn seconds(given: Option<f64>) -> Option<f64> {
    given.filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// A place in a video: `3:07`, `1:02:09`.
#[must_use]
pub fn place(seconds: f64) -> String {
    let whole = seconds as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A place in a video as people write it, in seconds: `187`, `3:07`, `1:02:09`.
#[must_use]
pub fn second(text: &str) -> Option<f64> {
    let text = text.replace('：', ":");
    let parts = text.split(':').map(|part| part.trim().parse::<f64>()).collect::<Result<Vec<_>, _>>();
    match parts.ok()?.as_slice() {
        [seconds] => Some(*seconds),
        [minutes, seconds] => Some(minutes * 60.0 + seconds),
        [hours, minutes, seconds] => Some(hours * 3600.0 + minutes * 60.0 + seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_they_are_written() {
        for at in [0.0, 59.0, 83.0, 3723.0] {
            assert_eq!(second(&place(at)), Some(at));
        }
        assert_eq!([second("83"), second("1：23")], [Some(83.0); 2]);
        assert_eq!([second(""), second("soon"), second("1:2:3:4")], [None; 3]);
    }

    #[test]
    fn cells_are_said_by_their_kind() {
        let number = |kind, number| said(kind, &Value::Number(number), Language::Chinese);
        assert_eq!([number(Kind::Count, 1_234_567.0), number(Kind::Count, 999.0)], ["1,234,567", "999"]);
        assert_eq!([number(Kind::Share, 0.625), number(Kind::Share, -0.0001)], ["62.5%", "0.0%"]);
        assert_eq!([number(Kind::Score, -1234.56), number(Kind::Days, 30.0)], ["−1,234.6", "30.0"]);
        assert_eq!(
            [0.833_33, 0.05, 12.345, 1234.0, 0.000_012_3, 0.0].map(|of| number(Kind::Number, of)),
            ["0.833", "0.0500", "12.3", "1,234", "1.23e−5", "0.00"]
        );
        assert_eq!([number(Kind::Count, 1e300), number(Kind::Share, f64::INFINITY)], ["1.00e300", ""]);
        let estimate = Value::Estimate { value: 0.3, low: 0.255, high: 0.366 };
        assert_eq!(said(Kind::Share, &estimate, Language::Chinese), "30.0%（25.5%–36.6%）");
        let estimate = Value::Estimate { value: 1.0, low: -2.0, high: 3.0 };
        assert_eq!(said(Kind::Days, &estimate, Language::English), "1.0 (−2.0 to 3.0)");
        let estimate = Value::Estimate { value: 5.04, low: -0.01, high: 10.0 };
        assert_eq!(said(Kind::Points, &estimate, Language::Chinese), "+5.0（0.0 至 +10.0）");
        let estimate = Value::Estimate { value: -5.0, low: -10.0, high: 0.04 };
        assert_eq!(said(Kind::Points, &estimate, Language::English), "−5.0 (−10.0 to 0.0)");
        assert_eq!(said(Kind::Count, &Value::Withheld, Language::English), "too few");
        assert_eq!(
            said(Kind::Text, &Value::Text("a\u{7}\nb\u{202e}".to_owned()), Language::English),
            "a� b�"
        );
    }

    #[test]
    fn short_figures_lose_only_what_says_nothing() {
        let all = [(Kind::Share, 0.7), (Kind::Share, 0.705), (Kind::Days, 30.0), (Kind::Number, 1.05)];
        assert_eq!(all.map(|(kind, of)| short(kind, of)), ["70%", "70.5%", "30", "1.05"]);
    }

    #[test]
    fn places_are_short_and_never_fail() {
        assert_eq!([place(0.9), place(187.0), place(3729.4)], ["0:00", "3:07", "1:02:09"]);
        assert_eq!(place(-1.0), "0:00");
        assert!(place(1e300).ends_with(":15"));
        assert_eq!(seconds(Some(f64::NAN)), None);
    }
}
