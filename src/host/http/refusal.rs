//! What a status says that is no success: not signed in, not there, later, too much.

use std::time::{Duration, SystemTime};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;

use super::{Answer, date, text};
use crate::host::HostError;
use crate::host::auth;

/// How long a host that says "later" without saying when is left alone.
pub(in crate::host) const LATER: Duration = Duration::from_mins(1);

/// What `answer` to a request for `place` refuses, if it refuses anything.
pub(super) fn refusal(place: &str, answer: &Answer) -> Option<HostError> {
    let Answer {
        status,
        headers,
        body,
        ..
    } = answer;
    if status.is_success() || *status == StatusCode::NOT_MODIFIED {
        return None;
    }
    let host = Url::parse(place)
        .ok()
        .and_then(|url| auth::host_of(&url))
        .unwrap_or_else(|| place.to_owned());
    let later = retry_after(headers);
    Some(match *status {
        StatusCode::TOO_MANY_REQUESTS => HostError::Busy {
            host,
            reason: "too many requests".to_owned(),
            retry_after: later.unwrap_or(LATER),
        },
        StatusCode::FORBIDDEN if later.is_some() || names_a_limit(body) => HostError::Busy {
            host,
            reason: "its rate limit is reached".to_owned(),
            retry_after: later.unwrap_or(LATER),
        },
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => match text(headers, "x-github-sso") {
            Some(sso) => HostError::NotSignedIn {
                remedy: sso_remedy(sso).unwrap_or_else(|| auth::remedy(&host)),
                host,
                reason: "the organisation wants the token authorised for single sign-on".to_owned(),
            },
            None => HostError::NotSignedIn {
                remedy: auth::remedy(&host),
                host,
                reason: format!("it answers {}", status.as_u16()),
            },
        },
        StatusCode::NOT_FOUND | StatusCode::GONE => HostError::NotFound {
            place: place.to_owned(),
        },
        StatusCode::SERVICE_UNAVAILABLE if later.is_some() => HostError::Busy {
            host,
            reason: "it is not available".to_owned(),
            retry_after: later.unwrap_or(LATER),
        },
        status if status.is_server_error() => HostError::Overloaded {
            place: place.to_owned(),
            reason: format!("it answers {status}"),
        },
        status => HostError::Failed {
            place: place.to_owned(),
            reason: format!("it answers {status}"),
        },
    })
}

/// Where the token can be authorised: `required; url=https://…`.
fn sso_remedy(header: &str) -> Option<String> {
    let (_, url) = header.split_once("url=")?;
    let url = Url::parse(url.trim())
        .ok()
        .filter(|url| url.scheme() == "https")?;
    Some(format!("open {url}"))
}

/// Whether a body says that too much was asked: a secondary limit comes as a plain 403.
fn names_a_limit(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body).to_ascii_lowercase();
    body.contains("rate limit") || body.contains("abuse detection")
}

/// When a host wants to be asked again: `Retry-After`, or the end of an exhausted rate limit.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    if let Some(wait) = text(headers, "retry-after") {
        let seconds = wait.trim().parse().ok().map(Duration::from_secs);
        let until = || date::parse(wait).map(|then| until(then, headers));
        return Some(seconds.or_else(until).unwrap_or(LATER));
    }
    exhausted(headers)
}

/// How long until the rate limit begins anew, where nothing is left of it.
pub(super) fn exhausted(headers: &HeaderMap) -> Option<Duration> {
    let left =
        text(headers, "x-ratelimit-remaining").or_else(|| text(headers, "ratelimit-remaining"));
    if left?.trim() != "0" {
        return None;
    }
    let reset = text(headers, "x-ratelimit-reset").or_else(|| text(headers, "ratelimit-reset"))?;
    let reset = Duration::from_secs(reset.trim().parse().ok()?);
    Some(until(SystemTime::UNIX_EPOCH.checked_add(reset)?, headers))
}

/// How long until `then`, by the clock of the host that says so: ours may be wrong.
fn until(then: SystemTime, headers: &HeaderMap) -> Duration {
    then.duration_since(now(headers)).unwrap_or_default()
}

/// The time at the host; ours where it does not say.
pub(super) fn now(headers: &HeaderMap) -> SystemTime {
    text(headers, "date")
        .and_then(date::parse)
        .unwrap_or_else(SystemTime::now)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn refuse(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: &str,
    ) -> Option<HostError> {
        let headers = headers.iter().map(|&(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            headers: headers.collect(),
            host: None,
            url: Url::parse("https://h.dev/x").unwrap(),
            version: reqwest::Version::HTTP_11,
            body: body.as_bytes().to_vec(),
        };
        refusal("https://h.dev/x", &answer)
    }

    fn wait(error: Option<&HostError>) -> Option<u64> {
        match error {
            Some(HostError::Busy { retry_after, .. }) => Some(retry_after.as_secs()),
            _ => None,
        }
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(refuse(200, &[], ""), None);
        assert_eq!(refuse(304, &[], ""), None);
        let is = |error: Option<HostError>, expected: fn(&HostError) -> bool| {
            assert!(error.as_ref().is_some_and(expected), "{error:?}");
        };
        is(refuse(401, &[], ""), |e| {
            matches!(e, HostError::NotSignedIn { .. })
        });
        is(refuse(403, &[], "no"), |e| {
            matches!(e, HostError::NotSignedIn { .. })
        });
        is(refuse(404, &[], ""), |e| {
            matches!(e, HostError::NotFound { .. })
        });
        is(refuse(502, &[], ""), |e| {
            matches!(e, HostError::Overloaded { .. })
        });
        is(refuse(418, &[], ""), |e| {
            matches!(e, HostError::Failed { .. })
        });
    }

    #[test]
    fn single_sign_on_says_where() {
        let said = |header: &'static str| {
            refuse(403, &[("x-github-sso", header)], "").map(|error| error.to_string())
        };
        let url = "https://github.com/orgs/acme/sso?authorization_request=A1";
        let told = said("required; url=https://github.com/orgs/acme/sso?authorization_request=A1");
        assert!(told.is_some_and(|told| told.ends_with(&format!("open {url}"))));
        let strange = said("required; url=javascript:alert(1)");
        assert!(strange.is_some_and(|told| !told.contains("javascript")));
    }

    #[test]
    fn later_is_when_the_host_says_by_its_own_clock() {
        assert_eq!(
            wait(refuse(429, &[("retry-after", "7")], "").as_ref()),
            Some(7)
        );
        assert_eq!(
            wait(refuse(503, &[("retry-after", "7")], "").as_ref()),
            Some(7)
        );
        assert_eq!(wait(refuse(429, &[], "").as_ref()), Some(60));
        let secondary = "{\"message\": \"You have exceeded a secondary rate limit\"}";
        assert_eq!(wait(refuse(403, &[], secondary).as_ref()), Some(60));
        // A clock that is years off: what counts is the time from the date of the answer to the reset.
        let by_reset = [
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "784111792"),
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ];
        assert_eq!(wait(refuse(403, &by_reset, "").as_ref()), Some(15));
        let by_date = [
            ("retry-after", "Sun, 06 Nov 1994 08:50:00 GMT"),
            ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
        ];
        assert_eq!(wait(refuse(429, &by_date, "").as_ref()), Some(23));
        let over = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")];
        assert_eq!(wait(refuse(403, &over, "").as_ref()), Some(0));
    }
}
