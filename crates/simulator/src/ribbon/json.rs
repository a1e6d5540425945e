//! Interviews as Ribbon writes them, with the bank's extension.

use serde_json::{Value, json};

use crate::bank::{EMOTION_SOURCE, MODEL, PositionTemplate, Reading, Sitting, Skill, Turn};

/// The AI interviewer's role.
pub(crate) const AGENT: &str = "agent";

/// The names of the criteria, in the order of [`Sitting::criteria`].
pub(crate) const CRITERIA: [&str; 3] = ["communication", "motivation", "skills"];

/// Characters of a transcript that count as one word.
const WORD: usize = 4;

/// What one of the two says in a turn.
pub(crate) struct Spoken<'a> {
    pub(crate) role: &'static str,
    pub(crate) starts: f64,
    pub(crate) ends: f64,
    pub(crate) text: &'a str,
}

/// Question and answer of a turn. In the films the answer begins 1.2 s after the question's caption and ends 0.4 s
/// before the next one.
pub(crate) fn utterances(turn: &Turn) -> [Spoken<'_>; 2] {
    let heard = turn.starts + 1.2;
    [
        Spoken { role: AGENT, starts: turn.starts, ends: heard, text: turn.question },
        Spoken { role: "user", starts: heard, ends: turn.ends - 0.4, text: &turn.answer },
    ]
}

/// A flow.
pub(super) fn flow(position: &PositionTemplate) -> Value {
    json!({
        "interview_flow_id": position.flow,
        "team_id": "team-0001",
        "org_name": "示例银行",
        "title": position.name,
        "questions": crate::video::clip(position.film).questions.iter().map(|question| &question.text).collect::<Vec<_>>(),
        "language": "zh-CN",
        "interview_type": "general",
        "is_video_enabled": true,
    })
}

/// An interview, with a link to its video where that is ready.
pub(crate) fn interview(sitting: &Sitting, video_url: Option<&str>) -> Value {
    let spoken: Vec<Spoken<'_>> = sitting.turns.iter().flat_map(utterances).collect();
    let lines: Vec<String> =
        spoken.iter().map(|spoken| format!("{}: {}", spoken.role, spoken.text)).collect();
    json!({
        "interview_flow_id": sitting.position.flow,
        "interview_id": sitting.remote_id,
        "team_id": "team-0001",
        "status": "completed",
        "interview_data": {
            "transcript": lines.join("\n"),
            "transcript_with_timestamp": spoken.iter().map(timed).collect::<Vec<_>>(),
            "questions_to_transcript_mapping":
                sitting.turns.iter().enumerate().map(mapped).collect::<Vec<_>>(),
            "audio_url": null,
            "video_url": video_url,
            "summary": null,
            "scores": CRITERIA.into_iter().zip(sitting.criteria).collect::<std::collections::BTreeMap<_, _>>(),
            "interviewee_email_address": sitting.person.email,
            "interviewee_first_name": sitting.person.first_name,
            "interviewee_last_name": sitting.person.last_name,
            "bank_extensions": extension(sitting),
        },
    })
}

fn timed(spoken: &Spoken<'_>) -> Value {
    let characters: Vec<char> = spoken.text.chars().collect();
    let words: Vec<String> = characters.chunks(WORD).map(|word| word.iter().collect()).collect();
    let (count, length) = (words.len(), spoken.ends - spoken.starts);
    #[expect(clippy::cast_precision_loss, reason = "an answer has a few hundred words")]
    let at = |index: usize| {
        if index == count { spoken.ends } else { spoken.starts + length * index as f64 / count as f64 }
    };
    let word = |(index, word)| json!({ "word": word, "start": at(index), "end": at(index + 1) });
    let words: Vec<Value> = words.into_iter().enumerate().map(word).collect();
    json!({ "role": spoken.role, "content": spoken.text, "words": words })
}

fn mapped((index, turn): (usize, &Turn)) -> Value {
    let items = utterances(turn).map(|spoken| json!({ "role": spoken.role, "content": spoken.text }));
    json!({
        "script_question": turn.question,
        "transcript_item_indices": [2 * index, 2 * index + 1],
        "start_timestamp": turn.starts,
        "end_timestamp": turn.ends,
        "transcript_items": items,
    })
}

fn extension(sitting: &Sitting) -> Value {
    json!({
        "started_at": sitting.started_at,
        "ended_at": sitting.ended_at,
        "candidate": {
            "id": sitting.person.id, "phone": sitting.person.phone, "id_number": sitting.person.id_number,
        },
        "overall_score": { "value": sitting.score, "min": 0, "max": 100, "model": MODEL },
        "emotions": sitting.emotions.iter().map(|reading| emotion(sitting, reading)).collect::<Vec<_>>(),
        "skill_assessments": sitting.skills.iter().map(skill).collect::<Vec<_>>(),
        "resume_report": {
            "score": percent(sitting.resume.score),
            "matched_keywords": sitting.resume.keywords,
            "reasons": sitting.resume.reasons,
        },
    })
}

fn emotion(sitting: &Sitting, reading: &Reading) -> Value {
    let turn = &sitting.turns[reading.question];
    json!({
        "dimension": reading.dimension,
        "value": reading.value,
        "question": turn.question,
        "start": turn.starts,
        "end": turn.ends,
        "modality": reading.modality,
        "source": EMOTION_SOURCE,
    })
}

fn skill(skill: &Skill) -> Value {
    let wrong: Vec<Value> = skill
        .mistakes
        .iter()
        .map(|wrong| json!({ "question": wrong.question, "answer": wrong.answer, "explanation": wrong.explanation }))
        .collect();
    json!({
        "skill": skill.name,
        "score": percent(skill.score),
        "wrong_answers": wrong,
        "weak_points": skill.weak_points,
    })
}

fn percent(value: f64) -> Value {
    json!({ "value": value, "min": 0, "max": 100 })
}
