//! What goes wrong, as data: when a request matches, it is answered so, so many times.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::response::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt, stream};
use serde_json::json;

use super::Shared;

/// In how many pieces an answer comes that is slow, and how long each takes.
const PIECES: usize = 8;
const PAUSE: Duration = Duration::from_millis(2);

/// One thing that goes wrong.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// A part of the request as it is noted, `POST /api/graphql Sweep 50`; empty for every one.
    pub(crate) when: &'static str,
    /// How many of those pass first.
    pub(crate) after: u32,
    /// How often it goes wrong then.
    pub(crate) times: u32,
    /// Only for requests that ask for more than this many things.
    pub(crate) above: u64,
    /// What goes wrong.
    pub(crate) fault: Fault,
}

/// What goes wrong with a request.
#[derive(Clone)]
pub(crate) enum Fault {
    /// 401.
    Unauthorized,
    /// 403 because of too many requests, without saying for how long.
    Secondary,
    /// 403 because the limit is used up, until so many seconds from now, by a clock that is a year behind.
    UsedUp(u64),
    /// 429, to be asked again after some seconds.
    Later(u64),
    /// This status and nothing else: 429 without a time, 403, 503.
    Status(u16),
    /// Azure DevOps' page for signing in, with a status that is no refusal.
    SignInPage,
    /// The answer asks for a pause of so many seconds.
    Pause(u64),
    /// Bitbucket Cloud's word that little is left of its limit.
    NearLimit,
    /// GraphQL's `RESOURCE_LIMITS_EXCEEDED` where more than this many are asked for; passes the others.
    TooMuch(u64),
    /// GitLab's word that a query took too long, where more than this many are asked for; passes the others.
    TimedOut(u64),
    /// 502.
    BadGateway,
    /// GraphQL's word that the token lacks a scope for this field.
    Scope(&'static str),
    /// The answer comes late.
    Slow(Duration),
    /// The answer breaks off.
    Cut,
    /// The answer comes in small pieces, one after the other.
    Trickle,
    /// Half of the answer comes, and then nothing, though nobody hangs up.
    Endless,
    /// The answer says that it leaves out what wants single sign-on.
    Partial,
    /// The list of repositories is turned around.
    Reordered,
    /// Only so many of the list of repositories are given.
    Truncated(usize),
    /// The host's clock is so many seconds behind.
    Late(i64),
    /// It is to be found at another host.
    Elsewhere(String),
    /// Something happens at the host, and the answer is as it is then.
    Meanwhile(Arc<dyn Fn(&Shared) + Send + Sync>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Later(seconds) => write!(f, "Later({seconds})"),
            Self::Status(status) => write!(f, "Status({status})"),
            Self::NearLimit => f.write_str("NearLimit"),
            Self::SignInPage => f.write_str("SignInPage"),
            Self::Pause(seconds) => write!(f, "Pause({seconds})"),
            Self::UsedUp(seconds) => write!(f, "UsedUp({seconds})"),
            Self::TooMuch(limit) => write!(f, "TooMuch({limit})"),
            Self::TimedOut(limit) => write!(f, "TimedOut({limit})"),
            Self::Late(seconds) => write!(f, "Late({seconds})"),
            Self::Truncated(count) => write!(f, "Truncated({count})"),
            Self::Scope(field) => write!(f, "Scope({field})"),
            Self::Slow(_) => f.write_str("Slow"),
            Self::Unauthorized => f.write_str("Unauthorized"),
            Self::Secondary => f.write_str("Secondary"),
            Self::BadGateway => f.write_str("BadGateway"),
            Self::Cut => f.write_str("Cut"),
            Self::Trickle => f.write_str("Trickle"),
            Self::Endless => f.write_str("Endless"),
            Self::Partial => f.write_str("Partial"),
            Self::Reordered => f.write_str("Reordered"),
            Self::Elsewhere(_) => f.write_str("Elsewhere"),
            Self::Meanwhile(_) => f.write_str("Meanwhile"),
        }
    }
}

impl Rule {
    /// `fault` the next time that a request holds `when`.
    pub(crate) fn once(when: &'static str, fault: Fault) -> Self {
        Self {
            when,
            after: 0,
            times: 1,
            above: 0,
            fault,
        }
    }

