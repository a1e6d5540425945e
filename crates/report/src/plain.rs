//! Texts from outside, as they may stand in any file.

use std::borrow::Cow;

use dossier_domain::text::is_unseen;

/// The text as one line that any format can hold: line breaks and tabs become spaces; control characters, characters that
/// XML can't hold, and those that change unseen how the text around them is shown, become `�`.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| replacement(c).is_none()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| replacement(c).unwrap_or(c)).collect())
}

fn replacement(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{FFFE}' | '\u{FFFF}' => Some('\u{FFFD}'),
        _ => (c.is_control() || is_unseen(c)).then_some('\u{FFFD}'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_whole_is_not_copied() {
        assert!(matches!(plain("𠮷野 䶮 😀 =cmd|' /C calc'!A0"), Cow::Borrowed(_)));
        assert_eq!(plain("a\r\n\u{0}\u{1b}[31m\u{202e}b\u{ffff}"), "a  ��[31m�b�");
    }
}
