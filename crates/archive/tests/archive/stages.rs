//! Moves along the process: one, many, back, and two people at once.

use dossier_archive::{Error, ErrorKind, Move, SearchRequest, Seen, Settings, Watched};
use dossier_domain::{
    ApplicationId, Language, MoveRule, Outcome, Place, PositionId, Stage, Step,
    process::{Bar, Label},
    text::{Line, StepKey},
};
use dossier_testkit::{TestArchive, TestResult};

async fn archive(candidates: usize) -> TestResult<TestArchive> {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, candidates).await?;
    test.make_responsible("客户经理").await?;
    Ok(test)
}

async fn found(test: &TestArchive, query: &str) -> TestResult<Vec<(ApplicationId, PositionId)>> {
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { query: query.to_owned(), limit: Some(1000), ..SearchRequest::default() };
    let hits = test.archive.search(&hr, request).await?.hits.hits;
    Ok(hits.into_iter().map(|hit| (hit.application, hit.position)).collect())
}

fn because(text: &str) -> TestResult<Option<Line>> {
    Ok(Some(Line::parse(text)?))
}

fn final_round() -> TestResult<Step> {
    let name = Label { zh: Line::parse("终面")?, en: Line::parse("Final round").ok() };
    Ok(Step { key: StepKey::parse("final")?, stage: Stage::HumanInterview, name, is_retired: false })
}

async fn change(test: &TestArchive, change: impl FnOnce(&mut Settings)) -> TestResult<Result<(), Error>> {
    let before = test.archive.settings();
    let mut settings = (*before).clone();
    change(&mut settings);
    Ok(test.archive.change_settings(&test.as_user("hr").await?, &before, settings).await)
}

#[tokio::test]
async fn every_move_has_actor_time_outcome_and_reason_and_can_be_taken_back() -> TestResult {
    let test = archive(3).await?;
    let hr = test.as_user("hr").await?;
    let (id, _) = found(&test, "").await?[0];
    let moved =
        test.archive.move_to(&hr, id, &Move::to(Stage::HumanInterview).because(because("表现好")?)).await?;
    let last = moved.moves.last().ok_or("no move")?;
    assert_eq!(
        (last.from, last.to, last.outcome),
        (Some(Stage::AiInterview), Stage::HumanInterview, Outcome::Passed)
    );
    assert_eq!((last.by, last.at), (hr.actor().user().map(|user| user.id), hr.now()));
    let without = test.archive.move_to(&hr, id, &Move::to(Stage::Rejected)).await.unwrap_err();
    assert_eq!(without.kind(), ErrorKind::Invalid, "no rejection without a reason");
    let rejection = Move::to(Stage::Rejected).because(because("资历不符")?);
    let nobody = test.archive.move_to(&test.as_sync()?, id, &rejection).await.unwrap_err();
    assert_eq!(nobody.kind(), ErrorKind::Invalid, "nor without a person");
    test.archive.move_to(&hr, id, &rejection).await?;
    let back = test.archive.undo_move(&hr, id, None, because("误操作")?).await?;
    assert_eq!((back.stage(), back.moves.len()), (Stage::HumanInterview, 4), "history loses nothing");
    let back = test.archive.undo_move(&hr, id, None, None).await?;
    assert_eq!(back.stage(), Stage::AiInterview);
    let nothing = test.archive.undo_move(&hr, id, None, None).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Invalid);
    let li = test.as_user("li").await?;
    assert!(test.archive.undo_move(&li, id, None, None).await.is_err(), "an interviewer moves nobody");
    Ok(())
}

#[tokio::test]
async fn of_two_who_move_the_same_one_hears_that_the_other_was_first() -> TestResult {
    let test = archive(3).await?;
    let hr = test.as_user("hr").await?;
    let (id, _) = found(&test, "").await?[0];
    let seen = Some(Seen::Moves(1));
    let (forward, out) = (Move::to(Stage::HumanInterview).seen(seen), Move::to(Stage::Withdrawn).seen(seen));
    let (one, two) =
        tokio::join!(test.archive.move_to(&hr, id, &forward), test.archive.move_to(&hr, id, &out),);
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let late = one.err().or(two.err()).ok_or("both")?;
    assert_eq!(late.kind(), ErrorKind::Conflict);
    let stage = test.archive.show(&hr, id).await?.application.stage();
    assert!(late.message(Language::Chinese).contains(stage.label(Language::Chinese)), "{late}");
    let stale = forward.seen(Some(Seen::In(Stage::AiInterview)));
    assert!(matches!(test.archive.move_to(&hr, id, &stale).await, Err(Error::Moved { .. })));
    Ok(())
}

