//! The candidates: one search, as text and as a form, with counts, folders, and a choice of many at once.

pub(super) mod conditions;
pub(super) mod facets;
mod results;
pub(crate) mod saved;
pub(crate) mod values;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{Error, SearchAnswer, SearchRequest};
use dossier_domain::Language;
use dossier_search::{Cursor, Facet, Query, QueryError, Sort};
use maud::{Markup, html};
use serde::Deserialize;

use self::conditions::Controls;
use super::releases;
use crate::{
    assets,
    failure::{Failure, Result},
    form,
    layout::{Page, Place},
    parts::address,
    person::Person,
    site::Site,
};

const PATH: &str = "/candidates";
const PER_PAGE: usize = 30;

/// What is asked for in the address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    sort: Option<Sort>,
    after: String,
}

/// `GET /candidates`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let asked: Asked = form::read(query.unwrap_or_default().as_bytes())?;
    let found = search(&person, &site, &asked).await;
    let language = person.language();
    let kept = saved::show(&saved::of(&person, &site).await?, &asked, &person);
    let title = language.pick("候选人", "Candidates");
    let page = Page::of(&person, Place::Candidates).wide().script(assets::CANDIDATES);
    match found {
        Ok(answer) => {
            let settings = site.archive.settings();
            let waiting = releases::waiting(&person, &site).await?;
            let content = html! {
                h1.unseen { (title) }
                (waiting)
                (search_box(language, &asked, Some(&answer), None, &kept))
                div.columns {
                    aside.refine aria-label=(language.pick("筛选", "Refine")) {
                        details open { summary { (language.pick("筛选与文件夹", "Folders and filters")) }
                            (facets::show(&answer, &asked, language))
                            (controls(&person, &asked))
                        }
                    }
                    (results::show(&answer, &asked, &person, &settings))
                }
            };
            Ok(page.render(title, &content).into_response())
        }
        Err(Failure::Archive(error)) if matches!(*error, Error::Query(_)) => {
            let Error::Query(mistake) = &*error else { return Err(Failure::Archive(error)) };
            let content = html! {
                h1.unseen { (title) }
                (search_box(language, &asked, None, Some(mistake), &kept))
            };
            Ok((Failure::Archive(Arc::clone(&error)).status(), page.render(title, &content)).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn search(person: &Person, site: &Site, asked: &Asked) -> Result<SearchAnswer> {
    let folder = Query::parse(&asked.q).map(|query| query.folder()).unwrap_or_default();
    let after = match asked.after.as_str() {
        "" => None,
        text => Some(text.parse::<Cursor>().map_err(|_| {
            Failure::bad("页码标记无效，请重新搜索", "this page marker makes no sense; search again")
        })?),
    };
    let request = SearchRequest {
        query: asked.q.clone(),
        sort: asked.sort,
        limit: Some(PER_PAGE),
        after,
        facets: vec![
            Facet::Folder(folder),
            Facet::Position,
            Facet::Stage,
            Facet::ScoreBand,
            Facet::Emotion,
            Facet::Month,
            Facet::Tag,
        ],
    };
    Ok(site.archive.search(&person.ctx, request).await?)
}

/// The search box, the query as it was understood, and what is wrong with it.
fn search_box(
    language: Language,
    asked: &Asked,
    answer: Option<&SearchAnswer>,
    mistake: Option<&QueryError>,
    kept: &Markup,
) -> Markup {
    let chips = answer.map(|answer| answer.chips(language)).unwrap_or_default();
    html! {
        search.finder {
            form action=(PATH) method="get" role="search" {
                label.unseen for="q" { (language.pick("搜索候选人", "Search candidates")) }
                input #q type="search" name="q" value=(asked.q) autocomplete="off" spellcheck="false" maxlength="2000"
                    enterkeyhint="search" aria-describedby="q-help" aria-invalid=[mistake.map(|_| "true")]
                    placeholder=(language.pick("张三+客户经理+80分，或 岗位=风险控制 面试时间=2023年10月 AI得分≥75",
                        "Zhang San, or position:\"Account manager\" score>=80 tag:high-potential")) {}
                @if let Some(sort) = asked.sort { input type="hidden" name="sort" value=(sort_name(sort)) {} }
                button.primary { (language.pick("搜索", "Search")) }
            }
            @if let Some(mistake) = mistake { (conditions::explain(mistake, &asked.q, language, &|q| address(PATH, &[("q", q)]))) }
            (conditions::chips(&chips, language, &|q| address(PATH, &[("q", q)])))
            (kept)
            details.help #q-help {
                summary { (language.pick("怎么搜", "How to search")) }
                (help(language))
            }
        }
    }
}

fn help(language: Language) -> Markup {
    let rows: [(&str, &str, &str); 7] = [
        ("张三+客户经理+80分", "同时满足；80分表示80分及以上", "all of these; 80分 means 80 or more"),
        ("zhangsan、zs", "姓名可用全拼或首字母", "names by Pinyin or initials"),
        ("岗位=风险控制 面试时间=2023年10月", "指定字段", "fields by name"),
        ("score>=75 stage:offer Python>=80", "英文字段与技能得分", "English names, scores of skills"),
        ("\"客户 投诉\" -离职 (A 或 B)", "短语、排除、任选", "phrase, not, either"),
        (
            "通过:AI面试 人工得分>=75",
            "阶段的结果、评分表的平均分（0–100）",
            "outcomes of stages, the mean of scorecards (0–100)",
        ),
        ("缺:视频 标签:高潜力", "缺少的资料、标签", "what is missing, tags"),
    ];
    html! {
        table.plain {
            @for (example, zh, en) in rows {
                tr {
                    td { a href=(address(PATH, &[("q", example.split('、').next().unwrap_or(example))])) { code { (example) } } }
                    td { (language.pick(zh, en)) }
                }
            }
        }
    }
}

/// The same conditions as a form.
fn controls(person: &Person, asked: &Asked) -> Markup {
    let language = person.language();
    html! {
        form.controls action="/candidates/refine" method="get" {
            h2 { (language.pick("按条件筛选", "By conditions")) }
            input type="hidden" name="q" value=(asked.q) {}
            (conditions::fields(person, &Controls::default()))
            button { (language.pick("加上这些条件", "Add these conditions")) }
        }
    }
}

/// `GET /candidates/refine`: the query with what the form says, in its own words.
pub(crate) async fn refine(person: Person, RawQuery(query): RawQuery) -> Result<Redirect> {
    let query = query.unwrap_or_default();
    let (asked, controls): (Asked, Controls) = (form::read(query.as_bytes())?, form::read(query.as_bytes())?);
    let refined = match Query::parse(&asked.q) {
        Ok(query) => controls.added_to(query)?.text(person.language()),
        Err(_) => asked.q,
    };
    Ok(Redirect::to(&address(PATH, &[("q", &refined)])))
}

/// The name of an order in an address.
fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Relevance => "relevance",
        Sort::Newest => "newest",
        Sort::Oldest => "oldest",
        Sort::HighestScore => "highest_score",
        Sort::LowestScore => "lowest_score",
        Sort::Name => "name",
    }
}
