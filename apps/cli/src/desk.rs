//! A desk: where commands get their values from, and where the answers go.

use std::sync::Arc;

use dossier_access::Word;
use dossier_archive::Archive;
use dossier_client::applications::{Hit, Search};
use dossier_domain::{ApplicationId, BankZone, Clock, Language, SystemClock, text::Login};
use dossier_folder::{Caches, DataFolder};
use dossier_report_pdf::Press;

use crate::{
    args::Global,
    error::{Error, Result},
    input,
    out::Out,
    root,
    service::{Local, Service},
};

/// Where what is done here is said to come from in the operation log.
const ORIGIN: &str = "cli";

/// Where commands get their values from, on behalf of whoever acts, and where the answers go.
pub(crate) struct Desk<'a> {
    pub(crate) service: Box<dyn Service + 'a>,
    pub(crate) out: &'a Out,
    zone: BankZone,
}

impl<'a> Desk<'a> {
    /// The desk of a user of the archive in this process, with the rights that they have at this moment.
    pub(crate) async fn of(archive: &'a Archive, login: &str, out: &'a Out) -> Result<Self> {
        let login = input::text::<Login>("用户名", login)?;
        Self::at(Local::of(archive, &login, out.language).await?, out).await
    }

    /// The desk at a service.
    pub(crate) async fn at(service: impl Service + 'a, out: &'a Out) -> Result<Self> {
        let zone = service.zone().await?;
        Ok(Self { service: Box::new(service), out, zone })
    }

    /// The language of the answers.
    pub(crate) fn language(&self) -> Language {
        self.out.language
    }

    /// A time as the bank's clock shows it.
    pub(crate) fn time(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        self.zone.show(at)
    }

    /// The application that a person means: by its id, or by a query that finds exactly one.
    pub(crate) async fn application(&self, words: &[String]) -> Result<ApplicationId> {
        let query = words.join(" ");
        if let Ok(id) = query.trim().parse() {
            return Ok(id);
        }
        let asked = Search { query: query.clone(), limit: Some(10), ..Search::default() };
        let found = self.service.search(asked).await?;
        match &found.hits[..] {
            [only] => Ok(only.application),
            [] => Err(Error::new(
                crate::exit::Kind::NotFound,
                format!("没有找到符合“{query}”的应聘"),
                format!("no application matches {query}"),
            )),
            several => Err(self.ambiguous(&query, found.total, several)),
        }
    }

    fn ambiguous(&self, query: &str, total: u64, several: &[Hit]) -> Error {
        let lines = several.iter().map(|hit| {
            let name = hit.name.as_ref().map_or("–", |name| name.as_str());
            let time = hit.interviewed_at.map(|at| self.time(at)).unwrap_or_default();
            format!("\n  {}  {name}  {}  {time}", hit.application, hit.position_name)
        });
        let lines: String = lines.collect();
        Error::invalid(
            format!("“{query}”找到 {total} 份应聘，须恰好一份；请写得更具体，或使用编号：{lines}"),
            format!(
                "{query} finds {total} applications and must find one; be more specific, or use an id:{lines}"
            ),
        )
    }
}

/// Where requests from here come from, in the operation log's words.
pub(crate) fn origin() -> Result<Word> {
    Ok(Word::parse(ORIGIN)?)
}

/// Opens the archive in the data folder.
pub(crate) async fn open(global: &Global, out: &Out) -> Result<Archive> {
    open_by(global, Arc::new(SystemClock), out).await
}

/// The same, by another clock than the machine's.
pub(crate) async fn open_by(global: &Global, clock: Arc<dyn Clock>, out: &Out) -> Result<Archive> {
    let folder = DataFolder::at(global.data());
    let root = root::of(global, folder.root_method()?, out)?;
    let mut archive = folder.open_by(root.as_ref(), Caches::default(), clock).await?;
    archive.set_typesetter(Arc::new(Press::new(global.fonts_dir.clone())));
    Ok(archive)
}

/// The sign-in name of whoever acts.
pub(crate) fn acting(global: &Global) -> Result<&str> {
    global.user.as_deref().filter(|user| !user.is_empty()).ok_or_else(|| {
        Error::invalid(
            "请用 --as 用户名（或环境变量 DOSSIER_USER）说明以谁的身份操作；系统管理员可用 dossier user list --as 管理员 查看全部用户",
            "say who is acting with --as USER (or DOSSIER_USER); a system administrator lists all users with dossier user list --as ADMIN",
        )
    })
}
