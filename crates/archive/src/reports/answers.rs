//! What answers are about: for each question the share of those who answered it whose answer names each theme of the
//! lexicon, over time; and words that many say and no theme has.

use chrono::Datelike as _;
use dossier_access::Context;
use dossier_analytics::{Rate, Trend};
use dossier_domain::{BankZone, Language, Lexicon, Theme, lexicon};
use dossier_report::model::{Cell, Chart, ChartKind, Column, Kind, Part, Table};
use dossier_search::{
    Index, Query, Scope, Wording,
    columns::{Answered, Question, Value, Wanted, Wish},
    query::{Condition, Named, Node},
};

use super::{
    Measure, Measuring, ReportRequest, Wants,
    asked::Asked,
    figures::{estimated, withheld},
    sheet::{Counts, Group, Sheet, column},
};
use crate::{Archive, Result, lexicon::SuggestedWords};

/// So many questions are looked at, those with most answers.
const MOST_QUESTIONS: usize = 8;
/// So many words are suggested for a question.
const MOST_WORDS: usize = 12;
/// A word that fewer say is no sign of anything.
const FEW: u64 = 3;
/// A trend that chance makes less often than this is one.
const CLEAR: f64 = 0.05;

pub(super) struct Trends;

/// What answers are looked at for, and what there is.
#[derive(Debug, Clone)]
pub(super) struct Answers {
    pub(super) lexicon: Lexicon,
    answered: Answered,
    /// For each question the words that no theme has.
    words: Vec<Vec<(String, u64)>>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { lexicon: Lexicon { themes: Vec::new() }, answered: Answered::default(), words: Vec::new() }
    }
}

impl Answers {
    /// The same with the questions that were answered in what is found, and the words that stand out.
    pub(super) fn found(
        &self,
        index: &Index,
        asked: &Asked,
        query: &Query,
        scope: &Scope,
        zone: BankZone,
    ) -> dossier_search::Result<Self> {
        let wanted = Wanted { query, scope, zone, dimensions: &[], numbers: &[], subsets: &[] };
        let named: Vec<&Named> = asked.query.parts().iter().filter_map(question_of).collect();
        let is_other = |wording: &str| {
            let called = |wording: Wording| named.iter().any(|name| wording.is_called(name));
            !named.is_empty() && !Wording::of(wording).is_some_and(called)
        };
        let least = asked.smallest_group;
        let wish = Wish { least, most: MOST_QUESTIONS, unless: &is_other };
        let answered = index.questions(&wanted, &wish)?;
        let mut words = Vec::new();
        // Groups leave no room for suggestions.
        if asked.by.is_empty() {
            let known = self.known();
            let is_known =
                |word: &str| known.iter().any(|known| known.contains(word) || word.contains(known));
            let wish = Wish { least: least.max(FEW), most: MOST_WORDS, unless: &is_known };
            for question in &answered.questions {
                words.push(index.outstanding(&wanted, question, &answered.questions, &wish)?);
            }
        }
        Ok(Self { lexicon: self.lexicon.clone(), answered, words })
    }

    /// All words of all themes, as the index has them.
    fn known(&self) -> Vec<String> {
        let words = self.lexicon.themes.iter().flat_map(|theme| &theme.words);
        words.map(|word| word.as_str().to_lowercase()).collect()
    }
}

impl Archive {
    /// The words that stand out in answers and that no theme has, without asking or recording.
    pub(crate) async fn words_of_no_theme(
        &self,
        ctx: &Context,
        query: String,
    ) -> Result<Vec<SuggestedWords>> {
        let request = ReportRequest {
            measure: Measure::Answers,
            query,
            by: Vec::new(),
            language: Language::Chinese,
            on_trial: None,
            periods: None,
        };
        let mut asked = Asked::read(&request, &Trends.longest(), ctx.smallest_group())?;
        asked.answers.lexicon = self.known_lexicon().await?;
        let (scope, zone) = (ctx.scope(), self.settings().zone);
        let found =
            self.with_index(move |index| asked.answers.found(index, &asked, &asked.query, &scope, zone));
        let Answers { answered, words, .. } = found.await?;
        let of = |(question, words): (Question, Vec<_>)| SuggestedWords {
            question: question.text,
            answers: question.answers,
            words,
        };
        Ok(answered.questions.into_iter().zip(words).map(of).collect())
    }
}

