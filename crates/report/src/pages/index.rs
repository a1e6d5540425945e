//! The start page of a bundle.

use std::fmt::Write as _;

use dossier_domain::{Language, MaterialKind};
use maud::{Markup, html};

use super::{candidate_name, nothing, number, original, page};
use crate::{Bundle, BundleFile, BundleRow, Locale};

/// The start page of a bundle, to lie beside the folders of its files as `index.html`.
#[must_use]
pub fn index_html(locale: Locale, bundle: &Bundle) -> String {
    let language = locale.language;
    let title = language.pick("候选人资料", "Candidates’ materials");
    let content = html! {
        header {
            p.kind { (language.pick("批量调取", "Batch retrieval")) }
            h1 { (title) }
            p.about { (counts(language, bundle)) }
        }
        (provenance(locale, bundle))
        @if bundle.rows.is_empty() {
            (nothing(language.pick("没有符合条件的候选人。", "No candidate matched.")))
        } @else {
            (table(locale, bundle))
        }
    };
    page(language, title, &content)
}

/// `12 位应聘 · 34 个文件 · 1.2 GB`
fn counts(language: Language, bundle: &Bundle) -> String {
    let files = || bundle.rows.iter().flat_map(|row| &row.files);
    let (rows, count) = (bundle.rows.len(), files().count());
    let size = size(files().map(|file| file.bytes).fold(0, u64::saturating_add));
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    match language {
        Language::Chinese => format!("{rows} 份应聘 · {count} 个文件 · {size}"),
        Language::English => {
            format!("{rows} application{} · {count} file{} · {size}", plural(rows), plural(count))
        }
    }
}

/// Who fetched it, when, why, and by what query.
fn provenance(locale: Locale, bundle: &Bundle) -> Markup {
    let language = locale.language;
    let query = if bundle.query.is_empty() { "–" } else { &bundle.query };
    html! {
        dl.facts {
            div { dt { (language.pick("调取人", "Fetched by")) } dd { (bundle.made_by) } }
            div {
                dt { (language.pick("时间", "Time")) }
                dd { (locale.zone.show(bundle.made_at)) span.unit { (locale.zone) } }
            }
            div { dt { (language.pick("用途", "Reason")) } dd { (bundle.reason) } }
            div.contents { dt { (language.pick("内容", "Contents")) } dd { (bundle.contents_in(language)) } }
            div.wide { dt { (language.pick("查询条件", "Query")) } dd { (query) } }
        }
    }
}

fn table(locale: Locale, bundle: &Bundle) -> Markup {
    let language = locale.language;
    html! {
        table.candidates {
            thead { tr {
                th scope="col" { (language.pick("候选人", "Candidate")) }
                th scope="col" { (language.pick("岗位", "Position")) }
                th scope="col" { (language.pick("阶段", "Stage")) }
                th scope="col" { (language.pick("面试时间", "Interview")) }
                th.number scope="col" { (language.pick("AI得分", "AI score")) }
                th scope="col" { (language.pick("标签", "Tags")) }
                th scope="col" { (language.pick("资料", "Materials")) }
            } }
            tbody { @for row in &bundle.rows { (candidate(locale, bundle, row)) } }
        }
    }
}

fn candidate(locale: Locale, bundle: &Bundle, row: &BundleRow) -> Markup {
    let (language, subject) = (locale.language, &row.subject);
    let score = |score: dossier_domain::Score| {
        html! { span title=[original(language, score)] { (number(score.normalised())) } }
    };
    html! {
        tr {
            th scope="row" { (candidate_name(language, subject)) }
            td.position data-label=(language.pick("岗位", "Position")) { (subject.position) }
            td.stage data-label=(language.pick("阶段", "Stage")) { (row.stage.label(language)) }
            td.time data-label=(language.pick("面试时间", "Interview")) {
                (subject.interviewed_at.map_or("–".to_owned(), |at| locale.zone.show(at)))
            }
            td.number data-label=(language.pick("AI得分", "AI score")) {
                @match row.score { Some(given) => (score(given)), None => "–" }
            }
            td.tags data-label=(language.pick("标签", "Tags")) {
                div {
                    @for tag in &row.tags { span.tag { (tag) } " " }
                    @if row.tags.is_empty() { "–" }
                }
            }
            td.files data-label=(language.pick("资料", "Materials")) { (files(language, bundle, row)) }
        }
    }
}

/// The files that are there as links, and in words the kinds that were asked for and are not there.
fn files(language: Language, bundle: &Bundle, row: &BundleRow) -> Markup {
    let is_missing = |kind: &MaterialKind| row.files.iter().all(|file| file.kind != *kind);
    let missing: Vec<&str> = bundle.kinds().filter(is_missing).map(|kind| kind.label(language)).collect();
    html! {
        ul {
            @for kind in MaterialKind::ALL {
                @for file in row.files.iter().filter(|file| file.kind == kind) {
                    li { (link(language, file)) " " span.size { (size(file.bytes)) } }
                }
            }
            @if !missing.is_empty() {
                li.missing {
                    (language.pick("缺：", "Missing: ")) (missing.join(language.pick("、", ", ")))
                }
            }
        }
    }
}

fn link(language: Language, file: &BundleFile) -> Markup {
    let name = file.path.rsplit('/').next().unwrap_or_default();
    let label = match file.kind {
        MaterialKind::Supplement => name,
        kind => kind.label(language),
    };
    html! { a href=(href(&file.path)) title=(name) { (label) } }
}

/// A relative address: every byte that is not plainly part of a path is escaped, so that no path becomes a scheme, a
/// query or a fragment.
fn href(path: &str) -> String {
    path.bytes().fold(String::with_capacity(path.len()), |mut address, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            // Writing to a String does not fail.
            _ => drop(write!(address, "%{byte:02X}")),
        }
        address
    })
}

/// A length that people can compare: `412 B`, `1.5 kB`, `3.2 GB`; thousands, as file managers count.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut value = bytes as f64 / 1000.0;
    let mut unit = 0;
    while value >= 999.95 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    format!("{} {}", number(value), UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!([size(0), size(999), size(1000), size(999_999)], ["0 B", "999 B", "1 kB", "1 MB"]);
        assert_eq!([size(3_210_000_000), size(u64::MAX)], ["3.2 GB", "18.4 EB"]);
    }

    #[test]
    fn an_address_is_only_ever_a_path() {
        assert_eq!(href("a b/50%#1?.html"), "a%20b/50%25%231%3F.html");
        assert_eq!(href("javascript:alert(1)"), "javascript%3Aalert%281%29");
        assert_eq!(href("张"), "%E5%BC%A0");
    }
}
