//! Ribbon's JSON in the words of the domain. Fields that are not named here are ignored.

use chrono::{DateTime, Utc};
use dossier_domain::{
    Identity, Question, Scale, Score, Speaker, Transcript, Utterance,
    interview::Criterion,
    text::{Email, IdNumber, Line, PersonName, Phone, PositionName, Prose, RemoteId},
};
use dossier_vendor::{
    Error, Fetched, MediaRef, Part, Phrase, RemoteCandidate, RemotePosition, Result, http::Document,
    json::Field,
};
use serde_json::Value;
use url::Url;

use super::Flow;

mod extension;

/// The one file among an interview's media that is fetched.
const VIDEO: &str = "video";

/// The flow of a record, which must be that of the interview asked for.
pub(super) fn flow_of(value: &Value, asked: &RemoteId) -> Result<RemoteId> {
    let root = Field::root(value).object()?;
    let id = root.get("interview_id");
    if id.text()? != asked.as_str() {
        return Err(id.malformed(Phrase::new("所请求的面试编号", "the id of the interview asked for")));
    }
    root.get("interview_flow_id").parse(RemoteId::parse)
}

/// The complaint that the flow of a record does not exist.
pub(super) fn unknown_flow(value: &Value) -> Error {
    let id = Field::root(value).get("interview_flow_id");
    id.malformed(Phrase::new("现存岗位流程的编号", "the id of a flow that exists"))
}

/// A flow.
pub(super) fn flow(field: &Field<'_>) -> Result<Flow> {
    let position = RemotePosition {
        remote_id: field.get("interview_flow_id").parse(RemoteId::parse)?,
        name: field.get("title").parse(PositionName::parse)?,
    };
    let organisation = field.get("org_name").present().map(|name| name.parse(Line::parse)).transpose()?;
    let has_video =
        field.get("is_video_enabled").present().map(|flag| flag.boolean()).transpose()?.unwrap_or(false);
    Ok(Flow { position, organisation, has_video })
}

/// A whole interview.
pub(super) fn interview(
    value: &Value,
    flow: &Flow,
    scale: Option<Scale>,
    payload: &Document,
) -> Result<Fetched> {
    let root = Field::root(value);
    let data = root.get("interview_data");
    if root.get("status").text()? == "incomplete" {
        return Err(Error::NotReady);
    }
    let data = data.object()?;
    let remote_id = root.get("interview_id").parse(RemoteId::parse)?;
    let (started_at, ended_at) = times(&root)?;
    let extension = data.get("bank_extensions").present().map(Field::object).transpose()?;
    let extended = extension::read(extension.as_ref())?;
    Ok(Fetched {
        position: flow.position.clone(),
        candidate: candidate(&data, extension.as_ref())?,
        started_at,
        ended_at,
        questions: questions(&data)?,
        score: extended.score,
        criteria: criteria(&data.get("scores"), scale)?,
        model: extended.model,
        payload_sha256: payload.sha256(),
        payload_bytes: payload.bytes.len() as u64,
        resume_report: extended.resume_report,
        transcript: transcript(&data)?,
        emotion: extended.emotion,
        skill_assessment: extended.skill_assessment,
        video: video(&data, flow, &remote_id)?,
        remote_id,
    })
}

/// Two ends, either of which may be absent.
pub(super) type Ends<T> = (Option<T>, Option<T>);

/// When the interview in `record` began and ended, where the bank's extension says so.
pub(super) fn times(record: &Field<'_>) -> Result<Ends<DateTime<Utc>>> {
    let extension = record.get("interview_data").get("bank_extensions");
    let at = |name| extension.get(name).present().map(|field| field.instant()).transpose();
    Ok((at("started_at")?, at("ended_at")?))
}

/// The link to a media file of a record.
pub(super) fn media_link(value: &Value, file: &Line) -> Result<Url> {
    if file.as_str() != VIDEO {
        return Err(Error::NotFound);
    }
    let link = Field::root(value).get("interview_data").get("video_url").present().ok_or(Error::NotReady)?;
    url(&link)
}

fn url(link: &Field<'_>) -> Result<Url> {
    Url::parse(link.text()?).map_err(|_| link.malformed(Phrase::new("链接", "a URL")))
}

fn video(data: &Field<'_>, flow: &Flow, interview: &RemoteId) -> Result<Part<MediaRef>> {
    match data.get("video_url").present() {
        Some(link) => {
            url(&link)?;
            let file = Line::parse(VIDEO).map_err(|_| Error::NotFound)?;
            Ok(Part::Ready(MediaRef { interview: interview.clone(), file }))
        }
        None if flow.has_video => Ok(Part::NotYet),
        None => Ok(Part::Absent),
    }
}

fn candidate(data: &Field<'_>, extension: Option<&Field<'_>>) -> Result<RemoteCandidate> {
    let email = data.get("interviewee_email_address").present();
    let person = extension.and_then(|extension| extension.get("candidate").present());
    let given = |name| person.as_ref().and_then(|person| person.get(name).present());
    let identity = Identity {
        name: name(data)?,
        phone: given("phone").map(|field| field.parse(Phone::parse)).transpose()?,
        email: email.map(|field| field.parse(Email::parse)).transpose()?,
        id_number: given("id_number").map(|field| field.parse(IdNumber::parse)).transpose()?,
    };
    let remote_id = given("id").map(|field| field.parse(RemoteId::parse)).transpose()?;
    Ok(RemoteCandidate { remote_id, identity })
}

