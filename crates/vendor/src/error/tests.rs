//! Errors: sentences in both languages, remedies, sources.

use dossier_domain::Language;

use super::*;

/// One of every error that a person can meet.
fn one_of_each() -> Vec<Error> {
    let phrase = Phrase::new("0 到 100 的数", "a number from 0 to 100");
    let mut errors = vec![
        Error::RateLimited { retry_after: Some(Duration::from_secs(7)), scope: LimitScope::Connection },
        Error::RateLimited { retry_after: None, scope: LimitScope::Endpoint },
        Error::NotReady,
        Error::Permission,
        Error::NotFound,
        Error::Gone,
        Error::CursorExpired,
        Error::setting("page_size", phrase),
    ];
    use AuthProblem::{Address, Clock, Expired, Key, Scope};
    errors.extend([Key, Scope, Address, Expired, Clock].map(Error::Auth));
    use Trouble::{Connect, Cut, LengthDisagrees, LinkRefused, MediaChanged, Status, Timeout};
    errors.extend(
        [Connect, Timeout, Status(502), Cut, LinkRefused, MediaChanged, LengthDisagrees]
            .map(Error::transient),
    );
    use ConfigurationProblem as P;
    let host = || "cdn.example".to_owned();
    errors.extend(
        [
            P::UnknownVendor("nobody".to_owned()),
            P::HostNotListed(host()),
            P::NotEncrypted(host()),
            P::AddressForbidden(host()),
            P::Redirected(302),
            P::RequestRefused(400),
            P::Tls,
        ]
        .map(Error::Configuration),
    );
    use WebhookProblem as W;
    errors.extend([W::NotConfigured, W::Unsigned, W::Signature, W::Time, W::Content].map(Error::Webhook));
    let gots = [
        Got::Nothing,
        Got::Null,
        Got::Boolean,
        Got::Number,
        Got::Text(3),
        Got::List(2),
        Got::Object,
        Got::NotJson { line: 1, column: 2 },
        Got::MoreThan(10),
    ];
    errors.extend(
        gots.map(|got| {
            Malformed { pointer: "/interview_data/scores".to_owned(), expected: phrase, got }.into()
        }),
    );
    errors
}

#[test]
fn every_error_has_its_own_sentence_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let sentences: Vec<String> = one_of_each().iter().map(|error| error.message(language)).collect();
        let distinct: std::collections::HashSet<&String> = sentences.iter().collect();
        assert_eq!(distinct.len(), sentences.len());
        for sentence in &sentences {
            assert!(!sentence.is_empty() && !sentence.contains('\n'), "{sentence}");
            let is_chinese = sentence.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert_eq!(is_chinese, language == Language::Chinese, "{sentence}");
        }
    }
}

#[test]
fn each_kind_has_one_remedy_and_the_retryable_are_three() {
    let retryable: std::collections::HashSet<&str> =
        one_of_each().iter().filter(|error| error.is_retryable()).map(|error| error.kind().name()).collect();
    assert_eq!(retryable, ["rate_limited", "transient", "not_ready"].into());
    assert_eq!(Error::CursorExpired.remedy(), Remedy::FullSync);
    assert_eq!(Error::Auth(AuthProblem::Key).remedy(), Remedy::Person);
    assert_eq!(Error::Gone.remedy(), Remedy::SetAside);
}

#[test]
fn a_malformed_spot_names_pointer_expectation_and_type() {
    let error: Error = Malformed {
        pointer: "/interview_data/scores/communication".to_owned(),
        expected: Phrase::new("0 到 100 的数", "a number from 0 to 100"),
        got: Got::Text(5),
    }
    .into();
    assert_eq!(
        error.to_string(),
        "the vendor's data at /interview_data/scores/communication should be a number from 0 to 100 but is a text of 5 characters"
    );
}

#[test]
fn the_source_is_kept() {
    let error = Error::transient_from(Trouble::Connect, std::io::Error::other("refused"));
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "refused");
}
