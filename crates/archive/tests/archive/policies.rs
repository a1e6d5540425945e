//! The table of who sees which materials: decided within limits, and followed at once wherever something is shown.

use dossier_access::{Cell, Role, Sight};
use dossier_archive::{ErrorKind, FetchRequest, Move, SearchRequest};
use dossier_domain::{ApplicationId, Language, MaterialKind, Stage, text::Line};
use dossier_testkit::{TestArchive, TestResult};

async fn archive() -> TestResult<(TestArchive, ApplicationId)> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 20).await?;
    test.make_responsible("客户经理").await?;
    let found = found(&test, "hr", "岗位==客户经理 资料=情绪分析").await?;
    Ok((test, *found.first().ok_or("nobody")?))
}

async fn found(test: &TestArchive, login: &str, query: &str) -> TestResult<Vec<ApplicationId>> {
    let ctx = test.as_user(login).await?;
    let request = SearchRequest { query: query.to_owned(), limit: Some(100), ..SearchRequest::default() };
    Ok(test.archive.search(&ctx, request).await?.hits.hits.iter().map(|hit| hit.application).collect())
}

fn cell(role: Role, stage: Stage, kind: MaterialKind) -> Cell {
    Cell { role, stage, kind }
}

async fn decide(test: &TestArchive, cells: &[(Cell, Sight)]) -> TestResult<Result<u32, ErrorKind>> {
    let admin = test.as_user("admin").await?;
    let changed = test.archive.change_policy(&admin, cells, None).await;
    Ok(changed.map(|policy| policy.revision).map_err(|error| error.kind()))
}

async fn kinds(test: &TestArchive, login: &str, id: ApplicationId) -> TestResult<Vec<MaterialKind>> {
    let ctx = test.as_user(login).await?;
    Ok(test.archive.show(&ctx, id).await?.materials.iter().map(|of| of.kind()).collect())
}

#[tokio::test]
async fn what_is_decided_holds_at_once_in_dossiers_searches_and_downloads() -> TestResult {
    let (test, id) = archive().await?;
    let emotion = cell(Role::Interviewer, Stage::AiInterview, MaterialKind::Emotion);
    assert!(kinds(&test, "li", id).await?.contains(&MaterialKind::Emotion));
    assert!(found(&test, "li", "资料=情绪分析").await?.contains(&id));
    assert_eq!(decide(&test, &[(emotion, Sight::Nothing)]).await?, Ok(1));
    assert!(!kinds(&test, "li", id).await?.contains(&MaterialKind::Emotion));
    assert!(!found(&test, "li", "资料=情绪分析").await?.contains(&id), "the scope follows");
    assert!(found(&test, "li", "").await?.contains(&id));
    assert!(
        kinds(&test, "hr", id).await?.contains(&MaterialKind::Emotion),
        "other roles keep what they have"
    );

    let video = cell(Role::HrAdministrator, Stage::AiInterview, MaterialKind::Video);
    let hr = test.as_user("hr").await?;
    let fetch = |contents: &[MaterialKind]| FetchRequest {
        query: "岗位==客户经理".to_owned(),
        sort: None,
        only: vec![id],
        limit: None,
        contents: contents.to_vec(),
        reason: Line::parse("test").unwrap_or_else(|_| unreachable!()),
        language: Language::Chinese,
    };
    let both = [MaterialKind::ResumeReport, MaterialKind::Emotion];
    assert!(test.archive.fetch(&hr, fetch(&both)).await.is_ok());
    let taken = cell(Role::HrAdministrator, Stage::AiInterview, MaterialKind::Emotion);
    assert!(decide(&test, &[(video, Sight::View), (taken, Sight::View)]).await?.is_ok());
    let hr = test.as_user("hr").await?;
    let refused = test.archive.fetch(&hr, fetch(&both)).await.err().ok_or("it was fetched")?;
    assert_eq!(refused.kind(), ErrorKind::Denied, "what may only be viewed is in no ZIP");
    assert!(test.archive.fetch(&hr, fetch(&both[..1])).await.is_ok());

    // All of a stage taken away is an application that does not exist.
    let all =
        MaterialKind::ALL.map(|kind| (cell(Role::Interviewer, Stage::AiInterview, kind), Sight::Nothing));
    assert!(decide(&test, &all).await?.is_ok());
    let li = test.as_user("li").await?;
    assert_eq!(test.archive.show(&li, id).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!found(&test, "li", "").await?.contains(&id));
    Ok(())
}

