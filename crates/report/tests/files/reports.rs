//! A made-up report with every kind of column and chart, and one that means harm.

use chrono::NaiveDate;
use dossier_domain::{BankZone, Language, text::Login};
use dossier_report::{
    Locale,
    model::{Cell, Chart, ChartKind, Column, Fact, Kind, Part, Report, Table, Value},
};

/// Texts that a careless file would run, hide or break on.
pub(crate) const HOSTILE: [&str; 12] = [
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "\t=1+1",
    "+86 1",
    "-2+3",
    "@SUM(A1)",
    "\"quoted\", with; comma\r\nand line",
    "#set page(fill: red) $x$ *bold* @ref <label> \\u{41}",
    "<script>alert(1)</script>]]>&amp;",
    "张\u{0}\u{1b}[31m三\u{202e}gnp.exe",
    "𠮷野 䶮 😀",
    "{\"json\": [1]}",
];

pub(crate) fn column(id: &'static str, label: &str, kind: Kind) -> Column {
    Column { id: id.into(), label: label.to_owned(), kind }
}

pub(crate) fn estimate(value: f64, reach: f64, query: &str) -> Cell {
    let (low, high) = ((value - reach).max(0.0), (value + reach).min(1.0));
    Cell { value: Value::Estimate { value, low, high }, behind: None }.behind(query)
}

fn withheld() -> Cell {
    Cell { value: Value::Withheld, behind: None }
}

fn part(title: &str, notes: &[&str], columns: Vec<Column>, rows: Vec<Vec<Cell>>, chart: Chart) -> Part {
    let notes = notes.iter().map(|note| (*note).to_owned()).collect();
    Part { title: title.to_owned(), notes, table: Table { columns, rows, total: None }, chart: Some(chart) }
}

fn chart(kind: ChartKind, along: usize, by: Option<usize>, values: &[usize]) -> Chart {
    Chart { kind, along, by, order: Vec::new(), values: values.to_vec() }
}

/// A report with these parts.
pub(crate) fn report(language: Language, parts: Vec<Part>) -> Report {
    let fact = |name: &str, text: &str| Fact { name: name.to_owned(), text: text.to_owned() };
    Report {
        title: language.pick("2023年第三季度AI面试通过率", "Pass rates of AI interviews, 2023 Q3").to_owned(),
        asked: vec![
            fact(language.pick("条件", "Conditions"), "岗位=客户经理|风险控制 面试时间=2023年第3季度"),
            fact(language.pick("维度", "Dimensions"), language.pick("岗位、月份", "position, month")),
        ],
        made_at: "2023-10-08T01:30:00Z".parse().unwrap(),
        made_by: Login::parse("lihui").unwrap(),
        locale: Locale { language, zone: BankZone::default() },
        parts,
    }
}

/// The report with every kind of chart.
pub(crate) fn sample(language: Language) -> Report {
    let parts = vec![
        by_position(language),
        by_month(language),
        funnel(language),
        themes(language),
        histogram(language),
        skills(language),
        outcomes(language),
        differences(language),
    ];
    report(language, parts)
}

fn by_position(language: Language) -> Part {
    let rates = [
        ("客户经理", 0.75, 0.041, 412),
        ("风险控制", 0.62, 0.058, 268),
        ("Python开发工程师", 0.583, 0.072, 180),
        ("柜员", 0.81, 0.03, 655),
    ];
    let mut rows: Vec<Vec<Cell>> = rates
        .iter()
        .map(|(name, rate, reach, count)| {
            let query = format!("岗位={name} 面试时间=2023年第3季度");
            let passed = (f64::from(*count) * rate).round() as u64;
            vec![
                Cell::text(*name),
                Cell::count(u64::from(*count as u32), query.clone()),
                Cell::count(passed, format!("{query} 结果=通过")),
                estimate(*rate, *reach, &format!("{query} 结果=通过")),
            ]
        })
        .collect();
    rows.push(vec![Cell::text("数据分析"), withheld(), withheld(), withheld()]);
    rows.push(vec![Cell::text("合规"), Cell::count(0, None), Cell::count(0, None), Cell::nothing()]);
    let columns = vec![
        column("position", language.pick("岗位", "Position"), Kind::Text),
        column("interviews", language.pick("AI面试人数", "Interviewed"), Kind::Count),
        column("passed", language.pick("通过人数", "Passed"), Kind::Count),
        column("pass_rate", language.pick("通过率", "Pass rate"), Kind::Share),
    ];
    let notes = [
        language.pick("通过率是通过AI面试的应聘占已有AI面试结果的应聘的比例，括号内为95%置信区间（Wilson法）。", "The pass rate is the share of applications with a result of the AI interview that passed it; in brackets its 95 % interval (Wilson)."),
        language.pick("少于5人的组不单独显示。", "Groups of fewer than five are not shown."),
    ];
    let mut part = part(
        language.pick("按岗位", "By position"),
        &notes,
        columns,
        rows,
        chart(ChartKind::Bars, 0, None, &[3]),
    );
    part.table.total = Some(vec![
        Cell::text(language.pick("合计", "Total")),
        Cell::count(1515, "面试时间=2023年第3季度".to_owned()),
        Cell::count(1110, "面试时间=2023年第3季度 结果=通过".to_owned()),
        estimate(0.7327, 0.022, "面试时间=2023年第3季度 结果=通过"),
    ]);
    part
}

