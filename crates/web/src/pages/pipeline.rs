//! The whole pipeline as a table: taken away, and handed in again as moves.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use dossier_access::Action;
use dossier_archive::PIPELINE_COLUMNS;
use maud::{Markup, html};
use serde::Deserialize;

use super::{sign_in::alert, tables};
use crate::{
    failure::{Failure, Result},
    form::SentTable,
    layout::{Page, Place},
    parts::field,
    person::Person,
    site::Site,
};

/// `GET /pipeline`
pub(crate) async fn page(person: Person) -> Result<Markup> {
    show(&person, None, &html! {})
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    q: String,
}

/// `GET /pipeline/export`
pub(crate) async fn export(
    person: Person,
    State(site): State<Arc<Site>>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let file = site.archive.export_pipeline(&person.ctx, &asked.q, person.language()).await?;
    Ok(workbook(file))
}

/// An Excel file to be taken away.
pub(crate) fn workbook(file: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"pipeline.xlsx\""),
    ];
    (headers, file).into_response()
}

/// `POST /pipeline`
pub(crate) async fn import(
    person: Person,
    State(site): State<Arc<Site>>,
    sent: Multipart,
) -> Result<Response> {
    let sent = SentTable::read(&person, sent).await?;
    let done = site.archive.import_pipeline(&person.ctx, sent.table.clone(), sent.is_trial).await;
    match done.map_err(Failure::from) {
        Ok(done) => {
            let report = tables::report(&done, &sent, "/pipeline", &person);
            Ok(show(&person, None, &report)?.into_response())
        }
        Err(failure) if failure.status().is_client_error() => {
            Ok((failure.status(), show(&person, Some(&failure), &html! {})?).into_response())
        }
        Err(other) => Err(other),
    }
}

fn show(person: &Person, problem: Option<&Failure>, report: &Markup) -> Result<Markup> {
    let language = person.language();
    if !person.may(Action::ExportPipeline) {
        return Err(Failure::NoPage);
    }
    let title = language.pick("招聘流程表", "The pipeline as a table");
    let content = html! {
        p.path { a href="/positions" { (language.pick("岗位", "Positions")) } }
        h1 { (title) }
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        (report)
        form.card.narrow method="get" action="/pipeline/export" {
            h2 { (language.pick("导出", "Take it away")) }
            (field(language.pick("检索条件", "Query"), &html! { input name="q" maxlength="400" placeholder=(language.pick("留空为全部，如：岗位=客户经理", "empty for all, such as position=…")) {} }, None))
            button.primary { (language.pick("导出 Excel", "Excel")) }
        }
        (tables::form("/pipeline", language.pick("导入：按表中的阶段移动应聘", "Hand it in: move applications to the stages in the table"), PIPELINE_COLUMNS, person))
    };
    Ok(Page::of(person, Place::Positions).render(title, &content))
}
