//! `search`: finds applications.
//!
//! JSON: `{"query":CANONICAL,"chips":[{"label","span":{"start","end"},"without"}],"total","hits":[…],"next","facets":[…]}`.
//! A hit has `application`, `candidate`, `name`, `position`, `position_name`, `stage`, `interviewed_at` (UTC), `score`
//! (0–100), `emotion`, `tags`, `folder`, `kinds`, `snippets` (`text`, `marks` as byte ranges, `source`, `starts`) and
//! more; what the actor may not see is null or absent. `next` goes to `--after`.

use dossier_client::applications::{Counts, Found, Hit, Search, Snippet};
use dossier_domain::Language;
use dossier_search::Cursor;
use serde_json::json;

use super::saved;
use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    table::{Side, Table},
    text::{Style, Text, clock, list, number, say},
};

/// So many snippets are shown for each hit, the best ones.
const SNIPPETS: usize = 1;
/// So many characters are shown before what was found.
const LEAD: usize = 12;
/// How wide the labels of the counts are.
const LABEL: usize = 10;
/// So many values are shown of each count.
const COUNTED: usize = 8;

/// `search`
pub(super) async fn run(asked: &args::Search, desk: &Desk<'_>) -> Result<()> {
    let answer = ask(asked, desk).await?;
    show(&answer, asked.after.is_none(), desk);
    desk.out.document(&json!(answer));
    Ok(())
}

/// Searches for what was typed.
pub(super) async fn ask(asked: &args::Search, desk: &Desk<'_>) -> Result<Found> {
    if asked.after.as_ref().is_some_and(|after| after.parse::<Cursor>().is_err()) {
        return Err(Error::invalid(
            "--after 的游标不对；请原样使用上一页末尾给出的游标",
            "the cursor after --after is none; use the one that the page before ends with",
        ));
    }
    let saved = match &asked.saved {
        Some(name) => Some(saved::named(name, desk).await?),
        None => None,
    };
    let (query, sort) =
        saved.map_or_else(|| (asked.query.join(" "), None), |saved| (saved.query, saved.sort));
    let request = Search {
        query,
        sort: asked.sort.map(Into::into).or(sort),
        limit: Some(asked.limit),
        after: asked.after.clone(),
        facets: asked.facets,
    };
    desk.service.search(request).await
}

/// Shows the answer to people.
pub(super) fn show(answer: &Found, is_first_page: bool, desk: &Desk<'_>) {
    let language = desk.language();
    understood(answer, desk);
    desk.out.table(&table(&answer.hits, desk));
    snippets(&answer.hits, desk);
    answer.facets.iter().for_each(|counts| count(counts, desk));
    if let Some(next) = &answer.next {
        let left = answer.total.saturating_sub(answer.hits.len() as u64);
        desk.out.line(Text::default().dim(match is_first_page {
            true => say!(
                language,
                "还有 {left} 份；下一页：--after {next}",
                "{left} more; next page: --after {next}"
            ),
            false => say!(language, "下一页：--after {next}", "next page: --after {next}"),
        }));
    }
}

fn understood(answer: &Found, desk: &Desk<'_>) {
    let (language, total) = (desk.language(), answer.total);
    let chips = &answer.chips;
    let found = match total {
        0 => language.pick("没有找到", "nothing found").to_owned(),
        1 => say!(language, "找到 1 份应聘", "1 application found"),
        _ => say!(language, "找到 {total} 份应聘", "{total} applications found"),
    };
    if chips.is_empty() {
        return desk.out.line(found);
    }
    let label = Text::default().dim(language.pick("理解为 ", "Understood as "));
    let chips = chips.iter().map(|chip| Text::default().bold(format!("[{}]", chip.label)));
    desk.out.flow(&label, label.width(), chips.chain([Text::from(found)]));
}