fn by_month(language: Language) -> Part {
    let mut rows = Vec::new();
    for month in 1..=9_u32 {
        for (position, base) in [("客户经理", 0.66), ("风险控制", 0.58), ("柜员", 0.78)] {
            let rate = base + 0.012 * f64::from(month) + 0.03 * f64::from(month * 7 % 5) - 0.06;
            let cell = match (position, month) {
                ("风险控制", 4) => Cell::nothing(),
                ("柜员", 2) => withheld(),
                _ => estimate(rate, 0.05, &format!("岗位={position} 面试时间=2023年{month}月")),
            };
            rows.push(vec![Cell::text(format!("2023-{month:02}")), Cell::text(position), cell]);
        }
    }
    let columns = vec![
        column("month", language.pick("月份", "Month"), Kind::Text),
        column("position", language.pick("岗位", "Position"), Kind::Text),
        column("pass_rate", language.pick("通过率", "Pass rate"), Kind::Share),
    ];
    part(
        language.pick("按月份和岗位", "By month and position"),
        &[],
        columns,
        rows,
        chart(ChartKind::Lines, 0, Some(1), &[2]),
    )
}

fn funnel(language: Language) -> Part {
    let steps = [
        ("简历筛选", 4210, None),
        ("AI面试", 1515, Some(3.2)),
        ("人工面试", 1110, Some(9.5)),
        ("背景调查", 498, Some(8.0)),
        ("offer发放", 402, Some(5.1)),
        ("入职", 371, Some(12.4)),
    ];
    let rows = steps.iter().map(|(name, count, days)| {
        vec![
            Cell::text(*name),
            Cell::count(*count, format!("阶段≥{name}")),
            days.map_or(Cell::nothing(), Cell::number),
        ]
    });
    let columns = vec![
        column("stage", language.pick("阶段", "Stage"), Kind::Text),
        column("reached", language.pick("到达人数", "Reached"), Kind::Count),
        column("days", language.pick("停留天数（中位数）", "Days (median)"), Kind::Days),
    ];
    part(
        language.pick("招聘漏斗", "Funnel"),
        &[],
        columns,
        rows.collect(),
        chart(ChartKind::Funnel, 0, None, &[1]),
    )
}

fn themes(language: Language) -> Part {
    let mut rows = Vec::new();
    for (theme, base) in
        [("企业文化", 0.40), ("发展前景", 0.35), ("薪酬福利", 0.18), ("工作地点与家庭", 0.07)]
    {
        for quarter in 1..=4_u32 {
            let share = base + 0.02 * f64::from(quarter * 3 % 4) - 0.03;
            let cell = if theme == "工作地点与家庭" && quarter == 2 {
                withheld()
            } else {
                Cell::number(share).behind(format!("\"{theme}\" 面试时间=2023年第{quarter}季度"))
            };
            rows.push(vec![Cell::text(theme), Cell::text(format!("2023年第{quarter}季度")), cell]);
        }
    }
    let columns = vec![
        column("theme", language.pick("主题", "Theme"), Kind::Text),
        column("quarter", language.pick("季度", "Quarter"), Kind::Text),
        column("share", language.pick("提及比例", "Share that names it"), Kind::Share),
    ];
    part(
        language.pick("“为什么选择我们银行”的回答主题", "Themes of the answers to “Why our bank?”"),
        &[],
        columns,
        rows,
        chart(ChartKind::HeatMap, 1, Some(0), &[2]),
    )
}

fn histogram(language: Language) -> Part {
    let rows = (0..20_u32).map(|bin| {
        let count = (120.0 * (-((f64::from(bin) - 13.5) / 3.6).powi(2)).exp()).round();
        vec![
            Cell::text(format!("{}–{}", bin * 5, bin * 5 + 5)),
            Cell::count(count as u64, format!("AI得分≥{}", bin * 5)),
        ]
    });
    let columns = vec![
        column("score", language.pick("AI得分", "AI score"), Kind::Text),
        column("count", language.pick("人数", "Candidates"), Kind::Count),
    ];
    part(
        language.pick("AI得分分布", "Distribution of AI scores"),
        &[],
        columns,
        rows.collect(),
        chart(ChartKind::Histogram, 0, None, &[1]),
    )
}

