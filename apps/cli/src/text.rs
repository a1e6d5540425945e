//! Text for the terminal: one line, safe to show whatever it holds, as wide as it looks.

use std::fmt::Display;

use dossier_domain::Language;
pub(crate) use dossier_report::figures::number;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Formats the sentence of the language out of a pair.
macro_rules! say {
    ($language:expr, $zh:literal, $en:literal $(,)?) => {
        match $language {
            dossier_domain::Language::Chinese => format!($zh),
            dossier_domain::Language::English => format!($en),
        }
    };
}
pub(crate) use say;

/// How a piece of text stands out, where the terminal can show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Plain,
    Bold,
    Dim,
    Good,
    Warning,
    Bad,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "1",
            Self::Dim => "2",
            Self::Good => "32",
            Self::Warning => "33",
            Self::Bad => "31",
        }
    }
}

/// One line of pieces. Whatever could move the cursor, colour the terminal or turn the direction of writing was replaced
/// when it came in, so that nothing from a record reaches the terminal otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text(Vec<(Style, String)>);

impl Text {
    /// The text with a piece more.
    #[must_use]
    pub(crate) fn and(mut self, style: Style, text: impl Display) -> Self {
        self.0.push((style, safe(&text.to_string())));
        self
    }

    /// A text of one piece.
    pub(crate) fn of(style: Style, text: impl Display) -> Self {
        Self::default().and(style, text)
    }

    /// The text with a plain piece more.
    #[must_use]
    pub(crate) fn plain(self, text: impl Display) -> Self {
        self.and(Style::Plain, text)
    }

    /// The text with a bold piece more.
    #[must_use]
    pub(crate) fn bold(self, text: impl Display) -> Self {
        self.and(Style::Bold, text)
    }

    /// The text with a faint piece more.
    #[must_use]
    pub(crate) fn dim(self, text: impl Display) -> Self {
        self.and(Style::Dim, text)
    }

    /// The text with another behind it.
    #[must_use]
    pub(crate) fn then(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Columns that it takes.
    pub(crate) fn width(&self) -> usize {
        self.0.iter().map(|(_, text)| text.width()).sum()
    }

    /// The text in at most so many columns, with an ellipsis where it was cut.
    pub(crate) fn cut(&self, columns: usize) -> Self {
        if self.width() <= columns {
            return self.clone();
        }
        let mut room = columns.saturating_sub(1);
        let mut cut = Self::default();
        for (style, text) in &self.0 {
            let fitting = fitting(text, room);
            room -= fitting.width();
            cut.0.push((*style, fitting.to_owned()));
            if fitting.len() < text.len() {
                break;
            }
        }
        cut.plain("…")
    }

    /// As the terminal takes it, with or without colours.
    pub(crate) fn render(&self, colours: bool) -> String {
        let piece = |(style, text): &(Style, String)| match style {
            Style::Plain => text.clone(),
            _ if !colours || text.is_empty() => text.clone(),
            style => format!("\u{1b}[{}m{text}\u{1b}[0m", style.code()),
        };
        self.0.iter().map(piece).collect()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::of(Style::Plain, text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::of(Style::Plain, text)
    }
}

/// The longest beginning of a text that fits into so many columns.
fn fitting(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        taken += c.width().unwrap_or(0);
        (taken > columns).then_some(at)
    });
    &text[..end.unwrap_or(text.len())]
}

/// The text with everything that a terminal would act upon, or not show, replaced.
fn safe(text: &str) -> String {
    let shown = |c: char| match c {
        '\n' | '\t' | '\r' => ' ',
        c if is_unsafe(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    };
    text.chars().map(shown).collect()
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Running text in lines of so many columns, broken at spaces and between Chinese characters.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut rest = paragraph.trim_end();
        while rest.width() > columns {
            let (line, after) = rest.split_at(break_at(rest, columns));
            lines.push(line.trim_end().to_owned());
            rest = after.trim_start();
        }
        lines.push(rest.to_owned());
    }
    lines
}

/// Where to break a text that is wider than so many columns: never before closing punctuation.
fn break_at(text: &str, columns: usize) -> usize {
    const CLOSING: &str = "，。、；：！？）》」』”’,.;:!?)";
    let longest = fitting(text, columns).len().max(text.chars().next().map_or(0, char::len_utf8));
    let may_break = |at: usize| {
        let before = text[..at].chars().next_back().unwrap_or(' ');
        let after = text[at..].chars().next().unwrap_or(' ');
        let between_words =
            before == ' ' || after == ' ' || before.width() == Some(2) || after.width() == Some(2);
        between_words && !CLOSING.contains(after)
    };
    let mut places = text.char_indices().map(|(at, _)| at);
    places.rfind(|at| (longest / 2 + 1..=longest).contains(at) && may_break(*at)).unwrap_or(longest)
}

/// A bar for a value from 0 to 100, of at most so many columns, precise to an eighth of one.
pub(crate) fn bar(value: f64, columns: u32) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let share = (value / 100.0).clamp(0.0, 1.0) * f64::from(columns) * 8.0;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within 0 and 8 × columns")]
    let eighths = share.round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// Seconds as a player shows them: `1:05`.
pub(crate) fn clock(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and saturating"
    )]
    let whole = seconds.max(0.0) as u64;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// A number of bytes as people read it.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if count < 1000 {
        return format!("{count} B");
    }
    #[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
    let mut value = count as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{value:.1} {}", UNITS[unit])
}

/// Joins as the language does: `甲、乙` or `a, b`.
pub(crate) fn list<T: Display>(language: Language, items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    items.join(language.pick("、", ", "))
}

#[cfg(test)]
mod tests;
