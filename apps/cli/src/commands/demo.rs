//! Placeholder
use crate::{
    args::{self, Global},
    error::Result,
    out::Out,
};
pub(super) async fn run(_: &args::Demo, _: &Global, _: &Out) -> Result<()> {
    Ok(())
}