/// The question that a condition asks for.
fn question_of(node: &Node) -> Option<&Named> {
    match node {
        Node::Is(Condition::Answered(name)) => Some(name),
        _ => None,
    }
}

fn answered(question: &Question) -> Node {
    Node::Is(Condition::Answered(Named::exactly(question.wording.text())))
}

fn names(question: &Question, theme: &Theme) -> Node {
    let words = theme.words.iter().map(|word| word.as_str());
    Node::Is(Condition::mentions(&question.wording, words))
}

impl Measuring for Trends {
    fn looks_at_answers(&self) -> bool {
        true
    }

    fn longest(&self) -> Vec<Node> {
        let words = vec!["长".repeat(lexicon::LONGEST / lexicon::MOST_WORDS); lexicon::MOST_WORDS];
        let question = Wording::of(&"长 ".repeat(200));
        let mentions = |question| Condition::mentions(&question, words.iter().map(String::as_str));
        question.map(mentions).map(Node::Is).into_iter().collect()
    }

    fn wants(&self, asked: &Asked) -> Wants {
        let Answers { lexicon, answered: found, .. } = &asked.answers;
        let of = |question: &Question| {
            let themes = lexicon.themes.iter().map(|theme| names(question, theme));
            std::iter::once(answered(question)).chain(themes).collect::<Vec<_>>()
        };
        Wants { subsets: found.questions.iter().flat_map(of).collect(), ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let answers = &sheet.asked.answers;
        let mut parts = Vec::new();
        for (place, question) in answers.answered.questions.iter().enumerate() {
            let of = Said::counted(sheet, place, question)?;
            parts.push(of.shares(sheet)?);
            parts.extend(of.trends(sheet)?);
            let words = answers.words.get(place).map_or(&[][..], Vec::as_slice);
            parts.extend((!words.is_empty()).then(|| of.suggestions(sheet, words)));
        }
        if let (Some(first), left) = (parts.first_mut(), left_out(sheet)) {
            first.notes.extend(left);
        }
        Ok(parts)
    }
}

/// What is said where there are more questions than are looked at.
fn left_out(sheet: &Sheet<'_>) -> Option<String> {
    let Answered { questions, all } = &sheet.asked.answers.answered;
    let shown = questions.len();
    (*all > shown as u64).then(|| match sheet.language() {
        Language::Chinese => format!("共有 {all} 个问题，这里是回答最多的 {shown} 个；要看其他问题，请加条件，如 问题:为什么"),
        Language::English => format!(
            "There are {all} questions, and these are the {shown} with most answers; for others, add a condition such as question:why"
        ),
    })
}

/// What was said to a question.
struct Said<'a> {
    question: &'a Question,
    answers: Counts<'a>,
    /// The themes that somebody names, the most frequent first.
    themes: Vec<(&'a Theme, Counts<'a>)>,
}

