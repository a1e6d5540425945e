//! The table of results, and what can be done with those that are chosen.

use dossier_access::{Action, Resource};
use dossier_archive::{LONGEST_PAGE, SearchAnswer, Settings};
use dossier_domain::{Language, MaterialKind};
use dossier_search::{Hit, Snippet, Sort};
use maud::{Markup, html};

use super::{Asked, PATH, sort_name};
use crate::{
    layout::token,
    parts::{self, address, empty},
    person::Person,
};

/// Where on the page they are.
pub(super) const PLACE: &str = "results";
/// What stands between two cursors of a trail, and where a trail was cut: addresses are no longer than a browser sends.
const BETWEEN: char = '-';
const CUT: &str = "*";
const LONGEST_TRAIL: usize = 40;

pub(super) fn show(answer: &SearchAnswer, asked: &Asked, person: &Person, settings: &Settings) -> Markup {
    let language = person.language();
    let hits = &answer.hits;
    let kinds = downloadable(&hits.hits, person);
    let may_fetch = !kinds.is_empty();
    html! {
        section.results id=(PLACE) tabindex="-1" aria-label=(language.pick("搜索结果", "Results")) {
            div.bar {
                p.total role="status" { (total(hits.total, language)) }
                (order(asked, answer.query.has_words(), language))
                (keys(language))
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
                (pages(asked, answer, language))
                @if may_fetch { (fetch(asked, answer, &kinds, person)) }
            }
        }
    }
}

/// The ways to the pages before and after. Cursors lead forward only: the address brings along where the pages before began.
fn pages(asked: &Asked, answer: &SearchAnswer, language: Language) -> Markup {
    let page = |after: &str, trail: &str| {
        let sort = asked.sort.map_or("", sort_name);
        address(PATH, &[("q", &asked.q), ("sort", sort), ("after", after), ("trail", trail)])
    };
    let (before, last) = asked.trail.rsplit_once(BETWEEN).unwrap_or(("", &asked.trail));
    let is_first = asked.after.is_empty();
    html! {
        nav.pages aria-label=(language.pick("翻页", "Pages")) {
            @if !is_first && !asked.trail.is_empty() {
                a.button href=(page("", "")) { (language.pick("回到第一页", "First page")) }
            }
            @if !is_first && last != CUT {
                a.button rel="prev" href=(page(last, before)) { (language.pick("上一页", "Previous page")) }
            }
            @if let Some(next) = &answer.hits.next {
                a.button rel="next" href=(page(&next.to_string(), &trail(asked))) { (language.pick("下一页", "Next page")) }
            }
        }
    }
}

/// Where the pages before the next one began, but for the first.
fn trail(asked: &Asked) -> String {
    let cursors =
        asked.trail.split(BETWEEN).chain([asked.after.as_str()]).filter(|cursor| !cursor.is_empty());
    let mut cursors: Vec<&str> = cursors.collect();
    if cursors.len() > LONGEST_TRAIL {
        cursors.drain(..LONGEST_TRAIL / 2);
        cursors.insert(0, CUT);
    }
    cursors.join(&BETWEEN.to_string())
}

/// What can be done by keys; shown by the script that does it.
fn keys(language: Language) -> Markup {
    let rows = [
        ("/", "搜索", "search"),
        ("j / k", "下一行、上一行", "next row, previous row"),
        ("x", "勾选或取消", "tick or untick"),
        ("Enter", "打开档案", "open the dossier"),
        ("Esc", "离开输入框", "leave a field"),
        ("?", "显示或收起本说明", "show or hide these keys"),
    ];
    html! {
        details.more.keys hidden {
            summary.button aria-label=(language.pick("键盘快捷键", "Keys")) title=(language.pick("键盘快捷键", "Keys")) { "?" }
            dl.sheet.checks { @for (key, zh, en) in rows { dt { kbd { (key) } } dd { (language.pick(zh, en)) } } }
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
    let tags = hit.tags.iter().map(|tag| tag.as_str()).collect::<Vec<_>>().join(language.pick("、", ", "));
    html! {
        tr {
            @if may_fetch {
                td.pick {
                    input type="checkbox" form="fetch" name="application" value=(hit.application)
                        aria-label={ (language.pick("选择", "Choose ")) (name) } {}
                }
            }
            th scope="row" { a href=(link) { (name) } }
            td.position data-label=(language.pick("岗位", "Position")) title=(hit.position_name) { (hit.position_name) }
            td data-label=(language.pick("阶段", "Stage")) { (parts::stage(hit.stage, language)) }
            td.figures data-label=(language.pick("AI得分", "AI score")) {
                (parts::score(hit.score))
                @if let Some(weighted) = hit.weighted { small.soft { (language.pick("加权 ", "weighted ")) (parts::number(weighted)) } }
            }
            td data-label=(language.pick("情绪", "Emotion")) { (parts::emotion(hit.emotion, language)) }
            td.when data-label=(language.pick("面试时间", "Interview")) {
                @match hit.interviewed_at { Some(at) => (parts::time(at, settings.zone)), None => span.soft { "–" } }
            }
            td data-label=(language.pick("资料", "Materials")) { (parts::kinds(&hit.kinds, language)) }
            td.tags data-label=(language.pick("标签", "Tags")) title=(tags) { @for tag in &hit.tags { span class=(parts::tag_class(tag, settings, "tag")) { (tag) } } }
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
fn fetch(asked: &Asked, answer: &SearchAnswer, kinds: &[MaterialKind], person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.fetch #fetch method="post" action="/fetch" {
            (token(person))
            input type="hidden" name="q" value=(asked.q) {}
            p.chosen data-chosen="application" data-none=(language.pick("勾选候选人后可批量下载", "Tick candidates to fetch their materials"))
                data-some=(language.pick("已选 {} 人", "{} chosen")) {
                (language.pick("下载所勾选候选人的资料", "Fetch the materials of those ticked"))
            }
            (everything(answer, language))
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
            button.quiet type="button" data-untick hidden { (language.pick("取消全部勾选", "Untick all")) }
        }
    }
}

/// A choice of all that the search finds, where it is more than this page and not more than one ZIP can hold.
fn everything(answer: &SearchAnswer, language: Language) -> Markup {
    let (total, shown) = (answer.hits.total, answer.hits.hits.len() as u64);
    html! {
        @if total > shown && total <= LONGEST_PAGE as u64 {
            label.everything {
                input type="checkbox" name="all" value="1" data-total=(total); " "
                (language.pick(&format!("选择全部 {total} 份搜索结果"), &format!("All {total} results")))
            }
        } @else if total > shown {
            span.soft.everything { (language.pick(
                &format!("结果超过 {LONGEST_PAGE} 份，不能一次全部下载；请加条件缩小范围"),
                &format!("More than {LONGEST_PAGE} results can’t be fetched at once; narrow the search to choose all"))) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_grows_by_a_page_and_is_cut_before_it_is_too_long() {
        let at = |earlier: &str, after: &str| {
            trail(&Asked { trail: earlier.to_owned(), after: after.to_owned(), ..Asked::default() })
        };
        assert_eq!(at("", ""), "", "from the first page");
        assert_eq!(at("", "1.a.x"), "1.a.x");
        assert_eq!(at("1.a.x", "1.b.y"), "1.a.x-1.b.y");
        let mut long = String::new();
        for page in 0..200 {
            long = at(&long, &format!("1.{page:x}.app"));
            assert!(long.split(BETWEEN).count() <= LONGEST_TRAIL + 1, "{long}");
        }
        assert!(long.starts_with("*-") && long.ends_with("-1.c7.app"), "{long}");
    }
}
