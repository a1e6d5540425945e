//! A query as text again: canonical, and as labels for people.

use std::fmt::{self, Write};

use chrono::{Datelike, NaiveDate};
use dossier_domain::Language;

use super::{
    field::Field,
    judged,
    lexer::{TokenKind, lex},
    mention,
    name::Named,
    parser::{in_words, mark_label},
    tree::{Condition, Days, Node, Scores},
};

/// Writes a node so that it is understood as the same one, with field names of the language.
pub(super) fn write(out: &mut dyn Write, node: &Node, language: Language) -> fmt::Result {
    match node {
        Node::All(nodes) => list(out, nodes, " ", language),
        Node::Any(nodes) => list(out, nodes, " OR ", language),
        Node::Not(inner) => {
            out.write_char('-')?;
            nested(out, inner, language)
        }
        Node::Is(condition) => write_condition(out, condition, language),
    }
}

fn list(out: &mut dyn Write, nodes: &[Node], between: &str, language: Language) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        if index > 0 {
            out.write_str(between)?;
        }
        nested(out, node, language)?;
    }
    Ok(())
}

fn nested(out: &mut dyn Write, node: &Node, language: Language) -> fmt::Result {
    if matches!(node, Node::All(_) | Node::Any(_)) {
        out.write_char('(')?;
        write(out, node, language)?;
        out.write_char(')')
    } else {
        write(out, node, language)
    }
}

fn write_condition(out: &mut dyn Write, condition: &Condition, language: Language) -> fmt::Result {
    if let Condition::Words { text, phrase } = condition {
        let plain = !phrase && in_words(text).is_none();
        return out.write_str(&if plain { bare_or_quoted(text) } else { quoted(text) });
    }
    let (field, sign, value) = parts(condition, language);
    let (chinese, english) = field.names();
    write!(out, "{}{sign}{value}", language.pick(chinese, english))
}

/// Field, sign and value of a condition that has them.
fn parts(condition: &Condition, language: Language) -> (Field, &'static str, String) {
    let text = |field, text: &str| (field, ":", bare_or_quoted(text));
    let named =
        |field, name: &Named| (field, if name.whole { "==" } else { ":" }, bare_or_quoted(&name.text));
    let amount = |field, numbers| {
        let (sign, value) = scores_text(numbers);
        (field, sign, value)
    };
    match condition {
        Condition::Words { text: words, .. } | Condition::Name(words) => text(Field::Name, words),
        Condition::Position(name) => named(Field::Position, name),
        Condition::Branch(name) => named(Field::Branch, name),
        Condition::Stage(stage) => text(Field::Stage, stage.label(language)),
        Condition::Interviewed(days) => (Field::Date, "=", days_text(*days, language)),
        Condition::Score(scores) => amount(Field::Score, *scores),
        Condition::Human(scores) => amount(Field::Human, *scores),
        Condition::Held(minutes) => amount(Field::Held, *minutes),
        Condition::Cycle(days) => amount(Field::Cycle, *days),
        Condition::Emotion(label) => text(Field::Emotion, label.label(language)),
        Condition::Tag(name) => named(Field::Tag, name),
        Condition::Skill { name, score } => {
            let (field, between, name) = named(Field::Skill, name);
            let (sign, value) = scores_text(*score);
            (field, between, format!("{name}{sign}{value}"))
        }
        Condition::Stayed { stage, days } => {
            let (field, between, stage) = text(Field::Days, stage.label(language));
            let (sign, value) = scores_text(*days);
            (field, between, format!("{stage}{sign}{value}"))
        }
        Condition::Folder(path) => text(Field::Folder, path),
        Condition::Vendor(name) => named(Field::Vendor, name),
        Condition::Model(name) => named(Field::Model, name),
        Condition::Reached(stage) => text(Field::Reached, stage.label(language)),
        Condition::Passed(stage) => text(Field::Passed, stage.label(language)),
        Condition::Failed(stage) => text(Field::Failed, stage.label(language)),
        Condition::PassMark { reached } => text(Field::PassMark, mark_label(*reached, language)),
        Condition::Judged { rule, passed } => {
            let field = if *passed { Field::WouldPass } else { Field::WouldFail };
            text(field, &judged::text(rule, language))
        }
        Condition::Answered(name) => named(Field::Question, name),
        Condition::Mentions { question, words } => text(Field::Mentions, &mention::text(question, words)),
        Condition::Without(fact) => text(Field::Without, fact.label(language)),
        Condition::Has(kind) => text(Field::Has, kind.label(language)),
        Condition::Lacks(kind) => text(Field::Lacks, kind.label(language)),
    }
}

