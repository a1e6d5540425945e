//! Searching through the archive, with rights and log, against the index alone.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use dossier_archive::SearchRequest;
use dossier_search::{Facet, Index, Options, Query, Request, Scope, Sort};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    folder::{self, Folder},
    options::Bench,
    table::{Line, megabytes},
    timing::{Samples, milliseconds},
};

/// How long is searched.
const TIME: Duration = Duration::from_secs(20);

const WORDS: [&str; 7] = ["客户", "风险", "理财", "银行", "团队", "数据", "服务"];

/// How long searches took.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Searches {
    hr: Samples,
    interviewer: Samples,
    alone: Samples,
}

/// Searches the large folder as two users.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let searches: Measured<Searches> = child::run(&Job::Search { folder: bench.filled()? })?;
    let Searches { hr, interviewer, alone } = &searches.value;
    let mut lines = Vec::new();
    for (who, samples) in [("HR", hr), ("interviewer", interviewer)] {
        for (quantile, share) in [("p50", 0.5), ("p99", 0.99)] {
            let (logged, alone) = (samples.quantile(share), alone.quantile(share));
            let line = Line::new(
                &format!("search as {who}, rights and log included, {quantile}"),
                milliseconds(logged),
            )
            .against(format!("the index alone {}", milliseconds(alone)), logged / alone);
            lines.push(if quantile == "p99" { line.at_most(logged, 0.030, "30 ms") } else { line });
        }
    }
    lines.push(Line::new("searching, peak memory", megabytes(searches.peak)));
    Ok(lines)
}

/// Searches in turns as HR, as an interviewer, and past the archive.
pub(crate) async fn run(path: &Path) -> Result<Searches> {
    let folder = Folder::at(path);
    let archive = folder.open().await?;
    let (hr, interviewer) = (folder::user(&archive, "hr").await?, folder::user(&archive, "li").await?);
    let index = Index::open(Options::sealed(folder.index(), folder.index_key()?))?;
    let facets = vec![Facet::Position, Facet::Month, Facet::ScoreBand, Facet::Folder(Vec::new())];
    let scope = Scope::all();
    let mut searches = Searches::default();
    let mut warm = false;
    let mut begun = Instant::now();
    while begun.elapsed() < TIME {
        for (number, word) in WORDS.iter().enumerate() {
            let text = format!("{word} 岗位=客户经理 面试时间=2023年{}月 AI得分≥60", 1 + number);
            let asked = SearchRequest {
                query: text.clone(),
                sort: Some(Sort::HighestScore),
                facets: facets.clone(),
                ..SearchRequest::default()
            };
            for (user, samples) in [(&hr, &mut searches.hr), (&interviewer, &mut searches.interviewer)] {
                let asked = asked.clone();
                let before = Instant::now();
                let found = archive.search(user, asked).await?;
                samples.push(before.elapsed());
                if found.hits.total == 0 {
                    return Err(format!("nothing was found for {text}").into());
                }
            }
            let before = Instant::now();
            let query = Query::parse(&text)?;
            let request =
                Request { sort: Sort::HighestScore, facets: facets.clone(), ..Request::new(&query, &scope) };
            index.search(&request)?;
            searches.alone.push(before.elapsed());
        }
        if !warm {
            (warm, begun, searches) = (true, Instant::now(), Searches::default());
        }
    }
    archive.close().await?;
    Ok(searches)
}
