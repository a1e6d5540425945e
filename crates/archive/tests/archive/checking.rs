//! The background check and the offer: who sees what, what is written, and what it moves.

use bytes::Bytes;
use dossier_archive::{ErrorKind, Move, SearchRequest, Seen};
use dossier_domain::{
    ApplicationId, MaterialKind, Stage,
    check::{Checked, Verdict},
    offer::OfferState,
    text::{Line, Prose},
};
use dossier_testkit::{TestArchive, TestResult};

/// An archive with an application that stands in this stage, and who it is.
async fn standing(stage: Stage) -> TestResult<(TestArchive, ApplicationId)> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 12).await?;
    test.make_responsible("客户经理").await?;
    let hr = test.as_user("hr").await?;
    let request = SearchRequest {
        query: "资料=简历筛选报告 岗位==客户经理".to_owned(),
        ..SearchRequest::default()
    };
    let id = test.archive.search(&hr, request).await?.hits.hits[0].application;
    if stage != Stage::AiInterview {
        test.archive.move_to(&hr, id, &Move::to(stage)).await?;
    }
    Ok((test, id))
}

fn line(text: &str) -> TestResult<Line> {
    Ok(Line::parse(text)?)
}

fn checked(claim: &str, verdict: Verdict, note: &str) -> TestResult<Checked> {
    Ok(Checked { claim: line(claim)?, verdict, note: Some(Prose::parse(note)?), evidence: None })
}

fn pdf() -> impl futures::Stream<Item = Result<Bytes, std::io::Error>> + Send {
    futures::stream::iter([Ok(Bytes::from_static(b"%PDF-1.7\nmade up"))])
}

#[tokio::test]
async fn a_checker_writes_what_came_of_each_claim_and_adds_evidence() -> TestResult {
    let (test, id) = standing(Stage::BackgroundCheck).await?;
    let checker = test.as_user("checker").await?;
    let before = test.archive.claims(&checker, id).await?;
    assert!(!before.claims.is_empty());
    assert!(before.claims.iter().all(|of| of.is_reported && of.verdict() == Verdict::Open));
    assert!(
        before.materials.iter().all(|of| ![MaterialKind::Video, MaterialKind::Emotion].contains(&of.kind()))
    );
    let claim = before.claims[0].text.clone();
    let written = checked(claim.as_str(), Verdict::Confirmed, "官网可查")?;
    let finding = test.archive.check_claim(&checker, id, written.clone(), Some(0)).await?;
    assert_eq!((finding.verdict, finding.revision), (Verdict::Confirmed, 1));
    let stale = test.archive.check_claim(&checker, id, written, Some(0)).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Conflict, "somebody else has written since");
    let kept = test.archive.add_evidence(&checker, id, &claim, "证书.pdf", None, pdf()).await?;
    let after = test.archive.claims(&checker, id).await?;
    let found = after.claims[0].finding.as_ref().ok_or("no finding")?;
    assert_eq!((found.verdict, &found.evidence), (Verdict::Confirmed, &vec![kept.id]), "the verdict stays");
    assert!(after.claims[0].files.contains(&kept.id));
    let name = after.people.get(&found.by).ok_or("no name")?;
    assert_eq!(Some(name), checker.actor().user().map(|user| &user.name));
    assert!(test.archive.open_file(&checker, id, kept.id, false).await.is_ok());
    test.archive
        .check_claim(&checker, id, checked("任职三年", Verdict::Contradicted, "仅一年")?, None)
        .await?;
    let added = test.archive.claims(&checker, id).await?;
    assert!(added.claims.last().is_some_and(|of| !of.is_reported && of.verdict() == Verdict::Contradicted));
    Ok(())
}

