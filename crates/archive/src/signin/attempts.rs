//! Failures in a row, and what they lock.
//!
//! Five wrong passwords or codes in a row lock an account for a quarter of an hour, and each further time for twice as
//! long, up to a day. So that nobody can lock somebody else out for good, the row is counted apart for each place from
//! which the user has signed in lately: a stranger's failures lock strangers out, and the user at their own place signs
//! in all the same. A place from which too much fails, whoever is tried, has to wait itself, before anything is computed.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_access::Digest;
use serde::{Deserialize, Serialize};

use super::gate::Place;

/// How many failures lock, and for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    failures: u32,
    first: TimeDelta,
    longest: TimeDelta,
    /// After so long without a failure, all is forgotten.
    calm: TimeDelta,
}

/// For an account.
pub(crate) const ACCOUNT: Rule = Rule {
    failures: 5,
    first: TimeDelta::minutes(15),
    longest: TimeDelta::hours(24),
    calm: TimeDelta::hours(24),
};

/// For a place, whoever is tried from there. Banks sit behind few addresses, so this is lenient and short.
pub(crate) const ORIGIN: Rule = Rule {
    failures: 20,
    first: TimeDelta::minutes(1),
    longest: TimeDelta::minutes(15),
    calm: TimeDelta::hours(1),
};

/// So many places of a user are remembered …
const FAMILIAR: usize = 8;
/// … for so long after the last success there.
const FAMILIAR_FOR: TimeDelta = TimeDelta::days(30);

/// Failures in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Streak {
    failures: u32,
    /// How often it has locked.
    locks: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    last: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    locked_until: Option<DateTime<Utc>>,
}

impl Streak {
    /// How long it is still locked. A clock that was set back makes this longer, never shorter.
    pub(crate) fn locked(&self, now: DateTime<Utc>) -> Option<TimeDelta> {
        self.locked_until.map(|until| until - now).filter(|left| *left > TimeDelta::zero())
    }

    /// Counts a failure; gives the time for which it locks, if it does.
    pub(crate) fn fail(&mut self, rule: Rule, now: DateTime<Utc>) -> Option<TimeDelta> {
        if self.is_forgotten(rule, now) {
            *self = Self::default();
        }
        self.last = Some(now);
        self.failures += 1;
        if self.failures < rule.failures {
            return None;
        }
        let doubled = rule.first.checked_mul(1 << self.locks.min(16)).unwrap_or(rule.longest);
        let time = doubled.min(rule.longest);
        *self = Self { failures: 0, locks: self.locks + 1, locked_until: Some(now + time), ..self.clone() };
        Some(time)
    }

    /// Takes one failure back, if there is one: for a place, where the success of one does not prove the others.
    pub(crate) fn relieve(&mut self) -> bool {
        let is_any = self.failures > 0;
        self.failures = self.failures.saturating_sub(1);
        is_any
    }

    /// Whether nothing of it counts any more.
    pub(crate) fn is_forgotten(&self, rule: Rule, now: DateTime<Utc>) -> bool {
        let last = self.last.max(self.locked_until);
        last.is_none_or(|last| now - last > rule.calm)
    }
}

/// The failures of one user.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attempts {
    /// From where the user has not signed in lately.
    elsewhere: Streak,
    /// From where they have, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    familiar: Vec<Familiar>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Familiar {
    place: Digest,
    at: DateTime<Utc>,
    streak: Streak,
}

impl Attempts {
    /// Whether the account is locked for this place.
    pub(crate) fn is_locked(&self, place: &Place, now: DateTime<Utc>) -> bool {
        let familiar = self.familiar.iter().find(|known| known.is(place, now));
        familiar.map_or(&self.elsewhere, |known| &known.streak).locked(now).is_some()
    }

    /// Until when the account is locked for some place.
    pub(crate) fn locked_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let streaks = self.familiar.iter().map(|known| &known.streak).chain([&self.elsewhere]);
        streaks.filter_map(|streak| streak.locked_until).filter(|until| *until > now).max()
    }

    /// Counts a failure from this place; gives the time for which it locks, if it does.
    pub(crate) fn fail(&mut self, place: &Place, now: DateTime<Utc>) -> Option<TimeDelta> {
        let familiar = self.familiar.iter_mut().find(|known| known.is(place, now));
        familiar.map_or(&mut self.elsewhere, |known| &mut known.streak).fail(ACCOUNT, now)
    }

    /// Notes a success from this place, which ends the row there.
    pub(crate) fn succeed(&mut self, place: &Place, now: DateTime<Utc>) {
        if !self.familiar.iter().any(|known| known.is(place, now)) {
            self.elsewhere = Streak::default();
        }
        self.familiar.retain(|known| known.place != Digest::from_bytes(*place) && known.is_recent(now));
        let place = Digest::from_bytes(*place);
        self.familiar.push(Familiar { place, at: now, streak: Streak::default() });
        let surplus = self.familiar.len().saturating_sub(FAMILIAR);
        self.familiar.drain(..surplus);
    }
}

