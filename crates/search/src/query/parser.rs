//! From tokens to the tree.

use std::ops::Range as Span;

use dossier_domain::{EmotionLabel, Language, MaterialKind, Stage};

use super::{
    QueryError,
    fact::Fact,
    field::Field,
    judged,
    lexer::{Sign, Token, TokenKind, lex, plain, separates},
    mention,
    name::Named,
    tree::{Condition, Node, Scores},
    value::{self, Refused},
};

/// The longest query, in characters.
pub(super) const LONGEST: usize = 2_000;
const DEEPEST: usize = 16;
const MOST_CONDITIONS: usize = 64;

type Part = (Node, Span<usize>);

/// The tree, and where the parts of the outermost level stand.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Span<usize>>), QueryError> {
    check_length(text)?;
    let mut parser = Parser { tokens: lex(text)?, next: 0, depth: 0, conditions: 0 };
    if parser.tokens.is_empty() {
        check_emptiness(text)?;
        return Ok((Node::All(Vec::new()), Vec::new()));
    }
    let mut alternatives = parser.alternatives()?;
    if let Some(token) = parser.peek() {
        return Err(QueryError::new(
            token.span.clone(),
            "这个右括号没有对应的左括号",
            "this bracket closes nothing",
        ));
    }
    if alternatives.len() == 1 {
        let (nodes, spans): (Vec<Node>, _) = alternatives.remove(0).into_iter().unzip();
        return Ok((all(nodes), spans));
    }
    let (node, span) = joined(alternatives);
    Ok((node, vec![span]))
}

fn check_length(text: &str) -> Result<(), QueryError> {
    if text.len() <= LONGEST || text.chars().nth(LONGEST).is_none() {
        return Ok(());
    }
    Err(QueryError::new(
        LONGEST..LONGEST + 1,
        format!("查询太长：最多{LONGEST}个字符"),
        format!("the query is too long: at most {LONGEST} characters are allowed"),
    ))
}

/// Signs alone find nothing, and are not meant to find all.
fn check_emptiness(text: &str) -> Result<(), QueryError> {
    let says = |c: char| !separates(plain(c));
    let Some(first) = text.chars().position(says) else { return Ok(()) };
    let last = text.chars().enumerate().filter(|(_, c)| says(*c)).map(|(at, _)| at).last();
    Err(QueryError::new(
        first..last.unwrap_or(first) + 1,
        "这里没有可以搜索的文字或数字",
        "there are no letters or digits here to search for",
    ))
}

fn all(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) }
}

/// One node of alternatives, of which none is empty.
fn joined(alternatives: Vec<Vec<Part>>) -> Part {
    let start = alternatives.first().and_then(|parts| parts.first()).map_or(0, |part| part.1.start);
    let end = alternatives.last().and_then(|parts| parts.last()).map_or(0, |part| part.1.end);
    let mut nodes: Vec<Node> =
        alternatives.into_iter().map(|parts| all(parts.into_iter().map(|part| part.0).collect())).collect();
    let node = if nodes.len() == 1 { nodes.remove(0) } else { Node::Any(nodes) };
    (node, start..end)
}

struct Parser {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    conditions: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    fn peek_is(&self, kind: &TokenKind) -> bool {
        self.peek().is_some_and(|token| token.kind == *kind)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += usize::from(token.is_some());
        token
    }

    /// A place right behind what was read, for errors about what is missing there.
    fn here(&self) -> Span<usize> {
        match self.next.checked_sub(1).and_then(|last| self.tokens.get(last)) {
            Some(last) => last.span.clone(),
            None => self.peek().map_or(0..0, |token| token.span.clone()),
        }
    }

    /// Sequences with `OR` between them.
    fn alternatives(&mut self) -> Result<Vec<Vec<Part>>, QueryError> {
        let mut alternatives = Vec::new();
        loop {
            let parts = self.sequence()?;
            let is_or = self.peek_is(&TokenKind::Or);
            if parts.is_empty() && (is_or || !alternatives.is_empty()) {
                let span = self.peek().filter(|_| is_or).map_or_else(|| self.here(), |or| or.span.clone());
                return Err(QueryError::new(
                    span,
                    "“或”的两边都要有条件",
                    "OR needs a condition on both sides",
                ));
            }
            alternatives.push(parts);
            if !is_or {
                return Ok(alternatives);
            }
            self.next += 1;
        }
    }

