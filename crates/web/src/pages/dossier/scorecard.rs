//! The form of one's own scorecard: what is typed into it, and how it is read.

use dossier_archive::ApplicationView;
use dossier_domain::{
    Judgement, Mark, Note, Recommendation, Scale, Score, Scorecard,
    text::{Line, Prose},
};
use dossier_report::figures::{self, place};
use maud::{Markup, html};

use crate::{
    failure::{Failure, Result},
    form::typed,
    layout::token,
    parts,
    person::Person,
};

/// So many empty lines for notes are offered.
const EMPTY_NOTES: usize = 2;

/// A scorecard as it stands in the form, whether it makes sense or not.
#[derive(Default)]
pub(super) struct Typed {
    act: String,
    revision: String,
    /// Criteria and their scores.
    marks: Vec<(String, String)>,
    recommendation: String,
    summary: String,
    /// Seconds and notes.
    notes: Vec<(String, String)>,
}

impl Typed {
    /// What the fields of the form hold. The score of the n-th `criterion` is in `mark-n`; each `at` goes with the `note`
    /// behind it.
    pub(super) fn read(fields: &[(String, String)]) -> Self {
        let mut read = Self::default();
        let value_of = |wanted: &str| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
        let mut at = "";
        for (name, value) in fields {
            match name.as_str() {
                "act" => read.act.clone_from(value),
                "revision" => read.revision.clone_from(value),
                "recommendation" => read.recommendation.clone_from(value),
                "summary" => read.summary = value.replace("\r\n", "\n"),
                "criterion" => {
                    let mark = value_of(&format!("mark-{}", read.marks.len())).cloned().unwrap_or_default();
                    read.marks.push((value.clone(), mark));
                }
                "at" => at = value,
                "note" => read.notes.push((std::mem::take(&mut at).to_owned(), value.clone())),
                _ => {}
            }
        }
        read
    }

    fn of(card: &Scorecard) -> Self {
        let Judgement { marks, recommendation, summary, notes } = &card.judgement;
        let at = |note: &Note| note.at.map(place).unwrap_or_default();
        Self {
            act: String::new(),
            revision: card.revision.to_string(),
            marks: marks
                .iter()
                .map(|mark| (mark.criterion.to_string(), parts::number(mark.score.raw())))
                .collect(),
            recommendation: recommendation.map(|of| of.name().to_owned()).unwrap_or_default(),
            summary: summary.to_string(),
            notes: notes.iter().map(|note| (at(note), note.text.to_string())).collect(),
        }
    }

    pub(super) fn hands_in(&self) -> bool {
        self.act == "hand-in"
    }

    /// The revision that was shown; 0 where there was none.
    pub(super) fn known(&self) -> Option<u32> {
        Some(self.revision.parse().unwrap_or_default())
    }

    /// The judgement that was typed.
    pub(super) fn judgement(&self) -> Result<Judgement> {
        let mut judgement = Judgement::default();
        for (criterion, mark) in self.marks.iter().filter(|(_, mark)| !mark.is_empty()) {
            let score = mark.parse().ok().and_then(|raw| Score::new(raw, Scale::FIVE).ok());
            let score = score.ok_or_else(|| Failure::bad("评分须为 1 至 5", "scores are between 1 and 5"))?;
            judgement.marks.push(Mark { criterion: typed(("评分项", "a criterion"), criterion)?, score });
        }
        if !self.recommendation.is_empty() {
            let recommendation: Recommendation =
                typed(("推荐意见", "a recommendation"), &self.recommendation)?;
            judgement.recommendation = Some(recommendation);
        }
        judgement.summary = Prose::parse(self.summary.trim())
            .map_err(|error| Failure::bad(format!("总评不可用：{error}"), format!("the summary: {error}")))?;
        for (at, text) in
            self.notes.iter().filter(|(at, text)| !at.trim().is_empty() || !text.trim().is_empty())
        {
            let at = Some(at.trim()).filter(|at| !at.is_empty()).map(second).transpose()?;
            judgement.notes.push(Note { at, text: typed::<Line>(("笔记", "a note"), text)? });
        }
        Ok(judgement)
    }
}

/// `83`, `1:23` and `1:02:03` as seconds.
fn second(text: &str) -> Result<f64> {
    figures::second(text).ok_or_else(|| {
        Failure::bad(
            format!("“{text}”不是视频中的时间；请写作 1:23",),
            format!("`{text}` is no place in a video; write 1:23"),
        )
    })
}

