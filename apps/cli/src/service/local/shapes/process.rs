//! What the archive answers along the process, in the shapes of the API.

use std::collections::BTreeMap;

use dossier_archive::OfferView;
use dossier_client::{
    checks::{Claim, Claims, Finding, TestedSkill},
    offers::{Offer, Offers, Signal},
    timeline::{Event, Timeline},
};
use dossier_domain::{Language, Process, UserId, text::PersonName};

type Names = BTreeMap<UserId, PersonName>;

pub(crate) fn claims(of: dossier_archive::Claims) -> Claims {
    let people = of.people;
    let claim = |of: dossier_domain::Claim| Claim {
        verdict: of.verdict(),
        claim: of.text,
        reported: of.is_reported,
        tested: of.tested.into_iter().map(|(skill, score)| TestedSkill { skill, score }).collect(),
        files: of.files,
        finding: of.finding.map(|of| finding(of, &people)),
    };
    Claims { claims: of.claims.into_iter().map(claim).collect() }
}

pub(crate) fn finding(of: dossier_domain::check::Finding, people: &Names) -> Finding {
    let dossier_domain::check::Finding { claim, verdict, note, evidence, by, at, revision } = of;
    Finding { name: people.get(&by).cloned(), claim, verdict, note, evidence, by, at, revision }
}

pub(crate) fn offers(of: OfferView) -> Offers {
    let signal = |of: dossier_domain::offer::Signal| Signal {
        topic: of.topic.name().to_owned(),
        question: of.question,
        positivity: of.positivity,
        at: of.at,
        interviewed_at: of.interviewed_at,
        material: of.material,
        source: of.source,
    };
    Offers {
        offers: of.offers.into_iter().map(|one| offer(one, &of.people)).collect(),
        signals: of.signals.into_iter().map(signal).collect(),
    }
}

pub(crate) fn offer(of: dossier_domain::Offer, people: &Names) -> Offer {
    let state = of.state().name().to_owned();
    let (answered_at, reason) = of.answer.map(|of| (of.at, of.declined)).unzip();
    Offer {
        state,
        terms: of.terms,
        extended_at: of.extended_at,
        by: of.by,
        name: people.get(&of.by).cloned(),
        answered_at,
        reason: reason.flatten(),
    }
}

pub(crate) fn timeline(of: dossier_archive::Timeline, process: &Process, language: Language) -> Timeline {
    let people = of.people;
    let event = |of: dossier_archive::Event| Event {
        at: of.at,
        what: of.what.name().to_owned(),
        text: of.what.text(process, language),
        name: of.by.and_then(|by| people.get(&by).cloned()),
        by: of.by,
    };
    Timeline { events: of.events.into_iter().map(event).collect(), looks_since: of.looks_since }
}
