//! `scorecard`: the scorecards of an application, and one's own.
//!
//! JSON: `{"criteria","scorecards":[{"by","name","marks","recommendation","summary","notes","revision","written_at",
//! "handed_in_at"}],"agreement","prompts"}`; what is written is answered with that scorecard alone.

use dossier_client::scorecards::{Mark, Scorecard, Scorecards, Written};
use dossier_domain::{Recommendation, text::Prose};
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
    let writes =
        !asked.marks.is_empty() || asked.recommend.is_some() || asked.summary.is_some() || asked.hand_in;
    if !writes {
        let all = desk.service.scorecards(id).await?;
        show(&all, desk);
        desk.out.document(&json!(all));
        return Ok(());
    }
    let summary = asked.summary.as_deref().map(input::prose).transpose()?;
    let written = Written {
        marks: asked.marks.iter().map(|mark| read(mark)).collect::<Result<_>>()?,
        recommendation: asked.recommend.as_deref().map(recommendation).transpose()?,
        summary: summary.as_ref().map(Prose::as_str).unwrap_or_default().to_owned(),
        hand_in: asked.hand_in,
    };
    let card = desk.service.write_scorecard(id, written).await?;
    desk.out.line(match card.handed_in_at {
        Some(_) => desk.language().pick("评分表已提交", "the scorecard was handed in"),
        None => desk.language().pick("评分表草稿已保存", "the draft was kept"),
    });
    desk.out.document(&json!(card));
    Ok(())
}

/// A criterion and its score: `沟通=4`.
fn read(given: &str) -> Result<Mark> {
    let unclear = || {
        Error::invalid(
            format!("“{given}”不是评分；请写成 沟通=4"),
            format!("{given} is no score; write it as Communication=4"),
        )
    };
    let (criterion, score) = given.rsplit_once('=').ok_or_else(unclear)?;
    let score = score.trim().parse().map_err(|_| unclear())?;
    Ok(Mark { criterion: input::text("评价标准", criterion)?, score })
}

fn recommendation(given: &str) -> Result<Recommendation> {
    Recommendation::ALL.into_iter().find(|of| of.name() == given.trim()).ok_or_else(|| {
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
}
