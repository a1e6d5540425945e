//! Charts as they come out.

use dossier_domain::Language;
use proptest::prelude::*;
use roxmltree::Document;

use super::{Drawing, NARROW, STYLE, WIDE, chart, plot::Plot};
use crate::model::{Cell, Chart, ChartKind, Column, Kind, Part, Table, Value};

const KINDS: [ChartKind; 7] = [
    ChartKind::Bars,
    ChartKind::Stacked,
    ChartKind::Lines,
    ChartKind::Histogram,
    ChartKind::HeatMap,
    ChartKind::Funnel,
    ChartKind::Boxes,
];

fn column(id: &'static str, kind: Kind) -> Column {
    Column { id: id.into(), label: id.to_owned(), kind }
}

fn estimate(value: f64, low: f64, high: f64) -> Cell {
    Cell { value: Value::Estimate { value, low, high }, behind: Some(format!("岗位=\"{value}\" & <b>")) }
}

/// A part with a chart of this kind, of five series or of one with groups.
fn part(kind: ChartKind, places: &[&str], cells: &[Cell], by: bool) -> Part {
    let mut columns = vec![column("place", Kind::Text)];
    let mut rows = Vec::new();
    if by {
        columns.extend([column("group", Kind::Text), column("value", Kind::Share)]);
        for (place, group, cell) in places
            .iter()
            .flat_map(|place| cells.iter().enumerate().map(move |(group, cell)| (place, group, cell)))
        {
            rows.push(vec![Cell::text(*place), Cell::text(format!("组{group}")), cell.clone()]);
        }
    } else {
        columns.extend(["a", "b", "c", "d", "e"].map(|id| column(id, Kind::Share)));
        for place in places {
            rows.push(
                [Cell::text(*place)].into_iter().chain(cells.iter().cycle().take(5).cloned()).collect(),
            );
        }
    }
    let values = if by { vec![2] } else { vec![1, 2, 3, 4, 5] };
    let chart = Chart { kind, along: 0, by: by.then_some(1), order: Vec::new(), values };
    Part {
        title: "AI面试通过率".to_owned(),
        notes: Vec::new(),
        table: Table { columns, rows, total: None },
        chart: Some(chart),
    }
}

fn svg(part: &Part, language: Language) -> String {
    let of = |width| {
        let links = |query: &str| Some(format!("/candidates?q={query}"));
        chart(part, &Drawing { language, id: "c1", links: &links, width }).unwrap().into_string()
    };
    check(&of(NARROW));
    of(WIDE)
}

/// What must hold of each chart, whatever was drawn: XML, numbers, everything inside the picture, ids and references.
fn check(svg: &str) {
    let document = Document::parse(svg).unwrap_or_else(|error| panic!("{error}: {svg}"));
    let root = document.root_element();
    let [width, height] =
        ["width", "height"].map(|name| root.attribute(name).unwrap().parse::<f64>().unwrap());
    assert!(height > 0.0 && height < 6000.0, "{height}");
    let mut ids: Vec<&str> = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        ids.extend(node.attribute("id"));
        for name in ["x", "y", "cx", "cy", "width", "height"] {
            let Some(value) = node.attribute(name) else { continue };
            if node.has_tag_name(("http://www.w3.org/2000/svg", "pattern")) {
                continue;
            }
            let number: f64 = value.parse().unwrap_or_else(|_| panic!("{name}={value}"));
            let most = if matches!(name, "y" | "cy" | "height") { height } else { width };
            assert!((-0.01..=most + 0.01).contains(&number), "{name}={value} of {:?}", node.tag_name());
        }
        let d = node.attribute("d").unwrap_or_default();
        assert!(!d.contains("NaN") && !d.contains("inf"), "{d}");
        if let Some(reference) = node.attribute("fill").and_then(|fill| fill.strip_prefix("url(#")) {
            assert!(svg.contains(&format!("id=\"{}\"", reference.trim_end_matches(')'))), "{reference}");
        }
    }
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len(), "{ids:?}");
    assert!(ids.iter().all(|id| id.starts_with("c1")), "{ids:?}");
    for child in ["title", "desc"] {
        let text = root.children().find(|node| node.tag_name().name() == child).and_then(|node| node.text());
        assert!(text.is_some_and(|text| !text.is_empty()), "{child}");
    }
}

#[test]
fn every_kind_is_whole_with_links_titles_and_descriptions() {
    let cells = [estimate(0.75, 0.7, 0.8), Cell::number(0.5), estimate(0.3, 0.2, 0.4)];
    for kind in KINDS {
        for by in [false, true] {
            if by && kind == ChartKind::Boxes {
                continue;
            }
            for language in [Language::Chinese, Language::English] {
                let svg = svg(&part(kind, &["客户经理", "风险控制", "Python开发"], &cells, by), language);
                check(&svg);
                let shown = if kind == ChartKind::Funnel { "0.75" } else { "0.3" };
                let href = format!("<a href=\"/candidates?q=岗位=&quot;{shown}&quot; &amp; &lt;b&gt;\"");
                assert!(svg.contains(&href), "{kind:?}: {svg}");
                assert!(svg.contains("role=\"group\""), "a picture of one thing can't hold links");
            }
        }
    }
}