#[tokio::test]
async fn what_can_not_be_kept_of_a_claim_leaves_nothing_behind() -> TestResult {
    let (test, id) = standing(Stage::BackgroundCheck).await?;
    let checker = test.as_user("checker").await?;
    let hr = test.as_user("hr").await?;
    let files = async || -> TestResult<usize> { Ok(test.archive.show(&hr, id).await?.materials.len()) };
    let before = files().await?;
    let empty = test.archive.check_claim(&checker, id, checked("x", Verdict::Contradicted, " ")?, None).await;
    assert_eq!(empty.unwrap_err().kind(), ErrorKind::Invalid);
    let script = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"#!/bin/sh"))]);
    let script = test.archive.add_evidence(&checker, id, &line("x")?, "a.pdf", None, script).await;
    assert_eq!(script.unwrap_err().kind(), ErrorKind::Invalid);
    for n in 0..100 {
        test.archive.check_claim(&checker, id, checked(&n.to_string(), Verdict::Open, "")?, None).await?;
    }
    let many = test.archive.add_evidence(&checker, id, &line("more")?, "a.pdf", None, pdf()).await;
    assert_eq!(many.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(files().await?, before);
    let admin = test.as_user("admin").await?;
    assert_eq!(test.archive.remove_left_over_files(&admin).await?, 0, "no file is left over");
    let nothing = Checked { evidence: Some(vec![hr.new_id()?]), ..checked("1", Verdict::Open, "")? };
    let nothing = test.archive.check_claim(&checker, id, nothing, None).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::NotFound);
    Ok(())
}

#[tokio::test]
async fn claims_are_for_hr_and_for_checkers_in_their_stage_alone() -> TestResult {
    let (test, id) = standing(Stage::AiInterview).await?;
    let hr = test.as_user("hr").await?;
    assert!(test.archive.claims(&hr, id).await.is_ok());
    for (stage, checker_sees) in
        [(None, false), (Some(Stage::BackgroundCheck), true), (Some(Stage::Offer), false)]
    {
        if let Some(stage) = stage {
            test.archive.move_to(&hr, id, &Move::to(stage)).await?;
        }
        let checker = test.as_user("checker").await?;
        let seen = test.archive.claims(&checker, id).await;
        assert_eq!(seen.is_ok(), checker_sees, "{stage:?}");
        assert!(seen.err().is_none_or(|error| error.kind() == ErrorKind::NotFound));
        for login in ["li", "auditor", "admin"] {
            let ctx = test.as_user(login).await?;
            assert!(
                test.archive.claims(&ctx, id).await.is_err() && test.archive.offers(&ctx, id).await.is_err()
            );
        }
        assert!(test.archive.offers(&checker, id).await.is_err());
    }
    Ok(())
}

#[tokio::test]
async fn two_checkers_at_once_lose_nothing() -> TestResult {
    let (test, id) = standing(Stage::BackgroundCheck).await?;
    let checker = test.as_user("checker").await?;
    let (one, two) = (checked("一", Verdict::Confirmed, "")?, checked("二", Verdict::Confirmed, "")?);
    let (one, two) = tokio::join!(
        test.archive.check_claim(&checker, id, one, Some(0)),
        test.archive.check_claim(&checker, id, two, Some(0)),
    );
    assert!(one.is_ok() && two.is_ok());
    let claims = test.archive.claims(&checker, id).await?.claims;
    assert_eq!(claims.iter().filter(|of| of.verdict() == Verdict::Confirmed).count(), 2);
    Ok(())
}

