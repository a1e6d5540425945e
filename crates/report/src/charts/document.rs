//! A report's charts as one SVG file.

use maud::{Markup, html};

use super::{
    Drawing, Links, WIDE, drawn,
    sheet::{Drawn, EDGE, text},
    words::{self, LINE},
};
use crate::{figures::number, model::Report, plain};

/// The charts of a report under each other, with what was asked, when and by whom; `None` if it has no chart.
///
/// The addresses of links should be whole: the file is opened from anywhere.
#[must_use]
pub fn charts_svg(report: &Report, links: Links<'_>) -> Option<String> {
    let language = report.locale.language;
    let facts = report.about();
    let head = |size: f64, y: f64, line: &str| {
        let line = words::wrap(&plain(line), (WIDE - 2.0 * EDGE) * words::SIZE / size, 1).concat();
        html! { text x=(EDGE) y=(number(y)) font-size=(size) font-weight="600" fill="#1b232c" { (line) } }
    };
    let mut y = 34.0 + facts.len() as f64 * LINE + 6.0;
    let mut parts: Vec<Markup> = Vec::new();
    for (index, part) in report.parts.iter().enumerate() {
        let id = format!("chart-{index}");
        let Some(Drawn { markup: chart, height, .. }) =
            drawn(part, &Drawing { language, id: &id, links, width: WIDE })
        else {
            continue;
        };
        parts.push(html! { (head(15.0, y + 20.0, &part.title)) g transform={ "translate(0 " (number(y + 28.0)) ")" } { (chart) } });
        y += 28.0 + height + 16.0;
    }
    if parts.is_empty() {
        return None;
    }
    let facts: Vec<String> = facts
        .iter()
        .map(|fact| {
            let said = format!("{}{}{}", fact.name, language.pick("：", ": "), fact.text);
            words::wrap(&plain(&said), WIDE - 2.0 * EDGE, 1).concat()
        })
        .collect();
    let document = html! {
        svg xmlns="http://www.w3.org/2000/svg" width=(WIDE) height=(number(y)) viewBox={ "0 0 " (WIDE) " " (number(y)) }
            font-size="12" font-family="'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif" {
            rect width="100%" height="100%" fill="#ffffff" {}
            (head(20.0, 28.0, &report.title))
            (text(EDGE, 48.0, "start", &facts))
            @for part in &parts { (part) }
        }
    };
    Some(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", document.into_string()))
}
