//! The whole pipeline as a workbook: where each application stands. It can be changed in a spreadsheet and handed in again.

use chrono::{DateTime, Utc};
use dossier_domain::{
    ApplicationId,
    text::{BranchName, PersonName, PositionName},
};
use rust_xlsxwriter::{ExcelDateTime, Workbook, Worksheet};

use super::{Formats, text};
use crate::{Locale, Result};

/// An application in the pipeline.
#[derive(Debug, Clone)]
pub struct PipelineRow {
    /// The application.
    pub application: ApplicationId,
    /// The candidate's name.
    pub name: Option<PersonName>,
    /// The position.
    pub position: PositionName,
    /// The position's branch.
    pub branch: Option<BranchName>,
    /// What the bank calls the stage.
    pub stage: String,
    /// What the bank calls the step in it.
    pub step: Option<String>,
    /// When it came into the stage.
    pub since: DateTime<Utc>,
    /// The days since then.
    pub days: f64,
    /// The AI score, 0–100.
    pub score: Option<f64>,
    /// The AI score and the assessments as one.
    pub weighted: Option<f64>,
    /// How often it was moved, so that an older table moves nothing that was moved since.
    pub moves: usize,
}

/// The pipeline as a workbook: real numbers and dates of the bank's zone, and texts that are never formulas. The heads are
/// those by which it is read again.
///
/// # Errors
/// [`crate::Error::Excel`] for more rows than Excel has.
pub fn pipeline_xlsx(locale: Locale, rows: &[PipelineRow], made_at: DateTime<Utc>) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_timestamp(made_at.timestamp())?;
    workbook.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&created));
    let (formats, language) = (Formats::new(), locale.language);
    let sheet = workbook.add_worksheet();
    sheet.set_name(language.pick("招聘流程", "Pipeline"))?;
    let heads = [
        (language.pick("编号", "Id"), 32.0),
        (language.pick("候选人", "Candidate"), 14.0),
        (language.pick("岗位", "Position"), 22.0),
        (language.pick("分行", "Branch"), 14.0),
        (language.pick("阶段", "Stage"), 16.0),
        (language.pick("环节", "Step"), 14.0),
        (language.pick("理由", "Reason"), 24.0),
        (language.pick("进入时间", "Since"), 18.0),
        (language.pick("天数", "Days"), 8.0),
        (language.pick("AI得分", "AI score"), 10.0),
        (language.pick("加权得分", "Weighted score"), 10.0),
        (language.pick("变更次数", "Moves"), 10.0),
    ];
    for (column, (title, width)) in (0..).zip(heads) {
        sheet.write_string_with_format(0, column, title, &formats.head)?;
        sheet.set_column_width(column, width)?;
    }
    for (at, row) in (1..).zip(rows) {
        application(sheet, at, row, locale, &formats)?;
    }
    sheet.set_freeze_panes(1, 2)?;
    sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(u32::MAX), 11)?;
    Ok(workbook.save_to_buffer()?)
}

fn application(
    sheet: &mut Worksheet,
    at: u32,
    row: &PipelineRow,
    locale: Locale,
    formats: &Formats,
) -> Result<()> {
    text(sheet, at, 0, &row.application.to_string(), formats)?;
    text(sheet, at, 1, row.name.as_ref().map_or("", |name| name.as_str()), formats)?;
    text(sheet, at, 2, row.position.as_str(), formats)?;
    text(sheet, at, 3, row.branch.as_ref().map_or("", |branch| branch.as_str()), formats)?;
    text(sheet, at, 4, &row.stage, formats)?;
    text(sheet, at, 5, row.step.as_deref().unwrap_or_default(), formats)?;
    sheet.write_datetime_with_format(at, 7, locale.zone.local(row.since), &formats.time)?;
    sheet.write_number_with_format(at, 8, (row.days * 10.0).round() / 10.0, &formats.number)?;
    for (column, score) in [(9, row.score), (10, row.weighted)] {
        if let Some(score) = score {
            sheet.write_number_with_format(at, column, score, &formats.number)?;
        }
    }
    sheet.write_number_with_format(at, 11, row.moves as f64, &formats.number)?;
    Ok(())
}
