//! Connects to the simulated vendor, lists its interviews and downloads one video.

use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer};
use dossier_vendor::{
    Credentials, MediaLimits, ResumingMedia, SyncPoint,
    wrap::{Policy, wrap},
};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bank = Bank::generate(BankOptions { candidates: 60, ..BankOptions::default() });
    let server = RibbonServer::start(bank, Behaviour::default()).await?;
    let ribbon = dossier_vendors::open("ribbon", server.settings(), Credentials::key(server.key()))?;
    let ribbon = wrap(ribbon, Policy::default());
    println!("{:?}", ribbon.test().await?);

    let (since, mut token) = (SyncPoint::beginning(), None);
    let mut listed = Vec::new();
    let cursor = loop {
        let page = ribbon.changed(&since, token.as_ref()).await?;
        listed.extend(page.interviews);
        match page.next {
            Some(next) => token = Some(next),
            None => break page.cursor,
        }
    };
    println!("{} interviews; the next sync begins at `{}`", listed.len(), cursor.as_str());

    let first = ribbon.fetch(&listed[0].remote_id).await?;
    println!("{}: {:?}", first.position.name, first.score.map(|score| score.normalised()));
    if let Some(video) = first.video.into_ready() {
        let mut video = ResumingMedia::open(ribbon, video, MediaLimits::default()).await?;
        while video.next().await?.is_some() {}
        println!("{} bytes of {}", video.received(), video.media_type().unwrap_or("something"));
    }
    Ok(())
}
