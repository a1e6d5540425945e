//! The operation log: who did what to which material, when, from where, and with what outcome.

mod asked;
mod words;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use dossier_access::{
    Word,
    log::{LogRecord, Outcome, Trust},
};
use dossier_archive::{LogExport, LogRecords};
use dossier_domain::{BankZone, Language, text::Line};
use maud::{Markup, html};
use tokio::sync::{mpsc, oneshot};

use crate::{
    failure::{Failure, Result},
    form,
    guard::{OfLog, Viewer},
    layout::{Page, Place},
    media::disposition_of,
    parts::{self, empty},
    person::Person,
    site::Site,
    zips::{AHEAD, body},
};
use asked::Asked;
use words::{counted, labels};

/// `GET /log`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let asked: Asked = form::read(query.unwrap_or_default().as_bytes())?;
    let zone = site.archive.settings().zone;
    let found = site.archive.log_records(&person.ctx, asked.filter(zone)).await?;
    let verified = match asked.verify.is_empty() {
        true => None,
        false => Some(site.archive.verify_log(&person.ctx, Trust::default()).await?),
    };
    let language = person.language();
    let title = language.pick("操作日志", "Operation log");
    let content = html! {
        div.bar {
            h1 { (title) }
            form method="get" { button name="verify" value="1" { (language.pick("校验整个日志", "Verify the whole log")) } }
            a.button href="/log/export" { (language.pick("导出", "Export")) }
        }
        @match &verified {
            None => {},
            Some(Ok(good)) => p.notice.good role="status" {
                strong { (language.pick("日志完好。", "The log holds. ")) }
                (good.records) (language.pick(" 条记录逐条校验，", " records verified one by one, "))
                (good.covered) (language.pick(" 条有签名检查点担保。", " of them vouched for by signed checkpoints."))
            },
            Some(Err(findings)) => div.notice.problem role="alert" {
                strong { (language.pick("日志没有通过校验：", "The log does not verify:")) }
                ul { @for finding in findings { li { (finding.describe(language)) } } }
            },
        }
        (asked.form(language))
        @if found.records.is_empty() {
            (empty(language.pick("没有符合条件的记录", "No record matches"), &html! {}))
        } @else { (table(&found, language, zone)) }
        (asked.pages(&found.records, language))
    };
    let status = if asked.makes_sense() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, Page::of(&person, Place::Log).wide().render(title, &content)).into_response())
}

const HEADS: [(&str, &str); 8] = [
    ("序号", "No."),
    ("时间", "Time"),
    ("何人", "Who"),
    ("来自", "From"),
    ("操作", "Action"),
    ("结果", "Outcome"),
    ("对象", "Object"),
    ("数量与用途", "Counts, purpose"),
];

fn table(found: &LogRecords, language: Language, zone: BankZone) -> Markup {
    let labels = labels(language);
    html! {
        div.scroll { table.list.cards.log {
            thead { tr { @for (zh, en) in HEADS { th scope="col" { (language.pick(zh, en)) } } } }
            tbody { @for record in ended(&found.records) { (row(record, found, &labels, language, zone)) } }
        } }
    }
}

/// The records without those intents whose outcomes are among them: one line tells of both.
fn ended(records: &[LogRecord]) -> impl Iterator<Item = &LogRecord> {
    let told: BTreeSet<u64> = records.iter().filter_map(|record| record.entry.of).collect();
    records
        .iter()
        .filter(move |record| record.entry.outcome != Outcome::Intended || !told.contains(&record.sequence))
}

fn row(
    record: &LogRecord,
    found: &LogRecords,
    labels: &BTreeMap<String, String>,
    language: Language,
    zone: BankZone,
) -> Markup {
    let entry = &record.entry;
    let actor = found.logins.get(&entry.actor).map_or(entry.actor.as_str(), |login| login.as_str());
    let action = labels.get(entry.action.as_str()).map_or(entry.action.as_str(), String::as_str);
    let class = match entry.outcome {
        Outcome::Intended => "soft",
        Outcome::Done => "good",
        Outcome::Denied => "bad",
        Outcome::Failed => "warn",
    };
    let outcome = words::outcome(entry.outcome, language);
    let [number, time, who, from, what, ended, objects_of, purpose_of] =
        HEADS.map(|(zh, en)| language.pick(zh, en));
    html! {
        tr {
            td.number data-label=(number) { (record.sequence) }
            td data-label=(time) { (parts::time(record.moment.at, zone)) }
            td data-label=(who) { (actor) }
            td.soft data-label=(from) { (entry.origin) }
            td title=(entry.action) data-label=(what) { (action) }
            td data-label=(ended) { span class=(class) { (outcome) } @if let Some(reason) = &entry.reason { " " span.soft { (words::reason(reason, language)) } } }
            td.objects data-label=(objects_of) { (objects(&entry.objects)) }
            td data-label=(purpose_of) {
                @for (what, count) in &entry.counts { span.soft { (counted(what.as_str(), *count, language)) " " } }
                @if let Some(purpose) = purpose(record, found) { (purpose) }
            }
        }
    }
}

/// What it was done for: said with the intent, which an outcome stands for.
fn purpose<'a>(record: &'a LogRecord, found: &'a LogRecords) -> Option<&'a Line> {
    let intent = || found.records.iter().find(|intent| Some(intent.sequence) == record.entry.of);
    let beside = || found.purposes.get(&record.entry.of?);
    record.entry.purpose.as_ref().or_else(|| intent()?.entry.purpose.as_ref()).or_else(beside)
}

/// The things that it is about; an application is a link for those who may see it.
fn objects(objects: &[Word]) -> Markup {
    html! {
        @if let [first, more @ ..] = objects {
            code { (first) }
            @if !more.is_empty() {
                details { summary { "+" (more.len()) } @for object in more { code { (object) } br; } }
            }
        }
    }
}

/// `GET /log/export`: the whole log, to be verified elsewhere.
pub(crate) async fn export(person: Person, State(site): State<Arc<Site>>) -> Result<Response> {
    exported(site, person.into()).await
}

/// The whole log as a file. The archive is borrowed while it streams, so it has a task of its own; beside it is asked
/// whether it may go on.
pub(crate) async fn exported(site: Arc<Site>, viewer: Viewer) -> Result<Response> {
    let now = site.archive.settings().zone.local(viewer.ctx.now());
    let name = format!("dossier-log-{}.jsonl", now.format("%Y%m%d-%H%M%S"));
    let (told, begun) = oneshot::channel();
    let (pieces, received) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        let mut export = match site.archive.export_log(&viewer.ctx).await {
            Ok(export) => export,
            Err(error) => return drop(told.send(Err(error))),
        };
        if told.send(Ok(())).is_err() {
            return;
        }
        let log = OfLog(&site.archive);
        tokio::select! {
            () = send(&mut export, &pieces) => {}
            refusal = viewer.until_refused(&site, &log) => {
                // So that what came does not look whole to whoever still reads.
                let _ = pieces.send(Err(refusal)).await;
            }
        }
    });
    begun.await.map_err(|_| Failure::bad("导出中断", "the export broke off"))??;
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl".to_owned()),
        (header::CONTENT_DISPOSITION, disposition_of("attachment", &name)),
    ];
    Ok((headers, body(received)).into_response())
}

async fn send(export: &mut LogExport<'_>, pieces: &mpsc::Sender<dossier_archive::Result<Bytes>>) {
    while let Some(piece) = export.next().await.transpose() {
        let is_last = piece.is_err();
        if pieces.send(piece).await.is_err() || is_last {
            return;
        }
    }
}
