//! `offer`: what was offered, what the candidate answered, and what tells of the will to come.
//!
//! JSON: `{"offers":[{"state","terms","extended_at","by","name","answered_at","reason"}],"signals":[{"topic","question",
//! "positivity","at","interviewed_at","material","source"}]}`; of an offer that is written down, the offer alone.

use dossier_client::offers::{Offer, Offers};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Text, clock, number, say},
};

/// `offer`
pub(super) async fn run(asked: &args::Offer, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    let offer = if asked.extend {
        let terms = asked.terms.as_deref().map(input::prose).transpose()?;
        desk.service.extend_offer(id, terms).await?
    } else if asked.accept {
        desk.service.answer_offer(id, None).await?
    } else if let Some(reason) = &asked.decline {
        desk.service.answer_offer(id, Some(input::text("理由", reason)?)).await?
    } else {
        let all = desk.service.offers(id).await?;
        show(&all, desk);
        desk.out.document(&json!(all));
        return Ok(());
    };
    desk.out.line(line(&offer, desk));
    desk.out.document(&json!(offer));
    Ok(())
}

fn line(offer: &Offer, desk: &Desk<'_>) -> Text {
    let language = desk.language();
    let (zh, en) = match offer.state.as_str() {
        "accepted" => ("已接受", "accepted"),
        "declined" => ("已拒绝", "declined"),
        _ => ("已发放，待答复", "extended"),
    };
    let mut line = Text::from(desk.time(offer.extended_at)).plain("  ").bold(language.pick(zh, en));
    if let Some(terms) = &offer.terms {
        line = line.plain("  ").plain(terms);
    }
    if let Some(reason) = &offer.reason {
        line = line.dim(format!("  {reason}"));
    }
    line
}

fn show(all: &Offers, desk: &Desk<'_>) {
    let language = desk.language();
    if all.offers.is_empty() {
        desk.out.line(language.pick("还没有发放offer", "no offer was made yet"));
    }
    all.offers.iter().for_each(|offer| desk.out.line(line(offer, desk)));
    if all.signals.is_empty() {
        return;
    }
    let mut table = Table::new([
        (Side::Left, language.pick("方面", "About")),
        (Side::Right, language.pick("积极度", "Positivity")),
        (Side::Right, language.pick("位置", "At")),
        (Side::Left, language.pick("面试时间", "Interview")),
        (Side::Loose, language.pick("问题", "Question")),
    ]);
    for of in &all.signals {
        let (zh, en) = match of.topic.as_str() {
            "career_plan" => ("职业规划", "Career plans"),
            "pay" => ("薪资", "Pay"),
            _ => ("求职动机", "Motive"),
        };
        table.row([
            Text::from(language.pick(zh, en)),
            Text::from(number(of.positivity)),
            Text::from(of.at.map(clock).unwrap_or_default()),
            Text::from(of.interviewed_at.map(|at| desk.time(at)).unwrap_or_default()),
            Text::from(of.question.as_str()),
        ]);
    }
    desk.out.table(&table);
    desk.out.line(Text::default().dim(say!(
        language,
        "意愿信号为回答相关问题时的平均积极度，仅供参考",
        "the mean positivity while such questions were answered; it decides nothing"
    )));
}