    /// `fault` for every request from now on that holds `when`.
    pub(crate) fn always(when: &'static str, fault: Fault) -> Self {
        Self {
            times: u32::MAX,
            ..Self::once(when, fault)
        }
    }

    /// Whether this request, which asks for `count` things, goes wrong; one less is left then.
    pub(super) fn strikes(&mut self, request: &str, count: u64) -> bool {
        let above = match self.fault {
            Fault::TooMuch(limit) | Fault::TimedOut(limit) => limit,
            _ => self.above,
        };
        if self.times == 0 || !request.contains(self.when) || (above > 0 && count <= above) {
            return false;
        }
        if self.after > 0 {
            self.after -= 1;
            return false;
        }
        self.times = self.times.saturating_sub(1);
        true
    }
}

impl Fault {
    /// The answer instead of the real one, where it has one.
    pub(super) fn instead(&self) -> Option<Response> {
        let response = match self {
            Self::Unauthorized => StatusCode::UNAUTHORIZED.into_response(),
            Self::BadGateway => StatusCode::BAD_GATEWAY.into_response(),
            Self::Status(status) => StatusCode::from_u16(*status).unwrap().into_response(),
            Self::SignInPage => {
                let status = StatusCode::NON_AUTHORITATIVE_INFORMATION;
                let page = "<!DOCTYPE html><html><title>Azure DevOps Services | Sign In</title></html>";
                let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
                (status, kind, page).into_response()
            }
            Self::Secondary => {
                let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
                (
                    StatusCode::FORBIDDEN,
                    axum::Json(json!({ "message": message })),
                )
                    .into_response()
            }
            Self::Later(seconds) => {
                let later = [(header::RETRY_AFTER, seconds.to_string())];
                (StatusCode::TOO_MANY_REQUESTS, later).into_response()
            }
            Self::UsedUp(seconds) => {
                // Sun, 06 Nov 1994 08:49:37 GMT
                let reset = (784_111_777 + seconds).to_string();
                let mut response = StatusCode::FORBIDDEN.into_response();
                for (name, value) in [
                    ("date", "Sun, 06 Nov 1994 08:49:37 GMT"),
                    ("x-ratelimit-remaining", "0"),
                    ("x-ratelimit-reset", reset.as_str()),
                ] {
                    response
                        .headers_mut()
                        .insert(name, HeaderValue::from_str(value).unwrap());
                }
                response
            }
            Self::TooMuch(_) => axum::Json(json!({ "data": null, "errors": [{
                "type": "RESOURCE_LIMITS_EXCEEDED",
                "message": "Resource limits for this query exceeded.",
            }] }))
            .into_response(),
            Self::Scope(field) => {
                let message = format!(
                    "Your token has not been granted the required scopes to execute this query. The '{field}' field requires one of the following scopes: ['read:org'], but your token has only been granted the: ['repo'] scopes."
                );
                let error = json!({ "type": "INSUFFICIENT_SCOPES", "message": message });
                axum::Json(json!({ "errors": [error] })).into_response()
            }
            Self::TimedOut(_) => axum::Json(json!({ "errors": [{
                "message": "Request timed out. Please try a less complex query or a smaller set of records.",
            }] }))
            .into_response(),
            Self::Elsewhere(url) => {
                let location = [(header::LOCATION, url.clone())];
                (StatusCode::TEMPORARY_REDIRECT, location).into_response()
            }
            Self::Slow(_)
            | Self::Cut
            | Self::Trickle
            | Self::Endless
            | Self::Partial
            | Self::NearLimit
            | Self::Pause(_)
            | Self::Reordered
            | Self::Truncated(_)
            | Self::Late(_)
            | Self::Meanwhile(_) => return None,
        };
        Some(response)
    }

