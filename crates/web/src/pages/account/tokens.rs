//! Tokens, by which programs act for somebody.

use dossier_access::{TokenScope, TokenScopes};
use dossier_archive::{NewToken, TokenView};
use dossier_domain::{BankZone, Language, text::Line};
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    form::{self, typed},
    layout::token,
    parts::{self, field},
    person::Person,
};

/// The token that was asked for.
pub(super) fn new(form: &Change) -> Result<NewToken> {
    let name = typed::<Line>(("名称", "a name"), form.name.trim())?;
    let scopes: Vec<TokenScope> = form.scope.iter().filter_map(|name| name.parse().ok()).collect();
    let days = form.days.trim();
    let whole = || Failure::bad("天数须是整数", "the days must be a whole number");
    let days = (!days.is_empty()).then(|| form::number(days).ok_or_else(whole)).transpose()?;
    let scopes = TokenScopes::new(scopes)
        .map_err(|_| Failure::bad("请至少选择一种用途", "choose at least one thing that it is good for"))?;
    Ok(NewToken { name, scopes, days })
}

pub(super) fn card(tokens: &[TokenView], person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    html! {
        section.card {
            h2 { (language.pick("程序令牌", "Tokens for programs")) }
            p.soft { (language.pick("命令行和其他程序凭令牌访问接口，权限不会超过您自己。",
                "The command line and other programs use the API with one; it never allows more than you may.")) }
            @if !tokens.is_empty() {
                table.list.cards { tbody { @for known in tokens { tr {
                    th scope="row" { (known.name) }
                    td.soft { (known.scopes.iter().map(|scope| scope.label(language)).collect::<Vec<_>>().join(" · ")) }
                    td { (language.pick("到期 ", "ends ")) (parts::time(known.expires_at, zone)) }
                    td.soft { @match known.used_at {
                        Some(at) => { (language.pick("最近使用 ", "used ")) (parts::time(at, zone)) },
                        None => (language.pick("未使用", "not used")),
                    } }
                    td { form method="post" {
                        (token(person))
                        input type="hidden" name="id" value=(known.id) {}
                        button.quiet name="act" value="revoke" { (language.pick("撤销", "Revoke")) }
                    } }
                } } } }
            }
            form.inline method="post" {
                (token(person))
                (field(language.pick("名称", "Name"), &html! { input name="name" required maxlength="100" {} }, None))
                (field(language.pick("有效天数", "Days"), &html! { input inputmode="decimal" maxlength="20" name="days" placeholder="90" {} }, None))
                fieldset.ticks {
                    legend { (language.pick("用途", "Good for")) }
                    @for scope in TokenScope::ALL {
                        label { input type="checkbox" name="scope" value=(scope.name()) checked[scope == TokenScope::Read] {} " " (scope.label(language)) }
                    }
                }
                button name="act" value="make-token" { (language.pick("生成令牌", "Make a token")) }
            }
        }
    }
}

/// A new token, shown once.
pub(super) fn made(token: &str, language: Language) -> Markup {
    html! {
        div.notice.good role="status" {
            p { (language.pick("新令牌，离开本页后不再显示：", "The new token; it is not shown again:")) }
            p { input readonly value=(token) aria-label=(language.pick("令牌", "Token")) {} }
        }
    }
}
