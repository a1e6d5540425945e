//! The whole pipeline as a table: taken away, changed in a spreadsheet, and handed in again as moves.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use dossier_access::{Action, Context, Resource};
use dossier_domain::{Application, ApplicationId, Language, Place, Process, Stage, text::Line};
use dossier_report::{Locale, PipelineRow, pipeline_xlsx};
use dossier_search::{Hit, Query, Sort};
use dossier_sheets::Row;
use dossier_storage::Stored;

use crate::{
    Archive, Error, MOST_MOVED, Result, SearchRequest, What, records,
    search::LONGEST_PAGE,
    stages::{Move, Seen},
    tables::{Head, Imported, ImportedRow, RowFate, Sheet, cut, wrong},
};

/// So many applications are taken away at once at most.
pub const LONGEST_PIPELINE: usize = 20_000;

const ID: Head = Head::new("id", &["编号"], &["Id"]);
const STAGE: Head = Head::new("stage", &["阶段"], &["Stage"]);
const STEP: Head = Head::new("step", &["环节"], &["Step"]);
const REASON: Head = Head::new("reason", &["理由"], &["Reason"]);
const MOVES: Head = Head::new("moves", &["变更次数"], &["Moves"]);

/// The columns that are read of a pipeline; the first must be there.
pub const PIPELINE_COLUMNS: &[Head] = &[ID, STAGE, STEP, REASON, MOVES];

impl Archive {
    /// The applications that a query finds, where they stand and since when, as an Excel file.
    ///
    /// # Errors
    /// [`Error::Denied`]; [`Error::Query`]; [`Error::Invalid`] for more than [`LONGEST_PIPELINE`].
    pub async fn export_pipeline(&self, ctx: &Context, query: &str, language: Language) -> Result<Vec<u8>> {
        let permit = self.authorise(ctx, Action::ExportPipeline, &Resource::Archive).await?;
        let query = Query::parse(query)?;
        let hits = self.all_hits(ctx, &query).await?;
        let intent = self.journal.intend(permit.count("hits", hits.len() as u64)).await?;
        let file = self.pipeline_file(ctx, &hits, language).await;
        self.conclude(intent, &file, &[]);
        file
    }

    async fn all_hits(&self, ctx: &Context, query: &Query) -> Result<Vec<Hit>> {
        let (mut hits, mut after) = (Vec::new(), None);
        loop {
            let request = SearchRequest {
                limit: Some(LONGEST_PAGE),
                sort: Some(Sort::Newest),
                after,
                ..SearchRequest::default()
            };
            let page = self.search_index(ctx, query.clone(), request).await?.hits;
            if page.total > LONGEST_PIPELINE as u64 {
                return Err(Error::invalid(
                    format!("一次最多导出 {LONGEST_PIPELINE} 份应聘，请缩小范围"),
                    format!(
                        "at most {LONGEST_PIPELINE} applications are taken away at once; narrow the query"
                    ),
                ));
            }
            hits.extend(page.hits);
            after = page.next;
            if after.is_none() {
                return Ok(hits);
            }
        }
    }

    async fn pipeline_file(&self, ctx: &Context, hits: &[Hit], language: Language) -> Result<Vec<u8>> {
        let known = records::positions(&self.store).await?;
        let (settings, now) = (self.settings(), ctx.now());
        let mut rows = Vec::with_capacity(hits.len());
        for some in hits.chunks(LONGEST_PAGE) {
            let ids: BTreeSet<ApplicationId> = some.iter().map(|hit| hit.application).collect();
            let stored = self.stored_applications(&ids, &known).await?;
            rows.extend(some.iter().filter_map(|hit| {
                let application = &stored.get(&hit.application)?.value;
                let place = settings.process.settled(application.place());
                let step = place.step.as_ref().and_then(|key| settings.process.step(key));
                Some(PipelineRow {
                    application: hit.application,
                    name: hit.name.clone(),
                    position: hit.position_name.clone(),
                    branch: known.get(&hit.position).and_then(|position| position.branch.clone()),
                    stage: settings.process.name(place.stage, language).to_owned(),
                    step: step.map(|step| step.name.text(language).to_owned()),
                    since: hit.stage_since,
                    days: ((now - hit.stage_since).as_seconds_f64() / 86_400.0).max(0.0),
                    score: hit.score,
                    weighted: hit.weighted,
                    moves: application.moves.len(),
                })
            }));
        }
        let locale = Locale { language, zone: settings.zone };
        let made = tokio::task::spawn_blocking(move || pipeline_xlsx(locale, &rows, now)).await;
        let made = made
            .map_err(|error| Error::Io { doing: "writing the table", source: std::io::Error::other(error) });
        Ok(made??)
    }