/// The name in its own order: 张三, but Jane Doe.
fn name(data: &Field<'_>) -> Result<Option<PersonName>> {
    let first = name_part(data.get("interviewee_first_name"))?;
    let last = name_part(data.get("interviewee_last_name"))?;
    let (first, last) = (first.as_deref().unwrap_or_default(), last.as_deref().unwrap_or_default());
    let is_latin = [first, last].iter().any(|part| part.contains(|c: char| c.is_ascii_alphabetic()));
    let whole = if is_latin { format!("{first} {last}") } else { format!("{last}{first}") };
    if whole.trim().is_empty() {
        return Ok(None);
    }
    let field = data.get("interviewee_last_name");
    PersonName::parse(&whole)
        .map(Some)
        .map_err(|_| field.malformed(Phrase::new("较短的姓名", "a shorter name")))
}

fn name_part(field: Field<'_>) -> Result<Option<String>> {
    let Some(field) = field.present() else { return Ok(None) };
    let text = field.text()?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    if text.contains("../") || text.contains("..\\") {
        return Err(field.malformed(Phrase::new("姓名，而不是路径", "a name and not a path")));
    }
    field.parse(PersonName::parse).map(|part| Some(part.as_str().to_owned()))
}

fn questions(data: &Field<'_>) -> Result<Vec<Question>> {
    let Some(mapping) = data.get("questions_to_transcript_mapping").present() else { return Ok(Vec::new()) };
    let question = |entry: &Field<'_>| {
        let (starts, ends) = span(entry, &entry.get("start_timestamp"), &entry.get("end_timestamp"))?;
        Ok(Question { text: entry.get("script_question").parse(Line::parse)?, starts, ends })
    };
    mapping.list()?.iter().map(question).collect()
}

/// A span in seconds. Which end is wrong can't be known where they are out of order: the complaint is about `whole`.
fn span(whole: &Field<'_>, starts: &Field<'_>, ends: &Field<'_>) -> Result<Ends<f64>> {
    let (from, to) = (seconds(starts)?, seconds(ends)?);
    if matches!((from, to), (Some(from), Some(to)) if from > to) {
        return Err(whole.malformed(Phrase::new("先后有序的起止秒数", "a span that ends after it starts")));
    }
    Ok((from, to))
}

fn seconds(field: &Field<'_>) -> Result<Option<f64>> {
    let Some(field) = field.clone().present() else { return Ok(None) };
    match field.number()? {
        number if number >= 0.0 => Ok(Some(number)),
        _ => Err(field.malformed(Phrase::new("不小于 0 的秒数", "seconds from 0 on"))),
    }
}

fn transcript(data: &Field<'_>) -> Result<Part<Transcript>> {
    let Some(turns) = data.get("transcript_with_timestamp").present() else { return Ok(Part::Absent) };
    let utterances: Vec<Utterance> = turns.list()?.iter().map(utterance).collect::<Result<_>>()?;
    if utterances.is_empty() { Ok(Part::Absent) } else { Ok(Part::Ready(Transcript { utterances })) }
}

fn utterance(turn: &Field<'_>) -> Result<Utterance> {
    let words = turn.get("words").present().map(|words| words.list()).transpose()?.unwrap_or_default();
    let (starts, ends) = match (words.first(), words.last()) {
        (Some(first), Some(last)) => span(&turn.get("words"), &first.get("start"), &last.get("end"))?,
        _ => (None, None),
    };
    let text = turn.get("content").parse(Prose::parse)?;
    Ok(Utterance { speaker: speaker(&turn.get("role"))?, starts, ends, text })
}

/// Who speaks. The documentation does not list the roles; these are those in use for conversations with a model.
fn speaker(role: &Field<'_>) -> Result<Speaker> {
    match role.text()? {
        "agent" | "assistant" | "interviewer" => Ok(Speaker::Interviewer),
        "user" | "candidate" | "interviewee" => Ok(Speaker::Candidate),
        _ => Err(role.malformed(Phrase::new("已知的说话人角色", "a known speaker's role"))),
    }
}

fn criteria(scores: &Field<'_>, scale: Option<Scale>) -> Result<Vec<Criterion>> {
    const NAMES: [&str; 7] = [
        "communication",
        "motivation",
        "skills",
        "language_vocabulary_and_expression",
        "language_grammar_and_structure",
        "language_fluency_and_pace",
        "language_comprehension",
    ];
    let Some(scale) = scale else { return Ok(Vec::new()) };
    let criterion = |name: &str| {
        let score: Score = match scores.get(name).present() {
            Some(field) => field.score(scale)?,
            None => return Ok(None),
        };
        let name = Line::parse(name).map_err(|_| Error::NotFound)?;
        Ok(Some(Criterion { name, score }))
    };
    NAMES.into_iter().filter_map(|name| criterion(name).transpose()).collect()
}

#[cfg(test)]
mod tests;
