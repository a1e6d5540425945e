//! `channel`: ways by which notices leave, and webhooks.
//!
//! JSON: a channel as the API shows it, without its key; for `add` of a webhook with `"secret"`, where one was made, which
//! is never shown again; for `list`, `{"channels":[{"channel","waiting","delivered_at","trouble","given_up"}]}`; for `test`,
//! `{"delivered":true}`; for `remove`, `{"removed":id}`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use dossier_client::channels::{Channel, ChannelChange, NewChannel, Standing};
use dossier_domain::{
    ChannelKind, PositionId,
    text::{Email, Line},
};
use dossier_vendor::Secret;
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

const KINDS: &str = "wecom、dingtalk、feishu、email、webhook";

/// `channel …`
pub(super) async fn run(asked: &args::Channel, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Channel::Add(new) => add(new, desk).await,
        args::Channel::List => list(desk).await,
        args::Channel::Change(of) => change(of, desk).await,
        args::Channel::Test(of) => {
            let channel = named(&of.name, desk).await?;
            desk.service.test_channel(channel.id).await?;
            desk.out
                .line(desk.language().pick("对方已接收测试消息。", "The other side took the test message."));
            desk.out.document(&json!({ "delivered": true }));
            Ok(())
        }
        args::Channel::Suspend(of) => suspend(&of.name, true, desk).await,
        args::Channel::Resume(of) => suspend(&of.name, false, desk).await,
        args::Channel::Remove(of) => {
            let Channel { id, name, .. } = named(&of.name, desk).await?;
            desk.service.remove_channel(id).await?;
            desk.out.line(say!(desk.language(), "已删除渠道“{name}”。", "The channel {name} is removed."));
            desk.out.document(&json!({ "removed": id }));
            Ok(())
        }
    }
}

async fn named(name: &str, desk: &Desk<'_>) -> Result<Channel> {
    let all = desk.service.channels().await?.into_iter().map(|of| of.channel);
    let found =
        all.into_iter().find(|of| of.name.as_str() == name.trim() || of.id.to_string() == name.trim());
    let cut: String = name.chars().take(80).collect();
    found.ok_or_else(|| {
        Error::new(
            Kind::NotFound,
            format!("没有名为“{cut}”的渠道；用 dossier channel list 查看"),
            format!("no channel is called {cut}; dossier channel list shows them"),
        )
    })
}

async fn add(asked: &args::ChannelAdd, desk: &Desk<'_>) -> Result<()> {
    let kind: ChannelKind = input::word("渠道种类", KINDS, &asked.kind)?;
    let secret = |file: &PathBuf| in_file(file, desk);
    let is_robot = !matches!(kind, ChannelKind::Email | ChannelKind::Webhook);
    let key = match &asked.channel_key_file {
        Some(file) => Some(secret(file)?),
        None if is_robot => {
            let prompt = ("机器人的密钥或完整地址：", "The robot's key or whole address: ");
            Some(Secret::new(input::secret(desk.out, None, prompt)?.as_str()))
        }
        None => None,
    };
    let address = asked.address.as_deref().map(|text| input::word("地址", "https://…", text)).transpose()?;
    let domains = asked.domains.as_deref().unwrap_or_default().split([',', '，']).map(str::trim);
    let read = |path: &PathBuf| fs::read_to_string(path).map_err(|cause| Error::io(path, cause));
    let new = NewChannel {
        name: input::text::<Line>("渠道名称", &asked.name)?,
        kind,
        address,
        private_network: asked.private_network,
        authorities: asked.authorities.as_ref().map(read).transpose()?,
        from: asked.from.as_deref().map(|text| input::text::<Email>("发件邮箱", text)).transpose()?,
        domains: domains.filter(|domain| !domain.is_empty()).map(str::to_owned).collect(),
        key,
        secret: asked.secret_file.as_ref().map(secret).transpose()?,
        positions: positions(&asked.positions)?,
        is_usual: asked.usual,
    };
    let added = desk.service.add_channel(new).await?;
    let name = &added.channel.name;
    desk.out.line(say!(
        desk.language(),
        "已新建渠道“{name}”；用 dossier channel test {name} 测试",
        "The channel {name} was set up; try it with dossier channel test {name}"
    ));
    if let Some(secret) = &added.secret {
        desk.out.line(desk.language().pick(
            "接收方核对签名的密钥，只显示这一次：",
            "The secret by which the receiver checks signatures, shown only now:",
        ));
        desk.out.line(Text::of(Style::Bold, secret));
    }
    desk.out.document(&json!(added));
    Ok(())
}

