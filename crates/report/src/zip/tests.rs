//! The ZIP against other people's readers, its own arithmetic, and golden bytes.

use std::{
    fmt::Write as _,
    fs::File,
    io::{Seek, SeekFrom, Write as _},
    process::{Command, Stdio},
};

use proptest::prelude::*;
use tempfile::{NamedTempFile, TempDir};

use super::*;

const GIB: u64 = 1 << 30;

fn noon() -> DateTime<Utc> {
    "2023-10-12T04:00:07Z".parse().unwrap()
}

fn plan(files: &[(&str, &[u8])]) -> Plan {
    let mut plan = Plan::new(BankZone::default());
    for (name, content) in files {
        plan.add_content(name, content, noon()).unwrap();
    }
    plan
}

/// The bytes of one piece; a content is what `files` says.
fn bytes_of(plan: &Plan, piece: &Piece, files: &[(&str, &[u8])]) -> Vec<u8> {
    let whole = match piece.source {
        Source::LocalHeader(entry) => plan.local_header(entry),
        Source::Content(entry) => files[entry].1.to_vec(),
        Source::CentralDirectory => plan.central_directory(),
    };
    let at = |place: u64| usize::try_from(place).unwrap();
    whole[at(piece.bytes.start)..at(piece.bytes.end)].to_vec()
}

fn written(plan: &Plan, files: &[(&str, &[u8])]) -> Vec<u8> {
    plan.pieces().flat_map(|piece| bytes_of(plan, &piece, files)).collect()
}

const SAMPLE: [(&str, &[u8]); 3] = [
    ("客户经理/张三/视频.mp4", b"moving pictures"),
    ("客户经理/张三/empty.txt", b""),
    ("index.html", b"<p>"),
];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[test]
fn golden_bytes() {
    let plan = plan(&[("张.txt", b"hello"), ("b", b"")]);
    // 12:00:06 in Shanghai is 0x6003, 2023-10-12 is 0x574c, CRC-32 of "hello" is 0x3610a686.
    let headers = [hex(&plan.local_header(0)), hex(&plan.local_header(1))];
    assert_eq!(
        headers,
        [
            "504b0304140000080000\
             03604c5786a6103605000000050000000700\
             0000e5bca02e747874",
            "504b030414000008000003604c57000000000000000000000000010000\
             0062"
        ]
    );
    let directory = "504b01022d03140000080000\
        03604c5786a61036050000000500000007000000000000000000000080810000\
        0000e5bca02e747874\
        504b01022d03140000080000\
        03604c570000000000000000000000000100000000000000000000008081\
        2a00000062\
        504b050600000000020002006400000049000000\
        0000";
    assert_eq!(hex(&plan.central_directory()), directory);
    assert_eq!(plan.length(), 42 + 31 + 100 + 22);
}

#[test]
fn an_empty_plan_is_an_empty_zip() {
    let plan = Plan::new(BankZone::default());
    assert_eq!(plan.length(), 22);
    assert_eq!(hex(&plan.central_directory()), "504b0506".to_owned() + &"0".repeat(36));
}

/// Runs a reader; `None` where it is not installed.
fn run(command: &str, arguments: &[&str], input: Option<&[u8]>) -> Option<String> {
    let mut child = Command::new(command)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    if let Some(input) = input {
        child.stdin.take().unwrap().write_all(input).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{command}: {said}{}", String::from_utf8_lossy(&output.stderr));
    Some(said)
}

#[test]
fn other_readers_agree() {
    let zip = written(&plan(&SAMPLE), &SAMPLE);
    assert_eq!(zip.len() as u64, plan(&SAMPLE).length());
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(&zip).unwrap();
    let path = file.path().to_str().unwrap();

    if let Some(said) = run("unzip", &["-t", path], None) {
        assert!(said.contains("客户经理/张三/视频.mp4") && said.contains("No errors"), "{said}");
    }
    let script = "import sys, zipfile\n\
        z = zipfile.ZipFile(sys.argv[1])\n\
        assert z.testzip() is None\n\
        for i in z.infolist(): print(i.filename, i.date_time, i.extra, z.read(i))";
    if let Some(said) = run("python3", &["-c", script, path], None) {
        let first = said.lines().next().unwrap();
        assert_eq!(first, "客户经理/张三/视频.mp4 (2023, 10, 12, 12, 0, 6) b'' b'moving pictures'");
        assert_eq!(said.lines().count(), 3);
    }
    // From a pipe a reader sees no central directory first and has only the local headers to go by.
    let folder = TempDir::new().unwrap();
    let into = folder.path().to_str().unwrap();
    if run("bsdtar", &["-x", "-f", "-", "-C", into], Some(&zip)).is_some() {
        for (name, content) in SAMPLE {
            assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), content);
        }
    }
}

