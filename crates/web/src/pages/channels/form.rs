//! The forms by which a channel is set up and changed, and how they are read.

use dossier_archive::{Channel, ChannelChange, ChannelKey, ChannelSettings, NewChannel};
use dossier_domain::{
    ChannelKind, Language, Position, PositionId,
    text::{Email, Line},
};
use dossier_vendor::Secret;
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    form::typed,
    layout::token,
    parts::field,
    person::Person,
};

fn given(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

/// Robots have an address of their own in their key.
fn needs_address(kind: ChannelKind) -> bool {
    matches!(kind, ChannelKind::Email | ChannelKind::Webhook)
}

/// A channel to be set up.
pub(super) fn new(form: &Change) -> Result<NewChannel> {
    let kind = typed::<ChannelKind>(("种类", "a sort of channel"), &form.kind)?;
    Ok(NewChannel {
        name: typed::<Line>(("名称", "a name"), form.name.trim())?,
        settings: settings(form, ChannelSettings::new(kind))?,
        key: key(form),
        positions: if kind == ChannelKind::Webhook { positions(form)? } else { Vec::new() },
        is_usual: form.is_usual.is_some(),
    })
}

/// How a channel is to be after a change.
pub(super) fn changed(form: &Change, known: &Channel) -> Result<ChannelChange> {
    Ok(ChannelChange {
        name: Some(typed::<Line>(("名称", "a name"), form.name.trim())?),
        settings: Some(settings(form, known.settings.clone())?),
        key: key(form),
        positions: form.chooses.as_ref().map(|_| positions(form)).transpose()?,
        is_usual: Some(form.is_usual.is_some()),
    })
}

/// Where it leads; what the form does not ask for stays.
fn settings(form: &Change, known: ChannelSettings) -> Result<ChannelSettings> {
    let address = given(&form.address).map(|text| typed(("地址", "an address"), text)).transpose()?;
    let from = given(&form.from).map(|text| typed::<Email>(("发件邮箱", "a mailbox"), text)).transpose()?;
    let domains = form.domains.split([',', '，', ' ']).filter_map(given).map(str::to_owned).collect();
    let private_network = form.private_network.is_some();
    Ok(ChannelSettings { address, private_network, from, domains, ..known })
}

fn key(form: &Change) -> ChannelKey {
    ChannelKey { key: given(&form.key).map(Secret::new), secret: given(&form.secret).map(Secret::new) }
}

fn positions(form: &Change) -> Result<Vec<PositionId>> {
    let known = form.position.iter().map(|id| id.parse().map_err(|_| Failure::NoPage));
    known.collect()
}

/// The form by which a channel is set up.
pub(super) fn new_channel(positions: &[Position], person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("新建渠道", "Set up a channel")) }
            (field(language.pick("种类", "Sort"), &html! {
                select name="kind" {
                    @for kind in ChannelKind::ALL {
                        option value=(kind) { (kind.label(language)) }
                    }
                }
            }, None))
            (field(language.pick("名称", "Name"), &html! { input name="name" required maxlength="100" {} }, None))
            (field(language.pick("机器人的地址或密钥；邮件服务器的密码", "The robot's address or key; the mail server's password"), &html! {
                input type="password" name="key" autocomplete="off" maxlength="500" {}
            }, Some(language.pick("从群机器人的设置中复制；加密保存，之后任何人都看不到。", "Copied from the robot's settings. It is kept sealed, and nobody sees it again."))))
            (field(language.pick("加签密钥（可选）", "Signing secret (optional)"), &html! {
                input type="password" name="secret" autocomplete="off" maxlength="500" {}
            }, Some(language.pick("Webhook 不填则自动生成。", "A webhook without one gets one."))))
            (field(language.pick("地址（Webhook 与邮件必填）", "Address (of a webhook or mail server)"), &html! {
                input name="address" maxlength="500" placeholder="https://…  smtps://user@mail.bank.example" {}
            }, None))
            (field(language.pick("发件邮箱（邮件必填）", "Sender’s e-mail address"), &html! {
                input type="email" name="from" maxlength="254" {}
            }, None))
            (field(language.pick("收件域名（邮件，留空为不限）", "Domains that letters may go to (all if empty)"), &html! {
                input name="domains" maxlength="500" placeholder="bank.example" {}
            }, None))
            (choice(&[], positions, language))
            p { label { input type="checkbox" name="private_network" {} " " (language.pick("在行内网络", "It stands in the bank's own network")) } }
            p { label { input type="checkbox" name="is_usual" {} " " (language.pick("作为没有自选渠道者的通用渠道", "For everybody who chose no channel")) } }
            button.primary name="act" value="add" { (language.pick("新建", "Set up")) }
            p.hint { (language.pick("通知只写岗位和数量，不写候选人姓名。Webhook 推送阶段变更（只有编号），按 Standard Webhooks 签名。",
                "Notices name positions and numbers, never a candidate. Webhooks tell of stage moves, by ids alone, signed as Standard Webhooks asks.")) }
        }
    }
}

