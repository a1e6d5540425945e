//! `connection`: configured vendors.
//!
//! JSON: a connection as it is stored, without its key; for `list`,
//! `{"connections":[{"connection","pending":[…],"quarantined":[…]}]}`; for `test`, `{"account","positions","server_time"}`; for
//! `retry`, `{"retried"}`.

use dossier_archive::Polling;
use dossier_client::connections::{Connection, NewConnection, NewCredentials, Standing};
use dossier_domain::{
    FieldSelection, SyncField,
    text::{Line, VendorName},
};
use dossier_vendor::{Credentials, Secret};
use serde_json::{Map, Value, json};

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    input,
    table::{Side, Table},
    text::{Style, Text, say},
};

const FIELDS: &str = "candidate_name、position、interview_time、ai_score、video、transcript、emotion、skill_assessment、resume_report、all";
/// So many quarantined entries are shown for each connection.
const SHOWN: usize = 5;

/// `connection …`
pub(super) async fn run(asked: &args::Connection, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Connection::Add(new) => add(new, desk).await,
        args::Connection::List => list_all(desk).await,
        args::Connection::Test(of) => test(&of.name, desk).await,
        args::Connection::Suspend(of) => suspend(&of.name, true, desk).await,
        args::Connection::Resume(of) => suspend(&of.name, false, desk).await,
        args::Connection::Remove(of) => remove(&of.name, desk).await,
        args::Connection::Retry(of) => retry(&of.name, desk).await,
        args::Connection::Fields(of) => fields(of, desk).await,
        args::Connection::Polling(of) => polling(of, desk).await,
        args::Connection::Key(of) => key(of, desk).await,
    }
}

async fn add(asked: &args::ConnectionAdd, desk: &Desk<'_>) -> Result<()> {
    let api_key = input::secret(desk.out, asked.api_key_file.as_deref(), ("API密钥：", "API key: "))?;
    let webhook = asked.webhook_secret_file.as_deref();
    let webhook = webhook.map(|file| input::secret(desk.out, Some(file), ("", ""))).transpose()?;
    let credentials = Credentials {
        key: Secret::new(api_key.as_str()),
        webhook: webhook.map(|secret| Secret::new(secret.as_str())),
    };
    add_with(asked, settings(&asked.settings)?, credentials, desk).await
}

/// `connection add` with settings and key that are at hand.
pub(super) async fn add_with(
    asked: &args::ConnectionAdd,
    settings: Value,
    credentials: Credentials,
    desk: &Desk<'_>,
) -> Result<()> {
    let new = NewConnection {
        name: input::text::<Line>("集成名称", &asked.name)?,
        vendor: input::text::<VendorName>("供应商", &asked.vendor)?,
        settings,
        credentials,
        requests_per_second: asked.requests_per_second,
        fields: asked.fields.as_deref().map_or(Ok(FieldSelection::default()), selection)?,
    };
    let connection = desk.service.add_connection(new).await?;
    let (name, vendor) = (&connection.name, &connection.vendor);
    let said = say!(
        desk.language(),
        "已新建集成“{name}”（{vendor}）；用 dossier connection test {name} 测试",
        "The connection {name} ({vendor}) was set up; try it with dossier connection test {name}"
    );
    show(&connection, said, desk)
}

async fn list_all(desk: &Desk<'_>) -> Result<()> {
    let states = desk.service.connections().await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("集成", "Connection")),
        (Side::Left, language.pick("供应商", "Vendor")),
        (Side::Left, language.pick("上次同步", "Last sync")),
        (Side::Right, language.pick("待补齐", "Pending")),
        (Side::Right, language.pick("被隔离", "Quarantined")),
        (Side::Left, language.pick("状态", "State")),
    ]);
    for Standing { connection, pending, quarantined, failing, .. } in &states {
        let state = match (connection.suspended_at, failing) {
            (Some(_), _) => language.pick("已暂停", "suspended").to_owned(),
            (None, Some(failing)) => {
                let (at, why) = (desk.time(failing.at), failing.problem.text(language));
                say!(language, "{at} 同步失败：{why}", "failed {at}: {why}")
            }
            (None, None) => String::new(),
        };
        let never = language.pick("从未", "never").to_owned();
        table.row([
            Text::of(Style::Bold, &connection.name),
            Text::from(connection.vendor.as_str()),
            Text::from(connection.synced_at.map_or(never, |at| desk.time(at))),
            count(pending.len(), Style::Warning),
            count(quarantined.len(), Style::Bad),
            Text::from(state),
        ]);
    }
    if states.is_empty() {
        desk.out.line(language.pick(
            "还没有集成；用 dossier connection add 新建",
            "There is no connection yet; set one up with dossier connection add",
        ));
    } else {
        desk.out.table(&table);
        states.iter().for_each(|state| quarantine(state, desk));
    }
    desk.out.document(&json!({ "connections": states }));
    Ok(())
}

