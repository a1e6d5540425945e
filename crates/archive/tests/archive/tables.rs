//! Tables that are handed in: whatever is wrong with a row is said wholly in the language of who reads it.

use bytes::Bytes;
use dossier_archive::{Imported, RowFate, SearchRequest};
use dossier_domain::{Language, Stage};
use dossier_testkit::{TestArchive, TestResult};

/// What is wrong with each row that is refused, in a language, without what the table itself says.
fn problems(of: &Imported, language: Language) -> Vec<String> {
    let quoted = |text: String| -> String {
        let outside = text.split(['“', '”']).step_by(2);
        outside.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let refused = of.rows.iter().filter_map(|row| match &row.fate {
        RowFate::Refused(error) => Some(quoted(error.message(language))),
        _ => None,
    });
    refused.collect()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// Whether a text speaks one language alone; ids and the like are of none.
fn speaks(text: &str, language: Language) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '+');
    let english = words.filter(|word| word.len() > 2 && word.chars().all(|c| c.is_ascii_lowercase())).count();
    let chinese = text.chars().filter(|c| is_han(*c)).count();
    match language {
        Language::Chinese => chinese > 3 && english == 0,
        Language::English => english > 1 && chinese == 0,
    }
}

fn all_speak(of: &Imported, rows: usize) {
    for language in [Language::Chinese, Language::English] {
        let told = problems(of, language);
        assert_eq!(told.len(), rows, "{told:#?}");
        for text in told {
            assert!(speaks(&text, language), "{text}");
        }
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_position_is_said_in_one_language() -> TestResult {
    let test = TestArchive::new().await?;
    let long = "长".repeat(90);
    let table = format!(
        "岗位,分行,分数线,测评占比,面试官,状态,别名\n\
         1,,七十,,,,\n2,,170,,,,\n3,,,Python,,,\n4,,,Python=130%,,,\n5,,,,404,,\n6,,,,hr,,\n7,,,,,也许,\n\
         {long},,,,,,\n9,{long},,,,,\n10\u{7},,,,,,\n,上海分行,,,,,\n12,,,,,,\n12,,,,,,\n14,,,,,,12\n15,,,a=60%;b=60%,,,\n"
    );
    let hr = test.as_user("hr").await?;
    let done = test.archive.import_positions(&hr, Bytes::from(table), true).await?;
    all_speak(&done, 14);
    Ok(())
}

#[tokio::test]
async fn what_is_wrong_with_a_move_is_said_in_one_language() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 4).await?;
    let hr = test.as_user("hr").await?;
    let hits = test.archive.search(&hr, SearchRequest::default()).await?.hits.hits;
    let ids: Vec<String> = hits.iter().map(|hit| hit.application.to_string()).collect();
    test.archive.move_to(&hr, hits[3].application, &dossier_archive::Move::to(Stage::Withdrawn)).await?;
    let [a, b, c, d] = &ids[..] else { return Err("four applications are needed".into()) };
    let table = format!(
        "编号,阶段,环节,理由,变更次数\n\
         404,人工面试,,,\n app_00000000000000000000000000,人工面试,,,\n{a},某处,,,\n{a},人工面试,某环节,,\n\
         {a},人工面试,,,多次\n{a},淘汰,,,\n{b},人工面试,,,9\n{c},人工面试,,{},\n{c},人工面试,,,\n{c},人工面试,,,\n{d},淘汰,,不符,\n",
        "长".repeat(500)
    );
    let done = test.archive.import_pipeline(&hr, Bytes::from(table), true).await?;
    all_speak(&done, 10);
    Ok(())
}
