//! Which of the five kinds of material that an interview leaves are there.

use dossier_analytics::Rate;
use dossier_domain::MaterialKind;
use dossier_report::model::{Kind, Part};
use dossier_search::{
    Dimension,
    columns::Value,
    query::{Condition, Node},
};

use super::{
    Measuring, Wants,
    asked::Asked,
    sheet::{Group, Sheet, column},
};
use crate::Result;

const KINDS: [MaterialKind; 5] = MaterialKind::OF_AN_INTERVIEW;

pub(super) struct Completeness;

impl Measuring for Completeness {
    fn wants(&self, _: &Asked) -> Wants {
        Wants { dimensions: KINDS.map(Dimension::Has).into(), subsets: vec![complete()], ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let language = sheet.language();
        let counts = KINDS.map(|kind| sheet.counts(Dimension::Has(kind)));
        let counts = counts.into_iter().collect::<Result<Vec<_>>>()?;
        let whole = sheet.counts_in(0)?;
        let cells = |group: &Group| {
            let hits = whole.inside(group);
            let kind = |(kind, counts): (&MaterialKind, &super::sheet::Counts<'_>)| {
                let hits = counts.of(group, &Value::Is(true));
                let rate = Rate { hits, of: hits + counts.of(group, &Value::Is(false)) };
                sheet.share(group, rate, [Node::Is(Condition::Has(*kind))])
            };
            let mut cells = vec![
                sheet.cell(group, group.count, []),
                sheet.cell(group, hits, [complete()]),
                sheet.share(group, Rate { hits, of: group.count }, [complete()]),
            ];
            cells.extend(KINDS.iter().zip(&counts).map(kind));
            cells
        };
        let kind = |kind: &MaterialKind| column(kind.name(), kind.label(language), Kind::Share);
        let mut columns = vec![
            column("applications", language.pick("应聘数", "Applications"), Kind::Count),
            column("complete", language.pick("五类齐全", "Complete"), Kind::Count),
            column("complete_rate", language.pick("齐全率", "Share"), Kind::Share),
        ];
        columns.extend(KINDS.iter().map(kind));
        let note = language.pick(
            "齐全：简历筛选报告、面试视频、语音转文字、情绪分析、技能测评五类都已入库，且读者均可查看。各类的占比只计读者可查看该类资料的应聘。",
            "Complete: résumé report, video, transcript, emotion data and skill assessment are all there, and may be seen by the reader. The share of a kind is among applications of which the reader may see that kind.",
        );
        let rate = sheet.asked.by.len() + 2;
        Ok(vec![Part {
            title: language.pick("完整度", "Completeness").to_owned(),
            notes: vec![note.to_owned()],
            table: sheet.table(columns, &sheet.groups()?, cells),
            chart: sheet.chart(rate),
        }])
    }
}

fn complete() -> Node {
    Node::All(KINDS.map(|kind| Node::Is(Condition::Has(kind))).into())
}
