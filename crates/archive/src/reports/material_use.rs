//! How much materials are used: viewings and downloads by month, role and kind, from the operation log. Nobody is named,
//! and behind a number stands no query, since the log is none of what a search finds.

use std::collections::BTreeMap;

use chrono::{DateTime, Months, Utc};
use dossier_access::{
    Action, Context, Resource, Role,
    log::{LogRecord, Outcome},
};
use dossier_domain::{BankZone, Language, MaterialKind, Month};
use dossier_report::{
    Format, Locale,
    model::{Cell, Fact, Kind, Part, Report, Table},
};
use dossier_storage::{Scan, Scope};

use super::{Measure, ReportRequest, sheet::column, to_be_made};
use crate::{
    Archive, Error, Result,
    permit::person,
    records::{LOG, scan_past_damage},
};

/// So many months back the log is read.
const MONTHS: u32 = 12;

/// What is used: a file of a kind of material, or, without a kind, a dossier, which shows all the others.
type Used = (Month, Role, Option<MaterialKind>);

/// Viewings and downloads.
type Uses = BTreeMap<Used, [u64; 2]>;

impl Archive {
    /// Reports on the use of materials in the last twelve months.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Invalid`] for conditions or groupings, which it does not take.
    pub(super) async fn report_use(
        &self,
        ctx: &Context,
        request: &ReportRequest,
        format: Option<Format>,
    ) -> Result<Report> {
        let permit = self.authorise(ctx, Action::ReportUse, &Resource::Archive).await?;
        if !request.query.trim().is_empty() || !request.by.is_empty() || request.periods.is_some() {
            return Err(Error::invalid(
                "资料使用报表不带条件，不另行分组，也不对比时段",
                "the report on the use of materials takes no conditions, no groupings and no times",
            ));
        }
        let made_by = person(ctx)?.login.clone();
        let intent = self.journal.intend(to_be_made(permit, request.measure, format)?).await?;
        let zone = self.settings().zone;
        let since = ctx.now().checked_sub_months(Months::new(MONTHS)).unwrap_or_default();
        let uses = self.uses(since, zone).await;
        self.conclude(intent, &uses, &[]);
        let language = request.language;
        let period = Fact {
            name: language.pick("时间", "Time").to_owned(),
            text: format!("{} – {}", zone.date(since), zone.date(ctx.now())),
        };
        Ok(Report {
            title: Measure::Use.label(language).to_owned(),
            asked: vec![period],
            made_at: ctx.now(),
            made_by,
            locale: Locale { language, zone },
            parts: vec![part(&uses?, language)],
        })
    }

    /// What the log says of uses since then, read from its end.
    async fn uses(&self, since: DateTime<Utc>, zone: BankZone) -> Result<Uses> {
        let (mut uses, mut damaged) = (Uses::new(), Vec::new());
        let mut scan = Scan::collection(Scope::Archive, LOG).backward();
        loop {
            let page = scan_past_damage(&self.store, scan.clone(), &mut damaged).await?;
            for record in
                page.entries.iter().filter_map(|(_, entry)| LogRecord::from_bytes(&entry.value).ok())
            {
                if record.moment.at < since {
                    return Ok(uses);
                }
                count(&mut uses, &record, zone);
            }
            let Some(last) = page.last else { return Ok(uses) };
            scan = scan.after(&last);
        }
    }
}

/// Counts a record that says that a material is about to be shown or handed out.
fn count(uses: &mut Uses, record: &LogRecord, zone: BankZone) {
    let entry = &record.entry;
    let (action, kind) = entry.action.as_str().split_once('/').unwrap_or((entry.action.as_str(), ""));
    let place = match action {
        "view_material" | "view_application" => 0,
        "download_material" => 1,
        _ => return,
    };
    if entry.outcome == Outcome::Intended {
        let kind = kind.parse().ok();
        for role in &entry.roles {
            uses.entry((zone.month(record.moment.at), *role, kind)).or_default()[place] += 1;
        }
    }
}

fn part(uses: &Uses, language: Language) -> Part {
    let row = |((month, role, kind), [views, downloads]): (&Used, &[u64; 2])| {
        vec![
            Cell::text(month.label(language)),
            Cell::text(role.label(language)),
            Cell::text(kind.map_or(language.pick("候选人档案", "Dossier"), |kind| kind.label(language))),
            Cell::count(*views, None),
            Cell::count(*downloads, None),
        ]
    };
    let label = |zh, en| language.pick(zh, en);
    let columns = vec![
        column("month", label("月份", "Month"), Kind::Text),
        column("role", label("角色", "Role"), Kind::Text),
        column("kind", label("资料", "Material"), Kind::Text),
        column("views", label("查看", "Views"), Kind::Count),
        column("downloads", label("下载", "Downloads"), Kind::Count),
    ];
    let note = label(
        "取自操作日志。身兼多个角色的人在每个角色下各计一次；一次观看只计一次，被拒绝的不计。打开档案即看到文字、情绪和测评等资料，计为“候选人档案”；视频和补充资料另计。",
        "From the operation log. Who holds several roles counts with each; one viewing counts once, and what was refused does not count. Opening a dossier shows transcript, emotion data, assessment and report, and counts as a dossier; videos and supplements count by themselves.",
    );
    Part {
        title: label("查看与下载", "Views and downloads").to_owned(),
        notes: vec![note.to_owned()],
        table: Table { columns, rows: uses.iter().map(row).collect(), total: None },
        chart: None,
    }
}
