//! `policy`: who sees which materials at which stages.
//!
//! JSON: `{"revision","changed_at","changed_by","changed_by_name","cells":[{"role","stage","kind","sight","usual",
//! "limit"}]}`, also for `set`.

use dossier_access::{Cell, Role, Sight};
use dossier_client::policy::{Policy, PolicyCell};
use dossier_domain::{Language, MaterialKind, Stage};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    input,
    table::{Side, Table},
    text::{Style, Text, say, wrap},
};

const ROLES: &str = "hr、interviewer、background_checker";
const STAGES: &str = "resume_screening、ai_interview、human_interview、background_check、offer、hired、rejected、withdrawn、all";
const KINDS: &str = "video、transcript、emotion、skills、report、supplement、all";
const SIGHTS: &str = "nothing、view、download、usual";

/// `policy …`
pub(super) async fn run(asked: &args::Policy, desk: &Desk<'_>) -> Result<()> {
    let policy = desk.service.policy().await?;
    let policy = match &asked.command {
        None => policy,
        Some(args::PolicyCommand::Set(asked)) => set(asked, &policy, desk).await?,
    };
    show(&policy, desk);
    desk.out.document(&json!(policy));
    Ok(())
}

async fn set(asked: &args::PolicySet, before: &Policy, desk: &Desk<'_>) -> Result<Policy> {
    let roles: Vec<Role> = input::words("角色", ROLES, &asked.roles)?;
    let stages = all_or("阶段", STAGES, &asked.stages, Stage::ALL)?;
    let kinds = all_or("资料类型", KINDS, &asked.kinds, MaterialKind::ALL)?;
    let sight: Option<Sight> = match asked.sight.as_str() {
        "usual" => None,
        given => Some(input::word("权限", SIGHTS, given)?),
    };
    let is_meant =
        |of: &&PolicyCell| roles.contains(&of.role) && stages.contains(&of.stage) && kinds.contains(&of.kind);
    let decided = |of: &PolicyCell| (of.cell(), sight.unwrap_or(of.usual));
    let cells: Vec<(Cell, Sight)> = before.cells.iter().filter(is_meant).map(decided).collect();
    let after = desk.service.change_policy(&cells, before.revision).await?;
    let changed = before.cells.iter().zip(&after.cells).filter(|(before, after)| before != after).count();
    desk.out.line(say!(
        desk.language(),
        "已修改 {changed} 个单元格，从下一次请求起生效。",
        "{changed} cells were changed; it holds from the next request."
    ));
    Ok(after)
}

/// Words of a fixed list with commas between them, or all of them.
fn all_or<T, const N: usize>(what: &str, known: &str, given: &str, all: [T; N]) -> Result<Vec<T>>
where
    T: std::str::FromStr<Err: std::fmt::Display>,
{
    match given.trim() {
        "all" | "全部" => Ok(all.into()),
        some => input::words(what, known, some),
    }
}

fn show(policy: &Policy, desk: &Desk<'_>) {
    let language = desk.language();
    let titles = [(Side::Left, language.pick("角色", "Role")), (Side::Left, language.pick("阶段", "Stage"))];
    let kinds = MaterialKind::ALL.map(|kind| (Side::Left, kind.label(language)));
    let mut table = Table::new(titles.into_iter().chain(kinds));
    // The cells of a role and a stage stand together, one for each kind.
    for row in policy.cells.chunks(MaterialKind::ALL.len()) {
        let Some(first) = row.first().filter(|_| row.iter().any(|of| of.limit > Sight::Nothing)) else {
            continue;
        };
        let place = [first.role.label(language), first.stage.label(language)].map(Text::from);
        table.row(place.into_iter().chain(row.iter().map(|of| cell(of, language))));
    }
    desk.out.table(&table);
    let legend = language.pick(
        "空白处受法规或职责分离限制，不能设置；* 与默认不同",
        "what is blank is kept by law or by separation of duties; * is other than usual",
    );
    wrap(legend, desk.out.columns()).into_iter().for_each(|line| desk.out.line(Text::of(Style::Dim, line)));
    if let Some(at) = policy.changed_at {
        let by = policy.changed_by_name.as_ref().map(ToString::to_string);
        let by = by.or_else(|| policy.changed_by.map(|id| id.to_string())).unwrap_or_default();
        let (at, revision) = (desk.time(at), policy.revision);
        desk.out.line(say!(
            language,
            "最近由 {by} 于 {at} 修改（第 {revision} 次）",
            "changed last by {by} at {at} (revision {revision})"
        ));
    }
}

fn cell(of: &PolicyCell, language: Language) -> Text {
    match (of.limit, of.sight == of.usual) {
        (Sight::Nothing, _) => Text::default(),
        (_, true) => Text::from(of.sight.label(language)),
        (_, false) => Text::of(Style::Bold, format!("{}*", of.sight.label(language))),
    }
}