#[tokio::test]
async fn a_stage_that_is_opened_to_a_role_shows_and_lets_nothing_else_be_done() -> TestResult {
    let (test, id) = archive().await?;
    let hr = test.as_user("hr").await?;
    test.archive.move_to(&hr, id, &Move::to(Stage::Offer)).await?;
    assert!(!found(&test, "li", "").await?.contains(&id));
    let report = cell(Role::Interviewer, Stage::Offer, MaterialKind::ResumeReport);
    assert!(decide(&test, &[(report, Sight::View)]).await?.is_ok());
    assert!(found(&test, "li", "").await?.contains(&id));
    assert_eq!(kinds(&test, "li", id).await?, [MaterialKind::ResumeReport]);
    let li = test.as_user("li").await?;
    let judged = test.archive.write_scorecard(&li, id, Default::default(), None, false).await;
    assert!(judged.is_err(), "scorecards belong to the interviews");
    let (admin, login, position) = (test.as_user("admin").await?, "li".parse()?, "客户经理".parse()?);
    let rights = test.archive.explain_rights(&admin, &login, &position, Stage::Offer);
    let rights = rights.await?;
    let allowed = |action| rights.actions.iter().any(|(of, reason)| *of == action && reason.is_none());
    assert!(
        allowed(dossier_access::Action::ViewMaterial(MaterialKind::ResumeReport)),
        "the simulator shows it"
    );
    assert!(!allowed(dossier_access::Action::ViewMaterial(MaterialKind::Video)));
    Ok(())
}

#[tokio::test]
async fn what_nobody_may_decide_is_refused_and_changes_nothing() -> TestResult {
    let (test, id) = archive().await?;
    let allowed = (cell(Role::Interviewer, Stage::Offer, MaterialKind::Video), Sight::View);
    for (role, stage, kind, sight) in [
        (Role::BackgroundChecker, Stage::BackgroundCheck, MaterialKind::Video, Sight::View),
        (Role::BackgroundChecker, Stage::BackgroundCheck, MaterialKind::Emotion, Sight::View),
        (Role::BackgroundChecker, Stage::AiInterview, MaterialKind::ResumeReport, Sight::View),
        (Role::Interviewer, Stage::AiInterview, MaterialKind::Video, Sight::Download),
        (Role::Interviewer, Stage::Rejected, MaterialKind::Video, Sight::View),
        (Role::SystemAdministrator, Stage::Offer, MaterialKind::ResumeReport, Sight::View),
        (Role::Auditor, Stage::Offer, MaterialKind::ResumeReport, Sight::View),
    ] {
        let refused = decide(&test, &[allowed, (cell(role, stage, kind), sight)]).await?;
        assert_eq!(refused, Err(ErrorKind::Invalid), "{role} {stage} {kind}");
    }
    let admin = test.as_user("admin").await?;
    assert_eq!(test.archive.policy(&admin).await?.revision, 0);
    assert_eq!(decide(&test, &[]).await?, Ok(0));
    for login in ["hr", "li", "checker", "auditor"] {
        let ctx = test.as_user(login).await?;
        let denied = test.archive.change_policy(&ctx, &[allowed], None).await.unwrap_err();
        assert_eq!(denied.kind(), ErrorKind::Denied, "{login}");
    }
    assert_eq!(decide(&test, &[allowed]).await?, Ok(1));
    let stale =
        test.archive.change_policy(&admin, &[(allowed.0, Sight::Nothing)], Some(0)).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Conflict);
    assert!(test.archive.show(&admin, id).await.is_err());
    Ok(())
}
