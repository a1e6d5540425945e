//! What columns count is what the query of each value finds.

use std::collections::BTreeMap;

use dossier_domain::{BankZone, MaterialKind, Stage, Standing};
use dossier_search::{
    Columns, Dimension, Entry, Index, Query, Request, Scope,
    columns::{Number, Wanted, Wish},
    query::{Condition, Named, Node, Scores},
};
use proptest::prelude::*;

use crate::{
    given::{answer, entry, index_of, passage, rule, skill},
    hiding::{entries, mixed, queries, scopes},
};

/// Every dimension there is.
fn dimensions() -> Vec<Dimension> {
    let standings = Stage::ALL.map(Dimension::Standing);
    let kinds = MaterialKind::ALL.map(Dimension::Has);
    [&Dimension::CHOICES[..], &standings, &kinds, &[Dimension::PassMark]].concat()
}

fn numbers() -> Vec<Number> {
    let days = Stage::ALL.map(Number::Days);
    let skills = ["Python", "沟通"].map(|name| Number::Skill(name.parse().unwrap()));
    [&[Number::Score, Number::Human, Number::Held, Number::Cycle][..], &days, &skills].concat()
}

fn hits(index: &Index, scope: &Scope, query: &str) -> u64 {
    let query = Query::parse(query).unwrap_or_else(|error| panic!("{query}: {error}"));
    index.search(&Request { limit: 0, ..Request::new(&query, scope) }).unwrap().total
}

/// How many rows of the columns have each value of a dimension.
fn counted(columns: &Columns, dimension: usize) -> BTreeMap<usize, u64> {
    let mut counts = BTreeMap::new();
    for part in &columns.parts {
        let coded = &part.dimensions[dimension];
        for row in (0..part.len).filter(|row| part.rows.has(*row)) {
            if coded.shown.as_ref().is_some_and(|shown| !shown.has(row)) {
                continue;
            }
            for code in coded.codes.of(row) {
                *counts.entry(coded.places[usize::from(*code)]).or_default() += 1;
            }
        }
    }
    counts
}