fn positions(given: &[String]) -> Result<Vec<PositionId>> {
    given.iter().map(|id| input::word("岗位编号", "dossier position list --json", id)).collect()
}

/// The secret in a file.
fn in_file(file: &Path, desk: &Desk<'_>) -> Result<Secret> {
    input::secret(desk.out, Some(file), ("", "")).map(|secret| Secret::new(secret.as_str()))
}

async fn change(asked: &args::ChannelAlter, desk: &Desk<'_>) -> Result<()> {
    let channel = named(&asked.name, desk).await?;
    let secret = |file: &PathBuf| in_file(file, desk);
    let address = asked.address.as_deref().map(|text| input::word("地址", "https://…", text)).transpose()?;
    let change = ChannelChange {
        name: asked.rename.as_deref().map(|text| input::text::<Line>("渠道名称", text)).transpose()?,
        address,
        key: asked.channel_key_file.as_ref().map(secret).transpose()?,
        secret: asked.secret_file.as_ref().map(secret).transpose()?,
        positions: match (asked.positions.as_slice(), asked.all_positions) {
            ([], false) => None,
            (chosen, _) => Some(positions(chosen)?),
        },
        is_usual: asked.usual,
    };
    let channel = desk.service.change_channel(channel.id, change).await?;
    let name = &channel.name;
    desk.out.line(say!(desk.language(), "已修改渠道“{name}”。", "The channel {name} is changed."));
    desk.out.document(&json!(channel));
    Ok(())
}

async fn list(desk: &Desk<'_>) -> Result<()> {
    let all = desk.service.channels().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("渠道", "Channel")),
        (Side::Left, language.pick("种类", "Sort")),
        (Side::Right, language.pick("待发", "Waiting")),
        (Side::Left, language.pick("最近送达", "Last taken")),
        (Side::Loose, language.pick("状态", "State")),
    ]);
    for Standing { channel, waiting, delivered_at, trouble, .. } in &all {
        let state = match (channel.suspended_at, trouble) {
            (Some(_), _) => Text::of(Style::Warning, language.pick("已暂停", "suspended")),
            (None, Some(trouble)) => Text::of(Style::Bad, &trouble.problem),
            (None, None) if channel.is_usual => Text::from(language.pick("通用", "for all")),
            (None, None) => Text::default(),
        };
        table.row([
            Text::of(Style::Bold, &channel.name),
            Text::from(channel.kind.label(language)),
            Text::from(waiting.to_string()),
            Text::from(delivered_at.map(|at| desk.time(at)).unwrap_or_default()),
            state,
        ]);
    }
    if all.is_empty() {
        desk.out.line(language.pick(
            "还没有渠道；用 dossier channel add 新建",
            "There is no channel yet; set one up with dossier channel add",
        ));
    } else {
        desk.out.table(&table);
    }
    desk.out.document(&json!({ "channels": all }));
    Ok(())
}

async fn suspend(name: &str, suspended: bool, desk: &Desk<'_>) -> Result<()> {
    let Channel { id, name, .. } = named(name, desk).await?;
    let channel = desk.service.suspend_channel(id, suspended).await?;
    let language = desk.language();
    desk.out.line(match suspended {
        true => say!(language, "已暂停渠道“{name}”。", "The channel {name} is suspended."),
        false => say!(language, "已恢复渠道“{name}”。", "The channel {name} is resumed."),
    });
    desk.out.document(&json!(channel));
    Ok(())
}