fn scores_text(scores: Scores) -> (&'static str, String) {
    match scores {
        Scores::Any => ("", String::new()),
        Scores::AtLeast(end) => (">=", end.to_string()),
        Scores::Above(end) => (">", end.to_string()),
        Scores::AtMost(end) => ("<=", end.to_string()),
        Scores::Below(end) => ("<", end.to_string()),
        Scores::Between(from, to) if from == to => ("=", from.to_string()),
        Scores::Between(from, to) => ("=", format!("{from}..{to}")),
    }
}

/// A year, month or day where the range is one, else its two ends.
fn days_text(days: Days, language: Language) -> String {
    let is_last = |day: NaiveDate| day.succ_opt().is_none_or(|next| next.day() == 1);
    match (days.first, days.last) {
        (Some(a), Some(b)) if a == b => a.to_string(),
        (Some(a), Some(b)) if a.day() == 1 && is_last(b) && a.year() == b.year() => {
            match (a.month(), b.month()) {
                (1, 12) => a.format(language.pick("%Y年", "%Y")).to_string(),
                (x, y) if x == y => a.format(language.pick("%Y年%-m月", "%Y-%m")).to_string(),
                _ => format!("{a}..{b}"),
            }
        }
        (first, last) => {
            let end = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
            format!("{}..{}", end(first), end(last))
        }
    }
}

fn bare_or_quoted(text: &str) -> String {
    let is_bare = matches!(
        lex(text).as_deref(),
        Ok([token]) if token.kind == (TokenKind::Text { text: text.to_owned(), quoted: false })
    );
    if is_bare { text.to_owned() } else { quoted(text) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What a node asks, in words.
pub(super) fn label(node: &Node, language: Language) -> String {
    let joined = |nodes: &[Node], between: &str| {
        nodes.iter().map(|node| label(node, language)).collect::<Vec<_>>().join(between)
    };
    match node {
        Node::All(nodes) => joined(nodes, language.pick(" 且 ", " and ")),
        Node::Any(nodes) => joined(nodes, language.pick(" 或 ", " or ")),
        Node::Not(inner) => format!("{}{}", language.pick("不含 ", "not "), label(inner, language)),
        Node::Is(Condition::Words { text, phrase: false }) => text.clone(),
        Node::Is(Condition::Words { text, phrase: true }) => format!("“{text}”"),
        Node::Is(condition) => condition_label(condition, language),
    }
}

fn condition_label(condition: &Condition, language: Language) -> String {
    let (field, sign, value) = parts(condition, language);
    let (chinese, english) = field.names();
    let name = language.pick(chinese, english);
    let shown = |text: &str| text.replace(">=", " ≥ ").replace("<=", " ≤ ").replace("..", "–");
    match condition {
        Condition::Skill { name: skill, score } => {
            let (sign, value) = scores_text(*score);
            format!("{name}: {}{}{}", skill.text, shown(sign), shown(&value))
        }
        Condition::Stayed { stage, days } => {
            let (sign, value) = scores_text(*days);
            format!("{name}: {}{}{}", stage.label(language), shown(sign), shown(&value))
        }
        Condition::Mentions { question, words } => {
            let words = words.join(language.pick("、", ", "));
            match language {
                Language::Chinese => format!("“{}”的回答提到 {words}", question.text()),
                Language::English => format!("the answer to “{}” names {words}", question.text()),
            }
        }
        Condition::Score(_) | Condition::Human(_) | Condition::Held(_) | Condition::Cycle(_)
            if matches!(sign, ">" | "<") =>
        {
            format!("{name} {sign} {value}")
        }
        Condition::Score(_) | Condition::Human(_) | Condition::Held(_) | Condition::Cycle(_)
            if sign != "=" =>
        {
            format!("{name}{}{value}", shown(sign))
        }
        Condition::Interviewed(_)
        | Condition::Score(_)
        | Condition::Human(_)
        | Condition::Held(_)
        | Condition::Cycle(_) => format!("{name}: {}", shown(&value)),
        _ => format!("{name}: {}", value.trim_matches('"')),
    }
}