/// Writes the headers of a plan to their places in a file that has holes instead of contents.
fn sparse(plan: &Plan) -> NamedTempFile {
    let temporary = NamedTempFile::new().unwrap();
    let mut file = File::options().write(true).open(temporary.path()).unwrap();
    for piece in plan.pieces() {
        let bytes = match piece.source {
            Source::LocalHeader(entry) => plan.local_header(entry),
            Source::Content(_) => continue,
            Source::CentralDirectory => plan.central_directory(),
        };
        file.seek(SeekFrom::Start(piece.offset)).unwrap();
        file.write_all(&bytes).unwrap();
    }
    assert_eq!(file.metadata().unwrap().len(), plan.length());
    temporary
}

/// What Python reads: for each entry its length, the offset of its header and the lengths of both extra fields.
fn read_by_python(plan: &Plan) -> Option<Vec<(u64, u64, usize, usize)>> {
    let script = "import struct, sys, zipfile\n\
        f = open(sys.argv[1], 'rb')\n\
        for i in zipfile.ZipFile(f).infolist():\n\
        \x20   zipfile.ZipFile(f).open(i).read(1) if len(sys.argv) > 2 else None\n\
        \x20   f.seek(i.header_offset + 26)\n\
        \x20   print(i.file_size, i.header_offset, struct.unpack('<HH', f.read(4))[1], len(i.extra))";
    let file = sparse(plan);
    let path = file.path().to_str().unwrap();
    let arguments = ["-c", script, path, "open"];
    let count = if plan.entries.len() < 100 { 4 } else { 3 };
    let said = run("python3", &arguments[..count], None)?;
    let number = |field: &str| field.parse::<u64>().unwrap();
    let line = |line: &str| {
        let fields: Vec<u64> = line.split(' ').map(number).collect();
        (fields[0], fields[1], fields[2] as usize, fields[3] as usize)
    };
    Some(said.lines().map(line).collect())
}

#[test]
fn zip64_fields_appear_exactly_where_a_value_needs_them() {
    let limit = u64::from(u32::MAX);
    let mut plan = Plan::new(BankZone::default());
    // Local headers: 30 bytes, one of name, 20 of ZIP64 where the length needs them.
    let mut expected = Vec::new();
    for (size, local, central) in
        [(limit - 1, 0, 0), (limit, 20, 28), (limit + 1, 20, 28), (0, 0, 12), (5 * GIB, 20, 28)]
    {
        expected.push((size, plan.end, local, central));
        plan.add("x", size, 0, noon()).unwrap();
    }
    // The second begins behind 31 + limit − 1 bytes, just over the limit.
    assert_eq!(plan.entries[1].offset, limit + 30);
    if let Some(read) = read_by_python(&plan) {
        assert_eq!(read, expected);
    }
    let end = plan.central_directory();
    assert_eq!(hex(&end[end.len() - 98..][..4]), "504b0606");

    let mut last_small = Plan::new(BankZone::default());
    last_small.add("a", limit - 1 - 62, 0, noon()).unwrap();
    last_small.add("b", 0, 0, noon()).unwrap();
    assert_eq!(last_small.end, limit - 1);
    assert_eq!(last_small.end_records().len(), 22, "an offset of 0xFFFFFFFE fits");
    let mut first_big = Plan::new(BankZone::default());
    first_big.add("a", limit - 62, 0, noon()).unwrap();
    first_big.add("b", 0, 0, noon()).unwrap();
    assert_eq!(first_big.end_records().len(), 98, "an offset of 0xFFFFFFFF does not");
}

#[test]
fn sixty_five_thousand_files_need_zip64_and_no_more() {
    let mut plan = Plan::new(BankZone::default());
    for number in 0..65_534 {
        plan.add(&format!("{number}"), 0, 0, noon()).unwrap();
    }
    assert_eq!(plan.end_records().len(), 22);
    plan.add("one more", 0, 0, noon()).unwrap();
    assert_eq!(plan.end_records().len(), 98);
    if let Some(read) = read_by_python(&plan) {
        assert_eq!(read.len(), 65_535);
    }
}

#[test]
fn what_cannot_be_written_is_refused_and_changes_nothing() {
    let mut plan = plan(&SAMPLE);
    let before = plan.central_directory();
    assert!(matches!(plan.add("x", u64::MAX, 0, noon()), Err(Error::TooLarge)));
    assert!(matches!(plan.add("x", u64::MAX - plan.length(), 0, noon()), Err(Error::TooLarge)));
    let deep = "a/".repeat(40_000) + "x";
    assert!(matches!(plan.add(&deep, 0, 0, noon()), Err(Error::PathTooLong { length: 80_001 })));
    assert_eq!(plan.central_directory(), before);
    assert_eq!(plan.add("x", 1, 0, noon()).unwrap(), "x");
}

