//! Who sees which materials, in the shape of the API.

use dossier_access::{Cell, PolicyTable};
use dossier_client::policy::{Policy, PolicyCell};

pub(crate) fn policy(of: dossier_archive::Policy) -> Policy {
    let (changed_at, changed_by) = of.changed.unzip();
    let shape = |cell: Cell| PolicyCell {
        role: cell.role,
        stage: cell.stage,
        kind: cell.kind,
        sight: of.table.sight(cell),
        usual: PolicyTable::usual(cell),
        limit: PolicyTable::limit(cell),
    };
    let cells = Cell::all().map(shape).collect();
    Policy { revision: of.revision, changed_at, changed_by, changed_by_name: of.changed_by, cells }
}