fn skills(language: Language) -> Part {
    let boxes = [
        ("情绪管理", [32.0, 58.0, 67.0, 75.0, 98.0]),
        ("客户沟通模拟测评", [41.0, 63.0, 72.0, 80.0, 100.0]),
        ("Python", [20.0, 61.0, 82.0, 90.0, 100.0]),
    ];
    let mut rows: Vec<Vec<Cell>> = boxes
        .iter()
        .map(|(skill, values)| {
            [Cell::text(*skill)]
                .into_iter()
                .chain(values.iter().map(|value| Cell::number(*value).behind(format!("{skill}≥{value}"))))
                .collect()
        })
        .collect();
    rows.push([Cell::text("抗压能力")].into_iter().chain(std::iter::repeat_n(withheld(), 5)).collect());
    let mut columns = vec![column("skill", language.pick("能力", "Skill"), Kind::Text)];
    let names = [
        ("min", "最低", "Lowest"),
        ("q1", "下四分位", "First quartile"),
        ("median", "中位数", "Median"),
        ("q3", "上四分位", "Third quartile"),
        ("max", "最高", "Highest"),
    ];
    columns.extend(names.map(|(id, zh, en)| column(id, language.pick(zh, en), Kind::Score)));
    part(
        language.pick("能力分布", "Abilities"),
        &[],
        columns,
        rows,
        chart(ChartKind::Boxes, 0, None, &[1, 2, 3, 4, 5]),
    )
}

fn outcomes(language: Language) -> Part {
    let rows = (1..=9_u32).map(|month| {
        let day = NaiveDate::from_ymd_opt(2023, month, 1).unwrap();
        let counts = [60 + month * 4, 38 - month, 12 + month * 5 % 7];
        let counts = counts
            .into_iter()
            .map(|count| Cell::count(u64::from(count), format!("面试时间=2023年{month}月")));
        [Cell { value: Value::Date(day), behind: None }].into_iter().chain(counts).collect()
    });
    let columns = vec![
        column("month", language.pick("月份", "Month"), Kind::Date),
        column("passed", language.pick("通过", "Passed"), Kind::Count),
        column("rejected", language.pick("淘汰", "Rejected"), Kind::Count),
        column("withdrawn", language.pick("放弃", "Withdrawn"), Kind::Count),
    ];
    part(
        language.pick("每月结果", "Outcomes by month"),
        &[],
        columns,
        rows.collect(),
        chart(ChartKind::Stacked, 0, None, &[1, 2, 3]),
    )
}

fn differences(language: Language) -> Part {
    let changes = [
        ("对公客户经理（集团总部战略客户与机构业务方向）", -3.5, 1.2),
        ("Relationship Manager, Private Banking and Wealth Advisory", 2.25, -0.75),
        ("风险控制", 0.0, 0.4),
        ("柜员", -1.25, -2.0),
    ];
    let rows = changes
        .iter()
        .map(|(name, days, score)| vec![Cell::text(*name), Cell::number(*days), Cell::number(*score)]);
    let columns = vec![
        column("position", language.pick("岗位", "Position"), Kind::Text),
        column("days", language.pick("周期变化（天）", "Change of cycle (days)"), Kind::Days),
        column("score", language.pick("得分变化", "Change of score"), Kind::Score),
    ];
    part(
        language.pick("与上一季度相比", "Against the quarter before"),
        &[],
        columns,
        rows.collect(),
        chart(ChartKind::Bars, 0, None, &[1, 2]),
    )
}

/// Every text is out to harm, and numbers are none.
pub(crate) fn hostile() -> Report {
    let long = "长".repeat(10_000);
    let texts: Vec<&str> = HOSTILE.into_iter().chain([long.as_str(), ""]).collect();
    let numbers = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN, f64::MAX, f64::MIN_POSITIVE, -0.0];
    let rows = texts.iter().zip(numbers.iter().cycle()).map(|(text, number)| {
        let value = Cell { value: Value::Number(*number), behind: Some((*text).to_owned()) };
        let estimate = Cell { value: Value::Estimate { value: 0.5, low: *number, high: 0.7 }, behind: None };
        vec![Cell::text(*text), value, estimate]
    });
    let columns = vec![
        column("text", HOSTILE[0], Kind::Text),
        column("count", HOSTILE[5], Kind::Count),
        column("share", HOSTILE[1], Kind::Share),
    ];
    let table = part(HOSTILE[7], &HOSTILE, columns, rows.collect(), chart(ChartKind::Bars, 0, None, &[1, 2]));
    let empty = part(
        "[]:*?/\\",
        &[],
        table.table.columns.clone(),
        Vec::new(),
        chart(ChartKind::Lines, 0, None, &[1]),
    );
    let twin = Part { title: "[]:*?/\\".to_owned(), ..empty.clone() };
    let mut report = report(Language::English, vec![table, empty, twin]);
    report.title = HOSTILE[8].to_owned();
    report.asked = HOSTILE.map(|text| Fact { name: text.to_owned(), text: text.to_owned() }).to_vec();
    report
}
