//! Signing in by a code that is typed at the host's own page, in a browser anywhere (RFC 8628). It needs the id of an
//! application that is registered at the host; GitHub and GitLab have it. What GitLab gives ends after two hours and is
//! renewed by what came with it.

use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use url::Url;
use url::form_urlencoded::Serializer;

use super::is_here;
use super::tokens::Renewal;
use crate::catalog::text::one_line;
use crate::config::{Config, HostKind, Secret};
use crate::host::HostError;
use crate::host::http::Http;
use crate::host::rest::addresses;

/// The largest answer that is read, in bytes.
const MOST: u64 = 64 << 10;
/// How long to wait between two questions where the host does not say, and how much longer each time it finds that too
/// soon (RFC 8628 §3.2, §3.5).
const INTERVAL: Duration = Duration::from_secs(5);
/// The longest that anybody is waited for, whatever the host says.
const PATIENCE: Duration = Duration::from_mins(30);

/// Where a host signs in by a code.
#[derive(Debug)]
pub struct Device<'a> {
    host: &'a str,
    client_id: &'a str,
    ask: String,
    token: String,
    scope: &'static str,
    http: &'a Http,
}

/// What the user is asked to do.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The code to type.
    pub code: String,
    /// The page to type it at.
    pub page: String,
    device: Secret,
    interval: Duration,
    until: Instant,
}

/// What a host gives in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The token.
    pub token: Secret,
    /// How to get the next one, where this one ends.
    pub renewal: Option<Renewal>,
}

/// What an answer means for who waits.
#[derive(Debug, PartialEq, Eq)]
enum Turn {
    Granted(Grant),
    Wait(Duration),
    Over(&'static str),
    Wrong(String),
}

impl<'a> Device<'a> {
    /// That of the `host` of `kind` for the application `client_id`; `None` where hosts of its kind have none.
    pub fn of(
        kind: HostKind,
        host: &'a str,
        client_id: &'a str,
        config: &Config,
        http: &'a Http,
    ) -> Option<Self> {
        let web = addresses(kind, host, config).web;
        let (ask, token, scope) = match kind {
            HostKind::Github => (
                "login/device/code",
                "login/oauth/access_token",
                "repo read:org",
            ),
            HostKind::Gitlab => (
                "oauth/authorize_device",
                "oauth/token",
                "read_api read_repository",
            ),
            _ => return None,
        };
        Some(Self {
            host,
            client_id,
            ask: format!("{web}/{ask}"),
            token: format!("{web}/{token}"),
            scope,
            http,
        })
    }

    /// Asks for a code.
    pub async fn invite(&self) -> Result<Invitation, HostError> {
        let (status, answer) = self.post(&self.ask, &[("scope", self.scope)]).await?;
        let text = |key: &str| answer.get(key).and_then(Value::as_str).map(one_line);
        let seconds = |key: &str| {
            answer
                .get(key)
                .and_then(Value::as_u64)
                .map(Duration::from_secs)
        };
        let (Some(device), Some(code), Some(page)) = (
            text("device_code"),
            text("user_code"),
            text("verification_uri").filter(|page| is_page(page)),
        ) else {
            return Err(self.strange(status, &answer));
        };
        let time = seconds("expires_in").unwrap_or(PATIENCE).min(PATIENCE);
        Ok(Invitation {
            code,
            page,
            device: Secret::new(device),
            interval: seconds("interval").unwrap_or(INTERVAL),
            until: Instant::now() + time,
        })
    }

    /// Waits until the code was typed.
    pub async fn wait(&self, invitation: &Invitation) -> Result<Grant, HostError> {
        let mut interval = invitation.interval;
        while Instant::now() < invitation.until {
            tokio::time::sleep(interval).await;
            let parameters = [
                ("device_code", invitation.device.expose()),
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ];
            let (status, answer) = match self.post(&self.token, &parameters).await {
                // A network that comes and goes ends nothing.
                Err(error) if error.is_passing() => {
                    interval += INTERVAL;
                    continue;
                }
                answer => answer?,
            };
            match turn(&answer, interval, self.client_id, SystemTime::now()) {
                Turn::Granted(grant) => return Ok(grant),
                Turn::Wait(time) => interval = time,
                Turn::Over(reason) => return Err(self.refused(reason)),
                Turn::Wrong(_) => return Err(self.strange(status, &answer)),
            }
        }
        Err(self.refused("the code was not typed in time"))
    }

    /// The next token, by what came with the last.
    pub async fn renew(&self, renewal: &Renewal) -> Result<Grant, HostError> {
        let parameters = [
            ("refresh_token", renewal.refresh.expose()),
            ("grant_type", "refresh_token"),
        ];
        let (status, answer) = self.post(&self.token, &parameters).await?;
        match turn(&answer, INTERVAL, self.client_id, SystemTime::now()) {
            Turn::Granted(grant) => Ok(grant),
            Turn::Over(_) => Err(self.refused("the login has ended")),
            Turn::Wait(_) | Turn::Wrong(_) => Err(self.strange(status, &answer)),
        }
    }

