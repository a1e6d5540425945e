//! `scorecard`: the scorecards of an application, and one's own.
//!
//! JSON: `{"criteria","scorecards":[{"by","name","marks","recommendation","summary","notes","revision","written_at",
//! "handed_in_at"}],"agreement","prompts"}`; what is written is answered with that scorecard alone.

use dossier_client::scorecards::{MarkChange, NoteNamed, Scorecard, ScorecardChange, Scorecards};
use dossier_domain::{Note, Recommendation, text::Line};
use dossier_report::figures;
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::{Error, Result},
    input,
    text::{Text, clock, number, say},
};

/// `scorecard`
pub(super) async fn run(asked: &args::Scorecard, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    let change = change(asked)?;
    if change == ScorecardChange::default() {
        let all = desk.service.scorecards(id).await?;
        show(&all, desk);
        desk.out.document(&json!(all));
        return Ok(());
    }
    let card = desk.service.change_scorecard(id, change).await?;
    desk.out.line(match card.handed_in_at {
        Some(_) => desk.language().pick("评分表已提交", "the scorecard was handed in"),
        None => desk.language().pick("评分表草稿已保存", "the draft was kept"),
    });
    one(&card, desk);
    desk.out.document(&json!(card));
    Ok(())
}

/// What is to be changed.
fn change(asked: &args::Scorecard) -> Result<ScorecardChange> {
    let recommended =
        |given: &str| Some(given.trim()).filter(|of| !of.is_empty()).map(recommendation).transpose();
    let added = asked.notes.iter().map(|text| Ok(Note { at: None, text: note(text)? }));
    let added_at = asked.notes_at.iter().map(|given| note_at(given));
    Ok(ScorecardChange {
        marks: asked.marks.iter().map(|given| mark(given)).collect::<Result<_>>()?,
        recommendation: asked.recommend.as_deref().map(recommended).transpose()?,
        summary: asked.summary.as_deref().map(input::prose).transpose()?,
        remove_notes: asked.removed_notes.iter().map(|given| named(given)).collect::<Result<_>>()?,
        add_notes: added.chain(added_at).collect::<Result<_>>()?,
        hand_in: asked.hand_in,
    })
}

/// A criterion and its score: `沟通=4`; without the score it is taken away.
fn mark(given: &str) -> Result<MarkChange> {
    let unclear = || {
        Error::invalid(
            format!("“{given}”不是评分；请写成 沟通=4"),
            format!("{given} is no score; write it as Communication=4"),
        )
    };
    let (criterion, score) = given.rsplit_once('=').ok_or_else(unclear)?;
    let score = Some(score.trim()).filter(|score| !score.is_empty()).map(str::parse).transpose();
    Ok(MarkChange {
        criterion: input::text("评价标准", criterion)?, score: score.map_err(|_| unclear())?
    })
}

fn note(given: &str) -> Result<Line> {
    input::text("笔记", given)
}

/// A note with its place in the video: `1:23=讲得清楚`.
fn note_at(given: &str) -> Result<Note> {
    let split = given.split_once('=').and_then(|(place, text)| Some((figures::second(place)?, text)));
    let (at, text) = split.ok_or_else(|| {
        Error::invalid(
            format!("“{given}”没有视频时间；请写成 1:23=讲得清楚"),
            format!("{given} has no place in the video; write it as 1:23=speaks clearly"),
        )
    })?;
    Ok(Note { at: Some(at), text: note(text)? })
}

/// A note that is there, by its place or its text.
fn named(given: &str) -> Result<NoteNamed> {
    match figures::second(given) {
        Some(at) => Ok(NoteNamed { at: Some(at), text: None }),
        None => Ok(NoteNamed { at: None, text: Some(note(given)?) }),
    }
}

fn recommendation(given: &str) -> Result<Recommendation> {
    Recommendation::ALL.into_iter().find(|of| of.name() == given).ok_or_else(|| {
        let known = Recommendation::ALL.map(Recommendation::name).join(", ");
        Error::invalid(format!("推荐意见可用：{known}"), format!("a recommendation is one of {known}"))
    })
}

fn show(all: &Scorecards, desk: &Desk<'_>) {
    let language = desk.language();
    if all.scorecards.is_empty() {
        desk.out.line(language.pick("没有可查看的评分表", "there is no scorecard that you may see"));
    }
    all.scorecards.iter().for_each(|card| one(card, desk));
    if let Some(of) = &all.agreement {
        let (people, in_favour) = (of.people, of.in_favour);
        let mean = of.mean.map(number).unwrap_or_default();
        let ai = of.ai.map(number).unwrap_or_default();
        desk.out.line(say!(
            language,
            "推荐 {in_favour}/{people}，人工均分 {mean}，AI {ai}",
            "{in_favour} of {people} in favour, mean {mean}, AI {ai}"
        ));
    }
    for prompt in &all.prompts {
        let at = prompt.at.map(|at| format!("  {}", clock(at))).unwrap_or_default();
        desk.out.line(Text::default().dim("? ").plain(&prompt.text).dim(at));
    }
}

fn one(card: &Scorecard, desk: &Desk<'_>) {
    let language = desk.language();
    let name = card.name.as_ref().map_or("–", |name| name.as_str());
    let state = match card.handed_in_at {
        Some(at) => desk.time(at),
        None => language.pick("草稿", "draft").to_owned(),
    };
    let said = card.recommendation.map(|of| of.label(language)).unwrap_or_default();
    desk.out.line(Text::default().bold(name).plain("  ").plain(said).dim(format!("  {state}")));
    let marks = card.marks.iter().map(|of| Text::from(format!("{} {}", of.criterion, number(of.score))));
    desk.out.flow(&Text::default().plain("  "), 2, marks);
    if !card.summary.is_empty() {
        desk.out.line(Text::default().plain("  ").plain(&card.summary));
    }
    for note in &card.notes {
        let at = note.at.map(|at| format!("{}  ", clock(at))).unwrap_or_default();
        desk.out.line(Text::default().dim("  · ").dim(at).plain(&note.text));
    }
}
