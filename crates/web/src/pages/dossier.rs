//! A dossier: who it is, how far they are, and the materials, with the video at the centre.

pub(crate) mod check;
mod history;
pub(crate) mod interview;
mod judgements;
pub(crate) mod offer;
mod player;
mod scorecard;
pub(crate) mod timeline;

use std::sync::Arc;

use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use dossier_access::{Action, Resource};
use dossier_archive::{ApplicationView, Settings};
use dossier_domain::{
    ApplicationId, BankZone, Content, Language, Material, MaterialKind, Process, Score, Stage, TagOrigin,
    text::TagName,
};
use dossier_report::pages as report;
use maud::{Markup, html};

use super::stage;
use crate::{
    assets, events,
    failure::{Failure, Result},
    layout::{Page, Place, token},
    parts::{self, address, tag_class},
    person::Person,
    site::Site,
};

/// `GET /applications/{application}`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
) -> Result<Markup> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    let view = site.archive.show(&person.ctx, id).await?;
    let settings = site.archive.settings();
    let (language, zone) = (person.language(), settings.zone);
    let name = name(&view, language);
    let content = html! {
        (heading(&view, &person, &settings))
        (tabs(&view, &person, Tab::Dossier))
        div data-live="steps" data-events=(events::of_application(id)) {
            (steps(&view, &settings.process, person.ctx.now(), (language, zone)))
        }
        (stage::form(&view, &settings, &person))
        (sections(&view, &person))
        (player::show(&view, &person, zone))
        @for material in &view.materials { (structured(material, language)) }
        (files(&view, &person, zone))
        (judgements::show(&view, &person, zone))
        (history::show(&view, &settings.process, language, zone))
    };
    let page = Page::of(&person, Place::Candidates);
    let page = page.script(assets::PLAYER).script(assets::UPLOAD).script(assets::LIVE);
    Ok(page.render(&format!("{name} · {}", view.position.name), &content))
}

/// The views of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    Dossier,
    Interview,
    Check,
    Offer,
    Timeline,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Dossier, Self::Interview, Self::Check, Self::Offer, Self::Timeline];

    fn path(self) -> &'static str {
        match self {
            Self::Dossier => "",
            Self::Interview => "/interview",
            Self::Check => "/check",
            Self::Offer => "/offer",
            Self::Timeline => "/timeline",
        }
    }

    fn label(self, language: Language) -> &'static str {
        match self {
            Self::Dossier => language.pick("档案", "Dossier"),
            Self::Interview => language.pick("AI面试资料", "AI interview"),
            Self::Check => language.pick("背景调查", "Background check"),
            Self::Offer => "Offer",
            Self::Timeline => language.pick("时间线", "Timeline"),
        }
    }

    /// Whether there is something for this person in it.
    fn is_for(self, view: &ApplicationView, person: &Person) -> bool {
        let may = |action| person.ctx.decide(action, &Resource::of(&view.application)).is_allowed();
        let sees = |kind| may(Action::ViewMaterial(kind));
        match self {
            Self::Dossier | Self::Timeline => true,
            Self::Interview => sees(MaterialKind::Video) || sees(MaterialKind::Transcript),
            Self::Check => may(Action::ViewClaims),
            Self::Offer => may(Action::ViewOffers),
        }
    }
}

fn tabs(view: &ApplicationView, person: &Person, current: Tab) -> Markup {
    html! {
        nav.tabs aria-label=(person.language().pick("档案内容", "Views of the dossier")) {
            @for tab in Tab::ALL.into_iter().filter(|tab| tab.is_for(view, person)) {
                a href={ "/applications/" (view.application.id) (tab.path()) } aria-current=[(tab == current).then_some("page")] {
                    (tab.label(person.language()))
                }
            }
        }
    }
}

fn name(view: &ApplicationView, language: Language) -> &str {
    parts::name(view.identity.name.as_ref(), language)
}

fn heading(view: &ApplicationView, person: &Person, settings: &Settings) -> Markup {
    let (language, zone) = (person.language(), settings.zone);
    let interviewed = view.interviews.last().and_then(|interview| interview.started_at);
    html! {
        header.dossier {
            p.path {
                a href=(address("/candidates", &[])) { (language.pick("候选人", "Candidates")) }
                @for (depth, level) in view.folder.iter().enumerate() {
                    span.soft { "/" }
                    a href=(address("/candidates", &[("q", &folder_query(&view.folder[..=depth], language))])) { (level) }
                }
            }
            div.title {
                h1 { (name(view, language)) }
                p { (view.position.name) }
                span data-live="stage" { (parts::stage(view.application.stage(), language)) }
            }
            dl.facts {
                div { dt { (language.pick("AI得分", "AI score")) } dd { (parts::score(view.score.map(Score::normalised))) } }
                @if let Some(weighted) = view.weighted {
                    div { dt { (language.pick("加权得分", "Weighted score")) } dd { (parts::score(Some(weighted))) } }
                }
                @if let Some(emotion) = view.emotion {
                    div { dt { (language.pick("情绪", "Emotion")) } dd { (parts::emotion(Some(emotion), language)) } }
                }
                @if let Some(at) = interviewed {
                    div { dt { (language.pick("AI面试", "AI interview")) } dd { (parts::time(at, zone)) } }
                }
                div { dt { (language.pick("资料", "Materials")) } dd { (completeness(view, language)) } }
                (identity(view, language))
            }
            (tags(view, person, settings))
            @if view.damaged > 0 {
                p.notice.problem role="alert" {
                    (language.pick("有记录已损坏，无法显示；请联系系统管理员从备份恢复。",
                        "Some records are damaged and can't be shown; ask the system administrator to restore them."))
                }
            }
        }
    }
}

