//! Texts in a chart: how wide they are, and how they are broken.

use unicode_width::UnicodeWidthChar as _;

/// The size of all texts in pixels.
pub(super) const SIZE: f64 = 12.0;
/// The distance from line to line in pixels.
pub(super) const LINE: f64 = 15.0;
/// No label is looked at beyond so many characters.
const LONGEST: usize = 200;

/// About how wide a text is in pixels: a Chinese character is as wide as its size, a Latin letter a little over half.
pub(super) fn width(text: &str) -> f64 {
    text.chars().map(char_width).sum()
}

fn char_width(c: char) -> f64 {
    match c.width() {
        Some(2) => SIZE,
        Some(0) | None => 0.0,
        Some(_) if c.is_uppercase() || matches!(c, 'm' | 'w' | '%' | '@') => 0.72 * SIZE,
        Some(_) => 0.57 * SIZE,
    }
}

/// The text in at most so many lines of at most this width; what does not fit is cut, and ends in `…`.
pub(super) fn wrap(text: &str, room: f64, lines: usize) -> Vec<String> {
    let mut whole = Vec::new();
    let (mut line, mut used, mut may_break) = (String::new(), 0.0, 0);
    for (index, c) in text.chars().enumerate() {
        let wide = char_width(c);
        if breaks_before(c) {
            may_break = line.len();
        } else if closes(c) {
            // What must not begin a line takes the character before it along, or the word.
            let before = line.char_indices().next_back().filter(|(_, before)| before.width() == Some(2));
            may_break = before.map_or(may_break, |(at, _)| at);
        }
        if (used + wide > room && !line.is_empty()) || index == LONGEST {
            if whole.len() + 1 >= lines || index == LONGEST {
                whole.push(shortened(&line, room));
                return whole;
            }
            let next = if may_break > 0 { line.split_off(may_break) } else { String::new() };
            whole.push(line.trim_end().to_owned());
            line = next.trim_start().to_owned();
            (used, may_break) = (width(&line), 0);
        }
        line.push(c);
        used += wide;
        if breaks_after(c) {
            may_break = line.len();
        }
    }
    whole.push(line);
    whole
}

/// Whether the text needs no cutting to stand in so many lines of this width.
pub(super) fn fits(text: &str, room: f64, lines: usize) -> bool {
    wrap(text, room, lines).concat().chars().filter(|c| *c != ' ').eq(text.chars().filter(|c| *c != ' '))
        && longest_word(text) <= room
}

fn longest_word(text: &str) -> f64 {
    let words = text.split(|c: char| breaks_before(c) || breaks_after(c));
    words.map(width).fold(0.0, f64::max)
}

fn breaks_before(c: char) -> bool {
    c.width() == Some(2) && !closes(c)
}

fn closes(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '）' | '！' | '？' | '》' | '”')
}

fn breaks_after(c: char) -> bool {
    (c.width() == Some(2) && !matches!(c, '（' | '《' | '“')) || matches!(c, ' ' | '-' | '/' | ',' | '_')
}

fn shortened(line: &str, room: f64) -> String {
    let mut short = line.to_owned();
    while width(&short) + char_width('…') > room && short.pop().is_some() {}
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_breaks_anywhere_and_latin_between_words() {
        assert_eq!(wrap("对公客户经理", 37.0, 3), ["对公客", "户经理"]);
        assert_eq!(wrap("Account manager", 60.0, 3), ["Account", "manager"]);
        assert_eq!(wrap("2023-10", 200.0, 3), ["2023-10"]);
        assert_eq!(wrap("企业文化，发展", 49.0, 3), ["企业文", "化，发展"]);
        assert_eq!(wrap("AI 2档（12.5–37.5）", 90.0, 3), ["AI 2档", "（12.5–37.5）"]);
        assert_eq!(wrap("", 60.0, 3), [""]);
    }

    #[test]
    fn what_does_not_fit_is_cut_visibly() {
        for text in ["长".repeat(10_000), "x".repeat(10_000), "𠮷䶮😀 ".repeat(100)] {
            for room in [1.0, 20.0, 60.0, 300.0] {
                let lines = wrap(&text, room, 3);
                assert!(lines.len() <= 3 && lines.last().unwrap().ends_with('…'), "{lines:?}");
                assert!(room < 20.0 || lines.iter().all(|line| width(line) <= room), "{lines:?}");
                assert!(!fits(&text, room, 3));
            }
        }
        assert!(fits("对公客户经理", 37.0, 2) && !fits("对公客户经理", 37.0, 1));
        assert!(!fits("Relationship", 40.0, 3), "a word is not broken where there is another way");
    }
}
