//! What people type, and how it is understood.

use dossier_domain::Language;
use proptest::prelude::*;

use super::*;

fn canonical(text: &str) -> String {
    Query::parse(text).unwrap_or_else(|error| panic!("{}", error.render(text, Language::English))).to_string()
}

#[test]
fn what_people_type_is_understood() {
    for (typed, understood) in [
        ("张三+客户经理+80分", "张三 客户经理 AI得分>=80"),
        ("张三＋客户经理＋８０分以上", "张三 客户经理 AI得分>=80"),
        (
            "岗位=风险控制 面试时间=2023年10月 AI得分≥75 情绪分析=积极",
            "岗位:风险控制 面试时间=2023年10月 AI得分>=75 情绪分析:积极",
        ),
        ("岗位＝风险控制，ＡＩ得分＞＝75、情绪：positive", "岗位:风险控制 AI得分>=75 情绪分析:积极"),
        (
            "position:\"Account manager\" score>=80 tag:高潜力",
            "岗位:\"Account manager\" AI得分>=80 标签:高潜力",
        ),
        ("“客户 经理” -李四", "\"客户 经理\" -李四"),
        ("(张三 或 李四) -(a b)", "(张三 OR 李四) -(a b)"),
        ("a b OR c", "(a b) OR c"),
        ("60分以下", "AI得分<60"),
        ("75-90分", "AI得分=75..90"),
        ("AI得分80以上 AI得分80分以上 ai得分８０及以上", "AI得分>=80 AI得分>=80 AI得分>=80"),
        ("AI得分大于80 AI得分不低于80 AI得分≥80", "AI得分>80 AI得分>=80 AI得分>=80"),
        ("AI面试得分80分以上 得分低于60.5分 分数75到90分", "AI得分>=80 AI得分<60.5 AI得分=75..90"),
        ("人工得分不超过75 人工分60以下", "人工得分<=75 人工得分<60"),
        ("\"AI得分80以上\" AI得分85 80以上 得分很高", "\"AI得分80以上\" AI得分85 80以上 得分很高"),
        ("score=75-90 得分:75..90", "AI得分=75..90 AI得分=75..90"),
        ("score = 80", "AI得分=80"),
        ("技能:Python>=80", "技能:Python>=80"),
        ("Python>=80", "技能:Python>=80"),
        ("C++>=80 C++", "技能:C++>=80 C++"),
        ("技能:Excel函数应用能力", "技能:Excel函数应用能力"),
        ("面试时间=2023年", "面试时间=2023年"),
        ("date:2023-10", "面试时间=2023年10月"),
        ("month=2023/10", "面试时间=2023年10月"),
        ("date=2023-10-12", "面试时间=2023-10-12"),
        ("date=2023-10..2023-12", "面试时间=2023-10-01..2023-12-31"),
        ("面试时间=2023年10月至2023年12月", "面试时间=2023-10-01..2023-12-31"),
        ("date>=2023-10", "面试时间=2023-10-01.."),
        ("date<2024-03", "面试时间=..2024-02-29"),
        ("date<=2024-02", "面试时间=..2024-02-29"),
        ("文件夹:客户经理/AI面试/", "文件夹:客户经理/AI面试"),
        ("缺:video 资料:转写", "缺:面试视频 资料:语音转文字"),
        ("stage:\"Human interview\"", "阶段:人工面试"),
        ("阶段≠淘汰", "-阶段:淘汰"),
        ("\"80分\"", "\"80分\""),
        ("张三 - 客户经理 …", "张三 客户经理"),
        ("e-mail", "e-mail"),
        ("岗位==客户经理 model==\"v 1\"", "岗位==客户经理 模型==\"v 1\""),
        ("branch:上海 -vendor==ribbon", "分行:上海 -供应商==ribbon"),
        ("passed:ai_interview 未通过:人工面试 reached:offer", "通过:AI面试 未通过:人工面试 到达:offer发放"),
        ("days:ai_interview>=7.5 用时:AI面试", "用时:AI面试>=7.5 用时:AI面试"),
        ("用时:AI面试=3..40", "用时:AI面试=3..40"),
        ("周期<=30 cycle>40.5", "招聘周期<=30 招聘周期>40.5"),
        ("人工分>=80 human:50..62.5 人工评分：75", "人工得分>=80 人工得分=50..62.5 人工得分=75"),
        ("held>10 入库=0", "入库>10 入库=0"),
        ("pass_mark:missed 分数线:达到", "分数线:未达到 分数线:达到"),
        ("without:score 无:面试时间 无:date", "无:AI得分 无:面试时间 无:面试时间"),
        ("问题:为什么 question==\"Why us?\"", "问题:为什么 问题==\"Why us?\""),
        (
            "mentions:\"1. 为什么选择我们银行？=企业文化、 Culture|c=d\"",
            "提到:\"为什么选择我们银行=企业文化;Culture;c=d\"",
        ),
        ("技能==Python>=80 得分==80", "技能==Python>=80 AI得分=80"),
        ("", ""),
        ("  +，", ""),
    ] {
        assert_eq!(canonical(typed), understood, "{typed}");
    }
}

