//! `pipeline`: where applications stand, as a table that can be changed and handed in again.
//!
//! JSON: for `export`, `{"file","bytes"}`; for `import` as for other tables.

use serde_json::json;

use super::tables;
use crate::{
    args,
    desk::Desk,
    error::Result,
    files::{self, Arrival},
    text::say,
};

/// `pipeline …`
pub(super) async fn run(asked: &args::Pipeline, desk: &Desk<'_>) -> Result<()> {
    match asked {
        args::Pipeline::Import(table) => {
            let bytes = files::whole(&table.file, dossier_archive::LARGEST_TABLE)?;
            let done = desk.service.import_pipeline(bytes, table.is_trial).await?;
            tables::show(&done, desk);
            Ok(())
        }
        args::Pipeline::Export(asked) => {
            let name = desk.language().pick("导出", "export");
            let mut file = Arrival::create(&asked.output, desk.out, name)?;
            let bytes = desk.service.export_pipeline(&asked.query.join(" ")).await?;
            file.take(&bytes)?;
            file.finish()?;
            let path = asked.output.display();
            desk.out.line(say!(desk.language(), "已导出到 {path}", "written to {path}"));
            desk.out.document(&json!({ "file": asked.output, "bytes": bytes.len() }));
            Ok(())
        }
    }
}
