//! Servers that are not there, are something else, are not to be trusted or break off; tokens that are none.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::Command,
    sync::Arc,
    thread,
};

use dossier_access::Digest;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    place::{Place, Ran},
    remote::furnished,
    served::Served,
};

/// A place with nothing but a token, which may be good for nothing.
fn with_token() -> Place {
    let place = Place::new();
    fs::write(place.path("hr.token"), format!("dossier_{}", "a".repeat(48))).unwrap();
    place
}

/// Answers every connection with these bytes, once a request has come, and hangs up.
fn answering(bytes: Vec<u8>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let Ok(mut connection) = connection else { return };
            let mut request = [0; 4096];
            let _ = connection.read(&mut request);
            let _ = connection.write_all(&bytes);
        }
    });
    address
}

fn http(status: &str, media_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {length}\r\n");
    format!("{head}Connection: close\r\n\r\n{body}").into_bytes()
}

#[test]
fn each_way_of_not_answering_says_what_it_is() {
    let place = with_token();
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let page = answering(http("200 OK", "text/html", "<p>It works!"));
    let no_page = answering(http("404 Not Found", "text/html", "<p>Not here"));
    let moved =
        answering(b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n".to_vec());
    let other = answering(http("200 OK", "application/json", r#"{"name":"something else"}"#));
    let cut = answering(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{\"zone\":"
            .to_vec(),
    );
    let mail = answering(b"220 mail.bank.example ESMTP\r\n".to_vec());
    let silent = answering(Vec::new());
    let older = r#"{"type":"/problems/no-such-address","title":"x","status":404,"detail":"x"}"#;
    let older = answering(http("404 Not Found", "application/problem+json", older));
    let full = r#"{"type":"/problems/unavailable","title":"x","status":503,"detail":"磁盘已满"}"#;
    let full = answering(http("503 Service Unavailable", "application/problem+json", full));
    for (address, zh, en) in [
        (nobody, "连接不上", "can't be reached"),
        (page, "应答不是卷宗的", "does not answer as Dossier does"),
        (no_page, "应答不是卷宗的", "does not answer as Dossier does"),
        (moved, "应答不是卷宗的", "does not answer as Dossier does"),
        (other, "应答不是卷宗的", "does not answer as Dossier does"),
        (cut, "应答中断", "broke off"),
        (mail, "没有以 HTTP 应答", "no answer in HTTP"),
        (silent, "没有以 HTTP 应答", "no answer in HTTP"),
        (older, "版本较旧", "is older than this program"),
        (full, "磁盘已满", "磁盘已满"),
    ] {
        let server = format!("http://{address}");
        place.at(&server, "hr", "search").failed(6, zh);
        place.at(&server, "hr", "search --lang en").failed(6, en);
        let ran = place.at(&server, "hr", "search --json");
        assert!(ran.code == 6 && ran.err.contains(r#""kind":"unavailable""#), "{ran:?}");
    }
    let secret = place.at(&format!("http://{nobody}"), "hr", "search --lang en");
    assert!(!secret.err.contains("dossier_"), "no token is ever shown: {secret:?}");
}

#[test]
fn what_makes_no_sense_is_refused_before_anybody_is_asked() {
    let place = with_token();
    place.at("nonsense", "hr", "search").failed(2, "https://主机");
    place.at("http://hr.bank.example", "hr", "search").failed(2, "https");
    place.at("ftp://127.0.0.1", "hr", "search").failed(2, "https");
    place.at("https://hr:secret@bank.example", "hr", "search").failed(2, "https://主机");
    place.at("https://bank.example/dossier", "hr", "search").failed(2, "https://主机");
    place.run("search --server http://127.0.0.1:9").failed(2, "--token-file");
    place.at("http://127.0.0.1:9", "none", "search").failed(3, "none.token");
    place.at("https://127.0.0.1:9", "hr", "search --ca none.pem").failed(3, "none.pem");
    fs::write(place.path("no.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        .unwrap();
    place.at("https://127.0.0.1:9", "hr", "search --ca no.pem").failed(2, "证书不可用");
    fs::write(place.path("odd.token"), "dossier_\u{7}").unwrap();
    place.at("http://127.0.0.1:9", "odd", "search").failed(2, "令牌");
    for option in ["--data x", "--as hr", "--key-file x", "--passphrase-file x"] {
        place.at("http://127.0.0.1:9", "hr", &format!("search {option}")).failed(2, "--server");
    }
    place.at("http://127.0.0.1:9", "hr", "init").failed(2, "新建数据目录");
    place.at("http://127.0.0.1:9", "hr", "demo --lang en").failed(2, "makes a data folder");
}

#[test]
fn the_environment_names_server_and_token_and_what_is_typed_counts_more() {
    let (place, _vendor) = furnished();
    let there = place.copied();
    let served = Served::of(&there, None);
    let token = fs::read_to_string(place.path("hr.token")).unwrap();
    let url = served.url();
    let with = |line: &str| {
        let mut command = place.command(line);
        command.env("DOSSIER_SERVER", &url).env("DOSSIER_TOKEN", &token).env("DOSSIER_USER", "admin");
        Ran::of(&command.output().unwrap())
    };
    let (remote, local) = (with("search --limit 1"), with("search --limit 1 --as hr"));
    assert_eq!((remote.code, local.code), (0, 0), "{remote:?} {local:?}");
    assert_eq!(remote.out, local.out);
    drop(served);
    assert_eq!((with("search").code, with("search --as hr").code), (6, 0));
}

#[test]
fn a_token_is_good_for_its_owner_its_scopes_and_its_time() {
    let (place, _vendor) = furnished();
    place.ok("user add wang --roles hr --as admin");
    place.give_token("wang", "read");
    let id = place.json("token list --as wang")["tokens"][0]["id"].as_str().unwrap().to_owned();
    let (nobody, long) = (format!("dossier_{}", "a".repeat(48)), "x".repeat(3000));
    fs::write(place.path("nobody.token"), nobody).unwrap();
    fs::write(place.path("long.token"), long).unwrap();
    {
        let served = Served::of(&place, None);
        assert_eq!(place.at(&served.url(), "wang", "search").code, 0);
        place.at(&served.url(), "wang", "tag 张三 客户经理 --add x").failed(4, "无权");
        place.at(&served.url(), "wang", "sync --lang en").failed(4, "not allowed");
        for token in ["nobody", "long"] {
            place.at(&served.url(), token, "search").failed(4, "令牌无效");
        }
        place.at(&served.url(), "admin", "user suspend wang");
        place.at(&served.url(), "wang", "search").failed(4, "");
        place.at(&served.url(), "admin", "user suspend wang --resume");
    }
    place.ok(&format!("token remove {id} --as wang"));
    let served = Served::of(&place, None);
    place.at(&served.url(), "wang", "search --lang en").failed(4, "too old or revoked");
}

/// A certificate and its key for this machine, as a server takes them; signed by an authority, or by itself.
fn tls(place: &Place, file: &str, name: &str, is_own: bool) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let (certificate, trusted) = match is_own {
        true => {
            // As `openssl req -x509` makes them.
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let certificate = params.self_signed(&key).unwrap();
            (certificate.pem(), certificate.pem())
        }
        false => {
            let mut authority = CertificateParams::new(Vec::new()).unwrap();
            authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            let its_key = KeyPair::generate().unwrap();
            let its_own = authority.self_signed(&its_key).unwrap();
            let issuer = Issuer::new(authority, its_key);
            (params.signed_by(&key, &issuer).unwrap().pem(), its_own.pem())
        }
    };
    fs::write(place.path(file), trusted).unwrap();
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    TlsAcceptor::from(Arc::new(config.with_single_cert(chain, key).unwrap()))
}

#[test]
fn a_server_is_trusted_by_its_authority_or_by_itself() {
    let (place, _vendor) = furnished();
    let here = place.run("search --limit 3 --facets --as hr");
    for (is_own, name) in
        [(false, "127.0.0.1"), (true, "127.0.0.1"), (false, "bank.example"), (true, "bank.example")]
    {
        let acceptor = tls(&place, "ca.pem", name, is_own);
        tls(&place, "other.pem", name, is_own);
        let served = Served::of(&place, Some(acceptor));
        let server = format!("https://{}", served.address);
        let untrusted = place.at(&server, "hr", "search --ca other.pem");
        untrusted.failed(6, "不可信");
        assert!(untrusted.err.contains("--ca"), "{untrusted:?}");
        let trusted = place.at(&server, "hr", "search --limit 3 --facets --ca ca.pem");
        match name {
            "127.0.0.1" => assert_eq!((trusted.code, &trusted.out, &trusted.err), (0, &here.out, &here.err)),
            _ => trusted.failed(6, "不可信"),
        }
        let plain = place.at(&format!("http://{}", served.address), "hr", "search");
        plain.failed(6, "没有以 HTTP 应答");
    }
    let served = Served::of(&place, None);
    tls(&place, "ca.pem", "127.0.0.1", true);
    place
        .at(&format!("https://{}", served.address), "hr", "search --ca ca.pem --lang en")
        .failed(6, "can't be trusted");
}

/// Stands between client and server, and breaks each connection after so many bytes in either direction.
fn breaking(server: SocketAddr, after: usize) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let pass = move |mut from: TcpStream, mut to: TcpStream| {
        let (mut left, mut piece) = (after, [0; 4096]);
        while let Ok(length @ 1..) = from.read(&mut piece) {
            let length = length.min(left);
            left -= length;
            if to.write_all(&piece[..length]).is_err() || left == 0 {
                break;
            }
        }
        let _ = from.shutdown(std::net::Shutdown::Both);
        let _ = to.shutdown(std::net::Shutdown::Both);
    };
    thread::spawn(move || {
        for client in listener.incoming() {
            let (Ok(client), Ok(server)) = (client, TcpStream::connect(server)) else { return };
            let (back, forth) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            thread::spawn(move || pass(client, server));
            thread::spawn(move || pass(back, forth));
        }
    });
    address
}

#[test]
fn what_breaks_off_is_gone_on_with() {
    let (place, vendor) = furnished();
    let served = Served::of(&place, None);
    let whole = vendor.bank.interview(0).video();
    let broken = breaking(served.address, whole.len() / 3 + 4000);
    let server = format!("http://{broken}");

    let ran = place.at(&server, "hr", "show 张三 客户经理 --video v.mp4");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(fs::read(place.path("v.mp4")).unwrap() == whole, "joined as it was");

    let taken = || {
        let log =
            place.at(&served.url(), "auditor", "log list --action download_material --json --limit 2000");
        log.out.lines().filter(|line| line.contains(r#""outcome":"intended""#)).count()
    };
    let (fetch, before) = ("fetch 客户经理 --reason test --contents video,report --json", taken());
    let at_once = place.at(&served.url(), "hr", &format!("{fetch} -o whole.zip"));
    let of_one = taken() - before;
    let ran = place.at(&server, "hr", &format!("{fetch} -o z.zip"));
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let count = |ran: &Ran| serde_json::from_str::<serde_json::Value>(&ran.out).unwrap()["files"].clone();
    assert_eq!(count(&ran), count(&at_once));
    assert_eq!(taken() - before, 2 * of_one, "each item is in the log once");
    let tested = Command::new("unzip").arg("-tq").arg(place.path("z.zip")).output().unwrap();
    assert!(tested.status.success(), "{tested:?}");

    let mut sent = b"%PDF-1.7\n".to_vec();
    sent.extend((0..3_000_000_u32).flat_map(|number| number.to_le_bytes()));
    fs::write(place.path("long.pdf"), &sent).unwrap();
    let broken = breaking(served.address, 5_000_000);
    let ran = place.at(&format!("http://{broken}"), "hr", "upload long.pdf 张三 客户经理 --json");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    let material: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let file = &material["content"]["supplement"];
    assert_eq!(
        (file["length"].as_u64(), file["sha256"].as_str()),
        (Some(sent.len() as u64), Some(Digest::of(&sent).to_string().as_str()))
    );
}