    fn sequence(&mut self) -> Result<Vec<Part>, QueryError> {
        let mut parts = Vec::new();
        while self.peek().is_some_and(|token| !matches!(token.kind, TokenKind::Or | TokenKind::Close)) {
            parts.push(self.part()?);
        }
        Ok(parts)
    }

    fn part(&mut self) -> Result<Part, QueryError> {
        let Some(token) = self.take() else {
            return Err(QueryError::new(self.here(), "这里缺少条件", "a condition is missing here"));
        };
        match token.kind {
            TokenKind::Not => {
                self.deeper(&token.span)?;
                let (node, span) = self.part()?;
                self.depth -= 1;
                Ok((Node::Not(Box::new(node)), token.span.start..span.end))
            }
            TokenKind::Open => self.group(&token.span),
            TokenKind::Text { text, quoted } => self.condition(text, quoted, token.span),
            TokenKind::Sign(_) => Err(QueryError::new(
                token.span,
                "符号前面缺少字段名，例如 得分>=80",
                "a field is missing before this sign, as in score>=80",
            )),
            TokenKind::Or | TokenKind::Close => {
                Err(QueryError::new(token.span, "这里缺少条件", "a condition is missing here"))
            }
        }
    }

    fn deeper(&mut self, span: &Span<usize>) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth <= DEEPEST {
            return Ok(());
        }
        Err(QueryError::new(
            span.clone(),
            format!("括号和减号最多嵌套{DEEPEST}层"),
            format!("brackets and minus signs may be nested {DEEPEST} deep at most"),
        ))
    }

    fn group(&mut self, open: &Span<usize>) -> Result<Part, QueryError> {
        self.deeper(open)?;
        let alternatives = self.alternatives()?;
        let Some(close) = self.take() else {
            return Err(QueryError::new(open.clone(), "括号没有结束", "this bracket is never closed"));
        };
        self.depth -= 1;
        let span = open.start..close.span.end;
        if alternatives.iter().all(Vec::is_empty) {
            return Err(QueryError::new(span, "括号里没有条件", "there is nothing between the brackets"));
        }
        Ok((joined(alternatives).0, span))
    }

    fn condition(&mut self, text: String, quoted: bool, span: Span<usize>) -> Result<Part, QueryError> {
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            return Err(QueryError::new(
                span,
                format!("条件太多：最多{MOST_CONDITIONS}个"),
                format!("there are too many conditions: at most {MOST_CONDITIONS} are allowed"),
            ));
        }
        if let Some(TokenKind::Sign(sign)) = self.peek().map(|token| token.kind.clone()) {
            self.next += 1;
            return self.field(&text, span, sign);
        }
        let condition = match in_words(&text).filter(|_| !quoted) {
            // What would be right for the number alone would not be for all of it.
            Some(condition) => condition.map_err(|refused| refused.at(span.clone()).suggest(None))?,
            None => Condition::Words { text, phrase: quoted },
        };
        Ok((Node::Is(condition), span))
    }

    /// A field and its value, or a skill and the score that it needs.
    fn field(&mut self, name: &str, span: Span<usize>, sign: Sign) -> Result<Part, QueryError> {
        let field = Field::find(name);
        let compares = !is_equal(sign);
        let near = Field::nearest(name);
        if field.is_none() && !(compares && near.is_none()) {
            return Err(unknown_field(name, span, near));
        }
        let (value, value_span) = self.value()?;
        let whole = span.start..value_span.end;
        let condition = match field {
            Some(field) => self.with_number(plain_field(field, sign, value, &value_span)?)?,
            None => {
                let score = value::scores(sign, &value).map_err(|refused| refused.at(value_span))?;
                Condition::Skill { name: Named::holding(name), score }
            }
        };
        let end = self.here().end.max(whole.end);
        let node = Node::Is(condition);
        let node = if sign == Sign::Unequal { Node::Not(Box::new(node)) } else { node };
        Ok((node, whole.start..end))
    }

    fn value(&mut self) -> Result<(String, Span<usize>), QueryError> {
        match self.peek() {
            Some(Token { kind: TokenKind::Text { text, .. }, span }) => {
                let value = (text.clone(), span.clone());
                self.next += 1;
                Ok(value)
            }
            Some(Token { kind: TokenKind::Not, span }) => Err(QueryError::new(
                span.clone(),
                "这里需要一个值，负号要写在字段前面",
                "a value is needed here; a minus sign goes before the field",
            )),
            _ => Err(QueryError::new(self.here(), "符号后面缺少值", "a value is missing behind this sign")),
        }
    }

    /// `技能:Python` may go on with a score, as `技能:Python>=80`, and `用时:AI面试` with days.
    fn with_number(&mut self, condition: Condition) -> Result<Condition, QueryError> {
        let sign = match (&condition, self.peek().map(|token| &token.kind)) {
            (Condition::Skill { .. } | Condition::Stayed { .. }, Some(TokenKind::Sign(sign))) => *sign,
            _ => return Ok(condition),
        };
        self.next += 1;
        let (value, span) = self.value()?;
        only_unless_unequal(sign, &span)?;
        let refused = |refused: Refused| refused.at(span);
        Ok(match condition {
            Condition::Skill { name, .. } => {
                Condition::Skill { name, score: value::scores(sign, &value).map_err(refused)? }
            }
            Condition::Stayed { stage, .. } => {
                Condition::Stayed { stage, days: value::amounts(sign, &value).map_err(refused)? }
            }
            other => other,
        })
    }
}

