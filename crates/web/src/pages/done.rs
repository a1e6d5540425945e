//! What is said on top of a page once a change was made and the browser was sent on to it.

use axum::response::Redirect;
use maud::{Markup, html};
use url::form_urlencoded;

use crate::{parts::address, person::Person};

/// In which part of a query it stands.
pub(crate) const QUERY: &str = "done";

/// What was done: its name in the address, and the sentence.
const SENTENCES: [(&str, &str, &str); 14] = [
    ("changed", "已保存。", "Saved."),
    (
        "credentials",
        "API 密钥与 Webhook 密钥已更换；可点“测试连接”确认 API 密钥。",
        "The key and the webhook secret were replaced; press Test to try the key.",
    ),
    ("ended", "该用户的会话已全部结束。", "The user’s sessions have ended."),
    (
        "filing",
        "规则已保存，档案正在按新规则重新归档。",
        "The rules are saved; everything is being filed anew.",
    ),
    ("key", "API 密钥已更换；可点“测试连接”确认。", "The key was replaced; press Test to try it."),
    ("released", "已解除统一登录绑定。", "The user is released from the bank’s login."),
    ("reset", "双因素认证已重置。", "The second factor was reset."),
    ("resumed", "已恢复。", "Resumed."),
    ("retried", "被隔离的数据会在下一次同步时重试。", "What is quarantined is tried again by the next sync."),
    ("roles", "角色已保存。", "The roles are saved."),
    ("suspended", "已停用。", "Suspended."),
    (
        "webhook",
        "Webhook 密钥已更换；API 密钥没有变。",
        "The webhook secret was replaced; the key is as it was.",
    ),
    ("unlocked", "已解除锁定。", "Unlocked."),
    ("password", "密码已修改。", "The password was changed."),
];

/// Sends the browser on to a page, which then says this.
pub(super) fn sent_on(path: &str, done: &str) -> Redirect {
    Redirect::to(&address(path, &[(QUERY, done)]))
}

/// What was done, if the browser was sent on to this page after a change.
pub(super) fn notice(person: &Person) -> Markup {
    let query = person.visitor.page.split_once('?').map_or("", |(_, query)| query);
    let done =
        form_urlencoded::parse(query.as_bytes()).find_map(|(name, done)| (name == QUERY).then_some(done));
    let said = SENTENCES.iter().find(|(name, ..)| done.as_deref() == Some(*name));
    html! {
        @if let Some((_, zh, en)) = said {
            p.notice.good role="status" { (person.language().pick(zh, en)) }
        }
    }
}