#[tokio::test]
async fn many_are_moved_together_and_those_that_could_not_be_are_named() -> TestResult {
    let test = archive(20).await?;
    let hr = test.as_user("hr").await?;
    let all: Vec<ApplicationId> = found(&test, "").await?.into_iter().map(|(id, _)| id).collect();
    let (there, absent) = (all[3], ApplicationId::from_bytes([7; 16]));
    test.archive.move_to(&hr, there, &Move::to(Stage::HumanInterview)).await?;
    let mut ids = all.clone();
    ids.extend([absent, all[0]]);
    let before = test.archive.newest_commit().await?;
    let done = test.archive.move_many(&hr, &ids, &Move::to(Stage::HumanInterview)).await?;
    assert_eq!(done.moved.len(), 19, "each once");
    let mut refused: Vec<_> = done.refused.iter().map(|(id, error)| (*id, error.kind())).collect();
    refused.sort_unstable_by_key(|(id, _)| *id);
    let mut expected = vec![(there, ErrorKind::Invalid), (absent, ErrorKind::NotFound)];
    expected.sort_unstable_by_key(|(id, _)| *id);
    assert_eq!(refused, expected);
    assert_eq!(found(&test, "阶段=人工面试").await?.len(), 20);
    assert_eq!(
        test.archive.newest_commit().await? - before,
        3,
        "one for what is absent, one for all moves, one search"
    );
    let reasonless = test.archive.move_many(&hr, &all, &Move::to(Stage::Rejected)).await.unwrap_err();
    assert_eq!(reasonless.kind(), ErrorKind::Invalid);
    let too_many = vec![absent; dossier_archive::MOST_MOVED + 1];
    assert_eq!(
        test.archive.move_many(&hr, &too_many, &Move::to(Stage::Offer)).await.unwrap_err().kind(),
        ErrorKind::Invalid
    );
    let li = test.as_user("li").await?;
    let by_li = test.archive.move_many(&li, &all, &Move::to(Stage::Offer)).await?;
    assert_eq!((by_li.moved.len(), by_li.refused.len()), (0, 20));
    Ok(())
}

#[tokio::test]
async fn what_stands_in_a_step_that_is_given_up_stands_in_its_stage() -> TestResult {
    let test = archive(3).await?;
    let hr = test.as_user("hr").await?;
    let (id, _) = found(&test, "").await?[0];
    let step = final_round()?;
    let to = Place { stage: step.stage, step: Some(step.key.clone()) };
    let unknown = test.archive.move_to(&hr, id, &Move::to(to.clone())).await.unwrap_err();
    assert_eq!(unknown.kind(), ErrorKind::Invalid);
    change(&test, |settings| settings.process.steps.push(step)).await??;
    let moved = test.archive.move_to(&hr, id, &Move::to(to.clone())).await?;
    assert_eq!(moved.place(), to);
    // Given up, or left out altogether, which comes to the same.
    change(&test, |settings| settings.process.steps.clear()).await??;
    assert!(test.archive.settings().process.steps[0].is_retired);
    change(&test, |settings| settings.process.steps[0].is_retired = false).await??;
    change(&test, |settings| settings.process.steps[0].is_retired = true).await??;
    let process = &test.archive.settings().process;
    let place = test.archive.show(&hr, id).await?.application.place();
    assert_eq!(process.settled(place.clone()), Place::from(Stage::HumanInterview));
    assert_eq!(process.label(&place, Language::Chinese), "人工面试 · 终面", "its history can be read");
    let on = test.archive.move_to(&hr, id, &Move::to(Stage::Offer)).await?;
    let back = test.archive.undo_move(&hr, on.id, None, None).await?;
    assert_eq!(back.place(), Place::from(Stage::HumanInterview));
    let back = test.archive.undo_move(&hr, on.id, None, None).await?;
    assert_eq!(back.place(), Place::from(Stage::AiInterview), "further back, and not forward again");
    let test = test.reopen().await?;
    assert_eq!(test.archive.settings().process.steps.len(), 1, "settings last");
    Ok(())
}

