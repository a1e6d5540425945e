//! Reports as PDF, by a typesetter that is none.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use dossier_access::log::Outcome;
use dossier_archive::{ErrorKind, LogFilter, Measure, ReportRequest, State};
use dossier_domain::Language;
use dossier_report::{Error, Format, Result, Typesetter, charts::Links, model::Report};
use dossier_testkit::{TestArchive, TestResult};

/// Gives the address of a query, and notes how many ask at a time.
#[derive(Default)]
struct Fake {
    fonts: Vec<String>,
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Typesetter for Fake {
    fn pdf(&self, _: &Report, links: Links<'_>) -> Result<Vec<u8>> {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        std::thread::sleep(std::time::Duration::from_millis(20));
        self.now.fetch_sub(1, Ordering::SeqCst);
        Ok(links("q").unwrap_or_default().into_bytes())
    }

    fn families(&self) -> Result<Vec<String>> {
        if self.fonts.is_empty() { Err(Error::NoFont) } else { Ok(self.fonts.clone()) }
    }
}

fn pass_rate() -> ReportRequest {
    ReportRequest {
        measure: Measure::PassRate,
        query: String::new(),
        by: Vec::new(),
        language: Language::Chinese,
        on_trial: None,
        periods: None,
    }
}

#[tokio::test]
async fn without_a_typesetter_there_are_no_pdfs_and_the_doctor_is_silent() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    let error = test.archive.report_file(&hr, pass_rate(), Format::Pdf, |_| None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.message(Language::Chinese), "此处不生成 PDF；请换一种格式");
    let checks = test.archive.doctor(&test.as_user("admin").await?, None).await?;
    assert!(checks.iter().all(|check| check.what.1 != "fonts for PDF"));
    Ok(())
}

#[tokio::test]
async fn few_pdfs_are_made_at_a_time() -> TestResult {
    let mut test = TestArchive::new().await?;
    let fake = Arc::new(Fake::default());
    Arc::get_mut(&mut test.archive).ok_or("shared")?.set_typesetter(fake.clone());
    let hr = test.as_user("hr").await?;
    let all = (0..6)
        .map(|_| test.archive.report_file(&hr, pass_rate(), Format::Pdf, |query| Some(format!("/{query}"))));
    let made = futures::future::join_all(all).await;
    assert!(made.into_iter().all(|pdf| pdf.is_ok_and(|pdf| pdf.bytes == b"/q")));
    assert_eq!(fake.most.load(Ordering::SeqCst), 2);
    Ok(())
}

#[tokio::test]
async fn the_doctor_says_which_fonts_there_are() -> TestResult {
    let mut test = TestArchive::new().await?;
    let admin = test.as_user("admin").await?;
    Arc::get_mut(&mut test.archive).ok_or("shared")?.set_typesetter(Arc::new(Fake::default()));
    let fonts = |checks: Vec<dossier_archive::Check>| {
        checks.into_iter().find(|check| check.what.1 == "fonts for PDF")
    };
    let check = fonts(test.archive.doctor(&admin, None).await?).ok_or("no line")?;
    assert_eq!(check.state, State::Attention);
    assert!(check.found.0.contains("fonts-noto-cjk") && check.found.1.contains("fonts-noto-cjk"));
    Arc::get_mut(&mut test.archive)
        .ok_or("shared")?
        .set_typesetter(Arc::new(Fake { fonts: vec!["Noto Sans CJK SC".to_owned()], ..Fake::default() }));
    let check = fonts(test.archive.doctor(&admin, None).await?).ok_or("no line")?;
    assert_eq!((check.state, check.found.1.as_str()), (State::Good, "Noto Sans CJK SC"));
    Ok(())
}

#[tokio::test]
async fn the_log_tells_as_what_a_report_left() -> TestResult {
    let test = TestArchive::new().await?;
    let hr = test.as_user("hr").await?;
    test.archive.report(&hr, pass_rate()).await?;
    for format in [Format::Csv, Format::Xlsx] {
        test.archive.report_file(&hr, pass_rate(), format, |_| None).await?;
    }
    let usage = ReportRequest { measure: Measure::Use, ..pass_rate() };
    test.archive.report_file(&hr, usage, Format::Json, |_| None).await?;
    let auditor = test.as_user("auditor").await?;
    let filter = LogFilter { action: Some("report".into()), ..LogFilter::default() };
    let log = test.archive.log_records(&auditor, filter).await?;
    let intended = log.records.iter().filter(|record| record.entry.outcome == Outcome::Intended);
    let mut said: Vec<String> = intended
        .map(|record| record.entry.objects.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        .collect();
    said.sort();
    assert_eq!(said, ["pass_rate", "pass_rate csv", "pass_rate xlsx", "use json"]);
    Ok(())
}