#[tokio::test]
async fn an_accepted_offer_hires_and_a_declined_one_ends_with_its_reason() -> TestResult {
    let (test, id) = standing(Stage::HumanInterview).await?;
    let hr = test.as_user("hr").await?;
    let early = test.archive.extend_offer(&hr, id, None).await.unwrap_err();
    assert_eq!(early.kind(), ErrorKind::Invalid, "only in the offer stage");
    test.archive.move_to(&hr, id, &Move::to(Stage::Offer)).await?;
    let nothing = test.archive.answer_offer(&hr, id, None).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Invalid);
    let offer = test.archive.extend_offer(&hr, id, Some(Prose::parse("年薪30万")?)).await?;
    assert_eq!(offer.state(), OfferState::Extended);
    assert_eq!(test.archive.extend_offer(&hr, id, None).await.unwrap_err().kind(), ErrorKind::Invalid);
    let (offer, moved) = test.archive.answer_offer(&hr, id, Some(line("薪资低于预期")?)).await?;
    assert_eq!((offer.state(), moved.stage()), (OfferState::Declined, Stage::Withdrawn));
    let last = moved.moves.last().ok_or("no move")?;
    assert_eq!(last.reason.as_ref().map(Line::as_str), Some("薪资低于预期"));
    // The candidate comes back: the move is taken back, and another offer is made.
    test.archive.undo_move(&hr, id, Some(Seen::In(Stage::Withdrawn)), None).await?;
    test.archive.extend_offer(&hr, id, None).await?;
    let (_, hired) = test.archive.answer_offer(&hr, id, None).await?;
    assert_eq!(hired.stage(), Stage::Hired);
    let offers = test.archive.offers(&hr, id).await?.offers;
    assert_eq!(
        offers.iter().map(|of| of.state()).collect::<Vec<_>>(),
        [OfferState::Declined, OfferState::Accepted]
    );
    Ok(())
}

#[tokio::test]
async fn the_will_to_come_is_read_with_its_source() -> TestResult {
    let (test, id) = standing(Stage::Offer).await?;
    let hr = test.as_user("hr").await?;
    let view = test.archive.show(&hr, id).await?;
    let seen = test.archive.offers(&hr, id).await?;
    for signal in &seen.signals {
        assert!((0.0..=100.0).contains(&signal.positivity));
        let source = view.materials.iter().find(|of| of.id == signal.material).ok_or("no source")?;
        assert_eq!(source.kind(), MaterialKind::Emotion);
        assert!(signal.interviewed_at.is_some());
    }
    assert!(!seen.signals.is_empty(), "why this bank is asked of everybody");
    Ok(())
}

#[tokio::test]
async fn the_timeline_tells_what_happened_and_hr_alone_who_looked() -> TestResult {
    let (test, id) = standing(Stage::HumanInterview).await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let video =
        test.archive.show(&li, id).await?.materials.into_iter().find(|of| of.content.file().is_some());
    if let Some(video) = &video {
        test.archive.open_file(&li, id, video.id, false).await?;
    }
    let names = |timeline: &dossier_archive::Timeline| -> Vec<&'static str> {
        timeline.events.iter().map(|event| event.what.name()).collect()
    };
    let seen = test.archive.timeline(&hr, id).await?;
    assert!(seen.events.is_sorted_by(|a, b| a.at >= b.at) && seen.looks_since.is_none());
    let told = names(&seen);
    for what in ["interviewed", "arrived", "moved", "looked"] {
        assert!(told.contains(&what), "{what}: {told:?}");
    }
    let by_li = li.actor().user().map(|user| user.id);
    let looks = seen.events.iter().filter(|event| event.what.name() == "looked" && event.by == by_li);
    assert_eq!(looks.count(), 1 + usize::from(video.is_some()));
    let process = test.archive.settings().process.clone();
    for event in &seen.events {
        for language in [dossier_domain::Language::Chinese, dossier_domain::Language::English] {
            assert!(!event.what.text(&process, language).is_empty());
        }
    }
    assert!(!names(&test.archive.timeline(&li, id).await?).contains(&"looked"));
    test.archive.move_to(&hr, id, &Move::to(Stage::BackgroundCheck)).await?;
    let checker = test.as_user("checker").await?;
    test.archive.check_claim(&checker, id, checked("CFA证书", Verdict::Confirmed, "")?, None).await?;
    let seen = test.archive.timeline(&checker, id).await?;
    assert!(names(&seen).contains(&"checked"));
    let hidden = [MaterialKind::Video, MaterialKind::Emotion, MaterialKind::Transcript];
    assert!(!seen.events.iter().any(|event| match event.what {
        dossier_archive::Happening::Arrived(_, kind, _) => hidden.contains(&kind),
        _ => false,
    }));
    assert!(test.archive.timeline(&li, id).await.is_err(), "it has left the interviewer's stages");
    Ok(())
}
