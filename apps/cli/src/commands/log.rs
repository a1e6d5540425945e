//! `log`: the operation log.
//!
//! JSON: for `list` one record per line, as it is stored; for `verify` `{"verified","records","covered","root","key",
//! "findings":[…]}`, and an error where it does not verify; for `export` and `checkpoint` with a file `{"output",…}`,
//! without one what is written anyway.

use std::{collections::BTreeMap, fs, path::Path};

use dossier_access::{
    Action, Word,
    log::{Checkpoint, LogRecord, Outcome, PublicKey},
};
use dossier_client::log::{Known, LogFilter, Verdict};
use dossier_domain::Language;
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    files::NewFile,
    table::{Side, Table},
    text::{Style, Text, say},
};

/// `log …`
pub(super) async fn run(asked: &args::Log, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Log::List(filter) => list(filter, desk).await,
        args::Log::Verify(trust) => verify(trust, desk).await,
        args::Log::Export(to) => export(to, desk).await,
        args::Log::Checkpoint(to) => checkpoint(to, desk).await,
    }
}

/// `log list`
pub(super) async fn list(asked: &args::LogList, desk: &Desk<'_>) -> Result<()> {
    let filter = LogFilter {
        actor: asked.actor.clone(),
        action: asked.action.clone(),
        object: asked.object.clone(),
        limit: asked.limit,
    };
    let found = desk.service.log_records(filter).await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Right, language.pick("序号", "No.")),
        (Side::Left, language.pick("时间", "Time")),
        (Side::Loose, language.pick("何人", "Actor")),
        (Side::Left, language.pick("操作", "Action")),
        (Side::Left, language.pick("结果", "Outcome")),
        (Side::Loose, language.pick("对象", "Object")),
        (Side::Loose, language.pick("数量与理由", "Counts, purpose")),
    ]);
    let labels = labels(language);
    for record in &found.records {
        let actor = record.entry.actor.as_str();
        let actor = found.logins.get(actor).map_or(actor, String::as_str);
        table.row(row(record, actor, &labels, desk));
        desk.out.record(&json!(record));
    }
    desk.out.table(&table);
    let damaged = found.damaged;
    if damaged > 0 {
        desk.out.line(Text::of(
            Style::Bad,
            say!(
                language,
                "另有 {damaged} 条损坏的记录未列出；用 dossier log verify 查看",
                "{damaged} damaged records are not listed; see dossier log verify"
            ),
        ));
    }
    Ok(())
}

fn row(record: &LogRecord, actor: &str, labels: &BTreeMap<String, String>, desk: &Desk<'_>) -> [Text; 7] {
    let entry = &record.entry;
    let (label, style) = outcome(entry.outcome, desk.language());
    let action = labels.get(entry.action.as_str()).map_or(entry.action.as_str(), String::as_str);
    let counts = entry.counts.iter().map(|(what, count)| format!("{what} {count}"));
    let purpose = entry.purpose.iter().map(ToString::to_string);
    let reason = entry.reason.iter().map(ToString::to_string);
    let more: Vec<String> = reason.chain(counts).chain(purpose).collect();
    [
        Text::default().dim(record.sequence),
        Text::from(desk.time(record.moment.at)),
        Text::from(actor),
        Text::default().bold(action),
        Text::of(style, label),
        Text::default().dim(objects(&entry.objects)),
        Text::from(more.join(", ")),
    ]
}

/// What people read for each action of the log.
fn labels(language: Language) -> BTreeMap<String, String> {
    let label = |action: Action| match action.kind() {
        Some(kind) => format!("{} · {}", action.label(language), kind.label(language)),
        None => action.label(language).to_owned(),
    };
    Action::all().map(|action| (action.to_string(), label(action))).collect()
}

/// The largest of the things that it is about, and how many more there are.
fn objects(objects: &[Word]) -> String {
    match objects {
        [] => String::new(),
        [one] => one.to_string(),
        [first, more @ ..] => format!("{first} +{}", more.len()),
    }
}

fn outcome(outcome: Outcome, language: Language) -> (&'static str, Style) {
    match outcome {
        Outcome::Intended => (language.pick("开始", "begun"), Style::Dim),
        Outcome::Done => (language.pick("完成", "done"), Style::Good),
        Outcome::Denied => (language.pick("拒绝", "denied"), Style::Bad),
        Outcome::Failed => (language.pick("失败", "failed"), Style::Warning),
    }
}