#[test]
fn mistakes_are_shown_at_their_spot() {
    let long_number = format!("得分>={}", "9".repeat(300));
    for (typed, language, shown) in [
        (
            "张三 岗为=风险",
            Language::Chinese,
            "张三 岗为=风险\n     ^^^^\n没有“岗为”这个字段，是不是“岗位”？\n可以写：岗位",
        ),
        (
            "scroe>=80",
            Language::English,
            "scroe>=80\n^^^^^\nthere is no field `scroe`; did you mean `score`?\ntry: score",
        ),
        ("得分>=高", Language::Chinese, "得分>=高\n      ^^\n这里需要一个0到100的数字，例如 80 或 75..90"),
        (
            "date=2023-02-30",
            Language::English,
            "date=2023-02-30\n     ^^^^^^^^^^\nthere is no such day in the calendar\ntry: 2023-02-28",
        ),
        ("客户 \"经理", Language::Chinese, "客户 \"经理\n     ^\n引号没有结束"),
        ("客户 (经理", Language::English, "客户 (经理\n     ^\nthis bracket is never closed"),
        ("客户 经理)", Language::English, "客户 经理)\n         ^\nthis bracket closes nothing"),
        ("a OR", Language::English, "a OR\n  ^^\nOR needs a condition on both sides"),
        ("()", Language::Chinese, "()\n^^\n括号里没有条件"),
        (" % *", Language::Chinese, " % *\n ^^^\n这里没有可以搜索的文字或数字"),
        ("AI得分800以上", Language::Chinese, "AI得分800以上\n^^^^^^^^^^^^^\n分数在0到100之间"),
        ("得分>=", Language::Chinese, "得分>=\n    ^^\n符号后面缺少值"),
        (">=80", Language::English, ">=80\n^^\na field is missing before this sign, as in score>=80"),
        (
            "用时:AI面试>=很久",
            Language::English,
            "用时:AI面试>=很久\n             ^^^^\na number is needed here, such as 7 or 3..10",
        ),
        (
            "通过:面试",
            Language::English,
            "通过:面试\n     ^^^^\nthis can be one of: Résumé screening, AI interview, Human interview, Background check, \
             Offer, Hired, Rejected, Withdrawn",
        ),
        (
            "提到:企业文化",
            Language::English,
            "提到:企业文化\n     ^^^^^^^^\nwrite it as \"question=word;word\"\ntry: \"为什么选择我们银行=企业文化;文化氛围\"",
        ),
        ("分数线>达到", Language::Chinese, "分数线>达到\n       ^^^^\n这个字段不能比较大小，请用 = 或 :"),
        ("情绪=开心", Language::Chinese, "情绪=开心\n     ^^^^\n这里可以写：积极、中性、消极"),
        (
            "score=90..80",
            Language::English,
            "score=90..80\n      ^^^^^^\nthe range ends before it begins\ntry: 80..90",
        ),
    ] {
        let error = Query::parse(typed).expect_err(typed);
        assert_eq!(error.render(typed, language), shown);
    }
    let error = Query::parse(&long_number).unwrap_err();
    assert_eq!(error.span, 4..304);
    assert!(error.render(&long_number, Language::Chinese).contains("分数在0到100之间"));
}

#[test]
fn what_is_too_much_is_refused_at_once() {
    for (text, message) in [
        ("客户".repeat(50_000), "at most 2000 characters"),
        ("(".repeat(500), "16 deep"),
        ("-".repeat(500) + "a", "16 deep"),
        ("a ".repeat(500), "at most 64"),
    ] {
        let error = Query::parse(&text).unwrap_err();
        assert!(error.message(Language::English).contains(message), "{error}");
        assert!(error.render(&text, Language::Chinese).chars().count() < 200);
    }
    assert!(Query::parse(&"客".repeat(2_000)).is_ok());
}

#[test]
fn chips_say_how_it_was_understood_and_can_be_taken_away() {
    let text = "张三+客户经理+80分 -(缺:video OR 标签:a)";
    let chips = Query::parse(text).unwrap().chips(Language::Chinese);
    let labels: Vec<_> = chips.iter().map(|chip| chip.label.as_str()).collect();
    assert_eq!(labels, ["张三", "客户经理", "AI得分 ≥ 80", "不含 缺: 面试视频 或 标签: a"]);
    let typed: Vec<String> =
        chips.iter().map(|chip| text.chars().skip(chip.span.start).take(chip.span.len()).collect()).collect();
    assert_eq!(typed, ["张三", "客户经理", "80分", "-(缺:video OR 标签:a)"]);
    assert_eq!(chips[1].without, "张三 AI得分>=80 -(缺:面试视频 OR 标签:a)");
    let english = Query::parse(text).unwrap().chips(Language::English);
    assert_eq!(english[2].label, "score ≥ 80");
    assert_eq!(english[0].without, "客户经理 score>=80 -(missing:Video OR tag:a)");
}

