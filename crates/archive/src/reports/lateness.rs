//! How long after the end of an interview all its materials are here: ten minutes are promised.

use dossier_analytics::Rate;
use dossier_report::model::{Kind, Part};
use dossier_search::{columns::Number, query::Scores};

use super::{
    Measuring, Wants,
    asked::Asked,
    sheet::{Group, Sheet, column},
};
use crate::Result;

/// The minutes within which materials are to be here.
const PROMISED: f64 = 10.0;

pub(super) struct Lateness;

impl Measuring for Lateness {
    fn wants(&self, _: &Asked) -> Wants {
        Wants { numbers: vec![Number::Held], ..Wants::default() }
    }

    fn parts(&self, sheet: &Sheet<'_>) -> Result<Vec<Part>> {
        let language = sheet.language();
        let minutes = sheet.samples(0)?;
        let cells = |group: &Group| {
            let of = minutes.of(group);
            let known = of.map_or(0, |of| of.count());
            let late =
                of.map_or(0, |of| of.count() - of.sorted().partition_point(|it| *it <= PROMISED) as u64);
            let any = || [Number::Held.condition(Scores::Any)];
            let in_time = || [Number::Held.condition(Scores::AtMost(PROMISED))];
            vec![
                sheet.cell(group, known, any()),
                sheet.cell(group, known - late, in_time()),
                sheet.share(group, Rate { hits: known - late, of: known }, in_time()),
                sheet.cell(group, late, [Number::Held.condition(Scores::Above(PROMISED))]),
                sheet.estimate(group, of.and_then(|of| of.median()), any()),
                sheet.number(group, of.and_then(|of| of.quantile(0.95)), any()),
            ]
        };
        let columns = vec![
            column("known", language.pick("可计时", "Timed"), Kind::Count),
            column("in_time", language.pick("10 分钟内", "Within 10 minutes"), Kind::Count),
            column("in_time_rate", language.pick("及时率", "Share"), Kind::Share),
            column("late", language.pick("超过 10 分钟", "Later"), Kind::Count),
            column("median_minutes", language.pick("中位数（分钟）", "Median minutes"), Kind::Minutes),
            column("p95_minutes", language.pick("95% 不超过（分钟）", "95% within minutes"), Kind::Minutes),
        ];
        let note = language.pick(
            "从面试结束到五类资料全部入库的分钟数；缺资料、或资料后来更正过的面试不计。",
            "Minutes from an interview's end until all five kinds of material are here; interviews that lack one, or of which one was corrected since, don't count.",
        );
        let rate = sheet.asked.by.len() + 2;
        Ok(vec![Part {
            title: language.pick("时效", "Timeliness").to_owned(),
            notes: vec![note.to_owned()],
            table: sheet.table(columns, &sheet.groups()?, cells),
            chart: sheet.chart(rate),
        }])
    }
}
