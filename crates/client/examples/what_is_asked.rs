//! What the API is asked, and how its answer is read.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use dossier_client::applications::{Found, Search, Sort};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked =
        Search {
            query: "张三+客户经理".to_owned(), sort: Some(Sort::HighestScore), ..Search::default()
        };
    println!("GET /api/v1/applications {}", serde_json::to_string(&asked)?);
    let answer = r#"{ "query": "", "chips": [], "total": 0, "hits": [], "next": null, "facets": [] }"#;
    let found: Found = serde_json::from_str(answer)?;
    println!("{} applications", found.total);
    Ok(())
}
