//! A made-up bundle, and one that means harm.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId, BankZone, EmotionProfile, EmotionReading, Language, MaterialKind, Question, ResumeReport,
    Scale, Score, SkillAssessment, SkillResult, Speaker, Stage, Transcript, Utterance, WrongAnswer,
    text::{Dimension, Line, Login, PersonName, PositionName, Prose, SkillName, TagName},
};
use dossier_report::{Bundle, BundleFile, BundleRow, Locale, Subject};

pub(crate) fn chinese() -> Locale {
    Locale::default()
}

pub(crate) fn english() -> Locale {
    Locale { language: Language::English, zone: BankZone::default() }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn prose(text: &str) -> Prose {
    Prose::parse(text).unwrap()
}

pub(crate) fn subject(name: Option<&str>, position: &str, began: Option<&str>) -> Subject {
    Subject {
        candidate: name.map(|name| PersonName::parse(name).unwrap()),
        position: PositionName::parse(position).unwrap(),
        interviewed_at: began.map(at),
    }
}

pub(crate) fn zhang() -> Subject {
    subject(Some("张三"), "客户经理", Some("2023-10-31T16:30:00Z"))
}

fn row(number: u128, subject: Subject, stage: Stage, score: Option<Score>, tags: &[&str]) -> BundleRow {
    BundleRow {
        application: ApplicationId::new(at("2023-10-01T00:00:00Z"), number),
        subject,
        stage,
        score,
        tags: tags.iter().map(|tag| TagName::parse(tag).unwrap()).collect(),
        files: Vec::new(),
    }
}

fn file(kind: MaterialKind, path: &str, bytes: u64) -> BundleFile {
    BundleFile { kind, path: path.to_owned(), bytes }
}

/// Four applications: whole, half, on another scale, and one of which hardly anything is known.
pub(crate) fn bundle() -> Bundle {
    use MaterialKind::{Emotion, ResumeReport, SkillAssessment, Supplement, Transcript, Video};
    let mut whole = row(
        1,
        zhang(),
        Stage::HumanInterview,
        Some(Score::percent(85.0).unwrap()),
        &["AI得分85", "情绪积极", "高潜力"],
    );
    let folder = "客户经理/张三-2023-11-01";
    whole.files = vec![
        file(Video, &format!("{folder}/面试视频.mp4"), 184_320_512),
        file(Transcript, &format!("{folder}/语音转文字.html"), 18_211),
        file(Emotion, &format!("{folder}/情绪分析.html"), 22_904),
        file(SkillAssessment, &format!("{folder}/技能测评.html"), 12_001),
        file(ResumeReport, &format!("{folder}/简历筛选报告.html"), 9_402),
        file(Supplement, &format!("{folder}/CFA证书 100%.pdf"), 402_118),
    ];
    let mut half = row(
        2,
        subject(Some("欧阳晓雯"), "风险控制", Some("2023-10-12T01:30:00Z")),
        Stage::AiInterview,
        Some(Score::percent(76.5).unwrap()),
        &["Python技能优秀"],
    );
    half.files = vec![
        file(Video, "风险控制/欧阳晓雯-2023-10-12/面试视频.mp4", 96_115_004),
        file(Transcript, "风险控制/欧阳晓雯-2023-10-12/语音转文字.html", 15_100),
    ];
    let scale = Scale::new(0.5, 5.0).unwrap();
    let scaled = row(
        3,
        subject(Some("Alexandra Papadopoulos-Hughes"), "Relationship manager", Some("2023-10-20T06:00:00Z")),
        Stage::Offer,
        Some(Score::new(4.2, scale).unwrap()),
        &["英语流利", "情绪积极", "AI得分82", "海外经历", "可立即到岗"],
    );
    let unknown = row(4, subject(None, "软件开发工程师", None), Stage::ResumeScreening, None, &[]);
    Bundle { rows: vec![whole, half, scaled, unknown], ..empty() }
}

pub(crate) fn empty() -> Bundle {
    use MaterialKind::{Emotion, ResumeReport, SkillAssessment, Transcript, Video};
    Bundle {
        made_at: at("2023-11-08T02:30:00Z"),
        made_by: Login::parse("wang.li").unwrap(),
        query: "岗位=客户经理,风险控制 面试时间=2023年10月 AI得分≥75".to_owned(),
        reason: line("十一月第二周人工面试准备"),
        contents: vec![Video, Transcript, Emotion, SkillAssessment, ResumeReport],
        rows: Vec::new(),
    }
}

pub(crate) const SCRIPT: &str = "<script>alert(1)</script>";
pub(crate) const FORMULA: &str = "=1+1";

/// Every text is markup or a formula.
pub(crate) fn hostile() -> Bundle {
    let mut row =
        row(5, subject(Some(SCRIPT), FORMULA, None), Stage::Hired, None, &["\" onclick=\"x", "@SUM(1)"]);
    row.files = vec![file(MaterialKind::Supplement, "javascript:alert(1)//\"><img src=x>.pdf", 1)];
    Bundle {
        made_by: Login::parse("<b>me</b>").unwrap(),
        query: "</code><script>alert(2)</script>".to_owned(),
        reason: line("+HYPERLINK(\"http://x\")"),
        rows: vec![row],
        ..empty()
    }
}

fn said(speaker: Speaker, starts: f64, text: &str) -> Utterance {
    Utterance { speaker, starts: Some(starts), ends: None, text: prose(text) }
}

pub(crate) fn questions() -> Vec<Question> {
    let question = |text, starts, ends| Question { text: line(text), starts, ends };
    vec![
        question("请做一个简短的自我介绍。", Some(0.0), Some(48.0)),
        question("为什么选择我们银行？", Some(50.0), Some(128.0)),
        question("客户投诉理财产品亏损时，你会怎么处理？", None, None),
        question("你对未来三年的职业规划是什么？", None, None),
    ]
}

pub(crate) fn transcript() -> Transcript {
    use Speaker::{Candidate, Interviewer};
    Transcript {
        utterances: vec![
            said(Interviewer, 0.0, "您好，欢迎参加本次AI面试。请做一个简短的自我介绍。"),
            said(
                Candidate,
                9.4,
                "您好，我叫张三，毕业于中央财经大学金融学专业，之后在一家股份制银行做了三年客户经理，主要负责中小企业客户，管理资产规模约3.2亿元。",
            ),
            said(Interviewer, 50.2, "为什么选择我们银行？"),
            said(
                Candidate,
                55.0,
                "主要有两点：一是企业文化，贵行一直强调“以客户为中心”；二是发展前景，贵行在普惠金融和数字化方面的投入很大，与我的经验吻合。",
            ),
            said(Interviewer, 130.0, "谢谢。客户投诉理财产品亏损时，你会怎么处理？"),
            said(
                Candidate,
                137.0,
                "首先安抚客户的情绪，认真倾听；\n然后核对购买时的风险测评与双录资料；\n最后给出书面答复，并在三个工作日内回访。",
            ),
        ],
    }
}

pub(crate) fn report() -> ResumeReport {
    ResumeReport {
        score: Some(Score::percent(88.0).unwrap()),
        matched_keywords: ["银行从业经验", "CFA证书", "中小企业客户", "普惠金融"].map(line).to_vec(),
        reasons: [
            "三年股份制银行客户经理经验，与岗位要求高度匹配。",
            "持有CFA二级证书，具备较强的资产配置能力。",
            "近一年内更换过一次工作，建议在人工面试中了解原因。",
        ]
        .map(prose)
        .to_vec(),
    }
}

pub(crate) fn assessment() -> SkillAssessment {
    let result = |skill, score| SkillResult {
        skill: SkillName::parse(skill).unwrap(),
        score,
        wrong_answers: Vec::new(),
        weak_points: Vec::new(),
    };
    let percent = |value| Score::percent(value).unwrap();
    let mut python = result("Python", percent(62.0));
    python.weak_points = ["异常处理", "pandas 数据透视"].map(line).to_vec();
    python.wrong_answers = vec![WrongAnswer {
        question: line("以下代码的输出是什么？print([1, 2] * 2 < [1, 3])"),
        answer: prose("False"),
        explanation: prose(
            "列表按元素逐一比较：[1, 2, 1, 2] 与 [1, 3] 的第二个元素 2 < 3，因此结果为 True。",
        ),
    }];
    let scaled = Score::new(4.4, Scale::new(0.5, 5.0).unwrap()).unwrap();
    SkillAssessment {
        results: vec![result("客户沟通模拟测评", percent(91.0)), result("金融知识", scaled), python],
    }
}

pub(crate) fn emotion() -> EmotionProfile {
    let values = [
        ("紧张度", [62.0, 55.0, 41.0, 48.0, 30.0, 26.0, 33.0, 22.0]),
        ("积极度", [48.0, 55.0, 66.0, 71.0, 69.0, 78.0, 74.0, 82.0]),
        ("自信", [40.0, 46.0, 58.0, 52.0, 63.0, 70.0, 66.0, 75.0]),
    ];
    let reading = |dimension: &str, index: usize, value: f64| EmotionReading {
        dimension: Dimension::parse(dimension).unwrap(),
        value,
        question: Some(questions()[index / 2].text.clone()),
        starts: Some(index as f64 * 25.0),
        ends: Some(index as f64 * 25.0 + 25.0),
        modality: Some(line("面部、语音")),
        source: Some(line("emo-v3.1")),
    };
    let readings = (0..8).flat_map(|index| values.map(|(name, values)| reading(name, index, values[index])));
    EmotionProfile { readings: readings.collect() }
}
