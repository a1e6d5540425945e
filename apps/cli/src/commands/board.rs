//! `board`: the applications of a position by stage.
//!
//! JSON: `{"position","name","columns":[{"stage","label","total","suggested","cards":[{"application","name","score",
//! "weighted","stage_since","suggested"}]}]}`.

use dossier_client::{applications::Search, process::Board};
use dossier_domain::{PositionId, text::PositionName};
use dossier_search::{
    Query,
    query::{Condition, Named},
};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    input,
    text::{Text, number, say},
};

/// So many cards of a stage are shown.
const SHOWN: usize = 5;

/// `board`
pub(super) async fn run(asked: &args::Board, desk: &Desk<'_>) -> Result<()> {
    let board = desk.service.board(position(&asked.position, desk).await?).await?;
    show(&board, desk);
    desk.out.document(&json!(board));
    Ok(())
}

/// The position that a person means, by one of its applications that they may see.
async fn position(given: &str, desk: &Desk<'_>) -> Result<PositionId> {
    if let Ok(id) = given.trim().parse() {
        return Ok(id);
    }
    let name: PositionName = input::text("岗位名称", given)?;
    let query =
        Query::everything().with(Condition::Position(Named::exactly(name.as_str()))).text(desk.language());
    let found = desk.service.search(Search { query, limit: Some(1), ..Search::default() }).await?;
    if let Some(hit) = found.hits.first() {
        return Ok(hit.position);
    }
    let all = desk.service.positions().await.unwrap_or_default();
    let called = all.into_iter().find(|position| position.is_called(&name));
    called.map(|position| position.id).ok_or_else(|| {
        Error::new(
            Kind::NotFound,
            format!("没有可查看的岗位“{name}”"),
            format!("there is no position {name} that you may see"),
        )
    })
}

fn show(board: &Board, desk: &Desk<'_>) {
    let language = desk.language();
    for column in &board.columns {
        let mut head = Text::default().bold(&column.label).plain(format!("  {}", column.total));
        if column.suggested > 0 {
            let suggested = column.suggested;
            head = head.dim(say!(language, "  建议推进 {suggested}", "  {suggested} suggested to move on"));
        }
        desk.out.line(head);
        for card in column.cards.iter().take(SHOWN) {
            let name = card.name.as_ref().map_or("–", |name| name.as_str());
            let score = card.weighted.or(card.score).map(number).unwrap_or_default();
            let since = desk.time(card.stage_since);
            desk.out.line(Text::default().plain(format!("  {name}  {score}  ")).dim(since));
        }
    }
}
