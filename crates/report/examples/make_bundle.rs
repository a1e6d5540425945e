//! Makes a bundle of one made-up application and writes its ZIP to the path given, or into memory only.

use std::{error::Error, fs, io::Write};

use dossier_domain::{
    ApplicationId, MaterialKind, Score, Speaker, Stage, Transcript, Utterance,
    text::{Line, Login, PersonName, PositionName, Prose, TagName},
};
use dossier_report::{
    Bundle, BundleFile, BundleRow, Locale, Subject, index_xlsx, pages,
    zip::{Plan, Source},
};

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() -> Result<(), Box<dyn Error>> {
    let locale = Locale::default();
    let made_at = "2023-11-08T02:30:00Z".parse()?;
    let subject = Subject {
        candidate: Some(PersonName::parse("张三")?),
        position: PositionName::parse("客户经理")?,
        interviewed_at: Some("2023-10-12T01:30:00Z".parse()?),
    };
    let said = Utterance {
        speaker: Speaker::Candidate,
        starts: Some(4.0),
        ends: Some(9.5),
        text: Prose::parse("我在银行做了三年客户经理。")?,
    };
    let transcript = Transcript { utterances: vec![said] };
    let page = pages::transcript_html(locale, &subject, &transcript, &[]);

    // Each file gets its path first, so that the start page can link to it.
    let mut plan = Plan::new(locale.zone);
    let mut contents = vec![page.into_bytes()];
    let path = plan.add_content("客户经理/张三/语音转文字.html", &contents[0], made_at)?.to_owned();
    let row = BundleRow {
        application: ApplicationId::new(made_at, 1),
        subject,
        stage: Stage::HumanInterview,
        score: Some(Score::percent(85.0)?),
        tags: vec![TagName::parse("情绪积极")?],
        files: vec![BundleFile {
            kind: MaterialKind::Transcript,
            path,
            bytes: contents[0].len().try_into()?,
        }],
    };
    let bundle = Bundle {
        made_at,
        made_by: Login::parse("wang.li")?,
        query: "张三+客户经理+80分".to_owned(),
        reason: Line::parse("人工面试准备")?,
        contents: vec![MaterialKind::Video, MaterialKind::Transcript],
        rows: vec![row],
    };
    for (name, content) in [
        ("index.html", pages::index_html(locale, &bundle).into_bytes()),
        ("index.xlsx", index_xlsx(locale, &bundle)?),
    ] {
        plan.add_content(name, &content, made_at)?;
        contents.push(content);
    }

    let mut file: Box<dyn Write> = match std::env::args_os().nth(1) {
        Some(path) => Box::new(fs::File::create(path)?),
        None => Box::new(std::io::sink()),
    };
    for piece in plan.pieces() {
        file.write_all(&match piece.source {
            Source::LocalHeader(entry) => plan.local_header(entry),
            Source::Content(entry) => contents[entry].clone(),
            Source::CentralDirectory => plan.central_directory(),
        })?;
    }
    for entry in plan.entries() {
        println!("{:>8}  {}", entry.size, entry.name);
    }
    println!("{:>8}  in all, known before the first byte was written", plan.length());
    Ok(())
}
