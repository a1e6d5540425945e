//! What is found, in what order, and what is shown of it.

use dossier_domain::{EmotionLabel, Language, MaterialKind, Stage};
use dossier_search::{Counts, Entry, Facet, Positions, Query, Request, Scope, Sort};

use crate::given::{application, entry, grant, index_of, names, passage, position, skill, tag};

fn people() -> Vec<Entry> {
    let zhang = entry(1, "张三", 1, "客户经理");
    let zeng = Entry {
        score: Some(70.0),
        emotion: Some(EmotionLabel::Neutral),
        interviewed_at: Some("2023-10-31T16:30:00Z".parse().unwrap()), // November at the bank
        skills: vec![skill("Python", 60.5), skill("客户沟通模拟测评", 88.0)],
        tags: vec![],
        transcript: vec![passage(1.0, "我的爱好是爬山")],
        resume: vec![],
        vendor: Some("moka".parse().unwrap()),
        ..entry(2, "曾国藩", 2, "风险控制岗")
    };
    let maria = Entry {
        score: None,
        emotion: None,
        interviewed_at: None,
        stage: Stage::Rejected,
        kinds: vec![MaterialKind::ResumeReport],
        skills: vec![],
        transcript: vec![],
        tags: vec![tag("AI得分85", None)],
        folder: vec!["Account manager".into(), "淘汰".into()],
        ..entry(3, "Maria García", 3, "Account manager")
    };
    vec![zhang, zeng, maria]
}