fn folder_query(path: &[String], language: Language) -> String {
    use dossier_search::{Query, query::Condition};
    Query::everything().with(Condition::Folder(path.join("/"))).text(language)
}

fn identity(view: &ApplicationView, language: Language) -> Markup {
    let known = [
        ("电话", "Phone", view.identity.phone.as_ref().map(ToString::to_string)),
        ("邮箱", "E-mail", view.identity.email.as_ref().map(ToString::to_string)),
        ("证件号", "ID number", view.identity.id_number.as_ref().map(ToString::to_string)),
    ];
    html! {
        @for (zh, en, value) in known {
            @if let Some(value) = value { div { dt { (language.pick(zh, en)) } dd { (value) } } }
        }
    }
}

fn completeness(view: &ApplicationView, language: Language) -> Markup {
    html! {
        @if view.missing.is_empty() { span.good { (language.pick("齐全", "complete")) } }
        @else {
            span.warn {
                (language.pick("缺 ", "lacks "))
                (view.missing.iter().map(|kind| kind.label(language)).collect::<Vec<_>>().join(language.pick("、", ", ")))
            }
        }
    }
}

/// The tags; those that people put can be taken away by those who may.
fn tags(view: &ApplicationView, person: &Person, settings: &Settings) -> Markup {
    let language = person.language();
    let may = person.ctx.decide(Action::ChangeTags, &Resource::of(&view.application)).is_allowed();
    let action = format!("/applications/{}/tags", view.application.id);
    let is_put = |name: &TagName| view.tags.iter().any(|tag| tag.name == *name);
    let ready: Vec<_> = settings.presets.iter().filter(|preset| !is_put(&preset.name)).collect();
    html! {
        div.tags {
            @for tag in &view.tags {
                @match tag.origin {
                    TagOrigin::Person { .. } if may => form class=(tag_class(&tag.name, settings, "tag own")) method="post" action=(action) {
                        (token(person))
                        span.name title=(tag.name) { (tag.name) }
                        button name="remove" value=(tag.name) aria-label={ (language.pick("去掉标签 ", "Remove the tag ")) (tag.name) } { "×" }
                    },
                    TagOrigin::Person { .. } => span class=(tag_class(&tag.name, settings, "tag own")) title=(tag.name) { (tag.name) },
                    TagOrigin::Rule { .. } => span.tag title={ (tag.name) " – " (language.pick("按规则自动添加", "put by a rule")) } { (tag.name) },
                }
            }
            @if may {
                form.add method="post" action=(action) {
                    (token(person))
                    input name="add" required maxlength="50" placeholder=(language.pick("加标签", "Add a tag"))
                        aria-label=(language.pick("加标签", "Add a tag")) {}
                    button { "+" }
                }
                @if !ready.is_empty() {
                    form.ready method="post" action=(action) {
                        (token(person))
                        @for preset in &ready {
                            button class=(tag_class(&preset.name, settings, "tag")) name="add" value=(preset.name) title=(preset.name)
                                aria-label={ (language.pick("加标签 ", "Add the tag ")) (preset.name) } { "+ " (preset.name) }
                        }
                    }
                }
            }
        }
    }
}

/// The stages on the way: those that are behind, with the days they took, the one in which it stands, and those ahead.
fn steps(
    view: &ApplicationView,
    process: &Process,
    now: DateTime<Utc>,
    (language, zone): (Language, BankZone),
) -> Markup {
    let at = process.settled(view.application.place());
    let way = Stage::ALL.into_iter().filter(|stage| !stage.is_end_without_hire());
    let reached =
        |stage: Stage| view.application.moves.iter().rev().find(|step| step.to == stage).map(|step| step.at);
    let took = view.application.days(now);
    html! {
        ol.steps aria-label=(language.pick("招聘阶段", "Stages")) {
            @for stage in way.chain(Some(at.stage).filter(|stage| stage.is_end_without_hire())) {
                @let (entered, is_now) = (reached(stage), at.stage == stage);
                li.done[entered.is_some() && !is_now].now[is_now].ended[stage.is_end_without_hire()] aria-current=[is_now.then_some("step")] {
                    span { (if is_now { process.label(&at, language) } else { process.name(stage, language).to_owned() }) }
                    @if let Some(entered) = entered {
                        small {
                            (zone.date(entered))
                            @if let Some(days) = took.get(&stage).filter(|_| !stage.is_end_without_hire()) { " · " (duration(*days, language)) }
                        }
                    }
                }
            }
        }
    }
}