/// The form: what was typed before, or else what is kept.
pub(super) fn form(
    view: &ApplicationView,
    own: Option<&Scorecard>,
    criteria: &[Line],
    refused: Option<&Typed>,
    person: &Person,
) -> Markup {
    let language = person.language();
    let kept = own.map(Typed::of).unwrap_or_default();
    let typed = refused.unwrap_or(&kept);
    html! {
        form.card.scorecard #scorecard method="post" action={ "/applications/" (view.application.id) "/interview" } {
            (token(person))
            input type="hidden" name="revision" value=(typed.revision);
            div.bar {
                h2 { (language.pick("我的评分表", "My scorecard")) }
                @if own.is_some() { span.soft { (language.pick("草稿", "draft")) } }
            }
            @for (number, criterion) in criteria.iter().enumerate() { (mark(number, criterion, typed)) }
            p.ends.soft { span { (language.pick("1 不足", "1 poor")) } span { (language.pick("5 优秀", "5 excellent")) } }
            fieldset.recommendation {
                legend { (language.pick("推荐意见", "Recommendation")) }
                @for of in Recommendation::ALL {
                    label { input type="radio" name="recommendation" value=(of.name()) checked[typed.recommendation == of.name()]; " " (of.label(language)) }
                }
            }
            label.field {
                span.label { (language.pick("总评", "Summary")) }
                textarea name="summary" rows="4" maxlength="10000" { (typed.summary) }
            }
            (notes(typed, person))
            div.acts {
                button name="act" value="save" { (language.pick("保存草稿", "Save the draft")) }
                button.primary name="act" value="hand-in" { (language.pick("提交评分表", "Hand in")) }
                small.soft { (language.pick("提交后不能修改；之后才能看到其他面试官的评分", "It can’t be changed then; colleagues’ scorecards are seen after that")) }
            }
        }
    }
}

fn mark(number: usize, criterion: &Line, typed: &Typed) -> Markup {
    let given =
        typed.marks.iter().find(|(name, _)| name == criterion.as_str()).map(|(_, mark)| mark.as_str());
    html! {
        fieldset.mark {
            legend { (criterion) }
            input type="hidden" name="criterion" value=(criterion);
            @for points in ["1", "2", "3", "4", "5"] {
                label { input type="radio" name={ "mark-" (number) } value=(points) checked[given == Some(points)]; span { (points) } }
            }
        }
    }
}

/// The notes so far and some empty lines; a script adds more, and fills in the second.
fn notes(typed: &Typed, person: &Person) -> Markup {
    let language = person.language();
    let empty = (String::new(), String::new());
    let rows = typed.notes.iter().chain(std::iter::repeat_n(&empty, EMPTY_NOTES));
    html! {
        fieldset.notes data-notes {
            legend { (language.pick("笔记（可注明视频时间，如 1:23）", "Notes, tied to a place in the video such as 1:23")) }
            @for (at, note) in rows {
                div.jot {
                    input name="at" value=(at) size="6" maxlength="10" placeholder="1:23" aria-label=(language.pick("视频时间", "Place in the video"));
                    input name="note" value=(note) maxlength="400" aria-label=(language.pick("笔记", "Note"));
                }
            }
            button type="button" data-note hidden { (language.pick("记在当前时间", "Note at this second")) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn what_is_typed_is_read_and_shown_again() {
        let sent = fields(&[
            ("revision", "2"),
            ("criterion", "专业能力"),
            ("mark-0", "4"),
            ("criterion", "沟通表达"),
            ("recommendation", "against"),
            ("summary", "基础好\r\n经验少"),
            ("at", "1:23"),
            ("note", "讲得清楚"),
            ("at", ""),
            ("note", ""),
            ("act", "hand-in"),
        ]);
        let typed = Typed::read(&sent);
        assert!(typed.hands_in() && typed.known() == Some(2));
        let judgement = typed.judgement().unwrap();
        assert_eq!(judgement.marks.len(), 1, "what has no score is left out");
        assert_eq!(judgement.marks[0].score.raw(), 4.0);
        assert_eq!(judgement.recommendation, Some(Recommendation::Against));
        assert_eq!(judgement.summary.as_str(), "基础好\n经验少");
        assert_eq!(judgement.notes, [Note { at: Some(83.0), text: Line::parse("讲得清楚").unwrap() }]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for wrong in [
            &[("criterion", "专业能力"), ("mark-0", "6")][..],
            &[("criterion", "专业能力"), ("mark-0", "NaN")],
            &[("recommendation", "perhaps")],
            &[("at", "soon"), ("note", "x")],
            &[("at", "1:2:3:4"), ("note", "x")],
            &[("at", "1:23"), ("note", " ")],
            &[("summary", "a\u{0}b")],
        ] {
            assert!(Typed::read(&fields(wrong)).judgement().is_err(), "{wrong:?}");
        }
    }
}
