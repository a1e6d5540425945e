//! Setting up a connection.

use dossier_archive::NewConnection;
use dossier_domain::{
    FieldSelection, SyncField,
    text::{Line, VendorName},
};
use dossier_vendor::{Credentials, Secret};
use maud::{Markup, html};
use serde::Deserialize;

use crate::{
    failure::{Failure, Result},
    form::typed,
    layout::token,
    pages::sign_in::alert,
    parts::field,
    person::Person,
};

/// A connection as it was typed.
#[derive(Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    name: String,
    vendor: String,
    key: String,
    webhook: String,
    settings: String,
    field: Vec<String>,
}

impl Default for NewForm {
    fn default() -> Self {
        let field = SyncField::ALL.map(|field| field.name().to_owned()).to_vec();
        let text = String::new;
        Self { name: text(), vendor: text(), key: text(), webhook: text(), settings: text(), field }
    }
}

impl NewForm {
    pub(super) fn to_connection(&self) -> Result<NewConnection> {
        let name = typed::<Line>(("名称", "a name"), self.name.trim())?;
        let vendor = VendorName::parse(&self.vendor).map_err(|error| {
            Failure::bad(format!("供应商有误：{error}"), format!("this is no vendor: {error}"))
        })?;
        if self.key.trim().is_empty() {
            return Err(Failure::bad("请填写 API 密钥", "enter the API key"));
        }
        let settings = match self.settings.trim() {
            "" => serde_json::json!({}),
            text => serde_json::from_str(text).map_err(|error| {
                Failure::bad(
                    format!("高级设置不是有效的 JSON：{error}"),
                    format!("the settings are no JSON: {error}"),
                )
            })?,
        };
        let webhook = self.webhook.trim();
        let credentials = Credentials {
            key: Secret::new(self.key.trim()),
            webhook: (!webhook.is_empty()).then(|| Secret::new(webhook)),
        };
        Ok(NewConnection {
            name,
            vendor,
            settings,
            credentials,
            fields: fields(&self.field)?,
            requests_per_second: None,
        })
    }
}

/// The fields that were ticked.
pub(super) fn fields(ticked: &[String]) -> Result<FieldSelection> {
    let parsed: Result<Vec<SyncField>, _> = ticked.iter().map(|name| name.parse()).collect();
    let fields = parsed.map_err(|error: dossier_domain::selection::UnknownField| {
        Failure::bad(format!("未知的字段：{error}"), error.to_string())
    })?;
    Ok(fields.into_iter().collect())
}

pub(super) fn show(person: &Person, typed: &NewForm, problem: Option<&Failure>) -> Markup {
    let language = person.language();
    html! {
        form.card.narrow method="post" action="/connections" {
            (token(person))
            h2 { (language.pick("新建集成", "Connect a vendor")) }
            (alert(problem.map(|failure| failure.detail(language)).as_deref()))
            (field(language.pick("供应商", "Vendor"), &html! {
                select name="vendor" {
                    @for vendor in dossier_vendors::catalogue() {
                        option value=(vendor.name) selected[typed.vendor == vendor.name] { (vendor.title.text(language)) }
                    }
                }
            }, None))
            (field(language.pick("名称", "Name"), &html! {
                input name="name" value=(typed.name) required maxlength="100"
                    placeholder=(language.pick("例如：校招AI面试", "e.g. campus interviews")) {}
            }, None))
            (field(language.pick("API 密钥", "API key"), &html! {
                input type="password" name="key" required autocomplete="off" maxlength="500" {}
            }, Some(language.pick("密钥加密保存，之后任何人都看不到。", "It is kept sealed, and nobody sees it again."))))
            (field(language.pick("Webhook 密钥（可选）", "Webhook secret (optional)"), &html! {
                input type="password" name="webhook" autocomplete="off" maxlength="500" {}
            }, None))
            (ticks(language, |sync| typed.field.iter().any(|name| name == sync.name())))
            details {
                summary { (language.pick("高级设置", "Settings of the adapter")) }
                (field("JSON", &html! { textarea name="settings" rows="3" spellcheck="false" { (typed.settings) } }, None))
            }
            button.primary { (language.pick("新建", "Connect")) }
        }
    }
}

/// A box for each field.
pub(super) fn ticks(language: dossier_domain::Language, ticked: impl Fn(SyncField) -> bool) -> Markup {
    html! {
        fieldset.ticks {
            legend { (language.pick("同步哪些字段（不选的不会保存）", "What to sync (what is not chosen is never kept)")) }
            @for sync in SyncField::ALL {
                label { input type="checkbox" name="field" value=(sync.name()) checked[ticked(sync)] {} " " (sync.label(language)) }
            }
        }
    }
}
