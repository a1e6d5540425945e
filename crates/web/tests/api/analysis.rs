//! Reports as pages and as files.

use std::collections::BTreeSet;

use axum::http::header;
use dossier_archive::{LogFilter, Move, SearchRequest};
use dossier_domain::{Stage, text::Line};
use dossier_testkit::TestResult;

use crate::server::Server;

const BY_POSITION_AND_MONTH: &str = "/analysis?measure=pass_rate&by=position,month";

/// A bank in which two of three candidates have passed or failed the AI interview.
pub(crate) async fn bank() -> TestResult<Server> {
    let server = Server::with(48).await?;
    let hr = server.test.as_user("hr").await?;
    let request = SearchRequest { limit: Some(100), ..SearchRequest::default() };
    let found = server.test.archive.search(&hr, request).await?;
    for (number, hit) in found.hits.hits.iter().enumerate() {
        let stage = match number % 3 {
            0 => Stage::HumanInterview,
            1 => Stage::Rejected,
            _ => continue,
        };
        let asked = Move::to(stage).because(Some(Line::parse("test")?));
        server.test.archive.move_to(&hr, hit.application, &asked).await?;
    }
    Ok(server)
}

/// What stands between two marks, each time.
pub(crate) fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| Some(rest.split_once(after)?.0)).collect()
}

#[tokio::test]
async fn each_number_leads_to_exactly_those_that_were_counted() -> TestResult {
    let server = bank().await?;
    let session = server.sign_in("hr").await?;
    for language in ["zh", "en"] {
        let page = server.read(&session, language, BY_POSITION_AND_MONTH).await.expect(200).text();
        let links = between(&page, r#"<td class="number"><a href=""#, "</a>");
        let numbers: Vec<_> = links.iter().filter_map(|link| link.split_once(r#"">"#)).collect();
        assert!(numbers.len() > 40, "{language}: {page}");
        let mut count = 0;
        for (address, figure) in &numbers {
            // Behind a share are those that stand in the cell before it.
            count = figure.parse().unwrap_or(count);
            assert!(figure.contains('%') || figure.parse() == Ok(count), "{figure}");
            let found = server.read(&session, language, address).await.expect(200).text();
            let total: u64 = between(&found, r#"role="status">"#, " ")[0].parse()?;
            assert_eq!(total, count, "{language} {figure}: {address}");
        }
        let drawn = page.split(r#"" tabindex="-1">"#).filter_map(|before| before.rsplit_once(r#"<a href=""#));
        let drawn: BTreeSet<_> = drawn.map(|(_, address)| address).filter(|of| !of.contains('"')).collect();
        let counted: BTreeSet<_> = numbers.iter().map(|(address, _)| *address).collect();
        assert!(!drawn.is_empty() && drawn.is_subset(&counted), "{drawn:?}");
    }
    Ok(())
}

#[tokio::test]
async fn fields_become_conditions_and_a_mistake_is_shown_where_it_is() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let filled =
        "/analysis?measure=pass_rate&by=month&by=position&q=&position=x&from=2023-10-01&to=2023-10-31&score=";
    let answer = server.read(&session, "en", filled).await.expect(303);
    let address = answer.header(header::LOCATION).to_owned();
    assert!(address.starts_with("/analysis?measure=pass_rate&by=month%2Cposition&q="), "{address}");
    let page = server.read(&session, "en", &address).await.expect(200).text();
    assert_eq!(between(&page, r#"class="chip""#, "</li>").len(), 2, "{page}");
    assert!(page.contains("There is nothing to count"), "{page}");
    assert_eq!(between(&page, r#"checked"#, ">").len(), 2, "the form is filled in");

    let mistaken = "/analysis?measure=pass_rate&by=month&q=score>=ninety&position=x".replace(">=", "%3E%3D");
    let page = server.read(&session, "en", &mistaken).await.expect(422).text();
    assert!(page.contains("<mark>ninety</mark>") && page.contains(r#"value="x""#), "{page}");
    let crowded = "/analysis?measure=pass_rate&by=month,position,stage,vendor";
    let page = server.read(&session, "en", crowded).await.expect(422).text();
    assert!(page.contains("at most") && page.contains("<form class=\"card choose\""), "{page}");
    for nonsense in ["/analysis?measure=none", "/analysis?measure=pass_rate&by=none", "/analysis?by=%FF"] {
        let status = server.read(&session, "en", nonsense).await.status.as_u16();
        assert!([200, 400, 422].contains(&status), "{nonsense}: {status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_report_is_taken_away_as_a_file_and_the_log_knows() -> TestResult {
    let server = bank().await?;
    let session = server.sign_in("hr").await?;
    let files =
        [("xlsx", &b"PK\x03\x04"[..]), ("csv", "\u{feff}".as_bytes()), ("json", b"{"), ("svg", b"<?xml")];
    for (format, start) in files {
        let path = format!("/analysis/export?measure=pass_rate&by=position&format={format}");
        let file = server.read(&session, "zh", &path).await.expect(200);
        assert!(file.bytes.starts_with(start), "{format}: {:.80}", file.text());
        let named = file.header(header::CONTENT_DISPOSITION);
        assert!(named.starts_with("attachment") && named.contains("UTF-8''AI%E9%9D%A2%E8%AF%95"), "{named}");
        assert!(named.ends_with(&format!(".{format}")), "{named}");
    }
    for (nonsense, status) in [("format=exe", 400), ("", 400), ("format=xlsx&by=none", 422)] {
        let path = format!("/analysis/export?measure=pass_rate&{nonsense}");
        server.read(&session, "zh", &path).await.expect(status);
    }
    let auditor = server.test.as_user("auditor").await?;
    let log = server.test.archive.log_records(&auditor, LogFilter::default()).await?;
    let made = log.records.iter().filter(|record| record.entry.action.as_str() == "report");
    assert!(made.count() >= files.len());
    Ok(())
}

#[tokio::test]
async fn an_interviewer_gets_no_figures_of_few_people() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("li").await?;
    let path = "/analysis?measure=pass_rate&by=position";
    let page = server.read(&session, "en", path).await.expect(200).text();
    assert!(page.contains("There is nothing to count"), "{page}");
    let hr = server.test.as_user("hr").await?;
    for position in server.test.archive.positions(&hr).await? {
        server.test.make_responsible(position.name.as_str()).await?;
    }
    let session = server.sign_in("li").await?;
    let page = server.read(&session, "en", path).await.expect(200).text();
    assert!(page.contains("too few") && !page.contains(r#"<td class="number"><a"#), "{page}");
    Ok(())
}