/// Days in a stage, as people say it.
fn duration(days: f64, language: Language) -> String {
    match (language, days) {
        (Language::Chinese, ..1.0) => "不足 1 天".to_owned(),
        (Language::English, ..1.0) => "under a day".to_owned(),
        (Language::Chinese, days) => format!("{days:.0} 天"),
        (Language::English, ..1.5) => "1 day".to_owned(),
        (Language::English, days) => format!("{days:.0} days"),
    }
}

/// Links to what is on the page.
fn sections(view: &ApplicationView, person: &Person) -> Markup {
    let language = person.language();
    let there = |kind| view.materials.iter().any(|material| material.kind() == kind);
    let kinds = [
        MaterialKind::Video,
        MaterialKind::Transcript,
        MaterialKind::Emotion,
        MaterialKind::ResumeReport,
        MaterialKind::SkillAssessment,
    ];
    html! {
        nav.sections aria-label=(language.pick("本页内容", "On this page")) {
            @for kind in kinds.into_iter().filter(|kind| there(*kind)) {
                a href={ "#" (kind.name()) } { (kind.label(language)) }
            }
            a href="#files" { (language.pick("附件", "Supplements")) }
            a href="#history" { (language.pick("经过", "History")) }
            button.plain type="button" data-print hidden { (language.pick("打印", "Print")) }
        }
    }
}

/// Materials that are shown as a part of the page; video, transcript and emotion data stand with the player.
fn structured(material: &Material, language: Language) -> Markup {
    let content = match &material.content {
        Content::ResumeReport(found) => report::resume_report(language, found),
        Content::SkillAssessment(found) => report::skill_assessment(language, found),
        _ => return html! {},
    };
    html! {
        section.card.material id=(material.kind().name()) {
            h2.head { (material.kind().label(language)) }
            (content)
        }
    }
}

/// What HR added, and where they add more.
fn files(view: &ApplicationView, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let resource = Resource::of(&view.application);
    let may_upload = person.ctx.decide(Action::Upload, &resource).is_allowed();
    let may_take =
        person.ctx.decide(Action::DownloadMaterial(MaterialKind::Supplement), &resource).is_allowed();
    let files = || {
        view.materials.iter().filter_map(|material| match &material.content {
            Content::Supplement(file) => Some((material, file)),
            _ => None,
        })
    };
    html! {
        section.card #files {
            h2.head { (language.pick("附件", "Supplements")) }
            div data-live="files" { @if files().next().is_none() {
                p.soft { (language.pick("还没有附件。", "There are none yet.")) }
            } @else {
                table.list {
                    thead { tr {
                        th scope="col" { (language.pick("文件", "File")) }
                        th scope="col" { (language.pick("大小", "Size")) }
                        th scope="col" { (language.pick("加入时间", "Added")) }
                        th scope="col" {}
                    } }
                    tbody { @for (material, file) in files() {
                        @let link = format!("/applications/{}/materials/{}", view.application.id, material.id);
                        tr {
                            th scope="row" { a href=(link) target="_blank" { (file.name) } }
                            td.number { (parts::bytes(file.length)) }
                            td { (parts::time(material.received_at, zone)) }
                            td { @if may_take { a href={ (link) "?download=1" } { (language.pick("下载", "Download")) } } }
                        }
                    } }
                }
            } }
            @if may_upload {
                (upload_form(&view.application.id.to_string(), person))
            }
        }
    }
}

/// Files by hand: sent as a form, or by a script in parts that survive a lost connection.
fn upload_form(application: &str, person: &Person) -> Markup {
    let language = person.language();
    let pick = |zh, en| language.pick(zh, en);
    html! {
        form.upload method="post" enctype="multipart/form-data" action={ "/applications/" (application) "/upload" }
            data-upload={ "/api/v1/applications/" (application) "/uploads" } data-paused=(pick("已暂停", "Paused"))
            data-waiting=(pick("连接中断，恢复后自动继续", "The connection is lost; it goes on by itself")) {
            (token(person))
            label.drop {
                span { (pick("把文件拖到这里，或点击选择", "Drop files here, or choose them")) }
                small.soft { (pick("PDF、Word、图片、音频、视频；按内容识别", "PDF, Word, pictures, sound, video; known by content")) }
                input type="file" name="file" multiple required {}
            }
            p.notice data-unfinished hidden {
                (pick("有一个上传没有完成：再次选择同一文件，即从中断处继续。",
                    "An upload was not finished: choose the same file again and it goes on where it was."))
            }
            ul.transfers {}
            template {
                li.transfer {
                    span.name {} progress max="1" value="0" {} output.soft role="status" {}
                    button type="button" data-pause=(pick("暂停", "Pause")) data-resume=(pick("继续", "Resume")) { (pick("暂停", "Pause")) }
                    button type="button" data-stop { (pick("放弃", "Give up")) }
                }
            }
            button { (pick("上传", "Upload")) }
        }
    }
}