    /// What becomes of the real answer.
    pub(super) async fn spoil(&self, response: Response) -> Response {
        match self {
            Self::Partial => {
                let (mut parts, body) = response.into_parts();
                let value = HeaderValue::from_static("partial-results; organizations=21955855");
                parts.headers.insert("x-github-sso", value);
                Response::from_parts(parts, body)
            }
            Self::NearLimit => {
                let (mut parts, body) = response.into_parts();
                let value = HeaderValue::from_static("true");
                parts.headers.insert("x-ratelimit-nearlimit", value);
                Response::from_parts(parts, body)
            }
            Self::Pause(seconds) => {
                let (mut parts, body) = response.into_parts();
                let value = HeaderValue::from_str(&seconds.to_string()).unwrap();
                parts.headers.insert(header::RETRY_AFTER, value);
                Response::from_parts(parts, body)
            }
            Self::Cut => {
                let (parts, half) = half(response).await;
                let broken = Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
                let stream = stream::iter([Ok(half), broken]);
                Response::from_parts(parts, Body::from_stream(stream))
            }
            Self::Endless => {
                let (parts, half) = half(response).await;
                let half = stream::iter([Ok::<_, std::io::Error>(half)]);
                let body = Body::from_stream(half.chain(stream::pending()));
                Response::from_parts(parts, body)
            }
            Self::Trickle => {
                let (parts, body) = response.into_parts();
                let bytes = axum::body::to_bytes(body, 256 << 20).await.unwrap();
                let size = bytes.len().div_ceil(PIECES).max(1);
                let pieces: Vec<Bytes> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
                let slowly = stream::iter(pieces).then(async |piece| {
                    tokio::time::sleep(PAUSE).await;
                    Ok::<_, std::io::Error>(piece)
                });
                Response::from_parts(parts, Body::from_stream(slowly))
            }
            Self::Late(seconds) => {
                let (mut parts, body) = response.into_parts();
                let value = HeaderValue::from_str(&date(*seconds)).unwrap();
                parts.headers.insert(header::DATE, value);
                Response::from_parts(parts, body)
            }
            Self::Reordered => edit_nodes(response, |nodes| nodes.reverse()).await,
            Self::Truncated(count) => edit_nodes(response, |nodes| nodes.truncate(*count)).await,
            _ => response,
        }
    }
}

/// The first half of an answer.
async fn half(response: Response) -> (Parts, Bytes) {
    let (mut parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, 256 << 20).await.unwrap();
    parts.headers.remove(header::CONTENT_LENGTH);
    (parts, bytes.slice(..bytes.len() / 2))
}

/// Changes the nodes of every list of an answer.
async fn edit_nodes(response: Response, edit: impl Fn(&mut Vec<serde_json::Value>)) -> Response {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let bytes = axum::body::to_bytes(body, 256 << 20).await.unwrap();
    if let Some(projects) = bytes.strip_prefix(super::gerrit::GUARD.as_bytes()) {
        let projects: serde_json::Map<String, serde_json::Value> =
            serde_json::from_slice(projects).unwrap();
        let mut rows = projects.into_iter().map(|row| json!(row)).collect();
        edit(&mut rows);
        let projects = rows
            .into_iter()
            .map(|row| serde_json::from_value::<(String, serde_json::Value)>(row).unwrap());
        let answer = serde_json::Value::Object(projects.collect());
        return Response::from_parts(
            parts,
            Body::from(format!("{}{answer}", super::gerrit::GUARD)),
        );
    }
    let mut answer: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    if let Some(values) = answer.get_mut("value").and_then(|it| it.as_array_mut()) {
        edit(values);
    }
    if let Some(values) = answer.get_mut("values").and_then(|it| it.as_array_mut()) {
        edit(values);
    }
    let place = ["/data/repositoryOwner", "/data/organization", "/data/group"]
        .into_iter()
        .find(|place| answer.pointer(place).is_some());
    let owner = answer
        .pointer_mut(place.unwrap_or_default())
        .and_then(serde_json::Value::as_object_mut);
    // A list of REST is one by itself.
    let lists = owner
        .into_iter()
        .flatten()
        .map(|(name, list)| match (name.as_str(), place) {
            ("data", None) => Some(list),
            _ => list.get_mut("nodes"),
        });
    for nodes in lists.flatten().filter_map(serde_json::Value::as_array_mut) {
        edit(nodes);
    }
    Response::from_parts(parts, Body::from(answer.to_string()))
}

/// The date of an answer by a clock that is `behind`; nobody looks at the day of the week.
fn date(behind: i64) -> String {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed();
    let iso = super::github::time(since.unwrap().as_secs().saturating_add_signed(-behind));
    let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (day, clock) = iso.trim_end_matches('Z').split_once('T').unwrap();
    let mut parts = day.split('-');
    let mut next = || parts.next().unwrap();
    let (year, month, day) = (next(), next(), next());
    let month = months[month.parse::<usize>().unwrap() - 1];
    format!("Mon, {day} {month} {year} {clock} GMT")
}
