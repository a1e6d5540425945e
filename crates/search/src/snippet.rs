//! Pieces of text in which words of a query stand.

use std::ops::Range;

use dossier_domain::MaterialKind;

use crate::{
    Snippet,
    analysis::{self, folded},
    query::{Condition, Node},
    schema::Texts,
};

/// How many pieces are shown of one hit, and how long they are at most, in characters.
const MOST_PIECES: usize = 3;
const LENGTH: usize = 120;
/// How much stands before the first mark of a piece that is cut.
const LEAD: usize = 24;

/// What snippets of a query mark: for each text looked for the text itself, and the words that it is cut into.
pub(crate) struct Marker {
    wanted: Vec<Wanted>,
}

struct Wanted {
    whole: Vec<char>,
    /// Empty for a phrase, which is marked only as a whole.
    words: Vec<Vec<char>>,
}

impl Marker {
    pub(crate) fn new(root: &Node) -> Self {
        let mut wanted = Vec::new();
        gather(root, &mut wanted);
        Self { wanted }
    }

    /// The best pieces, of the materials that may be seen.
    pub(crate) fn snippets(&self, texts: &Texts, shows: impl Fn(MaterialKind) -> bool) -> Vec<Snippet> {
        if self.wanted.is_empty() {
            return Vec::new();
        }
        let spoken =
            texts.transcript.iter().map(|passage| (MaterialKind::Transcript, &passage.text, passage.starts));
        let written = texts.resume.iter().map(|text| (MaterialKind::ResumeReport, text, None));
        let mut pieces: Vec<(usize, Snippet)> = spoken
            .chain(written)
            .filter(|(source, ..)| shows(*source))
            .filter_map(|(source, text, starts)| self.piece(source, text, starts))
            .collect();
        pieces.sort_by_key(|(found, _)| std::cmp::Reverse(*found)); // stable: earlier ones first
        pieces.truncate(MOST_PIECES);
        pieces.into_iter().map(|(_, snippet)| snippet).collect()
    }

    /// The piece of one text with the most found in it, and how much that is.
    fn piece(&self, source: MaterialKind, text: &str, starts: Option<f64>) -> Option<(usize, Snippet)> {
        let chars: Vec<char> = text.chars().collect();
        let plain: Vec<char> = chars.iter().copied().map(plain).collect();
        let mut found = 0;
        let mut marks = Vec::new();
        for wanted in &self.wanted {
            let before = marks.len();
            occurrences(&plain, &wanted.whole, &mut marks);
            if marks.len() > before {
                found += 2 + wanted.words.len();
                continue;
            }
            for word in &wanted.words {
                let before = marks.len();
                occurrences(&plain, word, &mut marks);
                found += usize::from(marks.len() > before);
            }
        }
        let marks = joined(marks);
        let start = marks.first()?.start.saturating_sub(LEAD);
        let start = if chars.len() <= LENGTH { 0 } else { start };
        let end = chars.len().min(start + LENGTH);
        Some((found, cut(&chars[start..end], start, &marks, source, starts)))
    }
}

fn gather(node: &Node, wanted: &mut Vec<Wanted>) {
    match node {
        Node::All(nodes) | Node::Any(nodes) => nodes.iter().for_each(|node| gather(node, wanted)),
        Node::Is(Condition::Words { text, phrase }) => {
            let words = if *phrase { Vec::new() } else { analysis::words(text) };
            let words = words.into_iter().map(|word| word.text.chars().collect());
            wanted.push(Wanted { whole: folded(text).chars().collect(), words: words.collect() });
        }
        Node::Is(Condition::Mentions { words, .. }) => {
            let whole = |word: &String| folded(word).chars().collect();
            wanted.extend(words.iter().map(|word| Wanted { whole: whole(word), words: Vec::new() }));
        }
        Node::Not(_) | Node::Is(_) => {}
    }
}

/// The character as it is compared; one for one, so that places stay.
fn plain(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        c => c,
    };
    let mut lower = narrow.to_lowercase();
    lower.next().filter(|_| lower.next().is_none()).unwrap_or(narrow)
}

/// Where `word` stands in `text`, in characters, and not inside a longer word of Latin letters.
fn occurrences(text: &[char], word: &[char], marks: &mut Vec<Range<usize>>) {
    let (Some(first), Some(last)) = (word.first(), word.last()) else { return };
    let inside = |a: Option<&char>, b: &char| {
        a.is_some_and(|a| a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric())
    };
    for (start, found) in text.windows(word.len()).enumerate() {
        let end = start + word.len();
        let before = start.checked_sub(1).and_then(|place| text.get(place));
        if found == word && !inside(before, first) && !inside(text.get(end), last) {
            marks.push(start..end);
        }
    }
}

/// The ranges in order, those that touch as one.
fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// The piece as text, with its marks in bytes.
fn cut(
    piece: &[char],
    offset: usize,
    marks: &[Range<usize>],
    source: MaterialKind,
    starts: Option<f64>,
) -> Snippet {
    let bytes = |place: usize| piece[..place].iter().map(|c| c.len_utf8()).sum::<usize>();
    let inside = |place: usize| place.saturating_sub(offset).min(piece.len());
    let marks = marks
        .iter()
        .map(|mark| bytes(inside(mark.start))..bytes(inside(mark.end)))
        .filter(|mark| !mark.is_empty());
    Snippet { text: piece.iter().collect(), marks: marks.collect(), source, starts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Passage, Query};

    fn marked(query: &str, passages: &[&str]) -> Vec<String> {
        let passages = passages.iter().enumerate();
        let passage = |(number, text): (usize, &&str)| Passage {
            starts: u32::try_from(number).ok().map(f64::from),
            text: (*text).to_owned(),
            answers: None,
        };
        let texts =
            Texts { resume: vec!["风险控制的奖".into()], transcript: passages.map(passage).collect() };
        let snippets = Marker::new(Query::parse(query).unwrap().root())
            .snippets(&texts, |kind| kind == MaterialKind::Transcript);
        let show = |snippet: &Snippet| {
            let mut text = snippet.text.clone();
            for mark in snippet.marks.iter().rev() {
                text.insert(mark.end, ']');
                text.insert(mark.start, '[');
            }
            format!("{}: {text}", snippet.starts.unwrap())
        };
        snippets.iter().map(show).collect()
    }

    #[test]
    fn words_are_marked_where_they_stand() {
        assert_eq!(
            marked(
                "风险控制 Ｐython",
                &["我喜欢银行", "我做过风险控制，用PYTHON", "控制成本有风险", "Pythonic 风险"]
            ),
            ["1: 我做过[风险控制]，用[PYTHON]", "2: [控制]成本有[风险]", "3: Pythonic [风险]"]
        );
        assert_eq!(marked("\"风险控制\" -成本", &["控制成本有风险", "风险控制"]), ["1: [风险控制]"]);
        assert_eq!(marked("岗位:风险", &["风险"]), Vec::<String>::new());
        assert_eq!(marked("提到:\"为什么=风险控制;成本\"", &["控制成本", "风险"]), ["0: 控制[成本]"]);
    }

    #[test]
    fn long_texts_are_cut_around_the_first_mark() {
        let text = format!("{}风险{}", "长".repeat(300), "短".repeat(300));
        let snippets = marked("风险", &[&text]);
        assert_eq!(snippets.len(), 1);
        assert!(snippets[0].contains(&format!("{}[风险]短", "长".repeat(LEAD))), "{snippets:?}");
        assert_eq!(snippets[0].chars().count(), LENGTH + "0: []".chars().count());
    }
}
