//! The sealed index against a plain one: the same segments, opened file by file, and the same queries in turns.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use dossier_seal::{
    Key,
    chunked::{FileKind, open_file},
};
use dossier_search::{Facet, Index, Options, Query, Request, Scope, Sort};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    child::{self, Job, Measured},
    folder::Folder,
    options::Bench,
    table::{Line, megabytes},
    timing::{Samples, milliseconds, timed},
};

/// Memory for opened parts, as a server would have it.
const CACHE: u64 = 64 << 20;
/// How long each kind of query is asked.
const TIME: Duration = Duration::from_secs(12);

/// Words that interviews of the made-up bank hold, rare and frequent ones.
const WORDS: [&str; 12] =
    ["客户", "风险", "理财", "实习", "团队", "数据", "沟通", "银行", "建模", "信用证", "对账", "报表"];

/// A kind of query.
struct Class {
    name: &'static str,
    queries: Vec<String>,
    sort: Option<Sort>,
    facets: Vec<Facet>,
}

/// How long a kind of query took.
#[derive(Serialize, Deserialize)]
pub(crate) struct Compared {
    name: String,
    plain: Samples,
    sealed: Samples,
}

/// Compares both indexes of the large folder.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let folder = bench.filled()?;
    let scratch = bench.scratch().join("plain-index");
    let compared: Measured<Vec<Compared>> = child::run(&Job::Index { folder, scratch: scratch.clone() })?;
    fs::remove_dir_all(scratch)?;
    let mut lines = Vec::new();
    for Compared { name, plain, sealed } in &compared.value {
        for (quantile, share, target) in [("p50", 0.5, 1.15), ("p99", 0.99, 1.5)] {
            let (plain, sealed) = (plain.quantile(share), sealed.quantile(share));
            let ratio = sealed / plain;
            lines.push(
                Line::new(&format!("sealed index, {name}, {quantile}"), milliseconds(sealed))
                    .against(format!("plain index {}", milliseconds(plain)), ratio)
                    .at_most(ratio, target, &target.to_string()),
            );
        }
    }
    if let Some(first) = compared.value.first() {
        let p99 = first.sealed.quantile(0.99);
        let line = Line::new(&format!("sealed index, {}, p99 as such", first.name), milliseconds(p99));
        lines.push(line.at_most(p99, 0.030, "30 ms"));
    }
    lines.push(Line::new("both indexes in one process, peak memory", megabytes(compared.peak)));
    Ok(lines)
}

/// Asks both indexes the same, in turns.
pub(crate) fn run(folder: &Path, scratch: &Path) -> Result<Vec<Compared>> {
    let folder = Folder::at(folder);
    unseal(&folder.index(), &folder.index_key()?, scratch)?;
    let sealed = Options { cache: CACHE, ..Options::sealed(folder.index(), folder.index_key()?) };
    let plain = Options { path: scratch.to_owned(), key: None, ..sealed };
    let (plain, sealed) = (Index::open(plain)?, Index::open(sealed)?);
    classes().iter().map(|class| compare(class, &plain, &sealed)).collect()
}

fn compare(class: &Class, plain: &Index, sealed: &Index) -> Result<Compared> {
    let mut compared =
        Compared { name: class.name.to_owned(), plain: Samples::default(), sealed: Samples::default() };
    let scope = Scope::all();
    let queries = class.queries.iter().map(|text| Query::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let requests = queries.iter().map(|query| {
        let request = Request { facets: class.facets.clone(), ..Request::new(query, &scope) };
        Request { sort: class.sort.unwrap_or(request.sort), ..request }
    });
    let requests: Vec<Request<'_>> = requests.collect();
    for request in &requests {
        let (plain, sealed) = (plain.search(request)?, sealed.search(request)?);
        if plain != sealed {
            return Err(format!("the indexes differ about {}", request.query).into());
        }
    }
    let begun = Instant::now();
    while begun.elapsed() < TIME {
        for (number, request) in requests.iter().enumerate() {
            if number % 2 == 0 {
                timed(&mut compared.plain, || plain.search(request))?;
                timed(&mut compared.sealed, || sealed.search(request))?;
            } else {
                timed(&mut compared.sealed, || sealed.search(request))?;
                timed(&mut compared.plain, || plain.search(request))?;
            }
        }
    }
    Ok(compared)
}

fn classes() -> Vec<Class> {
    let facets = vec![Facet::Position, Facet::Month, Facet::ScoreBand, Facet::Folder(Vec::new())];
    let filters = |number: usize| {
        let (month, score) = (1 + number % 12, 60 + number % 4 * 5);
        format!("岗位=客户经理 面试时间=2023年{month}月 AI得分≥{score} 情绪分析=积极")
    };
    let words = || WORDS.iter().map(ToString::to_string);
    let filtered = WORDS.iter().enumerate().map(|(number, word)| format!("{word} {}", filters(number)));
    // An odd number, so that each query comes first as often as second.
    let odd = |queries: Vec<String>| queries.into_iter().skip(1).collect::<Vec<_>>();
    vec![
        Class {
            name: "word, 4 filters, sort, count, 4 facets",
            queries: odd(filtered.collect()),
            sort: Some(Sort::HighestScore),
            facets: facets.clone(),
        },
        Class {
            name: "4 filters alone",
            queries: odd((0..WORDS.len()).map(filters).collect()),
            sort: None,
            facets: Vec::new(),
        },
        Class { name: "word, 4 facets", queries: odd(words().collect()), sort: Some(Sort::Newest), facets },
        Class {
            name: "best 20 with snippets",
            queries: odd(words().collect()),
            sort: None,
            facets: Vec::new(),
        },
        Class {
            name: "Pinyin prefix",
            queries: ["zhangs", "wangx", "lij", "chenm", "zhaoy"].map(str::to_owned).into(),
            sort: None,
            facets: Vec::new(),
        },
    ]
}

/// Puts the plain form of each file of a sealed index into another folder.
fn unseal(sealed: &Path, key: &Key, plain: &Path) -> Result {
    fs::create_dir_all(plain)?;
    for entry in fs::read_dir(sealed)? {
        let entry = entry?;
        let bytes = fs::read(entry.path())?;
        // Lock files are empty.
        if !bytes.is_empty() {
            let opened = open_file(FileKind::Index, key, entry.file_name().as_encoded_bytes(), bytes)?;
            fs::write(plain.join(entry.file_name()), opened)?;
        }
    }
    Ok(())
}
