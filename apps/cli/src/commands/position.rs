//! `position`: positions and their interviewers.
//!
//! JSON: a position as it is stored (`id`, `name`, `aliases`, `interviewers`, `pass_mark`, …); for `list`,
//! `{"positions":[…]}`.

use dossier_client::people::NewPosition;
use dossier_domain::{
    Position,
    text::{BranchName, Line, Login, PositionName},
};
use serde_json::json;

use super::proposal;
use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, list, number, say},
};

/// `position …`
pub(super) async fn run(asked: &args::Position, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Position::Add(new) => add(new, desk).await,
        args::Position::List => list_all(desk).await,
        args::Position::Interviewer(change) => interviewer(change, desk).await,
        args::Position::Branch(change) => {
            let given = change.branch.as_deref().map(branch).transpose()?;
            let changed = desk.service.set_branch(&name(&change.position)?, given).await?;
            let (position, language) = (&changed.name, desk.language());
            let said = match &changed.branch {
                Some(branch) => say!(language, "“{position}”由{branch}招聘", "{branch} hires for {position}"),
                None => say!(language, "“{position}”不属于任何分行", "{position} belongs to no branch"),
            };
            show(&changed, said, desk)
        }
        args::Position::Rule(change) => {
            let rule = proposal::rule(&change.rule)?;
            let changed = desk.service.set_scoring(&name(&change.position)?, &rule).await?;
            let (position, rule) = (&changed.name, changed.scoring().label(desk.language()));
            let said = say!(desk.language(), "“{position}”的规则：{rule}", "The rule of {position}: {rule}");
            show(&changed, said, desk)
        }
        args::Position::Close(change) => {
            let position = name(&change.position)?;
            let changed = desk.service.close_position(&position, !change.reopen).await?;
            let said = match changed.closed_at {
                Some(_) => {
                    say!(desk.language(), "岗位“{position}”已关闭", "The position {position} is closed")
                }
                None => say!(desk.language(), "岗位“{position}”已开放", "The position {position} is open"),
            };
            show(&changed, said, desk)
        }
    }
}

async fn add(asked: &args::PositionAdd, desk: &Desk<'_>) -> Result<()> {
    let new = NewPosition {
        name: name(&asked.name)?,
        aliases: asked.aliases.iter().map(|alias| name(alias)).collect::<Result<_>>()?,
        branch: asked.branch.as_deref().map(branch).transpose()?,
        pass_mark: asked.pass_mark,
        questions: asked
            .questions
            .iter()
            .map(|question| input::text::<Line>("问题", question))
            .collect::<Result<_>>()?,
    };
    let position = desk.service.add_position(new).await?;
    let name = &position.name;
    let said = say!(desk.language(), "已新建岗位“{name}”", "The position {name} was set up");
    show(&position, said, desk)
}

/// `position interviewer`
pub(super) async fn interviewer(asked: &args::PositionInterviewer, desk: &Desk<'_>) -> Result<()> {
    let (position, login) = (name(&asked.position)?, input::text::<Login>("用户名", &asked.login)?);
    let changed = desk.service.set_interviewer(&position, &login, !asked.remove).await?;
    let said = match asked.remove {
        false => say!(
            desk.language(),
            "{login} 现为“{position}”的面试官",
            "{login} is now an interviewer of {position}"
        ),
        true => say!(
            desk.language(),
            "{login} 不再是“{position}”的面试官",
            "{login} is no longer an interviewer of {position}"
        ),
    };
    show(&changed, said, desk)
}

async fn list_all(desk: &Desk<'_>) -> Result<()> {
    let mut positions = desk.service.positions().await?;
    positions.sort_by(|a, b| a.name.cmp(&b.name));
    let language = desk.language();
    let mut table = Table::new([
        (Side::Left, language.pick("岗位", "Position")),
        (Side::Left, language.pick("分行", "Branch")),
        (Side::Right, language.pick("分数线", "Pass mark")),
        (Side::Right, language.pick("面试官", "Interviewers")),
        (Side::Left, language.pick("别名", "Also called")),
        (Side::Left, language.pick("状态", "State")),
        (Side::Loose, language.pick("编号", "Id")),
    ]);
    for position in &positions {
        let closed = position.closed_at.map(|_| language.pick("已关闭", "closed"));
        table.row([
            Text::of(Style::Bold, &position.name),
            Text::from(position.branch.as_ref().map(ToString::to_string).unwrap_or_default()),
            Text::from(position.pass_mark.map(number).unwrap_or_default()),
            Text::from(position.interviewers.len().to_string()),
            Text::from(list(language, &position.aliases)),
            Text::from(closed.unwrap_or_default()),
            Text::default().dim(position.id),
        ]);
    }
    if positions.is_empty() {
        desk.out.line(
            language.pick("还没有岗位；同步时会自动建立", "There is no position yet; a sync sets them up"),
        );
    } else {
        desk.out.table(&table);
    }
    desk.out.document(&json!({ "positions": positions }));
    Ok(())
}

fn show(position: &Position, said: String, desk: &Desk<'_>) -> Result<()> {
    desk.out.line(said);
    desk.out.document(&json!(position));
    Ok(())
}

fn branch(given: &str) -> Result<BranchName> {
    input::text("分行", given)
}

fn name(given: &str) -> Result<PositionName> {
    input::text("岗位名称", given)
}
