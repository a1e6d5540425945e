//! Which records of the log are asked for, in the words of the page.

use chrono::{DateTime, Days, NaiveDate, Utc};
use dossier_access::log::{LogRecord, Outcome};
use dossier_archive::LogFilter;
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};
use serde::Deserialize;

use super::words;
use crate::{
    failure::{Failure, Result},
    parts::{address, field},
};

const PER_PAGE: usize = 200;

/// As the form and the links of the page say it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    actor: String,
    action: String,
    object: String,
    outcome: String,
    from: String,
    to: String,
    before: Option<u64>,
    after: Option<u64>,
    pub(super) verify: String,
}

impl Asked {
    pub(super) fn filter(&self, zone: BankZone) -> Result<LogFilter> {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let action = given(&self.action);
        let actions = action.as_deref().map(words::names_of).unwrap_or_default();
        Ok(LogFilter {
            actor: given(&self.actor),
            // What is no word of the page is taken as the beginning of a name.
            action: action.filter(|_| actions.is_empty()),
            actions,
            object: given(&self.object),
            outcome: words::OUTCOMES.into_iter().find(|outcome| name_of(*outcome) == self.outcome),
            from: start_of(&self.from, 0, zone)?,
            until: start_of(&self.to, 1, zone)?,
            limit: Some(PER_PAGE),
            before: self.before,
            after: self.after,
        })
    }

    pub(super) fn form(&self, language: Language) -> Markup {
        let input = |name: &str, value: &str| html! { input name=(name) value=(value) maxlength="100" {} };
        let date = |name: &str, value: &str| html! { input type="date" name=(name) value=(value) {} };
        html! {
            form.card.inline method="get" {
                (field(language.pick("何人（姓名或用户名）", "Who (name or sign-in name)"), &input("actor", &self.actor), None))
                (field(language.pick("操作", "Action"), &html! {
                    input name="action" value=(self.action) list="actions" maxlength="100" {}
                    datalist id="actions" {
                        @for label in words::labels(language).into_values().collect::<std::collections::BTreeSet<_>>() {
                            option value=(label) {}
                        }
                    }
                }, None))
                (field(language.pick("结果", "Outcome"), &html! {
                    select name="outcome" {
                        option value="" { (language.pick("全部", "any")) }
                        @for outcome in words::OUTCOMES {
                            option value=(name_of(outcome)) selected[name_of(outcome) == self.outcome] { (words::outcome(outcome, language)) }
                        }
                    }
                }, None))
                (field(language.pick("从", "From"), &date("from", &self.from), None))
                (field(language.pick("到", "To"), &date("to", &self.to), None))
                (field(language.pick("对象编号", "Object’s id"), &input("object", &self.object), None))
                button { (language.pick("筛选", "Filter")) }
            }
        }
    }

    /// The ways to older and newer records than those that are shown.
    pub(super) fn pages(&self, shown: &[LogRecord], language: Language) -> Markup {
        let is_full = shown.len() == PER_PAGE;
        let older = shown.last().map(|last| last.sequence).filter(|_| is_full || self.after.is_some());
        let is_newest = self.before.is_none() && (self.after.is_none() || !is_full);
        let newer = shown.first().map(|first| first.sequence).filter(|_| !is_newest);
        let at = |cursor: Option<(&str, u64)>| {
            let number = cursor.map(|(_, number)| number.to_string()).unwrap_or_default();
            let mut query = vec![
                ("actor", self.actor.as_str()),
                ("action", &self.action),
                ("outcome", &self.outcome),
                ("from", &self.from),
                ("to", &self.to),
                ("object", &self.object),
            ];
            query.extend(cursor.map(|(name, _)| (name, number.as_str())));
            address("/log", &query)
        };
        html! {
            nav.bar aria-label=(language.pick("翻页", "Pages")) {
                span {}
                @if self.before.is_some() || self.after.is_some() { a.button href=(at(None)) { (language.pick("最新", "Newest")) } }
                @if let Some(number) = newer { a.button href=(at(Some(("after", number)))) rel="prev" { (language.pick("较新", "Newer")) } }
                @if let Some(number) = older { a.button href=(at(Some(("before", number)))) rel="next" { (language.pick("较早", "Older")) } }
            }
        }
    }
}

/// The beginning of a day for the bank, so many days later; nothing where none is given.
fn start_of(day: &str, later: u64, zone: BankZone) -> Result<Option<DateTime<Utc>>> {
    let day = day.trim();
    if day.is_empty() {
        return Ok(None);
    }
    let parsed = day.parse::<NaiveDate>().ok().and_then(|day| day.checked_add_days(Days::new(later)));
    let wrong = || {
        Failure::bad(
            format!("“{day}”不是日期，请写作 2026-01-31"),
            format!("“{day}” is no date; write 2026-01-31"),
        )
    };
    Ok(Some(zone.start_of(parsed.ok_or_else(wrong)?)))
}

fn name_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Intended => "intended",
        Outcome::Done => "done",
        Outcome::Denied => "denied",
        Outcome::Failed => "failed",
    }
}
