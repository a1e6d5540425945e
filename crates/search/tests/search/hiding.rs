//! What lies outside of the scope has no influence on any answer.

use std::collections::BTreeSet;

use dossier_domain::{EmotionLabel, MaterialKind, Stage, Standing};
use dossier_search::{Entry, Facet, Grant, Index, Positions, Query, Request, Scope, Scorecards, Sort};
use proptest::{prelude::*, sample::subsequence};

use crate::given::{answer, entry, grant, index_of, names, passage, position, rule, skill, tag, user};

fn only(number: u8) -> Positions {
    Positions::Only(BTreeSet::from([position(number)]))
}

/// Sees all of position 1, where it hands in scorecards, and of position 2 in the background check only the skills.
pub(crate) fn mixed() -> Scope {
    let mine = Scorecards::BesideOwn(user(1));
    Scope {
        grants: vec![
            Grant { scorecards: mine, ..grant(only(1), &Stage::ALL, &MaterialKind::ALL) },
            grant(only(2), &[Stage::BackgroundCheck], &[MaterialKind::SkillAssessment]),
        ],
    }
}

#[test]
fn nobody_sees_anything_without_a_grant() {
    let (_folder, index) = index_of(&[entry(1, "张三", 1, "客户经理")]);
    for query in ["", "张三", "-李四", "-(a OR b)"] {
        assert_eq!(names(&index, &Scope::default(), query), Vec::<String>::new(), "{query}");
    }
}

