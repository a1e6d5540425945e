//! The table of who sees which materials at which stages.

use dossier_access::{Cell, PolicyTable, Role, Sight};
use dossier_archive::Policy;
use dossier_domain::{BankZone, Language, MaterialKind, Stage};
use maud::{Markup, html};

use super::Change;
use crate::{
    failure::{Failure, Result},
    layout::token,
    parts,
    person::Person,
};

/// How forms name a cell, and what they say of it.
fn written(cell: Cell, sight: Sight) -> String {
    format!("{}:{}:{}:{sight}", cell.role, cell.stage, cell.kind)
}

/// The cells of the form.
pub(super) fn read(form: &Change) -> Result<Vec<(Cell, Sight)>> {
    form.cell.iter().map(|text| cell(text).ok_or_else(unknown)).collect()
}

fn cell(text: &str) -> Option<(Cell, Sight)> {
    let mut parts = text.split(':');
    let role = parts.next()?.parse().ok()?;
    let stage = parts.next()?.parse().ok()?;
    let kind = parts.next()?.parse().ok()?;
    let sight = parts.next()?.parse().ok()?;
    Some((Cell { role, stage, kind }, sight))
}

fn unknown() -> Failure {
    Failure::bad("权限表有误", "the table makes no sense")
}

/// The table, for who decides it; a cell of which nothing can be decided is no choice.
pub(super) fn show(policy: &Policy, zone: BankZone, person: &Person) -> Markup {
    let language = person.language();
    let may =
        |role: Role| Cell::all().any(|cell| cell.role == role && PolicyTable::limit(cell) > Sight::Nothing);
    html! {
        section.card #policy {
            h2 { (language.pick("资料权限表", "Who sees which materials")) }
            p.soft { (language.pick("各角色在各阶段可见的资料种类。超出法规与职责分离的选项不提供；保存后从下一次请求起生效，权限减少的角色须重新登录。",
                "Which kinds of material each role sees at each stage. What law or separation of duties forbids is no choice. A change holds from the next request; who loses something signs in again.")) }
            @if let Some((at, _)) = policy.changed {
                p.soft {
                    (language.pick("最近修改：", "Changed last: ")) (parts::time(at, zone))
                    @if let Some(name) = &policy.changed_by { " " (name) }
                }
            }
            form method="post" action="/settings#policy" {
                (token(person))
                input type="hidden" name="revision" value=(policy.revision) {}
                @for role in Role::ALL.into_iter().filter(|role| may(*role)) { (of_role(role, policy, language)) }
                button.primary name="act" value="policy" { (language.pick("保存权限表", "Save the table")) }
            }
        }
    }
}

fn of_role(role: Role, policy: &Policy, language: Language) -> Markup {
    let is_any = |stage: Stage| {
        MaterialKind::ALL
            .into_iter()
            .any(|kind| PolicyTable::limit(Cell { role, stage, kind }) > Sight::Nothing)
    };
    html! {
        details open[policy.table.differences(&PolicyTable::default()).iter().any(|(cell, _)| cell.role == role)] {
            summary { strong { (role.label(language)) } }
            div.scroll tabindex="0" role="region" aria-label=(role.label(language)) { table.list {
                thead { tr {
                    th scope="col" { (language.pick("阶段", "Stage")) }
                    @for kind in MaterialKind::ALL { th scope="col" { (kind.label(language)) } }
                } }
                tbody { @for stage in Stage::ALL.into_iter().filter(|stage| is_any(*stage)) {
                    tr {
                        th scope="row" { (stage.label(language)) }
                        @for kind in MaterialKind::ALL { td { (choice(Cell { role, stage, kind }, policy, language)) } }
                    }
                } }
            } }
        }
    }
}

fn choice(cell: Cell, policy: &Policy, language: Language) -> Markup {
    let (limit, now) = (PolicyTable::limit(cell), policy.table.sight(cell));
    let label = format!(
        "{} · {} · {}",
        cell.role.label(language),
        cell.stage.label(language),
        cell.kind.label(language)
    );
    html! {
        @if limit == Sight::Nothing { span.soft title=(language.pick("受限，不可设置", "limited: no choice")) { "–" } }
        @else {
            select name="cell" aria-label=(label) {
                @for sight in Sight::ALL.into_iter().filter(|sight| *sight <= limit) {
                    option value=(written(cell, sight)) selected[sight == now] { (sight.label(language)) }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_read_the_cells_that_they_write() {
        for place in Cell::all() {
            for sight in Sight::ALL {
                assert_eq!(cell(&written(place, sight)), Some((place, sight)));
            }
        }
        assert_eq!(cell("nobody:offer:video:view"), None);
    }
}