#[test]
fn without_links_a_chart_is_one_picture() {
    let part = part(ChartKind::Bars, &["a"], &[Cell::number(0.5)], false);
    let drawing = Drawing { language: Language::English, id: "c1", links: &|_| None, width: WIDE };
    let svg = chart(&part, &drawing).unwrap().into_string();
    assert!(svg.contains("role=\"img\"") && !svg.contains("<a "), "{svg}");
}

#[test]
fn what_is_withheld_or_missing_is_said_and_seen() {
    let cells = [Cell { value: Value::Withheld, behind: None }, Cell::nothing(), Cell::number(0.5)];
    for kind in KINDS.into_iter().filter(|kind| *kind != ChartKind::Funnel) {
        let svg = svg(&part(kind, &["甲", "乙"], &cells, false), Language::Chinese);
        check(&svg);
        assert!(svg.contains(">*</text>"), "{kind:?}: {svg}");
        assert!(svg.contains("* 人数过少，不显示"), "{kind:?}: {svg}");
        assert!(!svg.contains("：0.0%"), "{kind:?}: {svg}");
    }
}

#[test]
fn too_much_for_a_picture_is_counted() {
    let places: Vec<String> = (0..300).map(|number| format!("支行{number}")).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    let cells: Vec<Cell> = (0..60).map(|number| Cell::number(f64::from(number) / 60.0)).collect();
    let many = svg(&part(ChartKind::Bars, &places, &cells, true), Language::Chinese);
    check(&many);
    assert!(many.contains("另有 274 项、54 组只见于表中"), "{many}");
    let few = svg(&part(ChartKind::Lines, &places, &cells[..2], true), Language::English);
    check(&few);
    assert!(!few.contains("in the table only"));
}

#[test]
fn odd_values_stay_inside_the_picture() {
    let odd = [0.0, -0.4, 1e300, -1e300, f64::INFINITY, f64::NAN, 5e-324];
    for kind in KINDS {
        for value in odd {
            check(&svg(
                &part(kind, &["a", "b"], &[Cell { value: Value::Number(value), behind: None }], false),
                Language::Chinese,
            ));
        }
        check(&svg(&part(kind, &[], &[], false), Language::Chinese));
        check(&svg(&part(kind, &[""], &[Cell::text("=1+1")], false), Language::Chinese));
        let long =
            ["长".repeat(10_000), "x".repeat(10_000), "a\u{0}\u{1b}[31m\u{202e}𠮷䶮😀]]><script>".to_owned()];
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        check(&svg(&part(kind, &long, &[Cell::number(0.4)], false), Language::Chinese));
        check(&svg(&part(kind, &long, &[Cell::number(0.4)], kind != ChartKind::Boxes), Language::English));
    }
}

#[test]
fn a_chart_of_columns_that_are_not_there_is_none() {
    for (along, by, values) in
        [(9, None, vec![1]), (0, Some(9), vec![1]), (0, None, vec![9]), (0, None, vec![])]
    {
        let mut part = part(ChartKind::Bars, &["a"], &[Cell::number(1.0)], false);
        part.chart = Some(Chart { kind: ChartKind::Bars, along, by, order: Vec::new(), values });
        let drawing = Drawing { language: Language::Chinese, id: "c1", links: &|_| None, width: WIDE };
        assert!(chart(&part, &drawing).is_none());
    }
    let mut boxes = part(ChartKind::Boxes, &["a"], &[Cell::number(1.0)], false);
    boxes.chart.as_mut().unwrap().values.pop();
    assert!(
        Plot::of(&boxes.table, boxes.chart.as_ref().unwrap(), Language::English).is_none(),
        "a box takes five values"
    );
}

#[test]
fn every_class_of_a_mark_has_a_style() {
    for class in ["grid", "zero", "label", "whisker", "ink", "over", "lane", "hatch", "box"] {
        assert!(STYLE.contains(&format!(".{class} ")), "{class}");
    }
    for index in 0..super::look::MOST {
        assert!(["curve", "spot", "mark"].iter().all(|class| STYLE.contains(&format!(".{class}.c{index}"))));
    }
}

proptest! {
    #[test]
    fn any_table_makes_a_picture(
        kind in prop::sample::select(KINDS.to_vec()),
        by in any::<bool>(),
        places in prop::collection::vec(".{0,12}", 0..12),
        numbers in prop::collection::vec(prop::option::of(-2.0_f64..2.0), 1..9),
    ) {
        let cells: Vec<Cell> = numbers.iter().map(|number| number.map_or(Cell::nothing(), |number| {
            estimate(number, number - 0.1, number + 0.2)
        })).collect();
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        if !(by && kind == ChartKind::Boxes) {
            check(&svg(&part(kind, &places, &cells, by), Language::Chinese));
        }
    }
}

#[test]
fn places_are_in_order_though_groups_lack_some() {
    let mut part = part(ChartKind::Lines, &["9月", "2月"], &[Cell::number(0.5)], true);
    let february = vec![Cell::text("2月"), Cell::text("组1"), Cell::number(0.5)];
    part.table.rows.truncate(1);
    part.table.rows.push(february);
    let chart = part.chart.as_mut().unwrap();
    chart.order = ["1月", "2月", "9月"].map(str::to_owned).into();
    let plot = Plot::of(&part.table, part.chart.as_ref().unwrap(), Language::Chinese).unwrap();
    assert_eq!(plot.places, ["2月", "9月"], "and what no row has is not there");
}