/// `log verify`
pub(super) async fn verify(asked: &args::LogVerify, desk: &Desk<'_>) -> Result<()> {
    let known = Known {
        key: asked.key.as_deref().map(key).transpose()?.map(|key| key.to_string()),
        anchor: asked.anchor.as_deref().map(anchor).transpose()?.map(|anchor| anchor.to_string()),
    };
    let verdict = desk.service.verify_log(known).await?;
    match verdict.verified {
        true => {
            holds(&verdict, desk);
            Ok(())
        }
        false => Err(fails(&verdict.findings, desk)),
    }
}

fn holds(verdict: &Verdict, desk: &Desk<'_>) {
    let language = desk.language();
    let (records, covered) = (verdict.records.unwrap_or_default(), verdict.covered.unwrap_or_default());
    let key = verdict.key.as_deref().unwrap_or_default();
    let line = Text::of(Style::Good, language.pick("日志完好：", "The log holds: ")).plain(say!(
        language,
        "{records} 条记录，哈希链与签名逐条校验，{covered} 条有签名检查点担保",
        "{records} records verified one by one, {covered} of them vouched for by signed checkpoints"
    ));
    desk.out.line(line);
    desk.out.line(Text::default().dim(say!(language, "签名公钥 {key}", "signed by the key {key}")));
    desk.out.document(&json!(verdict));
}

fn fails(findings: &[String], desk: &Desk<'_>) -> Error {
    for finding in findings {
        desk.out.line(Text::of(Style::Bad, "✗ ").plain(finding));
    }
    desk.out.document(&json!({ "verified": false, "findings": findings }));
    let count = findings.len();
    Error::new(
        Kind::Damaged,
        format!("日志校验未通过，发现 {count} 处问题"),
        format!("the log does not verify: {count} findings"),
    )
}

fn key(given: &str) -> Result<PublicKey> {
    given.parse().map_err(|error: dossier_access::Error| {
        Error::invalid("公钥须为 64 位小写十六进制数字", error.to_string())
    })
}

fn anchor(path: &Path) -> Result<Checkpoint> {
    let text = fs::read_to_string(path).map_err(|cause| Error::io(path, cause))?;
    text.parse().map_err(|error: dossier_access::Error| {
        let place = path.display();
        Error::invalid(format!("{place} 不是有效的检查点"), format!("{place}: {error}"))
    })
}

/// `log export`
pub(super) async fn export(asked: &args::LogExport, desk: &Desk<'_>) -> Result<()> {
    let Some(path) = &asked.output else {
        let mut to_stdout = |bytes: &[u8]| desk.out.raw(bytes).map_err(|cause| Error::io("stdout", cause));
        desk.service.export_log(&mut to_stdout).await?;
        return Ok(());
    };
    let mut file = NewFile::create(path)?;
    let lines = desk.service.export_log(&mut |bytes| file.write(bytes)).await?;
    file.finish()?;
    let place = path.display();
    desk.out.line(say!(
        desk.language(),
        "日志已导出到 {place}（{lines} 行）；独立校验：python3 tools/verify_log.py {place}",
        "The log is in {place} ({lines} lines); verify it independently: python3 tools/verify_log.py {place}"
    ));
    desk.out.document(&json!({ "output": path, "lines": lines }));
    Ok(())
}

async fn checkpoint(asked: &args::LogCheckpoint, desk: &Desk<'_>) -> Result<()> {
    let newest = desk.service.log_checkpoint().await?;
    let newest = newest
        .ok_or_else(|| Error::new(Kind::NotFound, "日志还没有检查点", "the log has no checkpoint yet"))?;
    let Some(path) = &asked.output else {
        return desk.out.raw(newest.to_string().as_bytes()).map_err(|cause| Error::io("stdout", cause));
    };
    let mut file = NewFile::create(path)?;
    file.write(newest.to_string().as_bytes())?;
    file.finish()?;
    let (place, size) = (path.display(), newest.size());
    desk.out.line(say!(
        desk.language(),
        "前 {size} 条记录的检查点已写入 {place}；请留存在别处，以后用 log verify --anchor 对照",
        "The checkpoint of {size} records is in {place}; keep it elsewhere, and give it to log verify --anchor later"
    ));
    desk.out.document(&json!({ "output": path, "size": size }));
    Ok(())
}
