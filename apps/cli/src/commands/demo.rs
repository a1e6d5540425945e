//! `demo`: everything at work on a made-up bank, through the very code of the commands that it names.
//!
//! JSON: `{"data","candidates","applications","hits","fetched","log_records","seconds"}`.

mod judging;
mod serve;
mod setting;
mod tour;
mod year;

use std::{path::PathBuf, sync::Arc, time::Instant};

use dossier_archive::Archive;
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use serde_json::json;

use self::year::DemoClock;
use crate::{
    args::{self, Global},
    commands::init,
    desk,
    error::{Error, Result},
    out::Out,
    text::{Style, Text, say},
};

const FOLDER: &str = "dossier-demo";

/// Where the demo puts what it makes.
struct Places {
    global: Global,
    zip: PathBuf,
    log: PathBuf,
}

/// `demo`
pub(super) async fn run(asked: &args::Demo, global: &Global, out: &Out) -> Result<()> {
    let began = Instant::now();
    let places = Places::of(global)?;
    let data = places.global.data().display();
    let count = asked.candidates;
    out.line(Text::default().bold(out.language.pick("卷宗演示", "Dossier at work")).plain(say!(
        out.language,
        "：一家虚构的银行，{count} 位候选人，六个岗位，一年的AI面试；存入 {data}",
        ": a made-up bank with {count} candidates, six positions, a year of AI interviews, in {data}"
    )));
    let candidates = usize::try_from(count).unwrap_or(usize::MAX);
    let bank = Bank::generate(BankOptions { candidates, ..BankOptions::default() });
    let vendor = RibbonServer::start(bank, Behaviour::default()).await;
    let vendor = vendor.map_err(|cause| Error::io("127.0.0.1", cause))?;

    let first =
        args::Init { passphrase: false, admin: "admin".to_owned(), admin_name: Some("周管理".to_owned()) };
    let clock = year::DemoClock::new()?;
    init::make(&first, &places.global, clock.clone(), &out.quiet()).await?;
    let archive = desk::open_by(&places.global, clock.clone(), out).await?;
    let archive = Arc::new(archive);
    let shown = show(&archive, &vendor, bank, &clock, &places, out).await;
    archive.close().await?;
    let shown = shown?;

    let seconds = began.elapsed().as_secs_f64();
    out.document(&json!({
        "data": places.global.data(), "candidates": count, "applications": shown.applications, "hits": shown.hits,
        "fetched": places.zip, "log_records": shown.log_records, "seconds": (seconds * 10.0).round() / 10.0,
    }));
    what_next(&places, seconds, out);
    if let Some(address) = asked.serve {
        Box::pin(serve::run(&archive, address, out)).await?;
    } else if asked.keep {
        drop(archive);
        keep(&vendor, out).await?;
    }
    vendor.stop().await;
    Ok(())
}

async fn show(
    archive: &Archive,
    vendor: &RibbonServer,
    bank: Bank,
    clock: &DemoClock,
    places: &Places,
    out: &Out,
) -> Result<tour::Seen> {
    let out = if out.json { &out.quiet() } else { out };
    setting::users(archive, out).await?;
    setting::connect(archive, vendor, out).await?;
    year::live(archive, bank, setting::SPOILED.len(), clock, out).await?;
    setting::sync(archive, vendor, out).await?;
    Box::pin(tour::run(archive, places, out)).await
}

fn what_next(places: &Places, seconds: f64, out: &Out) {
    let data = places.global.data().display();
    let done = Text::of(
        Style::Good,
        say!(out.language, "演示完成，用时 {seconds:.1} 秒。", "Done in {seconds:.1} s. "),
    );
    out.line(done.plain(say!(
        out.language,
        "接着试：export DOSSIER_DATA={data}; dossier search 企业文化 --facets --as hr",
        "Try on: export DOSSIER_DATA={data}; dossier search 企业文化 --facets --as hr"
    )));
}

async fn keep(vendor: &RibbonServer, out: &Out) -> Result<()> {
    let url = vendor.base_url();
    out.line(say!(
        out.language,
        "模拟供应商继续运行于 {url}；在另一终端可运行 dossier sync --as hr，按 Ctrl-C 结束",
        "The simulated vendor keeps running at {url}; try dossier sync --as hr in another terminal, end with Ctrl-C"
    ));
    tokio::signal::ctrl_c().await.map_err(|cause| Error::io("Ctrl-C", cause))
}

impl Places {
    /// Beside one another, none of them there yet.
    fn of(global: &Global) -> Result<Self> {
        let data = global.data.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
        let beside = |ending: &str| {
            let mut name = data.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        };
        let (zip, log) = (beside(".zip"), beside(".log.jsonl"));
        let is_used =
            |path: &&PathBuf| path.read_dir().map_or(path.exists(), |mut entries| entries.next().is_some());
        if let Some(used) = [&data, &zip, &log].into_iter().find(is_used) {
            let place = used.display();
            return Err(Error::invalid(
                format!("{place} 已存在，演示不会改动它；请先移走，或用 --data 指定另一个目录"),
                format!(
                    "{place} is there already and the demo leaves it alone; move it away, or name another folder with --data"
                ),
            ));
        }
        Ok(Self { global: Global { data: Some(data), ..global.clone() }, zip, log })
    }
}
