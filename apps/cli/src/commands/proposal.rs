//! `proposal`: another rule of a position, tried on past applications, proposed, applied or rejected.
//!
//! JSON: a proposal as the API describes it (`id`, `position`, `from`, `to`, `former`, `revised`, `state`, …); for `list`,
//! `{"proposals":[…]}`; for `apply`, the position as it is then.

use dossier_client::proposals::{NewProposal, Proposal, Reach};
use dossier_domain::{
    Language, ProposalId, Scoring,
    text::{Line, PositionName},
};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, say},
};

/// `proposal …`
pub(super) async fn run(asked: &args::Proposal, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Proposal::List => list(desk).await,
        args::Proposal::Add(new) => add(new, desk).await,
        args::Proposal::Apply(apply) => {
            let (id, reason) = (id(&apply.id)?, input::text::<Line>("理由", &apply.reason)?);
            let position = desk.service.apply_proposal(id, &reason).await?;
            let (name, rule) = (&position.name, position.scoring().label(desk.language()));
            desk.out.line(say!(
                desk.language(),
                "“{name}”从此按此规则判断：{rule}",
                "{name} judges by this from now on: {rule}"
            ));
            desk.out.document(&json!(position));
            Ok(())
        }
        args::Proposal::Reject(reject) => {
            let reason =
                reject.reason.as_deref().map(|text| input::text::<Line>("理由", text)).transpose()?;
            let rejected = desk.service.reject_proposal(id(&reject.id)?, reason.as_ref()).await?;
            desk.out.line(desk.language().pick("已否决", "It is rejected"));
            desk.out.document(&json!(rejected));
            Ok(())
        }
    }
}

async fn add(asked: &args::ProposalAdd, desk: &Desk<'_>) -> Result<()> {
    let new = NewProposal {
        position: input::text::<PositionName>("岗位名称", &asked.position)?,
        to: rule(&asked.rule)?,
        query: asked.query.join(" "),
        reason: asked.reason.as_deref().map(|text| input::text::<Line>("理由", text)).transpose()?,
    };
    let kept = desk.service.propose(new).await?;
    let id = kept.id;
    show(std::slice::from_ref(&kept), desk);
    desk.out.line(say!(
        desk.language(),
        "已保存；要采用：dossier proposal apply {id} --reason 理由",
        "It is kept; to adopt it: dossier proposal apply {id} --reason WHY"
    ));
    desk.out.document(&json!(kept));
    Ok(())
}

async fn list(desk: &Desk<'_>) -> Result<()> {
    let all = desk.service.proposals().await?;
    match all.is_empty() {
        true => desk.out.line(desk.language().pick("还没有方案", "There is no proposal yet")),
        false => show(&all, desk),
    }
    desk.out.document(&json!({ "proposals": all }));
    Ok(())
}

/// Proposals beside each other.
fn show(all: &[Proposal], desk: &Desk<'_>) {
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("岗位", "Position")),
        (Side::Left, language.pick("规则", "Rule")),
        (Side::Right, language.pick("会通过", "Would pass")),
        (Side::Right, language.pick("人工面试通过", "Passed human interview")),
        (Side::Left, language.pick("状态", "State")),
        (Side::Loose, language.pick("编号", "Id")),
    ]);
    for of in all {
        let arrow = |rule: &Scoring| format!("→ {}", rule.label(language));
        table.row([
            Text::of(Style::Bold, &of.position),
            Text::from(of.from.label(language)),
            Text::from(of.former.passed.to_string()),
            Text::from(known(&of.former)),
            Text::from(state(of, language)),
            Text::default().dim(of.id),
        ]);
        table.row([
            Text::default(),
            Text::from(arrow(&of.to)),
            Text::from(of.revised.passed.to_string()),
            Text::from(known(&of.revised)),
            Text::default(),
            Text::default(),
        ]);
    }
    desk.out.table(&table);
}

/// How many of those with an outcome passed.
fn known(of: &Reach) -> String {
    format!("{}/{}", of.known_passed, of.known)
}

fn state(of: &Proposal, language: Language) -> &str {
    match of.state.as_str() {
        "open" if !of.is_current => language.pick("已过时", "out of date"),
        "open" => language.pick("待定", "open"),
        "applied" => language.pick("已应用", "applied"),
        "rejected" => language.pick("已否决", "rejected"),
        other => other,
    }
}

fn id(given: &str) -> Result<ProposalId> {
    input::word("方案编号", "dossier proposal list", given)
}

/// The rule that was typed.
pub(super) fn rule(asked: &args::Rule) -> Result<Scoring> {
    Ok(dossier_archive::scoring(&asked.weights, &asked.pass_mark)?)
}
