//! Searches that people keep for themselves, and tags that HR keeps ready.

use dossier_access::{Pass, TokenScope};
use dossier_archive::{Error, LogFilter, NewSavedSearch, SavedSearch, Settings};
use dossier_domain::{
    PresetTag, TagColour,
    text::{Line, TagName},
};
use dossier_search::Sort;
use dossier_testkit::{TestArchive, TestResult};

fn new(name: &str, query: &str) -> TestResult<NewSavedSearch> {
    Ok(NewSavedSearch { name: Line::parse(name)?, query: query.to_owned(), sort: Some(Sort::Newest) })
}

fn names(saved: &[SavedSearch]) -> Vec<&str> {
    saved.iter().map(|one| one.name.as_str()).collect()
}

#[tokio::test]
async fn a_search_is_kept_found_renamed_and_removed_by_its_owner_alone() -> TestResult {
    let test = TestArchive::new().await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let archive = &test.archive;
    let saved = archive.save_search(&hr, new("客户经理80分", "张三+客户经理+80分")?).await?;
    archive.save_search(&hr, new("another", "得分>=90")?).await?;
    archive.save_search(&li, new("客户经理80分", "客户经理")?).await?;
    let found = archive.saved_searches(&hr).await?;
    assert_eq!(names(&found), ["another", "客户经理80分"]);
    assert_eq!((found[1].query.as_str(), found[1].sort), ("张三+客户经理+80分", Some(Sort::Newest)));

    let of_li = archive.saved_searches(&li).await?[0].id;
    let name = Line::parse("mine")?;
    let renamed = archive.rename_saved_search(&hr, of_li, name.clone()).await;
    assert!(matches!(renamed, Err(Error::NotFound { .. })));
    assert!(matches!(archive.remove_saved_search(&hr, of_li).await, Err(Error::NotFound { .. })));
    archive.rename_saved_search(&hr, saved.id, name).await?;
    archive.save_search(&hr, new("客户经理80分", "x")?).await?;
    archive.remove_saved_search(&hr, saved.id).await?;
    assert_eq!(names(&archive.saved_searches(&hr).await?), ["another", "客户经理80分"]);
    let test = test.reopen().await?;
    assert_eq!(test.archive.saved_searches(&test.as_user("li").await?).await?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn what_makes_no_sense_is_not_kept_and_who_does_not_search_keeps_nothing() -> TestResult {
    let test = TestArchive::new().await?;
    let (archive, hr) = (&test.archive, test.as_user("hr").await?);
    archive.save_search(&hr, new("a", "x")?).await?;
    let other = archive.save_search(&hr, new("b", "x")?).await?;
    assert!(matches!(archive.save_search(&hr, new("a", "y")?).await, Err(Error::Exists { .. })));
    let taken = archive.rename_saved_search(&hr, other.id, Line::parse("a")?).await;
    assert!(matches!(taken, Err(Error::Exists { .. })), "{taken:?}");
    assert!(matches!(archive.save_search(&hr, new("c", "得分>=九十 (")?).await, Err(Error::Query(_))));
    let long = archive.save_search(&hr, new("c", &"x ".repeat(5000))?).await;
    assert!(matches!(long, Err(Error::Invalid { .. })));
    for login in ["admin", "auditor"] {
        let ctx = test.as_user(login).await?;
        assert!(matches!(archive.saved_searches(&ctx).await, Err(Error::Denied(_))), "{login}");
        assert!(matches!(archive.save_search(&ctx, new("c", "x")?).await, Err(Error::Denied(_))), "{login}");
    }
    for number in 2..100 {
        archive.save_search(&hr, new(&format!("n{number}"), "x")?).await?;
    }
    assert!(matches!(archive.save_search(&hr, new("one more", "x")?).await, Err(Error::Invalid { .. })));
    Ok(())
}

#[tokio::test]
async fn a_token_that_reads_changes_no_search_and_the_log_names_no_query() -> TestResult {
    let test = TestArchive::new().await?;
    let (archive, hr) = (&test.archive, test.as_user("hr").await?);
    archive.save_search(&hr, new("secret name", "张三")?).await?;
    let actor = hr.actor().clone().with_pass(Pass::Token(TokenScope::Read.into()));
    let token = archive.context(actor, hr.origin().clone())?;
    assert_eq!(archive.saved_searches(&token).await?.len(), 1);
    assert!(matches!(archive.save_search(&token, new("c", "x")?).await, Err(Error::Denied(_))));
    let auditor = test.as_user("auditor").await?;
    let records = archive.log_records(&auditor, LogFilter::default()).await?.records;
    let entries: Vec<_> = records.iter().map(|record| &record.entry).collect();
    let all = serde_json::to_string(&entries)?;
    assert!(all.contains("save_search") && !all.contains("secret name") && !all.contains("张三"));
    Ok(())
}

fn preset(name: &str, colour: Option<TagColour>) -> TestResult<PresetTag> {
    Ok(PresetTag { name: TagName::parse(name)?, colour })
}

#[tokio::test]
async fn hr_keeps_tags_ready_each_once_and_not_too_many() -> TestResult {
    let test = TestArchive::new().await?;
    let (archive, hr) = (&test.archive, test.as_user("hr").await?);
    let before = archive.settings();
    let with = |presets: Vec<PresetTag>| Settings { presets, ..(*before).clone() };
    let wanted = with(vec![preset("AI得分80以上", Some(TagColour::Green))?, preset("高潜力", None)?]);
    archive.change_settings(&hr, &before, wanted.clone()).await?;
    let colour = |name: &str| TagName::parse(name).map(|name| archive.settings().colour_of(&name));
    assert_eq!((colour("AI得分80以上")?, colour("高潜力")?), (Some(TagColour::Green), None));

    let twice = with(vec![preset("高潜力", None)?, preset("高潜力", Some(TagColour::Red))?]);
    let refused = archive.change_settings(&hr, &wanted, twice).await;
    assert!(matches!(refused, Err(Error::Invalid { .. })));
    let many = (0..=Settings::MOST_PRESETS).map(|number| preset(&format!("t{number}"), None));
    let many = with(many.collect::<TestResult<Vec<_>>>()?);
    assert!(matches!(archive.change_settings(&hr, &wanted, many).await, Err(Error::Invalid { .. })));
    let li = test.as_user("li").await?;
    let denied = archive.change_settings(&li, &wanted, (*before).clone()).await;
    assert!(matches!(denied, Err(Error::Denied(_))));
    let test = test.reopen().await?;
    assert_eq!(test.archive.settings().presets, wanted.presets);
    Ok(())
}