/// The form by which a channel is changed: another name, another key, another place; what it is stays.
pub(super) fn change(channel: &Channel, positions: &[Position], person: &Person) -> Markup {
    let (language, settings) = (person.language(), &channel.settings);
    let secret =
        |name: &str| html! { input type="password" name=(name) autocomplete="off" maxlength="500" {} };
    html! {
        form method="post" {
            (token(person))
            input type="hidden" name="id" value=(channel.id);
            (field(language.pick("名称", "Name"), &html! {
                input name="name" value=(channel.name) required maxlength="100" {}
            }, None))
            (field(language.pick("地址", "Address"), &html! {
                input name="address" value=[settings.address.as_ref()] maxlength="500" required[needs_address(settings.kind)] {}
            }, None))
            @if settings.kind == ChannelKind::Email {
                (field(language.pick("发件邮箱", "Sender’s e-mail address"), &html! {
                    input type="email" name="from" value=[settings.from.as_ref()] maxlength="254" required {}
                }, None))
                (field(language.pick("收件域名（留空为不限）", "Domains that letters may go to (all if empty)"), &html! {
                    input name="domains" value=(settings.domains.join(" ")) maxlength="500" {}
                }, None))
            }
            p { label { input type="checkbox" name="private_network" checked[settings.private_network] {} " "
                (language.pick("在行内网络", "It stands in the bank's own network")) } }
            @if settings.kind == ChannelKind::Webhook { (choice(&channel.positions, positions, language)) }
            (field(language.pick("新的密钥或密码（留空不变）", "Another key or password (as it is if empty)"), &secret("key"), None))
            (field(language.pick("新的签名密钥（留空不变）", "Another signing secret (as it is if empty)"), &secret("secret"), None))
            @if settings.kind.is_for_people() {
                p { label { input type="checkbox" name="is_usual" checked[channel.is_usual] {} " "
                    (language.pick("作为没有自选渠道者的通用渠道", "For everybody who chose no channel")) } }
            }
            button name="act" value="change" { (language.pick("保存", "Save")) }
        }
    }
}

/// The positions of whose moves a webhook tells; no choice for who sees none.
fn choice(chosen: &[PositionId], positions: &[Position], language: Language) -> Markup {
    html! {
        @if !positions.is_empty() {
            input type="hidden" name="chooses" value="on";
            details open[!chosen.is_empty()] {
                summary { (language.pick("只推送这些岗位（Webhook；都不选为全部）", "Of these positions alone (a webhook; all if none is chosen)")) }
                @for position in positions {
                    p { label {
                        input type="checkbox" name="position" value=(position.id) checked[chosen.contains(&position.id)] {}
                        " " (position.name)
                    } }
                }
            }
        }
    }
}
