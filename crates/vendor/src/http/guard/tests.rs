//! The guard: hosts, schemes, and addresses in any notation.

use proptest::prelude::*;

use super::*;

fn check(allow_loopback: bool, base: &str, url: &str) -> Option<ConfigurationProblem> {
    let base = Url::parse(base).unwrap();
    let guard = Guard::new(&base, &["CDN.example".to_owned()], allow_loopback);
    match guard.check(&Url::parse(url).unwrap()) {
        Ok(()) => None,
        Err(Error::Configuration(problem)) => Some(problem),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn only_listed_hosts_and_only_encrypted() {
    let base = "https://app.ribbon.ai/be-api/v1";
    assert_eq!(check(false, base, "https://app.ribbon.ai/x"), None);
    assert_eq!(check(false, base, "https://cdn.EXAMPLE/x"), None);
    for url in [
        "https://other.example/x",
        "https://app.ribbon.ai.evil.example/",
        "https://app.ribbon.ai@evil.example/",
    ] {
        assert!(matches!(check(false, base, url), Some(ConfigurationProblem::HostNotListed(_))), "{url}");
    }
    for url in ["http://app.ribbon.ai/", "ftp://cdn.example/"] {
        assert!(matches!(check(true, base, url), Some(ConfigurationProblem::NotEncrypted(_))), "{url}");
    }
}

#[test]
fn literal_addresses_in_any_notation_are_seen_through() {
    for host in [
        "127.0.0.1",
        "0x7f.1",
        "2130706433",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
        "[64:ff9b::a00:1]",
        "[2002:7f00:1::]",
        "[::]",
        "[::127.0.0.1]",
    ] {
        let url = format!("https://{host}/");
        assert!(
            matches!(check(false, &url, &url), Some(ConfigurationProblem::AddressForbidden(_))),
            "{host}"
        );
    }
    assert_eq!(check(false, "https://8.8.8.8/", "https://8.8.8.8/"), None);
    assert_eq!(check(false, "https://[2606:4700::1111]/", "https://[2606:4700::1111]/"), None);
}

#[test]
fn loopback_is_allowed_only_when_said_and_only_it_goes_unencrypted() {
    for url in ["http://127.0.0.1:8080/", "http://[::1]:8080/", "http://localhost:8080/"] {
        assert_eq!(check(true, url, url), None, "{url}");
        assert!(check(false, url, url).is_some(), "{url}");
    }
    assert!(check(true, "http://10.0.0.1/", "http://10.0.0.1/").is_some());
}

proptest! {
    #[test]
    fn an_ipv4_address_wrapped_in_ipv6_is_never_public(bits: u32) {
        let v4 = Ipv4Addr::from(bits);
        prop_assert!(!is_public(v4.to_ipv6_mapped().into()));
        prop_assert!(!is_public(v4.to_ipv6_compatible().into()));
    }

    #[test]
    fn private_networks_are_never_public(bits: u32) {
        for (net, mask) in [(0x0a00_0000u32, 8), (0xac10_0000, 12), (0xc0a8_0000, 16), (0x7f00_0000, 8), (0xa9fe_0000, 16)] {
            let address = Ipv4Addr::from(net | (bits & (u32::MAX >> mask)));
            prop_assert!(!is_public(address.into()), "{}", address);
        }
    }
}

#[tokio::test]
async fn a_name_is_judged_by_the_addresses_it_resolves_to() {
    for (allow_loopback, resolves) in [(false, false), (true, true)] {
        let url = Url::parse("https://localhost/").unwrap();
        let guard = Guard::new(&url, &[], allow_loopback);
        guard.check(&url).unwrap();
        let answer = Resolver::new(Arc::new(guard)).resolve("localhost".parse().unwrap()).await;
        match answer {
            Ok(mut addresses) => assert!(resolves && addresses.all(|address| address.ip().is_loopback())),
            Err(error) => {
                assert!(!resolves && refused_host(&*error) == Some("localhost".to_owned()), "{error}")
            }
        }
    }
}
