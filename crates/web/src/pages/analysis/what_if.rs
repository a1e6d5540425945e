//! What if a position judged by another rule: the rule as a form, what it would have meant, and the proposal that comes of
//! it. Nothing is changed here but by a proposal that a person applies.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_archive::{ErrorKind, Measure, NewProposal, scoring};
use dossier_domain::{
    Position, Scoring,
    text::{Line, PositionName, SkillName},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{asked::Asked, export, proposals, report, saved};
use crate::{
    failure::{Failure, Result},
    form::{self, Sent, typed},
    layout::{Page, Place, token},
    pages::sign_in::alert,
    parts::{address, empty, field},
    person::Person,
    site::Site,
};

pub(super) const PATH: &str = "/analysis/what-if";

/// So many assessments can be weighed in the form, those that most have.
const MOST: usize = 24;

/// Shares as the form sends them: a name and a number for each.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shares {
    skill: Vec<String>,
    share: Vec<String>,
}

impl Shares {
    /// What of them has a share, as an address has it.
    fn weights(&self) -> impl Iterator<Item = String> {
        let weighed = self.skill.iter().zip(&self.share).filter(|(_, share)| !share.trim().is_empty());
        let is_nothing = |share: &str| form::number(share) == Some(0.0);
        weighed
            .filter(move |(_, share)| !is_nothing(share))
            .map(|(skill, share)| format!("{skill}={}", form::plain(share)))
    }
}

/// `GET /analysis/what-if`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    Place::Positions.admit(&person)?;
    let query = query.unwrap_or_default();
    let asked = Asked::read(query.as_bytes())?;
    let shares: Shares = form::read(query.as_bytes())?;
    let asked = Asked { measure: Measure::WhatIf.name().to_owned(), ..asked };
    if !shares.skill.is_empty() {
        let weight = shares.weights().collect();
        return Ok(Redirect::to(&Asked { weight, ..asked }.page()).into_response());
    }
    show(&person, &site, &asked, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    position: String,
    weight: Vec<String>,
    pass_mark: String,
    q: String,
    reason: String,
}

/// `POST /analysis/what-if`
pub(crate) async fn save(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(to) => Ok(Redirect::to(&to).into_response()),
        Err(failure)
            if failure.status().is_client_error() && Place::Positions.admit(&sent.person).is_ok() =>
        {
            let Change { position, weight, pass_mark, q, .. } = sent.form;
            let measure = Measure::WhatIf.name().to_owned();
            let asked = Asked { measure, position, weight, pass_mark, q, ..Asked::default() };
            let mut page = show(&sent.person, &site, &asked, Some(&failure)).await?;
            *page.status_mut() = failure.status();
            Ok(page)
        }
        Err(other) => Err(other),
    }
}

/// Does what was sent, and says where to go on.
async fn act(sent: &Sent<Change>, site: &Site) -> Result<String> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    let position = typed::<PositionName>(("岗位名", "a position"), &form.position)?;
    let to = scoring(&form.weight, &form.pass_mark)?;
    match form.act.as_str() {
        "save" => {
            let reason = form.reason.trim();
            let reason =
                (!reason.is_empty()).then(|| typed::<Line>(("理由", "a reason"), reason)).transpose()?;
            site.archive.propose(ctx, NewProposal { position, to, query: form.q.clone(), reason }).await?;
            Ok(proposals::PATH.to_owned())
        }
        "rule" => {
            let changed = site.archive.set_scoring(ctx, &position, to).await?;
            Ok(address(PATH, &[("position", changed.name.as_str())]))
        }
        _ => Err(Failure::bad("未知的操作", "there is no such action")),
    }
}

async fn show(person: &Person, site: &Site, asked: &Asked, problem: Option<&Failure>) -> Result<Response> {
    let language = person.language();
    let positions = site.archive.positions(&person.ctx).await?;
    let chosen = positions.iter().find(|of| of.name.as_str() == asked.position);
    let title = language.pick("规则试算", "What if: another rule");
    let mut failure = problem.cloned();
    let form = match chosen {
        Some(position) => {
            let assessments = site.archive.assessments(&person.ctx, &position.name).await?;
            rule(person, position, &assessments, asked)
        }
        None => html! {},
    };
    let is_tried = chosen.is_some_and(|of| of.pass_mark.is_some()) && !asked.pass_mark.is_empty();
    let mut tried = html! {};
    if is_tried {
        match outcome(person, site, asked).await {
            Ok(markup) => tried = markup,
            Err(Failure::Archive(error)) if error.kind() == ErrorKind::Invalid => {
                failure = failure.or(Some(Failure::Archive(error)));
            }
            Err(other) => return Err(other),
        }
    }
    let status = failure.as_ref().map(Failure::status);
    let content = html! {
        div.bar {
            h1 { (title) }
            a.button href=(proposals::PATH) { (language.pick("方案", "Proposals")) }
        }
        p.soft { (language.pick(
            "换一种占比或分数线，看过去的应聘中谁会通过AI面试、人工面试通过率会怎样变。供应商的得分不会改动；要采用，请保存为方案，再由有权的人应用。",
            "Try other shares or another pass mark, and see which past applications would have passed the AI interview, and how the pass rate of the human interview would have moved. Vendors' scores stay; to adopt a rule, save it as a proposal, which a person applies.")) }
        (alert(failure.map(|failure| failure.detail(language)).as_deref()))
        @if positions.is_empty() {
            (empty(language.pick("还没有岗位", "There are no positions yet"), &html! {
                (language.pick("同步面试后，这里就可以试算。", "Once interviews have come in, rules can be tried here."))
            }))
        } @else {
            form.card.inline method="get" action=(PATH) {
                (field(language.pick("岗位", "Position"), &html! {
                    select name="position" {
                        @for of in &positions {
                            option value=(of.name) selected[chosen.is_some_and(|chosen| chosen.id == of.id)] { (of.name) }
                        }
                    }
                }, None))
                button { (language.pick("选择", "Choose")) }
            }
        }
        (form)
        (tried)
    };
    let page = Page::of(person, Place::Analysis).render(title, &content);
    Ok((status.unwrap_or_default(), page).into_response())
}

