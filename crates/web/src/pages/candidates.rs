//! The candidates: one search, as text and as a form, with counts, folders, and a choice of many at once.

pub(super) mod facets;
mod results;
pub(crate) mod saved;
pub(crate) mod values;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveDate;
use dossier_archive::{Error, SearchAnswer, SearchRequest};
use dossier_domain::{EmotionLabel, Language, MaterialKind, Stage};
use dossier_search::{
    Cursor, Facet, Query, QueryError, Sort,
    query::{Condition, Days, Scores},
};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    assets,
    failure::{Failure, Result},
    form,
    layout::{Page, Place},
    parts::{address, field},
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
            let content = html! {
                h1.unseen { (title) }
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
            @if let Some(mistake) = mistake { (explain(mistake, &asked.q, language)) }
            @if !chips.is_empty() {
                ul.chips aria-label=(language.pick("已理解的条件", "The query as understood")) {
                    @for chip in &chips {
                        li.chip {
                            (chip.label)
                            a href=(address(PATH, &[("q", &chip.without)]))
                                aria-label={ (language.pick("去掉条件：", "Remove: ")) (chip.label) } { "×" }
                        }
                    }
                    li { a.quiet href=(PATH) { (language.pick("清除全部", "Clear all")) } }
                }
            }
            (kept)
            details.help #q-help {
                summary { (language.pick("怎么搜", "How to search")) }
                (help(language))
            }
        }
    }
}

/// A mistake with the spot marked in the query itself.
fn explain(mistake: &QueryError, typed: &str, language: Language) -> Markup {
    let part =
        |span: std::ops::Range<usize>| typed.chars().skip(span.start).take(span.len()).collect::<String>();
    let end = typed.chars().count();
    let spot = mistake.span.start.min(end)..mistake.span.end.min(end);
    html! {
        div.mistake role="alert" {
            p { (mistake.message(language)) }
            @if !typed.is_empty() && end <= 200 {
                p.spot { code { (part(0..spot.start)) mark { (part(spot.clone())) @if spot.is_empty() { "␣" } } (part(spot.end..end)) } }
            }
            @if let Some(suggestion) = &mistake.suggestion {
                p {
                    (language.pick("是否想写：", "Did you mean: "))
                    a href=(address(PATH, &[("q", suggestion)])) { (suggestion) }
                }
            }
        }
    }
}

fn help(language: Language) -> Markup {
    let rows: [(&str, &str, &str); 6] = [
        ("张三+客户经理+80分", "同时满足；80分表示80分及以上", "all of these; 80分 means 80 or more"),
        ("zhangsan、zs", "姓名可用全拼或首字母", "names by Pinyin or initials"),
        ("岗位=风险控制 面试时间=2023年10月", "指定字段", "fields by name"),
        ("score>=75 stage:offer Python>=80", "英文字段与技能得分", "English names, scores of skills"),
        ("\"客户 投诉\" -离职 (A 或 B)", "短语、排除、任选", "phrase, not, either"),
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

/// The same conditions as controls of a form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Controls {
    q: String,
    position: String,
    stage: String,
    score: String,
    emotion: String,
    from: String,
    to: String,
}

fn controls(person: &Person, asked: &Asked) -> Markup {
    let language = person.language();
    let sees_emotion =
        person.ctx.scope().grants.iter().any(|grant| grant.kinds.contains(&MaterialKind::Emotion));
    let any = language.pick("不限", "any");
    html! {
        form.controls action="/candidates/refine" method="get" {
            h2 { (language.pick("按条件筛选", "By conditions")) }
            input type="hidden" name="q" value=(asked.q) {}
            (field(language.pick("岗位", "Position"), &html! { input name="position" placeholder=(any) maxlength="100" {} }, None))
            (field(language.pick("阶段", "Stage"), &html! {
                select name="stage" {
                    option value="" { (any) }
                    @for stage in Stage::ALL { option value=(stage.name()) { (stage.label(language)) } }
                }
            }, None))
            (field(language.pick("AI得分不低于", "AI score at least"), &html! {
                input type="number" name="score" min="0" max="100" step="any" placeholder="0–100" {}
            }, None))
            @if sees_emotion {
                (field(language.pick("情绪", "Emotion"), &html! {
                    select name="emotion" {
                        option value="" { (any) }
                        @for label in EmotionLabel::ALL { option value=(label.name()) { (label.label(language)) } }
                    }
                }, None))
            }
            (field(language.pick("面试日期从", "Interviewed from"), &html! { input type="date" name="from" {} }, None))
            (field(language.pick("到", "to"), &html! { input type="date" name="to" {} }, None))
            button { (language.pick("加上这些条件", "Add these conditions")) }
        }
    }
}

/// `GET /candidates/refine`: the query with what the form says, in its own words.
pub(crate) async fn refine(person: Person, RawQuery(query): RawQuery) -> Result<Redirect> {
    let controls: Controls = form::read(query.unwrap_or_default().as_bytes())?;
    let Ok(mut query) = Query::parse(&controls.q) else {
        return Ok(Redirect::to(&address(PATH, &[("q", &controls.q)])));
    };
    for condition in conditions(&controls)? {
        query = query.with(condition);
    }
    Ok(Redirect::to(&address(PATH, &[("q", &query.text(person.language()))])))
}

fn conditions(controls: &Controls) -> Result<Vec<Condition>> {
    fn given<T: std::str::FromStr>(text: &str, zh: &str, en: &str) -> Result<Option<T>> {
        let text = text.trim();
        let parsed = (!text.is_empty()).then(|| text.parse::<T>());
        parsed
            .transpose()
            .map_err(|_| Failure::bad(format!("{zh}不能是“{text}”"), format!("“{text}” is no {en}")))
    }
    let score = given::<f64>(&controls.score, "得分", "score")?.filter(|score| score.is_finite());
    let first = given::<NaiveDate>(&controls.from, "日期", "date")?;
    let last = given::<NaiveDate>(&controls.to, "日期", "date")?;
    let position = controls.position.trim();
    let conditions = [
        (!position.is_empty()).then(|| Condition::Position(position.to_owned())),
        given::<Stage>(&controls.stage, "阶段", "stage")?.map(Condition::Stage),
        score.map(|score| Condition::Score(Scores::AtLeast(score))),
        given::<EmotionLabel>(&controls.emotion, "情绪", "emotion label")?.map(Condition::Emotion),
        (first.is_some() || last.is_some()).then_some(Condition::Interviewed(Days { first, last })),
    ];
    Ok(conditions.into_iter().flatten().collect())
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
