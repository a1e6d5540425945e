//! Checking a set-up: quickly, or down to every byte.

use dossier_access::{Action, Context, Resource, Role, log::Trust};
use dossier_domain::{CandidateId, Language};
use dossier_storage::{Scan, Scope};
use futures::TryStreamExt;

use crate::{
    Archive, ChannelState, ChannelTrouble, Result,
    projector::Indexed,
    records::{MATERIALS, scan_past_damage},
};

/// What was looked at, and how it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was looked at, in Chinese and English.
    pub what: (&'static str, &'static str),
    /// How it is.
    pub state: State,
    /// What was found, in Chinese and English.
    pub found: (String, String),
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Good,
    /// Works, but somebody should look.
    Attention,
    /// Broken.
    Broken,
}

impl Check {
    fn new(
        what: (&'static str, &'static str),
        state: State,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Self { what, state, found: (zh.into(), en.into()) }
    }

    /// What was looked at.
    pub fn title(&self, language: Language) -> &str {
        language.pick(self.what.0, self.what.1)
    }

    /// What was found.
    pub fn text(&self, language: Language) -> &str {
        language.pick(&self.found.0, &self.found.1)
    }
}

/// So many damaged things are named.
const NAMED: usize = 5;

/// What a complete check has gone through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// Records opened.
    pub records: u64,
    /// Records that are there and can't be opened.
    pub damaged_records: u64,
    /// Blobs read to the end.
    pub blobs: u64,
    /// Blobs that are damaged or missing.
    pub damaged_blobs: u64,
}

/// Told how far a complete check has come.
pub type OnCheck<'a> = &'a (dyn Fn(Gone) + Send + Sync);

