//! Along the process: boards of a large position, and a thousand applications moved at once.

use std::{collections::BTreeMap, path::Path, time::Instant};

use dossier_access::Context;
use dossier_archive::{Archive, Move, SearchRequest};
use dossier_domain::{ApplicationId, PositionId, Stage};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    folder::{self, Folder},
    options::Bench,
    table::Line,
    timing::{Samples, milliseconds},
};

/// So many applications are moved at once.
const MOVED: usize = 1000;
/// So often a board is opened.
const TIMES: usize = 20;
/// So often a move is made, there and back.
const MOVES: usize = 6;

/// How long it took.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Processed {
    /// How many applications the position has whose board was opened.
    applications: u64,
    boards: Samples,
    moves: Samples,
    /// From a move until the board's state is another one.
    seen: Samples,
}

/// Opens boards of the large folder, and moves what is on them.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let done: Measured<Processed> = child::run(&Job::Process { folder: bench.filled()? })?;
    let Processed { applications, boards, moves, seen } = &done.value;
    let (board, most, look) = (boards.quantile(0.99), moves.quantile(1.0), seen.quantile(1.0));
    Ok(vec![
        Line::new(&format!("board of {applications} applications, p99"), milliseconds(board))
            .at_most(board, 0.1, "100 ms"),
        Line::new(&format!("{MOVED} applications moved at once, longest"), milliseconds(most))
            .at_most(most, 2.0, "2 s"),
        Line::new("a move until a board knows of it, longest", milliseconds(look))
            .at_most(look, 0.7, "700 ms"),
    ])
}

/// Measures in this process.
pub(crate) async fn run(path: &Path) -> Result<Processed> {
    let archive = Folder::at(path).open().await?;
    let hr = folder::user(&archive, "hr").await?;
    let (position, ids) = largest(&archive, &hr).await?;
    let mut done = Processed { applications: ids.len() as u64, ..Processed::default() };
    archive.board(&hr, position).await?;
    for _ in 0..TIMES {
        let begun = Instant::now();
        archive.board(&hr, position).await?;
        done.boards.push(begun.elapsed());
    }
    let some: Vec<ApplicationId> = ids.iter().copied().take(MOVED).collect();
    for stage in [Stage::HumanInterview, Stage::AiInterview].into_iter().cycle().take(MOVES) {
        let begun = Instant::now();
        let moved = archive.move_many(&hr, &some, &Move::to(stage)).await?;
        done.moves.push(begun.elapsed());
        if moved.moved.len() != some.len() {
            return Err(format!("{} were not moved", moved.refused.len()).into());
        }
    }
    let watched = dossier_archive::Watched::Board(position);
    for stage in [Stage::HumanInterview, Stage::AiInterview].into_iter().cycle().take(MOVES) {
        let before = archive.state_of(&hr, watched).await?;
        archive.move_to(&hr, ids[0], &Move::to(stage)).await?;
        let begun = Instant::now();
        while archive.state_of(&hr, watched).await? == before {}
        done.seen.push(begun.elapsed());
    }
    archive.close().await?;
    Ok(done)
}

/// The position with most applications, and which they are.
async fn largest(archive: &Archive, hr: &Context) -> Result<(PositionId, Vec<ApplicationId>)> {
    let mut by_position: BTreeMap<PositionId, Vec<ApplicationId>> = BTreeMap::new();
    let mut after = None;
    loop {
        let asked = SearchRequest { limit: Some(1000), after, ..SearchRequest::default() };
        let page = archive.search(hr, asked).await?.hits;
        for hit in &page.hits {
            by_position.entry(hit.position).or_default().push(hit.application);
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    by_position.into_iter().max_by_key(|(_, ids)| ids.len()).ok_or_else(|| "there are no applications".into())
}
