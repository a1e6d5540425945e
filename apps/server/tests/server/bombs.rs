//! Files that are small on the wire and huge inside: they are kept as they came, and nothing ever unpacks them, so that
//! the memory of the server does not grow with what they hold.

use std::io::{Cursor, Write};

use flate2::{Compression, Crc, write::DeflateEncoder};

use crate::{place::Place, program::Program};

/// So much more memory than before may be held at any time: some pieces of a body, in both directions, and what was freed
/// within the last ten seconds, which the allocator keeps for the next.
const ROOM: u64 = 96 << 20;
/// What one entry unpacks to.
const PIECE: u64 = 256 << 20;

/// A ZIP, as far as a bomb needs one.
#[derive(Default)]
struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    entries: u64,
}

impl Zip {
    fn add(&mut self, name: &str, method: u16, packed: &[u8], unpacked: u64, crc: u32) {
        let at = u32::try_from(self.bytes.len()).unwrap();
        let name_length = u16::try_from(name.len()).unwrap();
        let mut common = Vec::with_capacity(26);
        common.extend(20_u16.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        common.extend(method.to_le_bytes());
        common.extend([0; 4]);
        common.extend(crc.to_le_bytes());
        common.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        common.extend(u32::try_from(unpacked).unwrap_or(u32::MAX).to_le_bytes());
        common.extend(name_length.to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(packed);
        self.directory.extend(b"PK\x01\x02\x14\0");
        self.directory.extend(&common);
        self.directory.extend([0; 10]);
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.entries += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let (at, length) = (self.bytes.len(), self.directory.len());
        self.bytes.extend(self.directory);
        // More entries than fit into the old form are told by none of its readers; that it is wrong is the bomb's business.
        let entries = u16::try_from(self.entries).unwrap_or(u16::MAX).to_le_bytes();
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend(entries);
        self.bytes.extend(entries);
        self.bytes.extend(u32::try_from(length).unwrap().to_le_bytes());
        self.bytes.extend(u32::try_from(at).unwrap().to_le_bytes());
        self.bytes.extend([0, 0]);
        self.bytes
    }

    /// What programs take for a Word document (`word`) or a workbook (`xl`): by the names of its first entries.
    fn office(folder: &str) -> Self {
        let mut zip = Self::default();
        zip.add("[Content_Types].xml", 0, b"<Types/>", 8, 0);
        zip.add("_rels/.rels", 0, b"<Relationships/>", 16, 0);
        zip.add(&format!("{folder}/document.xml"), 0, b"<document/>", 11, 0);
        zip
    }
}

/// So many bytes of nothing, deflated to a thousandth: it is made in memory of its own size.
fn nothing(length: u64) -> (Vec<u8>, u32) {
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::best());
    let (mut crc, zeros) = (Crc::new(), vec![0; 1 << 20]);
    let mut left = length;
    while left > 0 {
        let piece = &zeros[..usize::try_from(left.min(zeros.len() as u64)).unwrap()];
        packed.write_all(piece).unwrap();
        crc.update(piece);
        left -= piece.len() as u64;
    }
    (packed.finish().unwrap(), crc.sum())
}

/// What unpacks to a thousand times its size: the same entry again and again.
fn huge_inside(folder: &str, entries: usize, (packed, crc): &(Vec<u8>, u32)) -> Vec<u8> {
    let mut zip = Zip::office(folder);
    for number in 0..entries {
        zip.add(&format!("{folder}/media/{number}.bin"), 8, packed, PIECE, *crc);
    }
    zip.finish()
}

/// A document in a document in a document.
fn nested(innermost: Vec<u8>) -> Vec<u8> {
    (0..6).fold(innermost, |inner, _| {
        let mut zip = Zip::office("word");
        zip.add("word/embeddings/again.docx", 0, &inner, inner.len() as u64, 0);
        zip.finish()
    })
}

fn many_entries() -> Vec<u8> {
    let mut zip = Zip::office("word");
    for number in 0..1_000_000 {
        zip.add(&format!("word/{number:x}"), 0, b"", 0, 0);
    }
    zip.finish()
}

#[test]
fn what_is_huge_inside_is_kept_as_it_came_in_memory_that_does_not_grow() {
    let place = Place::new();
    let program = Program::over(&place.data());
    let authorization = format!("Authorization: Bearer {}", place.token);
    let add = |name: &str, bytes: &[u8]| {
        let path = format!("/api/v1/applications/{}/materials?name={name}", place.application);
        let head =
            format!("POST {path} HTTP/1.1\r\n{authorization}\r\nContent-Type: application/octet-stream");
        program.ask(&head, bytes.len() as u64, Cursor::new(bytes))
    };
    // What is held before anything large comes.
    assert_eq!(add("a.pdf", b"%PDF-1.7\n").status, 201);
    let before = program.peak();
    let packed = nothing(PIECE);
    let bombs = [
        ("bomb.docx", huge_inside("word", 64, &packed)),
        ("nested.docx", nested(huge_inside("word", 64, &packed))),
        ("many.docx", many_entries()),
    ];
    let mut stored = 0;
    for (name, bytes) in &bombs {
        let answer = add(name, bytes);
        assert_eq!(answer.status, 201, "{name}: {}", answer.text);
        stored += bytes.len();
        assert!(answer.text.contains(&format!("\"length\":{}", bytes.len())), "{}", answer.text);
    }
    // What is no document by its content is not taken, and not looked into either.
    let mut plain = Zip::default();
    plain.add("a.txt", 8, &packed.0, PIECE, packed.1);
    for bytes in [plain.finish(), huge_inside("xl", 1, &packed)] {
        assert_eq!(add("bomb.docx", &bytes).status, 422);
    }

    // Whoever looks at the dossier, searches, or takes everything away sets none of them off.
    for path in [format!("/api/v1/applications/{}", place.application), "/api/v1/applications?q=0".to_owned()]
    {
        let answer = program.ask(&format!("GET {path} HTTP/1.1\r\n{authorization}"), 0, std::io::empty());
        assert_eq!(answer.status, 200, "{path}");
    }
    let wanted = r#"{"contents":["supplement"],"reason":"test"}"#;
    let head = format!("POST /api/v1/fetch HTTP/1.1\r\n{authorization}\r\nContent-Type: application/json");
    let answer = program.ask(&head, wanted.len() as u64, wanted.as_bytes());
    assert!(answer.status == 200 && answer.length > stored, "all of them are in the ZIP");
    let grown = program.peak() - before;
    assert!(grown < ROOM, "{} MiB more were held", grown >> 20);
}

#[test]
fn wrong_passwords_in_a_row_and_at_once_take_the_memory_of_a_few() {
    let place = Place::new();
    let program = Program::over(&place.data());
    let guess = || {
        let body = "login=hr&password=wrong";
        let head = "POST /sign-in HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded";
        program.ask(head, body.len() as u64, body.as_bytes()).status
    };
    assert_eq!(guess(), 403);
    let before = program.peak();
    // Each takes 19 MiB while it is computed, and computed are so many before the address has to wait.
    std::thread::scope(|scope| {
        for _ in 0..19 {
            scope.spawn(guess);
        }
    });
    let grown = program.peak() - before;
    assert!(grown < ROOM, "{} MiB more were held", grown >> 20);
}
