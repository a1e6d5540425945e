//! What the demo is set up with: users of every role, a connection to the simulated vendor, two syncs.

use dossier_archive::Archive;
use dossier_simulator::{ApiFault, RetryAfter, RibbonServer, Spoil};
use dossier_vendor::Credentials;

use crate::{
    args,
    commands::{connection, position, sync, user},
    desk::Desk,
    error::Result,
    out::Out,
    text::{Text, say},
};

use super::tour::{ADMIN, AUDITOR, CHECKER, HR, INTERVIEWER, command, title};

/// The position for which the interviewer is responsible.
pub(super) const POSITION: &str = "客户经理";
pub(super) const CONNECTION: &str = "演示供应商";
/// What the simulated vendor allows.
const REQUESTS_PER_SECOND: f64 = 200.0;
/// So many interviews have no video yet when they are first synced.
const LATE: usize = 3;
/// What is wrong with the vendor's last interviews.
pub(super) const SPOILED: [Spoil; 2] = [Spoil::ImpossibleDate, Spoil::HugeScore];

/// Sets up a user for each role.
pub(super) async fn users(archive: &Archive, out: &Out) -> Result<()> {
    let quiet = out.quiet();
    let desk = Desk::of(archive, ADMIN, &quiet).await?;
    let mut line = Text::default().bold(out.language.pick("1 用户  ", "1 Users  ")).bold(ADMIN);
    for (login, name, roles) in [
        (HR, "李慧", "hr"),
        (INTERVIEWER, "李文博", "interviewer"),
        (CHECKER, "陈静", "background_checker"),
        (AUDITOR, "吴昊", "auditor"),
    ] {
        let new =
            args::UserAdd { login: login.to_owned(), roles: roles.to_owned(), name: Some(name.to_owned()) };
        user::add(&new, &desk).await?;
        line = line.plain(" · ").bold(login).dim(format!(" {name}"));
    }
    out.line(line);
    Ok(())
}

/// Connects the vendor.
pub(super) async fn connect(archive: &Archive, vendor: &RibbonServer, out: &Out) -> Result<()> {
    title(
        out,
        (
            "2 集成供应商：一年的面试随到随收；再全量核对，供应商有限流、坏数据和迟到的视频",
            "2 Connect a vendor: a year of interviews, each as it ends; then a full sync, with limits, nonsense and late videos",
        ),
    );
    let quiet = out.quiet();
    let desk = Desk::of(archive, HR, &quiet).await?;
    let new = args::ConnectionAdd {
        name: CONNECTION.to_owned(),
        vendor: "ribbon".to_owned(),
        settings: Vec::new(),
        fields: None,
        requests_per_second: Some(REQUESTS_PER_SECOND),
        api_key_file: None,
        webhook_secret_file: None,
    };
    connection::add_with(&new, vendor.settings(), Credentials::key(vendor.key()), &desk).await?;
    let desk = Desk::of(archive, HR, out).await?;
    connection::test(CONNECTION, &desk).await
}

/// Syncs all that the vendor has, and then what came late.
pub(super) async fn sync(archive: &Archive, vendor: &RibbonServer, out: &Out) -> Result<()> {
    let late = misbehave(vendor);
    let desk = Desk::of(archive, HR, out).await?;
    command(out, &format!("sync --full --as {HR}"));
    sync::run(&args::Sync { connection: None, full: true }, &desk).await?;
    late.iter().for_each(|id| vendor.release_video(id));
    command(
        out,
        &say!(
            out.language,
            "sync --as {HR}    # 供应商补上了 {LATE} 个迟到的视频",
            "sync --as {HR}    # the vendor has the {LATE} late videos now"
        ),
    );
    sync::run(&args::Sync { connection: None, full: false }, &desk).await
}

/// Makes the interviewer responsible for their position.
pub(super) async fn responsible(archive: &Archive, out: &Out) -> Result<()> {
    let responsible = args::PositionInterviewer {
        position: POSITION.to_owned(),
        login: INTERVIEWER.to_owned(),
        remove: false,
    };
    position::interviewer(&responsible, &Desk::of(archive, HR, &out.quiet()).await?).await
}

/// Makes the vendor behave as vendors do; gives the interviews whose videos are late.
fn misbehave(vendor: &RibbonServer) -> Vec<String> {
    let ids = vendor.ids();
    // The first candidates are those that the tour looks for.
    for (id, spoil) in ids.iter().rev().zip(SPOILED) {
        vendor.spoil(id, spoil);
    }
    vendor.fail_api(ApiFault::TooMany(RetryAfter::Seconds(1)));
    (0..LATE).map(|_| vendor.add_interview_without_video()).collect()
}
