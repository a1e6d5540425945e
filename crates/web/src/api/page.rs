//! `GET /api`: the description of the API, to be read.

use std::sync::LazyLock;

use dossier_domain::Language;
use maud::{Markup, html};
use serde_json::Value;

use super::DOCUMENT;
use crate::{layout::Page, visitor::Visitor};

/// The description as a document, to be walked through.
static DESCRIBED: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(&*DOCUMENT).unwrap_or_default());

const NAMES: &[(&str, &str, &str)] = &[
    ("applications", "应聘与搜索", "Applications"),
    ("saved-searches", "已存检索", "Saved searches"),
    ("releases", "放行批量下载", "Releases of batch downloads"),
    ("materials", "资料", "Materials"),
    ("process", "招聘流程", "The process"),
    ("scorecards", "评分表", "Scorecards"),
    ("checks", "背景调查", "Background checks"),
    ("offers", "offer", "Offers"),
    ("uploads", "断点续传", "Resumable uploads"),
    ("reports", "报表", "Reports"),
    ("saved-reports", "已存报表", "Kept reports"),
    ("proposals", "规则方案", "Proposed rules"),
    ("themes", "词库", "The lexicon"),
    ("positions", "岗位", "Positions"),
    ("connections", "集成", "Connections"),
    ("syncs", "同步", "Syncs"),
    ("notices", "通知", "Notices"),
    ("channels", "通知渠道", "Channels of notices"),
    ("users", "用户", "Users"),
    ("log", "操作日志", "Operation log"),
    ("doctor", "检查与维护", "Checking and mending"),
    ("settings", "设置", "Settings"),
    ("me", "调用者本人", "Whoever calls"),
    ("", "其他", "Other"),
];

pub(super) async fn page(visitor: Visitor) -> Markup {
    let language = visitor.language;
    let title = language.pick("接口说明", "HTTP API");
    let content = html! {
        h1 { (title) }
        p { (language.pick(
            "程序用令牌（Authorization: Bearer dossier_…）调用；机器可读的说明：",
            "Programs call it with a token (Authorization: Bearer dossier_…). The description for machines: "))
            a href="/api/openapi.json" { "/api/openapi.json" } }
        p.soft { (text(&DESCRIBED["info"]["description"])) }
        nav { ul { @for &(tag, zh, en) in NAMES.iter().filter(|(tag, ..)| !tag.is_empty()) {
            li { a href={ "#" (tag) } { (language.pick(zh, en)) } }
        } li { a href="#schemas" { (language.pick("数据结构", "Shapes")) } } } }
        @for &(tag, zh, en) in NAMES {
            @let operations = operations(tag);
            @if !operations.is_empty() {
                h2 id=(tag) { (language.pick(zh, en)) }
                @for (method, path, operation) in operations { (one(method, path, operation, language)) }
            }
        }
        h2 id="schemas" { (language.pick("数据结构", "Shapes")) }
        @for (name, schema) in entries(&DESCRIBED["components"]["schemas"]) { (shape(name, schema, language)) }
    };
    Page::plain(&visitor).render(title, &content)
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn operations(tag: &str) -> Vec<(&'static str, &'static str, &'static Value)> {
    let paths = entries(&DESCRIBED["paths"]);
    let all =
        paths.flat_map(|(path, of)| entries(of).map(move |(method, operation)| (method, path, operation)));
    all.filter(|(.., operation)| text(&operation["tags"][0]) == tag).collect()
}

fn one(method: &str, path: &str, operation: &Value, language: Language) -> Markup {
    let body = entries(&operation["requestBody"]["content"]).next();
    html! {
        section.card {
            h3 { code { (method.to_uppercase()) " " (path) } }
            p { strong { (text(&operation["summary"])) } " " (text(&operation["description"])) }
            @if !items(&operation["parameters"]).is_empty() || body.is_some() {
                dl.facts {
                    @for parameter in items(&operation["parameters"]) {
                        div {
                            dt { code { (text(&parameter["name"])) } " " small.soft { (text(&parameter["in"])) } }
                            dd { (text(&parameter["description"])) " " (kind(&parameter["schema"])) }
                        }
                    }
                    @if let Some((media_type, content)) = body {
                        div { dt { (language.pick("正文", "Body")) } dd { code { (media_type) } " " (kind(&content["schema"])) } }
                    }
                }
            }
            details {
                summary { (language.pick("回答", "Answers")) }
                table.list { tbody { @for (status, response) in entries(&operation["responses"]) {
                    tr {
                        th scope="row" { (status) }
                        td { (text(&response["description"])) }
                        td { @for (media_type, content) in entries(&response["content"]) {
                            code { (media_type) } " " (kind(&content["schema"]))
                        } }
                    }
                } } }
            }
        }
    }
}

fn shape(name: &str, schema: &Value, language: Language) -> Markup {
    let required: Vec<&str> = items(&schema["required"]).iter().map(text).collect();
    html! {
        section.card id={ "schema-" (name) } {
            h3 { code { (name) } }
            p { (text(&schema["description"])) " " (kind(schema)) }
            @if schema["properties"].is_object() {
                dl.facts { @for (field, of) in entries(&schema["properties"]) {
                    div {
                        dt { code { (field) }
                            @if !required.contains(&field) { " " small.soft { (language.pick("可缺省", "may be absent")) } } }
                        dd { (kind(of)) " " (text(&of["description"])) }
                    }
                } }
            }
        }
    }
}

/// What sort of value a schema tells of, in a few words.
fn kind(schema: &Value) -> Markup {
    let one_of = ["oneOf", "anyOf", "allOf"].iter().flat_map(|name| items(&schema[name])).collect::<Vec<_>>();
    html! {
        @if let Some(name) = text(&schema["$ref"]).rsplit('/').next().filter(|name| !name.is_empty()) {
            a href={ "#schema-" (name) } { (name) }
        } @else if !one_of.is_empty() {
            @for (number, of) in one_of.into_iter().enumerate() { @if number > 0 { " | " } (kind(of)) }
        } @else if schema["enum"].is_array() {
            @for value in items(&schema["enum"]) { code { (value) } " " }
        } @else if schema["items"].is_object() {
            (kind(&schema["items"])) "[]"
        } @else if schema["properties"].is_object() && schema["description"].is_null() {
            @for (field, of) in entries(&schema["properties"]) { code { (field) } ": " (kind(of)) " " }
        } @else {
            span.soft { @match &schema["type"] {
                Value::Array(types) => @for (number, of) in types.iter().enumerate() { @if number > 0 { " | " } (text(of)) },
                of => (text(of)),
            } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_heading_and_a_summary() {
        for (path, of) in entries(&DESCRIBED["paths"]) {
            for (method, operation) in entries(of) {
                let tag = text(&operation["tags"][0]);
                assert!(NAMES.iter().any(|(name, ..)| *name == tag), "{method} {path}: {tag}");
                assert!(!text(&operation["summary"]).is_empty(), "{method} {path}");
            }
        }
    }

    #[test]
    fn every_shape_that_is_named_is_described() {
        fn named<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
            match value {
                Value::Object(of) => of.iter().for_each(|(name, value)| match value {
                    Value::String(reference) if name == "$ref" => found.push(reference),
                    other => named(other, found),
                }),
                Value::Array(of) => of.iter().for_each(|value| named(value, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        named(&DESCRIBED, &mut found);
        assert!(found.len() > 50);
        for reference in found {
            assert!(DESCRIBED.pointer(&reference[1..]).is_some(), "{reference}");
        }
    }
}
