//! What is worth asking, and what is not.

use serde_json::json;

use super::*;

/// Materials of these contents, as they are stored.
fn materials(contents: Vec<serde_json::Value>) -> Vec<Material> {
    let material = |content| {
        serde_json::from_value(json!({
            "id": "mat_01HF7YAT00QDZVXW2ZJ3VHEF10", "candidate": "cnd_01HF7YAT00QDZVXW2ZJ3VHEF10",
            "application": "app_01HF7YAT00QDZVXW2ZJ3VHEF10", "content": content,
            "received_at": "2024-01-01T00:00:00Z", "revision": 1,
            "provenance": { "from": "upload", "by": "usr_01HF7YAT00QDZVXW2ZJ3VHEF10" },
        }))
        .unwrap()
    };
    contents.into_iter().map(material).collect()
}

fn interview() -> Interview {
    serde_json::from_value(json!({
        "id": "itv_01HF7YAT00QDZVXW2ZJ3VHEF10", "candidate": "cnd_01HF7YAT00QDZVXW2ZJ3VHEF10",
        "application": "app_01HF7YAT00QDZVXW2ZJ3VHEF10", "connection": "con_01HF7YAT00QDZVXW2ZJ3VHEF10",
        "vendor": "ribbon", "remote_id": "1", "synced_at": "2024-01-01T00:00:00Z",
        "questions": [
            { "text": "请介绍一下自己", "starts": 2.0 },
            { "text": "说说你的Python项目", "starts": 30.0 },
        ],
    }))
    .unwrap()
}

fn skill(name: &str, raw: f64, weak: &[&str]) -> serde_json::Value {
    json!({ "skill": name, "score": { "raw": raw, "scale": { "min": 0.0, "max": 100.0 } }, "weak_points": weak })
}

fn texts(found: &[Prompt]) -> Vec<String> {
    found.iter().map(|of| of.text(Language::Chinese)).collect()
}

#[test]
fn weak_skills_come_weakest_first_with_the_place_where_they_came_up() {
    let results =
        [skill("SQL", 65.0, &[]), skill("python", 40.0, &["装饰器", "并发"]), skill("Excel", 70.0, &[])];
    let found =
        prompts(Some(&interview()), &materials(vec![json!({ "skill_assessment": { "results": results } })]));
    assert_eq!(texts(&found), ["python仅 40 分，薄弱点：装饰器、并发", "SQL仅 65 分"]);
    assert_eq!(found.iter().map(|of| of.at).collect::<Vec<_>>(), [Some(30.0), None]);
    assert!(found.iter().all(|of| of.source == MaterialKind::SkillAssessment));
}

#[test]
fn tense_answers_come_once_for_each_question_and_lead_to_it() {
    let reading = |dimension: &str, value: f64, question: &str, starts: Option<f64>| json!({ "dimension": dimension, "value": value, "question": question, "starts": starts });
    let readings = [
        reading("紧张度", 72.0, "请介绍一下自己", Some(4.0)),
        reading("紧张度", 88.0, "说说你的Python项目", None),
        reading("紧张度", 80.0, "说说你的Python项目", Some(35.0)),
        reading("紧张度", 69.9, "为什么选择我们银行", Some(50.0)),
        reading("自信", 95.0, "为什么选择我们银行", Some(50.0)),
    ];
    let found = prompts(Some(&interview()), &materials(vec![json!({ "emotion": { "readings": readings } })]));
    let told: Vec<_> = found.iter().map(|of| (of.text(Language::English), of.at)).collect();
    assert_eq!(
        told,
        [
            ("Tension of 88 while answering “说说你的Python项目”".to_owned(), Some(30.0)),
            ("Tension of 72 while answering “请介绍一下自己”".to_owned(), Some(4.0)),
        ]
    );
}

#[test]
fn a_claim_is_bare_until_something_else_supports_it() {
    let report =
        json!({ "resume_report": { "matched_keywords": ["CFA证书", "银行从业经验", "Python", "风控"] } });
    let said = |speaker: &str, text: &str| json!({ "speaker": speaker, "text": text });
    let transcript = json!({ "transcript": { "utterances": [
        said("interviewer", "您有风控经验吗"), said("candidate", "我有三年银行从业经验"),
    ] } });
    let skills = json!({ "skill_assessment": { "results": [skill("Python基础", 90.0, &[])] } });
    let file = json!({ "supplement": {
        "blob": "00", "name": "cfa证书扫描件.pdf", "media_type": "application/pdf", "length": 1, "sha256": "00", "crc32": 0,
    } });
    let all = materials(vec![report.clone(), transcript, skills, file]);
    assert_eq!(
        texts(&prompts(None, &all)),
        ["简历提到“风控”，其他资料中没有佐证"],
        "what is asked is no evidence"
    );
    assert_eq!(prompts(None, &materials(vec![report])).len(), 4);
    assert!(prompts(None, &[]).is_empty());
}

#[test]
fn there_are_never_too_many() {
    let results: Vec<_> = (0..40).map(|n| skill(&format!("技能{n}"), f64::from(n), &[])).collect();
    let found = prompts(None, &materials(vec![json!({ "skill_assessment": { "results": results } })]));
    assert_eq!(found.len(), MOST);
}
