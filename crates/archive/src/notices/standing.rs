//! How a channel stands: what it took within the last minute, what is wrong with it, and when it is tried again.

use chrono::{DateTime, TimeDelta, Utc};
use dossier_domain::{ChannelId, Language};
use dossier_notices::{Budget, Fault, Remedy};
use dossier_storage::{Scope, Stored, Tx};
use serde::{Deserialize, Serialize};

use super::channels::ChannelTrouble;
use crate::{Problem, Result, records::CHANNEL_STANDINGS};

/// The longest pause of a channel that fails.
const LONGEST_PAUSE: TimeDelta = TimeDelta::hours(1);
/// So often in a row a channel fails by itself before people hear of it.
const FAILURES_TOLD: u32 = 4;

/// How a channel stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Standing {
    pub(super) budget: Budget,
    #[serde(default)]
    failures: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failing_since: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retry_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) delivered_at: Option<DateTime<Utc>>,
    #[serde(default)]
    told: bool,
    #[serde(default)]
    pub(crate) given_up: u64,
}

impl Standing {
    pub(crate) fn trouble(&self) -> Option<ChannelTrouble> {
        let problem = self.problem.clone()?;
        Some(ChannelTrouble { problem, since: self.failing_since?, retry_at: self.retry_at? })
    }

    pub(super) fn rests(&self, now: DateTime<Utc>) -> bool {
        self.retry_at.is_some_and(|at| now < at && at - now <= LONGEST_PAUSE)
    }

    /// As it is after a message was taken.
    pub(super) fn well(self, now: DateTime<Utc>) -> Self {
        let Self { budget, given_up, .. } = self;
        Self { budget, given_up, delivered_at: Some(now), ..Self::default() }
    }

    /// As it is after somebody mended it: it is tried at once. What it took stays counted.
    pub(super) fn mended(self) -> Self {
        let Self { budget, given_up, delivered_at, .. } = self;
        Self { budget, given_up, delivered_at, ..Self::default() }
    }

    /// As it is after a fault; whether people are to hear of it.
    pub(super) fn ill(mut self, fault: &Fault, now: DateTime<Utc>) -> (Self, bool) {
        self.failures = self.failures.saturating_add(1);
        let pause = match fault.remedy() {
            Remedy::Wait(Some(wait)) => TimeDelta::from_std(wait).unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE),
            _ if matches!(fault, Fault::Limited(_)) => TimeDelta::minutes(1),
            _ => TimeDelta::seconds(10 * 3_i64.pow(self.failures.min(8) - 1)).min(LONGEST_PAUSE),
        };
        self.retry_at = Some(now + pause);
        self.failing_since.get_or_insert(now);
        self.problem =
            Some(Problem { zh: fault.message(Language::Chinese), en: fault.message(Language::English) });
        let tells = !self.told && (fault.remedy() == Remedy::Person || self.failures >= FAILURES_TOLD);
        self.told |= tells;
        (self, tells)
    }
}

/// Writes how a channel stands, unless somebody else did.
pub(super) fn write_standing(
    tx: &mut Tx<'_>,
    channel: ChannelId,
    before: Option<&Stored<Standing>>,
    after: &Standing,
) -> Result<()> {
    match before {
        Some(before) => tx.update(CHANNEL_STANDINGS, before, after)?,
        None => tx.insert(CHANNEL_STANDINGS, Scope::Archive, channel.to_bytes(), after)?,
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use dossier_notices::Refusal;

    use super::*;

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000, 0).unwrap()
    }

    #[test]
    fn pauses_grow_up_to_an_hour_and_people_hear_once() {
        let (mut standing, mut pauses, mut told) = (Standing::default(), Vec::new(), Vec::new());
        for _ in 0..9 {
            let (next, tells) = standing.ill(&Fault::Away, at());
            pauses.push((next.retry_at.unwrap() - at()).num_seconds());
            told.push(tells);
            standing = next;
        }
        assert_eq!(pauses, [10, 30, 90, 270, 810, 2430, 3600, 3600, 3600]);
        assert_eq!(told.iter().filter(|tells| **tells).count(), 1);
        assert!(told[FAILURES_TOLD as usize - 1], "after a few by itself");
        let well = standing.well(at());
        assert!(well.trouble().is_none() && !well.rests(at()));
        assert!(well.ill(&Fault::Refused(93000, Refusal::Key), at()).1, "a person is needed: at once");
    }

    #[test]
    fn who_says_how_long_to_wait_is_listened_to_within_reason() {
        let pause = |fault: Fault| Standing::default().ill(&fault, at()).0.retry_at.unwrap() - at();
        let limited = |seconds| Fault::Limited(Some(std::time::Duration::from_secs(seconds)));
        assert_eq!(pause(limited(600)), TimeDelta::minutes(10));
        assert_eq!(pause(limited(u64::MAX)), LONGEST_PAUSE);
        assert_eq!(pause(Fault::Limited(None)), TimeDelta::minutes(1));
    }
}