fn count(count: usize, style: Style) -> Text {
    Text::of(if count == 0 { Style::Plain } else { style }, count)
}

fn quarantine(state: &Standing, desk: &Desk<'_>) {
    let language = desk.language();
    for odd in state.quarantined.iter().take(SHOWN) {
        let id = odd.remote_id.as_ref().map_or("–", |id| id.as_str());
        let text = Text::of(Style::Bad, language.pick("隔离 ", "quarantined "));
        desk.out.line(
            text.plain(&state.connection.name)
                .plain(" ")
                .dim(id)
                .plain(" ")
                .plain(odd.problem.text(language)),
        );
    }
    let more = state.quarantined.len().saturating_sub(SHOWN);
    if more > 0 {
        desk.out.line(say!(language, "…… 另有 {more} 条，见 --json", "… and {more} more, see --json"));
    }
}

/// `connection test`
pub(super) async fn test(name: &str, desk: &Desk<'_>) -> Result<()> {
    let account = desk.service.test_connection(name).await?;
    let who = account.account.as_deref().unwrap_or("–");
    let positions = account.positions;
    desk.out.line(Text::of(Style::Good, desk.language().pick("连接正常。", "The connection works. ")).plain(
        say!(
            desk.language(),
            "我方在供应商处的账号：{who}，可见 {positions} 个岗位",
            "Our account there: {who}, with {positions} positions"
        ),
    ));
    desk.out.document(&json!(account));
    Ok(())
}

async fn suspend(name: &str, suspended: bool, desk: &Desk<'_>) -> Result<()> {
    let connection = desk.service.suspend_connection(name, suspended).await?;
    let name = &connection.name;
    let said = match suspended {
        true => say!(desk.language(), "集成“{name}”已暂停", "The connection {name} is suspended"),
        false => say!(desk.language(), "集成“{name}”已恢复", "The connection {name} is resumed"),
    };
    show(&connection, said, desk)
}

async fn remove(name: &str, desk: &Desk<'_>) -> Result<()> {
    desk.service.remove_connection(name).await?;
    desk.out.line(say!(
        desk.language(),
        "集成“{name}”及其密钥已删除；已同步的资料保留",
        "The connection {name} and its key are removed; what it brought stays"
    ));
    desk.out.document(&json!({ "removed": name }));
    Ok(())
}

async fn retry(name: &str, desk: &Desk<'_>) -> Result<()> {
    let entries = desk.service.retry_quarantined(name).await?;
    desk.out.line(say!(
        desk.language(),
        "{entries} 条被隔离的数据将在下次同步时重试；现在就试：dossier sync {name}",
        "{entries} quarantined entries are tried again by the next sync; to try now: dossier sync {name}"
    ));
    desk.out.document(&json!({ "retried": entries }));
    Ok(())
}

async fn fields(asked: &args::ConnectionFields, desk: &Desk<'_>) -> Result<()> {
    let connection = match &asked.fields {
        Some(given) => desk.service.choose_fields(&asked.name, selection(given)?).await?,
        None => find(&asked.name, desk).await?,
    };
    for field in SyncField::ALL {
        let mark = match connection.fields.has(field) {
            true => Text::of(Style::Good, "✓ "),
            false => Text::default().dim("– "),
        };
        desk.out.line(mark.plain(field.label(desk.language())).dim(format!("  {field}")));
    }
    desk.out.document(&json!(connection));
    Ok(())
}

