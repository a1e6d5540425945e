//! The table of results, and what can be done with those that are chosen.

use dossier_access::{Action, Resource};
use dossier_archive::{SearchAnswer, Settings};
use dossier_domain::{Language, MaterialKind};
use dossier_search::{Hit, Snippet, Sort};
use maud::{Markup, html};

use super::{Asked, PATH, sort_name};
use crate::{
    layout::token,
    parts::{self, address, empty},
    person::Person,
};

pub(super) fn show(answer: &SearchAnswer, asked: &Asked, person: &Person, settings: &Settings) -> Markup {
    let language = person.language();
    let hits = &answer.hits;
    let kinds = downloadable(&hits.hits, person);
    let may_fetch = !kinds.is_empty();
    html! {
        section.results aria-label=(language.pick("搜索结果", "Results")) {
            div.bar {
                p.total role="status" { (total(hits.total, language)) }
                (order(asked, answer.query.has_words(), language))
            }
            @if hits.hits.is_empty() {
                (nothing(asked, language))
            } @else {
                div.scroll tabindex="0" role="region" aria-label=(language.pick("候选人表格", "Table of candidates")) {
                    table.list.cards.candidates {
                        thead { tr {
                            @if may_fetch {
                                th.pick scope="col" {
                                    input type="checkbox" data-all="application" hidden
                                        aria-label=(language.pick("全选本页", "All of this page")) {}
                                }
                            }
                            (columns(language))
                        } }
                        tbody { @for hit in &hits.hits { (row(hit, may_fetch, language, settings)) } }
                    }
                }
                nav.pages aria-label=(language.pick("翻页", "Pages")) {
                    @if !asked.after.is_empty() {
                        a.button href=(address(PATH, &[("q", &asked.q), ("sort", asked.sort.map_or("", sort_name))])) {
                            (language.pick("回到第一页", "First page"))
                        }
                    }
                    @if let Some(next) = &hits.next {
                        a.button rel="next" href=(address(PATH, &[("q", &asked.q),
                            ("sort", asked.sort.map_or("", sort_name)), ("after", &next.to_string())])) {
                            (language.pick("下一页", "Next page"))
                        }
                    }
                }
                @if may_fetch { (fetch(asked, &kinds, person)) }
            }
        }
    }
}

fn columns(language: Language) -> Markup {
    let names = [
        ("候选人", "Candidate"),
        ("岗位", "Position"),
        ("阶段", "Stage"),
        ("AI得分", "AI score"),
        ("情绪", "Emotion"),
        ("面试时间", "Interview"),
        ("资料", "Materials"),
        ("标签", "Tags"),
    ];
    html! { @for (zh, en) in names { th scope="col" { (language.pick(zh, en)) } } }
}

fn row(hit: &Hit, may_fetch: bool, language: Language, settings: &Settings) -> Markup {
    let name = parts::name(hit.name.as_ref(), language);
    let link = format!("/applications/{}", hit.application);
    html! {
        tr {
            @if may_fetch {
                td.pick {
                    input type="checkbox" form="fetch" name="application" value=(hit.application)
                        aria-label={ (language.pick("选择", "Choose ")) (name) } {}
                }
            }
            th scope="row" { a href=(link) { (name) } }
            td data-label=(language.pick("岗位", "Position")) { (hit.position_name) }
            td data-label=(language.pick("阶段", "Stage")) { (parts::stage(hit.stage, language)) }
            td data-label=(language.pick("AI得分", "AI score")) {
                (parts::score(hit.score))
                @if let Some(weighted) = hit.weighted { small.soft { (language.pick("加权 ", "weighted ")) (parts::number(weighted)) } }
            }
            td data-label=(language.pick("情绪", "Emotion")) { (parts::emotion(hit.emotion, language)) }
            td.when data-label=(language.pick("面试时间", "Interview")) {
                @match hit.interviewed_at { Some(at) => (parts::time(at, settings.zone)), None => span.soft { "–" } }
            }
            td data-label=(language.pick("资料", "Materials")) { (parts::kinds(&hit.kinds, language)) }
            td.tags data-label=(language.pick("标签", "Tags")) { @for tag in &hit.tags { span class=(parts::tag_class(tag, settings, "tag")) { (tag) } } }
        }
        @if !hit.snippets.is_empty() {
            tr.snippets {
                @if may_fetch { td {} }
                td colspan="8" { @for snippet in &hit.snippets { (excerpt(snippet, &link, language)) } }
            }
        }
    }
}

