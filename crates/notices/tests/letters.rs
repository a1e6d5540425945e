//! Letters, against npm's `smtp-server`: a mail server that is not ours, as a process of its own.
#![expect(clippy::unwrap_used, reason = "helpers of tests may fail as tests do")]

use std::{path::Path, process::Stdio, sync::Arc};

use chrono::{DateTime, Utc};
use dossier_domain::{ChannelKind, text::Email};
use dossier_notices::{Channel, Content, Fault, Key, Message, Remedy, Settings, Words, open};
use dossier_vendor::Secret;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

const USER: &str = "dossier@bank.example";
const PASSWORD: &str = "a password: für+uns";

/// The server at work. Ends when dropped.
struct MailServer {
    port: u16,
    lines: Lines<BufReader<ChildStdout>>,
    authority: String,
    _child: Child,
    _input: ChildStdin,
    _folder: tempfile::TempDir,
}

impl MailServer {
    async fn start(kind: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (authority, certificate, key) = certified();
        let (certificate_file, key_file) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
        std::fs::write(&certificate_file, certificate).unwrap();
        std::fs::write(&key_file, key).unwrap();
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let module = home.join("../../target/smtp-server/node_modules/smtp-server");
        assert!(module.is_dir(), "{} is not there: cargo xtask test packages fetches it", module.display());
        let mut child = Command::new("node")
            .arg(home.join("mail/server.mjs"))
            .args([module.as_os_str(), kind.as_ref(), USER.as_ref(), PASSWORD.as_ref()])
            .args([certificate_file, key_file])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.next_line().await.unwrap().unwrap().parse().unwrap();
        Self { port, lines, authority, _child: child, _input: input, _folder: folder }
    }

    /// The channel that leads there.
    fn channel(&self, scheme: &str, user: &str, password: &str) -> Arc<dyn Channel> {
        let user = user.replace('@', "%40");
        let at = if user.is_empty() { "" } else { "@" };
        let settings = Settings {
            address: Some(format!("{scheme}://{user}{at}localhost:{}", self.port).parse().unwrap()),
            private_network: true,
            authorities: (!user.is_empty()).then(|| self.authority.clone()),
            from: Some(Email::parse(USER).unwrap()),
            domains: vec!["bank.example".to_owned()],
            ..Settings::new(ChannelKind::Email)
        };
        let key = (!password.is_empty()).then(|| Secret::new(password));
        open(&settings, Key { key, secret: None }).unwrap()
    }

    /// What it took next.
    async fn taken(&mut self) -> Value {
        serde_json::from_str(&self.lines.next_line().await.unwrap().unwrap()).unwrap()
    }
}

/// An authority, and a certificate of it for this machine with its key.
fn certified() -> (String, String, String) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    (authority, certificate.pem(), key.serialize_pem())
}

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_700_000_000, 0).unwrap()
}

fn letter(to: &str) -> Message {
    let words = Words {
        title: "客户经理：有新的面试资料（2 份应聘）".to_owned(),
        lines: vec![".一行以点开头".to_owned()],
        link: Some("https://dossier.bank.example/notices".to_owned()),
        to: Some(Email::parse(to).unwrap()),
    };
    Message { id: "ntc_1".to_owned(), at: at(), content: Content::Words(words) }
}

/// The text of a letter, its encodings undone by Python's own reader.
fn read(raw: &str) -> (String, String) {
    let script = "import sys,email,email.policy\n\
        m=email.message_from_bytes(sys.stdin.buffer.read(),policy=email.policy.default)\n\
        print(m['subject']);print(m['message-id']);sys.stdout.write(m.get_content())";
    let mut python = std::process::Command::new("python3")
        .args(["-c", script])
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut python.stdin.take().unwrap(), raw.as_bytes()).unwrap();
    let output = String::from_utf8(python.wait_with_output().unwrap().stdout).unwrap();
    let (subject, rest) = output.split_once('\n').unwrap();
    (subject.to_owned(), rest.to_owned())
}

#[tokio::test]
async fn a_letter_arrives_over_tls_with_a_password_whole_and_readable() {
    for (kind, scheme) in [("smtps", "smtps"), ("starttls", "smtp")] {
        let mut server = MailServer::start(kind).await;
        server.channel(scheme, USER, PASSWORD).send(&letter("li@bank.example"), at()).await.unwrap();
        let taken = server.taken().await;
        assert_eq!((&taken["from"], &taken["to"][0]), (&USER.into(), &"li@bank.example".into()));
        assert_eq!(taken["secure"], true, "{kind}");
        let (subject, rest) = read(taken["text"].as_str().unwrap());
        assert_eq!(subject, "客户经理：有新的面试资料（2 份应聘）");
        assert!(rest.starts_with("<ntc_1@bank.example>\n"), "{rest}");
        assert!(
            rest.contains("\n.一行以点开头") && rest.contains("https://dossier.bank.example/notices"),
            "{rest}"
        );
    }
}

#[tokio::test]
async fn a_relay_on_this_machine_needs_neither_password_nor_tls() {
    let mut server = MailServer::start("smtp").await;
    server.channel("smtp", "", "").send(&letter("li@bank.example"), at()).await.unwrap();
    assert_eq!(server.taken().await["secure"], false);
}

#[tokio::test]
async fn what_the_server_refuses_is_told_apart() {
    let server = MailServer::start("smtps").await;
    let send = async |password: &'static str, to: &'static str| {
        server.channel("smtps", USER, password).send(&letter(to), at()).await.unwrap_err()
    };
    let wrong = send("wrong", "li@bank.example").await;
    assert_eq!((&wrong, wrong.remedy()), (&Fault::Smtp(535), Remedy::Person));
    assert!(!format!("{wrong}").contains("wrong-password"));
    assert_eq!(send(PASSWORD, "nobody@bank.example").await.remedy(), Remedy::Drop);
    assert_eq!(send(PASSWORD, "later@bank.example").await.remedy(), Remedy::Wait(None));
    assert_eq!(send(PASSWORD, "li@evil.example").await, Fault::Mailbox, "it does not even leave");
}

#[tokio::test]
async fn no_password_goes_to_who_can_t_show_a_certificate_or_knows_no_tls() {
    let server = MailServer::start("smtps").await;
    let other = MailServer::start("smtps").await;
    let stranger = MailServer { authority: other.authority.clone(), ..server };
    let fault =
        stranger.channel("smtps", USER, PASSWORD).send(&letter("li@bank.example"), at()).await.unwrap_err();
    assert!(matches!(fault, Fault::Setting("TLS", ..) | Fault::Away), "{fault:?}");
    let plain = MailServer::start("smtp").await;
    let fault =
        plain.channel("smtp", USER, PASSWORD).send(&letter("li@bank.example"), at()).await.unwrap_err();
    assert!(!matches!(fault, Fault::Smtp(535)), "{fault:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_waited_for() {
    let settings = Settings {
        address: Some("smtp://127.0.0.1:9".parse().unwrap()),
        private_network: true,
        from: Some(Email::parse(USER).unwrap()),
        ..Settings::new(ChannelKind::Email)
    };
    let channel = open(&settings, Key::default()).unwrap();
    assert_eq!(channel.send(&letter("li@bank.example"), at()).await, Err(Fault::Away));
}
