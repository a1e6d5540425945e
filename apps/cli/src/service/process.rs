//! What commands ask for along the process: moves, boards, scorecards, claims, offers.

use async_trait::async_trait;
use dossier_client::checks::{Claims, Finding, WrittenClaim};
use dossier_client::offers::{Offer, Offers};
use dossier_client::process::{Board, MovedMany};
use dossier_client::scorecards::{Scorecard, ScorecardChange, Scorecards};
use dossier_client::tables::Imported;
use dossier_client::timeline::Timeline;
use dossier_domain::text::{Line, Prose};
use dossier_domain::{Application, ApplicationId, Material, Place, PositionId};

use crate::{error::Result, files::Outgoing};

/// A part of [`Service`](super::Service).
#[async_trait(?Send)]
pub(crate) trait Process {
    async fn claims(&self, id: ApplicationId) -> Result<Claims>;
    /// Writes what was found out about a claim.
    async fn check_claim(&self, id: ApplicationId, written: WrittenClaim) -> Result<Finding>;
    /// Adds a file as evidence for a claim.
    async fn add_evidence(
        &self,
        id: ApplicationId,
        claim: &Line,
        name: &str,
        file: &Outgoing,
    ) -> Result<Material>;
    async fn move_to(&self, id: ApplicationId, to: Place, reason: Option<Line>) -> Result<Application>;
    /// Takes the last move back.
    async fn undo_move(&self, id: ApplicationId, reason: Option<Line>) -> Result<Application>;
    /// Moves many in one commit; those that can't be moved are named.
    async fn move_many(&self, ids: &[ApplicationId], to: Place, reason: Option<Line>) -> Result<MovedMany>;
    /// Moves applications to the stages that a table gives them, or tells what that would move.
    async fn import_pipeline(&self, table: Vec<u8>, is_trial: bool) -> Result<Imported>;
    /// Where applications stand, as an Excel file.
    async fn export_pipeline(&self, query: &str) -> Result<Vec<u8>>;
    async fn board(&self, id: PositionId) -> Result<Board>;
    async fn scorecards(&self, id: ApplicationId) -> Result<Scorecards>;
    /// Changes one's own scorecard, or begins it.
    async fn change_scorecard(&self, id: ApplicationId, change: ScorecardChange) -> Result<Scorecard>;
    async fn timeline(&self, id: ApplicationId) -> Result<Timeline>;
    async fn offers(&self, id: ApplicationId) -> Result<Offers>;
    /// Writes down that an offer was made.
    async fn extend_offer(&self, id: ApplicationId, terms: Option<Prose>) -> Result<Offer>;
    /// Writes down that an offer was accepted, or why it was declined.
    async fn answer_offer(&self, id: ApplicationId, declined: Option<Line>) -> Result<Offer>;
}
