//! The client: what is refused before and while connecting.

use tokio::net::TcpListener;

use super::*;

fn options(url: &str, allow_loopback: bool) -> HttpOptions {
    HttpOptions { allow_loopback, ..HttpOptions::new(Url::parse(url).unwrap()) }
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_refused_while_connecting() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://localhost:{}/", listener.local_addr().unwrap().port())).unwrap();
    let http = Http::new(&HttpOptions::new(url.clone()));
    // Without certificates of authorities there is no https client at all; then that is the answer.
    let error = match http {
        Ok(http) => http.get(url, &HeaderValue::from_static("x")).await.err().unwrap(),
        Err(error) => {
            assert!(matches!(error, Error::Configuration(ConfigurationProblem::Tls)), "{error}");
            return;
        }
    };
    assert!(
        matches!(&error, Error::Configuration(ConfigurationProblem::AddressForbidden(host)) if host == "localhost"),
        "{error:?}"
    );
    let nobody_came = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(nobody_came.is_err());
}

#[test]
fn a_base_url_within_a_network_is_refused_at_once() {
    for url in ["https://192.168.1.10/", "http://app.ribbon.ai/", "http://127.0.0.1:1/"] {
        assert!(Http::new(&options(url, false)).is_err(), "{url}");
    }
    assert!(Http::new(&options("http://127.0.0.1:1/", true)).is_ok());
}

#[tokio::test]
async fn a_closed_port_is_trouble_that_passes_and_the_url_is_not_in_it() {
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap().port()
    };
    let url = Url::parse(&format!("http://127.0.0.1:{port}/?signature=s3cret")).unwrap();
    let http = Http::new(&options(url.as_str(), true)).unwrap();
    let error = http.get(url, &HeaderValue::from_static("x")).await.err().unwrap();
    assert!(matches!(error, Error::Transient { trouble: Trouble::Connect, .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[test]
fn a_key_that_can_be_no_header_is_a_setting_to_mend() {
    assert!(bearer(&Secret::new("a\nb")).is_err());
    assert!(!format!("{:?}", bearer(&Secret::new("s3cret")).unwrap()).contains("s3cret"));
}
