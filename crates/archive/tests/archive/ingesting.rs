//! Arrivals become dossiers, once and whole.

use dossier_archive::{Arrival, Ingested, SearchRequest};
use dossier_domain::{FieldSelection, MaterialKind, Score, SyncField};
use dossier_simulator::{Bank, BankOptions};
use dossier_testkit::{TestArchive, TestResult};
use dossier_vendor::Fetched;

fn bank() -> Vec<Fetched> {
    let bank = Bank::generate(BankOptions { candidates: 12, ..BankOptions::default() });
    bank.interviews().map(|sitting| sitting.fetched()).collect()
}

async fn ingest(
    test: &TestArchive,
    connection: &dossier_archive::Connection,
    all: Vec<Fetched>,
) -> TestResult<Ingested> {
    let arrivals = all.into_iter().map(Arrival::from).collect();
    Ok(test.archive.ingest(&test.as_sync()?, connection.id, arrivals).await?)
}

/// Everything that HR sees of all applications, in one text.
async fn everything(test: &TestArchive) -> TestResult<String> {
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { limit: Some(100), ..SearchRequest::default() };
    let mut all = Vec::new();
    for hit in test.archive.search(&hr, request).await?.hits.hits {
        let view = test.archive.show(&hr, hit.application).await?;
        let kinds: Vec<_> = view.materials.iter().map(|of| (of.kind(), of.revision)).collect();
        let scores: Vec<_> = view.interviews.iter().map(|of| of.scores.len()).collect();
        all.push(format!(
            "{:?} {} {:?} {kinds:?} {scores:?}",
            view.identity.name, view.position.name, view.score
        ));
    }
    all.sort();
    Ok(all.join("\n"))
}

#[tokio::test]
async fn the_same_arrivals_twice_and_in_any_order_end_up_once_and_whole() -> TestResult {
    let once = TestArchive::new().await?;
    let connection = once.connection().await?;
    let report = ingest(&once, &connection, bank()).await?;
    assert_eq!((report.new, report.updated, report.unchanged), (12, 0, 0));
    assert_eq!(report.videos.len(), 12);

    let often = TestArchive::new().await?;
    let connection = often.connection().await?;
    let mut shuffled = bank();
    shuffled.reverse();
    for part in shuffled.chunks(5) {
        ingest(&often, &connection, [part, part].concat()).await?;
    }
    let again = ingest(&often, &connection, bank()).await?;
    assert_eq!((again.new, again.updated), (0, 0), "{again:?}");
    assert_eq!(everything(&once).await?, everything(&often).await?);
    Ok(())
}

#[tokio::test]
async fn a_corrected_score_is_a_revision_and_the_first_is_kept() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    ingest(&test, &connection, bank()).await?;
    let mut corrected = bank().swap_remove(0);
    let first = corrected.score;
    corrected.score = Some(Score::percent(91.0)?);
    corrected.payload_sha256 = "ab".repeat(32);
    let report = ingest(&test, &connection, vec![corrected]).await?;
    assert_eq!((report.new, report.updated), (0, 1));

    let hr = test.as_user("hr").await?;
    let query = "张三 得分>=91".to_owned();
    let hits = test.archive.search(&hr, SearchRequest { query, ..SearchRequest::default() }).await?.hits;
    let view = test.archive.show(&hr, hits.hits[0].application).await?;
    let scores: Vec<_> = view.interviews[0].scores.iter().map(|revision| Some(revision.score)).collect();
    assert_eq!(scores, [first, Some(Score::percent(91.0)?)]);
    assert_eq!(view.score, scores[1]);
    Ok(())
}

#[tokio::test]
async fn the_same_person_is_one_candidate_with_two_applications() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let mut all = bank();
    let mut other = all[0].clone();
    other.remote_id = "another-sitting".parse()?;
    other.position =
        all.iter().find(|of| of.position != all[0].position).ok_or("one position")?.position.clone();
    other.candidate.remote_id = None;
    all.truncate(1);
    all.push(other);
    ingest(&test, &connection, all).await?;
    let hr = test.as_user("hr").await?;
    let hits = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits;
    assert_eq!(hits.len(), 2);
    assert_eq!(hits[0].candidate, hits[1].candidate);
    Ok(())
}

#[tokio::test]
async fn a_field_that_is_not_chosen_is_nowhere() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let hr = test.as_user("hr").await?;
    let dropped = [SyncField::CandidateName, SyncField::Emotion, SyncField::AiScore, SyncField::Video];
    let fields: FieldSelection =
        SyncField::ALL.into_iter().filter(|field| !dropped.contains(field)).collect();
    let connection = test.archive.choose_fields(&hr, connection.name.as_str(), fields).await?;
    let report = ingest(&test, &connection, bank()).await?;
    assert_eq!((report.new, report.videos.len()), (12, 0));
    for hit in test.archive.search(&hr, SearchRequest::default()).await?.hits.hits {
        let view = test.archive.show(&hr, hit.application).await?;
        assert_eq!(view.identity, dossier_domain::Identity::default());
        assert_eq!((view.score, view.emotion, view.interviews[0].criteria.len()), (None, None, 0));
        let kinds: Vec<_> = view.materials.iter().map(|of| of.kind()).collect();
        assert_eq!(
            kinds,
            [MaterialKind::ResumeReport, MaterialKind::Transcript, MaterialKind::SkillAssessment]
        );
    }
    // Chosen later, it comes with the next full sync although the vendor's record is the same.
    let connection =
        test.archive.choose_fields(&hr, connection.name.as_str(), FieldSelection::default()).await?;
    assert_eq!(ingest(&test, &connection, bank()).await?.updated, 12);
    Ok(())
}

#[tokio::test]
async fn people_who_share_an_address_stay_apart() -> TestResult {
    use dossier_domain::text::{Email, IdNumber};
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    let mut all = bank();
    for (number, arrival) in all.iter_mut().enumerate() {
        arrival.candidate.identity.email = Email::parse("agency@example.cn").ok();
        arrival.candidate.identity.id_number = IdNumber::parse(&format!("9900{number}")).ok();
    }
    ingest(&test, &connection, all).await?;
    let hr = test.as_user("hr").await?;
    let hits = test.archive.search(&hr, SearchRequest { limit: Some(50), ..Default::default() }).await?.hits;
    let people: std::collections::BTreeSet<_> = hits.hits.iter().map(|hit| hit.candidate).collect();
    assert_eq!((hits.total, people.len()), (12, 12));
    Ok(())
}

#[tokio::test]
async fn a_field_taken_away_later_leaves_what_is_here() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    ingest(&test, &connection, bank()).await?;
    let before = everything(&test).await?;
    let hr = test.as_user("hr").await?;
    let fields = [SyncField::CandidateName, SyncField::Position].into_iter().collect();
    let connection = test.archive.choose_fields(&hr, connection.name.as_str(), fields).await?;
    ingest(&test, &connection, bank()).await?;
    assert_eq!(everything(&test).await?, before);
    let hit = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits.swap_remove(0);
    assert!(hit.interviewed_at.is_some() && hit.score.is_some());
    Ok(())
}
