//! What the interviewer says of those whom they spoke to.

use dossier_domain::{Judgement, Language, Mark, Recommendation, Scale, Score, default_criteria};
use dossier_simulator::bank::Sitting;

use crate::error::{Error, Result};

/// About what the AI says, better of those who then pass, and not the same of each criterion.
pub(super) fn judgement(sitting: &Sitting, passes: bool, language: Language) -> Result<Judgement> {
    let general = sitting.score / 20.0 - 0.8 + if passes { 0.7 } else { -0.7 };
    let of = |place: usize| {
        let own = [-0.8, 0.4, 0.0, 0.8, -0.4][(sitting.index * 7 + place * 3) % 5];
        (general + own).round().clamp(1.0, 5.0)
    };
    let mut marks = Vec::new();
    for (place, criterion) in default_criteria(language).into_iter().enumerate() {
        let score = Score::new(of(place), Scale::FIVE)
            .map_err(|error| Error::invalid("演示的评分有误", format!("a score of the demo: {error}")))?;
        marks.push(Mark { criterion, score });
    }
    let recommendation = match (passes, general >= 4.2) {
        (true, true) => Recommendation::StronglyFor,
        (true, false) => Recommendation::For,
        (false, _) => Recommendation::Against,
    };
    Ok(Judgement { marks, recommendation: Some(recommendation), ..Judgement::default() })
}
