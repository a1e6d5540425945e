//! `theme`: the lexicon, which says what answers are about.
//!
//! JSON: `{"themes":[{"name","en","words"}]}`; for `suggest`, `{"suggestions":[{"question","answers","words"}]}`; for
//! `remove`, `{"removed":name}`.

use dossier_domain::{
    Lexicon, Theme,
    text::{ThemeName, ThemeWord},
};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, list, say},
};

/// `theme …`
pub(super) async fn run(asked: &args::Theme, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Theme::List => show(&desk.service.themes().await?, desk),
        args::Theme::Set(new) => {
            let name = input::text::<ThemeName>("主题", &new.name)?;
            let en = new.en.as_deref().map(|en| input::text::<ThemeName>("英文名称", en)).transpose()?;
            let words = new.words.iter().map(|word| input::text::<ThemeWord>("词语", word));
            let theme = Theme::new(name, en, words.collect::<Result<Vec<_>>>()?);
            let theme = theme.map_err(dossier_archive::Error::from)?;
            show(&desk.service.set_theme(theme).await?, desk);
        }
        args::Theme::Remove(remove) => {
            let name = input::text::<ThemeName>("主题", &remove.name)?;
            desk.service.remove_theme(&name).await?;
            desk.out.line(say!(desk.language(), "已删除主题“{name}”。", "The theme “{name}” is forgotten."));
            desk.out.document(&json!({ "removed": name }));
        }
        args::Theme::Suggest(of) => suggest(&of.query.join(" "), desk).await?,
    }
    Ok(())
}

fn show(lexicon: &Lexicon, desk: &Desk<'_>) {
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("主题", "Theme")),
        (Side::Left, language.pick("英文", "In English")),
        (Side::Loose, language.pick("词语", "Words")),
    ]);
    for Theme { name, en, words } in &lexicon.themes {
        let en = en.as_ref().map_or("–", ThemeName::as_str);
        table.row([Text::of(Style::Bold, name), Text::from(en), Text::from(list(language, words))]);
    }
    desk.out.table(&table);
    desk.out.document(&json!(lexicon));
}

async fn suggest(query: &str, desk: &Desk<'_>) -> Result<()> {
    let found = desk.service.suggested_words(query).await?;
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("词语", "Word")),
        (Side::Right, language.pick("提到人数", "Naming it")),
        (Side::Right, language.pick("回答人数", "Answers")),
        (Side::Loose, language.pick("问题", "Question")),
    ]);
    for of in &found {
        for word in &of.words {
            table.row([
                Text::of(Style::Bold, &word.word),
                Text::from(word.answers.to_string()),
                Text::from(of.answers.to_string()),
                Text::from(of.question.as_str()),
            ]);
        }
    }
    match found.iter().all(|of| of.words.is_empty()) {
        true => desk.out.line(language.pick("没有可建议的词语", "there is nothing to suggest")),
        false => desk.out.table(&table),
    }
    desk.out.document(&json!({ "suggestions": found }));
    Ok(())
}
