//! From characters to tokens. Full-width forms count as their plain ones, and control characters as spaces.

use std::ops::Range as Span;

use super::QueryError;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    /// In characters of the text.
    pub(super) span: Span<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Text { text: String, quoted: bool },
    Sign(Sign),
    Not,
    Or,
    Open,
    Close,
}

/// What stands between a field and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Equal,
    /// `==`: the whole of it.
    Exactly,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

pub(super) fn lex(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer { chars: text.chars().map(plain).collect(), place: 0 };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// The plain form of a full-width or look-alike character.
pub(super) fn plain(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '“' | '”' | '„' | '‟' | '「' | '」' | '『' | '』' => '"',
        '≧' => '≥',
        '≦' => '≤',
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => ' ',
        c if c.is_control() || c.is_whitespace() => ' ',
        c => c,
    }
}

struct Lexer {
    chars: Vec<char>,
    place: usize,
}

impl Lexer {
    fn token(&mut self) -> Result<Option<Token>, QueryError> {
        while let Some(c) = self.peek(0) {
            let start = self.place;
            let kind = match c {
                '"' => Some(self.quoted()?),
                '(' => self.single(TokenKind::Open),
                ')' => self.single(TokenKind::Close),
                '|' => self.single(TokenKind::Or),
                '=' | '<' | '>' | '≥' | '≤' | '≠' | ':' => Some(TokenKind::Sign(self.sign(c))),
                '!' if self.peek(1) == Some('=') => Some(TokenKind::Sign(self.sign(c))),
                '-' => self.minus(),
                c if separates(c) => self.skip(),
                _ => self.word(),
            };
            if let Some(kind) = kind {
                return Ok(Some(Token { kind, span: start..self.place }));
            }
        }
        Ok(None)
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.place + ahead).copied()
    }

    fn skip(&mut self) -> Option<TokenKind> {
        self.place += 1;
        None
    }

    fn single(&mut self, kind: TokenKind) -> Option<TokenKind> {
        self.place += 1;
        if kind == TokenKind::Or && self.peek(0) == Some('|') {
            self.place += 1;
        }
        Some(kind)
    }

    fn sign(&mut self, first: char) -> Sign {
        let second = self.peek(1);
        let (sign, length) = match (first, second) {
            ('>', Some('=')) | ('=', Some('>')) => (Sign::AtLeast, 2),
            ('<', Some('=')) | ('=', Some('<')) => (Sign::AtMost, 2),
            ('<', Some('>')) | ('!', _) => (Sign::Unequal, 2),
            ('=', Some('=')) => (Sign::Exactly, 2),
            ('>', _) => (Sign::Greater, 1),
            ('<', _) => (Sign::Less, 1),
            ('≥', _) => (Sign::AtLeast, 1),
            ('≤', _) => (Sign::AtMost, 1),
            ('≠', _) => (Sign::Unequal, 1),
            _ => (Sign::Equal, 1),
        };
        self.place += length;
        sign
    }

    /// A minus before something negates it; alone it is a dash.
    fn minus(&mut self) -> Option<TokenKind> {
        self.place += 1;
        self.peek(0).is_some_and(|next| !separates(next) && next != ')').then_some(TokenKind::Not)
    }

    fn quoted(&mut self) -> Result<TokenKind, QueryError> {
        let start = self.place;
        let mut text = String::new();
        self.place += 1;
        while let Some(c) = self.peek(0) {
            self.place += 1;
            match (c, self.peek(0)) {
                ('\\', Some(escaped @ ('"' | '\\'))) => {
                    text.push(escaped);
                    self.place += 1;
                }
                ('"', _) if text.trim().is_empty() => {
                    return Err(QueryError::new(
                        start..self.place,
                        "引号里没有内容",
                        "there is nothing between the quotes",
                    ));
                }
                ('"', _) => return Ok(TokenKind::Text { text: text.trim().to_owned(), quoted: true }),
                _ => text.push(c),
            }
        }
        Err(QueryError::new(start..start + 1, "引号没有结束", "this quote has no end"))
    }

    /// A run of other characters. Two or more `+` belong to it, as in `C++`; a single one separates.
    fn word(&mut self) -> Option<TokenKind> {
        let start = self.place;
        while let Some(c) = self.peek(0) {
            if c == '+' && self.peek(1) == Some('+') {
                while self.peek(0) == Some('+') {
                    self.place += 1;
                }
            } else if ends_word(c) {
                break;
            } else {
                self.place += 1;
            }
        }
        let text: String = self.chars[start..self.place].iter().collect();
        match text.as_str() {
            "OR" | "或" => Some(TokenKind::Or),
            "AND" | "且" => None,
            _ => text.contains(char::is_alphanumeric).then_some(TokenKind::Text { text, quoted: false }),
        }
    }
}

/// Characters between terms that say nothing but "and".
pub(super) fn separates(c: char) -> bool {
    matches!(c, ' ' | '+' | ',' | '、' | ';' | '…' | '&' | '。' | '!' | '?')
}

fn ends_word(c: char) -> bool {
    separates(c) || matches!(c, '"' | '(' | ')' | '|' | '=' | '<' | '>' | '≥' | '≤' | '≠' | ':')
}
