//! An archive with a made-up bank, served on loopback.

use std::{
    net::SocketAddr,
    sync::{Arc, LazyLock, mpsc},
    thread,
    time::Duration,
};

use chrono::TimeDelta;
use dossier_access::{Context, Word};
use dossier_archive::{Archive, Move, Provider, SearchRequest, SyncMode};
use dossier_domain::{
    ApplicationId, Clock, FixedClock, Stage, SystemClock,
    text::{Line, Login, TagName},
};
use dossier_report_pdf::Press;
use dossier_simulator::{Bank, BankOptions, Behaviour, RibbonServer, Spoil};
use dossier_testkit::{TestArchive, TestResult, USERS};
use dossier_web::{DemoUser, Options, Site};
use tokio::{net::TcpListener, runtime, sync::oneshot};

/// The password of every user.
pub const PASSWORD: &str = "nothing here is a secret";
/// The clock of a served archive goes on by so much at a time.
const TICK: Duration = Duration::from_millis(50);
/// The archive syncs when it is told to, and not by itself.
const SYNC_EVERY: Duration = Duration::from_secs(24 * 3600);
const CANDIDATES: usize = 36;

/// What is there when the server starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// Nobody can sign in yet.
    Bare,
    /// A user of each role with a password, and a vendor that nobody has connected yet.
    Users,
    /// The users, and three dozen candidates of a connected vendor; `li` is the interviewer of 客户经理.
    Bank,
}

/// An archive and its pages, served until it is dropped.
pub struct Served {
    /// The archive.
    pub archive: Arc<Archive>,
    /// Its clock, which goes on by itself.
    pub clock: Arc<FixedClock>,
    /// The vendor.
    pub vendor: Arc<RibbonServer>,
    address: SocketAddr,
    _end: oneshot::Sender<()>,
}

/// The archive that all share who only look.
///
/// # Errors
/// When it can't be made.
pub fn shared() -> TestResult<&'static Served> {
    static SHARED: LazyLock<Result<Served, String>> =
        LazyLock::new(|| Served::start(Setting::Bank).map_err(|error| error.to_string()));
    SHARED.as_ref().map_err(|error| error.clone().into())
}

impl Served {
    /// Makes an archive and serves it, on a thread of its own.
    ///
    /// # Errors
    /// When it can't be made or served.
    pub fn start(setting: Setting) -> TestResult<Self> {
        Self::start_with(setting, |_| Ok(None))
    }

    /// The same, where people may sign in by a provider as well, which is asked for once the site's address is known. Its
    /// clock shows the real time, which is the provider's.
    ///
    /// # Errors
    /// As [`Served::start`], and when there is no provider.
    pub fn start_with_provider(
        setting: Setting,
        provider: impl FnOnce(&str) -> TestResult<Provider> + Send + 'static,
    ) -> TestResult<Self> {
        Self::start_with(setting, |site| provider(site).map(Some))
    }

    fn start_with(
        setting: Setting,
        provider: impl FnOnce(&str) -> TestResult<Option<Provider>> + Send + 'static,
    ) -> TestResult<Self> {
        let (told, asked) = mpsc::channel();
        thread::spawn(move || {
            let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            let served = runtime.map(|runtime| runtime.block_on(serve(setting, provider, &told)));
            // Nobody waits any more if it was served.
            if let Ok(Err(error)) = served.map_err(|error| told.send(Err(error.to_string()))) {
                let _ = told.send(Err(error.to_string()));
            }
        });
        Ok(asked.recv()??)
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A context of the user with this sign-in name.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn as_user(&self, login: &str) -> TestResult<Context> {
        let actor = self.archive.actor(&Login::parse(login)?).await?;
        Ok(self.archive.context(actor, Word::parse("test")?)?)
    }

    /// The first application that HR finds.
    ///
    /// # Errors
    /// When there is none.
    pub async fn find(&self, query: &str) -> TestResult<ApplicationId> {
        find(&self.archive, &self.as_user("hr").await?, query).await
    }
}

async fn serve(
    setting: Setting,
    provider: impl FnOnce(&str) -> TestResult<Option<Provider>>,
    told: &mpsc::Sender<Result<Served, String>>,
) -> TestResult {
    let bank = Bank::generate(BankOptions { candidates: CANDIDATES, ..BankOptions::default() });
    let vendor = Arc::new(RibbonServer::start(bank, Behaviour::default()).await?);
    let test = TestArchive::new().await?;
    if setting != Setting::Bare {
        for (login, _) in USERS {
            test.give_password(login, PASSWORD).await?;
        }
    }
    if setting == Setting::Bank {
        fill(&test, &vendor).await?;
    }
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    // The rest of it holds the index's folder, which must outlive the archive.
    let (mut archive, clock) = (test.archive, test.clock);
    let typesetter = Arc::new(Press::new(None));
    Arc::get_mut(&mut archive).ok_or("the archive is in use")?.set_typesetter(typesetter);
    if let Some(provider) = provider(&format!("http://{address}"))? {
        Arc::get_mut(&mut archive).ok_or("the archive is in use")?.set_provider(provider);
        clock.advance(SystemClock.now() - clock.now());
    }
    tokio::spawn(tick(Arc::clone(&clock)));
    let site = Site::new(Arc::clone(&archive), options(setting));
    let (end, ended) = oneshot::channel();
    told.send(Ok(Served { archive, clock, vendor, address, _end: end }))?;
    let end = async {
        // It ends by being dropped.
        let _ = ended.await;
    };
    site.run(listener, None, SYNC_EVERY, end).await;
    Ok(())
}

fn options(setting: Setting) -> Options {
    let user =
        |(login, role): (&str, _)| DemoUser { login: login.to_owned(), password: PASSWORD.to_owned(), role };
    let demo_users = if setting == Setting::Bank { USERS.map(user).to_vec() } else { Vec::new() };
    Options { demo_users, ..Options::default() }
}

async fn tick(clock: Arc<FixedClock>) {
    let mut ticks = tokio::time::interval(TICK);
    loop {
        ticks.tick().await;
        clock.advance(TimeDelta::from_std(TICK).unwrap_or_default());
    }
}

/// A synced bank with something in every corner: a late video, a quarantined interview, people in several stages.
async fn fill(test: &TestArchive, vendor: &RibbonServer) -> TestResult {
    let connection = test.connect_to(vendor).await?;
    let last = vendor.ids().pop().ok_or("the vendor has no interviews")?;
    vendor.spoil(&last, Spoil::HugeScore);
    vendor.add_interview_without_video();
    test.archive.sync(&test.as_sync()?, connection.name.as_str(), SyncMode::Full, &|_| {}).await?;
    test.make_responsible("客户经理").await?;
    let hr = test.as_user("hr").await?;
    for (name, stage) in
        [("李思远", Stage::BackgroundCheck), ("王子涵", Stage::HumanInterview), ("解天宇", Stage::Offer)]
    {
        let id = find(&test.archive, &hr, name).await?;
        test.archive.move_to(&hr, id, &Move::to(stage).because(Some(Line::parse("表现良好")?))).await?;
    }
    let id = find(&test.archive, &hr, "张三").await?;
    test.archive.tag(&hr, &[id], &[TagName::parse("高潜力")?], &[]).await?;
    Ok(())
}

async fn find(archive: &Archive, ctx: &Context, query: &str) -> TestResult<ApplicationId> {
    let request = SearchRequest { query: query.to_owned(), limit: Some(1), ..SearchRequest::default() };
    let answer = archive.search(ctx, request).await?;
    Ok(answer.hits.hits.first().ok_or_else(|| format!("nobody is found by {query}"))?.application)
}
