//! What stands in the pages, in both languages, and what can never stand there.

use dossier_domain::{EmotionProfile, Question, ResumeReport, SkillAssessment, Transcript};
use dossier_report::{Locale, pages::*};

use crate::sample::{self, SCRIPT, chinese, english, zhang};

/// The page without its style sheet, a tag a line, so that differences can be read.
fn readable(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    format!("{head}{body}").replace("><", ">\n<")
}

fn all(locale: Locale) -> [(&'static str, String); 5] {
    [
        ("index", index_html(locale, &sample::bundle())),
        ("transcript", transcript_html(locale, &zhang(), &sample::transcript(), &sample::questions())),
        ("resume_report", resume_report_html(locale, &zhang(), &sample::report())),
        ("skill_assessment", skill_assessment_html(locale, &zhang(), &sample::assessment())),
        ("emotion", emotion_html(locale, &zhang(), &sample::emotion())),
    ]
}

#[test]
fn pages_say_the_same_in_both_languages() {
    for (language, locale) in [("zh", chinese()), ("en", english())] {
        for (name, page) in all(locale) {
            insta::assert_snapshot!(format!("{name}_{language}"), readable(&page));
        }
    }
}

#[test]
fn what_is_missing_is_said() {
    let nobody = sample::subject(None, "柜员", None);
    let pages = [
        index_html(chinese(), &sample::empty()),
        transcript_html(chinese(), &nobody, &Transcript::default(), &[]),
        resume_report_html(
            chinese(),
            &nobody,
            &ResumeReport { score: None, matched_keywords: vec![], reasons: vec![] },
        ),
        skill_assessment_html(chinese(), &nobody, &SkillAssessment::default()),
        emotion_html(chinese(), &nobody, &EmotionProfile::default()),
    ];
    let texts = ["没有符合条件的候选人", "没有转写内容", "没有匹配的关键词", "没有测评结果", "没有情绪数据"];
    for (page, text) in pages.iter().zip(texts) {
        assert!(page.contains(text), "{text}");
        assert!(!page.contains("<table"), "no table without rows: {text}");
    }
    assert!(pages[0].contains("0 份应聘 · 0 个文件 · 0 B"));
    assert!(pages[1..].iter().all(|page| page.contains("（无姓名）")));
}

#[test]
fn texts_never_become_markup() {
    let subject = sample::subject(Some(SCRIPT), "a\"><img src=x>", None);
    let mut transcript = sample::transcript();
    transcript.utterances[0].text = SCRIPT.to_owned().try_into().unwrap();
    let question = Question { text: sample::line(SCRIPT), starts: None, ends: None };
    let mut emotion = sample::emotion();
    emotion.readings[0].dimension = SCRIPT.parse().unwrap();
    emotion.readings[0].source = Some(sample::line(SCRIPT));
    let mut assessment = sample::assessment();
    assessment.results[2].skill = SCRIPT.parse().unwrap();
    assessment.results[2].wrong_answers[0].question = sample::line(SCRIPT);
    let mut report = sample::report();
    report.matched_keywords = vec![sample::line(SCRIPT)];

    for page in [
        index_html(english(), &sample::hostile()),
        transcript_html(english(), &subject, &transcript, &[question]),
        emotion_html(english(), &subject, &emotion),
        skill_assessment_html(english(), &subject, &assessment),
        resume_report_html(english(), &subject, &report),
    ] {
        assert!(page.contains("&lt;script&gt;alert(1)"), "the text itself is shown");
        for markup in ["<script", "<img", "<b>", "\" onclick=", "href=\"javascript:"] {
            assert!(!page.contains(markup), "{markup} in {page}");
        }
    }
}

#[test]
fn pages_need_nothing_from_elsewhere() {
    for (name, page) in all(chinese()) {
        let elsewhere = page.replace("http://www.w3.org/2000/svg", "");
        for reference in ["http:", "https:", "src=", "url(", "@import", "<link"] {
            assert!(!elsewhere.contains(reference), "{reference} in {name}");
        }
    }
}

#[test]
fn a_question_stands_where_its_time_is_or_where_it_is_said() {
    let page = transcript_html(english(), &zhang(), &sample::transcript(), &sample::questions());
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    assert!(place("id=\"q2\"") < place("一是企业文化") && place("id=\"q2\"") > place("管理资产规模"));
    assert!(place("id=\"q3\"") < place("首先安抚") && place("id=\"q3\"") > place("一是企业文化"));
    assert!(!page.contains("id=\"q4\"") && page.contains("你对未来三年的职业规划是什么？"));
}

#[test]
fn readings_without_times_are_drawn_in_order() {
    let mut profile = sample::emotion();
    for (index, reading) in profile.readings.iter_mut().enumerate() {
        (reading.starts, reading.ends) = (None, Some(f64::NAN));
        if index == 0 {
            reading.value = f64::INFINITY;
        }
    }
    let page = emotion_html(english(), &zhang(), &profile);
    assert!(page.contains("number of the reading"));
    assert!(page.contains("紧张度: 7 readings from 22 to 55"), "the value that is none is left out");
    assert!(!page.contains("NaN") && !page.contains("inf<"));
}
