//! Two who change the same thing at the same time: one of them, or both, but never half of each.

use dossier_access::{Role, RoleSet};
use dossier_archive::{Arrival, ErrorKind, NewUser, SearchRequest};
use dossier_domain::text::{Login, PersonName};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::Credentials;

use crate::scripted::sittings;

#[tokio::test]
async fn two_administrators_do_not_suspend_each_other() -> TestResult {
    let test = TestArchive::new().await?;
    let admin = test.as_user("admin").await?;
    let other = Login::parse("other")?;
    let roles = RoleSet::from(Role::SystemAdministrator);
    test.archive
        .add_user(&admin, NewUser { login: other.clone(), name: PersonName::parse("other")?, roles })
        .await?;
    let other_admin = test.as_user("other").await?;
    let first = Login::parse("admin")?;
    let (one, two) = tokio::join!(
        test.archive.suspend_user(&admin, &other, true),
        test.archive.suspend_user(&other_admin, &first, true),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(one.err().or(two.err()).ok_or("both")?.kind(), ErrorKind::Conflict);
    Ok(())
}

#[tokio::test]
async fn settings_that_somebody_changed_meanwhile_are_not_overwritten() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    let before = test.archive.settings();
    let mut mine = (*before).clone();
    mine.tagging.clear();
    let mut theirs = (*before).clone();
    theirs.filing.levels.truncate(1);
    test.archive.change_settings(&hr, &before, theirs.clone()).await?;
    let refused = test.archive.change_settings(&hr, &before, mine).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Conflict);
    assert_eq!(*test.archive.settings(), theirs);
    Ok(())
}

#[tokio::test]
async fn two_connections_open_one_application_for_one_person_and_position() -> TestResult {
    let test = TestArchive::new().await?;
    let one = test.connection().await?;
    let other = test.connect("other", serde_json::json!({}), Credentials::key("unused")).await?;
    let mut all = sittings(40);
    let first = all.remove(0);
    let elsewhere = all.into_iter().find(|of| of.position != first.position).ok_or("one position")?.position;
    let mut somebody = sittings(40).swap_remove(20);
    somebody.position = elsewhere.clone();
    let there = [first.clone(), somebody].map(Arrival::from).to_vec();
    test.archive.ingest(&test.as_sync()?, one.id, there).await?;
    let second = dossier_vendor::Fetched { position: elsewhere, ..first };
    let (ctx, also) = (test.as_sync()?, test.as_sync()?);
    let mut renamed = second.clone();
    renamed.remote_id = "second-sitting".parse()?;
    let (a, b) = tokio::join!(
        test.archive.ingest(&ctx, one.id, vec![Arrival::from(renamed)]),
        test.archive.ingest(&also, other.id, vec![Arrival::from(second)]),
    );
    assert_eq!((a?.new, b?.new), (1, 1));
    let hr = test.as_user("hr").await?;
    let hits = test.archive.search(&hr, SearchRequest::default()).await?.hits;
    assert_eq!(hits.total, 3, "one of somebody else, and one for each position");
    Ok(())
}
