//! Scorecards: who writes them, who sees them when, and what they say together.

use dossier_access::{Context, Role, RoleSet};
use dossier_archive::{ApplicationView, Error, ErrorKind, Move, NewUser, Progress, SearchRequest};
use dossier_domain::{
    ApplicationId, Judgement, Language, Mark, Note, Recommendation, Scale, Score, Stage,
    text::{Line, Login, PersonName, Prose},
};
use dossier_testkit::{TestArchive, TestResult};

/// A bank with two interviewers of 客户经理, and one of its applications in the human interview.
async fn archive() -> TestResult<(TestArchive, ApplicationId)> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 12).await?;
    set_interviewers(&test).await?;
    let hr = test.as_user("hr").await?;
    let id = one_of(&test, "客户经理").await?;
    test.archive.move_to(&hr, id, &Move::to(Stage::HumanInterview)).await?;
    Ok((test, id))
}

/// Makes `li` and a colleague, `wang`, the interviewers of 客户经理.
pub(crate) async fn set_interviewers(test: &TestArchive) -> TestResult {
    test.make_responsible("客户经理").await?;
    let admin = test.as_user("admin").await?;
    let wang = Login::parse("wang")?;
    let new = NewUser {
        login: wang.clone(),
        name: PersonName::parse("王敏")?,
        roles: RoleSet::new([Role::Interviewer])?,
    };
    test.archive.add_user(&admin, new).await?;
    let hr = test.as_user("hr").await?;
    test.archive.set_interviewer(&hr, &"客户经理".parse()?, &wang, true).await?;
    Ok(())
}

async fn one_of(test: &TestArchive, position: &str) -> TestResult<ApplicationId> {
    let hr = test.as_user("hr").await?;
    let query = format!("岗位={position} 阶段=AI面试");
    let found = test.archive.search(&hr, SearchRequest { query, ..SearchRequest::default() }).await?;
    Ok(found.hits.hits.first().ok_or("nobody")?.application)
}

/// A whole judgement: each criterion has this score.
pub(crate) fn judgement(points: f64, recommendation: Recommendation) -> TestResult<Judgement> {
    let mark = |criterion| Ok(Mark { criterion, score: Score::new(points, Scale::FIVE)? });
    let criteria = dossier_domain::default_criteria(Language::Chinese);
    Ok(Judgement {
        marks: criteria.into_iter().map(mark).collect::<Result<_, dossier_domain::score::ScoreError>>()?,
        recommendation: Some(recommendation),
        summary: Prose::parse("基础扎实")?,
        notes: vec![Note { at: Some(12.5), text: Line::parse("举例具体")? }],
    })
}

fn draft() -> Judgement {
    Judgement { summary: Prose::parse("先记一笔").unwrap_or_default(), ..Judgement::default() }
}

async fn seen(test: &TestArchive, login: &str, id: ApplicationId) -> TestResult<ApplicationView> {
    Ok(test.archive.show(&test.as_user(login).await?, id).await?)
}

async fn users(test: &TestArchive) -> TestResult<(Context, Context)> {
    Ok((test.as_user("li").await?, test.as_user("wang").await?))
}

#[tokio::test]
async fn colleagues_see_one_anothers_scorecards_once_both_are_handed_in() -> TestResult {
    let (test, id) = archive().await?;
    let (li, wang) = users(&test).await?;
    test.archive.write_scorecard(&wang, id, judgement(4.0, Recommendation::For)?, Some(0), true).await?;
    assert!(seen(&test, "li", id).await?.scorecards.is_empty(), "nothing of it, not even that it is there");
    test.archive.write_scorecard(&li, id, draft(), Some(0), false).await?;
    let view = seen(&test, "li", id).await?;
    assert_eq!(view.scorecards.len(), 1, "one's own draft alone");
    assert_eq!(view.agreement(), None);
    assert_eq!(seen(&test, "wang", id).await?.scorecards.len(), 1, "no draft of a colleague");
    test.archive.write_scorecard(&li, id, judgement(2.0, Recommendation::Against)?, Some(1), true).await?;
    for login in ["li", "wang"] {
        assert_eq!(seen(&test, login, id).await?.scorecards.len(), 2, "{login}");
    }
    Ok(())
}

