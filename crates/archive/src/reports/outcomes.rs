//! Conditions on the outcome of a stage, and the rate that they count.

use dossier_analytics::Rate;
use dossier_domain::{Stage, Standing};
use dossier_search::{
    columns::Value,
    query::{Condition, Node},
};

/// Who left a stage as passed, or as failed.
pub(super) fn outcome(stage: Stage, passed: bool) -> Node {
    Node::Is(if passed { Condition::Passed(stage) } else { Condition::Failed(stage) })
}

/// Who left a stage with an outcome.
pub(super) fn decided(stage: Stage) -> Node {
    Node::Any(vec![outcome(stage, true), outcome(stage, false)])
}

/// How many passed of those with an outcome, where `count` counts the values of a standing.
pub(super) fn passed(count: impl Fn(&Value) -> u64) -> Rate {
    let [hits, failed] = [Standing::Passed, Standing::Failed].map(|of| count(&Value::Standing(of)));
    Rate { hits, of: hits + failed }
}
