//! Texts for the terminal.

use proptest::prelude::*;

use super::*;

#[test]
fn nothing_that_a_terminal_acts_upon_gets_through() {
    let nasty = "a\u{1b}[31mb\u{7}\u{9b}2J\u{202e}c\u{2066}d\u{feff}e\r\nf";
    let shown = Text::of(Style::Plain, nasty).render(false);
    assert_eq!(shown, "a\u{fffd}[31mb\u{fffd}\u{fffd}2J\u{fffd}c\u{fffd}d\u{fffd}e  f");
}

#[test]
fn wide_characters_are_cut_by_columns() {
    let text = Text::from("客户经理Account");
    assert_eq!(text.width(), 15);
    assert_eq!(text.cut(15), text);
    assert_eq!(text.cut(8).render(false), "客户经…");
    assert_eq!(text.cut(7).render(false), "客户经…");
    assert_eq!(text.cut(1).render(false), "…");
}

#[test]
fn colours_are_there_only_where_asked_for() {
    let text = Text::default().plain("a").bold("b").and(Style::Bad, "");
    assert_eq!(text.render(false), "ab");
    assert_eq!(text.render(true), "a\u{1b}[1mb\u{1b}[0m");
}

#[test]
fn running_text_breaks_where_people_would() {
    assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    assert_eq!(wrap("我们银行，很好。再见", 8), ["我们银", "行，很", "好。再见"]);
    assert_eq!(wrap("a\nb", 8), ["a", "b"]);
    assert_eq!(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
}

#[test]
fn figures_are_short() {
    assert_eq!([number(86.0), number(79.55), number(3.7)], ["86", "79.5", "3.7"]);
    assert_eq!([clock(65.4), clock(-1.0), clock(3600.0)], ["1:05", "0:00", "60:00"]);
    assert_eq!(
        [bytes(999), bytes(1000), bytes(999_999), bytes(4_294_967_296)],
        ["999 B", "1.0 kB", "1.0 MB", "4.3 GB"]
    );
    assert_eq!([bar(0.0, 4), bar(50.0, 4), bar(100.0, 4), bar(500.0, 4)], ["", "██", "████", "████"]);
}

proptest! {
    #[test]
    fn a_cut_text_fits(text in ".{0,40}", columns in 1usize..30) {
        prop_assert!(Text::from(text).cut(columns).width() <= columns);
    }

    #[test]
    fn wrapping_loses_nothing_but_spaces(text in "[a-z 我们，。]{0,80}", columns in 2usize..30) {
        let lines = wrap(&text, columns);
        prop_assert!(lines.iter().all(|line| line.width() <= columns + 1));
        prop_assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
    }
}
