//! What the folder gives away, and what damage does.

use std::{fs, path::Path};

use dossier_search::{Entry, Error, ErrorKind, Facet, Hits, Index, Query, Request, Scope};

use crate::given::{entry, index_of, passage, try_open};

const CANARY: &str = "金丝雀kanarienvogel";

fn entries() -> Vec<Entry> {
    (0..40)
        .map(|number| Entry {
            resume: vec![CANARY.repeat(20)],
            transcript: vec![passage(1.0, &format!("{CANARY} 风险控制 {number}"))],
            ..entry(number, "张三", 1, "客户经理")
        })
        .collect()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn nothing_readable_is_in_the_folder() {
    let (folder, index) = index_of(&entries());
    drop(index);
    let wide: Vec<u8> = CANARY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let words =
        ["金丝雀", "kanarienvogel", "zhangsan", "张三", "客户经理", "position", "tantivy", "segments"];
    for file in files(folder.path()) {
        let bytes = fs::read(&file).unwrap();
        for word in words.iter().map(|word| word.as_bytes()).chain([wide.as_slice()]) {
            assert!(!bytes.windows(word.len()).any(|window| window == word), "{}", file.display());
        }
    }
}

#[test]
fn another_key_is_told_from_damage() {
    let (folder, index) = index_of(&entries());
    drop(index);
    let Err(error) = try_open(folder.path(), 2) else { panic!("opened with another key") };
    assert!(matches!(error, Error::WrongKey(_)), "{error:?}");
}

/// Opens the index anew and asks it something that reads every kind of file.
fn answer(folder: &Path) -> dossier_search::Result<Hits> {
    let index = try_open(folder, 1)?;
    let (query, scope) = (Query::parse("\"风险控制\" 张三 score>=80").unwrap(), Scope::all());
    let facets = vec![Facet::Position, Facet::Month, Facet::Tag, Facet::Folder(vec![])];
    index.search(&Request { facets, ..Request::new(&query, &scope) })
}

#[test]
fn damage_is_an_error_or_changes_nothing() {
    let (folder, index) = index_of(&entries());
    drop(index);
    let right = answer(folder.path()).unwrap();
    assert_eq!(right.total, 40);
    let mut found = 0;
    for file in files(folder.path()) {
        let bytes = fs::read(&file).unwrap();
        let places = (0..bytes.len()).step_by(1 + bytes.len() / 24).chain(bytes.len().checked_sub(1));
        for place in places {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1 << (place % 8);
            fs::write(&file, damaged).unwrap();
            found += usize::from(is_refused(answer(folder.path()), &right));
        }
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        found += usize::from(is_refused(answer(folder.path()), &right));
        fs::write(&file, bytes).unwrap();
    }
    assert!(found > 100, "only {found} damages were noticed");
    assert_eq!(answer(folder.path()).unwrap(), right);
}

fn is_refused(answer: dossier_search::Result<Hits>, right: &Hits) -> bool {
    match answer {
        Ok(answer) => {
            assert_eq!(&answer, right);
            false
        }
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Rebuild | ErrorKind::WrongKey), "{error:?}");
            true
        }
    }
}

#[test]
fn a_missing_or_swapped_file_is_noticed() {
    let (folder, index) = index_of(&entries());
    index.apply(&entries()[..1], &[], 2).unwrap();
    drop(index);
    let stores: Vec<_> = files(folder.path())
        .into_iter()
        .filter(|file| file.extension().is_some_and(|e| e == "store"))
        .collect();
    let [a, b, ..] = stores.as_slice() else { panic!("{stores:?}") };
    let (bytes_a, bytes_b) = (fs::read(a).unwrap(), fs::read(b).unwrap());
    fs::write(a, &bytes_b).unwrap();
    fs::write(b, &bytes_a).unwrap();
    assert_eq!(answer(folder.path()).unwrap_err().kind(), ErrorKind::Rebuild);
    fs::write(a, &bytes_a).unwrap();
    fs::write(b, &bytes_b).unwrap();
    assert!(answer(folder.path()).is_ok());
    fs::remove_file(a).unwrap();
    assert_eq!(answer(folder.path()).unwrap_err().kind(), ErrorKind::Rebuild);
    Index::discard(folder.path()).unwrap();
    assert_eq!(answer(folder.path()).unwrap().total, 0);
}
