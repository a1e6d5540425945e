//! Several scores as one.

/// The shares that assessments have in a weighted score. What they leave of the whole belongs to the score of the interview
/// itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    interview: f64,
    assessments: Vec<f64>,
}

impl Weights {
    /// Shares of assessments; 0.2 is 20 %. Shares that come to more than the whole are taken as proportions, and nothing is
    /// left for the interview. `None` if one is negative or no number.
    #[must_use]
    pub fn new(assessments: Vec<f64>) -> Option<Self> {
        let sum: f64 = assessments.iter().sum();
        let possible = sum.is_finite() && assessments.iter().all(|share| *share >= 0.0);
        possible.then(|| Self { interview: (1.0 - sum).max(0.0), assessments })
    }

    /// The weighted mean of the interview's score and of those of the assessments.
    ///
    /// What is missing leaves its share to what is there, in proportion. `NaN` where less than half of the whole is there:
    /// a score that rests on little else than what happens to be known would be compared with whole ones.
    #[must_use]
    pub fn score(&self, interview: f64, assessment: impl Fn(usize) -> f64) -> f64 {
        let (mut whole, mut there, mut sum) = (0.0, 0.0, 0.0);
        let mut take = |share: f64, score: f64| {
            whole += share;
            if score.is_finite() {
                there += share;
                sum += share * score;
            }
        };
        take(self.interview, interview);
        self.assessments.iter().enumerate().for_each(|(place, share)| take(*share, assessment(place)));
        if there > 0.0 && there * 2.0 >= whole { sum / there } else { f64::NAN }
    }
}
