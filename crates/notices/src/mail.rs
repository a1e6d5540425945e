//! Letters by SMTP: encrypted from the first byte (`smtps://`) or from STARTTLS on (`smtp://`), which is not optional but on
//! this machine itself. Each letter has a connection of its own.

use std::{net::IpAddr, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use dossier_domain::{notice::is_mailbox, text::Email};
use dossier_vendor::{Secret, http::guard::Guard};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message as Letter, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
        extension::ClientId,
    },
};
use tokio::net::lookup_host;
use url::Url;

use crate::{Channel, Content, Fault, Limits, Message, Settings, Words};

const PATIENCE: Duration = Duration::from_secs(10);

/// A server that takes letters.
#[derive(Debug)]
pub(crate) struct Mail {
    settings: Settings,
    host: String,
    port: u16,
    from: Mailbox,
    user: String,
    password: String,
}

impl Settings {
    /// Whether letters may go to a mailbox: one of the domains that are named, or any where none is.
    ///
    /// # Errors
    /// [`Fault::Mailbox`]
    pub fn check_mailbox(&self, mailbox: Option<&Email>) -> Result<(), Fault> {
        let text = mailbox.map(Email::as_str).unwrap_or_default();
        let domain = text.rsplit_once('@').map(|(_, domain)| domain.to_ascii_lowercase()).unwrap_or_default();
        let listed =
            self.domains.is_empty() || self.domains.iter().any(|of| of.eq_ignore_ascii_case(&domain));
        if is_mailbox(text) && listed { Ok(()) } else { Err(Fault::Mailbox) }
    }
}

impl Mail {
    /// # Errors
    /// [`Fault::Setting`]
    pub(crate) fn new(settings: &Settings, password: Option<&Secret>) -> Result<Self, Fault> {
        let wrong = Fault::Setting(
            "address",
            " smtps://用户@主机:465 或 smtp://用户@主机:587",
            "smtps://USER@HOST:465 or smtp://USER@HOST:587",
        );
        let address = settings.address.as_ref().filter(|url| ["smtp", "smtps"].contains(&url.scheme()));
        let address: &Url = address.ok_or(wrong.clone())?;
        let host = address.host_str().filter(|host| !host.is_empty()).ok_or(wrong.clone())?.to_owned();
        if address.password().is_some() {
            // It would be shown with the address.
            return Err(wrong);
        }
        let usual = if address.scheme() == "smtps" { 465 } else { 587 };
        let from = settings.from.as_ref().map(Email::as_str).filter(|from| is_mailbox(from));
        let from = from.ok_or(Fault::Setting("from", "发件邮箱", "the mailbox that letters come from"))?;
        if settings.domains.iter().any(|domain| !is_mailbox(&format!("a@{domain}"))) {
            return Err(Fault::Setting("domains", "邮箱域名", "domains of mailboxes"));
        }
        Ok(Self {
            settings: settings.clone(),
            host,
            port: address.port().unwrap_or(usual),
            from: mailbox(from)?,
            user: percent_decoded(address.username()),
            password: password.map(|password| password.reveal().to_owned()).unwrap_or_default(),
        })
    }

    /// The server, at one of its addresses that may be reached: it is found in the same step in which it is used.
    async fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, Fault> {
        let found: Vec<IpAddr> = match self.host.trim_matches(['[', ']']).parse() {
            Ok(address) => vec![address],
            Err(_) => {
                let found = lookup_host((self.host.as_str(), self.port)).await.map_err(|_| Fault::Away)?;
                found.map(|address| address.ip()).collect()
            }
        };
        let inside = self.settings.private_network;
        let url = self.settings.address.clone().ok_or(Fault::Forbidden)?;
        let guard = Guard::new(&url, &[], inside).with_private(inside);
        let address = found.into_iter().find(|address| guard.allows(*address)).ok_or(Fault::Forbidden)?;
        let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(address.to_string())
            .port(self.port)
            .timeout(Some(PATIENCE))
            .hello_name(ClientId::Domain(self.from.email.domain().to_owned()))
            .tls(self.tls(address)?);
        Ok(match self.user.as_str() {
            "" => builder.build(),
            user => builder.credentials(Credentials::new(user.to_owned(), self.password.clone())).build(),
        })
    }

