//! The case: a bank of which the truth is known, and the reports that must find it.

mod bank;

use dossier_testkit::TestResult;

#[tokio::test]
async fn reports_find_what_is_true_of_the_bank() -> TestResult {
    let begun = std::time::Instant::now();
    let test = bank::after_the_year().await?;
    eprintln!("{:?}", begun.elapsed());
    let hr = test.as_user("hr").await?;
    let found = test
        .archive
        .search(
            &hr,
            dossier_archive::SearchRequest {
                facets: vec![dossier_search::Facet::Stage, dossier_search::Facet::Position],
                ..Default::default()
            },
        )
        .await?;
    eprintln!("{:?}", found.hits.facets);
    Ok(())
}