#[test]
fn a_chip_of_alternatives_is_one() {
    let chips = Query::parse("张三 OR 李四 王五").unwrap().chips(Language::Chinese);
    assert_eq!(chips.len(), 1);
    assert_eq!((chips[0].label.as_str(), chips[0].without.as_str()), ("张三 或 李四 且 王五", ""));
}

/// Pieces that make up likely and unlikely queries.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("张三"),
        Just("客户经理"),
        Just(" "),
        Just("+"),
        Just("80分"),
        Just("得分"),
        Just(">="),
        Just("="),
        Just(":"),
        Just("2023年10月"),
        Just("2023-02-30"),
        Just(".."),
        Just("-"),
        Just("("),
        Just(")"),
        Just("\""),
        Just("“"),
        Just("OR"),
        Just("或"),
        Just("岗位"),
        Just("技能"),
        Just("Python"),
        Just("情绪"),
        Just("积极"),
        Just("文件夹"),
        Just("/"),
        Just("缺"),
        Just("video"),
        Just("\\"),
        Just("！="),
        Just("9"),
        Just("分以下"),
        Just("date"),
        Just("~"),
        Just("阶段"),
        Just("通过"),
        Just("用时"),
        Just("AI面试"),
        Just("=="),
        Just("无"),
        Just("入库"),
        Just("分数线"),
        Just("达到"),
        Just("试算通过"),
        Just("\"Python=30%;分数线=74\""),
        Just("\"沟通=33.33333333%;SQL=7%;pass_mark=0.1\""),
        Just("offer"),
        Just("\u{0}"),
        Just("𠮷"),
    ];
    proptest::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_canonical_form_means_the_same(text in prop_oneof![pieces(), any::<String>()]) {
        if let Ok(query) = Query::parse(&text) {
            for language in [Language::Chinese, Language::English] {
                let canonical = query.text(language);
                let again = Query::parse(&canonical).unwrap_or_else(|error| panic!("{text:?} {canonical:?} {error}"));
                prop_assert_eq!(again.root(), query.root(), "{:?}", canonical);
                prop_assert_eq!(again.text(language), canonical);
            }
            for chip in query.chips(Language::English) {
                prop_assert!(chip.span.end <= text.chars().count());
                prop_assert!(Query::parse(&chip.without).is_ok());
            }
        }
    }

    #[test]
    fn every_error_has_a_place_in_the_text(bytes in proptest::collection::vec(any::<u8>(), 0..300), typed in pieces()) {
        for text in [String::from_utf8_lossy(&bytes).into_owned(), typed] {
            if let Err(error) = Query::parse(&text) {
                prop_assert!(error.span.start < error.span.end && error.span.end <= text.chars().count());
                let rendered = error.render(&text, Language::Chinese);
                prop_assert!(!rendered.contains(char::MIN));
            }
        }
    }
}

#[test]
fn a_condition_more_takes_the_place_of_what_holds_only_once() {
    let typed = Query::parse("张三 阶段=AI面试 标签:甲 -标签:乙").unwrap();
    let stage = typed.clone().with(Condition::Stage(dossier_domain::Stage::Offer));
    assert_eq!(stage.to_string(), "张三 标签:甲 -标签:乙 阶段:offer发放");
    let tag = typed.with(Condition::Tag(Named::holding("丙")));
    assert_eq!(tag.to_string(), "张三 阶段:AI面试 标签:甲 -标签:乙 标签:丙");
    let either = Query::parse("张三 OR 李四").unwrap().with(Condition::Folder("客户经理/AI面试".into()));
    assert_eq!(Query::parse(&either.to_string()).unwrap().to_string(), either.to_string());
    assert_eq!(either.folder(), ["客户经理", "AI面试"]);
}

#[test]
fn what_is_suggested_takes_the_place_of_the_mistake_alone() {
    for (typed, mended) in [
        ("客户经理 面试时间=2023年2月30日 AI得分>=80", "客户经理 面试时间=2023-02-28 AI得分>=80"),
        ("面试时间=2023-12..2023-10 张三", "面试时间=2023-10..2023-12 张三"),
        ("张三 岗为=风险", "张三 岗位=风险"),
        ("得分＝９０-80 张三", "得分＝80..90 张三"),
    ] {
        let mistake = Query::parse(typed).unwrap_err();
        assert_eq!(mistake.mended(typed).as_deref(), Some(mended), "{typed}");
    }
    assert_eq!(Query::parse("客户 \"经理").unwrap_err().mended("客户 \"经理"), None);
}

#[test]
fn a_folder_is_known_whether_it_stands_alone_or_not() {
    for typed in ["文件夹:客户经理/AI面试", "文件夹:客户经理/AI面试 张三"] {
        assert_eq!(Query::parse(typed).unwrap().folder(), ["客户经理", "AI面试"], "{typed}");
    }
    assert!(Query::parse("文件夹:甲 OR 文件夹:乙").unwrap().folder().is_empty());
}