fn table(hits: &[Hit], desk: &Desk<'_>) -> Table {
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("姓名", "Name")),
        (Side::Left, language.pick("岗位", "Position")),
        (Side::Left, language.pick("阶段", "Stage")),
        (Side::Left, language.pick("面试时间", "Interview")),
        (Side::Right, language.pick("得分", "Score")),
        (Side::Left, language.pick("情绪", "Emotion")),
        (Side::Loose, language.pick("标签", "Tags")),
    ]);
    for hit in hits {
        table.row([
            Text::of(Style::Bold, hit.name.as_ref().map_or("–", |name| name.as_str())),
            Text::from(hit.position_name.as_str()),
            Text::from(hit.stage.label(language)),
            Text::from(hit.interviewed_at.map(|at| desk.time(at)).unwrap_or_default()),
            score(hit, desk.language()),
            Text::from(hit.emotion.map_or("", |label| label.label(language))),
            Text::default().dim(list(language, &hit.tags)),
        ]);
    }
    table
}

/// The AI score, and the weighted one beside it.
fn score(hit: &Hit, language: Language) -> Text {
    let weighted = hit.weighted.map(|of| format!("{} {} ", language.pick("加权", "weighted"), number(of)));
    Text::default().dim(weighted.unwrap_or_default()).plain(hit.score.map(number).unwrap_or_default())
}

fn snippets(hits: &[Hit], desk: &Desk<'_>) {
    for hit in hits {
        let name = hit.name.as_ref().map_or("–", |name| name.as_str());
        for snippet in hit.snippets.iter().take(SNIPPETS) {
            let text = Text::default().dim(name).dim(source(snippet, desk.language())).then(marked(snippet));
            desk.out.line(text.cut(desk.out.columns()));
        }
    }
}

fn source(snippet: &Snippet, language: Language) -> String {
    let kind = snippet.source.label(language);
    match snippet.starts {
        Some(second) => format!(" · {kind} {}  ", clock(second)),
        None => format!(" · {kind}  "),
    }
}

/// The snippet with what was found in bold, beginning so near before it that it is seen.
fn marked(snippet: &Snippet) -> Text {
    let piece = |from: usize, to: usize| snippet.text.get(from..to).unwrap_or_default();
    let first = snippet.marks.first().map_or(0, |mark| mark.start);
    let lead = piece(0, first).char_indices().rev().nth(LEAD).map_or(0, |(at, _)| at);
    let mut text = Text::default().dim(if lead > 0 { "…" } else { "" });
    let mut at = lead;
    for mark in &snippet.marks {
        text = text.plain(piece(at, mark.start)).bold(piece(mark.start, mark.end));
        at = mark.end;
    }
    text.plain(piece(at, snippet.text.len()))
}

fn count(counts: &Counts, desk: &Desk<'_>) {
    let language = desk.language();
    let (title, values): (_, Vec<(String, u64)>) = match counts {
        Counts::Position(of) => (("岗位", "Position"), of.clone()),
        Counts::Folder(of) => (("文件夹", "Folder"), of.clone()),
        Counts::Tag(of) => (("标签", "Tag"), of.clone()),
        Counts::Stage(of) => (("阶段", "Stage"), labelled(of, |stage| stage.label(language).to_owned())),
        Counts::Month(of) => (("月份", "Month"), labelled(of, |month| month.label(language))),
        Counts::Emotion(of) => (("情绪", "Emotion"), labelled(of, |label| label.label(language).to_owned())),
        Counts::ScoreBand(of) => {
            (("得分", "Score"), labelled(of, |band| format!("{}–{}", band.from, band.below)))
        }
    };
    let more = values.len().saturating_sub(COUNTED);
    let shown =
        values.iter().take(COUNTED).map(|(value, count)| Text::from(value.as_str()).plain(" ").bold(count));
    let rest = (more > 0).then(|| Text::default().dim(say!(language, "另 {more} 项", "{more} more")));
    desk.out.flow(&Text::default().dim(language.pick(title.0, title.1)), LABEL, shown.chain(rest));
}

fn labelled<T>(counts: &[(T, u64)], label: impl Fn(&T) -> String) -> Vec<(String, u64)> {
    counts.iter().map(|(value, count)| (label(value), *count)).collect()
}
