//! A bank with a year of AI interviews, made up from a seed.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use dossier_domain::BankZone;
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use crate::{
    ribbon::json,
    video::{self, Clip},
};

pub mod case;
mod fetched;
mod fixed;
mod people;
mod positions;
mod results;
mod speech;
mod words;

pub use people::Person;
pub use positions::{POSITIONS, PositionTemplate};
pub use results::{EMOTION_SOURCE, Reading, ResumeResult, Skill, SkillMistake};

/// What kind of bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankOptions {
    /// The same seed gives the same bank.
    pub seed: u64,
    /// How many candidates, each with one interview.
    pub candidates: usize,
    /// The year of the interviews, in the bank's time.
    pub year: i32,
    /// How many positions, 1 to 6.
    pub positions: usize,
    /// What happens there.
    pub story: Story,
}

/// What happens at a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Story {
    /// Nothing in particular: anything between 0 and 100, and a few people whom the tutorial knows.
    #[default]
    Ordinary,
    /// What [`case`] tells.
    Case,
}

impl Default for BankOptions {
    fn default() -> Self {
        Self { seed: 1, candidates: 300, year: 2023, positions: POSITIONS.len(), story: Story::default() }
    }
}

/// A made-up bank. Holds no interviews: each is computed when asked for.
#[derive(Debug, Clone, Copy)]
pub struct Bank {
    options: BankOptions,
}

/// One interview and all that came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sitting {
    /// Its number in the bank, from 0.
    pub index: usize,
    /// The vendor's id.
    pub remote_id: String,
    /// What it was for.
    pub position: &'static PositionTemplate,
    /// Whose it was.
    pub person: Person,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// What was asked and answered, when.
    pub turns: Vec<Turn>,
    /// The overall AI score, 0–100.
    pub score: f64,
    /// Communication, motivation and skills, 0–100.
    pub criteria: [f64; 3],
    /// The emotion readings.
    pub emotions: Vec<Reading>,
    /// The skill assessments.
    pub skills: Vec<Skill>,
    /// The résumé report.
    pub resume: ResumeResult,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// The question.
    pub question: &'static str,
    /// Where it begins, in seconds.
    pub starts: f64,
    /// Where the answer ends, in seconds.
    pub ends: f64,
    /// The answer.
    pub answer: String,
}

/// The model that the vendor says it scored with.
pub const MODEL: &str = "ribbon-score-3.2";

/// Where in an interview's stream of chance its decisions begin, far behind what the interview itself needs.
const DECIDING: u128 = 1 << 32;

impl Bank {
    /// A bank by its options.
    pub fn generate(options: BankOptions) -> Self {
        Self { options: BankOptions { positions: options.positions.clamp(1, POSITIONS.len()), ..options } }
    }

    /// How many interviews there are.
    pub fn len(&self) -> usize {
        self.options.candidates
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.options.candidates == 0
    }

