//! Videos: whatever happens to the download, the bytes are the vendor's, or there is an error.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use dossier_simulator::{Behaviour, MediaFault, RibbonServer};
use dossier_vendor::{
    Adapter, ConfigurationProblem, Error, Got, Malformed, MediaLimits, MediaRef, ResumingMedia, Trouble,
    wrap::{Policy, wrap},
};
use serde_json::json;

use crate::{adapter, adapter_with, nth, server};

struct Download {
    server: RibbonServer,
    adapter: Arc<dyn Adapter>,
    media: MediaRef,
    expected: Bytes,
}

const LIMITS: MediaLimits = MediaLimits {
    max_bytes: 10 * 1024 * 1024,
    stall: Duration::from_millis(400),
    slowest: 1024,
    attempts: 5,
    pause: Duration::from_millis(5),
};

impl Download {
    async fn prepare() -> Self {
        let server = server(3, Behaviour::default()).await;
        let adapter = adapter(&server);
        let media = adapter.fetch(&nth(&server, 1)).await.unwrap().video.into_ready().unwrap();
        let expected = server.sitting(media.interview.as_str()).unwrap().video();
        Self { server, adapter, media, expected }
    }

    async fn run(&self, faults: &[MediaFault]) -> Result<Vec<u8>, Error> {
        faults.iter().for_each(|fault| self.server.fail_media(fault.clone()));
        let mut media = ResumingMedia::open(Arc::clone(&self.adapter), self.media.clone(), LIMITS).await?;
        let mut bytes = Vec::new();
        while let Some(chunk) = media.next().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// Runs a download that must end with the very bytes, and gives the number of requests it took.
    async fn succeeds(&self, faults: &[MediaFault]) -> u64 {
        let before = self.server.stats().media_requests;
        let bytes = self.run(faults).await.unwrap();
        assert!(bytes == self.expected, "{} bytes and not {}", bytes.len(), self.expected.len());
        self.server.stats().media_requests - before
    }

    async fn fails(&self, faults: &[MediaFault]) -> Trouble {
        match self.run(faults).await {
            Err(Error::Transient { trouble, .. }) => trouble,
            other => panic!("{:?}", other.map(|bytes| bytes.len())),
        }
    }
}

#[tokio::test]
async fn videos_differ_by_their_canary_and_come_whole() {
    let download = Download::prepare().await;
    assert_eq!(download.succeeds(&[]).await, 1);
    let canary = download.server.sitting(download.media.interview.as_str()).unwrap().canary();
    let contains =
        |canary: &str| download.expected.windows(canary.len()).any(|bytes| bytes == canary.as_bytes());
    assert!(contains(&canary));
    let other = download.server.sitting(&download.server.ids()[0]).unwrap().canary();
    assert!(!contains(&other));
}

#[tokio::test]
async fn a_link_that_expires_in_the_middle_is_asked_for_again() {
    let download = Download::prepare().await;
    assert_eq!(download.succeeds(&[MediaFault::Expired]).await, 2);
    assert_eq!(download.succeeds(&[MediaFault::ExpireAfter(50_000), MediaFault::Expired]).await, 3);
}

#[tokio::test]
async fn cuts_at_any_place_are_resumed() {
    let download = Download::prepare().await;
    let last = download.expected.len() as u64 - 1;
    for bytes in [0, 1, 16 * 1024, 100_000, last] {
        assert_eq!(download.succeeds(&[MediaFault::CutAfter(bytes)]).await, 2, "{bytes}");
    }
    let many =
        [MediaFault::CutAfter(70_000), MediaFault::Status(500), MediaFault::CutAfter(1), MediaFault::Expired];
    assert_eq!(download.succeeds(&many).await, 5);
}

#[tokio::test]
async fn a_vendor_that_ignores_ranges_costs_time_and_no_bytes() {
    let download = Download::prepare().await;
    assert_eq!(download.succeeds(&[MediaFault::CutAfter(70_000), MediaFault::IgnoreRange]).await, 2);
}

#[tokio::test]
async fn a_silent_vendor_is_left_and_asked_again() {
    let download = Download::prepare().await;
    let slow = MediaFault::Drip(100, Duration::from_millis(450));
    assert_eq!(download.succeeds(&[slow]).await, 2);
}

#[tokio::test]
async fn a_vendor_that_hangs_is_asked_again_by_the_layers() {
    let download = Download::prepare().await;
    download.server.fail_media(MediaFault::Hang);
    let policy = Policy { timeout: Duration::from_millis(300), ..Policy::default() };
    let wrapped = wrap(Arc::clone(&download.adapter), policy);
    let mut media = ResumingMedia::open(wrapped, download.media.clone(), LIMITS).await.unwrap();
    let mut length = 0;
    while let Some(chunk) = media.next().await.unwrap() {
        length += chunk.len();
    }
    assert_eq!((length, download.server.stats().media_requests), (download.expected.len(), 2));
}

#[tokio::test]
async fn a_vendor_that_drips_is_left_for_its_rate() {
    let server = server(3, Behaviour::default()).await;
    let limits = MediaLimits { stall: Duration::from_secs(1), ..LIMITS };
    let adapter = adapter(&server);
    let media = adapter.fetch(&nth(&server, 0)).await.unwrap().video.into_ready().unwrap();
    server.fail_media(MediaFault::Drip(1, Duration::from_millis(50)));
    let mut download = ResumingMedia::open(adapter, media, limits).await.unwrap();
    let mut length = 0;
    while let Some(chunk) = download.next().await.unwrap() {
        length += chunk.len() as u64;
    }
    assert_eq!(Some(length), download.length());
    assert_eq!(server.stats().media_requests, 2);
}

#[tokio::test]
async fn lengths_that_lie_never_give_a_file() {
    let download = Download::prepare().await;
    assert_eq!(download.fails(&[MediaFault::Longer(100)]).await, Trouble::LengthDisagrees);
    // Two lengths in one answer are seen at once and cost nothing; the next answer is honest.
    assert_eq!(download.succeeds(&[MediaFault::Disagree]).await, 2);
    assert_eq!(download.fails(&vec![MediaFault::Disagree; 9]).await, Trouble::LengthDisagrees);
    download.server.behave(|behaviour| behaviour.media_faults.clear());
    // After a failure, beginning anew gives the file.
    assert_eq!(download.succeeds(&[]).await, 1);
}

#[tokio::test]
async fn a_file_that_changes_in_the_middle_is_not_joined() {
    let download = Download::prepare().await;
    let faults = [MediaFault::CutAfter(70_000), MediaFault::Changed];
    assert_eq!(download.fails(&faults).await, Trouble::MediaChanged);
}

#[tokio::test]
async fn a_vendor_that_always_breaks_off_is_given_up() {
    let download = Download::prepare().await;
    assert_eq!(download.fails(&vec![MediaFault::CutAfter(10); 20]).await, Trouble::Cut);
}

#[tokio::test]
async fn a_huge_body_is_cut_off_at_the_limit() {
    let download = Download::prepare().await;
    let error = download.run(&[MediaFault::Huge(10 * 1024 * 1024 * 1024)]).await.unwrap_err();
    let limit = LIMITS.max_bytes;
    assert!(
        matches!(&error, Error::Malformed(Malformed { got: Got::MoreThan(bytes), .. }) if *bytes == limit)
    );
}

#[tokio::test]
async fn links_to_other_hosts_are_followed_only_where_they_are_listed() {
    let download = Download::prepare().await;
    let port = url::Url::parse(&download.server.base_url()).unwrap().port().unwrap();
    for target in
        ["http://169.254.169.254/latest", "https://evil.example/x", "file:///etc/passwd", "http://10.0.0.1/"]
    {
        let error = download.run(&[MediaFault::Redirect(target.to_owned())]).await.unwrap_err();
        assert!(
            matches!(&error, Error::Configuration(ConfigurationProblem::HostNotListed(_))),
            "{target}: {error:?}"
        );
    }
    // `localhost` is another host than `127.0.0.1`: refused, and fetched once it is listed.
    let elsewhere = MediaFault::Redirect(format!("http://localhost:{port}/nothing-here"));
    assert!(download.run(std::slice::from_ref(&elsewhere)).await.is_err());
    let listing = adapter_with(&download.server, &json!({ "media_hosts": ["localhost"] }));
    download.server.fail_media(elsewhere);
    let error = listing.open_media(&download.media, 0).await.unwrap_err();
    assert!(matches!(error, Error::NotFound), "{error:?}");
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let download = Download::prepare().await;
    for _ in 0..4 {
        download.server.fail_media(MediaFault::Redirect(String::new()));
    }
    let error = download.run(&[]).await.unwrap_err();
    assert!(matches!(error, Error::Configuration(ConfigurationProblem::Redirected(302))), "{error:?}");
}