#[test]
fn times_before_and_after_dos_are_the_nearest() {
    let header = |at: &str| {
        let mut plan = Plan::new(BankZone::default());
        plan.add("x", 0, 0, at.parse().unwrap()).unwrap();
        hex(&plan.local_header(0)[10..14])
    };
    assert_eq!(header("1969-01-01T00:00:00Z"), "00002100");
    assert_eq!(header("1979-12-31T16:00:00Z"), "00002100");
    assert_eq!(header("2107-12-31T15:59:59Z"), "7dbf9fff");
    assert_eq!(header("2200-01-01T00:00:00Z"), "7dbf9fff");
}

#[test]
fn paths_are_unique_for_every_file_system() {
    let mut plan = Plan::new(BankZone::default());
    let mut add = |path: &str| plan.add(path, 0, 0, noon()).unwrap().to_owned();
    assert_eq!(add("张三/a.mp4"), "张三/a.mp4");
    assert_eq!(add("张三/A.MP4"), "张三/A-2.MP4");
    assert_eq!(add("张三/a.mp4"), "张三/a-3.mp4");
    assert_eq!(add("张三"), "张三-2", "a folder has the name");
    assert_eq!(add("张三/a.mp4/b"), "张三/a-4.mp4/b", "a file has the name");
    assert_eq!(add("张三/a.mp4/c"), "张三/a-4.mp4/c");
    assert_eq!(add("../../etc/passwd"), "_/_/etc/passwd");
    assert_eq!(add(r"/C:\Windows\nul"), "C_/Windows/_nul");
    assert_eq!(add(""), "_-2", "the folder of the dots has the name");
}

#[test]
fn names_are_made_safe() {
    for (text, name) in [
        ("张三", "张三"),
        ("", "_"),
        (".", "_"),
        ("..", "_"),
        ("../x", "_._x"),
        ("a/b\\c:d", "a_b_c_d"),
        ("a\u{202E}gpj.exe", "agpj.exe"),
        ("tab\tand\nline", "tab and line"),
        ("\u{0}\u{1b}[31m", "[31m"),
        ("con", "_con"),
        ("Aux.txt", "_Aux.txt"),
        ("COM¹.log", "_COM¹.log"),
        ("LPT10", "LPT10"),
        ("NUL .tar.gz", "_NUL .tar.gz"),
        ("end. . ", "end"),
        (".bashrc", "_bashrc"),
        ("\u{3000}名\u{3000}", "名"),
        ("<script>", "_script_"),
    ] {
        assert_eq!(safe_name(text), name, "{text:?}");
    }
    let long = safe_name(&format!("{}.mp4", "张".repeat(100)));
    assert_eq!(long, format!("{}.mp4", "张".repeat(38)));
    assert_eq!(safe_name(&"x".repeat(500)).len(), 120);
}

proptest! {
    #[test]
    fn a_safe_name_is_safe_whatever_it_came_from(text in any::<String>(), tail in "[ ./.a-zA-Z0-9\u{202E}张]{0,200}") {
        let name = safe_name(&(text + &tail));
        prop_assert!(!name.is_empty() && name.len() <= 120);
        let has_separator = name.contains(['/', '\\', ':', '*', '?', '"', '<', '>', '|', '\u{202E}']);
        prop_assert!(!has_separator);
        prop_assert!(!name.chars().any(char::is_control));
        prop_assert!(!name.starts_with('.') && !name.ends_with(['.', ' ']) && name.trim() == name);
        prop_assert_eq!(safe_name(&name), name);
    }

    #[test]
    fn any_range_is_made_of_its_pieces(
        files in prop::collection::vec(("[a-c/.]{0,6}", prop::collection::vec(any::<u8>(), 0..40)), 0..6),
        (from, to) in (0u64..700, 0u64..700),
    ) {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, c)| (n.as_str(), c.as_slice())).collect();
        let plan = plan(&files);
        let whole = written(&plan, &files);
        prop_assert_eq!(whole.len() as u64, plan.length());

        let mut at = from;
        let mut part = Vec::new();
        for piece in plan.pieces_in(from..to) {
            prop_assert!(!piece.bytes.is_empty());
            prop_assert_eq!(piece.offset, at);
            at += piece.bytes.end - piece.bytes.start;
            part.extend(bytes_of(&plan, &piece, &files));
        }
        let cut = |place: u64| usize::try_from(place).unwrap().min(whole.len());
        let expected = if from < to { &whole[cut(from)..cut(to)] } else { &[] };
        prop_assert_eq!(part.as_slice(), expected);
        let names: std::collections::HashSet<&str> = plan.entries().iter().map(|e| e.name.as_str()).collect();
        prop_assert_eq!(names.len(), files.len());
    }
}
