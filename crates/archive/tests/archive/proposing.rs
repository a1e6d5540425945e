//! Rules that are tried, proposed, applied by a person, or rejected.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use dossier_access::log::Outcome;
use dossier_archive::{Error, ErrorKind, LogFilter, NewProposal, ProposalView, scoring};
use dossier_domain::{
    Fate, Language, ProposalId, Scoring,
    text::{Line, PositionName},
};
use dossier_testkit::{TestArchive, TestResult};

use crate::reporting::bank;

fn managers() -> PositionName {
    PositionName::parse("客户经理").unwrap()
}

fn rule(mark: &str) -> Scoring {
    scoring(&[], mark).unwrap()
}

fn why() -> Line {
    Line::parse("试算支持 𠮷").unwrap()
}

async fn proposed(test: &TestArchive, mark: &str) -> TestResult<ProposalId> {
    let hr = test.as_user("hr").await?;
    let new = NewProposal { position: managers(), to: rule(mark), query: String::new(), reason: Some(why()) };
    Ok(test.archive.propose(&hr, new).await?.id)
}

#[tokio::test]
async fn a_rule_is_applied_by_a_person_who_says_why() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    let no_mark = NewProposal { position: managers(), to: rule("70"), query: String::new(), reason: None };
    let error = test.archive.propose(&hr, no_mark).await.unwrap_err();
    assert!(error.message(Language::Chinese).contains("分数线"), "there is nothing to compare with: {error}");
    test.archive.set_scoring(&hr, &managers(), rule("60")).await?;
    let before = test.archive.assessments(&hr, &managers()).await?;
    assert!(!before.is_empty());

    let (first, second) = (proposed(&test, "70").await?, proposed(&test, "80").await?);
    let of = |all: &[ProposalView], id| all.iter().find(|of| of.proposal.id == id).cloned().unwrap();
    let all = test.archive.proposals(&hr).await?;
    assert!(all.iter().all(|of| of.is_current && of.by.as_ref().is_some_and(|by| by.as_str() == "hr")));
    assert!(of(&all, first).proposal.revised.passed >= of(&all, second).proposal.revised.passed);
    // The search behind a number finds just those.
    for of in &all {
        for (passing, reach) in [(&of.former, of.proposal.former), (&of.revised, of.proposal.revised)] {
            let request = dossier_archive::SearchRequest {
                query: passing.found_by.to_string(),
                ..dossier_archive::SearchRequest::default()
            };
            assert_eq!(test.archive.search(&hr, request).await?.hits.total, reach.passed);
        }
    }

    let changed = test.archive.apply_proposal(&hr, first, why()).await?;
    assert_eq!(changed.scoring(), rule("70"));
    let again = test.archive.apply_proposal(&hr, first, why()).await.unwrap_err();
    assert!(matches!(again, Error::Decided), "{again}");
    // The position judges by another rule by now.
    let stale = test.archive.apply_proposal(&hr, second, why()).await.unwrap_err();
    assert!(matches!(stale, Error::Changed), "{stale}");
    test.archive.reject_proposal(&hr, second, Some(why())).await?;
    let all = test.archive.proposals(&hr).await?;
    assert!(
        matches!(&of(&all, second).proposal.fate, Fate::Rejected(decision) if decision.reason == Some(why()))
    );
    assert!(
        matches!(&of(&all, first).proposal.fate, Fate::Applied(decision) if decision.reason == Some(why()))
    );
    assert!(all.iter().all(|of| of.decided_by.is_some()));

    let auditor = test.as_user("auditor").await?;
    for (action, purpose) in [("apply_proposal", true), ("reject_proposal", true), ("propose", false)] {
        let filter = LogFilter { action: Some(action.into()), ..LogFilter::default() };
        let log = test.archive.log_records(&auditor, filter).await?;
        let done = log.records.iter().find(|record| record.entry.outcome == Outcome::Done).ok_or(action)?;
        assert_eq!(done.entry.purpose.is_some(), purpose, "{action}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_relies_on_what_they_saw_changes_nothing_that_is_newer() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    test.archive.set_scoring(&hr, &managers(), rule("60")).await?;
    let id = proposed(&test, "70").await?;
    let seen = test.archive.as_of_now(test.as_user("hr").await?).await?;
    // Somebody changes the position meanwhile, and back.
    test.archive.set_scoring(&hr, &managers(), rule("65")).await?;
    test.archive.set_scoring(&hr, &managers(), rule("60")).await?;
    let error = test.archive.apply_proposal(&seen, id, why()).await.unwrap_err();
    assert!(matches!(error, Error::Changed), "{error}");
    let position = test.archive.positions(&hr).await?.into_iter().find(|of| of.name == managers());
    assert_eq!(position.ok_or("gone")?.scoring(), rule("60"));
    test.archive.apply_proposal(&hr, id, why()).await?;
    Ok(())
}

#[tokio::test]
async fn nobody_else_proposes_or_decides() -> TestResult {
    let test = bank().await?;
    let hr = test.as_user("hr").await?;
    test.archive.set_scoring(&hr, &managers(), rule("60")).await?;
    let id = proposed(&test, "70").await?;
    for login in ["li", "checker", "auditor", "admin"] {
        let ctx = test.as_user(login).await?;
        let new = NewProposal { position: managers(), to: rule("80"), query: String::new(), reason: None };
        let denied = |error: Error| assert_eq!(error.kind(), ErrorKind::Denied, "{login}");
        denied(test.archive.propose(&ctx, new).await.unwrap_err());
        denied(test.archive.proposals(&ctx).await.unwrap_err());
        denied(test.archive.assessments(&ctx, &managers()).await.unwrap_err());
        denied(test.archive.apply_proposal(&ctx, id, why()).await.unwrap_err());
        denied(test.archive.reject_proposal(&ctx, id, None).await.unwrap_err());
    }
    let same = NewProposal { position: managers(), to: rule("60"), query: String::new(), reason: None };
    assert_eq!(test.archive.propose(&hr, same).await.unwrap_err().kind(), ErrorKind::Invalid);
    let mistaken = NewProposal { position: managers(), to: rule("61"), query: "(x".into(), reason: None };
    assert!(matches!(test.archive.propose(&hr, mistaken).await.unwrap_err(), Error::Query(_)));
    Ok(())
}
