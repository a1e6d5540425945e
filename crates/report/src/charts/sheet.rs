//! What all charts have in common: the picture around the drawing, with title, description, legend and remarks.

use dossier_domain::Language;
use maud::{Markup, html};

use super::{
    Drawing,
    look::{self, Look},
    plot::{Mark, Plot},
    words::{self, LINE, SIZE},
};
use crate::{
    figures::{figure, number, said, withheld},
    model::{Cell, ChartKind},
    plain,
};

/// The room at the edges.
pub(super) const EDGE: f64 = 12.0;
/// The families of fonts, for where no page says one.
const FONTS: &str = "'Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei','WenQuanYi Micro Hei',sans-serif";
/// Stands for a value that may not be shown.
const WITHHELD: &str = "*";
/// Stands where there is no value.
const MISSING: &str = "–";

/// A chart that is drawn.
pub(super) struct Drawn {
    pub(super) markup: Markup,
    /// How high it is.
    pub(super) height: f64,
    /// What it shows, in words.
    pub(super) description: String,
}

/// A chart that is being drawn.
pub(super) struct Sheet<'a> {
    pub(super) drawing: &'a Drawing<'a>,
    pub(super) plot: &'a Plot<'a>,
    title: String,
    kind: ChartKind,
    legend: Vec<Entry<'a>>,
    /// Where the drawing begins.
    pub(super) top: f64,
}

/// What was drawn, and where it ends.
pub(super) struct Body {
    pub(super) markup: Markup,
    pub(super) bottom: f64,
    /// More remarks, below the drawing.
    pub(super) remarks: Vec<String>,
}

struct Entry<'a> {
    name: &'a str,
    x: f64,
    y: f64,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(drawing: &'a Drawing<'a>, title: &str, kind: ChartKind, plot: &'a Plot<'a>) -> Self {
        let has_legend = plot.series.len() > 1 && !matches!(kind, ChartKind::HeatMap | ChartKind::Boxes);
        let (legend, height) = if has_legend { legend(plot, drawing.width) } else { (Vec::new(), 0.0) };
        let top = EDGE + height + if plot.label.is_empty() { 0.0 } else { LINE + 4.0 };
        Self { drawing, plot, title: plain(title).into_owned(), kind, legend, top }
    }

    pub(super) fn language(&self) -> Language {
        self.drawing.language
    }

    /// The whole picture.
    pub(super) fn finish(&self, body: &Body) -> Drawn {
        let id = self.drawing.id;
        let remarks: Vec<String> = self.remarks().into_iter().chain(body.remarks.iter().cloned()).collect();
        let below = body.bottom + if remarks.is_empty() { 0.0 } else { 4.0 };
        let height = below + remarks.len() as f64 * LINE + EDGE / 2.0;
        let description = self.description(&remarks);
        let has_hatches = !self.legend.is_empty() && self.kind != ChartKind::Lines;
        // A picture is one thing; a picture with links is a group of them.
        let role = if body.markup.0.contains("<a href") { "group" } else { "img" };
        let markup = html! {
            svg.chart id=(id) role=(role) aria-labelledby={ (id) "-t " (id) "-d" }
                xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (self.drawing.width) " " (number(height)) }
                width=(self.drawing.width) height=(number(height)) font-size=(SIZE) font-family=(FONTS) {
                title id={ (id) "-t" } { (self.title) }
                desc id={ (id) "-d" } { (description) }
                @if has_hatches { (look::hatches(id, self.plot.series.len())) }
                @for (index, entry) in self.legend.iter().enumerate() { (self.entry(index, entry)) }
                @if !self.plot.label.is_empty() {
                    (text(EDGE, self.top - 8.0, "start", &words::wrap(&plain(self.plot.label), self.drawing.width - 2.0 * EDGE, 1)))
                }
                (body.markup)
                @for (index, remark) in remarks.iter().enumerate() {
                    (text(EDGE, below + (index + 1) as f64 * LINE - 3.0, "start", std::slice::from_ref(remark)))
                }
            }
        };
        Drawn { markup, height, description }
    }

    fn href(&self, cell: &Cell) -> Option<String> {
        let href = cell.behind.as_deref().and_then(self.drawing.links)?;
        Some(plain(&href).into_owned())
    }

    /// A shape that says its value when it is pointed at, and leads to what is behind it.
    pub(super) fn mark(&self, series: usize, place: usize, cell: &Cell, shape: &Markup) -> Markup {
        let said = said(self.plot.kind, &cell.value, self.language());
        let names = [self.plot.places.get(place), self.series_name(series)];
        let names: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        let title = format!("{}{}{said}", names.join(" · "), self.language().pick("：", ": "));
        html! {
            @match self.href(cell) {
                Some(href) => a href=(href) tabindex="-1" { title { (title) } (shape) },
                None => g { title { (title) } (shape) },
            }
        }
    }

    fn series_name(&self, series: usize) -> Option<&String> {
        if self.plot.series.len() < 2 {
            return None;
        }
        self.plot.series.get(series).map(|series| &series.name)
    }

    /// The sign for a mark that has no value; nothing for one that has.
    pub(super) fn sign(mark: &Mark<'_>, x: f64, y: f64) -> Markup {
        let sign = match mark {
            Mark::Missing => MISSING,
            Mark::Withheld => WITHHELD,
            Mark::At { .. } => return Markup::default(),
        };
        text(x, y, "middle", &[sign.to_owned()])
    }

    fn entry(&self, index: usize, entry: &Entry<'_>) -> Markup {
        let look = Look::of(index);
        html! {
            @if self.kind == ChartKind::Lines {
                path class={ "curve c" (look.class) } d={ "M" (number(entry.x)) " " (number(entry.y - 4.0)) "h24" } fill="none"
                    stroke=(look.colour) stroke-width="2.5" stroke-dasharray=(look.dash) {}
            } @else {
                (surface(self.drawing.id, look, [entry.x, entry.y - 10.0, 24.0, 11.0]))
            }
            (text(entry.x + 30.0, entry.y, "start", &words::wrap(entry.name, 300.0, 1)))
        }
    }

    /// What a reader should know of what is not drawn.
    fn remarks(&self) -> Vec<String> {
        let language = self.language();
        let mut remarks = Vec::new();
        if self.plot.marks().any(|mark| matches!(mark, Mark::Withheld)) {
            let why = withheld(language);
            remarks.push(match language {
                Language::Chinese => format!("{WITHHELD} {why}，不显示"),
                Language::English => format!("{WITHHELD} {why} to be shown"),
            });
        }
        if self.plot.marks().any(|mark| matches!(mark, Mark::Missing)) && self.kind != ChartKind::Lines {
            remarks.push(format!("{MISSING} {}", language.pick("无数据", "no data")));
        }
        let omitted = match (self.plot.omitted, language) {
            ((0, 0), _) => return remarks,
            ((places, 0), Language::Chinese) => format!("另有 {places} 项只见于表中"),
            ((places, 0), Language::English) => format!("{places} more are in the table only"),
            ((0, series), Language::Chinese) => format!("另有 {series} 组只见于表中"),
            ((0, series), Language::English) => format!("{series} more groups are in the table only"),
            ((places, series), Language::Chinese) => format!("另有 {places} 项、{series} 组只见于表中"),
            ((places, series), Language::English) => {
                format!("{places} more places and {series} more groups are in the table only")
            }
        };
        remarks.push(omitted);
        remarks
    }

    /// What is to be seen, in words: what kind of chart of what, from where to where.
    fn description(&self, remarks: &[String]) -> String {
        let (plot, language) = (self.plot, self.language());
        let kind = kind_name(self.kind, language);
        let groups: Vec<String> =
            plot.series.iter().map(|series| words::wrap(&series.name, 300.0, 1).concat()).collect();
        let (of, along, count) =
            (groups.join(language.pick("、", ", ")), plain(&plot.along.label), plot.places.len());
        let mut said = vec![match language {
            Language::Chinese => format!("{kind}：{of}；{along}共 {count} 项"),
            Language::English => format!("{kind}: {of}; {along}: {count}"),
        }];
        said.extend(self.range());
        said.extend(remarks.iter().cloned());
        said.push(language.pick("数值见表", "the table has the values").to_owned());
        said.join(language.pick("；", "; "))
    }

    fn range(&self) -> Option<String> {
        let values = self.plot.series.iter().flat_map(|series| series.marks.iter().zip(&self.plot.places));
        let values: Vec<(f64, &String)> =
            values.filter_map(|(mark, place)| Some((mark.value()?, place))).collect();
        let low = values.iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
        let high = values.iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
        let end = |(value, place): &(f64, &String)| {
            (figure(self.plot.kind, *value), words::wrap(place, 300.0, 1).concat())
        };
        let ((low, at_low), (high, at_high)) = (end(low), end(high));
        Some(match self.language() {
            Language::Chinese => format!("最低 {low}（{at_low}），最高 {high}（{at_high}）"),
            Language::English => format!("lowest {low} ({at_low}), highest {high} ({at_high})"),
        })
    }
}

