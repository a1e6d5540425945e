//! Offers: what tells of the will to come, what was offered, and the answer, which moves the application on.

use std::collections::BTreeMap;

use dossier_access::{Action, Context};
use dossier_domain::{
    Application, ApplicationId, Stage, UserId,
    offer::{Answer, LONGEST_TERMS, Offer, Offers, Signal, willingness},
    text::{Line, PersonName, Prose},
};
use dossier_storage::Stored;

use crate::{
    Archive, Error, Result,
    notices::occasion::{Happened, Step, note},
    permit::{Permit, person},
    records::{APPLICATIONS, OFFERS, scope_of},
    stages::Move,
};

/// The offers of an application, and what tells of the will to come, as the actor may see it.
#[derive(Debug, Clone)]
pub struct OfferView {
    /// The offers, oldest first.
    pub offers: Vec<Offer>,
    /// What the answers of AI interviews tell; nothing for who sees no emotion data.
    pub signals: Vec<Signal>,
    /// Who made and answered offers.
    pub people: BTreeMap<UserId, PersonName>,
}

impl Archive {
    /// The offers of an application, beside what the AI interview tells of the will to come.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`].
    pub async fn offers(&self, ctx: &Context, id: ApplicationId) -> Result<OfferView> {
        let (file, identity, _, permit) = self.find(ctx, Action::ViewOffers, id).await?;
        let offers = file.offers.clone().map(|of| of.offers).unwrap_or_default();
        let view = self.visible(ctx, file, identity, 0);
        let people = offers.iter().flat_map(|of| [Some(of.by), of.answer.as_ref().map(|answer| answer.by)]);
        let people: Vec<UserId> = people.flatten().collect();
        let people = self.names(people).await?;
        let signals = willingness(&view.interviews, &view.materials);
        let shown = signals.iter().fold(permit, |permit, signal| permit.on(signal.material));
        let intent = self.journal.intend(shown).await?;
        let view = Ok(OfferView { offers, signals, people });
        self.conclude(intent, &view, &[]);
        view
    }

    /// Writes down that an offer was made to the candidate of an application that stands in the offer stage.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Denied`]; [`Error::Invalid`] in another stage, and while an offer waits for its answer.
    pub async fn extend_offer(
        &self,
        ctx: &Context,
        id: ApplicationId,
        terms: Option<Prose>,
    ) -> Result<Offer> {
        let (stored, permit) = self.application_for(ctx, Action::RecordOffer, id).await?;
        let terms = terms.filter(|terms| !terms.as_str().trim().is_empty());
        if terms.as_ref().is_some_and(|terms| terms.as_str().chars().count() > LONGEST_TERMS) {
            return Err(Error::invalid(
                format!("offer内容最多 {LONGEST_TERMS} 字"),
                format!("terms have {LONGEST_TERMS} characters at most"),
            ));
        }
        if stored.value.stage() != Stage::Offer {
            return Err(Error::invalid(
                "只有处于“offer发放”阶段的应聘才能发放offer",
                "an offer is made to who stands in the offer stage",
            ));
        }
        let (before, mut offers) = self.offers_of(&stored.value).await?;
        if offers.open().is_some() {
            return Err(Error::invalid("已有待答复的offer", "an offer waits for its answer already"));
        }
        let offer = Offer { terms, by: person(ctx)?.id, extended_at: ctx.now(), answer: None };
        offers.offers.push(offer.clone());
        let mut tx = self.store.batch();
        // It stands in the offer stage when the offer is written.
        tx.expect_unchanged(&stored);
        self.put_offers(&mut tx, before.as_ref(), &offers)?;
        self.journal.change([permit.part("extend_offer")?.on(id)], tx).await?;
        Ok(offer)
    }

    /// Writes down what the candidate answered, and moves the application: to hired, or to withdrawn with the reason.
    ///
    /// # Errors
    /// As [`Archive::move_to`]; [`Error::Invalid`] where no offer waits for an answer.
    pub async fn answer_offer(
        &self,
        ctx: &Context,
        id: ApplicationId,
        declined: Option<Line>,
    ) -> Result<(Offer, Application)> {
        let (stored, permit) = self.application_for(ctx, Action::RecordOffer, id).await?;
        let (before, mut offers) = self.offers_of(&stored.value).await?;
        let to = if declined.is_some() { Stage::Withdrawn } else { Stage::Hired };
        let moved = self.moved(ctx, &stored.value, &Move::to(to).because(declined.clone()))?;
        let offer = offers
            .open_mut()
            .ok_or_else(|| Error::invalid("没有待答复的offer", "no offer waits for an answer"))?;
        offer.answer = Some(Answer { declined, by: person(ctx)?.id, at: ctx.now() });
        let offer = offer.clone();
        let mut tx = self.store.batch();
        tx.update(APPLICATIONS, &stored, &moved)?;
        note(&mut tx, ctx, Happened::Moved(Step::last_of(&moved).into_iter().collect()))?;
        self.put_offers(&mut tx, before.as_ref(), &offers)?;
        let part = if to == Stage::Hired { "accept_offer" } else { "decline_offer" };
        self.journal.change([permit.part(part)?.on(id)], tx).await?;
        Ok((offer, moved))
    }

    /// The application as it is stored, with the leave to do something that depends on its stage.
    async fn application_for(
        &self,
        ctx: &Context,
        action: Action,
        id: ApplicationId,
    ) -> Result<(Stored<Application>, Permit)> {
        let (file, _, _, permit) = self.find(ctx, action, id).await?;
        let scope = scope_of(file.application.candidate);
        let stored = self.store.get(APPLICATIONS, scope, id.to_bytes()).await?;
        let stored = stored.filter(|stored| stored.value == file.application).ok_or(Error::Conflict)?;
        permit.relies_on(&stored)?;
        Ok((stored, permit))
    }

    async fn offers_of(&self, of: &Application) -> Result<(Option<Stored<Offers>>, Offers)> {
        let before = self.store.get(OFFERS, scope_of(of.candidate), of.id.to_bytes()).await?;
        let offers = before.as_ref().map(|before| before.value.clone());
        Ok((before, offers.unwrap_or_else(|| Offers::none(of.candidate, of.id))))
    }

    fn put_offers(
        &self,
        tx: &mut dossier_storage::Tx<'_>,
        before: Option<&Stored<Offers>>,
        offers: &Offers,
    ) -> Result<()> {
        match before {
            Some(before) => tx.update(OFFERS, before, offers)?,
            None => tx.insert(OFFERS, scope_of(offers.candidate), offers.application.to_bytes(), offers)?,
        };
        Ok(())
    }
}