/// Words of a transcript or report around what was found; a spoken one opens the video at its second.
fn excerpt(snippet: &Snippet, link: &str, language: Language) -> Markup {
    let mut at = 0;
    let mut pieces: Vec<(bool, &str)> = Vec::new();
    for mark in &snippet.marks {
        pieces.push((false, snippet.text.get(at..mark.start).unwrap_or_default()));
        pieces.push((true, snippet.text.get(mark.clone()).unwrap_or_default()));
        at = mark.end;
    }
    pieces.push((false, snippet.text.get(at..).unwrap_or_default()));
    let words = html! { @for (marked, text) in pieces { @if marked { mark { (text) } } @else { (text) } } };
    html! {
        p.excerpt {
            span.soft { (snippet.source.label(language)) }
            @match snippet.starts {
                Some(seconds) => { a href={ (link) "#t=" (parts::number(seconds)) } { (words) } },
                None => { span { (words) } },
            }
        }
    }
}

fn total(total: u64, language: Language) -> String {
    match (language, total) {
        (Language::Chinese, _) => format!("{total} 份应聘"),
        (Language::English, 1) => "1 application".to_owned(),
        (Language::English, _) => format!("{total} applications"),
    }
}

fn order(asked: &Asked, has_words: bool, language: Language) -> Markup {
    let chosen = asked.sort.unwrap_or(if has_words { Sort::Relevance } else { Sort::Newest });
    let label = |sort| match sort {
        Sort::Relevance => ("相关度", "Relevance"),
        Sort::Newest => ("最近面试", "Newest"),
        Sort::Oldest => ("最早面试", "Oldest"),
        Sort::HighestScore => ("得分高", "Highest score"),
        Sort::LowestScore => ("得分低", "Lowest score"),
        Sort::Name => ("姓名", "Name"),
    };
    html! {
        nav.order aria-label=(language.pick("排序", "Order")) {
            @for sort in Sort::ALL.into_iter().filter(|sort| has_words || *sort != Sort::Relevance) {
                @let (zh, en) = label(sort);
                a href=(address(PATH, &[("q", &asked.q), ("sort", sort_name(sort))]))
                    aria-current=[(sort == chosen).then_some("true")] { (language.pick(zh, en)) }
            }
        }
    }
}

fn nothing(asked: &Asked, language: Language) -> Markup {
    let (title, advice) = if asked.q.trim().is_empty() {
        (
            language.pick("还没有候选人", "There are no candidates yet"),
            language.pick(
                "集成供应商并同步之后，候选人会出现在这里；面试官只看得到自己负责的岗位。",
                "They appear here once a vendor is connected and synced; interviewers see their own positions only.",
            ),
        )
    } else {
        (
            language.pick("没有符合条件的候选人", "No candidate matches"),
            language.pick(
                "去掉一个条件，或换一个说法；姓名可以只写拼音首字母。",
                "Take a condition away or put it in other words; initials do for a name.",
            ),
        )
    };
    empty(title, &html! { (advice) })
}

/// Choosing contents and reason, and getting one ZIP.
fn fetch(asked: &Asked, kinds: &[MaterialKind], person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.fetch #fetch method="post" action="/fetch" {
            (token(person))
            input type="hidden" name="q" value=(asked.q) {}
            p.chosen data-chosen="application" data-none=(language.pick("勾选候选人后可批量下载", "Tick candidates to fetch their materials"))
                data-some=(language.pick("已选 {} 人", "{} chosen")) {
                (language.pick("下载所勾选候选人的资料", "Fetch the materials of those ticked"))
            }
            fieldset.kinds {
                legend.unseen { (language.pick("内容", "Contents")) }
                @for kind in kinds {
                    label { input type="checkbox" name="contents" value=(kind.name())
                        checked[*kind != MaterialKind::Supplement] {} " " (kind.label(language)) }
                }
            }
            label.reason {
                span.unseen { (language.pick("用途", "Reason")) }
                input name="reason" required maxlength="200"
                    placeholder=(language.pick("用途（必填，记入日志）", "Reason (required, goes into the log)")) {}
            }
            button.primary { (language.pick("下载 ZIP", "Download ZIP")) }
        }
    }
}

/// The kinds that may be taken away from at least one of the hits.
fn downloadable(hits: &[Hit], person: &Person) -> Vec<MaterialKind> {
    let may = |hit: &Hit, kind| {
        let resource = Resource::Application { position: hit.position, stage: hit.stage };
        person.ctx.decide(Action::DownloadMaterial(kind), &resource).is_allowed()
    };
    MaterialKind::ALL.into_iter().filter(|kind| hits.iter().any(|hit| may(hit, *kind))).collect()
}
