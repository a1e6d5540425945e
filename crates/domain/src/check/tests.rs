//! What claims come to.

use super::*;
use crate::{Content, Provenance, ResumeReport, Scale, Score, SkillAssessment, SkillResult, StoredFile};

fn line(text: &str) -> Line {
    Line::parse(text).unwrap()
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn material(n: u128, content: Content) -> Material {
    Material {
        id: MaterialId::new(at(), n),
        candidate: CandidateId::new(at(), 1),
        application: ApplicationId::new(at(), 1),
        interview: None,
        content,
        received_at: at(),
        provenance: Provenance::Upload { by: UserId::new(at(), 1) },
        revision: 1,
    }
}

fn report(claims: &[&str]) -> Material {
    let matched_keywords = claims.iter().map(|claim| line(claim)).collect();
    material(1, Content::ResumeReport(ResumeReport { score: None, matched_keywords, reasons: Vec::new() }))
}

fn file(n: u128, name: &str) -> Material {
    material(
        n,
        Content::Supplement(StoredFile {
            blob: String::new(),
            name: line(name),
            media_type: "application/pdf".to_owned(),
            length: 1,
            sha256: String::new(),
            crc32: 0,
            seconds: None,
        }),
    )
}

fn checked(claim: &str, verdict: Verdict, note: Option<&str>) -> Checked {
    let note = note.map(|note| Prose::parse(note).unwrap());
    Checked { claim: line(claim), verdict, note, evidence: None }
}

fn check() -> BackgroundCheck {
    BackgroundCheck::new(CandidateId::new(at(), 1), ApplicationId::new(at(), 1))
}

#[test]
fn claims_stand_beside_what_speaks_for_them() {
    let skills = SkillAssessment {
        results: vec![SkillResult {
            skill: SkillName::parse("Python编程").unwrap(),
            score: Score::new(84.0, Scale::PERCENT).unwrap(),
            wrong_answers: Vec::new(),
            weak_points: Vec::new(),
        }],
    };
    let materials = [
        report(&["python", "CFA证书", "银行从业经验", "CFA证书"]),
        material(2, Content::SkillAssessment(skills)),
        file(3, "张三-CFA证书.pdf"),
        file(4, "推荐信.pdf"),
    ];
    let by = UserId::new(at(), 1);
    let mut check = check();
    let letter = Checked {
        evidence: Some(vec![MaterialId::new(at(), 4)]),
        ..checked("银行从业经验", Verdict::Confirmed, None)
    };
    check.write(letter, by, at()).unwrap();
    check.write(checked("英语流利", Verdict::Contradicted, Some("电话中")), by, at()).unwrap();
    let found = claims(&materials, &check.findings);
    let texts: Vec<&str> = found.iter().map(|of| of.text.as_str()).collect();
    assert_eq!(texts, ["python", "CFA证书", "银行从业经验", "英语流利"]);
    assert_eq!(found[0].tested, [(SkillName::parse("Python编程").unwrap(), 84.0)]);
    assert_eq!(found[1].files, [MaterialId::new(at(), 3)]);
    assert_eq!(
        (found[2].verdict(), &found[2].files[..]),
        (Verdict::Confirmed, &[MaterialId::new(at(), 4)][..])
    );
    assert_eq!((found[3].is_reported, found[3].verdict()), (false, Verdict::Contradicted));
    assert_eq!(claims(&materials[1..], &[]), [], "who sees no report sees no claims of it");
}

#[test]
fn a_finding_is_written_anew_and_keeps_its_evidence() {
    let (mut check, by) = (check(), UserId::new(at(), 1));
    let evidence = Some(vec![MaterialId::new(at(), 4)]);
    let first = Checked { evidence, ..checked("CFA证书", Verdict::Open, Some(" ")) };
    assert_eq!(check.write(first, by, at()).unwrap().note, None);
    let second = check.write(checked("CFA证书", Verdict::Confirmed, Some("官网可查")), by, at()).unwrap();
    assert_eq!((second.revision, second.evidence.len(), check.findings.len()), (2, 1, 1));
}

#[test]
fn what_can_not_be_kept_says_why_and_changes_nothing() {
    let (mut check, by) = (check(), UserId::new(at(), 1));
    let long = "长".repeat(LONGEST_NOTE + 1);
    let many = Some(vec![MaterialId::new(at(), 1); MOST_EVIDENCE + 1]);
    for (wrong, error) in [
        (checked("a", Verdict::Contradicted, None), CheckError::NoNote),
        (checked("a", Verdict::Open, Some(&long)), CheckError::LongNote),
        (Checked { evidence: many, ..checked("a", Verdict::Open, None) }, CheckError::Evidence),
    ] {
        assert_eq!(check.write(wrong, by, at()), Err(error));
        assert!(check.findings.is_empty() && !error.to_string().is_empty());
    }
    for n in 0..MOST_CLAIMS {
        check.write(checked(&format!("{n}"), Verdict::Open, None), by, at()).unwrap();
    }
    assert_eq!(check.write(checked("more", Verdict::Open, None), by, at()), Err(CheckError::Claims));
    assert!(check.write(checked("0", Verdict::Confirmed, None), by, at()).is_ok());
}

#[test]
fn verdicts_are_found_by_their_names() {
    for verdict in Verdict::ALL {
        for name in [verdict.name(), verdict.label(Language::Chinese)] {
            assert_eq!(name.parse::<Verdict>().unwrap(), verdict);
        }
    }
    assert!("maybe".parse::<Verdict>().is_err());
}
