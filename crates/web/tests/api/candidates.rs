//! The page of the candidates: folders, what was meant, the form of conditions, pages, and what is fetched.

use axum::http::header;
use dossier_access::Token;
use dossier_archive::SearchRequest;
use dossier_search::{Counts, Facet};
use dossier_testkit::TestResult;

use crate::server::{Answer, Server};

impl Server {
    async fn candidates(&self, session: &Token, query: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.read(session, "zh", &format!("/candidates?{query}")).await
    }

    async fn refined(&self, session: &Token, query: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        self.read(session, "zh", &format!("/candidates/refine?{query}")).await
    }
}

/// The query that an address asks for.
fn query_of(address: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let q = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "q");
    q.map(|(_, q)| q.into_owned()).unwrap_or_default()
}

/// Where the link of this relation leads to.
fn related<'a>(page: &'a str, relation: &str) -> Option<String> {
    let link = page.split("<a ").find(|link| link.contains(&format!("rel=\"{relation}\"")))?;
    let address: &'a str = link.split("href=\"").nth(1)?.split('"').next()?;
    Some(address.replace("&amp;", "&"))
}

/// The candidates of a page, by their addresses.
fn rows(page: &str) -> Vec<String> {
    let cells = page.split("<th scope=\"row\"><a href=\"").skip(1);
    cells.filter_map(|cell| cell.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test]
async fn the_tree_of_folders_opens_level_by_level() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let hr = server.test.as_user("hr").await?;
    let mut folder: Vec<String> = Vec::new();
    for level in 0..3 {
        let request =
            SearchRequest { facets: vec![Facet::Folder(folder.clone())], ..SearchRequest::default() };
        let counts = server.test.archive.search(&hr, request).await?.hits.facets;
        let [Counts::Folder(below)] = counts.as_slice() else { return Err("no folders".into()) };
        let page = match level {
            0 => server.candidates(&session, &[]).await,
            _ => server.candidates(&session, &[("q", &format!("文件夹:{}", folder.join("/")))]).await,
        };
        let page = page.expect(200).text();
        assert_eq!(page.contains("class=\"path\""), level > 0, "the way back up");
        let deepest = format!("{}{}", folder.join("/"), if level > 0 { "/" } else { "" });
        for (name, _) in below {
            let link: String =
                url::form_urlencoded::byte_serialize(format!("文件夹:{deepest}{name}").as_bytes()).collect();
            assert!(page.contains(&link), "{deepest}{name} in {page}");
        }
        folder.push(below.first().ok_or("an empty folder")?.0.clone());
    }
    Ok(())
}

#[tokio::test]
async fn what_was_meant_keeps_the_rest_of_the_query_and_the_form() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let typed = "客户经理 面试时间=2023年2月30日 AI得分>=80";
    let page = server.candidates(&session, &[("q", typed), ("sort", "name")]).await.expect(422).text();
    let link =
        page.split("是否想写：").nth(1).and_then(|rest| rest.split('"').nth(1)).ok_or("no suggestion")?;
    assert_eq!(query_of(link), "客户经理 面试时间=2023-02-28 AI得分>=80");
    assert!(link.contains("sort=name"), "{link}");
    assert!(page.contains("action=\"/candidates/refine\""), "the form is there still");

    let nothing = server.candidates(&session, &[("q", "%")]).await.expect(422).text();
    assert!(nothing.contains("没有可以搜索的文字或数字"), "{nothing}");
    Ok(())
}

