//! `folders`: the archive folders, which rules derive, and how many applications are in each.
//!
//! JSON: `{"folders":[{"path":[…],"count"}]}`, from the outer to the inner.

use dossier_client::applications::Folder;
use serde_json::json;

use crate::{args, desk::Desk, error::Result, text::Text};

/// `folders`
pub(super) async fn run(asked: &args::Folders, desk: &Desk<'_>) -> Result<()> {
    let parts = asked.path.as_deref().unwrap_or_default().split('/').filter(|part| !part.is_empty());
    let top: Vec<String> = parts.map(str::to_owned).collect();
    let mut found = Vec::new();
    below(top.clone(), asked.depth, desk, &mut found).await?;
    if found.is_empty() {
        desk.out.line(desk.language().pick("没有文件夹", "There are no folders"));
    }
    for Folder { path, count } in &found {
        let depth = path.len().saturating_sub(top.len() + 1);
        let name = path.last().map(String::as_str).unwrap_or_default();
        desk.out.line(Text::from("  ".repeat(depth)).plain(name).plain("  ").bold(count));
    }
    desk.out.document(&json!({ "folders": found }));
    Ok(())
}

/// Goes through the folders, so many levels deep.
async fn below(parent: Vec<String>, depth: u32, desk: &Desk<'_>, found: &mut Vec<Folder>) -> Result<()> {
    let mut folders = desk.service.folders(parent).await?;
    folders.sort_by_cached_key(|folder| in_order(folder.path.last().map_or("", String::as_str)));
    for folder in folders {
        let path = folder.path.clone();
        found.push(folder);
        if depth > 1 {
            Box::pin(below(path, depth - 1, desk, found)).await?;
        }
    }
    Ok(())
}

/// The name with its numbers filled up, so that 2023年9月 comes before 2023年10月.
fn in_order(name: &str) -> String {
    let parts = name.split_inclusive(|c: char| !c.is_ascii_digit());
    parts.map(|part| format!("{part:0>12}")).collect()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn months_come_in_their_order() {
        let mut names = ["2023年10月", "2024年1月", "2023年9月", "2023年1月"];
        names.sort_by_key(|name| in_order(name));
        assert_eq!(names, ["2023年1月", "2023年9月", "2023年10月", "2024年1月"]);
    }
}
