//! The server: pages at 50 requests a second, films, memory, and a thousand visitors who are slow.

mod client;
mod nginx;
mod side;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

pub(crate) use side::{Film, Ready, serve};

use crate::{
    Result,
    options::Bench,
    table::{Line, megabytes},
    timing::{Samples, milliseconds},
};
use client::{Client, crawl, download, first_bytes, get};
use side::Side;

/// Requests a second, and for how long.
const PACE: u32 = 50;
const TIME: Duration = Duration::from_secs(20);
/// Connections among which requests are shared.
const CONNECTIONS: usize = 8;
const SLOW: usize = 1000;
const PLACES: usize = 100;
const DOWNLOADS: usize = 3;
const LIST: [&str; 1] = ["/candidates"];
const SEARCHES: [&str; 3] = [
    "/candidates?q=%E5%AE%A2%E6%88%B7+AI%E5%BE%97%E5%88%86%3E%3D60",
    "/candidates?q=%E9%A3%8E%E9%99%A9+%E5%B2%97%E4%BD%8D%3D%E5%AE%A2%E6%88%B7%E7%BB%8F%E7%90%86",
    "/candidates?q=%E7%90%86%E8%B4%A2+%E9%9D%A2%E8%AF%95%E6%97%B6%E9%97%B4%3D2023%E5%B9%B410%E6%9C%88",
];

/// Starts a server over the large folder in a process of its own, and asks it as visitors do.
pub(crate) fn measure(bench: &Bench) -> Result<Vec<Line>> {
    let mut side = Side::start(&bench.filled()?)?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut lines = vec![memory(&runtime, &side)?];
    lines.extend(runtime.block_on(pages(&side.ready))?);
    let film = side.film()?;
    lines.extend(runtime.block_on(films(&side.ready, &film, bench.scratch()))?);
    Ok(lines)
}

/// What the server holds when it has opened everything and answered a first page.
fn memory(runtime: &tokio::runtime::Runtime, side: &Side) -> Result<Line> {
    runtime.block_on(async { get(&mut Client::to(&side.ready).await?, LIST[0]).await })?;
    std::thread::sleep(Duration::from_secs(6));
    let resident = side.resident()?;
    Ok(Line::new("server that rests, memory", megabytes(resident)).at_most(resident as f64, 150e6, "150 MB"))
}

/// What a round of requests came to: how long they took, and the longest answer in bytes.
struct Round {
    times: Samples,
    longest: usize,
}

async fn pages(ready: &Ready) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    round(ready, &SEARCHES, Duration::from_secs(3)).await?;
    let list = round(ready, &LIST, TIME).await?;
    let search = round(ready, &SEARCHES, TIME).await?;
    for (what, round) in [("list of candidates", &list), ("search page", &search)] {
        let (half, most) = (round.times.median(), round.times.quantile(0.99));
        let what = format!("{what} at {PACE}/s");
        lines.push(Line::new(&format!("{what}, p50"), milliseconds(half)).at_most(half, 0.015, "15 ms"));
        lines.push(Line::new(&format!("{what}, p99"), milliseconds(most)).at_most(most, 0.060, "60 ms"));
        let bytes = round.longest;
        lines.push(
            Line::new(&format!("{what}, longest page, compressed"), format!("{:.1} kB", bytes as f64 / 1e3))
                .at_most(bytes as f64, 60e3, "60 kB"),
        );
    }
    let slow = crawl(ready, SLOW).await?;
    let beside = round(ready, &LIST, TIME / 2).await?.times.quantile(0.99);
    let held = slow.end().await;
    let alone = list.times.quantile(0.99);
    lines.push(
        Line::new(&format!("list of candidates, p99, beside {held} slow connections"), milliseconds(beside))
            .against(format!("alone {}", milliseconds(alone)), beside / alone)
            .at_most(beside / alone, 2.0, "2"),
    );
    Ok(lines)
}

/// Asks for pages in turns, each at its time whether or not those before were answered.
async fn round(ready: &Ready, paths: &[&'static str], time: Duration) -> Result<Round> {
    let count = u32::try_from(time.as_secs())? * PACE;
    let begun = Instant::now();
    let mut tasks = Vec::new();
    for number in 0..CONNECTIONS {
        let client = Client::to(ready).await?;
        let mine = (number..count as usize).step_by(CONNECTIONS);
        let mine = mine.map(|n| (begun + Duration::from_secs(n as u64) / PACE, paths[n % paths.len()]));
        tasks.push(tokio::spawn(share(client, mine.collect())));
    }
    let mut all = Round { times: Samples::default(), longest: 0 };
    for task in tasks {
        let Round { times, longest } = task.await??;
        all.times.extend(times);
        all.longest = all.longest.max(longest);
    }
    Ok(all)
}

/// The requests of one connection, each with the time when it is due: what is late makes the next one late, and that counts.
async fn share(mut client: Client, requests: Vec<(Instant, &'static str)>) -> Result<Round> {
    let mut round = Round { times: Samples::default(), longest: 0 };
    for (due, path) in requests {
        tokio::time::sleep_until(due.into()).await;
        round.longest = round.longest.max(get(&mut client, path).await?);
        round.times.push(due.elapsed());
    }
    Ok(round)
}

async fn films(ready: &Ready, film: &Film, scratch: &Path) -> Result<Vec<Line>> {
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let mut client = Client::to(ready).await?;
    let mut times = Samples::default();
    for _ in 0..PLACES {
        let place = random.random_range(0..film.length - (1 << 20));
        times.push(first_bytes(&mut client, &film.path, place).await?);
    }
    let (half, most) = (times.median(), times.quantile(0.99));
    let mut lines = vec![
        Line::new("first bytes of a film at any place, p50", milliseconds(half)),
        Line::new("first bytes of a film at any place, p99", milliseconds(most))
            .at_most(most, 0.020, "20 ms"),
    ];
    let Some(nginx) = nginx::Nginx::start(scratch, film.length)? else {
        lines
            .push(Line::new("film as a whole", "nginx is not there: apt-get install nginx-light".to_owned()));
        return Ok(lines);
    };
    let (mut ours, mut plain) = (Samples::default(), Samples::default());
    for _ in 0..DOWNLOADS {
        ours.push(download(ready, &film.path).await?);
        plain.push(download(&nginx.ready(), "/film").await?);
    }
    let rate = |samples: &Samples| film.length as f64 / samples.median() / 1e6;
    let ratio = rate(&ours) / rate(&plain);
    lines.push(
        Line::new("film as a whole, unsealed", format!("{:.0} MB/s", rate(&ours)))
            .against(format!("plain by nginx {:.0} MB/s", rate(&plain)), ratio)
            .at_least(ratio, 0.5, "0.5"),
    );
    Ok(lines)
}
