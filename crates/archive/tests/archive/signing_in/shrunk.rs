//! Sessions of those from whose roles something is taken.

use dossier_access::{Cell, Role, Sight};
use dossier_domain::{MaterialKind, Stage};
use dossier_testkit::TestResult;

use super::door::{Door, PASSWORD};

#[tokio::test]
async fn a_session_ends_when_something_is_taken_from_its_roles_and_not_otherwise() -> TestResult {
    let door = Door::new().await?;
    door.test.give_password("li", PASSWORD).await?;
    let admin = door.test.as_user("admin").await?;
    let cell = |stage, kind| Cell { role: Role::Interviewer, stage, kind };
    let (hr, before) = (door.enter("hr").await?, door.enter("li").await?);
    let more = [(cell(Stage::Offer, MaterialKind::ResumeReport), Sight::View)];
    door.test.archive.change_policy(&admin, &more, None).await?;
    assert!(door.resume(&before).await.is_ok(), "more is no reason to sign in again");
    let less = [(cell(Stage::AiInterview, MaterialKind::Video), Sight::Nothing)];
    door.test.archive.change_policy(&admin, &less, None).await?;
    assert!(door.resume(&before).await.is_err());
    assert!(door.resume(&hr).await.is_ok(), "nothing was taken from HR");
    let after = door.enter("li").await?;
    assert!(door.resume(&after).await.is_ok());
    let token = door.log("session_ended").await?;
    assert!(token.iter().any(|of| of.reason.as_ref().is_some_and(|why| why.as_str() == "rights_shrank")));
    Ok(())
}
