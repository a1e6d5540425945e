//! Times as people read them: the bank's wall clock, and minutes and seconds of a video.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Timelike, Utc};
use dossier_domain::BankZone;

/// The instant on the bank's wall clock, to the second.
///
/// The zone shows minutes; offsets have been whole minutes since the days of railways, so the seconds are the instant's.
pub(crate) fn wall_clock(zone: BankZone, at: DateTime<Utc>) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(&zone.show(at), "%Y-%m-%d %H:%M")
        .map_or(at.naive_utc(), |local| local + TimeDelta::seconds(i64::from(at.second())))
}

/// A time in a video, if it is one: vendors' numbers may be negative or no numbers at all.
pub(crate) fn seconds(given: Option<f64>) -> Option<f64> {
    given.filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// A place in a video: `3:07`, `1:02:09`.
pub(crate) fn place(seconds: f64) -> String {
    let whole = seconds as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_is_the_banks() {
        let at = "2023-10-31T16:00:07Z".parse().unwrap();
        assert_eq!(wall_clock(BankZone::default(), at).to_string(), "2023-11-01 00:00:07");
        let nepal = "Asia/Kathmandu".parse().unwrap();
        assert_eq!(wall_clock(nepal, at).to_string(), "2023-10-31 21:45:07");
    }

    #[test]
    fn places_are_short_and_never_fail() {
        assert_eq!([place(0.9), place(187.0), place(3729.4)], ["0:00", "3:07", "1:02:09"]);
        assert_eq!(place(-1.0), "0:00");
        assert!(place(1e300).ends_with(":15"));
        assert_eq!(seconds(Some(f64::NAN)), None);
    }
}