#[test]
fn conditions_and_their_negations_see_only_the_kinds_that_are_shown() {
    let checked = Entry {
        stage: Stage::BackgroundCheck,
        tags: vec![
            tag("情绪积极", Some(MaterialKind::Emotion)),
            tag("Python技能优秀", Some(MaterialKind::SkillAssessment)),
        ],
        ..entry(2, "李四", 2, "风控")
    };
    let (_folder, index) = index_of(&[entry(1, "张三", 1, "客户经理"), checked, entry(3, "王五", 2, "风控")]);
    for (query, expected) in [
        ("", vec!["李四", "张三"]),
        ("风险控制", vec!["张三"]),
        ("-风险控制", vec!["李四"]),
        ("情绪:积极", vec!["张三"]),
        ("-情绪:积极", vec!["李四"]),
        ("银行从业", vec!["张三"]),
        ("python", vec!["李四", "张三"]),
        ("Python>=90", vec!["李四", "张三"]),
        ("标签:情绪积极", vec![]),
        ("-标签:情绪积极", vec!["李四", "张三"]),
        ("情绪积极", vec![]),
        ("标签:Python技能优秀", vec!["李四"]),
        ("资料:video", vec!["张三"]),
        ("-资料:video", vec!["李四"]),
        ("缺:video", vec![]),
        ("王五", vec![]),
    ] {
        let mut found = names(&index, &mixed(), query);
        found.sort();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
    let (query, scope) = (Query::parse("李四 OR 风险控制").unwrap(), mixed());
    let facets = vec![Facet::Emotion, Facet::Tag];
    let answer = index.search(&Request { facets, ..Request::new(&query, &scope) }).unwrap();
    let text = serde_json::to_string(&answer).unwrap();
    assert!(!text.contains("情绪积极"), "{text}");
    assert!(text.contains("Python技能优秀"));
    let hit = answer.hits.iter().find(|hit| hit.position == position(2)).unwrap();
    assert_eq!((hit.emotion, hit.snippets.len()), (None, 0));
    assert_eq!(hit.kinds, [MaterialKind::SkillAssessment]);
    assert_eq!(answer.facets[0], dossier_search::Counts::Emotion(vec![(EmotionLabel::Positive, 1)]));
}

#[test]
fn what_people_gave_is_found_by_who_has_handed_in_their_own() {
    let of = |number, name, at, by: &[u8], human| Entry {
        human: Some(human),
        judged_by: by.iter().map(|of| user(*of)).collect(),
        stage: Stage::BackgroundCheck,
        ..entry(number, name, at, "客户经理")
    };
    let (_folder, index) = index_of(&[
        of(1, "张三", 1, &[1, 2], 75.0),
        of(2, "李四", 1, &[2], 75.0),
        of(3, "王五", 2, &[1], 75.0),
        Entry { human: None, judged_by: Vec::new(), ..of(4, "赵六", 1, &[], 0.0) },
    ]);
    let all = Scope::all();
    let none = Scope { grants: vec![grant(Positions::All, &Stage::ALL, &MaterialKind::ALL)] };
    for (scope, query, expected) in [
        (&all, "人工分>=75", vec!["张三", "李四", "王五"]),
        (&all, "-human>=75", vec!["赵六"]),
        (&all, "human>75", vec![]),
        (&mixed(), "人工分>=0", vec!["张三"]),
        (&mixed(), "-人工分>=0", vec!["李四", "王五", "赵六"]),
        (&none, "人工分>=0", vec![]),
        (&none, "-人工分>=0", vec!["张三", "李四", "王五", "赵六"]),
    ] {
        let mut found = names(&index, scope, query);
        found.sort();
        let mut expected = expected;
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
}

pub(crate) fn entries(numbers: std::ops::Range<u32>) -> impl Strategy<Value = Vec<Entry>> {
    let one = |number| {
        (
            (0..6_usize, 1..4_u8, 0..8_usize, proptest::option::of(0..101_u8), 0..4_usize),
            (0..8_usize, subsequence(MaterialKind::ALL.to_vec(), 0..6), 1..28_u8, 0..3_usize, 0..40_usize),
            (
                0..3_usize,
                prop::array::uniform8(0..4_usize),
                proptest::option::of(0..40_u8),
                0..3_usize,
                0..4_usize,
            ),
            (proptest::option::of(0..101_u8), subsequence(vec![1, 2, 3], 0..3)),
        )
            .prop_map(move |(of_it, of_materials, of_position, (human, judged_by))| {
                let (branch, standings, held, model, weighing) = of_position;
                let (name, at, stage, score, emotion) = of_it;
                let (tags, kinds, day, text, long) = of_materials;
                Entry {
                    branch: [None, Some("上海分行"), Some("北京 分行")][branch]
                        .map(|name| name.parse().unwrap()),
                    rule: [
                        rule(None, &[]),
                        rule(Some(50.0), &[]),
                        rule(Some(60.0), &[("Python", 0.6)]),
                        rule(None, &[("沟通", 0.5)]),
                    ][weighing]
                        .clone(),
                    model: [None, Some("v1"), Some("V1")][model].map(|name| name.parse().unwrap()),
                    standings: standings.map(|standing| Standing::ALL[standing]),
                    stayed: vec![
                        (Stage::ALL[stage], f64::from(day) / 2.0),
                        (Stage::ALL[tags], f64::from(day)),
                    ],
                    held_after: held.map(f64::from),
                    hired_after: held.map(|days| f64::from(days) - 2.0),
                    human: human.map(f64::from),
                    judged_by: judged_by.into_iter().map(user).collect(),
                    stage: Stage::ALL[stage],
                    score: score.map(f64::from),
                    emotion: EmotionLabel::ALL.get(emotion).copied(),
                    interviewed_at: Some(format!("2023-10-{day:02}T00:00:00Z").parse().unwrap()),
                    tags: vec![tag(
                        ["甲", "乙"][tags % 2],
                        [None, Some(MaterialKind::Emotion), Some(MaterialKind::Transcript), None][tags / 2],
                    )],
                    folder: vec![
                        ["客户经理", "风控", "柜员"][usize::from(at) - 1].into(),
                        format!("{stage}"),
                    ],
                    skills: vec![skill(["Python", "沟通"][tags % 2], f64::from(day))],
                    transcript: vec![
                        passage(1.0, &["风险控制", "爬山张三", "银行"][text].repeat(1 + long)),
                        answer(
                            ["为什么？", "1. 为什么", "还有吗"][tags % 3],
                            ["我看好银行的风险控制", "因为企业文化", "culture and 银行"][(text + long) % 3],
                        ),
                    ],
                    kinds,
                    ..entry(
                        number,
                        ["张三", "李四", "曾国藩", "Bob", "张三丰", "王五"][name],
                        at,
                        ["客户经理", "风控", "柜员"][usize::from(at) - 1],
                    )
                }
            })
    };
    numbers.map(one).collect::<Vec<_>>()
}

pub(crate) fn scopes() -> impl Strategy<Value = Scope> {
    let positions = prop_oneof![
        Just(Positions::All),
        subsequence(vec![1_u8, 2, 3], 1..3)
            .prop_map(|all| Positions::Only(all.into_iter().map(position).collect())),
    ];
    let scorecards = prop_oneof![
        Just(Scorecards::None),
        Just(Scorecards::All),
        (1..4_u8).prop_map(|of| Scorecards::BesideOwn(user(of))),
    ];
    let (stages, kinds) =
        (subsequence(Stage::ALL.to_vec(), 1..9), subsequence(MaterialKind::ALL.to_vec(), 0..7));
    let grant = (positions, stages, kinds, scorecards).prop_map(|(positions, stages, kinds, scorecards)| {
        Grant { scorecards, ..grant(positions, &stages, &kinds) }
    });
    proptest::collection::vec(grant, 0..3).prop_map(|grants| Scope { grants })
}

pub(crate) fn queries() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("张三"),
        Just("zs"),
        Just("风险控制"),
        Just("\"爬山张三\""),
        Just("情绪:积极"),
        Just("得分>=50"),
        Just("标签:甲"),
        Just("问题==为什么"),
        Just("提到:\"为什么=银行;企业文化\""),
        Just("提到:\"还有吗=风险控制\""),
        Just("乙"),
        Just("技能:Python>=10"),
        Just("资料:video"),
        Just("缺:transcript"),
        Just("岗位:风控"),
        Just("文件夹:客户经理"),
        Just("阶段:offer发放"),
        Just("通过:AI面试"),
        Just("到达:offer"),
        Just("用时:offer>=5"),
        Just("无:情绪分析"),
        Just("无:标签"),
        Just("入库<=20"),
        Just("无:入库"),
        Just("分数线:达到"),
        Just("模型==v1"),
        Just("人工分>=50"),
        Just("human<50"),
        Just("分行:上海"),
        Just("date>=2023-10-15"),
        Just("银行"),
    ]
    .prop_map(str::to_owned);
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("-{a}")),
        ]
    })
}

