//! `move`: moves an application along the process, or back; or all that a query finds.
//!
//! JSON: the application as it is stored now; with `--all`, `{"moved":[…],"refused":[{"application","detail"}]}`.

use dossier_client::applications::Search;
use dossier_domain::{Application, ApplicationId, Place, Stage};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    input,
    text::{Text, say},
};

/// So many applications are asked for at once.
const PAGE: u32 = 1000;
/// So many refusals are shown.
const SHOWN: usize = 20;

/// `move`
pub(super) async fn run(asked: &args::Move, desk: &Desk<'_>) -> Result<()> {
    let reason = asked.reason.as_deref().map(|reason| input::text("理由", reason)).transpose()?;
    let Some(to) = &asked.to else {
        let id = desk.application(&asked.application).await?;
        show(&desk.service.undo_move(id, reason).await?, desk);
        return Ok(());
    };
    let stage: Stage = input::word("招聘阶段", &stages(), to)?;
    let step = asked.step.as_deref().map(|step| input::text("环节", step)).transpose()?;
    let to = Place { stage, step };
    if !asked.all {
        let id = desk.application(&asked.application).await?;
        show(&desk.service.move_to(id, to, reason).await?, desk);
        return Ok(());
    }
    let found = all(&asked.application.join(" "), desk).await?;
    let done = desk.service.move_many(&found, to, reason).await?;
    let (moved, refused) = (done.moved.len(), done.refused.len());
    desk.out.line(say!(
        desk.language(),
        "已移动 {moved} 份应聘，未移动 {refused} 份",
        "{moved} applications moved, {refused} not moved"
    ));
    for of in done.refused.iter().take(SHOWN) {
        desk.out.line(Text::default().dim(of.application).plain("  ").plain(&of.detail));
    }
    desk.out.document(&json!(done));
    Ok(())
}

fn stages() -> String {
    Stage::ALL.map(Stage::name).join(", ")
}

/// All applications that a query finds, as many as may be moved at once.
async fn all(query: &str, desk: &Desk<'_>) -> Result<Vec<ApplicationId>> {
    if query.trim().is_empty() {
        return Err(Error::invalid("批量移动须给出检索条件", "a query says which applications to move"));
    }
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let asked = Search { query: query.to_owned(), limit: Some(PAGE), after, ..Search::default() };
        let page = desk.service.search(asked).await?;
        found.extend(page.hits.iter().map(|hit| hit.application));
        after = page.next;
        if after.is_none() || found.len() > dossier_archive::MOST_MOVED {
            return Ok(found);
        }
    }
}

fn show(application: &Application, desk: &Desk<'_>) {
    let place = application.place();
    let stage = place.stage.label(desk.language());
    let step = place.step.map(|step| format!("/{step}")).unwrap_or_default();
    desk.out.line(say!(desk.language(), "现处于：{stage}{step}", "now in: {stage}{step}"));
    desk.out.document(&json!(application));
}
