//! The demo from end to end, and what is left of it on the disk.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use base64::{Engine, prelude::BASE64_STANDARD};
use dossier_simulator::{Bank, BankOptions, Sitting};

use crate::place::Place;

const CANDIDATES: usize = 12;

#[test]
fn the_demo_shows_everything_and_leaves_nothing_readable() {
    let place = Place::new();
    let shown = place.run("demo --candidates 12");
    assert_eq!((shown.code, shown.err.as_str()), (0, ""), "{shown:?}");
    assert!(shown.out.lines().count() <= 60, "{} lines", shown.out.lines().count());
    for part in ["张三", "被隔离 2", "已写入 dossier-demo.zip", "找不到应聘", "日志完好", "演示完成"]
    {
        assert!(shown.out.contains(part), "{part} is not in {}", shown.out);
    }

    check("unzip", &["-tqq", "dossier-demo.zip"], place.dir.path());
    let verifier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/verify_log.py");
    check("python3", &[verifier.to_str().unwrap(), "dossier-demo.log.jsonl"], place.dir.path());
    nothing_readable(&place.path("dossier-demo"));

    place.run("demo").failed(2, "dossier-demo");
    let again = place.run("search 张三+客户经理+80分 --data dossier-demo --as hr");
    assert!(again.code == 0 && again.out.contains("张三"), "{again:?}");
}

#[test]
fn the_demo_speaks_english_and_json() {
    let place = Place::new();
    let shown = place.ok("demo --candidates 10 --lang en --data other");
    assert!(shown.contains("Done in") && shown.contains("The log holds"), "{shown}");
    let counts = place.json("demo --candidates 10 --data third");
    assert_eq!(counts["candidates"], 10);
    assert_eq!(counts["applications"], 11, "two of ten and three more make no sense: {counts}");
    place.run("demo --candidates 3 --data fourth").failed(2, "candidates");
}

fn check(program: &str, arguments: &[&str], folder: &Path) {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
}

/// That no name, number, word or picture of the bank is in any file of the folder.
fn nothing_readable(folder: &Path) {
    let bank = Bank::generate(BankOptions { candidates: CANDIDATES, ..BankOptions::default() });
    let needles: BTreeSet<Vec<u8>> = bank.interviews().flat_map(|sitting| needles(&sitting)).collect();
    assert!(needles.len() > 500, "{}", needles.len());
    let mut files = Vec::new();
    collect(folder, &mut files);
    assert!(files.len() > CANDIDATES, "{files:?}");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let firsts: BTreeSet<[u8; 4]> =
            needles.iter().map(|needle| needle[..4].try_into().unwrap()).collect();
        for at in 0..bytes.len().saturating_sub(4) {
            let window: [u8; 4] = bytes[at..at + 4].try_into().unwrap();
            if firsts.contains(&window) {
                let found = needles.iter().find(|needle| bytes[at..].starts_with(needle));
                assert!(found.is_none(), "{found:?} is in {} at {at}", file.display());
            }
        }
    }
}

/// What must not be found, in the encodings in which it could lie there; long enough not to be there by chance.
fn needles(sitting: &Sitting) -> Vec<Vec<u8>> {
    let person = &sitting.person;
    let mut texts =
        vec![person.full_name(), person.phone.clone(), person.email.clone(), person.id_number.clone()];
    let answers = sitting.turns.iter().map(|turn| turn.answer.chars().take(8).collect::<String>());
    texts.extend(answers);
    texts.push(sitting.canary());
    texts.push(sitting.position.name.to_owned());
    let mut needles: Vec<Vec<u8>> = texts.iter().flat_map(|text| encodings(text)).collect();
    let video = sitting.video();
    needles.extend([0, video.len() / 2, video.len() - 32].map(|at| video[at..at + 24].to_vec()));
    needles.push(b"ftypisom".to_vec());
    needles
}

fn encodings(text: &str) -> Vec<Vec<u8>> {
    let utf8 = text.as_bytes().to_vec();
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    // The characters of base 64 that depend on this text alone, wherever in a group of three bytes it begins.
    let coded = (0..3).map(|before| {
        let coded = BASE64_STANDARD.encode([vec![0; before], utf8.clone()].concat());
        let inner = [0, 2, 3][before]..coded.len() - 4;
        coded.get(inner).unwrap_or_default().as_bytes().to_vec()
    });
    let all: Vec<Vec<u8>> = [utf8.clone(), little, big].into_iter().chain(coded).collect();
    all.into_iter().filter(|needle| needle.len() >= 8 || *needle == utf8).collect()
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
