//! What an answer names, as the value of a condition: `"为什么选择我们银行=企业文化;文化氛围"`.

use super::{name::sayable, tree::Condition, value::Refused, wording::Wording};

/// Parts one word from the next.
const MARK: char = ';';
/// What else people part words with.
const MARKS: [char; 3] = [MARK, '、', '|'];
/// What says nothing in a word, and would have to be written twice.
const IDLE: [char; 5] = [MARK, '、', '|', '"', '\\'];

impl Condition {
    /// The answer to this question names one of these words or phrases.
    pub fn mentions<'w>(question: &Wording, words: impl IntoIterator<Item = &'w str>) -> Self {
        let word = |word: &str| sayable(&sayable(word).replace(IDLE, " "));
        let words = words.into_iter().map(word).filter(|word| !word.is_empty()).collect();
        Self::Mentions { question: question.clone(), words }
    }
}

/// How it is written.
pub(super) fn text(question: &Wording, words: &[String]) -> String {
    format!("{}={}", question.text(), words.join(&MARK.to_string()))
}

/// The condition that is written so.
pub(super) fn read(text: &str) -> Result<Condition, Refused> {
    let (question, words) = text.split_once('=').ok_or_else(unclear)?;
    let question = Wording::of(question).ok_or_else(unclear)?;
    let words: Vec<&str> = words.split(MARKS).collect();
    if words.iter().any(|word| !word.contains(char::is_alphanumeric)) {
        return Err(unclear());
    }
    Ok(Condition::mentions(&question, words))
}

fn unclear() -> Refused {
    Refused(
        "请写成“问题=词;词”".into(),
        "write it as \"question=word;word\"".into(),
        Some("\"为什么选择我们银行=企业文化;文化氛围\"".into()),
    )
}
