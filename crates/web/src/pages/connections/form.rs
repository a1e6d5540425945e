//! Setting up a connection.

use dossier_archive::NewConnection;
use dossier_domain::{
    FieldSelection, Language, SyncField,
    text::{Line, VendorName},
};
use dossier_vendor::{Credentials, Secret};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::typed,
    layout::token,
    parts::{self, Mistakes},
    person::Person,
};

/// A connection as it was typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    name: String,
    vendor: String,
    key: String,
    webhook: String,
    settings: String,
    field: Vec<String>,
}

impl NewForm {
    /// Nothing typed yet, and all fields ticked.
    pub(super) fn blank() -> Self {
        Self { field: SyncField::ALL.map(|field| field.name().to_owned()).to_vec(), ..Self::default() }
    }

    pub(super) fn to_connection(&self) -> Result<NewConnection> {
        let name = typed::<Line>(("名称", "a name"), self.name.trim());
        let vendor = VendorName::parse(&self.vendor).map_err(|error| {
            Failure::bad(format!("供应商有误：{error}"), format!("this is no vendor: {error}"))
                .beside("vendor")
        })?;
        let Some(key) = secret(&self.key) else {
            return Err(Failure::bad("请填写 API 密钥", "enter the API key").beside("key"));
        };
        Ok(NewConnection {
            name: name.map_err(|failure| failure.beside("name"))?,
            vendor,
            settings: settings(&self.settings)?,
            credentials: Credentials { key, webhook: secret(&self.webhook) },
            fields: fields(&self.field)?,
            requests_per_second: None,
        })
    }
}

/// A secret that was typed.
pub(super) fn secret(typed: &str) -> Option<Secret> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| Secret::new(typed))
}

fn settings(typed: &str) -> Result<serde_json::Value> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(serde_json::json!({}));
    }
    serde_json::from_str(typed).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let zh = format!("高级设置不是有效的 JSON：第 {line} 行第 {column} 列有误");
        Failure::bad(zh, format!("the settings are no JSON: {error}")).beside("settings")
    })
}

/// The fields that were ticked.
pub(super) fn fields(ticked: &[String]) -> Result<FieldSelection> {
    let parsed: Result<Vec<SyncField>, _> = ticked.iter().map(|name| name.parse()).collect();
    let fields = parsed.map_err(|error: dossier_domain::selection::UnknownField| {
        Failure::bad(format!("未知的字段：{error}"), error.to_string())
    })?;
    if fields.is_empty() {
        return Err(
            Failure::bad("请至少选择一个要同步的字段", "choose at least one field to sync").beside("field")
        );
    }
    Ok(fields.into_iter().collect())
}

pub(super) fn show(person: &Person, typed: &NewForm, problem: Option<&Failure>) -> Markup {
    let language = person.language();
    let wrong = Mistakes::of(problem, language);
    let checked = |label, name: &str, control: &Markup, hint| {
        parts::checked(label, control, hint, wrong.of_field(name).as_deref())
    };
    html! {
        form.card.narrow method="post" action="/connections" {
            (token(person))
            h2 { (language.pick("新建集成", "Connect a vendor")) }
            (wrong.of_all())
            (checked(language.pick("供应商", "Vendor"), "vendor", &html! {
                select name="vendor" {
                    @for vendor in dossier_vendors::catalogue() {
                        option value=(vendor.name) selected[typed.vendor == vendor.name] { (vendor.title.text(language)) }
                    }
                }
            }, None))
            (checked(language.pick("名称", "Name"), "name", &html! {
                input name="name" value=(typed.name) required maxlength="100" autofocus[wrong.is_in("name")]
                    placeholder=(language.pick("例如：校招AI面试", "e.g. campus interviews")) {}
            }, None))
            (checked(language.pick("API 密钥", "API key"), "key", &html! {
                input type="password" name="key" required autocomplete="off" maxlength="500"
                    autofocus[wrong.is_in("key")] {}
            }, Some(match problem {
                None => language.pick("密钥加密保存，之后任何人都看不到；可以更换。", "It is kept sealed, and nobody sees it again; it can be replaced."),
                Some(_) => language.pick("密钥不会发回浏览器，请再输入一次。", "Keys are not sent back to the browser; enter it once more."),
            })))
            (checked(language.pick("Webhook 密钥（可选）", "Webhook secret (optional)"), "webhook", &html! {
                input type="password" name="webhook" autocomplete="off" maxlength="500" {}
            }, Some(language.pick("也可以之后在集成页面填写。", "It can be given later, on the connection’s page."))))
            (ticks(|sync| typed.field.iter().any(|name| name == sync.name()), wrong, language))
            details open[wrong.is_in("settings")] {
                summary { (language.pick("高级设置", "Settings of the adapter")) }
                (checked("JSON", "settings", &html! {
                    textarea name="settings" rows="3" spellcheck="false" autofocus[wrong.is_in("settings")] { (typed.settings) }
                }, None))
            }
            button.primary { (language.pick("新建", "Connect")) }
        }
    }
}

/// A box for each field.
pub(super) fn ticks(ticked: impl Fn(SyncField) -> bool, wrong: Mistakes<'_>, language: Language) -> Markup {
    html! {
        fieldset.ticks {
            legend { (language.pick("同步哪些字段（不选的不会保存）", "What to sync (what is not chosen is never kept)")) }
            @for (place, sync) in SyncField::ALL.into_iter().enumerate() {
                label {
                    input type="checkbox" name="field" value=(sync.name()) checked[ticked(sync)]
                        autofocus[place == 0 && wrong.is_in("field")] {}
                    " " (sync.label(language))
                }
            }
            (parts::beside(wrong.of_field("field").as_deref()))
        }
    }
}
