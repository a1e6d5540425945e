//! The channels by which notices leave, what the archive says in them, and webhooks.

mod form;

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Reason};
use dossier_archive::{ChannelState, NoticeRules};
use dossier_domain::{BankZone, Language, NoticeKind, Position};
use dossier_vendor::Secret;
use maud::{Markup, html};
use serde::Deserialize;

use super::sign_in::alert;
use crate::{
    api::texts_of,
    failure::{Failure, Result},
    form::{Sent, plain, typed},
    layout::{Page, Place, token},
    parts::{self, field},
    person::Person,
    site::Site,
};

/// `GET /channels`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    show(&person, &site, Told::Nothing).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    id: String,
    name: String,
    kind: String,
    address: String,
    private_network: Option<String>,
    key: String,
    secret: String,
    from: String,
    domains: String,
    is_usual: Option<String>,
    /// Whether positions were there to be chosen, and which were.
    chooses: Option<String>,
    position: Vec<String>,
    digest_hour: String,
    notice: Vec<String>,
    zh: Vec<String>,
    en: Vec<String>,
}

/// What is to be shown after a change, and only then.
enum Told {
    Nothing,
    Failure(Failure),
    Tested,
    Secret(Secret),
}

/// `POST /channels`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(Told::Nothing) => Ok(Redirect::to("/channels").into_response()),
        Ok(told) => Ok(show(&sent.person, &site, told).await?.into_response()),
        // That a channel fails is told here, where it can be mended.
        Err(failure) if failure.status().is_client_error() || sent.form.act == "test" => {
            let status = failure.status();
            Ok((status, show(&sent.person, &site, Told::Failure(failure)).await?).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn act(sent: &Sent<Change>, site: &Site) -> Result<Told> {
    let (ctx, form, archive) = (&sent.person.ctx, &sent.form, &site.archive);
    let id = || form.id.parse().map_err(|_| Failure::NoPage);
    match form.act.as_str() {
        "add" => {
            let added = archive.add_channel(ctx, form::new(form)?).await?;
            return Ok(added.secret.map_or(Told::Nothing, Told::Secret));
        }
        "test" => {
            archive.test_channel(ctx, id()?).await?;
            return Ok(Told::Tested);
        }
        "change" => {
            let id = id()?;
            let known = archive.channels(ctx).await?.into_iter().find(|of| of.channel.id == id);
            let known = known.ok_or(Failure::NoPage)?.channel;
            archive.change_channel(ctx, id, form::changed(form, &known)?).await?;
        }
        "suspend" => drop(archive.suspend_channel(ctx, id()?, true).await?),
        "resume" => drop(archive.suspend_channel(ctx, id()?, false).await?),
        "remove" => archive.remove_channel(ctx, id()?).await?,
        "texts" => archive.change_notice_rules(ctx, rules(form)?).await?,
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(Told::Nothing)
}

fn rules(form: &Change) -> Result<NoticeRules> {
    let mut rules = NoticeRules {
        digest_hour: typed(("时刻", "an hour"), &plain(&form.digest_hour))?,
        ..NoticeRules::default()
    };
    for (name, (zh, en)) in form.notice.iter().zip(form.zh.iter().zip(&form.en)) {
        let kind: NoticeKind = typed(("类别", "a kind of notice"), name)?;
        if let Some(texts) = texts_of(kind, zh, en)? {
            rules.texts.insert(kind, texts);
        }
    }
    Ok(rules)
}

async fn show(person: &Person, site: &Site, told: Told) -> Result<Markup> {
    if !person.may(Action::ManageChannels) {
        return Err(dossier_archive::Error::Denied(Reason::NotYourDuty).into());
    }
    let (language, zone) = (person.language(), site.archive.settings().zone);
    let channels = site.archive.channels(&person.ctx).await?;
    // Who administers the system sees no positions, and leaves them as they are.
    let positions = match person.may(Action::ManagePositions) {
        true => site.archive.positions(&person.ctx).await?,
        false => Vec::new(),
    };
    let rules = site.archive.notice_rules().await?;
    let title = language.pick("通知渠道", "Channels of notices");
    let content = html! {
        h1 { (title) }
        @match &told {
            Told::Failure(failure) => (alert(Some(&failure.detail(language)))),
            Told::Tested => p.notice.good role="status" { (language.pick("测试消息已被对方接收。", "The other side took the test message.")) },
            Told::Secret(secret) => (made(secret, language)),
            Told::Nothing => {},
        }
        @if !channels.is_empty() {
            div.scroll { table.list.cards {
                thead { tr { @for (zh, en) in COLUMNS { th scope="col" { (language.pick(zh, en)) } } } }
                tbody { @for of in &channels { (row(of, &positions, person, zone)) } }
            } }
        }
        div.tiles { (form::new_channel(&positions, person)) (texts(&rules, person)) }
    };
    Ok(Page::of(person, Place::Settings).render(title, &content))
}

const COLUMNS: [(&str, &str); 5] =
    [("名称", "Name"), ("种类", "Sort"), ("状态", "State"), ("待发", "Waiting"), ("操作", "Actions")];

fn made(secret: &Secret, language: Language) -> Markup {
    html! {
        section.card role="status" {
            h2 { (language.pick("Webhook 密钥", "The webhook's secret")) }
            p { code { (secret.reveal()) } }
            p { (language.pick("请交给接收方用于核对签名；它只显示这一次。", "Give it to the receiver, who checks signatures by it; it is shown only now.")) }
        }
    }
}

fn row(of: &ChannelState, positions: &[Position], person: &Person, zone: BankZone) -> Markup {
    let (language, channel) = (person.language(), &of.channel);
    let [_, sort, standing, waiting, _] = COLUMNS.map(|(zh, en)| language.pick(zh, en));
    let button = |act: &str, (zh, en): (&str, &str)| {
        html! {
            button.quiet name="act" value=(act) aria-label={ (language.pick(zh, en)) " " (channel.name) } { (language.pick(zh, en)) }
        }
    };
    html! {
        tr {
            th scope="row" { (channel.name) @if channel.is_usual { " " span.soft { (language.pick("（通用）", "(for all)")) } } }
            td data-label=(sort) {
                (channel.settings.kind.label(language))
                @if !channel.positions.is_empty() {
                    br; span.soft { (language.pick("限定岗位：", "positions: ")) (channel.positions.len()) }
                }
            }
            td data-label=(standing) { (state(of, language, zone)) }
            td data-label=(waiting) { (of.waiting) @if of.given_up > 0 { " " span.soft { (language.pick("已放弃 ", "given up: ")) (of.given_up) } } }
            td {
                form.small method="post" {
                    (token(person))
                    input type="hidden" name="id" value=(channel.id);
                    (button("test", ("发送测试", "Send a test")))
                    @if channel.suspended_at.is_some() { (button("resume", ("恢复", "Resume"))) }
                    @else { (button("suspend", ("暂停", "Suspend"))) }
                    (button("remove", ("删除", "Remove")))
                }
                details {
                    summary { (language.pick("修改", "Change")) }
                    (form::change(channel, positions, person))
                }
            }
        }
    }
}

fn state(of: &ChannelState, language: Language, zone: BankZone) -> Markup {
    html! {
        @if of.channel.suspended_at.is_some() { span.warn { (language.pick("已暂停", "suspended")) } }
        @else if let Some(trouble) = &of.trouble {
            span.bad { (trouble.problem.text(language)) }
            br;
            span.soft {
                (language.pick("自 ", "since ")) (parts::time(trouble.since, zone))
                (language.pick("，下次尝试 ", ", next try ")) (parts::time(trouble.retry_at, zone))
            }
        }
        @else if let Some(at) = of.delivered_at {
            span.good { (language.pick("正常，最近送达 ", "well, last taken ")) (parts::time(at, zone)) }
        }
        @else { span.soft { (language.pick("尚未使用", "not used yet")) } }
    }
}

fn texts(rules: &NoticeRules, person: &Person) -> Markup {
    let language = person.language();
    let text = |kind: NoticeKind, language: Language| {
        rules
            .texts
            .get(&kind)
            .map_or(kind.usual_text(language), |texts| texts.of(language).as_str())
            .to_owned()
    };
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("通知的文字", "Wording of notices")) }
            p.hint { (language.pick("可用的占位符：", "Placeholders: ")) code { "{position} {count} {connection} {channel}" } }
            @for kind in NoticeKind::ALL {
                fieldset {
                    legend { (kind.label(language)) }
                    input type="hidden" name="notice" value=(kind);
                    (field("中文", &html! { input name="zh" value=(text(*kind, Language::Chinese)) required maxlength="200" {} }, None))
                    (field("English", &html! { input name="en" value=(text(*kind, Language::English)) required maxlength="200" {} }, None))
                }
            }
            (field(language.pick("每日汇总的时刻（时）", "Hour of the daily digest"), &html! {
                input inputmode="decimal" maxlength="20" name="digest_hour" value=(rules.digest_hour) required {}
            }, None))
            button name="act" value="texts" { (language.pick("保存", "Save")) }
        }
    }
}
