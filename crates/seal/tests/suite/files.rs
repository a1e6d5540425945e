//! Sealed files.

use dossier_seal::{
    Error, ErrorKind, Key, OsEntropy, Result,
    chunked::{ChunkSealer, FileKind, Layout, Opener, Sealer, TAG_LEN, open_file, seal_file},
};
use proptest::prelude::*;

use crate::entropy::Counting;

const KINDS: [FileKind; 2] = [FileKind::Blob, FileKind::Index];
const CHUNK: usize = 256;

fn layout(kind: FileKind) -> Layout {
    Layout::new(kind, 8).unwrap()
}

fn key() -> Key {
    Key::from_bytes(&[7; 32])
}

fn plaintext(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at % 251) as u8).collect()
}

fn seal(kind: FileKind, plaintext: &[u8]) -> Vec<u8> {
    seal_file(layout(kind), &key(), b"file 1", plaintext, &OsEntropy).unwrap()
}

fn open(kind: FileKind, sealed: &[u8]) -> Result<Vec<u8>> {
    open_file(kind, &key(), b"file 1", sealed.to_vec())
}

/// Lengths at and around the borders of chunks, and any others.
fn lengths() -> impl Strategy<Value = usize> {
    let at_border =
        (0usize..5, -2isize..=2).prop_map(|(chunks, more)| (chunks * CHUNK).saturating_add_signed(more));
    prop_oneof![at_border, 0usize..1500]
}

fn kinds() -> impl Strategy<Value = FileKind> {
    prop_oneof![Just(FileKind::Blob), Just(FileKind::Index)]
}

proptest! {
    #[test]
    fn a_file_comes_back(kind in kinds(), len in lengths()) {
        let sealed = seal(kind, &plaintext(len));
        prop_assert_eq!(layout(kind).sealed_len(len as u64), Some(sealed.len() as u64));
        prop_assert_eq!(layout(kind).plain_len(sealed.len() as u64), Some(len as u64));
        prop_assert_eq!(open(kind, &sealed).unwrap(), plaintext(len));
    }

    #[test]
    fn the_pieces_it_came_in_do_not_show(
        kind in kinds(),
        len in lengths(),
        pieces in proptest::collection::vec(0usize..600, 0..12),
    ) {
        let all = plaintext(len);
        let mut sealer = Sealer::new(layout(kind), &key(), b"file 1", &Counting::new()).unwrap();
        let mut sealed = sealer.header().to_vec();
        let mut rest = all.as_slice();
        for piece in pieces {
            let (head, tail) = rest.split_at(piece.min(rest.len()));
            sealer.push(head, &mut sealed).unwrap();
            rest = tail;
        }
        sealer.push(rest, &mut sealed).unwrap();
        sealer.finish(&mut sealed).unwrap();
        prop_assert_eq!(&sealed, &seal_file(layout(kind), &key(), b"file 1", &all, &Counting::new()).unwrap());
        prop_assert_eq!(sealed, seal_in_place(layout(kind), &all));
    }

    #[test]
    fn any_range_opens_from_its_own_chunks(len in lengths(), a: usize, b: usize) {
        let (a, b) = (a % (len + 1), b % (len + 1));
        let (start, end) = (a.min(b), a.max(b));
        let sealed = seal(FileKind::Blob, &plaintext(len));
        let opener = Opener::new(FileKind::Blob, &key(), b"file 1", &sealed, len as u64).unwrap();
        let range = opener.sealed_range(start as u64..end as u64).unwrap();
        let mut bytes = sealed[range.bytes.start as usize..range.bytes.end as usize].to_vec();
        let mut opened = Vec::new();
        for (index, chunk) in range.chunks.clone().zip(bytes.chunks_mut(opener.layout().sealed_chunk_len())) {
            opened.extend_from_slice(opener.open_chunk(index, chunk).unwrap());
        }
        let wanted = if start == end { &[] } else { &opened[range.skip..range.skip + (end - start)] };
        prop_assert_eq!(wanted, &plaintext(len)[start..end]);
        prop_assert!(opened.len() < end - start + 2 * CHUNK, "no chunk that is not needed");
    }

    #[test]
    fn lengths_and_layouts_agree(kind in kinds(), bits in 8u8..=24, sealed_len: u64, plain_len: u64) {
        let layout = Layout::new(kind, bits).unwrap();
        if let Some(plain_len) = layout.plain_len(sealed_len) {
            prop_assert_eq!(layout.sealed_len(plain_len), Some(sealed_len));
        }
        if let Some(sealed_len) = layout.sealed_len(plain_len) {
            prop_assert_eq!(layout.plain_len(sealed_len), Some(plain_len));
        }
    }

    #[test]
    fn any_other_bytes_are_refused(kind in kinds(), bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(open(kind, &bytes).is_err());
        let mut with_header = seal(kind, b"")[..6].to_vec();
        with_header.extend_from_slice(&bytes);
        prop_assert!(open(kind, &with_header).is_err());
    }
}

