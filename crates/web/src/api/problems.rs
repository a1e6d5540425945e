//! `GET /problems/{name}`: what a problem's type means, for whoever follows it.

use axum::extract::Path;
use maud::{Markup, html};

use crate::{
    failure::{Failure, Result},
    layout::Page,
    visitor::Visitor,
};

/// Every type of problem, and what it means.
pub(crate) const PROBLEMS: [(&str, &str, &str); 19] = [
    (
        "not-signed-in",
        "没有登录，或令牌无效、已过期、已撤销。请登录，或换一个有效的令牌。",
        "Nobody is signed in, or the token is not valid, too old or revoked. Sign in, or use a token that is valid.",
    ),
    (
        "no-such-address",
        "没有这个地址，或地址里的编号不成立。",
        "There is no such address, or an id in it can't be one.",
    ),
    (
        "not-from-our-pages",
        "凭会话所做的修改须来自本站页面，并带 x-csrf-token。",
        "A change by a session must come from a page of this site and send x-csrf-token.",
    ),
    (
        "bad-request",
        "请求本身有误：正文、查询参数或条件无法理解；detail 说明哪里不对。",
        "The request itself is wrong: its body, query or condition can't be understood; detail says where.",
    ),
    ("too-large", "发送的内容超过上限。", "What was sent is larger than it may be."),
    (
        "method",
        "此地址不支持这个方法；Allow 列出可用的方法。",
        "The address knows no such method; Allow names those it knows.",
    ),
    (
        "media-type",
        "正文的类型不对；Content-Type 须为说明中所列的类型。",
        "The body's type is not read here; send one that the description names.",
    ),
    (
        "changed",
        "If-Match 所指的状态已经不是当前状态；请重新读取后再修改。",
        "It is no longer in the state that If-Match names; read it again, then change it.",
    ),
    (
        "tus-version",
        "断点续传须使用 tus 协议 1.0.0。",
        "Resumable uploads speak version 1.0.0 of the tus protocol.",
    ),
    (
        "query",
        "搜索语句有误；detail 指出位置与正确写法。",
        "The query can't be read; detail says where and what would be right.",
    ),
    (
        "invalid",
        "请求可以理解，但所要求的不成立。",
        "The request is understood, and what it asks for can't be done.",
    ),
    ("denied", "当前角色或令牌范围不允许。", "The caller's role, or the token's scopes, do not allow it."),
    (
        "release-needed",
        "批量下载满规定的份数须由另一人放行：用 POST /api/v1/releases 申请，放行后再下载。",
        "So much at once is released by another person: ask by POST /api/v1/releases, and fetch it once it is released.",
    ),
    ("too-many", "失败次数过多，请稍后再试。", "There were too many failures; try again later."),
    (
        "not-found",
        "不存在，或不允许知道其存在：两者的回答完全相同。",
        "It is not there, or must not be known to be: both are answered alike.",
    ),
    (
        "conflict",
        "与已有的内容冲突，或其间有人作了修改。",
        "Something else was there first, or somebody changed it meanwhile.",
    ),
    (
        "unavailable",
        "磁盘、日志或供应商暂时不可用，稍后重试可能有效。",
        "The disk, the log or the vendor is not available for the moment; trying again may help.",
    ),
    (
        "damaged",
        "存储的数据已损坏；请用 doctor 检查并从备份恢复。",
        "Something stored is damaged; check with doctor and restore it from a backup.",
    ),
    (
        "keys",
        "密钥不匹配，或档案库由更新的版本写成。",
        "The keys do not fit, or the archive was written by a newer version.",
    ),
];

pub(super) async fn page(visitor: Visitor, Path(name): Path<String>) -> Result<Markup> {
    let (name, zh, en) = PROBLEMS.iter().find(|(known, ..)| *known == name).ok_or(Failure::NoPage)?;
    let content = html! {
        h1 { code { "/problems/" (name) } }
        p { (visitor.language.pick(zh, en)) }
        p { a href="/api" { (visitor.language.pick("接口说明", "The HTTP API")) } }
    };
    Ok(Page::plain(&visitor).render(name, &content))
}
