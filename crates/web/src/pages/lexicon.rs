//! The lexicon: themes of answers and the words by which people speak of them, with suggestions from the answers.

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::Action;
use dossier_archive::{Error, lexicon::SuggestedWords};
use dossier_domain::{
    Theme,
    lexicon::MOST_WORDS,
    text::{ThemeName, ThemeWord},
};
use dossier_search::{Query, Wording, query::Condition};
use maud::{Markup, html};
use serde::Deserialize;

use super::sign_in::alert;
use crate::{
    failure::{Failure, Result},
    form::{Sent, typed},
    layout::{Page, Place, token},
    parts::{address, field},
    person::Person,
    site::Site,
};

pub(crate) const PATH: &str = "/lexicon";

/// `GET /lexicon`
pub(crate) async fn page(person: Person, State(site): State<Arc<Site>>) -> Result<Markup> {
    show(&person, &site, None).await
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    act: String,
    name: String,
    en: String,
    /// One on each line, or with commas between.
    words: String,
}

/// `POST /lexicon`
pub(crate) async fn change(State(site): State<Arc<Site>>, sent: Sent<Change>) -> Result<Response> {
    match act(&sent, &site).await {
        Ok(()) => Ok(Redirect::to(PATH).into_response()),
        Err(failure) if failure.status().is_client_error() => {
            let page = show(&sent.person, &site, Some(&failure)).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

async fn act(sent: &Sent<Change>, site: &Site) -> Result<()> {
    let (ctx, form) = (&sent.person.ctx, &sent.form);
    let name = typed::<ThemeName>(("主题", "a theme"), &form.name)?;
    match form.act.as_str() {
        "set" => {
            let en = form.en.trim();
            let en = (!en.is_empty()).then(|| typed::<ThemeName>(("英文名称", "a name"), en)).transpose()?;
            let words = form.words.split(['\n', ',', '，', '、', ';', '；']).map(str::trim);
            let words = words.filter(|word| !word.is_empty()).take(MOST_WORDS * 2);
            let words: Vec<ThemeWord> =
                words.map(|word| typed(("词语", "a word"), word)).collect::<Result<_>>()?;
            site.archive.set_theme(ctx, Theme::new(name, en, words).map_err(Error::from)?).await?;
        }
        "remove" => {
            site.archive.remove_theme(ctx, &name).await?;
        }
        _ => return Err(Failure::bad("未知的操作", "there is no such action")),
    }
    Ok(())
}

async fn show(person: &Person, site: &Site, problem: Option<&Failure>) -> Result<Markup> {
    let language = person.language();
    let lexicon = site.archive.lexicon(&person.ctx).await?;
    let suggested = site.archive.suggested_words(&person.ctx, String::new()).await?;
    let may_change = person.may(Action::ManageRules);
    let title = language.pick("词库", "Lexicon");
    let report = address("/analysis", &[("measure", "answers"), ("by", "month")]);
    let content = html! {
        h1 { (title) }
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        p.soft { (language.pick(
            "报表“答案趋势”按这里的主题统计：回答里有一个主题的任一词语，就算提到了它。修改后立即生效，不需要重建索引。",
            "The report “Trends in answers” goes by these themes: an answer names a theme if it has any of its words. Changes count at once.")) }
        p { a href=(report) { (language.pick("查看答案趋势", "See the trends in answers")) } }
        @if may_change { (edited(&lexicon.themes, person)) } @else { (listed(&lexicon.themes, person)) }
        (suggestions(&suggested, may_change, person))
    };
    Ok(Page::of(person, Place::Analysis).render(title, &content))
}

/// The themes to be read.
fn listed(themes: &[Theme], person: &Person) -> Markup {
    let language = person.language();
    html! {
        section.card { dl.facts {
            @for theme in themes { div { dt { (theme.label(language)) } dd { (joined(theme, "、")) } } }
        } }
    }
}

/// The themes as forms, and one for another.
fn edited(themes: &[Theme], person: &Person) -> Markup {
    let language = person.language();
    html! {
        div.measures {
            @for theme in themes {
                form.card method="post" {
                    (token(person))
                    h2 { (theme.label(language)) }
                    input type="hidden" name="name" value=(theme.name) {}
                    (fields(theme.en.as_ref().map(ThemeName::as_str), &joined(theme, "\n"), person))
                    p.inline {
                        button name="act" value="set" { (language.pick("保存", "Save")) }
                        " "
                        button.plain name="act" value="remove" { (language.pick("删除", "Remove")) }
                    }
                }
            }
            form.card method="post" {
                (token(person))
                h2 { (language.pick("新建主题", "Another theme")) }
                (field(language.pick("名称", "Name"), &html! { input name="name" maxlength="40" required {} }, None))
                (fields(None, "", person))
                button.primary name="act" value="set" { (language.pick("添加", "Add")) }
            }
        }
    }
}

fn fields(en: Option<&str>, words: &str, person: &Person) -> Markup {
    let language = person.language();
    html! {
        (field(language.pick("英文名称", "Name in English"), &html! { input name="en" maxlength="40" value=[en] {} }, None))
        (field(language.pick("词语（每行一个，中英文均可）", "Words (one on each line, Chinese or English)"),
            &html! { textarea name="words" rows="5" maxlength="800" { (words) } },
            Some(language.pick("不填则为名称本身", "the name itself, if empty"))))
    }
}

fn joined(theme: &Theme, between: &str) -> String {
    theme.words.iter().map(ThemeWord::as_str).collect::<Vec<_>>().join(between)
}

/// Words that many say and no theme has.
fn suggestions(suggested: &[SuggestedWords], may_change: bool, person: &Person) -> Markup {
    let language = person.language();
    html! {
        @for of in suggested.iter().filter(|of| !of.words.is_empty()) {
            section.card {
                h2 { (of.question) " " small.soft { (language.pick("词库未收录的常用词", "frequent words of no theme")) } }
                div.scroll { table.list {
                    thead { tr {
                        th scope="col" { (language.pick("词语", "Word")) }
                        th.number scope="col" { (language.pick("提到人数", "Naming it")) }
                        th.number scope="col" { (language.pick("回答人数", "Answers")) }
                        @if may_change { th scope="col" { span.unseen { (language.pick("添加", "Add")) } } }
                    } }
                    tbody { @for (word, count) in &of.words { tr {
                        th scope="row" { (word) }
                        td.number { a href=(naming(&of.question, word, person)) { (count) } }
                        td.number { (of.answers) }
                        @if may_change { td { form method="post" {
                            (token(person))
                            input type="hidden" name="name" value=(word) {}
                            button.plain name="act" value="set" aria-label={ (language.pick("添加为主题：", "Add as a theme: ")) (word) } {
                                (language.pick("添加为主题", "Add as a theme"))
                            }
                        } } }
                    } } }
                } }
            }
        }
    }
}

/// Those whose answer to the question has the word.
fn naming(question: &str, word: &str, person: &Person) -> String {
    let condition = Wording::of(question).map(|question| Condition::mentions(&question, [word]));
    let query = condition.map(|condition| Query::everything().with(condition).text(person.language()));
    address("/candidates", &[("q", &query.unwrap_or_default())])
}