fn kind_name(kind: ChartKind, language: Language) -> &'static str {
    match kind {
        ChartKind::Bars => language.pick("条形图", "Bar chart"),
        ChartKind::Stacked => language.pick("堆积条形图", "Stacked bar chart"),
        ChartKind::Lines => language.pick("折线图", "Line chart"),
        ChartKind::Histogram => language.pick("直方图", "Histogram"),
        ChartKind::HeatMap => language.pick("热力图", "Heat map"),
        ChartKind::Funnel => language.pick("漏斗图", "Funnel"),
        ChartKind::Boxes => language.pick("箱线图", "Box plot"),
    }
}

/// The places of the legend's entries, in as many rows as they need, and how high that is.
fn legend<'a>(plot: &'a Plot<'_>, width: f64) -> (Vec<Entry<'a>>, f64) {
    let (mut x, mut y) = (EDGE, EDGE + SIZE);
    let mut entries = Vec::new();
    for series in &plot.series {
        let wide = 30.0 + words::width(&words::wrap(&series.name, 300.0, 1).concat()) + 20.0;
        if x + wide > width && x > EDGE {
            (x, y) = (EDGE, y + LINE + 3.0);
        }
        entries.push(Entry { name: &series.name, x, y });
        x += wide;
    }
    (entries, y - EDGE + 10.0)
}

/// Lines of text, the last of them at this height if there is one alone.
pub(super) fn text(x: f64, y: f64, anchor: &str, lines: &[String]) -> Markup {
    html! {
        @for (index, line) in lines.iter().enumerate() {
            text.label x=(number(x)) y=(number(y + index as f64 * LINE)) text-anchor=(anchor) fill="#5b6570" { (line) }
        }
    }
}

/// A rectangle in the colours of a series: left, top, width, height.
pub(super) fn surface(id: &str, look: Look, [x, y, width, height]: [f64; 4]) -> Markup {
    let [x, y, width, height] = [x, y, width, height].map(|of| format!("{of:.2}"));
    html! {
        rect class={ "mark c" (look.class) } x=(x) y=(y) width=(width) height=(height) fill=(look.colour) {}
        @if let Some(hatch) = look.hatch(id) { rect x=(x) y=(y) width=(width) height=(height) fill=(hatch) {} }
    }
}