    fn tls(&self, address: IpAddr) -> Result<Tls, Fault> {
        let unusable = |_| Fault::Setting("TLS", "可用的根证书", "usable root certificates");
        let is_wrapped = self.settings.address.as_ref().is_some_and(|url| url.scheme() == "smtps");
        // Between two programs of one machine there is nobody to listen; a password is not sent without TLS even there.
        if !is_wrapped && address.is_loopback() && self.user.is_empty() && self.settings.authorities.is_none()
        {
            return Ok(Tls::None);
        }
        let mut parameters = TlsParameters::builder(self.host.clone());
        if let Some(pem) = &self.settings.authorities {
            parameters =
                parameters.add_root_certificate(Certificate::from_pem(pem.as_bytes()).map_err(unusable)?);
        }
        let parameters = parameters.build().map_err(unusable)?;
        Ok(if is_wrapped { Tls::Wrapper(parameters) } else { Tls::Required(parameters) })
    }

    fn letter(&self, message: &Message, words: &Words) -> Result<Letter, Fault> {
        self.settings.check_mailbox(words.to.as_ref())?;
        let to = mailbox(words.to.as_ref().map(Email::as_str).unwrap_or_default())?;
        let lines = std::iter::once(&words.title).chain(&words.lines).chain(words.link.as_ref());
        let text = lines.cloned().collect::<Vec<_>>().join("\r\n");
        let id = format!("<{}@{}>", message.id, self.from.email.domain());
        let builder = Letter::builder().from(self.from.clone()).to(to).subject(words.title.clone());
        let builder = builder.message_id(Some(id)).date(message.at.into()).header(ContentType::TEXT_PLAIN);
        builder.body(text).map_err(|_| Fault::Mailbox)
    }
}

fn mailbox(text: &str) -> Result<Mailbox, Fault> {
    let address: Address = text.parse().map_err(|_| Fault::Mailbox)?;
    Ok(Mailbox::new(None, address))
}

fn percent_decoded(text: &str) -> String {
    // What stands before `@` in an address is escaped; a form's decoding differs in `+` alone.
    let escaped = text.replace('+', "%2B");
    url::form_urlencoded::parse(escaped.as_bytes()).map(|(name, _)| name.into_owned()).collect()
}

#[async_trait]
impl Channel for Mail {
    async fn send(&self, message: &Message, _: DateTime<Utc>) -> Result<(), Fault> {
        let Content::Words(words) = &message.content else { return Err(Fault::Unfit) };
        let letter = self.letter(message, words)?;
        let sent = self.transport().await?.send(letter).await;
        sent.map(drop).map_err(|error| match error.status() {
            Some(code) => Fault::Smtp(code.into()),
            None if error.is_timeout() => Fault::Slow,
            None if error.is_tls() => Fault::Setting(
                "TLS",
                "可信的服务器证书与 STARTTLS",
                "a trusted certificate of the server, and STARTTLS",
            ),
            None => Fault::Away,
        })
    }

    fn limits(&self) -> Limits {
        Limits { per_minute: 120, per_second: 10 }
    }
}

#[cfg(test)]
mod tests {
    use dossier_domain::ChannelKind;

    use super::*;

    fn settings(address: &str) -> Settings {
        Settings {
            address: Some(address.parse().unwrap()),
            from: Some(Email::parse("dossier@bank.example").unwrap()),
            domains: vec!["bank.example".to_owned()],
            ..Settings::new(ChannelKind::Email)
        }
    }

    #[test]
    fn letters_go_to_the_bank_s_own_mailboxes_alone() {
        let settings = settings("smtps://mail.bank.example");
        let check = |text: &str| settings.check_mailbox(Some(&Email::parse(text).unwrap())).is_ok();
        assert!(check("li@bank.example") && check("li@BANK.example"));
        assert!(
            !check("li@evil.example")
                && !check("li@bank.example.evil.example")
                && !check("li@x@bank.example")
        );
        assert!(settings.check_mailbox(None).is_err());
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        assert!(Mail::new(&settings("smtps://dossier%40bank.example@mail.bank.example:465"), None).is_ok());
        for address in ["https://mail.bank.example", "smtps://u:secret@mail.bank.example", "smtp:nothing"] {
            assert!(
                matches!(Mail::new(&settings(address), None).err(), Some(Fault::Setting("address", ..))),
                "{address}"
            );
        }
        let nobody = Settings { from: None, ..settings("smtps://mail.bank.example") };
        assert!(matches!(Mail::new(&nobody, None).err(), Some(Fault::Setting("from", ..))));
    }

    #[tokio::test]
    async fn a_server_within_a_network_wants_to_be_named_as_such() {
        let mail = Mail::new(&settings("smtp://127.0.0.1:9"), None).unwrap();
        assert_eq!(mail.transport().await.err(), Some(Fault::Forbidden));
    }
}
