//! The player: video, transcript that follows, emotion curve under the timeline, questions as marks.

use dossier_access::{Action, Resource};
use dossier_archive::ApplicationView;
use dossier_domain::{
    BankZone, EmotionProfile, Interview, Language, Material, MaterialKind, Question, Speaker, Transcript,
    Utterance,
};
use dossier_report::{
    figures::{place, seconds},
    pages::{emotion, emotion_curve, emotion_figures, speaker_label},
};
use maud::{Markup, html};

use crate::{parts, person::Person};

/// The speeds that can be chosen.
const SPEEDS: [&str; 5] = ["0.75", "1", "1.25", "1.5", "2"];

/// The materials that belong to one sitting.
struct Sitting<'a> {
    view: &'a ApplicationView,
    interview: Option<&'a Interview>,
    video: Option<&'a Material>,
    transcript: Option<&'a Transcript>,
    emotion: Option<&'a EmotionProfile>,
}

pub(super) fn show(view: &ApplicationView, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let sitting = Sitting::newest(view);
    let questions = sitting.interview.map_or(&[][..], |interview| interview.questions.as_slice());
    let curve = sitting.emotion.zip(sitting.video).and_then(|(of, video)| {
        let length = video.content.file().and_then(|file| file.seconds).or_else(|| sitting.spoken());
        emotion_curve(language, of, length)
    });
    html! {
        @if sitting.video.is_none() && sitting.transcript.is_none() && sitting.emotion.is_none() {
            section.card {
                p.soft { (language.pick("还没有可以查看的面试资料。", "There is nothing of an interview to see here yet.")) }
            }
        } @else {
            section.sitting data-player {
                @if let Some(video) = sitting.video { (screen(&sitting, video, curve.as_ref(), questions, person, zone)) }
                @if let Some(transcript) = sitting.transcript { (said(transcript, questions, sitting.video.is_some(), language)) }
            }
            @if let Some(profile) = sitting.emotion {
                section.card.material #emotion {
                    h2.head { (MaterialKind::Emotion.label(language)) }
                    @if curve.is_some() { (emotion_figures(language, profile)) } @else { (emotion(language, profile)) }
                }
            }
        }
    }
}

impl<'a> Sitting<'a> {
    /// When the last word is said, which is near the film's end.
    fn spoken(&self) -> Option<f64> {
        let ends = self.transcript?.utterances.iter().filter_map(|of| seconds(of.ends));
        ends.reduce(f64::max)
    }

    fn newest(view: &'a ApplicationView) -> Self {
        let material = |kind| view.materials.iter().find(|material| material.kind() == kind);
        let transcript = material(MaterialKind::Transcript);
        let profile = material(MaterialKind::Emotion);
        Self {
            view,
            interview: view.interviews.last(),
            video: material(MaterialKind::Video),
            transcript: transcript.and_then(|of| of.content.transcript()),
            emotion: profile.and_then(|of| of.content.emotion()),
        }
    }
}

fn screen(
    sitting: &Sitting<'_>,
    video: &Material,
    curve: Option<&Markup>,
    questions: &[Question],
    person: &Person,
    zone: BankZone,
) -> Markup {
    let language = person.language();
    let link = format!("/applications/{}/materials/{}", sitting.view.application.id, video.id);
    let media_type = video.content.file().map_or("video/mp4", |file| file.media_type.as_str());
    let resource = Resource::of(&sitting.view.application);
    let may_take = person.ctx.decide(Action::DownloadMaterial(MaterialKind::Video), &resource).is_allowed();
    html! {
        div.screen #video {
            h2.unseen { (MaterialKind::Video.label(language)) }
            div.stage {
                video controls preload="metadata" playsinline disablepictureinpicture
                    controlslist="nodownload nofullscreen noremoteplayback" tabindex="0" {
                    source src=(link) type=(media_type) {}
                    @if sitting.transcript.is_some() {
                        track kind="captions" src={ (link) "/captions.vtt" } srclang=(language.pick("zh", "en"))
                            label=(language.pick("字幕", "Captions")) {}
                    }
                }
                div.watermark aria-hidden="true" {
                    @let mark = mark(person, zone);
                    @for _ in 0..6 { span { (mark) } }
                }
            }
            @if let Some(curve) = curve { div.curve data-curve { (curve) } }
            div.controls hidden {
                @for speed in SPEEDS {
                    button type="button" data-speed=(speed) aria-pressed=(speed == "1") { (speed) "×" }
                }
                button type="button" data-full { (language.pick("全屏", "Full screen")) }
                @if may_take { a href={ (link) "?download=1" } { (language.pick("下载视频", "Download")) } }
            }
            @if !questions.is_empty() {
                ol.questions aria-label=(language.pick("面试问题", "Questions")) {
                    @for question in questions {
                        li {
                            @match seconds(question.starts) {
                                Some(at) => a data-at=(parts::number(at)) href={ "#t=" (parts::number(at)) } {
                                    span.at { (place(at)) } (question.text)
                                },
                                None => span { (question.text) },
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Who watches, and when: what a photograph of the screen will show.
fn mark(person: &Person, zone: BankZone) -> String {
    let who =
        person.ctx.actor().user().map(|user| format!("{} {}", user.name, user.login)).unwrap_or_default();
    format!("{who} {}", zone.show(person.ctx.now()))
}

fn said(transcript: &Transcript, questions: &[Question], has_video: bool, language: Language) -> Markup {
    let places = transcript.places(questions);
    html! {
        div.said #transcript {
            div.bar {
                h2 { (MaterialKind::Transcript.label(language)) }
                @if has_video {
                    label data-follow hidden { input type="checkbox" checked {} " " (language.pick("跟随播放", "Follow")) }
                }
            }
            div.turns tabindex="0" role="region" aria-label=(MaterialKind::Transcript.label(language)) {
                @for (index, utterance) in transcript.utterances.iter().enumerate() {
                    @for (number, question) in questions.iter().enumerate().filter(|(number, _)| places[*number] == Some(index)) {
                        h3 { span.ordinal { (number + 1) } (question.text) }
                    }
                    (turn(utterance, has_video, language))
                }
            }
        }
    }
}

fn turn(utterance: &Utterance, has_video: bool, language: Language) -> Markup {
    let by = match utterance.speaker {
        Speaker::Interviewer => "interviewer",
        Speaker::Candidate => "candidate",
    };
    let at = seconds(utterance.starts);
    html! {
        div class={ "turn " (by) } data-from=[at.map(parts::number)] data-to=[seconds(utterance.ends).map(parts::number)] {
            p.who {
                (speaker_label(utterance.speaker, language))
                @if let Some(at) = at {
                    (parts::play(at, has_video, language))
                }
            }
            p { (utterance.text) }
        }
    }
}
