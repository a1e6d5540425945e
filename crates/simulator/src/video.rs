//! The videos: four short MP4 files, made different for each interview by a `free` box at the end, which players skip
//! (ISO/IEC 14496-12, 8.1.2) and which holds a text to search for in stored bytes.

use std::sync::LazyLock;

use bytes::{BufMut, Bytes, BytesMut};
use serde::Deserialize;

/// One of the four films, with what is asked and said in it.
#[derive(Debug, Deserialize)]
pub struct Clip {
    /// The file's name.
    pub file: String,
    /// Its length in seconds.
    pub seconds: f64,
    /// The questions, in order.
    pub questions: Vec<ClipQuestion>,
}

/// A question in a film.
#[derive(Debug, Deserialize)]
pub struct ClipQuestion {
    /// The question.
    pub text: String,
    /// When it begins, in seconds.
    pub start: f64,
    /// When the answer ends, in seconds.
    pub end: f64,
    /// What is answered.
    pub answer: String,
}

const FILES: [(&str, &[u8]); 4] = [
    ("account-manager.mp4", include_bytes!("../../../fixtures/video/account-manager.mp4")),
    ("risk-control.mp4", include_bytes!("../../../fixtures/video/risk-control.mp4")),
    ("teller.mp4", include_bytes!("../../../fixtures/video/teller.mp4")),
    ("data-analyst.mp4", include_bytes!("../../../fixtures/video/data-analyst.mp4")),
];

#[expect(clippy::expect_used, reason = "the file is compiled in, and a test reads it")]
static CLIPS: LazyLock<Vec<Clip>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../fixtures/video/videos.json")).expect("the films' list")
});

/// The film in `file`; the first one for a name that there is not.
pub fn clip(file: &str) -> &'static Clip {
    CLIPS.iter().find(|clip| clip.file == file).unwrap_or(&CLIPS[0])
}

/// A film with `canary` in a box of its own at the end.
pub fn bytes(clip: &Clip, canary: &str) -> Bytes {
    let film = FILES.iter().find(|(name, _)| *name == clip.file).map_or(&[][..], |(_, bytes)| bytes);
    let size = 8 + canary.len();
    let mut bytes = BytesMut::with_capacity(film.len() + size);
    bytes.put_slice(film);
    bytes.put_u32(u32::try_from(size).unwrap_or(u32::MAX));
    bytes.put_slice(b"free");
    bytes.put_slice(canary.as_bytes());
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_film_is_there_and_stays_a_sequence_of_whole_boxes() {
        for (file, _) in FILES {
            let clip = clip(file);
            assert_eq!(clip.file, file);
            let bytes = bytes(clip, "canary");
            let mut kinds = Vec::new();
            let mut rest = &bytes[..];
            while !rest.is_empty() {
                let size = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
                kinds.push(String::from_utf8(rest[4..8].to_vec()).unwrap());
                rest = &rest[size..];
            }
            assert_eq!((kinds[0].as_str(), kinds.last().unwrap().as_str()), ("ftyp", "free"));
        }
    }

    #[test]
    fn questions_follow_one_another_to_the_end() {
        for clip in CLIPS.iter() {
            assert_eq!(clip.questions.len(), 4);
            assert!(
                clip.questions
                    .windows(2)
                    .all(|pair| pair[0].end <= pair[1].start && pair[0].start < pair[0].end)
            );
            assert!(clip.questions[3].end <= clip.seconds);
        }
    }
}
