//! What the demo shows once everything is in: finding, opening, fetching, what is denied, and the log of it all.

use dossier_access::{Actor, Job};
use dossier_archive::Archive;
use dossier_client::{applications::Search, log::Known};
use dossier_domain::{ApplicationId, text::Login};

use super::{Places, setting::POSITION};
use crate::{
    args,
    commands::{doctor, fetch, log, search, show},
    desk::{Desk, origin},
    error::{Error, Result},
    input,
    out::Out,
    root,
    service::Local,
    text::{Style, Text, say},
};

pub(super) const ADMIN: &str = "admin";
pub(super) const HR: &str = "hr";
pub(super) const INTERVIEWER: &str = "li.interviewer";
pub(super) const CHECKER: &str = "checker";
pub(super) const AUDITOR: &str = "auditor";

const WORDS: &str = "张三+客户经理+80分";
const CONDITIONS: &str = "岗位=风险控制 面试时间=2023年10月 AI得分≥75 情绪分析=积极";
/// So many candidates are fetched.
const FETCHED: u32 = 10;

/// What the tour came by.
pub(super) struct Seen {
    pub(super) applications: u64,
    pub(super) hits: u64,
    pub(super) log_records: u64,
}

/// The heading of a part.
pub(super) fn title(out: &Out, (zh, en): (&str, &str)) {
    out.line(Text::of(Style::Bold, out.language.pick(zh, en)));
}

/// The command that repeats what follows.
pub(super) fn command(out: &Out, text: &str) {
    out.line(Text::default().dim("$ dossier ").dim(text));
}

/// Shows it all.
pub(super) async fn run(archive: &Archive, places: &Places, out: &Out) -> Result<Seen> {
    let found = find(archive, out).await?;
    open_and_fetch(archive, found.application, places, out).await?;
    let applications = denied(archive, found.application, out).await?;
    let log_records = logged(archive, places, out).await?;
    Ok(Seen { applications, hits: found.hits, log_records })
}

struct Found {
    application: ApplicationId,
    hits: u64,
}

async fn find(archive: &Archive, out: &Out) -> Result<Found> {
    title(out, ("3 查找：想到什么写什么，或写条件", "3 Find: by what comes to mind, or by conditions"));
    let desk = Desk::of(archive, HR, out).await?;
    command(out, &format!("search '{WORDS}' --as {HR}"));
    search::run(&asked(WORDS), &desk).await?;
    let desk = Desk::of(archive, HR, out).await?;
    command(out, &format!("search '{CONDITIONS}' --as {HR}"));
    let answer = search::ask(&asked(CONDITIONS), &desk).await?;
    search::show(&answer, true, &desk);
    let first = answer.hits.first().ok_or_else(|| {
        let name = CONDITIONS.to_owned();
        Error::from(dossier_archive::Error::NotFound { what: dossier_archive::What::Application, name })
    })?;
    Ok(Found { application: first.application, hits: answer.total })
}

fn asked(query: &str) -> args::Search {
    args::Search {
        query: vec![query.to_owned()],
        saved: None,
        sort: None,
        limit: 3,
        after: None,
        facets: false,
    }
}

async fn open_and_fetch(archive: &Archive, id: ApplicationId, places: &Places, out: &Out) -> Result<()> {
    title(out, ("4 打开档案；批量调取", "4 Open a dossier; fetch many"));
    let desk = Desk::of(archive, HR, out).await?;
    command(out, &format!("show {id} --as {HR}"));
    show::show(id, false, None, &desk).await?;
    let desk = Desk::of(archive, HR, out).await?;
    let wanted = args::Wanted {
        query: vec![format!("岗位={POSITION}")],
        contents: "video,report".to_owned(),
        reason: out.language.pick("十月复核", "October review").to_owned(),
        limit: Some(FETCHED),
        sort: Some(args::Order::Highest),
    };
    let fetched = args::Fetch { wanted, output: places.zip.clone() };
    let (query, reason) = (&fetched.wanted.query[0], &fetched.wanted.reason);
    let zip = places.zip.display();
    command(
        out,
        &format!(
            "fetch {query} --contents {} --sort highest --limit {FETCHED} -o {zip} --reason '{reason}' --as {HR}",
            fetched.wanted.contents
        ),
    );
    fetch::run(&fetched, &desk).await
}

/// The interviewer of one position looks at a dossier of another; gives how many applications HR sees.
async fn denied(archive: &Archive, id: ApplicationId, out: &Out) -> Result<u64> {
    title(
        out,
        (
            "5 权限：面试官只见自己负责的岗位；别的岗位，看起来与不存在一样",
            "5 Rights: to an interviewer, other positions look as if they did not exist",
        ),
    );
    let desk = Desk::of(archive, INTERVIEWER, out).await?;
    let nobodys = archive.context(Actor::system(Job::Setup), origin()?)?.new_id()?;
    command(out, &format!("show {id} --as {INTERVIEWER}"));
    refused(id, ("另一个岗位的应聘", "an application for another position"), &desk).await;
    refused(nobodys, ("根本没有的编号，答复相同", "an id that does not exist: the same answer"), &desk).await;
    let (all, own) = (total(&Desk::of(archive, HR, out).await?).await?, total(&desk).await?);
    out.line(say!(
        out.language,
        "search --as {HR} 找到 {all} 份应聘，search --as {INTERVIEWER} 找到 {own} 份；计数、片段、文件夹也只算这些",
        "search --as {HR} finds {all} applications, search --as {INTERVIEWER} {own}; counts and folders are of these alone"
    ));
    Ok(all)
}

/// Looks at a dossier, and shows the refusal.
async fn refused(id: ApplicationId, (zh, en): (&str, &str), desk: &Desk<'_>) {
    let said = match show::show(id, false, None, desk).await {
        Ok(()) => return,
        Err(error) => error.message(desk.language()),
    };
    desk.out.line(Text::of(Style::Bad, "✗ ").plain(said).dim("  ").dim(desk.language().pick(zh, en)));
}

async fn total(desk: &Desk<'_>) -> Result<u64> {
    Ok(desk.service.search(Search { limit: Some(1), ..Search::default() }).await?.total)
}

async fn logged(archive: &Archive, places: &Places, out: &Out) -> Result<u64> {
    title(
        out,
        (
            "6 操作日志：以上一切都已记录，可校验；体检",
            "6 The log: all of the above is recorded and can be verified; check-up",
        ),
    );
    let desk = Desk::of(archive, AUDITOR, out).await?;
    command(out, &format!("log verify --as {AUDITOR}"));
    log::verify(&args::LogVerify { key: None, anchor: None }, &desk).await?;
    command(out, &format!("log export -o {} --as {AUDITOR}", places.log.display()));
    log::export(&args::LogExport { output: Some(places.log.clone()) }, &desk).await?;
    let verified = desk.service.verify_log(Known::default()).await?;
    let admin = input::text::<Login>("用户名", ADMIN)?;
    let local = Local::of(archive, &admin, out.language).await?;
    let desk = Desk::at(local.with_key_file(root::key_file(&places.global)), out).await?;
    command(out, &format!("doctor --as {ADMIN}"));
    doctor::run(&args::Doctor { everything: false, repair: false }, &desk).await?;
    Ok(verified.records.unwrap_or_default())
}