fn check(index: &Index, scope: &Scope, text: &str) {
    let query = Query::parse(text).unwrap();
    let (dimensions, numbers) = (dimensions(), numbers());
    let subsets = [
        "标签:甲 OR -情绪:积极",
        "问题==为什么",
        "提到:\"为什么=银行;企业文化\"",
        "提到:\"还有吗=风险控制;企业文化\"",
    ];
    let subsets = subsets.map(|text| Query::parse(text).unwrap().root().clone());
    let wanted = Wanted {
        query: &query,
        scope,
        zone: BankZone::default(),
        dimensions: &dimensions,
        numbers: &numbers,
        subsets: &subsets,
    };
    let columns = index.columns(&wanted).unwrap();
    let found = |node: Node| hits(index, scope, &query.and([node]).to_string());
    assert_eq!(
        columns.parts.iter().map(|part| part.rows.count()).sum::<u64>(),
        hits(index, scope, text),
        "{text}"
    );
    for (place, subset) in subsets.iter().enumerate() {
        let inside: u64 = columns.parts.iter().map(|part| part.subsets[place].count()).sum();
        assert_eq!(inside, found(subset.clone()), "{text}");
    }
    let all = Wish { least: 1, most: 100, unless: &|_| false };
    let answered = index.questions(&wanted, &all).unwrap();
    assert_eq!(answered.all, answered.questions.len() as u64);
    assert!(answered.questions.is_sorted_by_key(|question| std::cmp::Reverse(question.answers)));
    for question in &answered.questions {
        let asked = Node::Is(Condition::Answered(Named::exactly(question.wording.text())));
        assert_eq!(question.answers, found(asked), "{text}: {question:?}");
        let wish = Wish { least: 1, most: 50, unless: &|word| word == "风险" };
        for (word, count) in index.outstanding(&wanted, question, &answered.questions, &wish).unwrap() {
            let named = Node::Is(Condition::mentions(&question.wording, [word.as_str()]));
            assert_eq!(count, found(named), "{text}: {question:?} {word}");
            assert_ne!(word, "风险");
        }
    }
    for (place, dimension) in dimensions.iter().enumerate() {
        let counts = counted(&columns, place);
        for (number, value) in columns.values[place].iter().enumerate() {
            let counted = counts.get(&number).copied().unwrap_or_default();
            assert_eq!(counted, found(dimension.condition(value)), "{text}: {dimension:?} {value:?}");
        }
    }
    for (place, number) in numbers.iter().enumerate() {
        let mut with = 0;
        let mut high = 0;
        for part in &columns.parts {
            let numbered = &part.numbers[place];
            let is_shown = |row: &usize| numbered.shown.as_ref().is_none_or(|shown| shown.has(*row));
            let rows = (0..part.len).filter(|row| part.rows.has(*row)).filter(is_shown);
            let values: Vec<f64> = rows.map(|row| numbered.values.of(row)).collect();
            with += values.iter().filter(|value| !value.is_nan()).count() as u64;
            high += values.iter().filter(|value| **value >= 15.5).count() as u64;
        }
        assert_eq!(with, found(number.condition(Scores::Any)), "{text}: {number:?}");
        assert_eq!(high, found(number.condition(Scores::AtLeast(15.5))), "{text}: {number:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_count_of_a_value_is_that_of_its_query(
        first in entries(0..20),
        second in entries(10..30),
        scope in scopes(),
        queries in proptest::collection::vec(queries(), 3),
    ) {
        // Two segments, one with rows that were replaced in the other.
        let (_folder, index) = index_of(&first);
        index.apply(&second, &[first[0].application], 2).unwrap();
        for query in queries.iter().map(String::as_str).chain([""]) {
            check(&index, &scope, query);
            check(&index, &mixed(), query);
        }
    }
}

#[test]
fn names_that_a_query_can_hardly_say_are_still_found() {
    let names = [
        "a\"b",
        "“引号”",
        "Ｊａｖａ",
        "java",
        "-减号",
        "a\\",
        "C++",
        "(x OR y)",
        "80分",
        "  b  c ",
        "𠮷",
        "==",
        "+",
    ];
    let entries: Vec<Entry> = (0..).zip(names).map(|(number, name)| entry(number, "张三", 1, name)).collect();
    let (_folder, index) = index_of(&entries);
    check(&index, &Scope::all(), "");
    let everything = Query::everything();
    let wanted = Wanted {
        query: &everything,
        scope: &Scope::all(),
        zone: BankZone::default(),
        dimensions: &[Dimension::Position],
        numbers: &[],
        subsets: &[],
    };
    assert_eq!(index.columns(&wanted).unwrap().values[0].len(), names.len() - 1);
}

#[test]
fn questions_and_the_words_that_stand_out_in_their_answers() {
    let why = ["为什么选择我们银行", "1. 为什么选择我们银行？", "为什么选择我们银行"];
    let says = ["贵行的企业文化，培训完善", "企业文化 and culture", "普惠金融，培训"];
    let of = |number: u32| Entry {
        transcript: vec![
            passage(0.0, "企业文化由面试官说出"),
            answer(why[number as usize % 3], says[number as usize % 3]),
            answer("请介绍一下你自己", "我参加过培训，做过柜员"),
        ],
        ..entry(number, "张三", 1, "客户经理")
    };
    let (_folder, index) = index_of(&(0..6).map(of).collect::<Vec<_>>());
    let everything = Query::everything();
    let (scope, zone) = (Scope::all(), BankZone::default());
    let wanted =
        Wanted { query: &everything, scope: &scope, zone, dimensions: &[], numbers: &[], subsets: &[] };
    let wish = Wish { least: 1, most: 1, unless: &|_| false };
    let answered = index.questions(&wanted, &wish).unwrap();
    assert_eq!((answered.all, answered.questions.len()), (2, 1));
    let asked = index.questions(&wanted, &Wish { most: 9, ..wish }).unwrap().questions;
    let texts: Vec<_> = asked.iter().map(|of| (of.text.as_str(), of.answers)).collect();
    assert_eq!(texts.iter().find(|of| of.0.contains("为什么")), Some(&("为什么选择我们银行", 6)));
    let of_why = asked.iter().find(|of| of.text.contains("为什么")).unwrap();
    let wish = Wish { least: 2, most: 9, unless: &|word| word == "culture" };
    let found = index.outstanding(&wanted, of_why, &asked, &wish).unwrap();
    assert!(found.iter().any(|(word, count)| word.contains("文化") && *count == 4), "{found:?}");
    assert!(found.iter().all(|(word, _)| word != "培训" && word != "culture"), "{found:?}");
    for (query, count) in [
        ("提到:\"为什么选择我们银行=企业文化\"", 4),
        ("提到:\"为什么选择我们银行=企业文化;普惠金融\"", 6),
        ("提到:\"为什么选择我们银行=文化企业\"", 0),
        ("提到:\"请介绍一下你自己=企业文化\"", 0),
        ("-提到:\"为什么选择我们银行=企业文化\"", 2),
        ("问题:为什么", 6),
        ("问题==为什么", 0),
        ("问题==\"2、为什么选择我们银行\"", 6),
    ] {
        assert_eq!(hits(&index, &scope, query), count, "{query}");
    }
}

#[test]
fn odd_entries_are_counted_with_what_is_not_known() {
    let odd = |number, at: &str, score| Entry {
        interviewed_at: Some(at.parse().unwrap()),
        score,
        branch: None,
        rule: rule(None, &[]),
        held_after: Some(f64::NAN),
        hired_after: Some(f64::INFINITY),
        human: Some(f64::NAN),
        standings: [Standing::NotReached; Stage::ALL.len()],
        stayed: vec![(Stage::Offer, f64::INFINITY)],
        skills: vec![skill("Python", 0.0)],
        ..entry(number, "李四", 1, "风控")
    };
    let (_folder, index) = index_of(&[
        odd(1, "0001-01-01T00:00:00Z", Some(f64::NAN)),
        odd(2, "+12023-01-01T00:00:00Z", None),
        odd(3, "2023-02-28T17:00:00Z", Some(0.0)),
    ]);
    check(&index, &Scope::all(), "");
    assert_eq!(hits(&index, &Scope::all(), "无:面试时间"), 2);
    assert_eq!(hits(&index, &Scope::all(), "无:AI得分"), 2);
    assert_eq!(hits(&index, &Scope::all(), "面试时间=2023年3月"), 1);
}

#[test]
fn an_empty_index_has_empty_columns() {
    let (_folder, index) = index_of(&[]);
    check(&index, &Scope::all(), "");
    check(&index, &Scope::default(), "");
}
