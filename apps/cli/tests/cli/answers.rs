//! What people and scripts get to read.

use std::fs;

use insta::assert_snapshot;

use crate::place::{Place, Vendor};

/// The text with ids, and the times of this very run, replaced by as many characters.
pub(crate) fn redacted(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let prefix = ["app_", "usr_", "pos_", "con_", "mat_", "sav_", "prp_", "rep_", "rel_", "ntc_", "chn_"]
            .into_iter()
            .find(|prefix| rest.starts_with(*prefix));
        if let Some(prefix) = prefix {
            let id: String = rest[4..].chars().take_while(char::is_ascii_alphanumeric).collect();
            shown.push_str(prefix);
            shown.push_str(&"X".repeat(id.len()));
            rest = &rest[4 + id.len()..];
        } else if let Some(after) = rest.strip_prefix("\"blob\": \"") {
            // Where a file is kept is nobody's business, and random.
            shown.push_str("\"blob\": \"");
            rest = &after[after.find('"').unwrap_or_default()..];
        } else if is_now(rest) {
            shown.push_str("YYYY-MM-DD hh:mm");
            rest = &rest[16..];
        } else if let Some(end) = rest.find('Z').filter(|end| is_moment(&rest[..*end])) {
            shown.push_str("YYYY-MM-DDThh:mm:ss");
            rest = &rest[end..];
        } else {
            shown.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    shown
}

/// Whether this is such a time as JSON holds it.
fn is_moment(text: &str) -> bool {
    let form = |c: char| if c.is_ascii_digit() { '0' } else { c };
    text.len() < 32
        && text.chars().take(17).map(form).collect::<String>() == "0000-00-00T00:00:"
        && is_now(&text.replacen('T', " ", 1))
}

/// Whether a time begins here that is not one of the made-up bank's year.
fn is_now(text: &str) -> bool {
    let form: Option<String> =
        text.get(..16).map(|time| time.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect());
    form.as_deref() == Some("0000-00-00 00:00") && !text.starts_with("2023") && !text.starts_with("2024")
}

fn synced() -> (Place, Vendor) {
    let (place, vendor) = (Place::with_archive(), Vendor::of(40));
    place.connect(&vendor);
    place.ok("sync --as hr");
    (place, vendor)
}

#[test]
fn people_read_tables_that_fit() {
    let (place, _vendor) = synced();
    for columns in [60, 100, 140] {
        let table = place.columns(columns, "search 客户 --sort newest --limit 6 --facets --as hr");
        assert_snapshot!(format!("search_zh_{columns}"), redacted(&table));
    }
    assert_snapshot!(
        "search_en_100",
        redacted(&place.columns(100, "search score>=80 --sort highest --limit 6 --facets --as hr --lang en"))
    );
    assert_snapshot!("show_zh_100", redacted(&place.columns(100, "show 张三 客户经理 --as hr")));
    assert_snapshot!(
        "show_en_60",
        redacted(&place.columns(60, "show 张三 客户经理 --as hr --lang en --transcript"))
    );
    assert_snapshot!("connections_zh", redacted(&place.columns(100, "connection list --as hr")));
    assert_snapshot!("positions_en_100", redacted(&place.columns(100, "position list --as hr --lang en")));
    assert_snapshot!("users_zh", redacted(&place.columns(100, "user list --as admin")));
    assert_snapshot!("folders_zh", redacted(&place.columns(100, "folders 客户经理 --depth 2 --as hr")));
    assert_snapshot!("ambiguous_zh", redacted(&place.run("show 岗位=客户经理 --as hr").err));
    assert_snapshot!("help_zh", place.columns(80, "help"));
    assert_snapshot!("help_search_en", place.columns(80, "help search --lang en"));
}

#[test]
fn the_policy_table_is_shown_with_what_is_other_than_usual_and_who_decided_it() {
    let place = Place::with_archive();
    let set =
        "policy set --role interviewer --stage offer,background_check --kind report,视频 view --as admin";
    assert!(place.ok(set).starts_with("已修改 4 个单元格"));
    place.ok("policy set --role hr --stage rejected --kind emotion nothing --as admin");
    assert_snapshot!("policy_zh_100", redacted(&place.columns(100, "policy --as admin")));
    assert_snapshot!("help_policy_set_en", place.columns(80, "help policy set --lang en"));
    let table = place.json("policy --as admin");
    assert_eq!((&table["revision"], table["cells"].as_array().unwrap().len()), (&2.into(), 5 * 8 * 6));
    place.ok("policy set --role interviewer,hr --stage all --kind all usual --as admin");
    assert!(!place.columns(100, "policy --as admin").contains("看*"));
    place
        .run("policy set --role interviewer --stage offer --kind video download --as admin")
        .failed(2, "受法规或职责分离限制");
    place.run("policy --as hr").failed(4, "无权");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let (place, _vendor) = synced();
    place.ok("user add auditor --roles auditor --as admin");
    for columns in [60, 100, 140] {
        for line in [
            "search --facets --as hr",
            "show 张三 客户经理 --as hr",
            "show 张三 客户经理 --transcript --as hr --lang en",
            "search 客户 --as hr --lang en",
            "position list --as hr",
            "user list --as admin",
            "connection list --as hr",
            "doctor --as admin",
            "policy --as admin",
            "log list --as auditor",
        ] {
            let shown = place.columns(columns, line);
            for text in shown.lines().filter(|text| !text.contains("--after")) {
                let width = unicode_width::UnicodeWidthStr::width(text);
                assert!(width <= columns as usize, "{line} at {columns}: {width} in {text:?}");
            }
        }
    }
}

#[test]
fn scripts_get_one_document() {
    let (place, _vendor) = synced();
    let found = place.json("search AI得分≥80 --limit 2 --facets --as hr");
    assert!(
        found["total"].as_u64().unwrap() > 2 && found["hits"].as_array().unwrap().len() == 2,
        "{found:#}"
    );
    assert_eq!(found["chips"][0]["label"], "AI得分 ≥ 80");
    assert_eq!(found["facets"].as_array().unwrap().len(), 6);
    let keys: Vec<&String> = found["hits"][0].as_object().unwrap().keys().collect();
    for key in [
        "application",
        "name",
        "position_name",
        "stage",
        "interviewed_at",
        "score",
        "emotion",
        "tags",
        "kinds",
    ] {
        assert!(keys.iter().any(|known| *known == key), "{key} is not in {keys:?}");
    }

    let next = found["next"].as_str().unwrap();
    let page = place.json(&format!("search AI得分≥80 --limit 2 --after {next} --as hr"));
    assert_eq!(page["total"], found["total"]);
    assert_ne!(page["hits"][0]["application"], found["hits"][0]["application"]);

    let shown = place.json("show 张三 客户经理 --as hr");
    assert_eq!(shown["identity"]["name"], "张三");
    assert_eq!(shown["score"], 86.0);
    assert_eq!(shown["materials"].as_array().unwrap().len(), 5);
    assert_eq!(place.json("user list --as admin")["users"].as_array().unwrap().len(), 2);
    assert_eq!(place.json("position list --as hr")["positions"].as_array().unwrap().len(), 6);
    assert_eq!(place.json("index rebuild --as admin")["entries"], 40);
    let again = place.json("sync --as hr");
    assert_eq!((again["syncs"][0]["new"].as_u64(), again["syncs"][0]["videos"].as_u64()), (Some(0), Some(0)));
}

#[test]
fn tags_uploads_and_videos_go_in_and_out() {
    let (place, vendor) = synced();
    place.ok("tag 张三 客户经理 --add 高潜力 --as hr");
    assert_eq!(place.json("search 标签:高潜力 --as hr")["total"], 1);
    place.ok("tag 张三 客户经理 --remove 高潜力 --as hr");
    assert_eq!(place.json("search 标签:高潜力 --as hr")["total"], 0);

    fs::write(place.path("证书.pdf"), b"%PDF-1.7\nmade up").unwrap();
    place.ok("upload 证书.pdf 张三 客户经理 --as hr");
    fs::write(place.path("evil.pdf"), b"MZ\x90\x00 not a pdf").unwrap();
    place.run("upload evil.pdf 张三 客户经理 --as hr").failed(2, "evil.pdf");
    place.run("upload none.pdf 张三 客户经理 --as hr").failed(3, "none.pdf");
    assert!(place.ok("show 张三 客户经理 --as hr").contains("证书.pdf"));

    place.ok("show 张三 客户经理 --video v.mp4 --as hr");
    let video = fs::read(place.path("v.mp4")).unwrap();
    assert!(video == vendor.bank.interview(0).video(), "the video comes out as it went in");
    let again = place.run("show 张三 客户经理 --video v.mp4 --as hr");
    assert!(again.code == 5 && again.err.contains("v.mp4"), "{again:?}");
    assert_eq!(fs::read(place.path("v.mp4")).unwrap(), video);

    // A failed fetch leaves no file.
    place.run("fetch 岗位=无此岗位 -o none.zip --reason test --as hr").failed(2, "没有符合条件");
    assert!(!place.path("none.zip").exists() && !place.path("none.zip.part").exists());
}

#[test]
fn what_an_interviewer_may_not_see_is_absent_everywhere() {
    let (place, vendor) = synced();
    place.ok("user add li --roles interviewer --as admin");
    place.ok("position interviewer 客户经理 li --as hr");
    let all = place.json("search --limit 1000 --as hr");
    let own = place.json("search --limit 1000 --facets --as li");
    let expected = vendor.bank.interviews().filter(|sitting| sitting.position.name == "客户经理").count();
    assert_eq!((all["total"].as_u64(), own["total"].as_u64()), (Some(40), Some(expected as u64)));
    assert_eq!(own["facets"][0]["position"], serde_json::json!([["客户经理", expected]]));

    let other =
        all["hits"].as_array().unwrap().iter().find(|hit| hit["position_name"] != "客户经理").unwrap();
    let id = other["application"].as_str().unwrap();
    let absent = format!("app_{}", "0".repeat(26));
    let (hidden, nowhere) =
        (place.run(&format!("show {id} --as li")), place.run(&format!("show {absent} --as li")));
    hidden.failed(3, id);
    assert_eq!(hidden.err.replace(id, &absent), nowhere.err);

    let shown = place.json("show 张三 --as li");
    assert!(shown["identity"].get("phone").is_none(), "{shown:#}");
    place.run("fetch 张三 -o li.zip --reason test --as li").failed(4, "无权");
    let refused = place.run("show 张三 --video li.mp4 --as li");
    assert!(refused.code == 4 && !place.path("li.mp4").exists(), "{refused:?}");
}

#[test]
fn help_is_there_for_every_command() {
    let place = Place::new();
    for line in ["help", "help connection add", "fetch --help", "help log verify"] {
        for language in ["zh", "en"] {
            let help = place.ok(&format!("{line} --lang {language}"));
            assert_eq!(help.contains("用法"), language == "zh", "{help}");
        }
    }
    place.run("help nothing").failed(2, "nothing");
    assert!(place.ok("completions bash").contains("dossier"));
    assert!(place.ok("--version").starts_with("dossier "));
}