/// A score that is asked for in words: `80分以上`, `AI得分80以上`, `人工得分不低于75分`.
pub(super) fn in_words(text: &str) -> Option<Result<Condition, Refused>> {
    if let Some(scores) = value::points(text) {
        return Some(scores.map(Condition::Score));
    }
    let (field, rest) = Field::of_number(text)?;
    let scores = value::points(rest).or_else(|| value::compared(rest))?;
    Some(scores.map(
        |scores| if field == Field::Human { Condition::Human(scores) } else { Condition::Score(scores) },
    ))
}

fn plain_field(field: Field, sign: Sign, value: String, span: &Span<usize>) -> Result<Condition, QueryError> {
    let refused = |refused: Refused| refused.at(span.clone());
    if !matches!(field, Field::Score | Field::Human | Field::Date | Field::Held | Field::Cycle) {
        only_equal(sign, span)?;
    }
    let named = |text: &str| match sign {
        Sign::Exactly => Named::exactly(text),
        _ => Named::holding(text),
    };
    Ok(match field {
        Field::Score => Condition::Score(value::scores(sign, &value).map_err(refused)?),
        Field::Human => Condition::Human(value::scores(sign, &value).map_err(refused)?),
        Field::Date => Condition::Interviewed(value::days(sign, &value).map_err(refused)?),
        Field::Held => Condition::Held(value::amounts(sign, &value).map_err(refused)?),
        Field::Cycle => Condition::Cycle(value::amounts(sign, &value).map_err(refused)?),
        Field::Skill => Condition::Skill { name: named(&value), score: Scores::Any },
        Field::Name => Condition::Name(value),
        Field::Position => Condition::Position(named(&value)),
        Field::Branch => Condition::Branch(named(&value)),
        Field::Tag => Condition::Tag(named(&value)),
        Field::Vendor => Condition::Vendor(named(&value)),
        Field::Model => Condition::Model(named(&value)),
        Field::Folder => Condition::Folder(folder(&value, span)?),
        Field::Stage => Condition::Stage(stage(&value, span)?),
        Field::Reached => Condition::Reached(stage(&value, span)?),
        Field::Passed => Condition::Passed(stage(&value, span)?),
        Field::Failed => Condition::Failed(stage(&value, span)?),
        Field::Days => Condition::Stayed { stage: stage(&value, span)?, days: Scores::Any },
        Field::PassMark => Condition::PassMark { reached: pass_mark(&value, span)? },
        Field::WouldPass | Field::WouldFail => Condition::Judged {
            rule: judged::rule(&value).map_err(refused)?,
            passed: field == Field::WouldPass,
        },
        Field::Question => Condition::Answered(named(&value)),
        Field::Mentions => mention::read(&value).map_err(refused)?,
        Field::Without => {
            let find =
                |text: &str| Fact::ALL.into_iter().find(|fact| Some(fact.field()) == Field::find(text));
            Condition::Without(one_of(&value, span, Fact::ALL, Fact::label, find)?)
        }
        Field::Emotion => {
            let find = |text: &str| {
                let same = |label: &EmotionLabel| {
                    label.name() == text.to_lowercase() || label.label(Language::Chinese) == text
                };
                EmotionLabel::ALL.into_iter().find(same)
            };
            Condition::Emotion(one_of(&value, span, EmotionLabel::ALL, EmotionLabel::label, find)?)
        }
        Field::Has => Condition::Has(kind(&value, span)?),
        Field::Lacks => Condition::Lacks(kind(&value, span)?),
    })
}

