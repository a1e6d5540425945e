//! What a vendor's HTTP status means.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};

use super::http_date;
use crate::{AuthProblem, ConfigurationProblem, Error, LimitScope, Trouble};

/// The error that an unsuccessful status stands for, where a vendor gives the statuses their plain meaning.
pub(super) fn status_error(status: StatusCode, headers: &HeaderMap) -> Error {
    let code = status.as_u16();
    match code {
        429 => Error::RateLimited { retry_after: retry_after(headers), scope: LimitScope::Connection },
        503 if headers.contains_key(header::RETRY_AFTER) => {
            Error::RateLimited { retry_after: retry_after(headers), scope: LimitScope::Endpoint }
        }
        401 => Error::Auth(AuthProblem::Key),
        403 => Error::Permission,
        404 => Error::NotFound,
        410 => Error::Gone,
        408 | 425 | 500..=599 => Error::transient(Trouble::Status(code)),
        300..=399 => Error::Configuration(ConfigurationProblem::Redirected(code)),
        _ => Error::Configuration(ConfigurationProblem::RequestRefused(code)),
    }
}

/// How long the vendor asks us to wait: in seconds, or as a date, which is taken against the vendor's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(headers, header::RETRY_AFTER)?;
    let now = http_date(headers, header::DATE)?;
    Some((until - now).to_std().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(pairs: &[(header::HeaderName, &'static str)]) -> Option<Duration> {
        let headers = pairs.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        match status_error(StatusCode::TOO_MANY_REQUESTS, &headers) {
            Error::RateLimited { retry_after, .. } => retry_after,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn waits_come_as_seconds_as_dates_and_not_at_all() {
        let date = (header::DATE, "Thu, 12 Oct 2023 01:00:00 GMT");
        assert_eq!(wait(&[]), None);
        assert_eq!(wait(&[(header::RETRY_AFTER, "7")]), Some(Duration::from_secs(7)));
        let later = (header::RETRY_AFTER, "Thu, 12 Oct 2023 01:00:09 GMT");
        assert_eq!(wait(&[date.clone(), later.clone()]), Some(Duration::from_secs(9)));
        assert_eq!(wait(&[later]), None);
        let past = (header::RETRY_AFTER, "Thu, 12 Oct 2023 00:00:00 GMT");
        assert_eq!(wait(&[date, past]), Some(Duration::ZERO));
        assert_eq!(wait(&[(header::RETRY_AFTER, "soon")]), None);
    }
}
