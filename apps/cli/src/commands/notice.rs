//! `notice`: what whoever acts was told, and what they want to hear of.
//!
//! JSON: for `list`, `{"unread","notices":[{"id","kind","text","position","applications","count","at","read_at"}]}`; for
//! `read`, `{"read":number}`; for `prefer`, `{"wishes":{kind:wish},"channel","email","language","channels":[…]}`.

use dossier_client::notices::Wanted;
use dossier_domain::{Language, NoticeId, NoticeKind, Preferences, Wish, text::Email};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    exit::Kind,
    input,
    table::{Side, Table},
    text::{Style, Text, say},
};

/// What stands for nothing.
const NONE: &str = "none";

/// `notice …`
pub(super) async fn run(asked: &args::Notice, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Notice::List => list(desk).await,
        args::Notice::Read(these) => read(these, desk).await,
        args::Notice::Prefer(prefer) => self::prefer(prefer, desk).await,
    }
}

async fn list(desk: &Desk<'_>) -> Result<()> {
    let inbox = desk.service.inbox().await?;
    let language = desk.language();
    if inbox.notices.is_empty() {
        desk.out.line(language.pick("没有通知。", "There are no notices."));
    } else {
        let mut table = Table::new([
            (Side::Left, language.pick("时间", "Time")),
            (Side::Left, language.pick("类别", "Kind")),
            (Side::Loose, language.pick("通知", "Notice")),
            (Side::Loose, language.pick("编号", "Id")),
        ]);
        for one in &inbox.notices {
            let style = if one.read_at.is_none() { Style::Bold } else { Style::Dim };
            table.row([
                Text::from(desk.time(one.at)),
                Text::from(one.kind.label(language)),
                Text::of(style, &one.text),
                Text::default().dim(one.id),
            ]);
        }
        desk.out.table(&table);
    }
    desk.out.document(&json!(inbox));
    Ok(())
}

async fn read(asked: &args::NoticeRead, desk: &Desk<'_>) -> Result<()> {
    let ids: Vec<NoticeId> = asked
        .ids
        .iter()
        .map(|id| input::word("通知编号", "dossier notice list", id))
        .collect::<Result<_>>()?;
    let these = (!ids.is_empty()).then_some(ids.as_slice());
    let read = desk.service.read_notices(these).await?;
    desk.out.line(say!(desk.language(), "已标为已读：{read} 条。", "Marked as read: {read}."));
    desk.out.document(&json!({ "read": read }));
    Ok(())
}

async fn prefer(asked: &args::NoticePrefer, desk: &Desk<'_>) -> Result<()> {
    let before = desk.service.wanted_notices().await?;
    let is_question = asked.wishes.is_empty()
        && asked.channel.is_none()
        && asked.email.is_none()
        && asked.letters.is_none();
    let wanted = match is_question {
        true => before,
        false => desk.service.want_notices(preferences(asked, before)?).await?,
    };
    show(&wanted, desk);
    Ok(())
}

fn preferences(asked: &args::NoticePrefer, before: Wanted) -> Result<Preferences> {
    let Wanted { mut wishes, mut channel, mut email, mut language, channels } = before;
    for wish in &asked.wishes {
        let (kind, wish) = wish.split_once('=').unwrap_or((wish, ""));
        let kinds = NoticeKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("、");
        let ways = Wish::ALL.iter().map(|wish| wish.name()).collect::<Vec<_>>().join("、");
        wishes.insert(input::word("通知类别", &kinds, kind)?, input::word("通知方式", &ways, wish)?);
    }
    if let Some(name) = &asked.channel {
        channel = match name.as_str() {
            NONE => None,
            name => Some(channels.iter().find(|of| of.name.as_str() == name).map(|of| of.id).ok_or_else(
                || {
                    let cut: String = name.chars().take(80).collect();
                    Error::new(
                        Kind::NotFound,
                        format!("没有可选的渠道“{cut}”；用 dossier notice prefer 查看"),
                        format!("there is no channel {cut} to choose; dossier notice prefer shows them"),
                    )
                },
            )?),
        };
    }
    if let Some(address) = &asked.email {
        email = match address.as_str() {
            NONE => None,
            address => Some(input::text::<Email>("邮箱", address)?),
        };
    }
    if let Some(letters) = &asked.letters {
        language = Some(input::word::<Language>("语言", "zh、en", letters)?);
    }
    Ok(Preferences { wishes, channel, email, language })
}

fn show(wanted: &Wanted, desk: &Desk<'_>) {
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("类别", "Kind")),
        (Side::Left, language.pick("方式", "How")),
        (Side::Loose, ""),
    ]);
    for (kind, wish) in &wanted.wishes {
        table.row([
            Text::of(Style::Bold, kind.label(language)),
            Text::from(wish.label(language)),
            Text::default().dim(format!("{kind}={wish}")),
        ]);
    }
    desk.out.table(&table);
    for channel in &wanted.channels {
        let chosen = match wanted.channel == Some(channel.id) {
            true => language.pick("（已选）", " (chosen)"),
            false if channel.is_usual && wanted.channel.is_none() => language.pick("（通用）", " (for all)"),
            false => "",
        };
        let (name, kind) = (&channel.name, channel.kind.label(language));
        desk.out.line(say!(language, "渠道：{name}，{kind}{chosen}", "Channel: {name}, {kind}{chosen}"));
    }
    if let Some(email) = &wanted.email {
        desk.out.line(say!(language, "邮箱：{email}", "Letters go to {email}"));
    }
    desk.out.document(&json!(wanted));
}
