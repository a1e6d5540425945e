//! The wording of a question, and when two of them are the same.

use super::Named;
use crate::analysis::folded;

/// So many letters and digits tell questions apart; what comes after them makes no difference.
const LONGEST: usize = 100;
/// What may stand before the number of a question.
const BEFORE: [&str; 5] = ["问题", "题", "第", "question", "q"];
/// What may stand behind it.
const BEHIND: [char; 6] = ['.', '、', ':', ')', ']', '题'];

/// A question as a query spells it. Vendors spell one question a little differently: case, width, spaces, signs and a
/// number before it tell no questions apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wording(String);

impl Wording {
    /// The wording of a question; `None` for one without letters and digits.
    #[must_use]
    pub fn of(question: &str) -> Option<Self> {
        let mut text = plain(question);
        // What is plain may be found to begin with a number; this ends, since each turn takes something away.
        loop {
            let next = plain(&text);
            if next == text {
                break;
            }
            text = next;
        }
        (!text.is_empty()).then_some(Self(text))
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a question that is worded so is called so.
    #[must_use]
    pub fn is_called(&self, name: &Named) -> bool {
        let Some(wanted) = Self::of(name.text()) else { return false };
        if name.is_whole() { self.key() == wanted.key() } else { self.key().contains(&wanted.key()) }
    }

    /// The form in which wordings are compared.
    pub(crate) fn key(&self) -> String {
        self.0.replace(' ', "")
    }

    /// A short mark of it, in which two wordings are alike only by a chance that nobody lives to see (FNV-1a).
    pub(crate) fn mark(&self) -> String {
        let hash = self.key().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        format!("{hash:016x}")
    }
}

/// Letters and digits, with single spaces for what stood between them.
fn plain(text: &str) -> String {
    let folded = folded(text);
    let mut plain = String::new();
    let mut count = 0;
    let mut is_apart = false;
    for c in without_number(&folded).chars() {
        if !c.is_alphanumeric() {
            is_apart = true;
            continue;
        }
        if count == LONGEST {
            break;
        }
        if is_apart && count > 0 {
            plain.push(' ');
        }
        is_apart = false;
        plain.push(c);
        count += 1;
    }
    plain
}

/// The text without a number before it: `1. `, `(2)`, `Q3: `, `第4题：`.
fn without_number(text: &str) -> &str {
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let rest = BEFORE.iter().find_map(|before| text.strip_prefix(before)).unwrap_or(text).trim_start();
    let behind = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = rest.len() - behind.len();
    match behind.strip_prefix(BEHIND) {
        // Where digits go on it is a number such as 1.5.
        Some(question)
            if (1..=3).contains(&digits) && !question.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            question
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(text: &str) -> String {
        Wording::of(text).map(|of| of.key()).unwrap_or_default()
    }

    #[test]
    fn spellings_of_one_question_are_one() {
        for spelled in [
            "为什么选择我们银行？",
            "为什么 选择 我们银行",
            "1. 为什么选择我们银行?",
            "（2）为什么选择我们银行",
            "Q3：为什么选择我们银行…",
            "第4题：“为什么选择我们银行”",
            "问题 5、为什么选择我们银行",
        ] {
            assert_eq!(of(spelled), "为什么选择我们银行", "{spelled}");
        }
        assert_eq!(of("Why did you choose  our Bank?"), of("ＷＨＹ did you choose our bank"));
        assert_ne!(of("为什么选择我们银行"), of("为什么选择银行"));
        assert_eq!(of("3年内有什么规划"), "3年内有什么规划");
        assert_eq!(of("1.5倍杠杆是什么"), "15倍杠杆是什么");
        assert_eq!(Wording::of("……？"), None);
        assert_eq!(of(&"长".repeat(300)), "长".repeat(LONGEST));
    }

    proptest! {
        #[test]
        fn a_wording_is_the_wording_of_its_text(text in "(第?[0-9]{0,3}[.、题 )]{0,2}){0,3}\\PC{0,30}") {
            if let Some(wording) = Wording::of(&text) {
                prop_assert_eq!(Wording::of(wording.text()), Some(wording.clone()));
                let quoted = format!("问题==\"{}\"", wording.text());
                let query = crate::Query::parse(&quoted);
                prop_assert_eq!(query.unwrap().to_string().contains(wording.text()), true);
            }
        }
    }
}
