//! The background check: each claim of the résumé beside what speaks for it, with a verdict, a note and evidence.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, State},
    response::{IntoResponse, Redirect, Response},
};
use dossier_access::{Action, Resource};
use dossier_archive::Claims;
use dossier_domain::{
    ApplicationId, BankZone, Claim, Language, MaterialId,
    check::{Checked, Finding, LONGEST_NOTE, Verdict},
    text::{Line, Prose},
};
use maud::{Markup, html};

use super::{Tab, heading, name, structured, tabs};
use crate::{
    failure::{Failure, Result},
    form::{self, TOKEN_FIELD, typed},
    layout::{Page, Place, token},
    pages::sign_in::alert,
    parts::{self, empty},
    person::Person,
    site::Site,
};

/// `GET /applications/{application}/check`
pub(crate) async fn page(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
) -> Result<Markup> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    show(&person, &site, id, None).await
}

/// `POST /applications/{application}/check`
pub(crate) async fn write(
    person: Person,
    State(site): State<Arc<Site>>,
    Path(application): Path<String>,
    sent: Multipart,
) -> Result<Response> {
    let id: ApplicationId = application.parse().map_err(|_| Failure::NoPage)?;
    match take(&person, &site, id, sent).await {
        Ok(()) => Ok(Redirect::to(&format!("/applications/{id}/check")).into_response()),
        Err(failure) if [400, 409, 422].contains(&failure.status().as_u16()) => {
            let page = show(&person, &site, id, Some(&failure)).await?;
            Ok((failure.status(), page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// What a form says about a claim; the file comes last.
#[derive(Default)]
struct Written {
    claim: String,
    verdict: String,
    note: String,
    known: String,
}

impl Written {
    fn checked(&self) -> Result<Checked> {
        let note = Prose::parse(&self.note.replace("\r\n", "\n"));
        let note = note.map_err(|error| Failure::bad(format!("说明不可用：{error}"), error.to_string()))?;
        Ok(Checked {
            claim: typed::<Line>(("声明", "a claim"), &self.claim)?,
            verdict: typed::<Verdict>(("结论", "a verdict"), &self.verdict)?,
            note: Some(note),
            evidence: None,
        })
    }
}

async fn take(person: &Person, site: &Site, id: ApplicationId, mut sent: Multipart) -> Result<()> {
    person.visitor.sent_by_our_pages()?;
    let (mut trusted, mut written, mut is_kept) = (false, Written::default(), false);
    while let Some(field) = sent.next_field().await.map_err(form::unreadable)? {
        match field.name() {
            Some(TOKEN_FIELD) => trusted |= person.session.is_token(&form::text(field).await?),
            Some("claim") => written.claim = form::text(field).await?,
            Some("verdict") => written.verdict = form::text(field).await?,
            Some("note") => written.note = form::text(field).await?,
            Some("known") => written.known = form::text(field).await?,
            Some("file") if !trusted => return Err(Failure::Forged),
            Some("file") if field.file_name().is_some_and(|name| !name.is_empty()) => {
                // What was written stands before the file is read.
                let claim = keep(person, site, id, &written).await?;
                is_kept = true;
                let name = field.file_name().unwrap_or_default().to_owned();
                site.archive.add_evidence(&person.ctx, id, &claim, &name, None, field).await?;
            }
            _ => {}
        }
    }
    match (trusted, is_kept) {
        (false, _) => Err(Failure::Forged),
        (true, true) => Ok(()),
        (true, false) => keep(person, site, id, &written).await.map(drop),
    }
}

async fn keep(person: &Person, site: &Site, id: ApplicationId, written: &Written) -> Result<Line> {
    let checked = written.checked()?;
    let claim = checked.claim.clone();
    site.archive.check_claim(&person.ctx, id, checked, written.known.parse().ok()).await?;
    Ok(claim)
}

async fn show(person: &Person, site: &Site, id: ApplicationId, problem: Option<&Failure>) -> Result<Markup> {
    let claims = site.archive.claims(&person.ctx, id).await?;
    let view = site.archive.show(&person.ctx, id).await?;
    let settings = site.archive.settings();
    let (language, zone) = (person.language(), settings.zone);
    let may_write = person.ctx.decide(Action::CheckClaims, &Resource::of(&view.application)).is_allowed();
    let content = html! {
        (heading(&view, person, &settings))
        (tabs(&view, person, Tab::Check))
        (alert(problem.map(|failure| failure.detail(language)).as_deref()))
        div.beside {
            section.claims aria-label=(language.pick("简历声明", "Claims")) {
                (summary(&claims, language))
                @if claims.claims.is_empty() {
                    (empty(language.pick("没有需要核实的声明", "There is nothing to check"), &html! {
                        (language.pick("简历筛选报告到达后，其中的声明会列在这里；也可以自行添加。",
                            "What the résumé report claims is listed here once it has come; or add a claim below."))
                    }))
                }
                @for claim in &claims.claims { (one(claim, &claims, may_write, person, zone)) }
                @if may_write { (another(&claims, person)) }
            }
            aside tabindex="0" aria-label=(language.pick("对照资料", "What to compare with")) {
                @for material in &view.materials { (structured(material, language)) }
            }
        }
    };
    let title = format!("{} · {}", name(&view, language), Tab::Check.label(language));
    Ok(Page::of(person, Place::Candidates).wide().render(&title, &content))
}

fn summary(claims: &Claims, language: Language) -> Markup {
    let count = |verdict| claims.claims.iter().filter(|of| of.verdict() == verdict).count();
    html! {
        p.total role="status" {
            @for (place, verdict) in Verdict::ALL.into_iter().enumerate() {
                @if place > 0 { " · " }
                (verdict.label(language)) " " (count(verdict))
            }
        }
    }
}

fn one(claim: &Claim, all: &Claims, may_write: bool, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    let verdict = claim.verdict();
    let class = match verdict {
        Verdict::Open => "soft",
        Verdict::Confirmed => "good",
        Verdict::Contradicted => "bad",
    };
    html! {
        section.card.claim {
            h2 { (claim.text) " " small class=(class) { (verdict.label(language)) } }
            dl.facts {
                div { dt { (language.pick("来源", "Source")) } dd {
                    @if claim.is_reported { (language.pick("简历筛选报告", "Résumé report")) }
                    @else { (language.pick("背调人员添加", "added by a checker")) }
                } }
                div { dt { (language.pick("测评", "Assessments")) } dd {
                    @if claim.tested.is_empty() { span.soft { "–" } }
                    @for (skill, score) in &claim.tested { span { (skill) " " (parts::number(*score)) " " } }
                } }
                div { dt { (language.pick("文件", "Files")) } dd { (files(&claim.files, all)) } }
            }
            @if let Some(finding) = &claim.finding { (found(finding, all, language, zone)) }
            @if may_write { (form(claim, person)) }
        }
    }
}

fn files(files: &[MaterialId], all: &Claims) -> Markup {
    let named = files.iter().filter_map(|id| {
        let material = all.materials.iter().find(|of| of.id == *id)?;
        Some((id, &material.content.file()?.name))
    });
    html! {
        @if files.is_empty() { span.soft { "–" } }
        @for (id, name) in named {
            a href={ "/applications/" (all.application.id) "/materials/" (id) } target="_blank" { (name) } " "
        }
    }
}

fn found(finding: &Finding, all: &Claims, language: Language, zone: BankZone) -> Markup {
    html! {
        p {
            @if let Some(note) = &finding.note { (note) " " }
            small.soft {
                (all.people.get(&finding.by).map_or(language.pick("（已离开）", "(gone)"), |name| name.as_str()))
                " · " (parts::time(finding.at, zone))
            }
        }
    }
}

fn form(claim: &Claim, person: &Person) -> Markup {
    let language = person.language();
    let finding = claim.finding.as_ref();
    html! {
        details open[claim.verdict() == Verdict::Open] {
            summary { (language.pick("填写结论", "Write a verdict")) }
            form method="post" enctype="multipart/form-data" {
                (token(person))
                input type="hidden" name="claim" value=(claim.text) {}
                input type="hidden" name="known" value=(finding.map_or(0, |finding| finding.revision)) {}
                (fields(claim.verdict(), finding.and_then(|finding| finding.note.as_ref()), &claim.text, language))
                button { (language.pick("保存", "Save")) }
            }
        }
    }
}

fn fields(
    chosen: Verdict,
    note: Option<&Prose>,
    about: &dyn std::fmt::Display,
    language: Language,
) -> Markup {
    let about = about.to_string();
    html! {
        fieldset.inline {
            legend.unseen { (about) (language.pick("：结论", ": verdict")) }
            @for verdict in Verdict::ALL {
                label { input type="radio" name="verdict" value=(verdict.name()) required checked[verdict == chosen] {} " " (verdict.label(language)) }
            }
        }
        textarea name="note" rows="2" maxlength=(LONGEST_NOTE)
            aria-label={ (about) (language.pick("：说明", ": note")) }
            placeholder=(language.pick("依据（“不符”时必填）", "By what (needed for “contradicted”)")) { "\n" (note.map_or("", |note| note.as_str())) }
        label { span.soft { (language.pick("证明文件 ", "Evidence ")) } input type="file" name="file" aria-label={ (about) (language.pick("：证明文件", ": evidence")) } {} }
    }
}

/// A claim that the report does not name.
fn another(claims: &Claims, person: &Person) -> Markup {
    let language = person.language();
    let title = language.pick("添加一项声明", "Add a claim");
    html! {
        form.card method="post" enctype="multipart/form-data" action={ "/applications/" (claims.application.id) "/check" } {
            (token(person))
            h2 { (title) }
            input name="claim" required maxlength="400" aria-label=(language.pick("声明", "Claim"))
                placeholder=(language.pick("如：2019–2022 年任某行客户经理", "such as: account manager at a bank, 2019–2022")) {}
            (fields(Verdict::Open, None, &title, language))
            button { (language.pick("添加", "Add")) }
        }
    }
}
