//! What the archive answers of moves, boards and scorecards, in the shapes of the API.

use std::collections::BTreeMap;

use dossier_client::{
    process::{Board, Card, Column, MovedMany, Refused},
    scorecards::{Agreement, Judged, Marked, NoteNamed, Prompt, Scorecard, ScorecardChange, Scorecards},
};
use dossier_domain::{
    Language, Mark, Process, Scale, Score, UserId,
    scorecard::{self, JudgementChange},
    text::{Line, PersonName},
};

use crate::error::{Error, Result};

pub(crate) fn moved(of: dossier_archive::Moved, language: Language) -> MovedMany {
    let refused = |(application, error): (_, dossier_archive::Error)| Refused {
        application,
        detail: error.message(language),
    };
    MovedMany { moved: of.moved, refused: of.refused.into_iter().map(refused).collect() }
}

pub(crate) fn board(of: dossier_archive::Board, process: &Process, language: Language) -> Board {
    let card = |card: dossier_archive::Card| Card {
        application: card.hit.application,
        name: card.hit.name,
        score: card.hit.score,
        weighted: card.hit.weighted,
        stage_since: card.hit.stage_since,
        suggested: card.suggested,
    };
    let column = |column: dossier_archive::Column| Column {
        stage: column.stage,
        label: process.name(column.stage, language).to_owned(),
        total: column.total,
        suggested: column.suggested,
        cards: column.cards.into_iter().map(card).collect(),
    };
    let columns = of.columns.into_iter().map(column).collect();
    Board { position: of.position.id, name: of.position.name, columns }
}

pub(crate) fn scorecards(
    view: dossier_archive::ApplicationView,
    criteria: Vec<Line>,
    language: Language,
) -> Scorecards {
    let prompt =
        |of: dossier_domain::Prompt| Prompt { text: of.text(language), source: of.source, at: of.at };
    let judged = |of: dossier_domain::scorecard::Judged| Judged {
        criterion: of.criterion.to_string(),
        lowest: of.lowest,
        mean: of.mean,
        highest: of.highest,
        ai: of.ai,
    };
    let agreement = view.agreement().map(|of| Agreement {
        people: of.people,
        in_favour: of.in_favour,
        mean: of.mean,
        ai: of.ai,
        criteria: of.criteria.into_iter().map(judged).collect(),
    });
    let prompts = view.prompts().into_iter().map(prompt).collect();
    let people = view.people;
    let scorecards = view.scorecards.into_iter().map(|card| scorecard(card, &people)).collect();
    Scorecards { criteria, scorecards, agreement, prompts }
}

pub(crate) fn judgement_change(of: ScorecardChange) -> Result<JudgementChange> {
    let (marked, unmarked): (Vec<_>, Vec<_>) = of.marks.into_iter().partition(|of| of.score.is_some());
    let marks = marked.into_iter().filter_map(|of| Some((of.criterion, of.score?)));
    let mark = |(criterion, score)| match Score::new(score, Scale::FIVE) {
        Ok(score) => Ok(Mark { criterion, score }),
        Err(error) => Err(Error::invalid("评分须为 1 至 5", error.to_string())),
    };
    let named = |NoteNamed { at, text }| scorecard::NoteNamed { at, text };
    Ok(JudgementChange {
        marks: marks.map(mark).collect::<Result<_>>()?,
        unmarked: unmarked.into_iter().map(|of| of.criterion).collect(),
        recommendation: of.recommendation,
        summary: of.summary,
        removed: of.remove_notes.into_iter().map(named).collect(),
        notes: of.add_notes,
    })
}

pub(crate) fn scorecard(of: dossier_domain::Scorecard, people: &BTreeMap<UserId, PersonName>) -> Scorecard {
    let mark = |of: dossier_domain::Mark| Marked {
        criterion: of.criterion.to_string(),
        score: of.score.raw(),
        lowest: of.score.scale().min(),
        highest: of.score.scale().max(),
    };
    Scorecard {
        by: of.by,
        name: people.get(&of.by).cloned(),
        marks: of.judgement.marks.into_iter().map(mark).collect(),
        recommendation: of.judgement.recommendation,
        summary: of.judgement.summary.into(),
        notes: of.judgement.notes,
        revision: of.revision,
        written_at: of.written_at,
        handed_in_at: of.handed_in_at,
    }
}
