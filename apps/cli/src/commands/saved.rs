//! `saved`: searches that whoever acts keeps under a name.
//!
//! JSON: a search `{"id","name","query","sort","saved_at"}`; for `list`, `{"saved_searches":[…]}`; for `remove`,
//! `{"removed":id}`.

use dossier_client::saved::{NewSavedSearch, SavedSearch};
use dossier_domain::text::Line;
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    input,
    table::{Side, Table},
    text::{Style, Text, say},
};

/// `saved …`
pub(super) async fn run(asked: &args::Saved, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Saved::List => list(desk).await,
        args::Saved::Add(new) => add(new, desk).await,
        args::Saved::Rename(rename) => {
            let SavedSearch { id, .. } = named(&rename.name, desk).await?;
            let name = input::text::<Line>("名称", &rename.to)?;
            let renamed = desk.service.rename_saved_search(id, name).await?;
            let name = &renamed.name;
            desk.out.line(say!(desk.language(), "现在叫“{name}”。", "It is called “{name}” now."));
            desk.out.document(&json!(renamed));
            Ok(())
        }
        args::Saved::Remove(remove) => {
            let SavedSearch { id, name, .. } = named(&remove.name, desk).await?;
            desk.service.remove_saved_search(id).await?;
            desk.out.line(say!(desk.language(), "已删除“{name}”。", "“{name}” is forgotten."));
            desk.out.document(&json!({ "removed": id }));
            Ok(())
        }
    }
}

/// The search of this name.
pub(super) async fn named(name: &str, desk: &Desk<'_>) -> Result<SavedSearch> {
    let found = desk.service.saved_searches().await?.into_iter().find(|one| one.name.as_str() == name.trim());
    let cut: String = name.chars().take(80).collect();
    found.ok_or_else(|| {
        Error::new(
            Kind::NotFound,
            format!("没有名为“{cut}”的检索；用 dossier saved list 查看"),
            format!("no search is called “{cut}”; dossier saved list shows them"),
        )
    })
}

async fn add(asked: &args::SavedAdd, desk: &Desk<'_>) -> Result<()> {
    let query = asked.query.join(" ");
    let name = input::text::<Line>("名称", &asked.name)?;
    let new = NewSavedSearch { name, query, sort: asked.sort.map(Into::into) };
    let saved = desk.service.save_search(new).await?;
    let name = &saved.name;
    desk.out.line(say!(
        desk.language(),
        "已保存；用 dossier search --saved {name} 检索。",
        "It is kept; dossier search --saved {name} finds it."
    ));
    desk.out.document(&json!(saved));
    Ok(())
}

async fn list(desk: &Desk<'_>) -> Result<()> {
    let saved = desk.service.saved_searches().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("名称", "Name")),
        (Side::Left, language.pick("保存于", "Kept")),
        (Side::Loose, language.pick("检索式", "Query")),
    ]);
    for one in &saved {
        table.row([
            Text::of(Style::Bold, &one.name),
            Text::from(desk.time(one.saved_at)),
            Text::from(one.query.as_str()),
        ]);
    }
    desk.out.table(&table);
    desk.out.document(&json!({ "saved_searches": saved }));
    Ok(())
}