fn seal_in_place(layout: Layout, plaintext: &[u8]) -> Vec<u8> {
    let mut sealer = ChunkSealer::new(layout, &key(), b"file 1", &Counting::new()).unwrap();
    let mut sealed = sealer.header().to_vec();
    let last = plaintext.len().saturating_sub(1) / CHUNK * CHUNK;
    let (full, rest) = plaintext.split_at(last);
    for chunk in full.chunks(CHUNK) {
        let mut chunk = chunk.to_vec();
        let tag = sealer.seal(&mut chunk).unwrap();
        sealed.extend_from_slice(&chunk);
        sealed.extend_from_slice(&tag);
    }
    let mut chunk = rest.to_vec();
    let tag = sealer.seal_last(&mut chunk).unwrap();
    sealed.extend_from_slice(&chunk);
    sealed.extend_from_slice(&tag);
    sealed
}

#[test]
fn every_flipped_bit_is_found() {
    for kind in KINDS {
        let sealed = seal(kind, &plaintext(600));
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut changed = sealed.clone();
                changed[at] ^= 1 << bit;
                assert!(open(kind, &changed).is_err(), "{kind:?}: bit {bit} of byte {at}");
            }
        }
    }
}

#[test]
fn a_file_that_is_cut_off_or_extended_does_not_open() {
    for (kind, len) in KINDS.into_iter().flat_map(|kind| [0, 1, 256, 512, 600].map(|len| (kind, len))) {
        let sealed = seal(kind, &plaintext(len));
        for cut in 0..sealed.len() {
            assert!(open(kind, &sealed[..cut]).is_err(), "{kind:?} of {len} bytes cut to {cut}");
        }
        for more in 1..=2 * (CHUNK + TAG_LEN) {
            let longer = [sealed.as_slice(), &vec![0; more]].concat();
            assert!(open(kind, &longer).is_err(), "{kind:?} of {len} bytes with {more} more");
        }
    }
}

#[test]
fn chunks_stay_where_they_are() {
    let layout = layout(FileKind::Index);
    let (header, stride) = (layout.header_len(), layout.sealed_chunk_len());
    let sealed = seal(FileKind::Index, &plaintext(4 * CHUNK));
    let chunk = |index: usize| &sealed[header + index * stride..header + (index + 1) * stride];
    let build = |order: &[usize]| {
        let chunks = order.iter().flat_map(|&index| chunk(index).to_vec());
        sealed[..header].iter().copied().chain(chunks).collect::<Vec<_>>()
    };
    assert!(open(FileKind::Index, &build(&[0, 1, 2, 3])).is_ok());
    for order in [
        &[1, 0, 2, 3][..],
        &[0, 2, 1, 3],
        &[0, 1, 3, 2],
        &[3, 1, 2, 0],
        &[0, 1, 1, 3],
        &[0, 1, 2, 2],
        &[0, 1, 2],
        &[0, 1, 3],
        &[1, 2, 3],
        &[3],
        &[0, 1, 2, 3, 3],
        &[0, 1, 2, 3, 0],
    ] {
        assert!(open(FileKind::Index, &build(order)).is_err(), "{order:?}");
    }
}

#[test]
fn chunks_of_another_file_of_the_same_key_and_context_do_not_fit() {
    for kind in KINDS {
        let (one, two) = (seal(kind, &plaintext(600)), seal(kind, &plaintext(600)));
        let header = kind.header_len();
        for border in (0..3).map(|chunk| header + chunk * (CHUNK + TAG_LEN)) {
            let spliced = [&one[..border], &two[border..]].concat();
            assert!(open(kind, &spliced).is_err(), "{kind:?} spliced at {border}");
        }
    }
}

#[test]
fn a_file_opens_only_as_what_it_is() {
    for kind in KINDS {
        let sealed = seal(kind, &plaintext(600));
        let other = KINDS.into_iter().find(|other| *other != kind).unwrap();
        assert!(matches!(open(other, &sealed), Err(Error::Damaged { .. })));
        for result in [
            open_file(kind, &key(), b"file 2", sealed.clone()),
            open_file(kind, &key(), b"", sealed.clone()),
            open_file(kind, &Key::from_bytes(&[8; 32]), b"file 1", sealed.clone()),
        ] {
            assert!(matches!(result, Err(Error::Unauthentic { .. })), "found before any chunk is read");
        }
    }
}

#[test]
fn a_later_format_is_told_from_damage() {
    let mut sealed = seal(FileKind::Blob, b"");
    sealed[0] = 2;
    assert_eq!(open(FileKind::Blob, &sealed).unwrap_err().kind(), ErrorKind::Newer);
}

