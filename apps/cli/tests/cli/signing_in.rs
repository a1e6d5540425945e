//! Links and tokens, as they are made at the terminal.

use crate::place::Place;

#[test]
fn an_administrator_makes_links_for_others_and_with_the_key_for_themselves() {
    let place = Place::with_archive();
    let said = place.ok("user invite hr --as admin");
    assert!(said.contains("/welcome/") && said.contains("hr"), "{said}");
    let link = place.json("user invite hr --as admin");
    assert_eq!(link["path"], format!("/welcome/{}", link["token"].as_str().unwrap()));
    place.run("user invite admin --as hr").failed(4, "无权");
    place.run("user invite nobody --as admin").failed(3, "nobody");
    place.ok("user invite admin --as admin");
    place.ok("user add audit --roles auditor --as admin");
    let log = place.ok("log list --action issue_link --json --as audit");
    let by_archive = log.lines().filter(|line| line.contains("archive:setup")).count();
    assert_eq!((log.lines().count(), by_archive), (3, 1), "{log}");
    assert!(!log.contains(link["token"].as_str().unwrap()));
}

#[test]
fn a_token_is_shown_once_listed_and_removed() {
    let place = Place::with_archive();
    let made = place.json("token add 报表 --scopes read,write --days 7 --as hr");
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with("dossier_") && secret.len() == 56, "{secret}");
    let listed = place.ok("token list --as hr");
    assert!(listed.contains("报表") && listed.contains("读取、修改") && !listed.contains(secret), "{listed}");
    assert!(!place.ok("token list --as admin").contains("报表"));
    let id = made["id"].as_str().unwrap();
    place.run(&format!("token remove {id} --as admin")).failed(3, id);
    place.ok(&format!("token remove {id} --as hr"));
    assert!(!place.ok("token list --as hr").contains("报表"));
    place.run("token add x --scopes all --as hr").failed(2, "范围");
    place.run("token remove x --as hr").failed(2, "令牌编号");
    place.run("token add x --scopes read --days 400 --as hr").failed(2, "400");
}