/// All that can be asked with this query, as bytes.
fn answers(index: &Index, scope: &Scope, query: &str) -> String {
    let query = Query::parse(query).unwrap();
    let facets = vec![
        Facet::Position,
        Facet::Stage,
        Facet::Month,
        Facet::ScoreBand,
        Facet::Emotion,
        Facet::Tag,
        Facet::Folder(vec![]),
        Facet::Folder(vec!["客户经理".into()]),
    ];
    let answers = Sort::ALL.map(|sort| {
        let request = Request { sort, limit: 5, facets: facets.clone(), ..Request::new(&query, scope) };
        index.search(&request).unwrap()
    });
    serde_json::to_string(&answers).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn indexes_that_differ_outside_of_the_scope_answer_alike(
        mine in entries(0..20),
        one in entries(100..110),
        other in entries(200..225),
        scope in scopes(),
        queries in proptest::collection::vec(queries(), 12),
    ) {
        let hidden = |entries: Vec<Entry>| -> Vec<Entry> {
            entries.into_iter().filter(|entry| !scope.allows(entry.position, entry.stage, None)).collect()
        };
        let (_a, first) = index_of(&[hidden(one), mine.clone()].concat());
        let (_b, second) = index_of(&hidden(other));
        second.apply(&mine[10..], &[], 2).unwrap();
        second.apply(&mine[..10], &[], 3).unwrap();
        for query in queries {
            prop_assert_eq!(answers(&first, &scope, &query), answers(&second, &scope, &query), "{}", query);
        }
    }

    #[test]
    fn what_a_scope_does_not_show_of_an_application_changes_nothing(
        mine in entries(0..20),
        changed in entries(0..20),
        scope in scopes(),
        queries in proptest::collection::vec(queries(), 12),
    ) {
        let (_a, first) = index_of(&mine);
        let mixed: Vec<Entry> =
            mine.iter().zip(&changed).map(|(entry, other)| with_hidden_of(entry, other, &scope)).collect();
        let (_b, second) = index_of(&mixed);
        for query in queries {
            prop_assert_eq!(answers(&first, &scope, &query), answers(&second, &scope, &query), "{}", query);
        }
    }
}

/// The entry with all that the scope does not show of it taken from another.
fn with_hidden_of(entry: &Entry, other: &Entry, scope: &Scope) -> Entry {
    let hidden = |kind| !scope.allows(entry.position, entry.stage, Some(kind));
    let is_hidden = |tag: &dossier_search::EntryTag| tag.reveals.is_some_and(hidden);
    let pick = |kind| if hidden(kind) { other } else { entry };
    let kinds = MaterialKind::ALL
        .into_iter()
        .filter(|kind| if hidden(*kind) { other.kinds.contains(kind) } else { entry.kinds.contains(kind) });
    // Another's scorecards may take the place of hidden ones only where they stay hidden.
    let hides = |of: &Entry| !scope.shows_scorecards(entry.position, entry.stage, &of.judged_by);
    let people = if hides(entry) && hides(other) { other } else { entry };
    let shown_tags = entry.tags.iter().filter(|tag| !is_hidden(tag));
    Entry {
        kinds: kinds.collect(),
        tags: shown_tags.chain(other.tags.iter().filter(|tag| is_hidden(tag))).cloned().collect(),
        emotion: pick(MaterialKind::Emotion).emotion,
        held_after: if MaterialKind::OF_AN_INTERVIEW.into_iter().any(hidden) { other } else { entry }
            .held_after,
        human: if hides(entry) { other } else { entry }.human,
        judged_by: people.judged_by.clone(),
        skills: pick(MaterialKind::SkillAssessment).skills.clone(),
        resume: pick(MaterialKind::ResumeReport).resume.clone(),
        transcript: pick(MaterialKind::Transcript).transcript.clone(),
        ..entry.clone()
    }
}