#[test]
fn each_kind_of_condition_finds_what_it_says() {
    let (_folder, index) = index_of(&people());
    let scope = Scope::all();
    for (query, mut expected) in [
        ("张三+客户经理+80分", vec!["张三"]),
        ("岗位=客户经理 面试时间=2023年10月 AI得分≥75 情绪分析=积极", vec!["张三"]),
        ("position:\"Account manager\"", vec!["Maria García"]),
        ("岗位:manage", vec![]),
        ("zhangsan", vec!["张三"]),
        ("zs", vec!["张三"]),
        ("zeng", vec!["曾国藩"]),
        ("cengguofan", vec!["曾国藩"]),
        ("姓名:maria", vec!["Maria García"]),
        ("风险控制", vec!["张三", "曾国藩"]),
        ("\"控制的工作\"", vec!["张三"]),
        ("\"工作控制\"", vec![]),
        ("\"account manager\"", vec!["张三", "Maria García"]),
        ("\"manager account\"", vec![]),
        ("爬山", vec!["曾国藩"]),
        ("银行从业", vec!["张三", "Maria García"]),
        ("date=2023-11", vec!["曾国藩"]),
        ("date=2023-10-12", vec!["张三"]),
        ("date>2023-10-12", vec!["曾国藩"]),
        ("date<=2023", vec!["张三", "曾国藩"]),
        ("score<80", vec!["曾国藩"]),
        ("score=70..85", vec!["张三", "曾国藩"]),
        ("score>85", vec![]),
        ("-score>=0", vec!["Maria García"]),
        ("python>=60.5", vec!["张三", "曾国藩"]),
        ("Python>60.5", vec!["张三"]),
        ("技能:python<70", vec!["曾国藩"]),
        ("技能:沟通>=80", vec!["曾国藩"]),
        ("技能:沟通", vec!["曾国藩"]),
        ("技能:P>=0", vec![]),
        ("标签:高潜力", vec!["张三"]),
        ("标签:AI得分8", vec![]),
        ("标签:ai得分85", vec!["Maria García"]),
        ("阶段:淘汰", vec!["Maria García"]),
        ("阶段≠淘汰", vec!["张三", "曾国藩"]),
        ("文件夹:客户经理/AI面试", vec!["张三"]),
        ("文件夹:客户", vec![]),
        ("供应商:MOKA", vec!["曾国藩"]),
        ("资料:视频", vec!["张三", "曾国藩"]),
        ("缺:video", vec!["Maria García"]),
        ("张三 OR 爬山", vec!["张三", "曾国藩"]),
        ("-(张三 OR 爬山)", vec!["Maria García"]),
        ("-张三 -爬山", vec!["Maria García"]),
        ("", vec!["张三", "曾国藩", "Maria García"]),
        ("\"★\"", vec![]),
        ("不在任何地方的词", vec![]),
    ] {
        let mut found = names(&index, &scope, query);
        found.sort();
        expected.sort_unstable();
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn words_in_names_come_before_words_in_transcripts() {
    let spoken =
        Entry { transcript: vec![passage(1.0, "我认识张三")], ..entry(9, "李四", 1, "客户经理") };
    let (_folder, index) = index_of(&[entry(1, "张三", 1, "客户经理"), spoken]);
    assert_eq!(names(&index, &Scope::all(), "张三"), ["张三", "李四"]);
}

#[test]
fn a_hit_shows_a_line_and_where_the_words_are_said() {
    let (_folder, index) = index_of(&people());
    let (query, scope) = (Query::parse("风险控制 score>80").unwrap(), Scope::all());
    let hits = index.search(&Request::new(&query, &scope)).unwrap();
    let hit = &hits.hits[0];
    assert_eq!((hit.application, hit.stage, hit.score), (application(1), Stage::AiInterview, Some(85.0)));
    assert_eq!(hit.emotion, Some(EmotionLabel::Positive));
    let snippet = &hit.snippets[0];
    assert_eq!(&snippet.text[snippet.marks[0].clone()], "风险控制");
    assert_eq!((snippet.starts, snippet.source), (Some(3.5), MaterialKind::Transcript));
}

#[test]
fn counts_are_of_all_hits_whatever_the_page() {
    let (_folder, index) = index_of(&people());
    let (query, scope) = (Query::everything(), Scope::all());
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
    let hits = index.search(&Request { limit: 1, facets, ..Request::new(&query, &scope) }).unwrap();
    assert_eq!((hits.total, hits.hits.len()), (3, 1));
    let months: Vec<_> = match &hits.facets[2] {
        Counts::Month(months) => {
            months.iter().map(|(month, n)| (month.label(Language::English), *n)).collect()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(months, [("2023-10".into(), 1), ("2023-11".into(), 1)]);
    assert_eq!(hits.facets[1], Counts::Stage(vec![(Stage::AiInterview, 2), (Stage::Rejected, 1)]));
    assert_eq!(
        hits.facets[4],
        Counts::Emotion(vec![(EmotionLabel::Positive, 1), (EmotionLabel::Neutral, 1)])
    );
    assert_eq!(hits.facets[5], Counts::Tag(vec![("AI得分85".into(), 1), ("高潜力".into(), 1)]));
    assert_eq!(
        hits.facets[6],
        Counts::Folder(vec![("Account manager".into(), 1), ("客户经理".into(), 1), ("风险控制岗".into(), 1)])
    );
    assert_eq!(hits.facets[7], Counts::Folder(vec![("AI面试".into(), 1)]));
    let Counts::ScoreBand(bands) = &hits.facets[3] else { panic!() };
    assert_eq!(bands.iter().map(|(band, n)| (band.from, *n)).collect::<Vec<_>>(), [(80, 1), (70, 1)]);
    let below = index.folders(&scope, &["客户经理".into(), "AI面试".into()]).unwrap();
    assert_eq!(below, [("2023年10月".to_owned(), 1)]);
}

#[test]
fn pages_have_neither_gaps_nor_doubles_in_any_order() {
    let mut entries = Vec::new();
    for number in 0..57_u32 {
        entries.push(Entry {
            name: (number % 5 > 0)
                .then(|| ["张三", "李四", "Bob", "曾国藩"][number as usize % 4].parse().unwrap()),
            score: (number % 7 > 0).then(|| f64::from(number % 10)),
            interviewed_at: (number % 3 > 0)
                .then(|| format!("2023-10-{:02}T00:00:00Z", 1 + number % 9).parse().unwrap()),
            ..entry(number, "x", 1, "客户经理")
        });
    }
    let (_folder, index) = index_of(&entries[..30]);
    index.apply(&entries[25..], &[], 2).unwrap(); // a second segment, and some replaced
    let (query, scope) = (Query::parse("风险控制").unwrap(), Scope::all());
    for sort in Sort::ALL {
        let whole = Request { sort, limit: 100, ..Request::new(&query, &scope) };
        let whole = index.search(&whole).unwrap();
        assert_eq!((whole.hits.len(), &whole.next), (57, &None));
        let mut paged = Vec::new();
        let mut after = None;
        loop {
            let page =
                index.search(&Request { sort, limit: 4, after, ..Request::new(&query, &scope) }).unwrap();
            assert_eq!(page.total, 57);
            paged.extend(page.hits);
            after = page.next.map(|cursor| cursor.to_string().parse().unwrap());
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole.hits, "{sort:?}");
    }
    let scores: Vec<_> = {
        let request = Request { sort: Sort::HighestScore, limit: 100, ..Request::new(&query, &scope) };
        index.search(&request).unwrap().hits.iter().map(|hit| hit.score).collect()
    };
    let first_missing = scores.iter().position(Option::is_none).unwrap();
    assert!(scores[..first_missing].is_sorted_by(|a, b| a >= b));
    assert!(scores[first_missing..].iter().all(Option::is_none));
}

#[test]
fn a_cursor_of_another_order_is_refused() {
    let (_folder, index) = index_of(&people());
    let (query, scope) = (Query::everything(), Scope::all());
    let page = index.search(&Request { limit: 1, ..Request::new(&query, &scope) }).unwrap();
    let request = Request { sort: Sort::Name, after: page.next, ..Request::new(&query, &scope) };
    assert!(matches!(index.search(&request), Err(dossier_search::Error::Cursor)));
}

/// Counts of all that there is are kept for each segment; they must be those that counting gives, at any time.
#[test]
fn what_all_that_there_is_counts_up_to_stays_right_while_it_changes() {
    let (_folder, index) = index_of(&[entry(1, "张三", 1, "客户经理"), entry(2, "李四", 2, "风险控制")]);
    let everything = Scope::all();
    let one_position =
        Scope { grants: vec![grant(Positions::Only([position(1)].into()), &Stage::ALL, &MaterialKind::ALL)] };
    let facets = vec![
        Facet::Folder(Vec::new()),
        Facet::Position,
        Facet::Stage,
        Facet::ScoreBand,
        Facet::Emotion,
        Facet::Month,
        Facet::Tag,
    ];
    let counts = |query: &Query, scope: &Scope| {
        let request = Request { limit: 1, facets: facets.clone(), ..Request::new(query, scope) };
        index.search(&request).unwrap().facets
    };
    let (all, each) = (Query::everything(), Query::parse("AI得分≥0").unwrap());
    let agree = || {
        for _ in 0..2 {
            assert_eq!(counts(&all, &everything), counts(&each, &everything));
            assert_eq!(counts(&all, &one_position), counts(&each, &one_position));
        }
        assert_ne!(counts(&all, &everything), counts(&all, &one_position));
        counts(&all, &everything)
    };
    let first = agree();
    index.apply(&[entry(3, "王五", 2, "风险控制")], &[], 2).unwrap();
    let more = agree();
    index.apply(&[], &[application(3)], 3).unwrap();
    let fewer = agree();
    assert!(first != more && first == fewer);
    let moved = Entry { stage: Stage::Offer, tags: Vec::new(), ..entry(2, "李四", 2, "风险控制") };
    index.apply(&[moved], &[], 4).unwrap();
    assert_ne!(agree(), fewer);
}