    /// Moves applications to where a table says that they stand: in one commit, with the reasons that it gives. A row
    /// that says where it stands already is unchanged; one whose application was moved since the table was made is refused.
    /// A trial moves nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no such table, and for more than [`MOST_MOVED`] moves; [`Error::Conflict`] if others
    /// kept moving the same ones.
    pub async fn import_pipeline(&self, ctx: &Context, table: Bytes, is_trial: bool) -> Result<Imported> {
        let sheet = Sheet::read(table, PIPELINE_COLUMNS).await?;
        let known = records::positions(&self.store).await?;
        let ids: BTreeSet<ApplicationId> = sheet.rows.iter().filter_map(|row| id(&sheet, row).ok()).collect();
        let stored = self.stored_applications(&ids, &known).await?;
        let (mut rows, mut moves) = (Vec::new(), BTreeMap::new());
        for row in &sheet.rows {
            let name = cut(sheet.text(row, &ID).unwrap_or_default());
            let fate = match self.pipeline_row(ctx, &stored, (&sheet, row)).await {
                Ok(Some((id, _))) if moves.contains_key(&id) => RowFate::Refused(Error::invalid(
                    "该应聘在表中出现了两次",
                    "this application stands in the table twice",
                )),
                Ok(Some((id, asked))) => {
                    moves.insert(id, asked);
                    RowFate::Changed(vec![STAGE])
                }
                Ok(None) => RowFate::Unchanged,
                Err(error) => RowFate::Refused(error),
            };
            rows.push(ImportedRow { number: row.number, name, fate });
        }
        if moves.len() > MOST_MOVED {
            return Err(Error::invalid(
                format!("一次最多移动 {MOST_MOVED} 个应聘"),
                format!("at most {MOST_MOVED} applications are moved at once"),
            ));
        }
        if !is_trial && !moves.is_empty() {
            for (id, error) in self.move_each(ctx, &moves).await?.refused {
                let refused = rows.iter_mut().find(|row| row.name == id.to_string());
                if let Some(row) = refused {
                    row.fate = RowFate::Refused(error);
                }
            }
        }
        Ok(Imported { rows, ignored: sheet.ignored })
    }

    /// The move that a row asks for; none where the application stands there already.
    async fn pipeline_row(
        &self,
        ctx: &Context,
        stored: &BTreeMap<ApplicationId, Stored<Application>>,
        (sheet, row): (&Sheet, &Row),
    ) -> Result<Option<(ApplicationId, Move)>> {
        let id = id(sheet, row)?;
        let found = stored.get(&id).map(|stored| &stored.value);
        let seen = found.filter(|of| ctx.decide(Action::MoveStage, &Resource::of(of)).is_allowed());
        let Some(application) = seen else { return Err(Error::not_found(What::Application, &id)) };
        let process = &self.settings().process;
        let to = place(process, sheet, row)?;
        if to == process.settled(application.place()) {
            return Ok(None);
        }
        let reason: Option<Line> = sheet.word(row, &REASON)?;
        let moves = sheet
            .text(row, &MOVES)
            .map(|text| text.parse().map_err(|_| wrong(&MOVES, text, ("须是整数", "it is no whole number"))));
        let seen = moves.transpose()?.map(Seen::Moves);
        let asked = Move::to(to).because(reason).seen(seen);
        // What would be refused is known now.
        self.moved(ctx, application, &asked)?;
        Ok(Some((id, asked)))
    }
}

fn id(sheet: &Sheet, row: &Row) -> Result<ApplicationId> {
    let text = sheet.text(row, &ID).unwrap_or_default();
    text.parse().map_err(|_| wrong(&ID, text, ("不是应聘编号", "it is no id of an application")))
}

/// The place that a row names, in the bank's own words or those of the API.
fn place(process: &Process, sheet: &Sheet, row: &Row) -> Result<Place> {
    let text = sheet.text(row, &STAGE).unwrap_or_default();
    let languages = [Language::Chinese, Language::English];
    let is_called = |stage: &Stage| languages.iter().any(|language| process.name(*stage, *language) == text);
    let stage = Stage::ALL.into_iter().find(is_called).or_else(|| text.parse().ok());
    let stage = stage.ok_or_else(|| wrong(&STAGE, text, ("没有这个阶段", "there is no such stage")))?;
    let Some(text) = sheet.text(row, &STEP) else { return Ok(stage.into()) };
    let is_it = |step: &&dossier_domain::Step| {
        step.stage == stage
            && (step.key.as_str() == text
                || languages.iter().any(|language| step.name.text(*language) == text))
    };
    let step = process.steps.iter().find(is_it);
    let step =
        step.ok_or_else(|| wrong(&STEP, text, ("该阶段没有这个环节", "this stage has no such step")))?;
    Ok(Place { stage, step: Some(step.key.clone()) })
}