impl<'a> Said<'a> {
    fn counted(sheet: &'a Sheet<'a>, place: usize, question: &'a Question) -> Result<Self> {
        let lexicon = &sheet.asked.answers.lexicon;
        let first = place * (1 + lexicon.themes.len());
        let all = sheet.everything();
        let mut themes = Vec::new();
        for (theme, subset) in lexicon.themes.iter().zip(first + 1..) {
            let counts = sheet.counts_in(subset)?;
            if counts.inside(&all) > 0 {
                themes.push((theme, counts));
            }
        }
        themes.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.inside(&all)));
        Ok(Self { question, answers: sheet.counts_in(first)?, themes })
    }

    /// Of those of a group who answered, how many name a theme; `None` for so few that they are withheld.
    fn rate(&self, sheet: &Sheet<'_>, group: &Group, theme: &Counts<'_>) -> Option<Rate> {
        let of = self.answers.inside(group);
        (!sheet.is_small(of) && !sheet.is_small(group.count)).then(|| Rate { hits: theme.inside(group), of })
    }

    fn shares(&self, sheet: &Sheet<'_>) -> Result<Part> {
        let language = sheet.language();
        let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
        let columns = vec![
            of("answers", "回答人数", "Answers", Kind::Count),
            of("naming", "提到人数", "Naming it", Kind::Count),
            of("share", "占比", "Share", Kind::Share),
        ];
        let rows = |group: &Group| {
            let row = |(theme, counts): &(&Theme, Counts<'_>)| {
                let cells = match self.rate(sheet, group, counts) {
                    None => withheld(3),
                    Some(rate) => {
                        let naming = || [names(self.question, theme)];
                        vec![
                            sheet.cell(group, rate.of, [answered(self.question)]),
                            sheet.cell(group, rate.hits, naming()),
                            sheet.share(group, rate, naming()),
                        ]
                    }
                };
                (theme.label(language).to_owned(), cells)
            };
            let is_answered = self.answers.inside(group) > 0;
            self.themes.iter().filter(|_| is_answered).map(row).collect()
        };
        let thing = of("theme", "主题", "Theme", Kind::Text);
        let groups = sheet.groups_or_all()?;
        Ok(Part {
            title: self.question.text.clone(),
            notes: vec![self.note(language)],
            table: sheet.long_table(thing, columns, &groups, rows),
            chart: chart(sheet),
        })
    }

    fn note(&self, language: Language) -> String {
        if self.themes.is_empty() {
            let none = language.pick(
                "没有回答提到词库中的主题；可在“词库”中添加主题。",
                "No answer names a theme of the lexicon; themes are added under “Lexicon”.",
            );
            return none.to_owned();
        }
        let note = language.pick(
            "占比＝提到该主题任一词语的人数 ÷ 回答了这个问题的人数；一个回答可提到几个主题。主题及其词语在“词库”中维护。",
            "The share of those who answered this question whose answer has one of a theme's words; an answer may name several themes. Themes and their words are kept under “Lexicon”.",
        );
        note.to_owned()
    }

    /// Whether themes are named more or less often as time goes on, where the groups are months or quarters.
    fn trends(&self, sheet: &Sheet<'_>) -> Result<Option<Part>> {
        let language = sheet.language();
        if !matches!(sheet.asked.by.as_slice(), [by] if by.is_time()) || self.themes.is_empty() {
            return Ok(None);
        }
        let groups = sheet.groups()?;
        let looks = self.themes.len();
        let rows = self.themes.iter().map(|(theme, counts)| {
            let point = |group: &Group| {
                let at = ordinal(sheet.columns.values.first()?.get(*group.places.first()?)?)?;
                Some((at, 100.0 * self.rate(sheet, group, counts)?.share()?))
            };
            let points: Vec<(f64, f64)> = groups.iter().filter_map(point).collect();
            let mut row = vec![Cell::text(theme.label(language)), Cell::count(points.len() as u64, None)];
            row.extend(trend(&points, looks, language));
            row
        });
        let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
        let columns: Vec<Column> = vec![
            of("theme", "主题", "Theme", Kind::Text),
            of("points", "期数", "Periods", Kind::Count),
            of("change", "每期变化（百分点）", "Change per period (points)", Kind::Points),
            of("p_value", "校正p值", "Corrected p", Kind::Number),
            of("verdict", "结论", "Verdict", Kind::Text),
        ];
        let note = language.pick(
            "每期变化是各期占比两两斜率的中位数（Theil–Sen），p 值来自 Mann–Kendall 检验，按主题数校正；至少要三期。",
            "The change is the median of the slopes between all periods (Theil–Sen), the p-value is of the Mann–Kendall test, corrected for the number of themes; it takes three periods.",
        );
        let text = &self.question.text;
        Ok(Some(Part {
            title: format!("{text}{}", language.pick("：变化", ": changes")),
            notes: vec![note.to_owned()],
            table: Table { columns, rows: rows.collect(), total: None },
            chart: None,
        }))
    }

    /// Words that many say and no theme has.
    fn suggestions(&self, sheet: &Sheet<'_>, words: &[(String, u64)]) -> Part {
        let (language, all) = (sheet.language(), sheet.everything());
        let of = |id, chinese, english, kind| column(id, language.pick(chinese, english), kind);
        let row = |(word, count): &(String, u64)| {
            let naming = || [Node::Is(Condition::mentions(&self.question.wording, [word.as_str()]))];
            let rate = Rate { hits: *count, of: self.question.answers };
            let share = sheet.share(&all, rate, naming());
            vec![Cell::text(word.as_str()), sheet.cell(&all, *count, naming()), share]
        };
        let columns = vec![
            of("word", "词语", "Word", Kind::Text),
            of("naming", "提到人数", "Naming it", Kind::Count),
            of("share", "占比", "Share", Kind::Share),
        ];
        let note = language.pick(
            "这个问题的回答里常用、其他问题里少见、词库尚未收录的词语，可作为新主题或加入已有主题。",
            "Words that are frequent in answers to this question, rarer in others, and in no theme yet: new themes, or words for those there are.",
        );
        let text = &self.question.text;
        Part {
            title: format!("{text}{}", language.pick("：词库未收录的常用词", ": frequent words of no theme")),
            notes: vec![note.to_owned()],
            table: Table { columns, rows: words.iter().map(row).collect(), total: None },
            chart: None,
        }
    }
}

