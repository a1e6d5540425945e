//! What each role sees, and that nobody learns more.

use dossier_archive::{Error, ErrorKind, SearchRequest};
use dossier_domain::{ApplicationId, MaterialKind, text::TagName};
use dossier_search::Facet;
use dossier_testkit::{TestArchive, TestResult};

async fn archive() -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 40).await?;
    test.make_responsible("客户经理").await?;
    Ok(test)
}

fn query(text: &str) -> SearchRequest {
    let facets = vec![Facet::Position, Facet::Stage, Facet::Tag, Facet::Emotion, Facet::Folder(Vec::new())];
    SearchRequest { query: text.to_owned(), limit: Some(100), facets, ..SearchRequest::default() }
}

async fn one_of(test: &TestArchive, position: &str) -> TestResult<ApplicationId> {
    let hr = test.as_user("hr").await?;
    let found = test.archive.search(&hr, query(&format!("岗位={position}"))).await?;
    Ok(found.hits.hits.first().ok_or("nobody")?.application)
}

#[tokio::test]
async fn an_interviewer_finds_own_positions_and_no_trace_of_others() -> TestResult {
    let test = archive().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let all = test.archive.search(&hr, query("")).await?.hits;
    let own = test.archive.search(&li, query("")).await?.hits;
    assert_eq!(all.total, 40);
    assert!(own.total > 0 && own.total < all.total);
    assert!(own.hits.iter().all(|hit| hit.position_name.as_str() == "客户经理"));
    assert_eq!(test.archive.search(&li, query("岗位=风险控制")).await?.hits.total, 0);
    let folders = test.archive.folders(&li, Vec::new()).await?;
    assert_eq!(folders, [("客户经理".to_owned(), own.total)]);
    Ok(())
}

#[tokio::test]
async fn another_positions_application_looks_exactly_like_none() -> TestResult {
    let test = archive().await?;
    let li = test.as_user("li").await?;
    let other = one_of(&test, "风险控制").await?;
    let absent = ApplicationId::from_bytes([7; 16]);
    let denied = test.archive.show(&li, other).await.unwrap_err();
    let missing = test.archive.show(&li, absent).await.unwrap_err();
    let anonymous = |error: &Error, id: ApplicationId| format!("{error:?}").replace(&id.to_string(), "ID");
    assert_eq!(anonymous(&denied, other), anonymous(&missing, absent));
    assert_eq!(denied.kind(), ErrorKind::NotFound);
    assert!(test.archive.show(&li, one_of(&test, "客户经理").await?).await.is_ok());
    Ok(())
}

#[tokio::test]
async fn an_interviewer_views_but_neither_changes_nor_takes_away() -> TestResult {
    let test = archive().await?;
    let li = test.as_user("li").await?;
    let own = one_of(&test, "客户经理").await?;
    let tag = [TagName::parse("高潜力")?];
    assert_eq!(test.archive.tag(&li, &[own], &tag, &[]).await.unwrap_err().kind(), ErrorKind::Denied);
    let view = test.archive.show(&li, own).await?;
    assert_eq!(view.identity.phone, None);
    assert!(view.identity.name.is_some());
    assert!(view.materials.iter().any(|of| of.kind() == MaterialKind::Emotion));
    Ok(())
}

#[tokio::test]
async fn a_checker_without_a_case_and_those_who_see_no_materials_find_nothing() -> TestResult {
    let test = archive().await?;
    let checker = test.as_user("checker").await?;
    assert_eq!(test.archive.search(&checker, query("")).await?.hits.total, 0);
    for login in ["auditor", "admin"] {
        let ctx = test.as_user(login).await?;
        let error = test.archive.search(&ctx, query("")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Denied, "{login}");
        let own = one_of(&test, "客户经理").await?;
        assert_eq!(test.archive.show(&ctx, own).await.unwrap_err().kind(), ErrorKind::NotFound, "{login}");
    }
    Ok(())
}

#[tokio::test]
async fn rights_end_with_the_position() -> TestResult {
    let test = archive().await?;
    let hr = test.as_user("hr").await?;
    test.archive.close_position(&hr, &"客户经理".parse()?, true).await?;
    let li = test.as_user("li").await?;
    assert_eq!(test.archive.search(&li, query("")).await?.hits.total, 0);
    Ok(())
}

#[tokio::test]
async fn nobody_grants_to_themselves_and_duties_stay_apart() -> TestResult {
    use dossier_access::{Role, RoleSet};
    let test = TestArchive::new().await?;
    let admin = test.as_user("admin").await?;
    let own = test.archive.set_roles(&admin, &"admin".parse()?, RoleSet::from(Role::HrAdministrator)).await;
    assert_eq!(own.unwrap_err().kind(), ErrorKind::Denied);
    let last = test.archive.suspend_user(&admin, &"auditor".parse()?, true).await;
    assert_eq!(last.unwrap_err().kind(), ErrorKind::Denied);
    assert!(RoleSet::new([Role::Auditor, Role::HrAdministrator]).is_err());
    let hr = test.as_user("hr").await?;
    assert_eq!(test.archive.users(&hr).await.unwrap_err().kind(), ErrorKind::Denied);
    Ok(())
}

