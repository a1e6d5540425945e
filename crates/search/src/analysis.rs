//! How text becomes terms: the same for entries and queries.

pub(crate) mod name;

use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicBool, Ordering},
};

use jieba_rs::Jieba;
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};
use unicode_normalization::UnicodeNormalization;

/// The name under which the index knows the analyzer.
pub(crate) const WORDS: &str = "words_1";

/// The name under which the index knows the tokenizer of texts that were cut already.
pub(crate) const CUT: &str = "cut_1";

/// Longer words are no words: keys, addresses, noise.
const LONGEST_WORD: usize = 40;

/// The form in which texts are compared: plain width, lower case.
pub(crate) fn folded(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// A word and where it stands, counted in letters and digits, so that punctuation does not part a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) position: usize,
}

/// The words of a text. Chinese is cut by the dictionary, long words in their parts as well; all else by its
/// punctuation, except that `+` and `#` belong to the word before, as in `C++` and `C#`.
pub(crate) fn words(text: &str) -> Vec<Word> {
    let folded = folded(text);
    let mut words = Vec::new();
    let mut rest = folded.as_str();
    let mut position = 0;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        rest = &rest[start..];
        let is_chinese = rest.starts_with(is_han);
        let length = if is_chinese { run(rest, is_han) } else { word(rest) };
        let (piece, behind) = rest.split_at(length);
        if is_chinese {
            words.extend(cut(piece, position));
        } else if piece.chars().count() <= LONGEST_WORD {
            words.push(Word { text: piece.to_owned(), position });
        }
        position += piece.chars().count();
        rest = behind;
    }
    words
}

