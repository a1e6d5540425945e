//! Reading a vendor's JSON: a place in the document that knows its pointer, so that each complaint says where.

use chrono::{DateTime, Utc};
use dossier_domain::{Scale, Score, text::TextError};
use serde_json::Value;

use crate::{Error, Got, Malformed, Phrase, Result};

const OBJECT: Phrase = Phrase::new("对象", "an object");
const LIST: Phrase = Phrase::new("列表", "a list");
const TEXT: Phrase = Phrase::new("文本", "a text");
const BOOLEAN: Phrase = Phrase::new("真假值", "true or false");
const NUMBER: Phrase = Phrase::new("数", "a number");
const SCORE: Phrase = Phrase::new("在其量表范围内的分数", "a score on its scale");
const INSTANT: Phrase =
    Phrase::new("带时区的有效时间（RFC 3339）", "a possible time with its zone (RFC 3339)");
const JSON: Phrase = Phrase::new("JSON", "JSON");

/// Parses a document, or says at which line and column it breaks.
pub fn parse<'a, T: serde::Deserialize<'a>>(bytes: &'a [u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        let got = Got::NotJson { line: error.line(), column: error.column() };
        Malformed { pointer: String::new(), expected: JSON, got }.into()
    })
}

/// A place in a JSON document, which may be empty.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    value: Option<&'a Value>,
    pointer: String,
}

impl<'a> Field<'a> {
    /// The whole document.
    pub fn root(value: &'a Value) -> Self {
        Self::below(value, String::new())
    }

    /// A value that stands at `pointer` of a larger document.
    pub fn below(value: &'a Value, pointer: String) -> Self {
        Self { value: Some(value), pointer }
    }

    /// The JSON Pointer (RFC 6901) of this place.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The member of this name; the name is the adapter's own and never the vendor's.
    #[must_use]
    pub fn get(&self, name: &str) -> Self {
        let escaped = name.replace('~', "~0").replace('/', "~1");
        Self {
            value: self.value.and_then(|value| value.get(name)),
            pointer: format!("{}/{escaped}", self.pointer),
        }
    }

    /// This place, unless it is missing or null.
    pub fn present(self) -> Option<Self> {
        self.value.is_some_and(|value| !value.is_null()).then_some(self)
    }

    /// This place, which must hold an object.
    pub fn object(self) -> Result<Self> {
        if self.value.is_some_and(Value::is_object) { Ok(self) } else { Err(self.malformed(OBJECT)) }
    }

    /// The entries of the list at this place.
    pub fn list(&self) -> Result<Vec<Self>> {
        let entries = self.value.and_then(Value::as_array).ok_or_else(|| self.malformed(LIST))?;
        let field = |(index, value)| Self::below(value, format!("{}/{index}", self.pointer));
        Ok(entries.iter().enumerate().map(field).collect())
    }

    /// The text at this place.
    pub fn text(&self) -> Result<&'a str> {
        self.value.and_then(Value::as_str).ok_or_else(|| self.malformed(TEXT))
    }

    /// True or false.
    pub fn boolean(&self) -> Result<bool> {
        self.value.and_then(Value::as_bool).ok_or_else(|| self.malformed(BOOLEAN))
    }

    /// The finite number at this place.
    pub fn number(&self) -> Result<f64> {
        let number = self.value.and_then(Value::as_f64).filter(|number| number.is_finite());
        number.ok_or_else(|| self.malformed(NUMBER))
    }

    /// The score at this place, on a scale known beforehand.
    pub fn score(&self, scale: Scale) -> Result<Score> {
        Score::new(self.number()?, scale).map_err(|_| self.malformed(SCORE))
    }

    /// The instant at this place, which must exist in the calendar.
    pub fn instant(&self) -> Result<DateTime<Utc>> {
        let instant = DateTime::parse_from_rfc3339(self.text()?);
        instant.map(|at| at.with_timezone(&Utc)).map_err(|_| self.malformed(INSTANT))
    }

    /// The text at this place as a type of the domain.
    pub fn parse<T>(&self, parse: impl FnOnce(&str) -> Result<T, TextError>) -> Result<T> {
        parse(self.text()?).map_err(|error| self.malformed(expected_text(&error)))
    }

    /// The complaint that something else was expected here.
    pub fn malformed(&self, expected: Phrase) -> Error {
        Malformed { pointer: self.pointer.clone(), expected, got: got(self.value) }.into()
    }
}

fn got(value: Option<&Value>) -> Got {
    match value {
        None => Got::Nothing,
        Some(Value::Null) => Got::Null,
        Some(Value::Bool(_)) => Got::Boolean,
        Some(Value::Number(_)) => Got::Number,
        Some(Value::String(text)) => Got::Text(text.chars().count()),
        Some(Value::Array(entries)) => Got::List(entries.len()),
        Some(Value::Object(_)) => Got::Object,
    }
}

fn expected_text(error: &TextError) -> Phrase {
    match error {
        TextError::Empty { .. } => Phrase::new("非空文本", "a text that is not empty"),
        TextError::TooLong { .. } => Phrase::new("较短的文本", "a shorter text"),
        TextError::Forbidden { .. } => Phrase::new("不含控制字符的文本", "a text without control characters"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dossier_domain::text::PersonName;
    use proptest::prelude::*;
    use serde_json::json;

    fn complaint(result: Result<impl std::fmt::Debug>) -> (String, Got) {
        match result {
            Err(Error::Malformed(Malformed { pointer, got, .. })) => (pointer, got),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_complaint_has_its_pointer_and_the_type_found() {
        let value = json!({"a": [{"b/c": "2023-02-30T00:00:00Z"}, null, 7], "name": "张\u{7}三"});
        let root = Field::root(&value);
        let entries = root.get("a").list().unwrap();
        assert_eq!(complaint(entries[0].get("b/c").instant()), ("/a/0/b~1c".to_owned(), Got::Text(20)));
        assert_eq!(complaint(entries[1].text()), ("/a/1".to_owned(), Got::Null));
        assert_eq!(complaint(entries[2].get("x").text()), ("/a/2/x".to_owned(), Got::Nothing));
        assert_eq!(complaint(root.get("name").parse(PersonName::parse)), ("/name".to_owned(), Got::Text(3)));
        assert!(root.get("a").object().is_err() && root.get("absent").present().is_none());
    }

    #[test]
    fn a_number_of_300_digits_is_no_score_and_one_of_400_no_json() {
        let parsed: Value = parse("9".repeat(300).as_bytes()).unwrap();
        assert_eq!(complaint(Field::root(&parsed).score(Scale::PERCENT)), (String::new(), Got::Number));
        let refused = complaint(parse::<Value>("9".repeat(400).as_bytes()));
        assert!(matches!(refused.1, Got::NotJson { line: 1, .. }), "{refused:?}");
    }

    proptest! {
        #[test]
        fn complaints_never_repeat_what_they_found(text in "[a-zA-Z0-9]{12,40}") {
            let value = json!({ "field": text });
            let error = Field::root(&value).get("field").number().unwrap_err();
            for language in [dossier_domain::Language::Chinese, dossier_domain::Language::English] {
                prop_assert!(!error.message(language).contains(&text));
            }
        }
    }
}
