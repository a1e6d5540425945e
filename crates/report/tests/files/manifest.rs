//! The manifest as JSON, and its sums as `sha256sum` reads them.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use dossier_domain::{ApplicationId, MaterialKind, text::Login};
use dossier_report::{Manifest, ManifestFile, manifest_sums};

use crate::sample::{at, line};

fn file(path: &str, kind: Option<MaterialKind>) -> ManifestFile {
    ManifestFile {
        path: path.to_owned(),
        bytes: 5,
        sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".to_owned(),
        crc32: 0x3610_a686,
        kind,
        application: kind.map(|_| ApplicationId::new(at("2023-10-01T00:00:00Z"), 1)),
    }
}

fn manifest(files: Vec<ManifestFile>) -> Manifest {
    Manifest {
        format: Manifest::FORMAT,
        made_at: at("2023-11-08T02:30:00Z"),
        made_by: Login::parse("wang.li").unwrap(),
        query: "张三+客户经理+80分".to_owned(),
        reason: line("人工面试准备"),
        files,
    }
}

#[test]
fn the_format_stays_as_it_is_and_reads_back() {
    let manifest = manifest(vec![
        file("客户经理/张三/面试视频.mp4", Some(MaterialKind::Video)),
        file("index.html", None),
    ]);
    let json = manifest.to_json().unwrap();
    insta::assert_snapshot!(json);
    assert_eq!(serde_json::from_str::<Manifest>(&json).unwrap(), manifest);
}

#[test]
fn sha256sum_accepts_the_sums_and_finds_a_changed_file() {
    let folder = tempfile::tempdir().unwrap();
    let names = ["张三 视频.mp4", "back\\slash", "line\nbreak", "*star"];
    for name in names {
        std::fs::write(folder.path().join(name), "hello").unwrap();
    }
    let sums = manifest_sums(&manifest(names.map(|name| file(name, None)).to_vec()));
    let checked = || {
        let mut child = Command::new("sha256sum")
            .args(["--check", "--strict", "--quiet"])
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(sums.as_bytes()).unwrap();
        child.wait().unwrap().success()
    };
    assert!(checked(), "{sums}");
    std::fs::write(folder.path().join(names[2]), "hallo").unwrap();
    assert!(!checked());
}