#[test]
fn a_wrong_length_shows_at_the_last_chunk() {
    let sealed = seal(FileKind::Blob, &plaintext(600));
    let stride = layout(FileKind::Blob).sealed_chunk_len();
    for plain_len in [0, 1, 255, 256, 511, 512, 513, 599, 601, 767, 768, 769, 1 << 40] {
        let opener = Opener::new(FileKind::Blob, &key(), b"file 1", &sealed, plain_len).unwrap();
        let mut body = sealed[FileKind::Blob.header_len()..].to_vec();
        let opened = body
            .chunks_mut(stride)
            .enumerate()
            .map(|(index, chunk)| opener.open_chunk(index as u64, chunk).map(|_| ()))
            .collect::<Result<Vec<_>>>();
        assert!(opened.is_err(), "{plain_len}");
    }
    let too_long = Opener::new(FileKind::Blob, &key(), b"file 1", &sealed, u64::MAX);
    assert_eq!(too_long.err().unwrap().kind(), ErrorKind::Invalid);
}

#[test]
fn an_unknown_length_is_proven_by_the_last_chunk() {
    let (kind, context) = (FileKind::Index, b"file 1");
    let sealed = seal(kind, &plaintext(600));
    let prove = |sealed: &[u8]| -> Result<(u64, Vec<u8>)> {
        let unproven = Opener::with_sealed_len(kind, &key(), context, sealed, sealed.len() as u64)?;
        let range = unproven.last_chunk();
        let mut last = sealed[range.start as usize..range.end as usize].to_vec();
        let (opener, plaintext) = unproven.prove(&mut last)?;
        Ok((opener.plain_len(), plaintext.to_vec()))
    };
    assert_eq!(prove(&sealed).unwrap(), (600, plaintext(600)[512..].to_vec()));
    for len in kind.header_len()..sealed.len() {
        assert_eq!(prove(&sealed[..len]).unwrap_err().kind(), ErrorKind::Damaged, "cut to {len}");
    }
}

#[test]
fn a_range_in_a_file_of_four_gib_needs_two_chunks_at_most() {
    let header = seal_file(Layout::BLOB, &key(), b"file 1", b"", &OsEntropy).unwrap();
    let opener = Opener::new(FileKind::Blob, &key(), b"file 1", &header, 4 << 30).unwrap();
    let range = opener.sealed_range((2 << 30) + 65_000..(2 << 30) + 66_000).unwrap();
    assert_eq!(range.chunks, 32_768..32_770);
    assert_eq!(range.bytes.end - range.bytes.start, 2 * (65_536 + 16));
    assert_eq!(range.skip, 65_000);
}

#[test]
fn ranges_and_chunks_beyond_the_end_are_refused() {
    let sealed = seal(FileKind::Blob, &plaintext(600));
    let opener = Opener::new(FileKind::Blob, &key(), b"file 1", &sealed, 600).unwrap();
    #[expect(clippy::reversed_empty_ranges, reason = "that is what must be refused")]
    let backwards = 5..4;
    for range in [0..601, 601..601, u64::MAX - 1..u64::MAX, backwards] {
        assert_eq!(opener.sealed_range(range).unwrap_err().kind(), ErrorKind::Invalid);
    }
    assert!(opener.sealed_range(600..600).unwrap().bytes.is_empty());
    let error = opener.open_chunk(3, &mut [0; 16]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
}

#[test]
fn a_chunk_sealer_takes_only_whole_chunks_and_one_last() {
    let sealer = || ChunkSealer::new(layout(FileKind::Blob), &key(), b"file 1", &OsEntropy).unwrap();
    for len in [0, 1, CHUNK - 1, CHUNK + 1] {
        assert_eq!(sealer().seal(&mut vec![0; len]).unwrap_err().kind(), ErrorKind::Invalid, "{len}");
    }
    assert_eq!(sealer().seal_last(&mut [0; CHUNK + 1]).unwrap_err().kind(), ErrorKind::Invalid);
    let mut after_one = sealer();
    after_one.seal(&mut [0; CHUNK]).unwrap();
    assert_eq!(after_one.seal_last(&mut []).unwrap_err().kind(), ErrorKind::Invalid);
}

#[test]
fn chunk_sizes_are_bounded() {
    for bits in [0, 7, 25, 255] {
        assert_eq!(Layout::new(FileKind::Blob, bits).unwrap_err().kind(), ErrorKind::Invalid);
    }
}

#[test]
fn the_two_layouts_in_use_are_those_of_the_format() {
    assert_eq!((Layout::BLOB.chunk_len(), Layout::BLOB.header_len()), (65_536, 130));
    assert_eq!((Layout::INDEX.chunk_len(), Layout::INDEX.header_len()), (16_384, 70));
    for (layout, len) in [(Layout::BLOB, 200_000), (Layout::INDEX, 40_000)] {
        let sealed = seal_file(layout, &key(), b"file 1", &plaintext(len), &OsEntropy).unwrap();
        assert_eq!(open_file(layout.kind(), &key(), b"file 1", sealed).unwrap(), plaintext(len));
    }
}
