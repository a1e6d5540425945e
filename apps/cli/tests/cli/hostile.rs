//! Input that nobody in their right mind types.

use dossier_simulator::Spoil;

use crate::place::{Place, Vendor};

#[test]
fn mistakes_in_a_query_are_pointed_at() {
    let place = Place::with_archive();
    let ran = place.run_with("search --as hr", &["岗位=风险控制 面试时间=2023-02-30"]);
    ran.failed(2, "2023-02-28");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines[0], "错误：检索式有误");
    assert_eq!(lines[1], "岗位=风险控制 面试时间=2023-02-30");
    // Ten wide characters and two signs stand before it.
    assert_eq!(lines[2], format!("{}^^^^^^^^^^", " ".repeat(23)));
    place.run("search (张三 --as hr").failed(2, "^");
    place.run("search 张三 --after x --as hr").failed(2, "--after");
    place.run("search --limit 0 --as hr").failed(2, "--limit");
}

#[test]
fn size_alone_harms_nobody() {
    let place = Place::with_archive();
    let long = "张".repeat(34_000);
    let ran = place.run_with("search --as hr", &[&long]);
    assert_eq!(ran.code, 2, "{}", ran.err.len());
    assert!(ran.err.len() < 2_000, "{}", ran.err);
    let score = format!("AI得分>={}", "9".repeat(300));
    let ran = place.run_with("search --as hr", &[&score]);
    assert!(ran.code == 2 && !ran.err.contains("panicked") && ran.err.len() < 2_000, "{ran:?}");
    let ran = place.run_with("position add --as hr", &[&"岗".repeat(5000)]);
    ran.failed(2, "80");
    place.run_with("position add x --as hr --pass-mark", &["1e400"]).failed(2, "0");
}

#[test]
fn names_can_neither_move_the_cursor_nor_leave_their_place() {
    let place = Place::with_archive();
    place.run_with("user add --roles hr --as admin", &["../\u{1b}[2Jx"]).failed(2, "U+001B");
    place.run_with("user add --roles hr --as admin", &["a\u{202e}b"]).failed(2, "U+202E");
    place.run_with("connection test --as hr", &["\u{1b}]0;owned\u{7}"]).failed(3, "\u{fffd}]0;owned\u{fffd}");
    let ran = place.run_with("show --as hr --lang en", &["../../etc/passwd\u{1b}[31m"]);
    assert!(ran.code != 0 && !ran.err.contains('\u{1b}'), "{ran:?}");
    let ran = place.run_with("completions", &["\u{1b}[31m"]);
    assert!(ran.code == 2 && !ran.err.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn nonsense_from_the_vendor_is_set_aside_and_shown() {
    let (place, vendor) = (Place::with_archive(), Vendor::of(12));
    for (id, spoil) in vendor.server.ids().iter().rev().zip(Spoil::ALL) {
        vendor.server.spoil(id, spoil);
    }
    place.connect(&vendor);
    let synced = place.json("sync --as hr");
    assert_eq!(synced["syncs"][0]["quarantined"], 6, "{synced}");
    assert_eq!(synced["syncs"][0]["new"], 6, "{synced}");
    let listed = place.ok("connection list --as hr");
    assert!(!listed.contains('\u{1b}') && listed.contains("隔离"), "{listed}");
    let states = place.json("connection list --as hr");
    let pointers = states["connections"][0]["quarantined"].as_array().unwrap();
    let of = |spoil: Spoil| pointers.iter().any(|odd| odd["pointer"] == spoil.pointer());
    assert!(of(Spoil::ImpossibleDate) && of(Spoil::HugeScore) && of(Spoil::ControlName), "{states:#}");
    assert!(!place.ok("search --limit 100 --as hr").contains("etc/passwd"));
}

#[test]
fn errors_are_json_where_answers_are() {
    let place = Place::with_archive();
    for (line, code, kind) in [
        ("search (张三 --as hr --json", 2, "invalid"),
        ("search --limit x --as hr --json", 2, "invalid"),
        ("show app_01M83V0D7JEF6FHKM4HBGWRPW4 --as hr --json", 3, "not_found"),
        ("log verify --as hr --json", 4, "denied"),
        ("init --json", 5, "conflict"),
        ("search --as hr --json --key-file none", 8, "keys"),
    ] {
        let ran = place.run(line);
        let error: serde_json::Value = serde_json::from_str(&ran.err).unwrap_or_else(|_| panic!("{ran:?}"));
        assert_eq!((ran.code, error["error"]["kind"].as_str()), (code, Some(kind)), "{line}: {ran:?}");
        assert!(!error["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(ran.out, "");
    }
}