#[tokio::test]
async fn rules_in_a_circle_are_refused() -> TestResult {
    let test = archive(1).await?;
    let back = MoveRule {
        from: Stage::HumanInterview.into(),
        to: Stage::AiInterview.into(),
        at_least: Bar::Score(90.0),
    };
    let refused = change(&test, |settings| settings.process.rules.push(back)).await?.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Invalid);
    assert!(refused.message(Language::Chinese).contains("循环"), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_rule_suggests_and_a_person_confirms() -> TestResult {
    let test = archive(40).await?;
    let hr = test.as_user("hr").await?;
    change(&test, |settings| settings.process.rules[0].at_least = Bar::Score(70.0)).await??;
    let position = found(&test, "岗位=客户经理").await?[0].1;
    let reach = found(&test, "岗位=客户经理 得分>=70").await?.len();
    let board = test.archive.board(&hr, position).await?;
    let column = |stage| board.columns.iter().find(|column| column.stage == stage).ok_or("no column");
    let column = column(Stage::AiInterview)?;
    assert!(reach > 0 && (column.total as usize) > reach);
    assert_eq!(column.suggested as usize, reach);
    for card in &column.cards {
        assert_eq!(card.suggested.is_some(), card.hit.score >= Some(70.0));
    }
    let li = test.as_user("li").await?;
    let own = test.archive.board(&li, position).await?;
    let stages: Vec<Stage> = own.columns.iter().map(|column| column.stage).collect();
    assert_eq!(stages, [Stage::AiInterview, Stage::HumanInterview], "what an interviewer sees, and no more");
    assert!(own.columns[0].cards.iter().all(|card| card.suggested.is_none()));
    let rule = test.archive.settings().process.rules[0].clone();
    let by_li = test.archive.confirm_suggestions(&li, position, &rule.from).await?;
    assert!(by_li.moved.is_empty(), "an interviewer confirms nothing");
    let moved = test.archive.confirm_suggestions(&hr, position, &rule.from).await?;
    assert_eq!(moved.moved.len(), reach);
    assert_eq!(test.archive.board(&hr, position).await?.columns[2].total as usize, reach);
    Ok(())
}

#[tokio::test]
async fn another_positions_board_is_not_there() -> TestResult {
    let test = archive(20).await?;
    let (li, checker) = (test.as_user("li").await?, test.as_user("checker").await?);
    let other = found(&test, "岗位=风险控制").await?[0].1;
    let absent = PositionId::from_bytes([7; 16]);
    let told = |error: Error, id: PositionId| format!("{error:?}").replace(&id.to_string(), "ID");
    let hidden = told(test.archive.board(&li, other).await.unwrap_err(), other);
    assert_eq!(hidden, told(test.archive.board(&li, absent).await.unwrap_err(), absent));
    let columns = test.archive.board(&checker, other).await?.columns;
    assert_eq!(columns.iter().map(|of| of.stage).collect::<Vec<_>>(), [Stage::BackgroundCheck]);
    Ok(())
}

#[tokio::test]
async fn whoever_looks_is_told_of_what_they_may_see_and_when_they_may_no_longer() -> TestResult {
    let test = archive(20).await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let (id, position) = found(&test, "岗位=客户经理").await?[0];
    let (other, _) = found(&test, "岗位=风险控制").await?[0];
    let watched = [Watched::Application(id), Watched::Board(position), Watched::Interviews];
    let states = async || -> TestResult<Vec<u64>> {
        let mut states = Vec::new();
        for watched in watched {
            states.push(test.archive.state_of(&li, watched).await?);
        }
        Ok(states)
    };
    let before = states().await?;
    test.archive.move_to(&hr, other, &Move::to(Stage::HumanInterview)).await?;
    assert_eq!(states().await?, before, "another position's move is no change");
    test.archive.move_to(&hr, id, &Move::to(Stage::HumanInterview)).await?;
    let after = states().await?;
    assert!(before.iter().zip(&after).all(|(before, after)| before != after));
    test.archive.move_to(&hr, id, &Move::to(Stage::Offer)).await?;
    assert!(test.archive.state_of(&li, watched[0]).await.is_err(), "it has gone on");
    test.archive.set_interviewer(&hr, &"客户经理".parse()?, &"li".parse()?, false).await?;
    let li = test.as_user("li").await?;
    assert!(test.archive.state_of(&li, watched[1]).await.is_err(), "the position is no longer theirs");
    Ok(())
}

#[tokio::test]
async fn the_pipeline_is_taken_away_changed_and_handed_in_as_moves() -> TestResult {
    let test = archive(12).await?;
    let hr = test.as_user("hr").await?;
    let file = test.archive.export_pipeline(&hr, "", Language::Chinese).await?;
    let mut rows = dossier_sheets::read(&file)?;
    assert_eq!(rows.len(), 13, "a head, and everybody");
    let unchanged = test.archive.import_pipeline(&hr, file.into(), false).await?;
    assert!(unchanged.rows.iter().all(|row| row.fate.name() == "unchanged"), "{unchanged:?}");
    let column = |name: &str| rows[0].cells.iter().position(|cell| cell == name).ok_or("no column");
    let (id, stage, reason, moves) = (column("编号")?, column("阶段")?, column("理由")?, column("变更次数")?);
    let mut set = |row: usize, column: usize, text: &str| {
        let cells = &mut rows[row].cells;
        cells.resize(cells.len().max(column + 1), String::new());
        cells[column] = text.to_owned();
    };
    set(1, stage, "人工面试");
    set(2, stage, "淘汰");
    set(3, stage, "淘汰");
    set(3, reason, "资历不符");
    set(4, stage, "nowhere");
    set(5, id, "app_00000000000000000000000000");
    set(6, stage, "offer");
    set(6, moves, "7");
    let csv: String = rows.iter().map(|row| row.cells.join("\t") + "\n").collect();
    let tried = test.archive.import_pipeline(&hr, csv.clone().into(), true).await?;
    assert_eq!(found(&test, "阶段=人工面试").await?.len(), 0, "a trial moves nobody");
    let done = test.archive.import_pipeline(&hr, csv.clone().into(), false).await?;
    let fates =
        |of: &dossier_archive::Imported| of.rows.iter().map(|row| row.fate.name()).collect::<Vec<_>>();
    assert_eq!(fates(&tried), fates(&done));
    assert_eq!(fates(&done)[..6], ["changed", "refused", "changed", "refused", "refused", "refused"]);
    assert_eq!(found(&test, "阶段=人工面试").await?.len(), 1);
    assert_eq!(found(&test, "阶段=淘汰").await?.len(), 1);
    let again = test.archive.import_pipeline(&hr, csv.into(), false).await?;
    assert_eq!(fates(&again)[..3], ["unchanged", "refused", "unchanged"]);
    let li = test.as_user("li").await?;
    assert_eq!(
        test.archive.export_pipeline(&li, "", Language::Chinese).await.unwrap_err().kind(),
        ErrorKind::Denied
    );
    Ok(())
}

#[tokio::test]
async fn a_board_is_looked_at_again_only_for_what_concerns_its_position() -> TestResult {
    let test = archive(20).await?;
    let hr = test.as_user("hr").await?;
    let all = found(&test, "").await?;
    let (one, position) = all[0];
    let (other, _) = *all.iter().find(|(_, of)| *of != position).ok_or("one position alone")?;
    let watched = Watched::Board(position);
    let before = test.archive.newest_commit_of(&hr, watched).await?;
    test.archive.show(&hr, other).await?;
    test.archive.move_to(&hr, other, &Move::to(Stage::HumanInterview)).await?;
    assert_eq!(test.archive.newest_commit_of(&hr, watched).await?, before, "it concerns another position");
    assert!(test.archive.newest_commit().await? > before);
    test.archive.move_to(&hr, one, &Move::to(Stage::HumanInterview)).await?;
    assert_eq!(test.archive.newest_commit_of(&hr, watched).await?, test.archive.newest_commit().await?);
    Ok(())
}

#[tokio::test]
async fn a_dossier_and_a_list_are_looked_at_again_for_what_concerns_them_alone() -> TestResult {
    let test = archive(20).await?;
    let (hr, li) = (test.as_user("hr").await?, test.as_user("li").await?);
    let (own, _) = found(&test, "岗位=客户经理").await?[0];
    let (beside, _) = found(&test, "岗位=客户经理").await?[1];
    let (other, _) = found(&test, "岗位=风险控制").await?[0];
    let newest = async |watched| test.archive.newest_commit_of(&li, watched).await;
    let (dossier, list) = (Watched::Application(own), Watched::Interviews);
    let before = (newest(dossier).await?, newest(list).await?);
    test.archive.show(&hr, own).await?;
    test.archive.move_to(&hr, other, &Move::to(Stage::HumanInterview)).await?;
    assert_eq!((newest(dossier).await?, newest(list).await?), before, "looks, and another position's move");
    test.archive.move_to(&hr, beside, &Move::to(Stage::HumanInterview)).await?;
    let moved = test.archive.newest_commit().await?;
    assert_eq!((newest(dossier).await?, newest(list).await?), (before.0, moved), "the list alone");
    test.archive.tag(&hr, &[own], &["高潜力".parse()?], &[]).await?;
    let tagged = test.archive.newest_commit().await?;
    assert_eq!((newest(dossier).await?, newest(list).await?), (tagged, tagged));
    Ok(())
}
