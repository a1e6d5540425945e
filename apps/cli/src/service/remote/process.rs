//! A server, asked along the process.

use async_trait::async_trait;
use dossier_client::Client;
use dossier_client::checks::{Claims, Finding, WrittenClaim};
use dossier_client::offers::{Offer, Offers};
use dossier_client::process::{Board, MovedMany};
use dossier_client::scorecards::{Scorecard, ScorecardChange, Scorecards};
use dossier_client::tables::Imported;
use dossier_client::timeline::Timeline;
use dossier_domain::text::{Line, Prose};
use dossier_domain::{Application, ApplicationId, Material, Place, PositionId};

use super::unread;
use crate::{
    error::{InQuery, Result},
    files::Outgoing,
    service::Process,
};

#[async_trait(?Send)]
impl Process for Client {
    async fn claims(&self, id: ApplicationId) -> Result<Claims> {
        Ok(self.claims(id).await?)
    }

    async fn check_claim(&self, id: ApplicationId, written: WrittenClaim) -> Result<Finding> {
        Ok(self.check_claim(id, &written).await?)
    }

    async fn add_evidence(
        &self,
        id: ApplicationId,
        claim: &Line,
        name: &str,
        file: &Outgoing,
    ) -> Result<Material> {
        self.add_evidence(id, claim, name, file).await.map_err(|error| unread(file, error))
    }

    async fn move_to(&self, id: ApplicationId, to: Place, reason: Option<Line>) -> Result<Application> {
        Ok(self.move_to(id, &to, reason.as_ref()).await?)
    }

    async fn undo_move(&self, id: ApplicationId, reason: Option<Line>) -> Result<Application> {
        Ok(self.undo_move(id, reason.as_ref()).await?)
    }

    async fn move_many(&self, ids: &[ApplicationId], to: Place, reason: Option<Line>) -> Result<MovedMany> {
        Ok(self.move_many(ids, &to, reason.as_ref()).await?)
    }

    async fn import_pipeline(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported> {
        Ok(self.import_pipeline(table, is_trial).await?)
    }

    async fn export_pipeline(&self, query: &str) -> Result<Vec<u8>> {
        self.export_pipeline(query).await.in_query(query)
    }

    async fn board(&self, id: PositionId) -> Result<Board> {
        Ok(self.board(id).await?)
    }

    async fn scorecards(&self, id: ApplicationId) -> Result<Scorecards> {
        Ok(self.scorecards(id).await?)
    }

    async fn change_scorecard(&self, id: ApplicationId, change: ScorecardChange) -> Result<Scorecard> {
        Ok(self.change_scorecard(id, &change).await?)
    }

    async fn timeline(&self, id: ApplicationId) -> Result<Timeline> {
        Ok(self.timeline(id).await?)
    }

    async fn offers(&self, id: ApplicationId) -> Result<Offers> {
        Ok(self.offers(id).await?)
    }

    async fn extend_offer(&self, id: ApplicationId, terms: Option<Prose>) -> Result<Offer> {
        Ok(self.extend_offer(id, terms.as_ref()).await?)
    }

    async fn answer_offer(&self, id: ApplicationId, declined: Option<Line>) -> Result<Offer> {
        Ok(self.answer_offer(id, declined.as_ref()).await?)
    }
}
