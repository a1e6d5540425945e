//! Making, opening and not being able to open an archive.

use std::{fs, thread, time::Duration};

use dossier_simulator::ApiFault;

use crate::place::{Place, Vendor};

#[test]
fn an_archive_is_made_once_with_its_key_beside_it() {
    let place = Place::new();
    let said = place.ok("init");
    assert!(said.contains("dossier-data.key"), "{said}");
    let inside = fs::read_dir(place.path("dossier-data")).unwrap();
    assert!(inside.into_iter().all(|entry| entry.unwrap().file_name() != "dossier-data.key"));
    let key = fs::read(place.path("dossier-data.key")).unwrap();
    place.run("init").failed(5, "已有存档");
    assert_eq!(fs::read(place.path("dossier-data.key")).unwrap(), key);
    assert!(place.ok("user list --as admin").contains("系统管理员"));
}

#[cfg(unix)]
#[test]
fn the_key_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_archive();
    let key = place.path("dossier-data.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::metadata(place.path("dossier-data")).unwrap().permissions().mode() & 0o777, 0o700);
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let checks = place.json("doctor --as admin");
    let exposed =
        checks["checks"].as_array().unwrap().iter().find(|check| check["what"] == "密钥文件").unwrap();
    assert_eq!(exposed["state"], "attention");
}

#[test]
fn a_folder_with_something_else_in_it_is_left_alone() {
    let place = Place::new();
    fs::create_dir(place.path("dossier-data")).unwrap();
    fs::write(place.path("dossier-data/notes.txt"), "mine").unwrap();
    place.run("init").failed(5, "不是空目录");
    assert_eq!(fs::read(place.path("dossier-data/notes.txt")).unwrap(), b"mine");
    assert!(!place.path("dossier-data.key").exists());
}

#[test]
fn a_key_file_inside_of_the_data_folder_is_refused() {
    let place = Place::new();
    place.run("init --key-file dossier-data/root.key").failed(2, "数据目录之内");
}

#[test]
fn what_a_killed_init_left_is_completed() {
    let place = Place::new();
    fs::create_dir(place.path("dossier-data")).unwrap();
    fs::write(place.path("dossier-data/keyring.new"), "half of a keyr").unwrap();
    place.ok("init");
    place.ok("user list --as admin");

    // Killed after the keyring was there and before the first user was.
    let other = Place::new();
    other.ok("init");
    for store in ["records", "keys"] {
        fs::remove_dir_all(other.path(&format!("dossier-data/{store}"))).unwrap();
    }
    other.ok("init");
    other.ok("user list --as admin");
}

#[test]
fn each_way_of_not_opening_says_what_it_is() {
    let place = Place::with_archive();
    place.run("search --as hr --data nowhere").failed(3, "dossier init --data nowhere");
    place.run("search").failed(2, "--as");
    place.run("search --as nobody").failed(3, "nobody");
    place.run("search --as hr --key-file none.key").failed(8, "none.key");

    let other = Place::new();
    other.ok("init");
    let key = other.path("dossier-data.key");
    place.run(&format!("search --as hr --key-file {}", key.display())).failed(8, "另一个存档的密钥文件");
    fs::write(place.path("no.key"), "not a key").unwrap();
    place.run("search --as hr --key-file no.key").failed(8, "不是卷宗的密钥文件");

    let keyring = place.path("dossier-data/keyring");
    let bytes = fs::read(&keyring).unwrap();
    for spot in [30, bytes.len() / 2, bytes.len() - 1] {
        let mut damaged = bytes.clone();
        damaged[spot] ^= 1;
        fs::write(&keyring, damaged).unwrap();
        place.run("search --as hr").failed(7, "已损坏");
    }
    fs::remove_file(&keyring).unwrap();
    place.run("search --as hr").failed(7, "keyring");
    place.run("init").failed(5, "不是空目录");
    fs::write(&keyring, bytes).unwrap();
    place.ok("search --as hr");
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let place = Place::new();
    fs::write(place.path("right"), "十二月的山风 correct horse\n").unwrap();
    fs::write(place.path("wrong"), "something else\n").unwrap();
    place.ok("init --passphrase --passphrase-file right");
    assert!(!place.path("dossier-data.key").exists());
    place.ok("user list --as admin --passphrase-file right");
    place.run("user list --as admin --passphrase-file wrong").failed(8, "口令不对");
    place.run("user list --as admin").failed(2, "终端");
}

#[test]
fn two_processes_do_not_share_a_folder() {
    let (place, vendor) = (Place::with_archive(), Vendor::of(10));
    place.connect(&vendor);
    vendor.server.fail_api(ApiFault::Hang);
    let mut busy = place.command("connection test 演示 --as hr").spawn().unwrap();
    let waited = (0..100).any(|_| {
        thread::sleep(Duration::from_millis(50));
        vendor.server.stats().api_requests > 0
    });
    assert!(waited, "the first process never asked the vendor");
    place.run("search --as hr").failed(5, "另一个 dossier 进程");
    place.run("search --as hr --lang en").failed(5, "another dossier process has");
    busy.kill().unwrap();
    busy.wait().unwrap();
    place.ok("search --as hr");
}

#[test]
fn rights_are_those_of_the_user_who_acts() {
    let place = Place::with_archive();
    place.ok("user add auditor --roles auditor --as admin");
    place.run("search --as admin").failed(4, "无权执行");
    place.run("log list --as hr").failed(4, "无权执行");
    place.run("user add x --roles hr --as hr").failed(4, "无权执行");
    place.run("user add x --roles hr,auditor --as admin").failed(2, "三员分立");
    place.run("user add x --roles boss --as admin").failed(2, "boss");
    place.run("user add hr --roles hr --as admin").failed(5, "hr");
    place.ok("user suspend hr --as admin");
    place.run("search --as hr").failed(4, "无权执行");
    place.ok("user suspend hr --resume --as admin");
    place.ok("search --as hr");
    place.ok("log verify --as auditor");
}
