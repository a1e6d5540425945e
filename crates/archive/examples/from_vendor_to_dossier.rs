//! The main job on an archive in memory: sync a simulated vendor, search as HR does, open a dossier, fetch a ZIP, and
//! verify the log that tells of it all.

use dossier_access::log::Trust;
use dossier_archive::{FetchRequest, SearchRequest, SyncMode};
use dossier_domain::{Language, MaterialKind, text::Line};
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_testkit::{TestArchive, TestResult};
use futures::TryStreamExt;

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> TestResult {
    let bank = Bank::generate(BankOptions { candidates: 12, ..BankOptions::default() });
    let vendor = RibbonServer::start(bank, Behaviour::default()).await?;
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    test.connect_to(&vendor).await?;
    let report = test.archive.sync(&hr, "ribbon", SyncMode::Full, &|_| {}).await?;
    println!("{} interviews, {} videos", report.new, report.videos);

    let query = "张三+客户经理+80分".to_owned();
    let found =
        test.archive.search(&hr, SearchRequest { query: query.clone(), ..Default::default() }).await?;
    let hit = found.hits.hits.first().ok_or("nobody was found")?;
    let dossier = test.archive.show(&hr, hit.application).await?;
    println!(
        "{}: {} materials, missing {:?}",
        dossier.folder.join("/"),
        dossier.materials.len(),
        dossier.missing
    );

    let request = FetchRequest {
        query,
        sort: None,
        only: Vec::new(),
        limit: None,
        contents: vec![MaterialKind::Video, MaterialKind::ResumeReport],
        reason: Line::parse("招聘委员会复核")?,
        language: Language::Chinese,
    };
    let download = test.archive.fetch(&hr, request).await?;
    let length: usize =
        download.stream().map_ok(|bytes| bytes.len()).try_fold(0, |a, b| async move { Ok(a + b) }).await?;
    println!(
        "a ZIP of {} files, {length} bytes as announced: {}",
        download.files(),
        length as u64 == download.length()
    );

    let auditor = test.as_user("auditor").await?;
    let verified = test.archive.verify_log(&auditor, Trust::default()).await?;
    println!("the log holds: {}", verified.is_ok());
    vendor.stop().await;
    Ok(())
}
