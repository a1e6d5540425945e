//! Staying below what a channel takes: a budget that is kept with the channel's state, so that it holds across restarts.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How many messages a channel takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In any minute.
    pub per_minute: usize,
    /// In any second.
    pub per_second: usize,
}

/// When the messages of the last minute were sent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Budget(VecDeque<DateTime<Utc>>);

impl Budget {
    /// How many messages may be sent now.
    pub fn room(&self, limits: Limits, now: DateTime<Utc>) -> usize {
        // What lies in the future was sent before the clock was set back, and counts.
        let since = |span: TimeDelta| self.0.iter().filter(|at| **at > now - span).count();
        let minute = limits.per_minute.saturating_sub(since(TimeDelta::minutes(1)));
        let second = limits.per_second.saturating_sub(since(TimeDelta::seconds(1)));
        minute.min(second)
    }

    /// Notes that so many are sent now.
    pub fn spend(&mut self, messages: usize, now: DateTime<Utc>) {
        let in_a_minute = now + TimeDelta::minutes(1);
        self.0.retain(|at| *at > now - TimeDelta::minutes(1) && *at < in_a_minute);
        self.0.extend(std::iter::repeat_n(now, messages));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROBOT: Limits = Limits { per_minute: 20, per_second: 5 };

    fn at(milliseconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(1_700_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn no_minute_and_no_second_holds_more_than_it_may() {
        let (mut budget, mut sent) = (Budget::default(), Vec::new());
        for step in 0..600 {
            let now = at(step * 317);
            let room = budget.room(ROBOT, now);
            budget.spend(room, now);
            sent.extend(std::iter::repeat_n(now, room));
        }
        for (span, most) in [(TimeDelta::minutes(1), 20), (TimeDelta::seconds(1), 5)] {
            for end in &sent {
                let within = sent.iter().filter(|at| **at <= *end && **at > *end - span).count();
                assert!(within <= most, "{within} in {span}");
            }
        }
        assert!(sent.len() > 50, "and it goes on: {}", sent.len());
    }

    #[test]
    fn a_clock_that_was_set_back_frees_nothing_and_blocks_for_no_longer_than_a_minute() {
        let mut budget = Budget::default();
        budget.spend(20, at(0));
        assert_eq!(budget.room(ROBOT, at(-5_000)), 0);
        budget.spend(0, at(-3_600_000));
        assert_eq!(budget.room(ROBOT, at(-3_600_000)), 5);
    }

    #[test]
    fn it_is_kept() {
        let mut budget = Budget::default();
        budget.spend(3, at(0));
        let json = serde_json::to_string(&budget).unwrap();
        assert_eq!(serde_json::from_str::<Budget>(&json).unwrap(), budget);
    }
}
