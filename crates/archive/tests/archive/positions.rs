//! Positions that change: names, weights, pass marks, and tables of them.

use bytes::Bytes;
use dossier_archive::{ErrorKind, Imported, NewPosition, RowFate, SearchRequest};
use dossier_domain::{
    PositionChange, Scoring,
    position::Weight,
    text::{Line, PositionName, SkillName},
};
use dossier_search::Hit;
use dossier_testkit::{TestArchive, TestResult};

async fn archive(candidates: usize) -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, candidates).await?;
    Ok(test)
}

async fn found(test: &TestArchive, query: &str) -> TestResult<Vec<Hit>> {
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { query: query.to_owned(), limit: Some(1000), ..SearchRequest::default() };
    Ok(test.archive.search(&hr, request).await?.hits.hits)
}

fn name(text: &str) -> TestResult<PositionName> {
    Ok(PositionName::parse(text)?)
}

async fn edit(
    test: &TestArchive,
    position: &str,
    change: PositionChange,
) -> TestResult<Result<(), ErrorKind>> {
    let hr = test.as_user("hr").await?;
    let changed = test.archive.edit_position(&hr, &name(position)?, &change).await;
    Ok(changed.map(drop).map_err(|error| error.kind()))
}

#[tokio::test]
async fn a_renamed_position_is_found_by_its_new_name_and_takes_what_arrives_under_the_old_one() -> TestResult
{
    let test = archive(40).await?;
    let connection = test.archive.connections(&test.as_user("hr").await?).await?.swap_remove(0).connection;
    let before = found(&test, "岗位==客户经理").await?.len();
    assert!(before > 3);
    let rename = PositionChange { name: Some(name("零售客户经理")?), ..PositionChange::default() };
    assert_eq!(edit(&test, "客户经理", rename).await?, Ok(()));
    assert_eq!(found(&test, "岗位==零售客户经理").await?.len(), before);
    assert_eq!(found(&test, "岗位==客户经理").await?.len(), 0);
    test.ingest(&connection, 80).await?;
    let after = found(&test, "岗位==零售客户经理").await?;
    assert!(after.len() > before, "what arrives under the old name belongs to it");
    assert_eq!(found(&test, "岗位==客户经理").await?.len(), 0);
    let folders = test.archive.folders(&test.as_user("hr").await?, Vec::new()).await?;
    assert!(folders.iter().any(|(folder, count)| folder == "零售客户经理" && *count == after.len() as u64));
    // Both names are its own from now on.
    let hr = test.as_user("hr").await?;
    for taken in ["客户经理", "零售客户经理"] {
        let new = NewPosition {
            name: name(taken)?,
            aliases: Vec::new(),
            branch: None,
            pass_mark: None,
            questions: Vec::new(),
        };
        assert_eq!(test.archive.add_position(&hr, new).await.unwrap_err().kind(), ErrorKind::Conflict);
    }
    let taken = PositionChange { aliases: Some(vec![name("客户经理")?]), ..PositionChange::default() };
    assert_eq!(edit(&test, "风险控制", taken).await?, Err(ErrorKind::Conflict));
    let release = PositionChange { aliases: Some(Vec::new()), ..PositionChange::default() };
    assert_eq!(edit(&test, "零售客户经理", release.clone()).await?, Ok(()));
    let free = PositionChange { aliases: Some(vec![name("客户经理")?]), ..PositionChange::default() };
    assert_eq!(edit(&test, "风险控制", free).await?, Ok(()), "a name that was let go can be another's");
    Ok(())
}

#[tokio::test]
async fn the_pass_mark_is_compared_with_what_the_weights_say() -> TestResult {
    let test = archive(120).await?;
    let all = found(&test, "岗位==软件开发工程师").await?;
    let python = SkillName::parse("Python")?;
    let mark = PositionChange { pass_mark: Some(Some(75.0)), ..PositionChange::default() };
    assert_eq!(edit(&test, "软件开发工程师", mark).await?, Ok(()));
    let reached = |hits: &[Hit], score: fn(&Hit) -> Option<f64>| {
        hits.iter().filter(|hit| score(hit).is_some_and(|score| score >= 75.0)).count()
    };
    assert!(all.iter().all(|hit| hit.weighted.is_none()));
    assert_eq!(found(&test, "岗位==软件开发工程师 分数线:达到").await?.len(), reached(&all, |hit| hit.score));
    let weights = vec![Weight { skill: python.clone(), share: 0.6 }];
    let change = PositionChange { weights: Some(weights.clone()), ..PositionChange::default() };
    assert_eq!(edit(&test, "软件开发工程师", change).await?, Ok(()));

    let weighed = found(&test, "岗位==软件开发工程师").await?;
    let passing = found(&test, "岗位==软件开发工程师 分数线:达到").await?;
    assert_eq!(passing.len(), reached(&weighed, |hit| hit.weighted));
    let others = found(&test, "岗位==软件开发工程师 分数线:未达到").await?.len()
        + found(&test, "岗位==软件开发工程师 无:分数线").await?.len();
    assert_eq!(passing.len() + others, all.len(), "everybody is on one side, or it is not known");
    let differs =
        weighed.iter().filter(|hit| hit.weighted.is_some_and(|weighted| Some(weighted) != hit.score));
    assert!(differs.count() > 3, "the weights make a difference");
    let rule = Scoring { weights, pass_mark: Some(75.0) };
    let hr = test.as_user("hr").await?;
    for hit in &weighed {
        let view = test.archive.show(&hr, hit.application).await?;
        assert_eq!(view.weighted, hit.weighted, "the dossier says what the list says");
        let skills = view.materials.iter().find_map(|of| of.content.skills());
        let of = |skill: &SkillName| {
            let result = skills?.results.iter().find(|result| result.skill == *skill)?;
            Some(result.score.normalised())
        };
        assert_eq!(rule.weighted(hit.score, of), hit.weighted);
    }
    // Whoever is suggested to go on is who passes by the weights.
    let board = test.archive.board(&hr, weighed[0].position).await?;
    let column = board.columns.iter().find(|column| column.suggested > 0).ok_or("nobody is suggested")?;
    let stage = format!(
        "岗位==软件开发工程师 分数线:达到 阶段={}",
        column.stage.label(dossier_domain::Language::Chinese)
    );
    assert_eq!(column.suggested as usize, found(&test, &stage).await?.len());
    Ok(())
}

