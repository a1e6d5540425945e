//! `user`: users and their roles.
//!
//! JSON: a user `{"id","login","name","roles":[…],"created_at","suspended_at"}`; for `list`, `{"users":[…]}`; for `invite`,
//! `{"login","path","token","expires_at"}`.

use dossier_access::{Role, RoleSet, User};
use dossier_client::people::{Link, NewUser};
use dossier_domain::text::{Login, PersonName};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, list, say},
};

const ROLES: &str = "hr、interviewer、background_checker、auditor、sysadmin";

/// `user …`
pub(super) async fn run(asked: &args::User, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::User::Add(new) => add(new, desk).await,
        args::User::List => list_all(desk).await,
        args::User::Roles(change) => {
            let roles = roles(&change.roles)?;
            let user = desk.service.set_roles(&login(&change.login)?, roles).await?;
            changed(&user, desk)
        }
        args::User::Suspend(change) => {
            let login = login(&change.login)?;
            changed(&desk.service.suspend_user(&login, !change.resume).await?, desk)
        }
        args::User::Invite(invite) => make_link(&login(&invite.login)?, desk).await,
    }
}

/// `user add`
pub(super) async fn add(asked: &args::UserAdd, desk: &Desk<'_>) -> Result<()> {
    let new = NewUser {
        login: login(&asked.login)?,
        name: input::text::<PersonName>("姓名", asked.name.as_ref().unwrap_or(&asked.login))?,
        roles: roles(&asked.roles)?,
    };
    changed(&desk.service.add_user(new).await?, desk)
}

async fn list_all(desk: &Desk<'_>) -> Result<()> {
    let users = desk.service.users().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("用户", "User")),
        (Side::Left, language.pick("姓名", "Name")),
        (Side::Left, language.pick("角色", "Roles")),
        (Side::Left, language.pick("状态", "State")),
        (Side::Loose, language.pick("编号", "Id")),
    ]);
    for user in &users {
        table.row([
            Text::of(Style::Bold, &user.login),
            Text::from(user.name.as_str()),
            Text::from(role_names(user, desk)),
            Text::from(if user.is_suspended() { language.pick("已停用", "suspended") } else { "" }),
            Text::default().dim(user.id),
        ]);
    }
    desk.out.table(&table);
    desk.out.document(&json!({ "users": users }));
    Ok(())
}

async fn make_link(login: &Login, desk: &Desk<'_>) -> Result<()> {
    let Link { path, expires_at, .. } = desk.service.invite(login).await?;
    let (token, until) = (path.rsplit('/').next().unwrap_or_default(), desk.time(expires_at));
    desk.out.line(say!(
        desk.language(),
        "请把此链接交给 {login}（接在服务器地址之后；仅可使用一次，{until} 前有效）：",
        "Give this link to {login} (behind the server's address; good once, until {until}):"
    ));
    desk.out.line(Text::of(Style::Bold, &path));
    let document = json!({ "login": login, "path": path, "token": token, "expires_at": expires_at });
    desk.out.document(&document);
    Ok(())
}

fn changed(user: &User, desk: &Desk<'_>) -> Result<()> {
    let (login, name, roles) = (&user.login, &user.name, role_names(user, desk));
    let state = if user.is_suspended() { desk.language().pick("，已停用", ", suspended") } else { "" };
    desk.out.line(say!(
        desk.language(),
        "{login}（{name}）：{roles}{state}",
        "{login} ({name}): {roles}{state}"
    ));
    desk.out.document(&json!(user));
    Ok(())
}

fn role_names(user: &User, desk: &Desk<'_>) -> String {
    list(desk.language(), user.roles.iter().map(|role| role.label(desk.language())))
}

fn login(given: &str) -> Result<Login> {
    input::text("用户名", given)
}

fn roles(given: &str) -> Result<RoleSet> {
    let roles: Vec<Role> = input::words("角色", ROLES, given)?;
    RoleSet::new(roles).map_err(|error| match error {
        dossier_access::Error::ExclusiveRole(role) => crate::error::Error::invalid(
            format!(
                "{}不能与其他角色由同一人担任（三员分立）",
                role.label(dossier_domain::Language::Chinese)
            ),
            error.to_string(),
        ),
        other => other.into(),
    })
}