#[tokio::test]
async fn the_form_of_conditions_shows_what_the_query_asks_and_what_was_typed() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    let refined = |query: Vec<(&'static str, &'static str)>| {
        let (server, session) = (&server, &session);
        async move {
            let answer = server.refined(session, &query).await.expect(303);
            query_of(answer.header(header::LOCATION))
        }
    };
    // Digits of any width; conditions that the form does not know stay.
    let fields =
        vec![("q", "张三 缺:视频"), ("score", "８０"), ("position", "客户经理"), ("from", "2023-10-01")];
    let q = refined(fields).await;
    assert_eq!(q, "张三 缺:面试视频 岗位:客户经理 AI得分>=80 面试时间=2023-10-01..");
    let page = server.candidates(&session, &[("q", &q)]).await.expect(200).text();
    for value in
        ["name=\"score\" value=\"80\"", "name=\"position\" value=\"客户经理\"", "value=\"2023-10-01\""]
    {
        assert!(page.contains(value), "{value}: {page}");
    }
    // What is emptied is asked no more; what the fields can't say is left alone.
    let fields = vec![("q", "岗位:客户经理 AI得分=80..90 阶段:AI面试"), ("stage", "offer")];
    assert_eq!(refined(fields).await, "AI得分=80..90 阶段:offer发放");

    // Of several conditions of a kind, what the form does not show stays, and what it shows is changed alone.
    let fields = vec![("q", "AI得分>=60 AI得分<80"), ("score", "60"), ("stage", "offer")];
    assert_eq!(refined(fields).await, "AI得分>=60 AI得分<80 阶段:offer发放");
    let fields = vec![("q", "岗位:客户经理 岗位:风险"), ("position", "客户经理"), ("score", "70")];
    assert_eq!(refined(fields).await, "岗位:客户经理 岗位:风险 AI得分>=70");
    let days = "面试时间>=2023-10-01 面试时间<=2023-10-31";
    let page = server.candidates(&session, &[("q", days)]).await.expect(200).text();
    for value in ["name=\"from\" value=\"2023-10-01\"", "name=\"to\" value=\"2023-10-31\""] {
        assert!(page.contains(value), "{value}: {page}");
    }
    let fields = vec![("q", days), ("from", "2023-10-01"), ("to", "2023-10-31")];
    assert_eq!(refined(fields).await, "面试时间=2023-10-01.. 面试时间=..2023-10-31");

    let wrong = [("q", "客户经理"), ("from", "2023-12-01"), ("to", "2023-10-01"), ("score", "高")];
    let page = server.refined(&session, &wrong).await.expect(422).text();
    for there in [
        "value=\"2023-12-01\"",
        "value=\"2023-10-01\"",
        "value=\"高\"",
        "早于起始日期",
        "“高”：须是 0 到 100 之间的数",
    ] {
        assert!(page.contains(there), "{there}: {page}");
    }
    assert!(!rows(&page).is_empty(), "what was found stays");
    let page =
        server.refined(&session, &[("q", "得分>=高"), ("position", "客户经理")]).await.expect(422).text();
    assert!(page.contains("name=\"position\" value=\"客户经理\""), "{page}");
    Ok(())
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_answered_in_the_language_of_people() -> TestResult {
    let server = Server::new().await?;
    let session = server.sign_in("hr").await?;
    for (language, said) in [("zh", "无法识别的内容"), ("en", "can't be read")] {
        let page = server.read(&session, language, "/candidates?sort=zzz").await.expect(400).text();
        assert!(page.replace("&#39;", "'").contains(said) && !page.contains("variant"), "{page}");
    }
    Ok(())
}

#[tokio::test]
async fn pages_lead_forward_and_back() -> TestResult {
    let server = Server::with(70).await?;
    let session = server.sign_in("hr").await?;
    let mut seen: Vec<Vec<String>> = Vec::new();
    let mut page = server.candidates(&session, &[("sort", "name")]).await.expect(200).text();
    assert_eq!(related(&page, "prev"), None, "before the first page");
    loop {
        seen.push(rows(&page));
        let Some(next) = related(&page, "next") else { break };
        page = server.read(&session, "zh", &next).await.expect(200).text();
    }
    assert!(seen.len() >= 3, "{} pages", seen.len());
    for earlier in seen.iter().rev().skip(1) {
        let before = related(&page, "prev").ok_or("no page before")?;
        page = server.read(&session, "zh", &before).await.expect(200).text();
        assert_eq!(rows(&page), *earlier);
    }
    assert_eq!(related(&page, "prev"), None, "back at the first page");
    Ok(())
}

#[tokio::test]
async fn all_that_a_search_finds_is_fetched_at_once() -> TestResult {
    let server = Server::with(40).await?;
    let session = server.sign_in("hr").await?;
    let page = server.candidates(&session, &[]).await.expect(200).text();
    assert!(page.contains("name=\"all\"") && page.contains("选择全部 40 份搜索结果"), "{page}");
    let one = format!("&application={}", server.application);
    for (all, count) in [("", "1"), ("&all=1", "40")] {
        let form = format!("q=&contents=transcript&reason=test{one}{all}");
        let zip = server.form(&session, "/fetch", &form).await.expect(200);
        assert_eq!(zip.header("dossier-applications"), count);
    }
    server.form(&session, "/fetch", "q=&contents=transcript&reason=test").await.expect(400);
    let few = server.candidates(&session, &[("q", "AI得分>=0 -AI得分>=0")]).await.expect(200).text();
    assert!(!few.contains("name=\"all\""));
    Ok(())
}
