//! Counts beside the results, each a link that adds its condition to the query.

use dossier_archive::SearchAnswer;
use dossier_domain::Language;
use dossier_search::{
    Counts, Facet,
    query::{Condition, Days, Named, Scores},
};
use maud::{Markup, html};

use super::{Asked, PATH, sort_name, values::VALUES};
use crate::parts::address;

/// So many values of a property are shown at once, and so many more on demand; the others are found by a search within.
const SHOWN: usize = 8;
const MORE: usize = 16;

/// A value of a property: what people read, how many there are, and the condition that asks for it.
pub(in crate::pages) type Value = (String, u64, Condition);

pub(super) fn show(answer: &SearchAnswer, asked: &Asked, language: Language) -> Markup {
    html! {
        @for counts in &answer.hits.facets {
            @let (title, values) = values(counts, answer, language);
            @if let Counts::Folder(_) = counts { (path(answer, language)) }
            @if !values.is_empty() {
                @let (shown, rest) = values.split_at(values.len().min(SHOWN));
                section.facet {
                    h2 { (title) }
                    (list(shown, answer, asked, language))
                    @if !rest.is_empty() {
                        details {
                            summary { (language.pick("更多", "More")) " (" (rest.len()) ")" }
                            (list(&rest[..rest.len().min(MORE)], answer, asked, language))
                            @if rest.len() > MORE { (within(name(counts), title, asked, "", language)) }
                        }
                    }
                }
            }
        }
    }
}

/// Values as links that add their conditions to the query.
pub(super) fn list(values: &[Value], answer: &SearchAnswer, asked: &Asked, language: Language) -> Markup {
    let link = |condition: &Condition| {
        let query = answer.query.clone().with(condition.clone()).text(language);
        address(PATH, &[("q", &query), ("sort", asked.sort.map_or("", sort_name))])
    };
    html! {
        ul { @for (label, count, condition) in values {
            li { a href=(link(condition)) { span.label { (label) } span.count { (count) } } }
        } }
    }
}

/// A search among the values of a property.
pub(super) fn within(of: &str, title: &str, asked: &Asked, find: &str, language: Language) -> Markup {
    html! {
        form.within action=(VALUES) method="get" role="search" {
            input type="hidden" name="of" value=(of);
            input type="hidden" name="q" value=(asked.q);
            @if let Some(sort) = asked.sort { input type="hidden" name="sort" value=(sort_name(sort)); }
            input type="search" name="find" value=(find) maxlength="100"
                aria-label={ (language.pick("查找：", "Find in: ")) (title) };
            button { (language.pick("查找", "Find")) }
        }
    }
}

/// The name of a property in an address.
fn name(counts: &Counts) -> &'static str {
    match counts {
        Counts::Folder(_) => "folder",
        Counts::Position(_) => "position",
        Counts::Stage(_) => "stage",
        Counts::ScoreBand(_) => "score",
        Counts::Emotion(_) => "emotion",
        Counts::Month(_) => "month",
        Counts::Tag(_) => "tag",
    }
}

/// The property of this name; folders are those below `folder`.
pub(super) fn named(name: &str, folder: Vec<String>) -> Option<Facet> {
    Some(match name {
        "folder" => Facet::Folder(folder),
        "position" => Facet::Position,
        "stage" => Facet::Stage,
        "score" => Facet::ScoreBand,
        "emotion" => Facet::Emotion,
        "month" => Facet::Month,
        "tag" => Facet::Tag,
        _ => return None,
    })
}

/// Where in the folders the query looks, with a way back up.
fn path(answer: &SearchAnswer, language: Language) -> Markup {
    let folder = answer.query.folder();
    let above = |depth: usize| {
        let condition = Condition::Folder(folder[..depth].join("/"));
        address(PATH, &[("q", &answer.query.clone().with(condition).text(language))])
    };
    html! {
        @if !folder.is_empty() {
            nav.path aria-label=(language.pick("文件夹", "Folder")) {
                @for (depth, level) in folder.iter().enumerate() {
                    @if depth > 0 { span.soft { "/" } }
                    a href=(above(depth + 1)) { (level) }
                }
            }
        }
    }
}

/// The values of what was counted.
pub(in crate::pages) fn values(
    counts: &Counts,
    answer: &SearchAnswer,
    language: Language,
) -> (&'static str, Vec<Value>) {
    let pick = |zh, en| language.pick(zh, en);
    match counts {
        Counts::Folder(folders) => {
            let parent = answer.query.folder();
            let value = |(name, count): &(String, u64)| {
                let path = parent.iter().chain([name]).map(String::as_str).collect::<Vec<_>>().join("/");
                (name.clone(), *count, Condition::Folder(path))
            };
            (pick("文件夹", "Folders"), folders.iter().map(value).collect())
        }
        Counts::Position(positions) => {
            let value = |(name, count): &(String, u64)| {
                (name.clone(), *count, Condition::Position(Named::holding(name)))
            };
            let mut values: Vec<Value> = positions.iter().map(value).collect();
            // The most frequent first: where there are many, the others are looked for by name.
            values.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
            (pick("岗位", "Position"), values)
        }
        Counts::Stage(stages) => {
            let value = |(stage, count): &(dossier_domain::Stage, u64)| {
                (stage.label(language).to_owned(), *count, Condition::Stage(*stage))
            };
            (pick("阶段", "Stage"), stages.iter().map(value).collect())
        }
        Counts::ScoreBand(bands) => {
            let value = |(band, count): &(dossier_search::ScoreBand, u64)| {
                let (from, below) = (f64::from(band.from), f64::from(band.below));
                let (label, scores) = match (band.from, band.below) {
                    (0, _) => (format!("< {below}"), Scores::Below(below)),
                    (_, 100) => (format!("≥ {from}"), Scores::AtLeast(from)),
                    // The next band begins where this one ends; scores have one digit behind the point at most here.
                    _ => (format!("{from}–{below}"), Scores::Between(from, below - 0.01)),
                };
                (label, *count, Condition::Score(scores))
            };
            (pick("AI得分", "AI score"), bands.iter().map(value).collect())
        }
        Counts::Emotion(labels) => {
            let value = |(label, count): &(dossier_domain::EmotionLabel, u64)| {
                (label.label(language).to_owned(), *count, Condition::Emotion(*label))
            };
            (pick("情绪", "Emotion"), labels.iter().map(value).collect())
        }
        Counts::Month(months) => {
            let value = |(month, count): &(dossier_domain::zone::Month, u64)| {
                let days = Days { first: Some(month.first_day()), last: month.next().first_day().pred_opt() };
                (month.label(language), *count, Condition::Interviewed(days))
            };
            // The newest first: that is what people look for.
            (pick("面试月份", "Month"), months.iter().rev().map(value).collect())
        }
        Counts::Tag(tags) => {
            let value =
                |(name, count): &(String, u64)| (name.clone(), *count, Condition::Tag(Named::holding(name)));
            (pick("标签", "Tags"), tags.iter().map(value).collect())
        }
    }
}