/// The filter of the search and the decision function are two readings of one policy: whoever asks, in whatever stages
/// the applications stand, the hits are exactly the applications that may be viewed.
#[tokio::test]
async fn what_a_search_finds_is_exactly_what_may_be_viewed() -> TestResult {
    use dossier_access::{Action, Resource};
    use dossier_archive::Move;
    use dossier_domain::{Stage, text::Line};
    let test = archive().await?;
    let hr = test.as_user("hr").await?;
    let all = test.archive.search(&hr, query("")).await?.hits.hits;
    for (number, hit) in all.iter().enumerate() {
        let to = Stage::ALL[number % Stage::ALL.len()];
        if to != hit.stage {
            let reason = Some(Line::parse("测试")?);
            test.archive.move_to(&hr, hit.application, &Move::to(to).because(reason)).await?;
        }
    }
    let mut seen = Vec::new();
    for login in ["hr", "li", "checker"] {
        let ctx = test.as_user(login).await?;
        let found = test.archive.search(&ctx, query("")).await?.hits;
        let found: Vec<_> = found.hits.iter().map(|hit| hit.application).collect();
        for (number, hit) in all.iter().enumerate() {
            let stage = Stage::ALL[number % Stage::ALL.len()];
            let resource = Resource::Application { position: hit.position, stage };
            let may = ctx.decide(Action::ViewApplication, &resource).is_allowed();
            assert_eq!(found.contains(&hit.application), may, "{login} {stage} {}", hit.position_name);
            assert_eq!(test.archive.show(&ctx, hit.application).await.is_ok(), may, "{login} {stage}");
        }
        seen.push(found.len());
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    Ok(())
}

#[tokio::test]
async fn a_checker_sees_neither_emotion_nor_video_nor_what_tells_of_them() -> TestResult {
    use dossier_archive::Move;
    use dossier_domain::Stage;
    let test = archive().await?;
    let (hr, checker) = (test.as_user("hr").await?, test.as_user("checker").await?);
    let positive = test.archive.search(&hr, query("情绪=积极")).await?.hits.hits;
    for hit in &positive {
        test.archive.move_to(&hr, hit.application, &Move::to(Stage::BackgroundCheck)).await?;
    }
    let seen = test.archive.search(&checker, query("")).await?.hits;
    assert_eq!(seen.total as usize, positive.len());
    assert!(seen.hits.iter().all(|hit| hit.emotion.is_none()));
    assert!(seen.hits.iter().flat_map(|hit| &hit.tags).all(|tag| !tag.as_str().contains("情绪")));
    assert_eq!(test.archive.search(&checker, query("情绪=积极")).await?.hits.total, 0);
    assert_eq!(test.archive.search(&checker, query("-情绪=积极")).await?.hits.total, seen.total);
    let view = test.archive.show(&checker, seen.hits[0].application).await?;
    let hidden = [MaterialKind::Emotion, MaterialKind::Video, MaterialKind::Transcript];
    assert!(view.materials.iter().all(|of| !hidden.contains(&of.kind())));
    assert!(view.emotion.is_none() && view.interviews.iter().all(|of| of.emotion.is_none()));
    Ok(())
}

#[tokio::test]
async fn rights_are_explained_by_the_function_that_decides() -> TestResult {
    use dossier_access::{Action, Reason};
    use dossier_domain::{
        Stage,
        text::{Login, PositionName},
    };
    let test = archive().await?;
    let (hr, li) = (test.as_user("hr").await?, Login::parse("li")?);
    let explain = async |position: &str| {
        let position = PositionName::parse(position)?;
        let rights = test.archive.explain_rights(&hr, &li, &position, Stage::HumanInterview).await?;
        TestResult::Ok(rights.actions.into_iter().collect::<std::collections::BTreeMap<_, _>>())
    };
    let own = explain("客户经理").await?;
    assert_eq!(own[&Action::ViewMaterial(MaterialKind::Video)], None);
    assert_eq!(own[&Action::DownloadMaterial(MaterialKind::Video)], Some(Reason::ViewOnly));
    let other = explain("风险控制").await?;
    assert_eq!(other[&Action::ViewMaterial(MaterialKind::Video)], Some(Reason::OtherPosition));
    let by_li = test.as_user("li").await?;
    let position = PositionName::parse("客户经理")?;
    let denied = test.archive.explain_rights(&by_li, &li, &position, Stage::Offer).await.unwrap_err();
    assert_eq!(denied.kind(), ErrorKind::Denied);
    Ok(())
}

#[tokio::test]
async fn a_look_that_lasts_ends_with_the_right_to_it() -> TestResult {
    let test = TestArchive::new().await?;
    let server = dossier_simulator::RibbonServer::start(
        dossier_simulator::Bank::generate(dossier_simulator::BankOptions {
            candidates: 6,
            ..Default::default()
        }),
        dossier_simulator::Behaviour::default(),
    )
    .await?;
    test.connect_to(&server).await?;
    let hr = test.as_user("hr").await?;
    test.archive.sync(&hr, "ribbon", dossier_archive::SyncMode::Full, &|_| {}).await?;
    let hit = test.archive.search(&hr, query("")).await?.hits.hits.remove(0);
    test.make_responsible(hit.position_name.as_str()).await?;
    let li = test.as_user("li").await?;
    let view = test.archive.show(&li, hit.application).await?;
    let video = view.materials.iter().find(|of| of.kind() == MaterialKind::Video).ok_or("no video")?.id;
    test.archive.still_allowed(&li, hit.application, video, false).await?;
    let taken = test.archive.still_allowed(&li, hit.application, video, true).await.unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::Denied, "who looks does not take away");
    let (position, login) = (&hit.position_name, dossier_domain::text::Login::parse("li")?);
    test.archive.set_interviewer(&hr, position, &login, false).await?;
    let li = test.as_user("li").await?;
    let refused = test.archive.still_allowed(&li, hit.application, video, false).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::NotFound);
    Ok(())
}
