//! The candidates: one search, as text and as a form, with counts, folders, and a choice of many at once.

pub(super) mod conditions;
pub(super) mod facets;
mod results;
pub(crate) mod saved;
pub(crate) mod values;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{Error, SearchAnswer, SearchRequest};
use dossier_domain::Language;
use dossier_search::{Cursor, Facet, Query, QueryError, Sort};
use maud::{Markup, html};
use serde::Deserialize;

use self::conditions::{Controls, Wrong};
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
    /// Where the pages before this one began; see [`results`].
    trail: String,
}

impl Asked {
    /// The page of another query, in the same order.
    fn page_of(&self, q: &str) -> String {
        address(PATH, &[("q", q), ("sort", self.sort.map_or("", sort_name))])
    }
}

/// What was typed into the form of conditions, where it can't be meant.
struct Typed {
    controls: Controls,
    wrong: Vec<Wrong>,
}

/// `GET /candidates`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let asked: Asked = form::read(query.unwrap_or_default().as_bytes())?;
    show(&person, &site, &asked, None).await
}

async fn show(person: &Person, site: &Site, asked: &Asked, typed: Option<&Typed>) -> Result<Response> {
    let found = search(person, site, asked).await;
    let language = person.language();
    let kept = saved::show(&saved::of(person, site).await?, asked, person);
    let title = language.pick("候选人", "Candidates");
    let page = Page::of(person, Place::Candidates).wide().script(assets::CANDIDATES);
    match found {
        Ok(answer) => {
            let settings = site.archive.settings();
            let waiting = releases::waiting(person, site).await?;
            let counts = facets::show(&answer, asked, language);
            let content = html! {
                h1.unseen { (title) }
                (waiting)
                (search_box(language, asked, Some(&answer), None, &kept))
                div.columns {
                    (refinement(person, asked, &Controls::of(&answer.query, person), typed, &counts))
                    (results::show(&answer, asked, person, &settings))
                }
            };
            let page = page.skipping_to(results::PLACE, language.pick("跳到搜索结果", "Skip to the results"));
            let wrong = typed.is_some_and(|typed| !typed.wrong.is_empty());
            let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            Ok((status, page.render(title, &content)).into_response())
        }
        Err(Failure::Archive(error)) if matches!(*error, Error::Query(_)) => {
            let Error::Query(mistake) = &*error else { return Err(Failure::Archive(error)) };
            let content = html! {
                h1.unseen { (title) }
                (search_box(language, asked, None, Some(mistake), &kept))
                div.columns { (refinement(person, asked, &Controls::default(), typed, &html! {})) }
            };
            Ok((Failure::Archive(Arc::clone(&error)).status(), page.render(title, &content)).into_response())
        }
        Err(other) => Err(other),
    }
}

/// What stands beside the results: the conditions as a form, and counts. On a narrow window it is folded until one follows
/// the link to it, with a script or without.
fn refinement(
    person: &Person,
    asked: &Asked,
    filled: &Controls,
    typed: Option<&Typed>,
    counts: &Markup,
) -> Markup {
    let language = person.language();
    let (controls, wrong) = typed.map_or((filled, &[][..]), |typed| (&typed.controls, &typed.wrong[..]));
    html! {
        aside.refine.open[typed.is_some()] #refine aria-label=(language.pick("筛选", "Refine")) {
            a.button.unfold href="#refine" { (language.pick("筛选与文件夹", "Filters and folders")) }
            div.folded {
                a.fold href={ "#" (results::PLACE) } { (language.pick("收起", "Hide the filters")) }
                details.by-conditions open {
                    summary { (language.pick("按条件筛选", "By conditions")) }
                    form.controls action="/candidates/refine" method="get" {
                        input type="hidden" name="q" value=(asked.q) {}
                        @if let Some(sort) = asked.sort { input type="hidden" name="sort" value=(sort_name(sort)) {} }
                        (conditions::fields(person, controls, wrong))
                        button { (language.pick("筛选", "Filter")) }
                    }
                }
                (counts)
            }
        }
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
            @if let Some(mistake) = mistake { (conditions::explain(mistake, &asked.q, language, &|q| asked.page_of(q))) }
            (conditions::chips(&chips, language, &|q| asked.page_of(q)))
            (kept)
            details.help #q-help {
                summary { (language.pick("怎么搜", "How to search")) }
                (help(language))
            }
        }
    }
}

fn help(language: Language) -> Markup {
    let rows: [(&str, &str, &str); 8] = [
        ("张三+客户经理+80分", "同时满足；80分表示80分及以上", "all of these; 80分 means 80 or more"),
        ("zhangsan、zs", "姓名可用全拼或首字母", "names by Pinyin or initials"),
        ("岗位=风险控制 面试时间=2023年10月", "指定字段", "fields by name"),
        ("score>=75 stage:offer Python>=80", "英文字段与技能得分", "English names, scores of skills"),
        ("AI得分80以上 人工得分不低于75", "用文字写比较", "comparisons in words"),
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

/// `GET /candidates/refine`: the query with what the form says, in its own words; or the form again, with what is wrong.
pub(crate) async fn refine(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let query = query.unwrap_or_default();
    let (asked, controls): (Asked, Controls) = (form::read(query.as_bytes())?, form::read(query.as_bytes())?);
    let wrong = match Query::parse(&asked.q) {
        Ok(query) => match controls.put_into(&query, &person) {
            Ok(refined) => {
                let refined = refined.text(person.language());
                return Ok(Redirect::to(&asked.page_of(&refined)).into_response());
            }
            Err(wrong) => wrong,
        },
        // What is wrong is the query itself; what was typed besides is kept.
        Err(_) => Vec::new(),
    };
    show(&person, &site, &asked, Some(&Typed { controls, wrong })).await
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