/// The rule of a position as a form: to be set, where it has none, else to be tried in another form.
fn rule(person: &Person, position: &Position, assessments: &[SkillName], asked: &Asked) -> Markup {
    let language = person.language();
    if position.pass_mark.is_none() {
        return html! {
            form.card.narrow method="post" action=(PATH) {
                (token(person))
                input type="hidden" name="position" value=(position.name) {}
                @for weight in weights(&position.scoring()) { input type="hidden" name="weight" value=(weight) {} }
                h2 { (language.pick("此岗位还没有分数线", "This position has no pass mark yet")) }
                p.soft { (language.pick("试算要与现行规则比较，请先给出现行的通过分数线。",
                    "A trial compares with the present rule: give the present pass mark first.")) }
                (mark_field(language.pick("现行分数线", "Present pass mark"), ""))
                button name="act" value="rule" { (language.pick("设定", "Set it")) }
            }
        };
    }
    // What cannot be read is shown as the present rule; what is wrong with it is said above.
    let tried = match asked.pass_mark.is_empty() {
        true => position.scoring(),
        false => scoring(&asked.weight, &asked.pass_mark).unwrap_or_else(|_| position.scoring()),
    };
    let weighed = tried.weights.iter().chain(&position.weights).map(|weight| &weight.skill);
    let mut skills: Vec<&SkillName> = Vec::new();
    for skill in weighed.chain(assessments) {
        if skills.len() < MOST && !skills.contains(&skill) {
            skills.push(skill);
        }
    }
    let share = |rule: &Scoring, skill: &SkillName| {
        rule.weights
            .iter()
            .find(|weight| weight.skill == *skill)
            .map(|weight| number_of(weight.share * 100.0))
    };
    html! {
        form.card.what-if method="get" action=(PATH) {
            input type="hidden" name="position" value=(position.name) {}
            h2 { (position.name) }
            p { (language.pick("现行规则：", "The present rule: ")) strong { (position.scoring().label(language)) } }
            table.shares {
                thead { tr {
                    th scope="col" { (language.pick("测评", "Assessment")) }
                    th.number scope="col" { (language.pick("现行占比", "Present share")) }
                    th.number scope="col" { (language.pick("试算占比（%）", "Share on trial (%)")) }
                } }
                tbody { @for skill in &skills { tr {
                    th scope="row" { (skill) }
                    td.number { (share(&position.scoring(), skill).map_or("–".to_owned(), |share| format!("{share}%"))) }
                    td.number {
                        input type="hidden" name="skill" value=(skill) {}
                        input inputmode="decimal" maxlength="20" name="share"
                            value=(share(&tried, skill).unwrap_or_default()) placeholder="0"
                            aria-label={ (skill) (language.pick("的试算占比", ": share on trial")) } {}
                    }
                } } }
            }
            p.soft { (language.pick("其余占比归AI得分。缺少的得分，其占比按比例归其他部分；不足一半时不作判断。",
                "The AI score has the rest. What is missing leaves its share to the others in proportion; with less than half there is no verdict.")) }
            (mark_field(language.pick("试算分数线", "Pass mark on trial"), &tried.pass_mark.map(number_of).unwrap_or_default()))
            (field(language.pick("试算哪些应聘（与候选人搜索相同）", "On which applications, as in the search"), &html! {
                input type="search" name="q" value=(asked.q) maxlength="2000" autocomplete="off"
                    placeholder=(language.pick("不填则为此岗位的全部应聘；如 面试时间=2023年", "all of this position, if empty; or date:2023")) {}
            }, None))
            button.primary { (language.pick("试算", "Try it")) }
        }
    }
}

fn mark_field(label: &str, value: &str) -> Markup {
    field(
        label,
        &html! {
            input inputmode="decimal" maxlength="20" name="pass_mark" value=(value) required {}
        },
        None,
    )
}

/// A number as a field of a form takes it, without the noise of sums.
fn number_of(value: f64) -> String {
    ((value * 1e6).round() / 1e6).to_string()
}

/// A rule's shares, as an address has them.
pub(super) fn weights(rule: &Scoring) -> impl Iterator<Item = String> {
    rule.weights.iter().map(|weight| format!("{}={}", weight.skill, number_of(weight.share * 100.0)))
}

/// What the rule would have meant, and the form that keeps it as a proposal.
async fn outcome(person: &Person, site: &Site, asked: &Asked) -> Result<Markup> {
    let language = person.language();
    let made = site.archive.report(&person.ctx, asked.request(language)?).await?;
    let kept = saved::of(person, site).await?;
    Ok(html! {
        (export::links(asked, &made, language))
        (saved::show(&kept, asked, person))
        (report::parts(&made.parts, language))
        form.card.narrow method="post" action=(PATH) {
            (token(person))
            input type="hidden" name="position" value=(asked.position) {}
            @for weight in &asked.weight { input type="hidden" name="weight" value=(weight) {} }
            input type="hidden" name="pass_mark" value=(asked.pass_mark) {}
            input type="hidden" name="q" value=(asked.q) {}
            h2 { (language.pick("保存为方案", "Save it as a proposal")) }
            (field(language.pick("理由", "Why"), &html! { input name="reason" maxlength="400" {} }, None))
            button.primary name="act" value="save" { (language.pick("保存方案", "Save the proposal")) }
        }
    })
}