/// The place of a month or quarter in time, counted in such.
fn ordinal(value: &Value) -> Option<f64> {
    let months = |month: dossier_domain::Month| {
        let day = month.first_day();
        f64::from(day.year() * 12) + f64::from(day.month0())
    };
    match value {
        Value::Month(month) => Some(months(*month)),
        Value::Quarter(first) => Some(months(*first) / 3.0),
        _ => None,
    }
}

fn trend(points: &[(f64, f64)], looks: usize, language: Language) -> [Cell; 3] {
    let Some(Trend { slope, p_value }) = Trend::of(points) else {
        let few = language.pick("数据不足", "not enough data");
        return [Cell::nothing(), Cell::nothing(), Cell::text(few)];
    };
    #[expect(clippy::cast_precision_loss, reason = "a lexicon has few themes")]
    let p_value = (p_value * looks as f64).min(1.0);
    let verdict = match slope.value {
        change if p_value < CLEAR && change > 0.0 => language.pick("上升", "rising"),
        change if p_value < CLEAR && change < 0.0 => language.pick("下降", "falling"),
        _ => language.pick("看不出变化", "no clear change"),
    };
    [estimated(Some(slope)), Cell::number(p_value), Cell::text(verdict)]
}

/// Over time as lines, else as bars.
fn chart(sheet: &Sheet<'_>) -> Option<Chart> {
    let groupings = sheet.asked.by.len();
    let share = groupings + 3;
    let plain = Chart { kind: ChartKind::Bars, along: 0, by: None, order: Vec::new(), values: vec![share] };
    match sheet.asked.by.as_slice() {
        [] => Some(plain),
        [by] if by.is_time() => {
            let order = sheet.columns.values[0].iter().map(|value| value.label(sheet.language())).collect();
            Some(Chart { kind: ChartKind::Lines, by: Some(1), order, ..plain })
        }
        [_] => Some(Chart { along: 1, by: Some(0), ..plain }),
        _ => None,
    }
}
