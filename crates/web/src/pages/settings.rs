//! Set-up: storage, rules, sign-in, and what each person may see.

mod policy;
mod presets;
mod process;
mod rights;
mod rules;

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use dossier_access::Action;
use dossier_archive::{Check, ReleaseRule, SignInRules, State as Health};
use dossier_domain::Language;
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    done::{self, sent_on},
    releases,
};
use crate::{
    failure::{Failure, Result},
    form::{self, Sent},
    layout::{Page, Place, token},
    parts::{Mistakes, field},
    person::Person,
    site::Site,
};

/// `GET /settings`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
) -> Result<Markup> {
    let asked: rights::Asked = form::read(query.unwrap_or_default().as_bytes())?;
    show(&person, &site, &asked, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    idle_minutes: String,
    longest_hours: String,
    second_factor: Option<String>,
    release_from: String,
    zone: String,
    positive_from: String,
    negative_below: String,
    level: Vec<String>,
    bands: String,
    score_tag: String,
    skill_tag: String,
    preset: Vec<String>,
    colour: Vec<String>,
    cell: Vec<String>,
    stage_zh: Vec<String>,
    stage_en: Vec<String>,
    step_key: Vec<String>,
    step_stage: Vec<String>,
    step_zh: Vec<String>,
    step_en: Vec<String>,
    step_retired: Vec<String>,
    rule_from: Vec<String>,
    rule_to: Vec<String>,
    rule_bar: Vec<String>,
    revision: String,
}

/// `POST /settings`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(done) => Ok(sent_on("/settings", done).into_response()),
        Err(failure) if failure.status().is_client_error() => {
            let told = Some((&sent.form, &failure));
            let page = show(&sent.person, &site, &rights::Asked::default(), told).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// Does it; gives the name of what is said of it.
async fn act(sent: &Sent<Change>, site: &Site) -> Result<&'static str> {
    let (ctx, form, archive) = (&sent.person.ctx, &sent.form, &site.archive);
    let whole = |text: &str| {
        form::number::<u32>(text)
            .ok_or_else(|| Failure::bad(format!("“{text}”不是整数"), format!("“{text}” is no whole number")))
    };
    match form.act.as_str() {
        "sign-in" => {
            let rules = SignInRules {
                idle_minutes: whole(&form.idle_minutes)?,
                longest_hours: whole(&form.longest_hours)?,
                second_factor: form.second_factor.is_some(),
            };
            archive.change_sign_in_rules(ctx, rules).await?;
        }
        "releases" => {
            let from = form.release_from.trim();
            let from = (!from.is_empty()).then(|| whole(from)).transpose()?;
            archive.change_release_rule(ctx, ReleaseRule { from }).await?;
        }
        "rules" => {
            let before = archive.settings();
            let after = rules::read(form, &before)?;
            archive.change_settings(ctx, &before, after).await?;
            return Ok("filing");
        }
        "presets" => {
            let before = archive.settings();
            let after = presets::read(form, &before)?;
            archive.change_settings(ctx, &before, after).await?;
        }
        "process" => {
            let before = archive.settings();
            let after = process::read(form, &before)?;
            archive.change_settings(ctx, &before, after).await?;
        }
        "policy" => {
            let (cells, known) = (policy::read(form)?, form.revision.parse().ok());
            archive.change_policy(ctx, &cells, known).await?;
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok("changed")
}

async fn show(
    person: &Person,
    site: &Site,
    asked: &rights::Asked,
    refused: Option<(&Change, &Failure)>,
) -> Result<Markup> {
    Place::Settings.admit(person)?;
    let language = person.language();
    let title = Place::Settings.label(language);
    let may_check = person.may(Action::Doctor);
    // A check goes through the whole log, so it is made when it is asked for.
    let checks = match may_check && asked.is_check() {
        true => Some(site.archive.doctor(&person.ctx, None).await?),
        false => None,
    };
    let wrong = Mistakes::of(refused.map(|(_, failure)| failure), language);
    let rules = match refused {
        Some((typed, _)) if typed.act == "rules" => rules::Typed::by(typed),
        _ => rules::Typed::of(&site.archive.settings()),
    };
    let content = html! {
        h1 { (title) }
        (done::notice(person))
        (wrong.of_all())
        div.settings {
            @if may_check { (health(checks.as_deref(), language)) }
            @if person.may(Action::ManageSignIn) { (sign_in(site.archive.sign_in_rules().await?, person)) }
            @if person.may(Action::ManageChannels) {
                p { a href="/channels" { (language.pick("通知渠道与 Webhook", "Channels of notices, and webhooks")) } }
            }
            @if person.may(Action::ManagePolicy) { (policy::show(&site.archive.policy(&person.ctx).await?, site.archive.settings().zone, person)) }
            @if person.may(Action::ManageReleases) { (releases::card(site.archive.release_rule().await?, person)) }
            @if person.may(Action::ManageRules) {
                (rules::show(&rules, wrong, person))
                (presets::show(&site.archive.settings(), person))
                (process::show(&site.archive.settings(), person))
            }
            (rights::show(person, site, asked).await?)
        }
    };
    Ok(Page::of(person, Place::Settings).render(title, &content))
}

fn health(checks: Option<&[Check]>, language: Language) -> Markup {
    html! {
        section.card {
            h2 { (language.pick("存储与日志", "Storage and log")) }
            form method="get" { button name="check" value="1" { (language.pick("检查", "Check")) } }
            dl.checks {
                @for check in checks.unwrap_or_default() {
                    @let (class, sign) = match check.state {
                        Health::Good => ("good", "✓"), Health::Attention => ("warn", "!"), Health::Broken => ("bad", "✗"),
                    };
                    dt { span class=(class) { (sign) } " " (check.title(language)) }
                    dd { (check.text(language)) }
                }
            }
        }
    }
}

fn sign_in(rules: SignInRules, person: &Person) -> Markup {
    let language = person.language();
    let number = |name: &str, value: u32| {
        html! {
            input inputmode="decimal" maxlength="20" name=(name) value=(value) required {}
        }
    };
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("登录与会话", "Signing in")) }
            (field(language.pick("闲置多少分钟后结束会话", "Minutes after which an idle session ends"), &number("idle_minutes", rules.idle_minutes), None))
            (field(language.pick("会话最长多少小时", "Hours after which every session ends"), &number("longest_hours", rules.longest_hours), None))
            p { label { input type="checkbox" name="second_factor" checked[rules.second_factor] {} " "
                (language.pick("要求双因素认证（等保三级需要）", "Demand a second factor")) } }
            button name="act" value="sign-in" { (language.pick("保存", "Save")) }
        }
    }
}
