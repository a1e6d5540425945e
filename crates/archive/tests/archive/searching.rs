//! The index follows the records, whatever happens to it.

use dossier_archive::SearchRequest;
use dossier_domain::text::TagName;
use dossier_testkit::{TestArchive, TestResult};

async fn found(test: &TestArchive, query: &str) -> TestResult<u64> {
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { query: query.to_owned(), ..SearchRequest::default() };
    Ok(test.archive.search(&hr, request).await?.hits.total)
}

#[tokio::test]
async fn the_articles_queries_find_what_they_name() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 60).await?;
    assert!(found(&test, "张三+客户经理+80分").await? >= 1);
    assert!(found(&test, "岗位=风险控制 面试时间=2023年10月 AI得分≥75 情绪分析=积极").await? >= 1);
    assert!(found(&test, "zhangsan").await? >= 1);
    assert_eq!(found(&test, "").await?, 60);
    Ok(())
}

#[tokio::test]
async fn what_was_just_saved_is_found() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 4).await?;
    let hr = test.as_user("hr").await?;
    let hit = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits.swap_remove(0);
    let tag = TagName::parse("高潜力候选人")?;
    test.archive.tag(&hr, &[hit.application], std::slice::from_ref(&tag), &[]).await?;
    assert_eq!(found(&test, "标签:高潜力候选人").await?, 1);
    test.archive.tag(&hr, &[hit.application], &[], &[tag]).await?;
    assert_eq!(found(&test, "标签:高潜力候选人").await?, 0);
    Ok(())
}

#[tokio::test]
async fn an_index_that_is_gone_damaged_or_behind_is_mended() -> TestResult {
    let mut test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 30).await?;
    let index = test.home().join("index");
    assert_eq!(found(&test, "").await?, 30);

    test = test.reopen().await?;
    std::fs::remove_dir_all(&index)?;
    assert_eq!(found(&test, "").await?, 30);

    test = test.reopen().await?;
    for file in std::fs::read_dir(&index)? {
        let path = file?.path();
        let mut bytes = std::fs::read(&path)?;
        if let Some(byte) = bytes.get_mut(40) {
            *byte ^= 0x55;
            std::fs::write(&path, bytes)?;
        }
    }
    assert_eq!(found(&test, "").await?, 30);

    // The index missed commits that the records have, as after a crash between the two.
    test.ingest(&connection, 45).await?;
    let test = test.reopen().await?;
    assert_eq!(found(&test, "").await?, 45);
    Ok(())
}

#[tokio::test]
async fn a_changed_rule_files_everything_anew() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 10).await?;
    let hr = test.as_user("hr").await?;
    let before = test.archive.settings();
    let mut settings = (*before).clone();
    settings.filing.levels.truncate(1);
    settings.tagging.clear();
    test.archive.change_settings(&hr, &before, settings).await?;
    let hit = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits.swap_remove(0);
    assert_eq!((hit.folder.len(), hit.tags.len()), (1, 0));
    Ok(())
}

#[tokio::test]
async fn a_search_that_is_dropped_while_the_index_catches_up_leaves_nothing_out() -> TestResult {
    let mut test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 300).await?;
    for patience in [5, 20, 60] {
        let hr = test.as_user("hr").await?;
        let search = test.archive.search(&hr, SearchRequest::default());
        drop(tokio::time::timeout(std::time::Duration::from_millis(patience), search).await);
        // The thread that writes the index finds its sender gone, and gives the folder free.
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        test = test.reopen().await?;
    }
    assert_eq!(found(&test, "").await?, 300);
    Ok(())
}

#[tokio::test]
async fn damage_that_shows_while_searching_is_mended_too() -> TestResult {
    use std::io::{Seek, SeekFrom, Write};
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 30).await?;
    assert_eq!(found(&test, "").await?, 30);
    let test = test.reopen().await?;
    let mut damaged = 0;
    for file in std::fs::read_dir(test.home().join("index"))? {
        let path = file?.path();
        if path.extension().is_some_and(|ending| ending == "store") {
            let middle = path.metadata()?.len() / 4;
            let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
            file.seek(SeekFrom::Start(middle))?;
            file.write_all(&[0x5A; 16])?;
            damaged += 1;
        }
    }
    assert!(damaged > 0);
    assert_eq!(found(&test, "").await?, 30);
    Ok(())
}
