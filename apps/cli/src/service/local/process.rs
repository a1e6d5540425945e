//! The archive in this process, asked along the process.

use async_trait::async_trait;
use dossier_archive::Move;
use dossier_client::checks::{Claims, Finding, WrittenClaim};
use dossier_client::offers::{Offer, Offers};
use dossier_client::process::{Board, MovedMany};
use dossier_client::scorecards::{Scorecard, ScorecardChange, Scorecards};
use dossier_client::tables::Imported;
use dossier_client::timeline::Timeline;
use dossier_domain::check::Checked;
use dossier_domain::text::{Line, PersonName, Prose};
use dossier_domain::{Application, ApplicationId, Material, Place, PositionId, UserId};
use std::collections::BTreeMap;

use super::{Local, shapes};
use crate::{
    error::{Error, InQuery, Result},
    files::Outgoing,
    service::Process,
};

#[async_trait(?Send)]
impl Process for Local<'_> {
    async fn claims(&self, id: ApplicationId) -> Result<Claims> {
        Ok(shapes::claims(self.archive.claims(&self.ctx, id).await?))
    }

    async fn check_claim(&self, id: ApplicationId, written: WrittenClaim) -> Result<Finding> {
        let WrittenClaim { claim, verdict, note } = written;
        let checked = Checked { claim, verdict, note, evidence: None };
        let finding = self.archive.check_claim(&self.ctx, id, checked, None).await?;
        Ok(shapes::finding(finding, &self.own_name()))
    }

    async fn add_evidence(
        &self,
        id: ApplicationId,
        claim: &Line,
        name: &str,
        file: &Outgoing,
    ) -> Result<Material> {
        let input = file.read_from(0).await.map_err(|cause| Error::io(file.path(), cause))?;
        let length = Some(file.length());
        Ok(self.archive.add_evidence(&self.ctx, id, claim, name, length, input).await?)
    }

    async fn move_to(&self, id: ApplicationId, to: Place, reason: Option<Line>) -> Result<Application> {
        Ok(self.archive.move_to(&self.ctx, id, &Move::to(to).because(reason)).await?)
    }

    async fn undo_move(&self, id: ApplicationId, reason: Option<Line>) -> Result<Application> {
        Ok(self.archive.undo_move(&self.ctx, id, None, reason).await?)
    }

    async fn move_many(&self, ids: &[ApplicationId], to: Place, reason: Option<Line>) -> Result<MovedMany> {
        let done = self.archive.move_many(&self.ctx, ids, &Move::to(to).because(reason)).await?;
        Ok(shapes::moved(done, self.language))
    }

    async fn import_pipeline(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        let done = self.archive.import_pipeline(&self.ctx, table.into(), is_trial).await?;
        Ok(shapes::imported(done, is_trial, self.language))
    }

    async fn export_pipeline(&self, query: &str) -> Result<Vec<u8>> {
        self.archive.export_pipeline(&self.ctx, query, self.language).await.in_query(query)
    }

    async fn board(&self, id: PositionId) -> Result<Board> {
        let board = self.archive.board(&self.ctx, id).await?;
        Ok(shapes::board(board, &self.archive.settings().process, self.language))
    }

    async fn scorecards(&self, id: ApplicationId) -> Result<Scorecards> {
        let view = self.archive.show(&self.ctx, id).await?;
        let criteria = view.position.criteria(self.archive.settings().language);
        Ok(shapes::scorecards(view, criteria, self.language))
    }

    async fn change_scorecard(&self, id: ApplicationId, change: ScorecardChange) -> Result<Scorecard> {
        let hand_in = change.hand_in;
        let change = shapes::judgement_change(change)?;
        let card = self.archive.change_scorecard(&self.ctx, id, &change, None, hand_in).await?;
        Ok(shapes::scorecard(card, &self.own_name()))
    }

    async fn timeline(&self, id: ApplicationId) -> Result<Timeline> {
        let found = self.archive.timeline(&self.ctx, id).await?;
        Ok(shapes::timeline(found, &self.archive.settings().process, self.language))
    }

    async fn offers(&self, id: ApplicationId) -> Result<Offers> {
        Ok(shapes::offers(self.archive.offers(&self.ctx, id).await?))
    }

    async fn extend_offer(&self, id: ApplicationId, terms: Option<Prose>) -> Result<Offer> {
        let offer = self.archive.extend_offer(&self.ctx, id, terms).await?;
        Ok(shapes::offer(offer, &self.own_name()))
    }

    async fn answer_offer(&self, id: ApplicationId, declined: Option<Line>) -> Result<Offer> {
        let (offer, _) = self.archive.answer_offer(&self.ctx, id, declined).await?;
        Ok(shapes::offer(offer, &self.own_name()))
    }
}

impl Local<'_> {
    /// The name of whoever acts.
    fn own_name(&self) -> BTreeMap<UserId, PersonName> {
        self.ctx.actor().user().map(|user| (user.id, user.name.clone())).into_iter().collect()
    }
}
