//! What one sees first: the newest figures against those before, small charts, each of which leads to its report, and how
//! the applications are distributed.

mod cards;

use chrono::{Datelike, NaiveDate};
use dossier_access::Action;
use dossier_archive::{Dashboard, SearchAnswer, SearchRequest};
use dossier_domain::{Language, zone::Month};
use dossier_report::figures;
use dossier_search::{Counts, Facet};
use maud::{Markup, html};

use super::{Shown, asked::Asked, choice, proposals, report::candidates, saved, what_if};
use crate::{
    failure::Result,
    layout::Place,
    pages::candidates::{conditions::Controls, facets},
    parts::empty,
    person::Person,
    site::Site,
};

pub(super) async fn show(person: &Person, site: &Site, asked: &Asked) -> Result<Shown> {
    let language = person.language();
    let counted = [Facet::Position, Facet::Stage, Facet::ScoreBand, Facet::Emotion, Facet::Month, Facet::Tag];
    let request = SearchRequest {
        query: asked.q.clone(),
        limit: Some(1),
        facets: counted.to_vec(),
        ..SearchRequest::default()
    };
    let answer = site.archive.search(&person.ctx, request).await?;
    let today = site.archive.settings().zone.date(person.ctx.now());
    let dashboard = match newest(&answer, today) {
        Some(month) => Some(site.archive.dashboard(&person.ctx, &asked.q, month, language).await?),
        None => None,
    };
    let kept = saved::of(person, site).await?;
    let title = Place::Analysis.label(language);
    let content = html! {
        div.bar {
            h1 { (title) }
            @if person.may(Action::ManagePositions) {
                a.button href=(what_if::PATH) { (language.pick("规则试算", "What if")) }
                a.button href=(proposals::PATH) { (language.pick("规则方案", "Proposed rules")) }
            }
        }
        (saved::show(&kept, asked, person))
        @if let Some(dashboard) = &dashboard { (figures_of(dashboard, language)) }
        details.change open[dashboard.is_none()] {
            summary { (language.pick("生成报表", "Make a report")) }
            (choice::form(person, asked, (&Controls::default(), &[]), None))
        }
        p { a href=(candidates(&asked.q)) { (answer.hits.total) (language.pick(" 份应聘", " applications")) } }
        @if answer.hits.total == 0 {
            (empty(language.pick("还没有可以分析的应聘", "There is nothing to analyse yet"), &html! {
                (language.pick("供应商的面试同步进来之后，这里就有数字了；或请放宽条件。",
                    "Figures are here once interviews have come in from a vendor; or loosen the conditions."))
            }))
        }
        div.measures { (distributions(&answer, language)) }
    };
    Ok((title.to_owned(), content))
}

/// The newest month with an interview whose quarter is over, since of one that has just begun little is decided; else the
/// newest with an interview.
fn newest(answer: &SearchAnswer, today: NaiveDate) -> Option<Month> {
    let months = answer.hits.facets.iter().find_map(|counts| match counts {
        Counts::Month(months) => Some(months.iter().map(|(month, _)| *month).collect::<Vec<_>>()),
        _ => None,
    })?;
    let is_over = |month: &&Month| {
        let quarter = |day: NaiveDate| (day.year(), day.month0() / 3);
        quarter(month.first_day()) < quarter(today)
    };
    months.iter().filter(is_over).max().or_else(|| months.iter().max()).copied()
}

/// The figures of a dashboard: tiles, then charts.
fn figures_of(of: &Dashboard, language: Language) -> Markup {
    let quarter = of.quarter.label(language);
    let pick = |zh, en| language.pick(zh, en);
    html! {
        section.glance aria-label=(pick("概览", "At a glance")) {
            p.soft { (quarter) (pick("，与上一季度相比；变化附95%区间", ", against the quarter before; changes with their 95 % intervals")) }
            div.tiles-row {
                (cards::tile(&of.pass_rate, "pass_rate", pick("AI面试通过率", "Pass rate of the AI interview"), language))
                (cards::tile(&of.pace, "mean_days", pick("招聘周期（平均天数）", "Days from interview to hiring"), language))
                (cards::tile(&of.lateness, "in_time_rate", pick("10 分钟内入库", "Materials here within 10 minutes"), language))
                (cards::tile(&of.lateness, "late", pick("入库迟到", "Later than that"), language))
            }
            div.charts {
                (cards::chart(&of.course, "course", pick("通过率走势", "Course of the pass rate"), language))
                (cards::most(&of.positions, "interviewed", "positions", pick("各岗位通过率", "Pass rate by position"), language))
                (cards::chart(&of.funnel, "funnel", pick("近一年招聘漏斗", "Funnel of the last year"), language))
                (cards::bars(&of.funnel, "median_days", "days", pick("各阶段用时（中位数，天）", "Median days per stage"), language))
                @if let Some(answers) = &of.answers {
                    (cards::questions(answers, "answers", language))
                }
            }
        }
    }
}

fn bar(percent: f64) -> Markup {
    html! {
        svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" {
            rect.track x="0" y="0" width="100" height="6" {}
            rect.fill x="0" y="0" width=(figures::number(percent)) height="6" {}
        }
    }
}

/// How the applications are distributed.
fn distributions(answer: &SearchAnswer, language: Language) -> Markup {
    html! {
        @for counts in &answer.hits.facets {
            @let (title, values) = facets::values(counts, answer, language);
            @let most = values.iter().map(|(_, count, _)| *count).max().unwrap_or(1).max(1);
            @if !values.is_empty() {
                section.card {
                    h2 { (title) }
                    table.measure { tbody { @for (label, count, condition) in &values {
                        @let query = answer.query.clone().with(condition.clone()).text(language);
                        tr {
                            th scope="row" title=(label) { a href=(candidates(&query)) { (label) } }
                            td { (bar(100.0 * *count as f64 / most as f64)) }
                            td.number { (count) }
                        }
                    } } }
                }
            }
        }
    }
}
