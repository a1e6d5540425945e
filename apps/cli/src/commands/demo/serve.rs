//! The demo's pages, with a user of each role.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use dossier_access::{Actor, Job, Role, Word};
use dossier_archive::Archive;
use dossier_domain::text::Login;
use dossier_web::{DemoUser, Options, Site};
use tokio::net::TcpListener;

use super::tour::{ADMIN, AUDITOR, CHECKER, HR, INTERVIEWER};
use crate::{
    error::{Error, Result},
    out::Out,
    text::{Style, Text, say},
};

/// For everybody to read: nothing in the demo is worth keeping secret.
const PASSWORD: &str = "a demo without secrets";
const SYNC_EVERY: Duration = Duration::from_secs(60);
const USERS: [(&str, Role); 5] = [
    (HR, Role::HrAdministrator),
    (INTERVIEWER, Role::Interviewer),
    (CHECKER, Role::BackgroundChecker),
    (AUDITOR, Role::Auditor),
    (ADMIN, Role::SystemAdministrator),
];

/// Serves the demo's archive until Ctrl-C.
pub(super) async fn run(archive: &Arc<Archive>, address: SocketAddr, out: &Out) -> Result<()> {
    if !address.ip().is_loopback() {
        return Err(Error::invalid(
            "演示的密码人人可见，只能在本机提供；请用 127.0.0.1 的地址",
            "everybody can read the demo's passwords, so it is served on this machine alone; use an address of 127.0.0.1",
        ));
    }
    let listener = TcpListener::bind(address).await.map_err(|cause| Error::io(address.to_string(), cause))?;
    let mut demo_users = Vec::new();
    for (login, role) in USERS {
        give_password(archive, login).await?;
        demo_users.push(DemoUser { login: login.to_owned(), password: PASSWORD.to_owned(), role });
    }
    let address = listener.local_addr().map_err(|cause| Error::io(address.to_string(), cause))?;
    out.line(
        Text::of(Style::Good, say!(out.language, "网页：http://{address}", "The pages: http://{address}"))
            .plain(say!(
                out.language,
                "  按 Ctrl-C 结束；登录页上有各角色的演示用户",
                "  until Ctrl-C; the sign-in page offers a user of each role"
            )),
    );
    let site = Site::new(Arc::clone(archive), Options { demo_users, ..Options::default() });
    site.run(listener, None, SYNC_EVERY, end()).await;
    Ok(archive.close().await?)
}

/// Ends with Ctrl-C, and with what service managers send. Without signals the demo runs until it is killed.
async fn end() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

async fn give_password(archive: &Archive, login: &str) -> Result<()> {
    let origin = Word::parse("demo")?;
    let setup = archive.context(Actor::system(Job::Setup), origin.clone())?;
    let login = crate::input::text::<Login>("用户名", login)?;
    let invitation = archive.invite(&setup, &login).await?;
    archive.redeem(invitation.token.reveal(), PASSWORD, origin).await?;
    Ok(())
}
