//! Mistakes in the arguments, in the language.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use dossier_domain::Language;

/// What is wrong, in a sentence or a few lines. `help` is what to type for help, as a person would.
pub fn mistake(error: &clap::Error, language: Language, help: &str) -> String {
    match language {
        Language::English => in_english(error),
        Language::Chinese => in_chinese(error, help),
    }
}

fn in_english(error: &clap::Error) -> String {
    let text = error.render().to_string();
    text.strip_prefix("error: ").unwrap_or(&text).trim_end().to_owned()
}

fn in_chinese(error: &clap::Error, help: &str) -> String {
    let of = |kind| error.get(kind).map(written).unwrap_or_default();
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let mut text = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("没有“{}”这个命令", of(ContextKind::InvalidSubcommand)),
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::UnknownArgument => format!("不认识“{argument}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能与 {} 同时使用或重复", of(ContextKind::PriorArg))
        }
        ErrorKind::InvalidUtf8 => "参数不是有效的 UTF-8 文字".to_owned(),
        _ if value.is_empty() => format!("{argument} 缺少值，或值的个数不对"),
        _ => format!("{argument} 不能是“{}”", value.chars().take(60).collect::<String>()),
    };
    let valid = of(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&format!("；可用：{valid}"));
    }
    let suggested = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg].map(of).concat();
    if !suggested.is_empty() {
        text.push_str(&format!("；是否想写 {suggested}？"));
    }
    text.push_str(&format!("\n用 {help} 查看用法"));
    text
}

fn written(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(many) => many.join("、"),
        other => other.to_string(),
    }
}