async fn polling(asked: &args::ConnectionPolling, desk: &Desk<'_>) -> Result<()> {
    let connection = match &asked.polling {
        Some(given) => {
            let polling = Polling::from_name(given).ok_or_else(|| {
                Error::invalid(
                    "频率须是 always、hourly、daily 或 never",
                    "it must be always, hourly, daily or never",
                )
            })?;
            desk.service.choose_polling(&asked.name, polling).await?
        }
        None => find(&asked.name, desk).await?,
    };
    let is = &connection.polling;
    let said = Polling::from_name(is).map_or(is.as_str(), |polling| polling.label(desk.language()));
    show(&connection, said.to_owned(), desk)
}

async fn key(asked: &args::ConnectionKey, desk: &Desk<'_>) -> Result<()> {
    let (key, webhook) = (asked.api_key_file.as_deref(), asked.webhook_secret_file.as_deref());
    let read = |file| input::secret(desk.out, file, ("新的API密钥：", "New API key: "));
    let secret = |file| read(file).map(|secret| Secret::new(secret.as_str()));
    let new = NewCredentials {
        // Asked for at the terminal, unless it is the other one alone that is replaced.
        key: (key.is_some() || webhook.is_none()).then(|| secret(key)).transpose()?,
        webhook: webhook.map(|file| secret(Some(file))).transpose()?,
    };
    let has_new = (new.key.is_some(), new.webhook.is_some());
    let connection = desk.service.change_credentials(&asked.name, new).await?;
    let (name, language) = (&connection.name, desk.language());
    let said = match has_new {
        (false, _) => say!(
            language,
            "已更换集成“{name}”的 Webhook 密钥；API密钥没有变",
            "The connection {name} has its new webhook secret; its key is as it was"
        ),
        (true, false) => say!(
            language,
            "已更换集成“{name}”的API密钥；用 dossier connection test {name} 测试",
            "The connection {name} has its new key; try it with dossier connection test {name}"
        ),
        (true, true) => say!(
            language,
            "已更换集成“{name}”的API密钥与 Webhook 密钥；用 dossier connection test {name} 测试API密钥",
            "The connection {name} has its new key and webhook secret; try the key with dossier connection test {name}"
        ),
    };
    show(&connection, said, desk)
}

async fn find(name: &str, desk: &Desk<'_>) -> Result<Connection> {
    let states = desk.service.connections().await?;
    let mut all = states.into_iter().map(|state| state.connection);
    let found = all.find(|connection| connection.name.as_str() == name || connection.id.to_string() == name);
    found.ok_or_else(|| {
        let name: String = name.chars().take(80).collect();
        dossier_archive::Error::NotFound { what: dossier_archive::What::Connection, name }.into()
    })
}

fn show(connection: &Connection, said: String, desk: &Desk<'_>) -> Result<()> {
    desk.out.line(said);
    desk.out.document(&json!(connection));
    Ok(())
}

fn selection(given: &str) -> Result<FieldSelection> {
    match given {
        "all" | "全部" => Ok(FieldSelection::default()),
        some => Ok(input::words::<SyncField>("可同步的字段", FIELDS, some)?.into_iter().collect()),
    }
}

/// Settings as `name=value`, where the value is JSON, or else a text.
fn settings(given: &[String]) -> Result<Value> {
    let mut settings = Map::new();
    for setting in given {
        let (name, value) = setting.split_once('=').ok_or_else(|| {
            let cut: String = setting.chars().take(40).collect();
            Error::invalid(format!("设置须写作 名称=值：{cut}"), format!("a setting is NAME=VALUE: {cut}"))
        })?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        settings.insert(name.to_owned(), value);
    }
    Ok(Value::Object(settings))
}

/// The names of all connections that are not suspended.
pub(super) async fn running(desk: &Desk<'_>) -> Result<Vec<String>> {
    let states = desk.service.connections().await?;
    let running = states.into_iter().filter(|state| state.connection.suspended_at.is_none());
    let names: Vec<String> = running.map(|state| state.connection.name.to_string()).collect();
    match names.is_empty() {
        true => Err(Error::invalid(
            "没有可同步的集成；用 dossier connection add 新建，或 resume 恢复",
            "there is no connection to sync; set one up with dossier connection add, or resume one",
        )),
        false => Ok(names),
    }
}