    /// The positions of this bank.
    pub fn positions(&self) -> &'static [PositionTemplate] {
        &POSITIONS[..self.options.positions]
    }

    /// All interviews, in order of their numbers.
    pub fn interviews(&self) -> impl Iterator<Item = Sitting> + '_ {
        (0..self.len()).map(|index| self.interview(index))
    }

    /// One interview. Numbers beyond [`Bank::len`] are interviews of the following year.
    pub fn interview(&self, index: usize) -> Sitting {
        let mut rng = self.rng(index);
        let remote_id = remote_id(&mut rng, index);
        let ordinary = self.options.story == Story::Ordinary;
        let fixed =
            fixed::FIXED.get(index).filter(|fixed| ordinary && fixed.position < self.options.positions);
        let position = match fixed {
            Some(fixed) => &POSITIONS[fixed.position],
            None if !ordinary => case::position(&mut rng, self.positions()),
            None => self.positions().choose(&mut rng).unwrap_or(&POSITIONS[0]),
        };
        let person = people::draw(&mut rng, index, fixed.map(|fixed| fixed.name));
        let clip = video::clip(position.film);
        let drawn = self.start(&mut rng, index);
        let started_at = fixed.and_then(|fixed| fixed.start(self.options.year)).unwrap_or(drawn);
        let ability = ability(&mut rng);
        let score = fixed.map_or_else(|| results::score(&mut rng, ability), |fixed| fixed.score);
        let mood = fixed.map_or_else(|| results::mood(&mut rng, ability), |_| 78.0);
        let mut sitting = Sitting {
            index,
            remote_id,
            position,
            person,
            started_at,
            ended_at: started_at + TimeDelta::milliseconds(milliseconds(clip.seconds)),
            turns: turns(&mut rng, position, clip, index),
            score,
            criteria: [(); 3].map(|()| results::near(&mut rng, score)),
            emotions: results::emotions(&mut rng, clip, mood),
            skills: results::skills(&mut rng, position, score),
            resume: results::resume(&mut rng, position, score, index),
        };
        if !ordinary {
            case::tell(&mut rng, &mut sitting);
        }
        sitting
    }

    /// What people decide about an interview; nothing about those whom the tutorial knows, since its reader decides.
    pub fn decisions(&self, index: usize) -> Vec<case::Decision> {
        if self.options.story == Story::Ordinary && index < fixed::FIXED.len() {
            return Vec::new();
        }
        let mut rng = self.rng(index);
        rng.set_word_pos(DECIDING);
        case::decisions(&mut rng, &self.interview(index))
    }

    /// The number of the interview with this id.
    pub fn find(&self, remote_id: &str) -> Option<usize> {
        let index = usize::from_str_radix(remote_id.get(24..36)?, 16).ok()?;
        (self.remote_id(index) == remote_id).then_some(index)
    }

    /// The vendor's id of an interview.
    pub fn remote_id(&self, index: usize) -> String {
        remote_id(&mut self.rng(index), index)
    }

    /// A stream of chance of its own for each interview.
    fn rng(&self, index: usize) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.options.seed);
        rng.set_stream(index as u64);
        rng
    }

    /// A moment of a working day, in the bank's time.
    fn start(&self, rng: &mut ChaCha8Rng, index: usize) -> DateTime<Utc> {
        let first = NaiveDate::from_ymd_opt(self.options.year, 1, 1).unwrap_or_default();
        let day = if index < self.len() { rng.random_range(0..365) } else { 365 + rng.random_range(0..5) };
        let minutes = TimeDelta::minutes(rng.random_range(9 * 60..17 * 60 + 30));
        BankZone::default().start_of(first + TimeDelta::days(day)) + minutes
    }
}

/// An id in the form of a UUID whose last twelve digits are the number.
fn remote_id(rng: &mut ChaCha8Rng, index: usize) -> String {
    let (a, b): (u32, u32) = (rng.random(), rng.random());
    format!("{a:08x}-{:04x}-4{:03x}-8{:03x}-{index:012x}", b >> 16, (b >> 4) & 0xfff, b & 0xf0f)
}

/// How able a candidate is: about normal, mean 0, deviation 1 (Irwin–Hall).
fn ability(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

fn turns(rng: &mut ChaCha8Rng, position: &PositionTemplate, clip: &'static Clip, index: usize) -> Vec<Turn> {
    let turn = |question: &'static video::ClipQuestion| {
        let made = speech::answer(rng, position, &question.text);
        // The first candidate says what is heard in the video, and more.
        let answer = if index == 0 { format!("{}{made}", question.answer) } else { made };
        Turn { question: &question.text, starts: question.start, ends: question.end, answer }
    };
    clip.questions.iter().map(turn).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "films last seconds")]
fn milliseconds(seconds: f64) -> i64 {
    (seconds * 1000.0).round() as i64
}

impl Sitting {
    /// The film.
    pub fn clip(&self) -> &'static Clip {
        video::clip(self.position.film)
    }

    /// The interview as Ribbon writes it, with a link to its video where that is ready.
    pub fn ribbon_json(&self, video_url: Option<&str>) -> serde_json::Value {
        json::interview(self, video_url)
    }

    /// A text that is in the video of this interview and nowhere else.
    pub fn canary(&self) -> String {
        format!("CANARY-VIDEO-{}-{}", self.remote_id, self.person.full_name())
    }

    /// The video's bytes.
    pub fn video(&self) -> bytes::Bytes {
        video::bytes(self.clip(), &self.canary())
    }
}

#[cfg(test)]
mod tests;
