//! A rule of judging as the value of a condition: `"客户沟通模拟测评=30%;分数线=74"`.

use dossier_domain::{Language, Scoring, position::Weight, text::SkillName};

use super::{field::Field, value::Refused};

/// Parts one part of a rule from the next.
const MARK: char = ';';
/// Shares are told apart to so many parts of a per cent, so that what is written is what is meant.
const PARTS: f64 = 1e6;
const WHOLE: f64 = 100.0 * PARTS;

/// How a rule is written.
pub(super) fn text(rule: &Scoring, language: Language) -> String {
    let weight = |weight: &Weight| format!("{}={}%", weight.skill, (weight.share * WHOLE).round() / PARTS);
    let (chinese, english) = Field::PassMark.names();
    let mark = rule.pass_mark.map(|mark| format!("{}={mark}", language.pick(chinese, english)));
    rule.weights.iter().map(weight).chain(mark).collect::<Vec<_>>().join(&MARK.to_string())
}

/// The rule that is written so.
pub(super) fn rule(text: &str) -> Result<Scoring, Refused> {
    let mut rule = Scoring::default();
    for part in text.split(MARK).filter(|part| !part.trim().is_empty()) {
        let (name, value) = part.rsplit_once('=').ok_or_else(unclear)?;
        match value.trim().strip_suffix('%') {
            Some(percent) => rule.weights.push(Weight {
                skill: SkillName::parse(name).map_err(|_| unclear())?,
                share: (number(percent)? * PARTS).round() / WHOLE,
            }),
            None if Field::find(name.trim()) == Some(Field::PassMark) => {
                rule.pass_mark = Some(number(value)?)
            }
            None => return Err(unclear()),
        }
    }
    if rule.pass_mark.is_none() || rule.check().is_err() {
        return Err(unclear());
    }
    Ok(rule)
}

fn number(text: &str) -> Result<f64, Refused> {
    text.trim().parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(unclear)
}

fn unclear() -> Refused {
    Refused(
        "请写成“测评=占比%;分数线=分数”，占比合计不超过100%".into(),
        "write it as \"assessment=share%;pass_mark=score\", with shares of 100 % at most".into(),
        Some("\"Python=30%;分数线=74\"".into()),
    )
}
