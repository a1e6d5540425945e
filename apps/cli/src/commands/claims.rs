//! `claims`: the background check of an application.
//!
//! JSON: `{"claims":[{"claim","reported","tested":[{"skill","score"}],"files","verdict","finding"}]}`; a finding has
//! `claim`, `verdict`, `note`, `evidence`, `by`, `name`, `at`, `revision`, and is what is answered to `--claim`.

use dossier_client::checks::{Claim, Finding, WrittenClaim};
use dossier_domain::{
    check::Verdict,
    text::{Line, Prose},
};
use serde_json::json;

use crate::{
    args,
    desk::Desk,
    error::Result,
    files::Outgoing,
    input,
    table::{Side, Table},
    text::{Style, Text, number, say},
};

/// `claims`
pub(super) async fn run(asked: &args::Claims, desk: &Desk<'_>) -> Result<()> {
    let id = desk.application(&asked.application).await?;
    let (Some(claim), Some(verdict)) = (&asked.claim, &asked.verdict) else {
        let found = desk.service.claims(id).await?;
        show(&found.claims, desk);
        desk.out.document(&json!(found));
        return Ok(());
    };
    let claim: Line = input::text("声明", claim)?;
    let verdict: Verdict = input::word("结论", "open, confirmed, contradicted", verdict)?;
    let note = asked.note.as_deref().map(input::prose).transpose()?;
    let evidence = match &asked.evidence {
        Some(path) => Some(Outgoing::of(path, desk.out, desk.language().pick("上传", "upload")).await?),
        None => None,
    };
    let mut finding =
        desk.service.check_claim(id, WrittenClaim { claim: claim.clone(), verdict, note }).await?;
    if let Some(file) = evidence {
        let kept = desk.service.add_evidence(id, &claim, &file.name(), &file).await?;
        finding.evidence.push(kept.id);
        finding.revision += 1;
    }
    written(&finding, desk);
    desk.out.document(&json!(finding));
    Ok(())
}

fn written(finding: &Finding, desk: &Desk<'_>) {
    let (claim, verdict) = (&finding.claim, finding.verdict.label(desk.language()));
    let files = finding.evidence.len();
    desk.out.line(say!(
        desk.language(),
        "“{claim}”：{verdict}，证明文件 {files} 份",
        "{claim}: {verdict}, with {files} files as evidence"
    ));
}

fn show(claims: &[Claim], desk: &Desk<'_>) {
    let language = desk.language();
    if claims.is_empty() {
        return desk.out.line(language.pick("没有需要核实的声明", "there is nothing to check"));
    }
    let mut table = Table::new([
        (Side::Left, language.pick("声明", "Claim")),
        (Side::Left, language.pick("结论", "Verdict")),
        (Side::Left, language.pick("测评", "Assessments")),
        (Side::Right, language.pick("文件", "Files")),
        (Side::Loose, language.pick("说明", "Note")),
    ]);
    for of in claims {
        let style = match of.verdict {
            Verdict::Contradicted => Style::Bad,
            Verdict::Confirmed => Style::Bold,
            Verdict::Open => Style::Plain,
        };
        let tested = of.tested.iter().map(|of| format!("{} {}", of.skill, number(of.score)));
        let note = of.finding.as_ref().and_then(|finding| finding.note.as_ref());
        table.row([
            Text::from(of.claim.as_str()),
            Text::of(style, of.verdict.label(language)),
            Text::from(tested.collect::<Vec<_>>().join(language.pick("、", ", "))),
            Text::from(of.files.len().to_string()),
            Text::from(note.map(Prose::as_str).unwrap_or_default()),
        ]);
    }
    desk.out.table(&table);
}