#[tokio::test]
async fn hr_sees_all_scorecards_and_how_far_people_and_ai_agree() -> TestResult {
    let (test, id) = archive().await?;
    let (li, wang) = users(&test).await?;
    test.archive.write_scorecard(&li, id, draft(), None, false).await?;
    test.archive.write_scorecard(&wang, id, judgement(5.0, Recommendation::For)?, None, true).await?;
    let view = seen(&test, "hr", id).await?;
    assert_eq!(view.scorecards.len(), 2);
    let agreement = view.agreement().ok_or("nothing was handed in")?;
    assert_eq!((agreement.people, agreement.in_favour, agreement.mean), (1, 1, Some(100.0)));
    assert_eq!(agreement.ai, view.score.map(Score::normalised));
    let mut names: Vec<_> = view.people.values().map(PersonName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["li", "王敏"]);
    let hr = test.as_user("hr").await?;
    let refused = test.archive.write_scorecard(&hr, id, draft(), None, false).await.unwrap_err();
    assert!(matches!(refused, Error::NotToBeJudged), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn no_one_else_sees_a_scorecard() -> TestResult {
    let (test, id) = archive().await?;
    let (li, hr) = (test.as_user("li").await?, test.as_user("hr").await?);
    test.archive.write_scorecard(&li, id, judgement(5.0, Recommendation::For)?, None, true).await?;
    test.archive.move_to(&hr, id, &Move::to(Stage::BackgroundCheck)).await?;
    assert!(seen(&test, "checker", id).await?.scorecards.is_empty());
    assert_eq!(seen(&test, "hr", id).await?.scorecards.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_candidate_who_is_gone_takes_no_scorecard_and_tells_nothing() -> TestResult {
    let (test, id) = archive().await?;
    let (li, hr) = (test.as_user("li").await?, test.as_user("hr").await?);
    test.archive.write_scorecard(&li, id, draft(), Some(0), false).await?;
    let reason = Some(Line::parse("接受了其他机会")?);
    test.archive.move_to(&hr, id, &Move::to(Stage::Withdrawn).because(reason)).await?;
    let whole = || judgement(4.0, Recommendation::For);
    let gone = test.archive.write_scorecard(&li, id, whole()?, Some(1), true).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    assert!(gone.message(Language::Chinese).contains("已结束"), "{}", gone.message(Language::Chinese));
    // Another position's, and one that never was, look exactly like it.
    for other in [one_of(&test, "风险控制").await?, ApplicationId::from_bytes([7; 16])] {
        let refused = test.archive.write_scorecard(&li, other, whole()?, None, true).await.unwrap_err();
        assert_eq!(format!("{refused:?}"), format!("{gone:?}"));
    }
    assert_eq!(seen(&test, "hr", id).await?.scorecards[0].judgement, draft(), "what was written stays");
    Ok(())
}

#[tokio::test]
async fn a_closed_position_takes_no_scorecard() -> TestResult {
    let (test, id) = archive().await?;
    let hr = test.as_user("hr").await?;
    test.archive.close_position(&hr, &"客户经理".parse()?, true).await?;
    let li = test.as_user("li").await?;
    let refused = test.archive.write_scorecard(&li, id, draft(), None, false).await.unwrap_err();
    assert!(matches!(refused, Error::NotToBeJudged), "{refused:?}");
    Ok(())
}

#[tokio::test]
async fn what_was_handed_in_stays_as_it_is() -> TestResult {
    let (test, id) = archive().await?;
    let li = test.as_user("li").await?;
    let halfway = test.archive.write_scorecard(&li, id, draft(), Some(0), true).await.unwrap_err();
    assert_eq!(halfway.kind(), ErrorKind::Invalid, "it is not whole");
    let card = test
        .archive
        .write_scorecard(&li, id, judgement(3.0, Recommendation::Against)?, Some(0), true)
        .await?;
    assert_eq!((card.revision, card.is_final()), (1, true));
    let again = test.archive.write_scorecard(&li, id, draft(), Some(1), false).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Invalid);
    assert_eq!(seen(&test, "li", id).await?.scorecards, [card]);
    Ok(())
}

#[tokio::test]
async fn two_windows_do_not_overwrite_each_other() -> TestResult {
    let (test, id) = archive().await?;
    let li = test.as_user("li").await?;
    test.archive.write_scorecard(&li, id, draft(), Some(0), false).await?;
    let late = test.archive.write_scorecard(&li, id, Judgement::default(), Some(0), false).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Conflict);
    let (one, two) = tokio::join!(
        test.archive.write_scorecard(&li, id, Judgement::default(), Some(1), false),
        test.archive.write_scorecard(&li, id, draft(), Some(1), false),
    );
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    Ok(())
}

#[tokio::test]
async fn an_interviewer_sees_what_waits_for_them() -> TestResult {
    let (test, id) = archive().await?;
    let (li, wang) = users(&test).await?;
    let mine = test.archive.my_interviews(&li).await?;
    assert_eq!(mine.waiting.iter().map(|of| of.hit.application).collect::<Vec<_>>(), [id]);
    assert!(mine.coming.iter().all(|of| of.hit.stage == Stage::AiInterview));
    assert!(!mine.coming.is_empty() && mine.done.is_empty());
    test.archive.write_scorecard(&li, id, draft(), None, false).await?;
    assert_eq!(test.archive.my_interviews(&li).await?.waiting[0].progress, Progress::Draft);
    test.archive.write_scorecard(&li, id, judgement(3.0, Recommendation::For)?, None, true).await?;
    let mine = test.archive.my_interviews(&li).await?;
    assert!(mine.waiting.is_empty());
    assert_eq!(mine.done[0].progress, Progress::HandedIn(dossier_domain::Clock::now(&*test.clock)));
    let other = test.archive.my_interviews(&wang).await?;
    assert_eq!(other.waiting[0].progress, Progress::Open, "everybody writes their own");
    for login in ["hr", "checker"] {
        let none = test.archive.my_interviews(&test.as_user(login).await?).await?;
        assert!(none.waiting.is_empty() && none.coming.is_empty() && none.done.is_empty(), "{login}");
    }
    Ok(())
}

#[tokio::test]
async fn scorecards_are_gone_with_the_candidate_and_whole_after_a_restart() -> TestResult {
    let (test, id) = archive().await?;
    let li = test.as_user("li").await?;
    let card =
        test.archive.write_scorecard(&li, id, judgement(3.0, Recommendation::For)?, None, true).await?;
    let test = test.reopen().await?;
    assert_eq!(seen(&test, "hr", id).await?.scorecards, std::slice::from_ref(&card));
    test.erase(card.candidate).await?;
    let test = test.reopen().await?;
    assert!(seen(&test, "hr", id).await.is_err());
    assert!(test.archive.my_interviews(&test.as_user("li").await?).await?.done.is_empty());
    Ok(())
}
