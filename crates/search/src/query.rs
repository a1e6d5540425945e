//! The query language: what a person types, how it was understood, and what is wrong with it.
//!
//! ```
//! use dossier_search::Query;
//!
//! let query = Query::parse("张三+客户经理+80分")?;
//! assert_eq!(query.to_string(), "张三 客户经理 AI得分>=80");
//! # Ok::<(), dossier_search::QueryError>(())
//! ```
//!
//! | typed | meant |
//! |---|---|
//! | `张三 Python` | both words, each in a name, position, tag, skill, résumé report or transcript |
//! | `+` `，` `、` `；` `AND` `且` | and, as a space |
//! | `"Account manager"` | these words together |
//! | `A OR B`, `A 或 B`, `A｜B` | one of them; "and" binds more tightly |
//! | `-A`, `(A B)` | not A; brackets |
//! | `80分`, `80分以上` | a score of 80 or more |
//! | `60分以下` | a score below 60 |
//! | `AI得分80以上`, `得分不低于80分`, `人工得分大于75` | the same of a field, in words |
//! | `岗位=风险控制`, `position:风险控制` | a field; see the names below |
//! | `AI得分≥75`, `score=75..90` | a comparison or a range |
//! | `面试时间=2023年10月`, `date>=2023-10-12`, `2023-10..2023-12`, `2023Q3` | days of the bank |
//! | `技能:Python>=80`, `Python>=80` | a skill's score |
//! | `岗位==客户经理` | so called and not otherwise; likewise with other names |
//! | `通过:AI面试`, `未通过:人工面试`, `到达:offer发放` | how it went through the stages |
//! | `用时:AI面试>=7` | days from coming into a stage to leaving it |
//! | `分数线:达到`, `入库>10` | the position's pass mark; minutes until all materials were here |
//! | `招聘周期<=30` | days from the interview to being hired |
//! | `人工得分>=75`, `human:50..75` | the mean of the scorecards that were handed in, 0–100 |
//! | `试算通过:"Python=30%;分数线=74"` | would pass the AI interview by this rule; 试算未通过: would not |
//! | `问题==为什么选择我们银行` | was asked this and answered |
//! | `提到:"为什么选择我们银行=企业文化;文化氛围"` | the answer to this question names one of these |
//! | `无:面试时间` | what is not known |
//! | `文件夹:客户经理/AI面试`, `资料:视频`, `缺:video` | folder, material that is there, or is not |
//!
//! Full-width signs, digits and letters count as their plain forms.

mod error;
mod fact;
mod field;
mod judged;
mod lexer;
mod mention;
mod name;
mod parser;
mod render;
#[cfg(test)]
mod tests;
mod tree;
mod value;
mod wording;

use std::{fmt, ops::Range as Span};

use dossier_domain::Language;

pub use error::{QueryError, point_at};
pub use fact::Fact;
pub use name::Named;
pub(crate) use name::key;
pub use tree::{Condition, Days, Node, Scores};
pub use wording::Wording;

/// A query that was understood.
///
/// [`Display`](fmt::Display) writes it in canonical form, which is understood the same way.
#[derive(Debug, Clone)]
pub struct Query {
    root: Node,
    /// For each part of the outermost level where it stands in the text, in characters.
    spans: Vec<Span<usize>>,
}

/// A part of a query as it was understood, to show above the results and to take away.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Chip {
    /// What is asked, in words.
    pub label: String,
    /// Where it stands in the text, in characters.
    pub span: Span<usize>,
    /// The query without this part.
    pub without: String,
}

impl Query {
    /// The query that finds every application.
    pub fn everything() -> Self {
        Self { root: Node::All(Vec::new()), spans: Vec::new() }
    }

    /// Whether it finds every application.
    pub(crate) fn is_everything(&self) -> bool {
        matches!(&self.root, Node::All(nodes) if nodes.is_empty())
    }

    /// Understands what a person typed. The time it takes is linear in the text's length, up to the longest allowed.
    ///
    /// # Errors
    /// With the first mistake and its place.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        let (root, spans) = parser::parse(text)?;
        Ok(Self { root, spans })
    }

    /// The same query with a condition more. Of what can hold only once for an application, such as its stage, an
    /// earlier condition gives way.
    #[must_use]
    pub fn with(self, condition: Condition) -> Self {
        let mut nodes = match self.root {
            Node::All(nodes) => nodes,
            other => vec![other],
        };
        nodes.retain(|node| !matches!(node, Node::Is(earlier) if earlier.gives_way_to(&condition)));
        nodes.push(Node::Is(condition));
        Self { root: Node::All(nodes), spans: Vec::new() }
    }

    /// The query and these besides, whatever it asks already: what it finds is among what it found before.
    #[must_use]
    pub fn and(&self, more: impl IntoIterator<Item = Node>) -> Self {
        let mut nodes = match &self.root {
            Node::All(nodes) => nodes.clone(),
            other => vec![other.clone()],
        };
        for node in more {
            match node {
                Node::All(all) => nodes.extend(all),
                other => nodes.push(other),
            }
        }
        let root = if nodes.len() == 1 { nodes.remove(0) } else { Node::All(nodes) };
        Self { root, spans: Vec::new() }
    }

    /// The folder in which the query looks, level by level; empty for all.
    pub fn folder(&self) -> Vec<String> {
        let folder = self.parts().iter().find_map(|node| match node {
            Node::Is(Condition::Folder(path)) => Some(path),
            _ => None,
        });
        folder.map(|path| path.split('/').map(str::to_owned).collect()).unwrap_or_default()
    }

    /// The tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The conditions of the outermost level, all of which must hold.
    pub fn parts(&self) -> &[Node] {
        match &self.root {
            Node::All(nodes) => nodes,
            one => std::slice::from_ref(one),
        }
    }

    /// What a condition asks, in words.
    pub fn label(part: &Node, language: Language) -> String {
        render::label(part, language)
    }

    /// Whether words are looked for, so that hits differ in relevance.
    pub fn has_words(&self) -> bool {
        fn has_words(node: &Node) -> bool {
            match node {
                Node::All(nodes) | Node::Any(nodes) => nodes.iter().any(has_words),
                Node::Not(_) => false,
                Node::Is(condition) => matches!(condition, Condition::Words { .. } | Condition::Name(_)),
            }
        }
        has_words(&self.root)
    }

    /// The parts of the query as they were understood, one for each condition of the outermost level.
    pub fn chips(&self, language: Language) -> Vec<Chip> {
        let parts = match &self.root {
            Node::All(nodes) if self.spans.len() == nodes.len() => nodes.as_slice(),
            whole => std::slice::from_ref(whole),
        };
        let chip = |(index, span): (usize, &Span<usize>)| {
            let others = parts.iter().enumerate().filter(|(other, _)| *other != index);
            let without = Node::All(others.map(|(_, node)| node.clone()).collect());
            Chip {
                label: render::label(&parts[index], language),
                span: span.clone(),
                without: Self { root: without, spans: Vec::new() }.text(language),
            }
        };
        self.spans.iter().enumerate().map(chip).collect()
    }

    /// The canonical form with field names of the language.
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        render::write(&mut text, &self.root, language).unwrap_or_default();
        text
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        render::write(f, &self.root, Language::Chinese)
    }
}
