//! Records: what is read, what is absent, and what makes no sense.

use dossier_domain::{Language, MaterialKind};
use dossier_simulator::{Bank, BankOptions, Behaviour, Spoil};
use dossier_vendor::{ConfigurationProblem, Credentials, Error, ErrorKind, Fetched, Got, Malformed, Part};
use serde_json::json;

use crate::{adapter, adapter_with, nth, server};

#[tokio::test]
async fn what_comes_over_http_is_what_the_bank_holds() {
    let server = server(40, Behaviour::default()).await;
    let adapter = adapter(&server);
    let bank = Bank::generate(BankOptions { candidates: 40, ..BankOptions::default() });
    for sitting in bank.interviews() {
        let fetched = adapter.fetch(&nth(&server, sitting.index)).await.unwrap();
        let expected = sitting.fetched();
        assert_eq!(fetched.payload_sha256.len(), 64);
        assert!(fetched.payload_bytes > 1000);
        let (payload_sha256, payload_bytes) = (expected.payload_sha256.clone(), expected.payload_bytes);
        assert_eq!(Fetched { payload_sha256, payload_bytes, ..fetched }, expected);
    }
}

#[tokio::test]
async fn every_kind_of_nonsense_is_named_by_its_pointer_and_listed_beside_the_others() {
    let server = server(12, Behaviour::default()).await;
    let adapter = adapter(&server);
    for (index, spoil) in Spoil::ALL.into_iter().enumerate() {
        server.spoil(&server.ids()[index], spoil);
        let error = adapter.fetch(&nth(&server, index)).await.unwrap_err();
        match &error {
            Error::Malformed(Malformed { pointer, got, .. }) => {
                assert_eq!(pointer, spoil.pointer(), "{spoil:?}");
                assert_eq!(matches!(got, Got::NotJson { .. }), spoil == Spoil::ImpossibleNumber);
            }
            other => panic!("{spoil:?}: {other:?}"),
        }
        for language in [Language::Chinese, Language::English] {
            let message = error.message(language);
            assert!(
                !message.contains("999") && !message.contains("etc/passwd") && message.len() < 300,
                "{message}"
            );
        }
    }
    let page = adapter.changed(&Default::default(), None).await.unwrap();
    assert_eq!((page.interviews.len(), page.rejected.len()), (12, 0));
    for index in Spoil::ALL.len()..12 {
        adapter.fetch(&nth(&server, index)).await.unwrap();
    }
}

#[tokio::test]
async fn without_the_banks_extension_its_parts_are_absent_and_the_rest_is_there() {
    let server = server(3, Behaviour { extension: false, ..Behaviour::default() }).await;
    let fetched = adapter(&server).fetch(&nth(&server, 0)).await.unwrap();
    assert_eq!(
        (fetched.started_at, fetched.ended_at, fetched.score, fetched.model),
        (None, None, None, None)
    );
    assert_eq!(fetched.resume_report, Part::Absent);
    assert_eq!(fetched.emotion, Part::Absent);
    assert_eq!(fetched.skill_assessment, Part::Absent);
    assert_eq!(fetched.candidate.identity.phone, None);
    assert_eq!(fetched.candidate.identity.name.unwrap().as_str(), "张三");
    assert_eq!(fetched.questions.len(), 4);
    assert_eq!(fetched.criteria.len(), 3);
    assert!(fetched.transcript.ready().is_some() && fetched.video.ready().is_some());
}

#[tokio::test]
async fn scores_of_an_unknown_scale_are_left_out() {
    let server = server(3, Behaviour::default()).await;
    let unknown = adapter_with(&server, &json!({ "score_scale": null }));
    assert!(unknown.fetch(&nth(&server, 0)).await.unwrap().criteria.is_empty());
    let five = adapter_with(&server, &json!({ "score_scale": { "min": 1, "max": 5 } }));
    let error = five.fetch(&nth(&server, 0)).await.unwrap_err();
    assert!(error.to_string().contains("/interview_data/scores/communication"), "{error}");
}

#[tokio::test]
async fn the_account_says_who_we_are_and_what_time_it_is_there() {
    let server = server(3, Behaviour { clock_skew: 86_400, ..Behaviour::default() }).await;
    let account = adapter(&server).test().await.unwrap();
    assert_eq!((account.name.unwrap().as_str(), account.positions), ("示例银行", 6));
    let today = adapter_with(&server, &json!({}));
    server.behave(|behaviour| behaviour.clock_skew = 0);
    let ahead = account.server_time.unwrap() - today.test().await.unwrap().server_time.unwrap();
    assert!((86_390..=86_400).contains(&ahead.num_seconds()), "{ahead}");
}

#[test]
fn the_catalogue_describes_what_can_be_opened() {
    for description in dossier_vendors::catalogue() {
        let settings = description
            .settings
            .iter()
            .map(|setting| (setting.name.to_owned(), serde_json::from_str(setting.default).unwrap()));
        let settings = serde_json::Value::Object(settings.collect());
        let opened = dossier_vendors::open(description.name, settings, Credentials::key("k"));
        match opened {
            Ok(adapter) => {
                assert_eq!(adapter.capabilities().vendor.as_str(), description.name);
                assert_eq!(adapter.capabilities().incremental, description.incremental);
                assert!(adapter.capabilities().materials.contains(&MaterialKind::Video));
            }
            // A machine without certificates of authorities can't open https; its settings were read all the same.
            Err(error) => {
                assert!(matches!(error, Error::Configuration(ConfigurationProblem::Tls)), "{error}")
            }
        }
    }
}

#[test]
fn settings_that_make_no_sense_are_refused_by_name() {
    for (settings, name) in [
        (json!({ "page_size": 0 }), "page_size"),
        (json!({ "page_size": "many", "newest_first": true }), "page_size"),
        (json!({ "unknown": 1 }), "unknown"),
        (json!({ "base_url": "not a url" }), "base_url"),
        (json!({ "score_scale": { "min": 5, "max": 1 } }), "score_scale"),
        (json!([]), "settings"),
    ] {
        let error = dossier_vendors::open("ribbon", settings, Credentials::key("k")).err().unwrap();
        assert!(error.to_string().contains(name), "{error}");
    }
    let error = dossier_vendors::open("nobody\u{1b}", json!({}), Credentials::key("k")).err().unwrap();
    assert_eq!((error.kind(), error.to_string().contains('\u{1b}')), (ErrorKind::Configuration, false));
}
