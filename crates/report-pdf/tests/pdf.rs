//! PDFs as another reader (poppler) finds them.

#![expect(clippy::unwrap_used, reason = "a made-up value that does not parse is a broken test")]

#[path = "../../report/tests/files/reports.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod reports;

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::LazyLock,
};

use dossier_domain::Language;
use dossier_report::{
    Error, Typesetter as _,
    model::{Cell, Kind, Part, Report, Table},
};
use dossier_report_pdf::{Fonts, MOST_COLUMNS, MOST_ROWS, Press};
use reports::{HOSTILE, column, hostile, report, sample};

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::find(None).unwrap());

fn pdf(report: &Report) -> Vec<u8> {
    FONTS.pdf(report, &|_| None).unwrap()
}

/// What a command of poppler says of a PDF.
fn ask(command: &str, arguments: &[&str], pdf: &[u8]) -> String {
    let mut child =
        Command::new(command).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let sent = pdf.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&sent));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "{command}: {}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of each page in its own order, without spaces and breaks, which readers put where they see them.
fn pages(pdf: &[u8]) -> Vec<String> {
    let text = ask("pdftotext", &["-raw", "-", "-"], pdf);
    text.trim_end_matches('\u{c}').split('\u{c}').map(dense).collect()
}

fn dense(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200B}').collect()
}

fn info(pdf: &[u8], name: &str) -> String {
    let info = ask("pdfinfo", &["-"], pdf);
    let line = info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name} in {info}")).trim().to_owned()
}

fn is_accessible(pdf: &[u8]) -> bool {
    pdf.windows(8).any(|window| window == b"pdfuaid:")
}

/// A table of so many rows and columns.
fn table(rows: usize, columns: usize) -> Report {
    let names = (0..columns).map(|index| column("c", &format!("第{index}列"), Kind::Text)).collect();
    let row = |index: usize| (0..columns).map(|column| Cell::text(format!("格{index}-{column}"))).collect();
    let table = Table { columns: names, rows: (0..rows).map(row).collect(), total: None };
    report(Language::Chinese, vec![Part { title: "名单".to_owned(), notes: Vec::new(), table, chart: None }])
}

#[test]
fn all_that_a_report_says_is_there_in_both_languages() {
    for (language, page) in [(Language::Chinese, "第1页，共"), (Language::English, "Page1of")] {
        let sample = sample(language);
        let pdf = pdf(&sample);
        let pages = pages(&pdf);
        let text = pages.concat();
        let parts = sample.parts.iter();
        let said = parts.clone().map(|part| &part.title).chain(parts.flat_map(|part| &part.notes));
        let about = sample.about();
        let said = said.chain(about.iter().flat_map(|fact| [&fact.name, &fact.text])).chain([&sample.title]);
        for words in said {
            assert!(text.contains(&dense(words)), "{words}: {text}");
        }
        for cell in ["75.0%", "70.9%–79.1%", "1,515", "2023-09-01", "−3.5", "Python开发工程师"] {
            assert!(text.contains(cell), "{cell}: {text}");
        }
        assert!(pages[0].contains(page), "{}", pages[0]);
        assert!(
            pages.iter().all(|page| page.contains("lihui2023-10-0809:30")),
            "the watermark is on each page"
        );
        assert_eq!(info(&pdf, "Title"), sample.title);
        assert_eq!(info(&pdf, "Author"), "lihui");
        assert_eq!(info(&pdf, "Page size"), "595.276 x 841.89 pts (A4)");
        assert_eq!(info(&pdf, "Pages"), pages.len().to_string());
    }
}

#[test]
fn it_is_tagged_accessible_and_embeds_subsets_of_its_fonts() {
    let pdf = pdf(&sample(Language::Chinese));
    assert_eq!(info(&pdf, "Tagged"), "yes");
    assert!(is_accessible(&pdf), "it says that it conforms to PDF/UA-1");
    let structure = ask("pdfinfo", &["-struct-text", "-"], &pdf);
    for tag in ["H1", "Table", "TH", "TD", "Figure"] {
        assert!(structure.contains(tag), "{tag}: {structure}");
    }
    let fonts = ask("pdffonts", &["-"], &pdf);
    let lines: Vec<&str> = fonts.lines().skip(2).collect();
    assert!(lines.iter().any(|line| line.contains("CJK")), "{fonts}");
    assert!(
        lines.iter().all(|line| line.contains(" yes yes yes ")),
        "embedded, subset, with Unicode: {fonts}"
    );
    assert!(pdf.len() < 400_000, "{} bytes", pdf.len());
}

