//! A right that ends while its holder is at work.

use std::{convert::Infallible, time::Instant};

use dossier_access::{Role, RoleSet};
use dossier_browser::{Browser, Look, Served, Setting};
use dossier_domain::text::Login;
use dossier_simulator::video;
use dossier_testkit::TestResult;
use futures::stream;
use serde_json::json;

/// So large that a reader who takes a dozen megabytes a second is not through for several seconds.
const LARGE: usize = 96 << 20;
/// Reads an address slowly and keeps note of how it goes.
const READ: &str = "const [path] = arguments;
    window.read = { bytes: 0, ended: null };
    fetch(path).then(async (answer) => {
      const reader = answer.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        window.read.bytes += value.length;
        await new Promise((go) => setTimeout(go, value.length / 12000));
      }
      window.read.ended = 'whole';
    }).catch((error) => { window.read.ended = String(error) });";

#[tokio::test]
async fn a_role_withdrawn_ends_at_the_next_request_and_a_running_stream_soon() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    let id = served.find("张三").await?;
    let film = video::bytes(video::clip(""), &"x".repeat(LARGE));
    let pieces = stream::iter(vec![Ok::<_, Infallible>(film)]);
    let material = served.archive.upload(&served.as_user("hr").await?, id, "long.mp4", None, pieces).await?;
    let path = format!("/applications/{id}/materials/{}", material.id);
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.script(READ, vec![json!(path)]).await?;
        let read = async || browser.script("return window.read", vec![]).await;
        browser
            .until("the first megabyte", async || Ok(read().await?["bytes"].as_u64() > Some(1 << 20)))
            .await?;

        let admin = served.as_user("admin").await?;
        served.archive.set_roles(&admin, &Login::parse("hr")?, RoleSet::from(Role::Interviewer)).await?;
        let began = Instant::now();
        browser.until("the end of the stream", async || Ok(!read().await?["ended"].is_null())).await?;
        let (took, read) = (began.elapsed().as_secs_f64(), read().await?);
        assert!(read["ended"] != "whole" && read["bytes"].as_u64() < Some(LARGE as u64 / 2), "{read}");
        // What the browser had received already is its own; the server's part is tested without one.
        // How soon it ends is measured there; a browser on a busy machine hears of it later.
        assert!(took < 5.0, "the stream went on for {took} s");

        let answer = browser.answer_of(&path, json!({})).await?;
        let address = answer["url"].as_str().unwrap_or_default();
        assert!(address.contains("/sign-in?next="), "the next request finds the session ended: {answer}");
        browser.sign_in("hr").await?;
        assert!(
            browser.text(".total").await?.starts_with("0 "),
            "and the next session has the rights of now"
        );
        Ok(())
    })
    .await
}