    async fn post(
        &self,
        place: &str,
        parameters: &[(&str, &str)],
    ) -> Result<(u16, Value), HostError> {
        let form = Serializer::new(String::new())
            .append_pair("client_id", self.client_id)
            .extend_pairs(parameters)
            .finish();
        let request = self.http.client()?.post(place);
        let request = request
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form);
        let answer = self.http.exchange(place, MOST, request).await?;
        let status = answer.status.as_u16();
        if status >= 500 || status == 429 {
            return Err(HostError::Overloaded {
                place: place.to_owned(),
                reason: format!("it answers {status}"),
            });
        }
        Ok((
            status,
            serde_json::from_slice(&answer.body).unwrap_or_default(),
        ))
    }

    fn refused(&self, reason: &str) -> HostError {
        HostError::NotSignedIn {
            host: self.host.to_owned(),
            reason: reason.to_owned(),
            remedy: format!("run `stagedoor login {}` again", self.host),
        }
    }

    /// An answer that signs nobody in and says so in a way of its own.
    fn strange(&self, status: u16, answer: &Value) -> HostError {
        let told = ["error_description", "error", "message"]
            .iter()
            .find_map(|key| answer.get(key).and_then(Value::as_str));
        let told = told.map_or_else(|| format!("it answers {status}"), one_line);
        HostError::Failed {
            place: self.host.to_owned(),
            reason: format!(
                "does not sign in by a code: {told}; is clientId under stagedoor.hosts that of an application there that may?"
            ),
        }
    }
}

/// Whether people may be sent to `page`.
fn is_page(page: &str) -> bool {
    let url = Url::parse(page).ok();
    url.is_some_and(|url| match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_here),
        _ => false,
    })
}

/// What `answer` means for who asked last after `interval`.
fn turn(answer: &Value, interval: Duration, client_id: &str, now: SystemTime) -> Turn {
    let text = |key: &str| answer.get(key).and_then(Value::as_str);
    let seconds = |key: &str| {
        answer
            .get(key)
            .and_then(Value::as_u64)
            .map(Duration::from_secs)
    };
    if let Some(token) = text("access_token").filter(|token| !token.is_empty()) {
        let renewal = || {
            Some(Renewal {
                refresh: Secret::new(text("refresh_token")?),
                until: now.checked_add(seconds("expires_in")?)?,
                client_id: client_id.to_owned(),
            })
        };
        return Turn::Granted(Grant {
            token: Secret::new(token),
            renewal: renewal(),
        });
    }
    match text("error") {
        Some("authorization_pending") => Turn::Wait(interval),
        Some("slow_down") => Turn::Wait(seconds("interval").unwrap_or(interval + INTERVAL)),
        Some("access_denied") => Turn::Over("it was denied at the host's page"),
        Some("expired_token" | "token_expired") => Turn::Over("the code was not typed in time"),
        Some("invalid_grant") => Turn::Over("the host knows nothing of it any more"),
        other => Turn::Wrong(other.unwrap_or_default().to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn answers_say_whether_to_wait() {
        let of = |answer: &Value| turn(answer, INTERVAL, "app", SystemTime::UNIX_EPOCH);
        let seconds = |seconds| Turn::Wait(Duration::from_secs(seconds));
        assert_eq!(of(&json!({ "error": "authorization_pending" })), seconds(5));
        assert_eq!(of(&json!({ "error": "slow_down" })), seconds(10));
        assert_eq!(
            of(&json!({ "error": "slow_down", "interval": 12 })),
            seconds(12)
        );
        assert!(matches!(
            of(&json!({ "error": "access_denied" })),
            Turn::Over(_)
        ));
        assert!(matches!(
            of(&json!({ "error": "expired_token" })),
            Turn::Over(_)
        ));
        assert_eq!(
            of(&json!({ "error": "device_flow_disabled" })),
            Turn::Wrong("device_flow_disabled".to_owned())
        );
        assert_eq!(of(&Value::Null), Turn::Wrong(String::new()));
        let plain = of(&json!({ "access_token": "t" }));
        assert!(matches!(plain, Turn::Granted(Grant { renewal: None, .. })));
        let ends = of(&json!({ "access_token": "t", "refresh_token": "r", "expires_in": 7200 }));
        let until = SystemTime::UNIX_EPOCH + Duration::from_hours(2);
        let renewal = Renewal {
            refresh: Secret::new("r"),
            until,
            client_id: "app".to_owned(),
        };
        let expected = Grant {
            token: Secret::new("t"),
            renewal: Some(renewal),
        };
        assert_eq!(ends, Turn::Granted(expected));
    }

    #[test]
    fn people_are_sent_to_pages_only() {
        assert!(is_page("https://github.com/login/device"));
        assert!(is_page("http://127.0.0.1:3000/device"));
        assert!(!is_page("http://github.com/login/device"));
        assert!(!is_page("javascript:alert(1)"));
    }
}
