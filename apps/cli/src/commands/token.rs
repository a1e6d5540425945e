//! `token`: tokens by which programs act for whoever made them.
//!
//! JSON: a token `{"id","name","scopes":[…],"created_at","expires_at","used_at","used_from"}`; for `add` with `"token"`, its
//! secret, which is never shown again; for `list`, `{"tokens":[…]}`; for `remove`, `{"removed":id}`.

use dossier_access::{TokenScope, TokenScopes};
use dossier_client::people::{NewToken, Token};
use dossier_domain::{TokenId, text::Line};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, list, say},
};

const SCOPES: &str = "read、write、sync、manage、log";

/// `token …`
pub(super) async fn run(asked: &args::Token, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Token::Add(new) => add(new, desk).await,
        args::Token::List => list_all(desk).await,
        args::Token::Remove(remove) => {
            let id: TokenId = input::word("令牌编号", "dossier token list", &remove.id)?;
            desk.service.revoke_token(id).await?;
            desk.out.line(say!(desk.language(), "已撤销 {id}。", "{id} is revoked."));
            desk.out.document(&json!({ "removed": id }));
            Ok(())
        }
    }
}

async fn add(asked: &args::TokenAdd, desk: &Desk<'_>) -> Result<()> {
    let scopes: Vec<TokenScope> = input::words("范围", SCOPES, &asked.scopes)?;
    let new = NewToken {
        name: input::text::<Line>("用途", &asked.name)?,
        scopes: TokenScopes::new(scopes)?,
        days: asked.days,
    };
    let made = desk.service.make_token(new).await?;
    let until = desk.time(made.view.expires_at);
    desk.out.line(say!(
        desk.language(),
        "令牌只显示这一次，{until} 前有效：",
        "The token is shown only now, and is good until {until}:"
    ));
    desk.out.line(Text::of(Style::Bold, &made.token));
    desk.out.document(&json!(made));
    Ok(())
}

async fn list_all(desk: &Desk<'_>) -> Result<()> {
    let tokens = desk.service.tokens().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("用途", "For")),
        (Side::Left, language.pick("范围", "Scopes")),
        (Side::Left, language.pick("有效至", "Until")),
        (Side::Left, language.pick("最近使用", "Last used")),
        (Side::Loose, language.pick("编号", "Id")),
    ]);
    for token in &tokens {
        table.row([
            Text::of(Style::Bold, &token.name),
            Text::from(scopes(token, desk)),
            Text::from(until(token, desk)),
            Text::from(token.used_at.map(|at| desk.time(at)).unwrap_or_default()),
            Text::default().dim(token.id),
        ]);
    }
    desk.out.table(&table);
    desk.out.document(&json!({ "tokens": tokens }));
    Ok(())
}

fn scopes(token: &Token, desk: &Desk<'_>) -> String {
    list(desk.language(), token.scopes.iter().map(|scope| scope.label(desk.language())))
}

fn until(token: &Token, desk: &Desk<'_>) -> String {
    match token.expires_at <= desk.service.now() {
        true => desk.language().pick("已失效", "ended").to_owned(),
        false => desk.time(token.expires_at),
    }
}