#[tokio::test]
async fn what_makes_no_sense_changes_nothing() -> TestResult {
    let test = archive(10).await?;
    let share =
        |skill: &str, share| -> TestResult<Weight> { Ok(Weight { skill: SkillName::parse(skill)?, share }) };
    let line = Line::parse("沟通")?;
    for change in [
        PositionChange { pass_mark: Some(Some(101.0)), ..PositionChange::default() },
        PositionChange { pass_mark: Some(Some(f64::NAN)), ..PositionChange::default() },
        PositionChange {
            weights: Some(vec![share("a", 0.7)?, share("b", 0.7)?]),
            ..PositionChange::default()
        },
        PositionChange { criteria: Some(vec![line; 2]), ..PositionChange::default() },
    ] {
        assert_eq!(edit(&test, "客户经理", change).await?, Err(ErrorKind::Invalid));
    }
    assert_eq!(edit(&test, "没有", PositionChange::default()).await?, Err(ErrorKind::NotFound));
    let li = test.as_user("li").await?;
    let nobody = test.archive.edit_position(&li, &name("客户经理")?, &PositionChange::default()).await;
    assert_eq!(nobody.unwrap_err().kind(), ErrorKind::Denied);
    Ok(())
}

const TABLE: &str = "\
岗位,分行,分数线,测评占比,面试官,状态,备注
客户经理,上海分行,71,客户沟通模拟测评=20%;Python=10%,li,,x
表中岗位,,60,,,已关闭,
坏分数,,abc,,,,
坏占比,,,Python,,,
没有面试官,,,,nobody,,
审计员不行,,,,auditor,,
客户经理,,80,,,,
,,80,,,,
风险控制,,,,,,
";

fn fates(done: &Imported) -> Vec<&'static str> {
    done.rows.iter().map(|row| row.fate.name()).collect()
}

#[tokio::test]
async fn a_table_of_positions_is_tried_and_then_taken() -> TestResult {
    let test = archive(20).await?;
    let hr = test.as_user("hr").await?;
    let positions = async || test.archive.positions(&hr).await;
    let before = positions().await?;
    let tried = test.archive.import_positions(&hr, Bytes::from(TABLE), true).await?;
    assert_eq!(positions().await?, before, "a trial changes nothing");
    let done = test.archive.import_positions(&hr, Bytes::from(TABLE), false).await?;
    let expected =
        ["changed", "new", "refused", "refused", "refused", "refused", "refused", "refused", "unchanged"];
    assert_eq!((fates(&tried), fates(&done)), (expected.to_vec(), expected.to_vec()));
    assert_eq!(done.ignored, ["备注"]);
    let RowFate::Changed(changes) = &done.rows[0].fate else { panic!("{done:?}") };
    let changes: Vec<&str> = changes.iter().map(|head| head.name).collect();
    assert_eq!(changes, ["branch", "pass_mark", "weights", "interviewers"]);
    let after = positions().await?;
    let of = |name: &str| after.iter().find(|position| position.name.as_str() == name).unwrap();
    let manager = of("客户经理");
    assert_eq!((manager.pass_mark, manager.weights.len(), manager.interviewers.len()), (Some(71.0), 2, 1));
    assert!(of("表中岗位").closed_at.is_some() && after.len() == before.len() + 1);
    let again = test.archive.import_positions(&hr, Bytes::from(TABLE), false).await?;
    assert_eq!(fates(&again)[..2], ["unchanged", "unchanged"]);
    for wrong in ["", "分行\n上海", "\u{89}PNG\0"] {
        let refused = test.archive.import_positions(&hr, Bytes::from(wrong), true).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Invalid, "{wrong:?}");
    }
    let li = test.as_user("li").await?;
    let nobody = test.archive.import_positions(&li, Bytes::from(TABLE), true).await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Denied);
    Ok(())
}