/// Length in bytes of the beginning that consists of such characters.
fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn word(text: &str) -> usize {
    let letters = run(text, |c| c.is_alphanumeric() && !is_han(c));
    let rest = &text[letters..];
    if rest.starts_with("++") {
        letters + run(rest, |c| c == '+')
    } else {
        letters + usize::from(rest.starts_with('#'))
    }
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x3005 | 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

/// Whether a word by itself tells what somebody speaks of: nouns and what is used as one; not pronouns, particles and
/// what everybody says of everything.
pub(crate) fn tells(word: &str) -> bool {
    if !word.starts_with(is_han) {
        return word.chars().count() > 2
            && word.starts_with(char::is_alphabetic)
            && !COMMON.contains(&word)
            && folded(word) == word;
    }
    let is_noun = |tag: &str| tag.starts_with('n') || ["vn", "an", "i", "l", "j"].contains(&tag);
    match dictionary().tag(word, false).as_slice() {
        [one] => word.chars().count() > 1 && is_noun(one.tag),
        _ => false,
    }
}

/// English words that tell nothing by themselves.
const COMMON: [&str; 66] = [
    "about", "after", "all", "also", "always", "and", "any", "are", "because", "been", "but", "can", "could",
    "did", "does", "doing", "first", "for", "from", "get", "good", "had", "has", "have", "how", "into",
    "its", "just", "like", "many", "more", "most", "much", "not", "one", "other", "our", "out", "really",
    "since", "some", "than", "that", "the", "their", "them", "then", "there", "these", "they", "think",
    "this", "time", "very", "was", "well", "were", "what", "when", "which", "will", "with", "work", "would",
    "you", "your",
];

fn cut(text: &str, position: usize) -> impl Iterator<Item = Word> {
    let tokens = dictionary().cut_for_search(text, false).into_iter();
    tokens.map(move |token| Word { text: token.word.to_owned(), position: position + token.start })
}

/// The Chinese dictionary while it is needed: 30 MB, loaded in a tenth of a second.
static DICTIONARY: RwLock<Option<Arc<Jieba>>> = RwLock::new(None);
/// Whether somebody needed it since [`rest`] was called last.
static IS_NEEDED: AtomicBool = AtomicBool::new(false);

fn dictionary() -> Arc<Jieba> {
    IS_NEEDED.store(true, Ordering::Relaxed);
    let loaded = DICTIONARY.read().unwrap_or_else(PoisonError::into_inner).clone();
    loaded.unwrap_or_else(|| {
        let mut dictionary = DICTIONARY.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(dictionary.get_or_insert_with(|| Arc::new(Jieba::new())))
    })
}

/// Lets go of what is loaded again when it is needed, if nothing was analysed since the last call: what stays in memory
/// calls it every few minutes.
pub fn rest() {
    if !IS_NEEDED.swap(false, Ordering::Relaxed) {
        *DICTIONARY.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

pub(crate) fn analyzer() -> TextAnalyzer {
    TextAnalyzer::from(WordTokenizer)
}

/// Words as one text, each behind `mark`, for [`CutTokenizer`]: cutting takes time, and some words stand in two fields.
pub(crate) fn joined(words: &[Word], mark: &str) -> String {
    words.iter().map(|word| format!("{}\n{mark}{}\n", word.position, word.text)).collect()
}

/// Takes apart what [`joined`] put together.
pub(crate) fn cut_analyzer() -> TextAnalyzer {
    TextAnalyzer::from(CutTokenizer)
}

#[derive(Clone)]
struct CutTokenizer;

impl Tokenizer for CutTokenizer {
    type TokenStream<'a> = CutStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> CutStream<'a> {
        CutStream { lines: text.lines(), token: Token::default() }
    }
}

struct CutStream<'a> {
    lines: std::str::Lines<'a>,
    token: Token,
}

impl TokenStream for CutStream<'_> {
    fn advance(&mut self) -> bool {
        let (Some(position), Some(word)) = (self.lines.next(), self.lines.next()) else { return false };
        self.token.position = position.parse().unwrap_or_default();
        self.token.text.clear();
        self.token.text.push_str(word);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[derive(Clone)]
struct WordTokenizer;

impl Tokenizer for WordTokenizer {
    type TokenStream<'a> = WordStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream {
        WordStream { words: words(text).into_iter(), token: Token::default() }
    }
}

/// The index keeps neither offsets nor the order of words at one position, so tokens carry none.
struct WordStream {
    words: std::vec::IntoIter<Word>,
    token: Token,
}

impl TokenStream for WordStream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.position = word.position;
        self.token.text = word.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(String, usize)> {
        words(text).into_iter().map(|word| (word.text, word.position)).collect()
    }

    fn at(words: &[(&str, usize)]) -> Vec<(String, usize)> {
        words.iter().map(|(text, position)| ((*text).to_owned(), *position)).collect()
    }

    #[test]
    fn chinese_is_cut_into_words_and_their_parts() {
        assert_eq!(cut("我熟悉风险控制。"), at(&[("我", 0), ("熟悉", 1), ("风险", 3), ("控制", 5)]));
        assert!(cut("中华人民共和国").contains(&("中华".into(), 0)));
    }

    #[test]
    fn nouns_tell_what_somebody_speaks_of() {
        for (word, tells) in [
            ("企业", true),
            ("文化", true),
            ("培训", true),
            ("前景", true),
            ("我们", false),
            ("的", false),
            ("可以", false),
            ("非常", false),
            ("culture", true),
            ("because", false),
            ("it", false),
            ("2023", false),
        ] {
            assert_eq!(super::tells(word), tells, "{word}");
        }
    }

    #[test]
    fn words_that_were_cut_come_out_as_they_went_in() {
        let cut = words("我熟悉风险控制, C++ twice");
        let mut stream = CutStream { lines: joined(&cut, "m").leak().lines(), token: Token::default() };
        for word in &cut {
            assert!(stream.advance());
            assert_eq!(
                (&stream.token.text, stream.token.position),
                (&format!("m{}", word.text), word.position)
            );
        }
        assert!(!stream.advance());
    }

    #[test]
    fn other_words_are_cut_by_their_punctuation() {
        assert_eq!(
            cut("Ｐｙｔｈｏｎ3, C++/C# e-mail"),
            at(&[("python3", 0), ("c++", 7), ("c#", 10), ("e", 12), ("mail", 13)])
        );
        assert_eq!(cut(&"x".repeat(50)), at(&[]));
        assert_eq!(cut("…—“”"), at(&[]));
    }
}