#[test]
fn names_stay_whole_beside_numbers_with_long_heads() {
    let heads = [
        "With score and outcome",
        "Mean score of those who passed",
        "Mean score of the others",
        "Rank correlation of both",
    ];
    let mut columns = vec![column("position", "Position", Kind::Text)];
    columns.extend(heads.map(|head| column("c", head, Kind::Number)));
    let row =
        |name: &str| std::iter::once(Cell::text(name)).chain((0..4).map(|_| Cell::number(0.25))).collect();
    let names = ["软件开发工程师", "Relationship manager"];
    let table = Table { columns, rows: names.map(row).into(), total: None };
    let part = Part { title: "名单".to_owned(), notes: Vec::new(), table, chart: None };
    let text = ask("pdftotext", &["-raw", "-", "-"], &pdf(&report(Language::English, vec![part])));
    let text = text.replace('\u{200B}', "");
    for name in names {
        assert!(text.contains(name), "{name}: {text}");
    }
}

#[test]
fn a_long_table_repeats_its_header_on_every_page() {
    let pages = pages(&pdf(&table(150, 3)));
    assert!(pages.len() > 2, "{}", pages.len());
    assert!(pages.iter().all(|page| page.contains("第0列") && page.contains("第2列")), "{pages:?}");
    let text = pages.concat();
    assert!((0..150).all(|row| text.contains(&format!("格{row}-2"))));
}

#[test]
fn a_wide_table_lies_across_and_one_that_is_too_large_is_refused() {
    let pdf = pdf(&table(3, MOST_COLUMNS));
    assert!(pages(&pdf).concat().contains("格2-13"));
    let sizes = ask("pdfinfo", &["-l", "9", "-"], &pdf);
    assert!(sizes.contains("841.89 x 595.276"), "{sizes}");
    let refused = |report: &Report| FONTS.pdf(report, &|_| None).unwrap_err();
    assert!(matches!(refused(&table(3, MOST_COLUMNS + 1)), Error::TooManyColumns { columns: 17, .. }));
    assert!(matches!(refused(&table(MOST_ROWS + 1, 1)), Error::TooManyRows { rows: 2001, .. }));
    assert!(refused(&table(MOST_ROWS + 1, 1)).to_string().ends_with("take Excel"));
}

#[test]
fn what_a_report_says_is_never_markup() {
    let pdf = pdf(&hostile());
    let text = pages(&pdf).concat();
    for words in [HOSTILE[7], HOSTILE[8], HOSTILE[0], HOSTILE[11]] {
        assert!(text.contains(&dense(words)), "{words}: {text}");
    }
    assert!(text.contains("张��[31m三�gnp.exe"), "{text}");
    assert!(!pages(&pdf).concat().contains("长".repeat(401).as_str()), "a text that is too long is cut");
    assert!(text.matches('长').count() >= 400);
}

#[test]
fn rare_characters_are_shown_and_missing_ones_told_by_number() {
    let mut odd = table(1, 1);
    odd.parts[0].table.rows[0][0] = Cell::text("𠮷野䶮 \u{E000} 王\u{10FFFD}");
    odd.title = "\u{E000}".to_owned();
    let pdf = pdf(&odd);
    let text = pages(&pdf).concat();
    assert!(text.contains("𠮷野䶮[U+E000]王[U+10FFFD]"), "{text}");
    assert!(is_accessible(&pdf));
}

#[test]
fn nothing_one_row_and_odd_tables_make_a_pdf() {
    let nothing = report(Language::English, Vec::new());
    assert!(pages(&pdf(&nothing)).concat().contains("Madeby"));
    assert!(pages(&pdf(&table(0, 2))).concat().contains("没有符合条件的数据"));
    assert!(pages(&pdf(&table(1, 1)))[0].contains("格0-0"));
    pdf(&table(1, 0));
    let mut uneven = table(3, 3);
    uneven.parts[0].table.rows[1].truncate(1);
    uneven.parts[0].table.rows[2].push(Cell::text("too much"));
    assert!(pages(&pdf(&uneven)).concat().contains("格2-2"));
}

#[test]
fn numbers_lead_to_what_is_behind_them_where_there_is_an_address() {
    let link = |query: &str| Some(format!("https://dossier.bank.example/c?q={}", query.len()));
    let pdf = FONTS.pdf(&sample(Language::Chinese), &link).unwrap();
    let urls = ask("pdfinfo", &["-url", "-"], &pdf);
    assert!(urls.matches("https://dossier.bank.example/c?q=").count() > 50, "{urls}");
    assert!(is_accessible(&pdf));
}

#[test]
fn fonts_are_looked_for_where_they_may_be() {
    let none = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let error = Fonts::in_folder(&none).err().unwrap();
    assert!(error.to_string().contains("fonts-noto-cjk"));
    assert!(matches!(Fonts::in_folder(&none.join("gone")).err(), Some(Error::NoFont)));
    assert!(Fonts::find(Some(&none)).unwrap().families().contains(&"Noto Sans CJK SC".to_owned()));
}

#[test]
fn a_press_finds_its_fonts_when_they_are_first_needed() {
    let press = Press::new(None);
    assert_eq!(press.families().unwrap(), FONTS.families());
    assert!(press.pdf(&table(1, 1), &|_| None).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert!(pdf(&sample(Language::English)) == pdf(&sample(Language::English)));
}
