//! Answers under way: whether they may go on. A stream ends soon after the right to it is withdrawn.

use std::time::Duration;

use dossier_access::Context;
use dossier_archive::{Archive, Download};
use futures::future::BoxFuture;

use crate::{
    api::Caller,
    person::{Person, Proof},
    serve::Cut,
    site::Site,
};

/// How often an answer under way asks whether it may go on: it must have ended a second after it may not.
const RECHECK: Duration = Duration::from_millis(300);

/// Something that lasts, and goes on only as long as whoever it is for may have it.
pub(crate) trait Lasting: Sync {
    /// Whether it may go on by these rights.
    fn may_go_on<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, dossier_archive::Result<()>>;
}

impl Lasting for Download<'_> {
    fn may_go_on<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, dossier_archive::Result<()>> {
        Box::pin(self.rights_hold(ctx))
    }
}

/// An export of the log.
pub(crate) struct OfLog<'a>(pub(crate) &'a Archive);

impl Lasting for OfLog<'_> {
    fn may_go_on<'a>(&'a self, ctx: &'a Context) -> BoxFuture<'a, dossier_archive::Result<()>> {
        Box::pin(self.0.may_export_log(ctx))
    }
}

/// Who is answered, and over which connection.
pub(crate) struct Viewer {
    pub(crate) ctx: Context,
    pub(crate) proof: Proof,
    pub(crate) cut: Cut,
}

impl From<Person> for Viewer {
    fn from(person: Person) -> Self {
        Self { ctx: person.ctx, proof: Proof::Session(person.session), cut: person.visitor.cut }
    }
}

impl From<Caller> for Viewer {
    fn from(caller: Caller) -> Self {
        Self { ctx: caller.ctx, proof: caller.proof, cut: caller.visitor.cut }
    }
}

impl Viewer {
    /// Asks with the rights of each moment until the answer is no, and cuts the connection then: what waits to be sent is
    /// not for the visitor either. Gives the refusal.
    pub(crate) async fn until_refused(&self, site: &Site, what: &dyn Lasting) -> dossier_archive::Error {
        loop {
            tokio::time::sleep(RECHECK).await;
            let rights = site.rights_now(&self.proof, &self.ctx);
            let allowed = async { what.may_go_on(&rights.await?).await };
            if let Err(refusal) = allowed.await {
                self.cut.make();
                return refusal;
            }
        }
    }
}
