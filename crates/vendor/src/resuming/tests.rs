//! Downloads from a vendor that follows a script, in paused time.

use std::sync::Mutex;

use ::http::HeaderMap;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_domain::text::{Line, RemoteId};
use proptest::prelude::*;

use super::*;
use crate::{Account, Capabilities, Fetched, Hint, Page, PageToken, RemotePosition, SyncPoint};

/// What one opening of the file gives.
#[derive(Debug, Clone)]
enum Opening {
    /// So many bytes from the offset on, then this.
    Some(usize, Then),
    /// No stream at all.
    Refused,
    /// A stream that claims this length.
    Claims(u64),
    /// A stream of another version of the file.
    Changed,
}

#[derive(Debug, Clone)]
enum Then {
    End,
    Cut,
    Silence,
}

/// A vendor that has one file and follows a script, and then behaves.
struct Scripted {
    file: Vec<u8>,
    script: Mutex<std::vec::IntoIter<Opening>>,
}

impl Scripted {
    fn open(&self, offset: u64) -> Result<MediaStream> {
        let offset_in_file = usize::try_from(offset).unwrap();
        let rest = self.file[offset_in_file..].to_vec();
        let next = self.script.lock().unwrap().next();
        let (bytes, then, length, version) = match next {
            None => (rest, Then::End, self.file.len() as u64, "a"),
            Some(Opening::Some(count, then)) => {
                (rest[..count.min(rest.len())].to_vec(), then, self.file.len() as u64, "a")
            }
            Some(Opening::Claims(length)) => (rest, Then::End, length, "a"),
            Some(Opening::Changed) => (rest, Then::End, self.file.len() as u64, "b"),
            Some(Opening::Refused) => return Err(Error::transient(Trouble::LinkRefused)),
        };
        let chunks: Vec<Result<Bytes>> =
            bytes.chunks(7).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect();
        let end = match then {
            Then::End => stream::empty().boxed(),
            Then::Cut => stream::once(async { Err(Error::transient(Trouble::Cut)) }).boxed(),
            Then::Silence => stream::pending().boxed(),
        };
        let mut stream = MediaStream::new(offset, Some(length), stream::iter(chunks).chain(end));
        stream.version = Some(version.to_owned());
        Ok(stream)
    }
}

#[async_trait]
impl Adapter for Scripted {
    fn capabilities(&self) -> &Capabilities {
        unreachable!("a download asks for nothing but media")
    }
    async fn test(&self) -> Result<Account> {
        Err(Error::NotFound)
    }
    async fn positions(&self) -> Result<Vec<RemotePosition>> {
        Err(Error::NotFound)
    }
    async fn changed(&self, _: &SyncPoint, _: Option<&PageToken>) -> Result<Page> {
        Err(Error::NotFound)
    }
    async fn fetch(&self, _: &RemoteId) -> Result<Fetched> {
        Err(Error::NotFound)
    }
    async fn open_media(&self, _: &MediaRef, offset: u64) -> Result<MediaStream> {
        self.open(offset)
    }
    fn verify_webhook(&self, _: &HeaderMap, _: &[u8], _: DateTime<Utc>) -> Result<Vec<Hint>> {
        Err(Error::NotFound)
    }
}

async fn download(script: Vec<Opening>, limits: MediaLimits) -> Result<Vec<u8>> {
    let adapter = Scripted { file: file(), script: Mutex::new(script.into_iter()) };
    let media = MediaRef { interview: RemoteId::parse("1").unwrap(), file: Line::parse("video").unwrap() };
    let mut media = ResumingMedia::open(adapter, media, limits).await?;
    let mut bytes = Vec::new();
    while let Some(chunk) = media.next().await? {
        bytes.extend_from_slice(&chunk);
    }
    assert!(media.next().await?.is_none(), "after the end comes nothing");
    Ok(bytes)
}

fn file() -> Vec<u8> {
    (0..1000u32).map(|index| u8::try_from(index * 31 % 251).unwrap()).collect()
}

fn trouble(result: Result<Vec<u8>>) -> Trouble {
    match result {
        Err(Error::Transient { trouble, .. }) => trouble,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn expiry_cuts_and_silence_leave_no_trace_in_the_bytes() {
    let script = vec![
        Opening::Refused,
        Opening::Some(10, Then::Cut),
        Opening::Some(500, Then::Silence),
        Opening::Refused,
        Opening::Some(200, Then::End),
    ];
    assert_eq!(download(script, MediaLimits::default()).await.unwrap(), file());
}

#[tokio::test(start_paused = true)]
async fn lies_and_changes_end_the_download() {
    let limits = MediaLimits::default();
    assert_eq!(trouble(download(vec![Opening::Claims(999)], limits).await), Trouble::LengthDisagrees);
    assert_eq!(trouble(download(vec![Opening::Claims(1001)], limits).await), Trouble::LengthDisagrees);
    let changed = vec![Opening::Some(10, Then::Cut), Opening::Changed];
    assert_eq!(trouble(download(changed, limits).await), Trouble::MediaChanged);
}

#[tokio::test(start_paused = true)]
async fn a_vendor_that_never_gets_on_is_given_up() {
    let script = vec![Opening::Some(1, Then::Cut); 100];
    assert_eq!(trouble(download(script, MediaLimits::default()).await), Trouble::Cut);
}

#[tokio::test(start_paused = true)]
async fn a_file_above_the_limit_is_refused_before_its_first_byte() {
    let limits = MediaLimits { max_bytes: 999, ..MediaLimits::default() };
    let error = download(Vec::new(), limits).await.unwrap_err();
    assert!(matches!(&error, Error::Malformed(Malformed { got: Got::MoreThan(999), .. })), "{error:?}");
}

proptest! {
    #[test]
    fn any_pattern_of_cuts_gives_the_same_bytes(cuts in prop::collection::vec((0usize..400, 0u8..3), 0..5)) {
        let script = cuts
            .into_iter()
            .map(|(count, then)| match then {
                0 => Opening::Some(count, Then::Cut),
                1 => Opening::Some(count, Then::End),
                _ => Opening::Refused,
            })
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let bytes = runtime.block_on(download(script, MediaLimits::default())).unwrap();
        prop_assert_eq!(bytes, file());
    }
}