impl Familiar {
    fn is(&self, place: &Place, now: DateTime<Utc>) -> bool {
        self.place.as_bytes() == place && self.is_recent(now)
    }

    fn is_recent(&self, now: DateTime<Utc>) -> bool {
        now - self.at < FAMILIAR_FOR
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Place = [1; 32];
    const STRANGER: Place = [2; 32];

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap() + TimeDelta::minutes(minutes)
    }

    fn fail(attempts: &mut Attempts, place: Place, times: usize, minutes: i64) -> Option<TimeDelta> {
        (0..times).filter_map(|_| attempts.fail(&place, at(minutes))).last()
    }

    #[test]
    fn five_in_a_row_lock_for_a_time_that_grows_to_a_day() {
        let mut attempts = Attempts::default();
        let mut now = 0;
        for expected in [15, 30, 60, 120, 240, 480, 960, 1440, 1440] {
            assert_eq!(fail(&mut attempts, HOME, 4, now), None);
            assert!(!attempts.is_locked(&HOME, at(now)));
            assert_eq!(fail(&mut attempts, HOME, 1, now), Some(TimeDelta::minutes(expected)));
            assert!(attempts.is_locked(&HOME, at(now + expected) - TimeDelta::seconds(1)));
            now += expected;
            assert!(!attempts.is_locked(&HOME, at(now)));
        }
        now += 24 * 60 + 1;
        assert_eq!(fail(&mut attempts, HOME, 5, now), Some(TimeDelta::minutes(15)), "forgotten after a day");
    }

    #[test]
    fn a_success_ends_the_row() {
        let mut attempts = Attempts::default();
        fail(&mut attempts, HOME, 4, 0);
        attempts.succeed(&HOME, at(1));
        assert_eq!(fail(&mut attempts, HOME, 4, 2), None);
        assert_eq!(fail(&mut attempts, HOME, 1, 2), Some(TimeDelta::minutes(15)));
    }

    #[test]
    fn a_stranger_locks_strangers_out_and_nobody_at_home() {
        let mut attempts = Attempts::default();
        attempts.succeed(&HOME, at(0));
        assert!(fail(&mut attempts, STRANGER, 5, 1).is_some());
        assert!(attempts.is_locked(&STRANGER, at(2)) && attempts.is_locked(&[3; 32], at(2)));
        assert!(!attempts.is_locked(&HOME, at(2)));
        attempts.succeed(&HOME, at(2));
        assert!(
            attempts.is_locked(&STRANGER, at(2)),
            "a success at home does not open the door for a stranger"
        );
        let later = 31 * 24 * 60;
        assert!(fail(&mut attempts, STRANGER, 5, later).is_some());
        assert!(attempts.is_locked(&HOME, at(later)), "home is forgotten after thirty days");
    }

    #[test]
    fn few_places_are_remembered() {
        let mut attempts = Attempts::default();
        for number in 0..100 {
            attempts.succeed(&[number; 32], at(0));
        }
        assert_eq!(attempts.familiar.len(), FAMILIAR);
        assert_eq!(attempts.familiar[FAMILIAR - 1].place, Digest::from_bytes([99; 32]));
    }

    #[test]
    fn a_place_where_much_fails_waits() {
        let mut place = Streak::default();
        let locks: Vec<_> =
            (0..60).filter_map(|_| place.fail(ORIGIN, at(0))).map(|time| time.num_minutes()).collect();
        assert_eq!(locks, [1, 2, 4]);
        assert!(!place.is_forgotten(ORIGIN, at(64)) && place.is_forgotten(ORIGIN, at(65)));
        let mut busy = Streak::default();
        for _ in 0..100 {
            assert_eq!(busy.fail(ORIGIN, at(0)), None);
            busy.relieve();
        }
    }

    #[test]
    fn a_clock_set_back_opens_nothing() {
        let mut attempts = Attempts::default();
        fail(&mut attempts, HOME, 5, 0);
        assert!(attempts.is_locked(&HOME, at(-24 * 60)));
    }
}
