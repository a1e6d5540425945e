//! `show`: one dossier.
//!
//! JSON: `{"application","candidate","identity","position","folder","tags","score","emotion","interviews","materials",
//! "missing","damaged","video"}`, each as it is stored; what the actor may not see is absent. `video` names the file that
//! was saved with `--video`.

mod materials;

use std::path::Path;

use dossier_client::applications::Shown;
use dossier_domain::{ApplicationId, Interview, MaterialKind, Outcome, TagOrigin};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    files::Arrival,
    text::{Style, Text, bytes, clock, number, say},
};

/// How wide the labels at the left are.
const LABEL: usize = 12;

/// `show`
pub(super) async fn run(asked: &args::Show, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    show(id, asked.transcript, asked.video.as_deref(), desk).await
}

/// Shows the dossier of an application.
pub(super) async fn show(
    id: ApplicationId,
    all_said: bool,
    video: Option<&Path>,
    desk: &Desk<'_>,
) -> Result<()> {
    let view = desk.service.show(id).await?;
    heading(&view, desk);
    history(&view, desk);
    materials::show(&view, all_said, desk);
    if let Some(path) = video {
        save_video(&view, path, desk).await?;
    }
    let mut document = json!(view);
    document["video"] = json!(video);
    desk.out.document(&document);
    Ok(())
}

/// A line behind a label at the left.
fn labelled(desk: &Desk<'_>, label: (&str, &str), text: Text) {
    listed(desk, label, [text]);
}

/// Items behind a label at the left, in as many lines as they need.
fn listed(desk: &Desk<'_>, (zh, en): (&str, &str), items: impl IntoIterator<Item = Text>) {
    desk.out.flow(&Text::default().dim(desk.language().pick(zh, en)), LABEL, items);
}

fn heading(view: &Shown, desk: &Desk<'_>) {
    let language = desk.language();
    let identity = &view.identity;
    let name = identity.name.as_ref().map_or("–", |name| name.as_str());
    let stage = view.application.stage().label(language);
    let title = Text::default().bold(name).plain(" · ").bold(&view.position.name).plain(" · ").plain(stage);
    desk.out.flow(&Text::default(), 0, [title, Text::default().dim(view.application.id)]);
    let known = [
        identity.phone.as_ref().map(|phone| say!(language, "电话 {phone}", "phone {phone}")),
        identity.email.as_ref().map(|email| say!(language, "邮箱 {email}", "e-mail {email}")),
        identity.id_number.as_ref().map(|number| say!(language, "证件 {number}", "ID {number}")),
    ];
    if known.iter().any(Option::is_some) {
        listed(desk, ("身份", "Identity"), known.into_iter().flatten().map(Text::from));
    }
    labelled(desk, ("文件夹", "Folder"), Text::from(view.folder.join("/")));
    if !view.tags.is_empty() {
        let tags = view.tags.iter().map(|tag| match tag.origin {
            TagOrigin::Person { .. } => Text::default().bold(format!("#{}", tag.name)),
            TagOrigin::Rule { .. } => Text::from(tag.name.as_str()),
        });
        listed(desk, ("标签", "Tags"), tags);
    }
    if view.damaged > 0 {
        let damaged = view.damaged;
        let said = say!(
            language,
            "{damaged} 条记录已损坏，无法显示；请从备份中恢复",
            "{damaged} records are damaged and can't be shown; restore them from a backup"
        );
        labelled(desk, ("损坏", "Damage"), Text::of(Style::Bad, said));
    }
}

fn history(view: &Shown, desk: &Desk<'_>) {
    let language = desk.language();
    for (count, step) in view.application.moves.iter().enumerate() {
        let from = step.from.map(|from| format!("{} → ", from.label(language))).unwrap_or_default();
        let mut line = Text::from(desk.time(step.at)).plain("  ").plain(from).plain(step.to.label(language));
        let outcome = step.outcome_label(view.application.is_undo(count), language);
        if step.outcome != Outcome::Entered && !outcome.is_empty() {
            line = line.dim(format!("  {outcome}"));
        }
        if let Some(reason) = &step.reason {
            line = line.dim(format!("  {reason}"));
        }
        labelled(desk, if count == 0 { ("经过", "History") } else { ("", "") }, line);
    }
    view.interviews.iter().for_each(|interview| sitting(interview, desk));
    if let Some(weighted) = view.weighted {
        labelled(desk, ("加权得分", "Weighted"), Text::default().bold(number(weighted)));
    }
}

/// One interview: when, how long, where, and with what scores.
fn sitting(interview: &Interview, desk: &Desk<'_>) {
    let language = desk.language();
    let mut line = Text::from(interview.started_at.map(|at| desk.time(at)).unwrap_or_default());
    if let (Some(start), Some(end)) = (interview.started_at, interview.ended_at) {
        line = line.dim(format!(" {}", clock((end - start).as_seconds_f64())));
    }
    line = line.plain("  ").plain(&interview.vendor);
    if let Some(emotion) = interview.emotion {
        line = line.plain(language.pick("  情绪 ", "  emotion ")).plain(emotion.label(language));
    }
    labelled(desk, ("面试", "Interview"), line);
    scores(interview, desk);
}

/// The score on its own scale, the criteria, and what the score was before it was corrected.
fn scores(interview: &Interview, desk: &Desk<'_>) {
    let language = desk.language();
    let Some(score) = interview.score() else { return };
    let (raw, scale) = (number(score.raw()), score.scale());
    let (min, max) = (number(scale.min()), number(scale.max()));
    let value = Text::default().bold(number(score.normalised()));
    let value = value.dim(say!(language, "  原始 {raw}（{min}–{max}）", "  raw {raw} ({min}–{max})"));
    let criteria = interview.criteria.iter();
    let criteria =
        criteria.map(|of| Text::from(format!("{} {}", of.label(language), number(of.score.normalised()))));
    listed(desk, ("AI得分", "AI score"), std::iter::once(value).chain(criteria));
    let earlier = interview.scores.split_last().map_or(&[][..], |(_, earlier)| earlier);
    if !earlier.is_empty() {
        let were = earlier.iter().map(|of| {
            let (value, at) = (number(of.score.normalised()), desk.time(of.received_at));
            Text::from(say!(language, "{value}（{at} 收到）", "{value} (received {at})"))
        });
        listed(desk, ("更正前", "Before"), were);
    }
}

async fn save_video(view: &Shown, path: &Path, desk: &Desk<'_>) -> Result<()> {
    let video = view.materials.iter().find(|material| material.kind() == MaterialKind::Video);
    let Some(video) = video else {
        let what = dossier_archive::What::Material;
        let name = MaterialKind::Video.label(desk.language()).to_owned();
        return Err(dossier_archive::Error::NotFound { what, name }.into());
    };
    let mut file = Arrival::create(path, desk.out, desk.language().pick("视频", "video"))?;
    desk.service.download(view.application.id, video.id, &mut file).await?;
    file.finish()?;
    let length = video.content.file().map_or(0, |file| file.length);
    let (place, size) = (path.display(), bytes(length));
    desk.out.line(say!(desk.language(), "视频已保存：{place}（{size}）", "The video is in {place} ({size})"));
    Ok(())
}