fn stage(value: &str, span: &Span<usize>) -> Result<Stage, QueryError> {
    one_of(value, span, Stage::ALL, Stage::label, |text| text.parse().ok())
}

/// Whether a score reaches the pass mark.
fn pass_mark(value: &str, span: &Span<usize>) -> Result<bool, QueryError> {
    let called = |reached: &bool, text: &str| {
        [Language::Chinese, Language::English].iter().any(|language| mark_label(*reached, *language) == text)
    };
    let find = |text: &str| [true, false].into_iter().find(|reached| called(reached, &text.to_lowercase()));
    one_of(value, span, [true, false], mark_label, find)
}

/// How it is written whether a score reaches the pass mark.
pub(super) fn mark_label(reached: bool, language: Language) -> &'static str {
    if reached { language.pick("达到", "reached") } else { language.pick("未达到", "missed") }
}

fn folder(value: &str, span: &Span<usize>) -> Result<String, QueryError> {
    let path = value.trim_matches(['/', ' ']);
    if path.is_empty() {
        return Err(QueryError::new(span.clone(), "文件夹的名称是空的", "the folder has no name"));
    }
    Ok(path.to_owned())
}

fn kind(value: &str, span: &Span<usize>) -> Result<MaterialKind, QueryError> {
    one_of(value, span, MaterialKind::ALL, MaterialKind::label, |text| text.parse().ok())
}

/// The value of a closed list, or an error that names the list.
fn one_of<T: Copy, const N: usize>(
    value: &str,
    span: &Span<usize>,
    all: [T; N],
    label: impl Fn(T, Language) -> &'static str,
    find: impl Fn(&str) -> Option<T>,
) -> Result<T, QueryError> {
    find(value).ok_or_else(|| {
        let list = |language| all.map(|one| label(one, language)).join(language.pick("、", ", "));
        QueryError::new(
            span.clone(),
            format!("这里可以写：{}", list(Language::Chinese)),
            format!("this can be one of: {}", list(Language::English)),
        )
    })
}

fn is_equal(sign: Sign) -> bool {
    matches!(sign, Sign::Equal | Sign::Exactly | Sign::Unequal)
}

fn only_equal(sign: Sign, span: &Span<usize>) -> Result<(), QueryError> {
    if is_equal(sign) {
        return Ok(());
    }
    Err(QueryError::new(
        span.clone(),
        "这个字段不能比较大小，请用 = 或 :",
        "this field has no greater and less; use = or :",
    ))
}

fn only_unless_unequal(sign: Sign, span: &Span<usize>) -> Result<(), QueryError> {
    if sign != Sign::Unequal {
        return Ok(());
    }
    Err(QueryError::new(
        span.clone(),
        "这里不能用“不等于”，请用 >=、<= 或范围",
        "this takes >=, <= or a range",
    ))
}

fn unknown_field(name: &str, span: Span<usize>, near: Option<&'static str>) -> QueryError {
    let shown: String = name.chars().take(30).collect();
    let error = match near {
        Some(near) => QueryError::new(
            span,
            format!("没有“{shown}”这个字段，是不是“{near}”？"),
            format!("there is no field `{shown}`; did you mean `{near}`?"),
        ),
        None => QueryError::new(
            span,
            format!("没有“{shown}”这个字段；如果是要找的文字，请加引号"),
            format!("there is no field `{shown}`; put it in quotes if it is text to look for"),
        ),
    };
    error.suggest(near.map(str::to_owned))
}

impl Refused {
    fn at(self, span: Span<usize>) -> QueryError {
        QueryError::new(span, self.0, self.1).suggest(self.2)
    }
}
