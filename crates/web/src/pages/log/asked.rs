//! Which records of the log are asked for, in the words of the page.

use chrono::{DateTime, Days, NaiveDate, Utc};
use dossier_access::log::{LogRecord, Outcome};
use dossier_archive::LogFilter;
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};
use serde::Deserialize;

use super::words;
use crate::parts::{address, checked, field};

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
    /// What is asked for; a day that is none asks for nothing.
    pub(super) fn filter(&self, zone: BankZone) -> LogFilter {
        let given = |text: &str| (!text.trim().is_empty()).then(|| text.trim().to_owned());
        let action = given(&self.action);
        let actions = action.as_deref().map(words::names_of).unwrap_or_default();
        LogFilter {
            actor: given(&self.actor),
            // What is no word of the page is taken as the beginning of a name.
            action: action.filter(|_| actions.is_empty()),
            actions,
            object: given(&self.object),
            outcome: words::OUTCOMES.into_iter().find(|outcome| name_of(*outcome) == self.outcome),
            from: start_of(&self.from, 0, zone),
            until: start_of(&self.to, 1, zone),
            limit: Some(PER_PAGE),
            before: self.before,
            after: self.after,
        }
    }

    /// Whether all that is typed can be meant.
    pub(super) fn makes_sense(&self) -> bool {
        [&self.from, &self.to].into_iter().all(|day| no_day(day, Language::Chinese).is_none())
    }

    pub(super) fn form(&self, language: Language) -> Markup {
        let input = |name: &str, value: &str| html! { input name=(name) value=(value) maxlength="100" {} };
        let date = |label: &str, name: &str, value: &str| {
            let wrong = no_day(value, language);
            // A field for dates would not show what is none.
            let sort = if wrong.is_some() { "text" } else { "date" };
            let input = html! {
                input type=(sort) name=(name) value=(value) maxlength="100" aria-invalid=[wrong.as_ref().map(|_| "true")] {}
            };
            checked(label, &input, None, wrong.as_deref())
        };
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
                (date(language.pick("从", "From"), "from", &self.from))
                (date(language.pick("到", "To"), "to", &self.to))
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

/// Why what is typed as a day is none.
fn no_day(day: &str, language: Language) -> Option<String> {
    let day = day.trim();
    let is_wrong = !day.is_empty() && day.parse::<NaiveDate>().is_err();
    is_wrong.then(|| match language {
        Language::Chinese => format!("“{day}”不是日期，请写作 2026-01-31"),
        Language::English => format!("“{day}” is no date; write 2026-01-31"),
    })
}

/// The beginning of a day for the bank, so many days later; nothing where none is given.
fn start_of(day: &str, later: u64, zone: BankZone) -> Option<DateTime<Utc>> {
    let day = day.trim().parse::<NaiveDate>().ok()?.checked_add_days(Days::new(later))?;
    Some(zone.start_of(day))
}

fn name_of(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Intended => "intended",
        Outcome::Done => "done",
        Outcome::Denied => "denied",
        Outcome::Failed => "failed",
    }
}
