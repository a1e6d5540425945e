//! Damaged, missing and newer files in the data folder.

use std::{fs, path::PathBuf};

use dossier_access::Digest;

use crate::place::{Place, Vendor};

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all = entries.flat_map(|path| if path.is_dir() { files(path) } else { vec![path] });
    all.collect()
}

#[test]
fn a_keyring_of_a_later_version_is_not_taken_for_a_damaged_one() {
    let place = Place::with_archive();
    let keyring = place.path("dossier-data/keyring");
    let mut bytes = fs::read(&keyring).unwrap();
    let end = bytes.len() - 8;
    bytes[0] = 9;
    let sum = Digest::of(&bytes[..end]);
    bytes[end..].copy_from_slice(&sum.as_bytes()[..8]);
    fs::write(&keyring, bytes).unwrap();
    place.run("search --as hr").failed(8, "请升级");
}

#[test]
fn damage_is_found_and_harms_nothing_else() {
    let (place, vendor) = (Place::with_archive(), Vendor::of(10));
    place.connect(&vendor);
    place.ok("sync --as hr");
    for blob in files(place.path("dossier-data/blobs")) {
        let mut bytes = fs::read(&blob).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(blob, bytes).unwrap();
    }
    place.ok("doctor --as admin");
    let checked = place.run("doctor --everything --as admin");
    assert!(checked.code == 7 && checked.out.contains("10 个损坏"), "{checked:?}");
    let saved = place.run("show 张三 --video v.mp4 --as hr");
    assert!(saved.code == 7 && !saved.err.contains("panicked"), "{saved:?}");
    assert!(!place.path("v.mp4").exists() && !place.path("v.mp4.part").exists());
    place.run("fetch 张三 -o z.zip --reason test --as hr").failed(7, "已损坏");
    assert!(!place.path("z.zip").exists() && !place.path("z.zip.part").exists());

    fs::remove_dir_all(place.path("dossier-data/index")).unwrap();
    assert_eq!(place.json("search --as hr")["total"], 10);
    for file in files(place.path("dossier-data/index")) {
        let mut bytes = fs::read(&file).unwrap();
        bytes.iter_mut().step_by(7).for_each(|byte| *byte ^= 0x55);
        fs::write(file, bytes).unwrap();
    }
    let found = place.run("search --as hr");
    assert!(matches!(found.code, 0 | 7 | 8) && !found.err.contains("panicked"), "{found:?}");
    place.ok("index rebuild --as admin");
    assert_eq!(place.json("search --as hr")["total"], 10);
}