impl Archive {
    /// Checks the set-up: users, log, index, connections, fonts. With `everything`, opens every record and reads every blob.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied); what is wrong with the set-up is no error but the answer.
    pub async fn doctor(&self, ctx: &Context, everything: Option<OnCheck<'_>>) -> Result<Vec<Check>> {
        let permit = self.authorise(ctx, Action::Doctor, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        let checks = self.checks(ctx, everything).await;
        self.conclude(intent, &checks, &[]);
        checks
    }

    /// Throws the search index away and builds it from the records.
    ///
    /// # Errors
    /// [`Error::Denied`](crate::Error::Denied)
    pub async fn rebuild_index(&self, ctx: &Context, progress: Indexed<'_>) -> Result<u64> {
        let permit = self.authorise(ctx, Action::MaintainStorage, &Resource::Archive).await?;
        let intent = self.journal.intend(permit).await?;
        let rebuilt = self.projector.rebuild(&self.store, progress).await;
        self.conclude(intent, &rebuilt, &[("entries", *rebuilt.as_ref().unwrap_or(&0))]);
        rebuilt
    }

    async fn checks(&self, ctx: &Context, everything: Option<OnCheck<'_>>) -> Result<Vec<Check>> {
        let mut checks = vec![self.check_roles().await?, self.check_log().await?, self.check_index().await];
        checks.extend(self.check_connections().await?);
        checks.extend(self.check_channels().await?);
        checks.extend(self.check_fonts().await);
        if let Some(progress) = everything {
            checks.push(self.check_everything(progress).await?);
            checks.push(self.check_left_over(ctx).await?);
        }
        Ok(checks)
    }

    async fn check_roles(&self) -> Result<Check> {
        let users = self.all_users().await?;
        let holds = |role| users.iter().any(|user| !user.is_suspended() && user.roles.contains(role));
        let missing: Vec<Role> = [Role::SystemAdministrator, Role::HrAdministrator, Role::Auditor]
            .into_iter()
            .filter(|role| !holds(*role))
            .collect();
        let what = ("角色分工", "duties");
        if missing.is_empty() {
            let (zh, en) = (
                format!("{} 位用户，三员齐全", users.len()),
                format!("{} users; system, HR and audit are apart", users.len()),
            );
            return Ok(Check::new(what, State::Good, zh, en));
        }
        let names = |language| {
            missing
                .iter()
                .map(|role| role.label(language))
                .collect::<Vec<_>>()
                .join(language.pick("、", ", "))
        };
        Ok(Check::new(
            what,
            State::Attention,
            format!("无人担任：{}；用 dossier user add 添加", names(Language::Chinese)),
            format!("nobody is {}; add one with dossier user add", names(Language::English)),
        ))
    }

    async fn check_log(&self) -> Result<Check> {
        let what = ("操作日志", "operation log");
        Ok(match self.verify(Trust::default()).await? {
            Ok(verified) => Check::new(
                what,
                State::Good,
                format!("{} 条记录，链与签名完好", verified.records),
                format!("{} records; chain and signatures hold", verified.records),
            ),
            Err(findings) => {
                let first =
                    |language| findings.first().map(|found| found.describe(language)).unwrap_or_default();
                Check::new(what, State::Broken, first(Language::Chinese), first(Language::English))
            }
        })
    }

    async fn check_index(&self) -> Check {
        let what = ("检索索引", "search index");
        match self.projector.current(&self.store, &self.settings()).await {
            Ok(index) => Check::new(
                what,
                State::Good,
                format!("{} 份应聘，与存储一致", index.len()),
                format!("{} applications, in step with the store", index.len()),
            ),
            Err(error) => Check::new(
                what,
                State::Broken,
                error.message(Language::Chinese),
                error.message(Language::English),
            ),
        }
    }

    async fn check_connections(&self) -> Result<Vec<Check>> {
        let states = self.connection_states().await?;
        Ok(states
            .into_iter()
            .map(|state| {
                let (pending, odd) = (state.pending.len(), state.quarantined.len());
                let good = odd == 0 && state.connection.synced_at.is_some();
                let name = state.connection.name;
                Check::new(
                    ("集成", "connection"),
                    if good { State::Good } else { State::Attention },
                    format!("{name}：{pending} 场面试待补齐，{odd} 条数据被隔离"),
                    format!("{name}: {pending} interviews pending, {odd} entries in quarantine"),
                )
            })
            .collect())
    }

    async fn check_channels(&self) -> Result<Vec<Check>> {
        let check = |of: ChannelState| {
            let (name, waiting) = (&of.channel.name, of.waiting);
            let (mut zh, mut en) =
                (format!("{name}：待发 {waiting} 条"), format!("{name}: {waiting} waiting"));
            let mut say = |of_zh: String, of_en: String| {
                zh.push_str(&format!("，{of_zh}"));
                en.push_str(&format!(", {of_en}"));
            };
            if of.given_up > 0 {
                say(format!("已放弃 {} 条", of.given_up), format!("{} given up", of.given_up));
            }
            if of.channel.suspended_at.is_some() {
                say("已暂停".to_owned(), "suspended".to_owned());
            }
            if let Some(ChannelTrouble { problem, .. }) = &of.trouble {
                say(format!("不能送达：{}", problem.zh), format!("it does not get through: {}", problem.en));
            }
            // What somebody suspended is as they want it, unless something waits for it.
            let is_held_up = of.channel.suspended_at.is_some() && waiting > 0;
            let state = if of.trouble.is_some() || is_held_up { State::Attention } else { State::Good };
            Check::new(("通知渠道", "channel"), state, zh, en)
        };
        Ok(self.channel_states().await?.into_iter().map(check).collect())
    }

    async fn check_left_over(&self, ctx: &Context) -> Result<Check> {
        let what = ("遗留文件", "left-over files");
        let check = |state, zh: String, en: String| Ok(Check::new(what, state, zh, en));
        match self.left_over_files(ctx).await.map(|files| files.len()) {
            Ok(0) => check(State::Good, "没有".to_owned(), "none".to_owned()),
            Ok(count) => {
                let files = if count == 1 { "file that belongs" } else { "files that belong" };
                check(
                    State::Attention,
                    format!("{count} 个不属于任何记录的文件；用 dossier doctor --repair 清除"),
                    format!("{count} {files} to nothing; remove them with dossier doctor --repair"),
                )
            }
            Err(error) if error.kind() == crate::ErrorKind::Damaged => check(
                State::Attention,
                "有损坏的记录，无法判断".to_owned(),
                "can't be told while records are damaged".to_owned(),
            ),
            Err(error) => Err(error),
        }
    }

    async fn check_everything(&self, progress: OnCheck<'_>) -> Result<Check> {
        let mut gone = Gone::default();
        let mut broken = Vec::new();
        for scan in [Scan::scope(Scope::Archive), Scan::candidates()] {
            self.check_records(scan, &mut gone, &mut broken, progress).await?;
        }
        broken.truncate(NAMED);
        let named = |before: &str| match broken.as_slice() {
            [] => String::new(),
            some => format!("{before}{}", some.join(", ")),
        };
        let state = match gone.damaged_records + gone.damaged_blobs {
            0 => State::Good,
            _ => State::Broken,
        };
        Ok(Check::new(
            ("全部数据", "all data"),
            state,
            format!(
                "{} 条记录（{} 条损坏），{} 个文件（{} 个损坏或缺失）{}",
                gone.records,
                gone.damaged_records,
                gone.blobs,
                gone.damaged_blobs,
                named("；损坏：")
            ),
            format!(
                "{} records ({} damaged), {} files ({} damaged or missing){}",
                gone.records,
                gone.damaged_records,
                gone.blobs,
                gone.damaged_blobs,
                named("; damaged: ")
            ),
        ))
    }

    async fn check_records(
        &self,
        mut scan: Scan,
        gone: &mut Gone,
        broken: &mut Vec<String>,
        progress: OnCheck<'_>,
    ) -> Result<()> {
        let mut damaged = Vec::new();
        loop {
            let page = scan_past_damage(&self.store, scan.clone(), &mut damaged).await?;
            gone.records += page.entries.len() as u64 + damaged.len() as u64;
            gone.damaged_records += damaged.len() as u64;
            broken.extend(damaged.drain(..).map(|key| key.to_string()));
            for (key, entry) in &page.entries {
                if key.collection() == MATERIALS.collection() && matches!(key.scope(), Scope::Candidate(_)) {
                    match MATERIALS.decode(key.clone(), entry) {
                        Ok(material) => self.check_blob(&material.value, gone, broken).await?,
                        Err(_) => {
                            gone.damaged_records += 1;
                            broken.push(key.to_string());
                        }
                    }
                }
            }
            progress(*gone);
            let Some(last) = page.last else { return Ok(()) };
            scan = scan.after(&last);
        }
    }

    async fn check_blob(
        &self,
        material: &dossier_domain::Material,
        gone: &mut Gone,
        broken: &mut Vec<String>,
    ) -> Result<()> {
        let Some(file) = material.content.file() else { return Ok(()) };
        let candidate: CandidateId = material.candidate;
        let read = async {
            let open = self.open_stored(candidate, file).await?;
            open.range(0..file.length)?.try_for_each(|_| async { Ok(()) }).await
        };
        gone.blobs += 1;
        match read.await {
            Ok(()) => Ok(()),
            Err(error) if matches!(error.kind(), crate::ErrorKind::Damaged | crate::ErrorKind::NotFound) => {
                gone.damaged_blobs += 1;
                broken.push(format!("{}/{}", material.application, material.id));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
