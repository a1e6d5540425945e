//! Opens an archive in memory, takes in a few made-up interviews, and searches them as HR does.

use dossier_archive::SearchRequest;
use dossier_testkit::{TestArchive, TestResult};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> TestResult {
    let test = TestArchive::new().await?;
    let connection = test.connection().await?;
    test.ingest(&connection, 20).await?;
    let hr = test.as_user("hr").await?;
    let request = SearchRequest { query: "张三+客户经理+80分".to_owned(), ..SearchRequest::default() };
    let answer = test.archive.search(&hr, request).await?;
    for hit in answer.hits.hits {
        let name = hit.name.map_or_else(String::new, |name| name.to_string());
        println!("{name} {} {}", hit.position_name, hit.folder.join("/"));
    }
    Ok(())
}
