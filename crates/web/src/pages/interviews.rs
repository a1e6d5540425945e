//! 「我的面试」: what an interviewer has before them.

use std::sync::Arc;

use axum::extract::State;
use dossier_archive::{ComingInterview, Progress};
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};

use crate::{
    assets, events,
    failure::Result,
    layout::{Page, Place},
    parts::{self, empty},
    person::Person,
    site::Site,
};

/// `GET /interviews`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    Place::Interviews.admit(&person)?;
    let (language, zone) = (person.language(), site.archive.settings().zone);
    let mine = site.archive.my_interviews(&person.ctx).await?;
    let title = Place::Interviews.label(language);
    let lists = [
        (language.pick("等待评分", "Waiting for your scorecard"), &mine.waiting),
        (language.pick("即将到来", "Coming"), &mine.coming),
        (language.pick("已评分", "Handed in"), &mine.done),
    ];
    let content = html! {
        div.bar { h1 { (title) } }
        div data-live="interviews" data-events=(events::OF_INTERVIEWS) {
        @if lists.iter().all(|(_, list)| list.is_empty()) {
            (empty(language.pick("现在没有需要您面试的候选人", "There is nobody for you to interview now"), &html! {
                (language.pick("HR 把您指定为某个岗位的面试官后，该岗位的候选人会列在这里。",
                    "Once HR names you as an interviewer of a position, its candidates are listed here."))
            }))
        }
        @for (title, list) in lists {
            @if !list.is_empty() {
                section {
                    h2 { (title) " " span.soft { (list.len()) } }
                    div.scroll { table.list.cards {
                        thead { tr { @for (zh, en) in COLUMNS { th scope="col" { (language.pick(zh, en)) } } } }
                        tbody { @for of in list { (row(of, &person, zone)) } }
                    } }
                }
            }
        }
        }
    };
    Ok(Page::of(&person, Place::Interviews).script(assets::LIVE).render(title, &content))
}

const COLUMNS: [(&str, &str); 7] = [
    ("候选人", "Candidate"),
    ("岗位", "Position"),
    ("AI得分", "AI score"),
    ("情绪", "Emotion"),
    ("资料", "Materials"),
    ("进入阶段", "In this stage since"),
    ("评分表", "Scorecard"),
];

fn row(of: &ComingInterview, person: &Person, zone: BankZone) -> Markup {
    let (language, hit) = (person.language(), &of.hit);
    let name = parts::name(hit.name.as_ref(), language);
    let days = (person.ctx.now() - hit.stage_since).num_days();
    let [_, position, score, mood, kinds, since, card] = COLUMNS.map(|(zh, en)| language.pick(zh, en));
    html! {
        tr {
            th scope="row" { a href={ "/applications/" (hit.application) "/interview" } { (name) } }
            td data-label=(position) { (hit.position_name) }
            td data-label=(score) { (parts::score(hit.score)) }
            td data-label=(mood) { (parts::emotion(hit.emotion, language)) }
            td data-label=(kinds) { (parts::kinds(&hit.kinds, language)) }
            td data-label=(since) { (parts::time(hit.stage_since, zone)) " " span.soft { (waited(days, language)) } }
            td data-label=(card) { (progress(of.progress, language, zone)) }
        }
    }
}

fn waited(days: i64, language: Language) -> String {
    if days > 0 { parts::days(days, language) } else { String::new() }
}

fn progress(progress: Progress, language: Language, zone: BankZone) -> Markup {
    html! {
        @match progress {
            Progress::Open => span.soft { (language.pick("未开始", "not begun")) },
            Progress::Draft => span.warn { (language.pick("草稿", "draft")) },
            Progress::HandedIn(at) => span.good { (language.pick("已提交 ", "handed in ")) (parts::time(at, zone)) },
        }
    }
}
