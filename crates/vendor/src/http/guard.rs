//! Which hosts and addresses may be reached. Names are checked before a request and addresses while connecting, in the
//! same step that resolves them, so that a name which changes its address in between gains nothing.

use std::{
    collections::HashSet,
    error::Error as StdError,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::{ConfigurationProblem, Error, Result};

/// The hosts that a connection may reach.
#[derive(Debug)]
pub struct Guard {
    hosts: HashSet<String>,
    allow_loopback: bool,
    allow_private: bool,
}

impl Guard {
    /// The host of the base URL and those of media.
    pub fn new(base_url: &Url, media_hosts: &[String], allow_loopback: bool) -> Self {
        let base = base_url.host_str().into_iter().map(str::to_owned);
        let hosts = base.chain(media_hosts.iter().map(|host| host.to_ascii_lowercase())).collect();
        Self { hosts, allow_loopback, allow_private: false }
    }

    /// The same, where addresses of private networks may be reached or not.
    #[must_use]
    pub fn with_private(self, allow_private: bool) -> Self {
        Self { allow_private, ..self }
    }

    /// Checks scheme, host and, where the host is an address, the address.
    pub fn check(&self, url: &Url) -> Result<()> {
        let name = url.host_str().unwrap_or_default();
        let refuse = |problem: fn(String) -> ConfigurationProblem| {
            Err(Error::Configuration(problem(name.chars().take(100).collect())))
        };
        if !self.hosts.contains(name) {
            return refuse(ConfigurationProblem::HostNotListed);
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        if address.is_some_and(|address| !self.allows(address)) {
            return refuse(ConfigurationProblem::AddressForbidden);
        }
        let on_this_machine = name == "localhost" || address.is_some_and(|address| address.is_loopback());
        match url.scheme() {
            "https" => Ok(()),
            "http" if self.allow_loopback && on_this_machine => Ok(()),
            _ => refuse(ConfigurationProblem::NotEncrypted),
        }
    }

    /// Whether an address may be reached.
    pub fn allows(&self, address: IpAddr) -> bool {
        is_public(address)
            || (self.allow_loopback && address.is_loopback())
            || (self.allow_private && is_private(address))
    }
}

/// Whether an address is one that a network of the bank's own may use (RFC 1918, RFC 6598, RFC 4193). Link-local ones are
/// not: there, clouds keep secrets of the machine.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            address.is_private() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

/// Whether an address can be that of a vendor: it is on the public internet, also when written as an IPv6 address.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// By the IANA IPv4 Special-Purpose Address Registry.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = a == 0
        || a >= 224
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19));
    !special
}

/// Only global unicast (2000::/3), without documentation, and without what wraps an IPv4 address: mapped, NAT64, 6to4
/// and Teredo.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let global = first & 0xe000 == 0x2000;
    let wraps_v4 = first == 0x2002 || (first == 0x2001 && second == 0);
    let documentation = (first == 0x2001 && second == 0x0db8) || first & 0xfff0 == 0x3ff0;
    global && !wraps_v4 && !documentation
}

/// Resolves names and keeps only addresses that may be reached.
pub(super) struct Resolver(Arc<Guard>);

impl Resolver {
    pub(super) fn new(guard: Arc<Guard>) -> Self {
        Self(guard)
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = Arc::clone(&self.0);
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> =
                found.iter().copied().filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(Refused(name.as_str().to_owned()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// All addresses of a host are forbidden.
#[derive(Debug)]
struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} stands for forbidden addresses", self.0)
    }
}

impl StdError for Refused {}

/// The host that the resolver refused, if that is at the root of `error`.
pub(super) fn refused_host(error: &(dyn StdError + 'static)) -> Option<String> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref::<Refused>())
        .map(|refused| refused.0.clone())
}

#[cfg(test)]
mod tests;
