//! What somebody wants to hear of, and how.

use dossier_access::concerns;
use dossier_archive::NoticeChoices;
use dossier_domain::{Language, NoticeKind, Preferences, Wish, text::Email};
use maud::{Markup, html};

use super::Change;
use crate::{failure::Result, form::typed, layout::token, parts::field, person::Person};

/// What was chosen.
pub(super) fn read(form: &Change) -> Result<Preferences> {
    let given = |text: &str| Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut preferences = Preferences {
        channel: given(&form.channel).map(|text| typed(("渠道", "a channel"), &text)).transpose()?,
        email: given(&form.email).map(|text| typed::<Email>(("邮箱", "an address"), &text)).transpose()?,
        language: given(&form.letters)
            .map(|text| typed::<Language>(("语言", "a language"), &text))
            .transpose()?,
        ..Preferences::default()
    };
    for wish in &form.wish {
        let (kind, wish) = wish.split_once('=').unwrap_or_default();
        preferences.wishes.insert(typed(("类别", "a kind"), kind)?, typed(("方式", "a way"), wish)?);
    }
    Ok(preferences)
}

/// The kinds of which somebody hears in their roles.
fn kinds(person: &Person) -> impl Iterator<Item = NoticeKind> + '_ {
    NoticeKind::ALL.iter().copied().filter(|kind| concerns(person.ctx.actor(), *kind))
}

pub(super) fn card(choices: &NoticeChoices, person: &Person) -> Markup {
    let (language, of) = (person.language(), &choices.preferences);
    html! {
        form.card #notices method="post" {
            (token(person))
            h2 { (language.pick("通知", "Notices")) }
            @if kinds(person).next().is_none() {
                p.soft { (language.pick("您的角色没有通知。", "There are no notices for your role.")) }
            } @else {
                @for kind in kinds(person) { (choice(kind, of.wish(kind), language)) }
                (field(language.pick("渠道", "Channel"), &html! {
                    select name="channel" {
                        option value="" { (usual(choices, language)) }
                        @for channel in &choices.channels {
                            option value=(channel.id) selected[of.channel == Some(channel.id)] {
                                (channel.name) " · " (channel.kind.label(language))
                            }
                        }
                    }
                }, Some(language.pick("机器人发到群里；只写岗位和数量。", "A robot writes to its group, and names only positions and numbers."))))
                (field(language.pick("邮箱（选择邮件渠道时必填）", "E-mail address (needed for a channel that sends e-mail)"), &html! {
                    input type="email" name="email" maxlength="254" value=[of.email.as_ref().map(Email::as_str)] {}
                }, None))
                (field(language.pick("邮件的语言", "Language of e-mails"), &html! {
                    select name="letters" {
                        option value="" { (language.pick("同本系统", "that of the archive")) }
                        @for one in [Language::Chinese, Language::English] {
                            option value=(one) selected[of.language == Some(one)] { (one.pick("中文", "English")) }
                        }
                    }
                }, None))
                button name="act" value="notices" { (language.pick("保存", "Save")) }
            }
        }
    }
}

fn usual(choices: &NoticeChoices, language: Language) -> String {
    match choices.channels.iter().find(|of| of.is_usual) {
        Some(channel) => format!("{}{}", language.pick("通用：", "for all: "), channel.name),
        None => language.pick("无（仅站内）", "none (inbox alone)").to_owned(),
    }
}

fn choice(kind: NoticeKind, wish: Wish, language: Language) -> Markup {
    field(
        kind.label(language),
        &html! {
            select name="wish" {
                @for one in Wish::ALL {
                    option value={ (kind) "=" (one) } selected[*one == wish] { (one.label(language)) }
                }
            }
        },
        None,
    )
}
