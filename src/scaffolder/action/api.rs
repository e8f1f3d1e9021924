//! Calls to a host's API, and its own words where it refuses.

use serde_json::Value as Json;

use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::outside::{GitLogin, OutsideError, Request, Response};

use super::{ActionError, Input, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// One host, and the token that a step gives for it, if it does; otherwise the one that is configured is used.
#[derive(Clone, Copy)]
pub(super) struct Api<'a> {
    pub(super) host: &'a str,
    token: Option<&'a str>,
}

impl<'a> Api<'a> {
    /// The host of `repo`, which must be of `kind`; the step's own `token` is used.
    pub(super) fn of(
        task: &Task<'_>,
        input: &Input<'a>,
        repo: &'a RepoUrl,
        kind: &str,
    ) -> Result<Self> {
        let known = task.outside.host_type(&repo.host);
        if known.as_deref() == Some(kind) {
            return Ok(Self {
                host: &repo.host,
                token: input.text("token")?.filter(|token| !token.is_empty()),
            });
        }
        Err(ActionError::Failed(match known {
            None => format!(
                "No matching integration configuration for host {}, please check your integrations config",
                repo.host
            ),
            Some(known) => format!("{} is a {known}, not a {kind}", repo.host),
        }))
    }

    /// The same host with another token, if there is one.
    pub(super) fn with_token(self, token: Option<&'a str>) -> Self {
        let token = token.filter(|token| !token.is_empty());
        Self {
            token: token.or(self.token),
            ..self
        }
    }

    /// The `host`, with the token that is configured for it.
    pub(super) fn at(host: &'a str) -> Self {
        Self { host, token: None }
    }

    /// The answer to one call, whatever it is. `path` begins with a slash and is encoded.
    pub(super) fn call(
        &self,
        task: &Task<'_>,
        method: &'static str,
        path: &str,
        body: Json,
    ) -> Result<Response> {
        task.go_on()?;
        let response = task.outside.http(&Request {
            method,
            host: self.host.to_owned(),
            path: path.to_owned(),
            body,
            token: self.token.map(str::to_owned),
        })?;
        if response.status == 401 {
            let host = self.host.to_owned();
            return Err(OutsideError::NotAllowed { host }.into());
        }
        Ok(response)
    }

    /// What the host answers to a call that does `what`; a refusal is an error.
    pub(super) fn done(
        &self,
        task: &Task<'_>,
        what: &str,
        method: &'static str,
        path: &str,
        body: Json,
    ) -> Result<Json> {
        let response = self.call(task, method, path, body)?;
        match response.status {
            200..=299 => Ok(response.body),
            _ => Err(refusal(what, self.host, &response)),
        }
    }

    /// What stands at `path`; `None` if there is nothing.
    pub(super) fn look(&self, task: &Task<'_>, path: &str) -> Result<Option<Json>> {
        let response = self.call(task, "GET", path, Json::Null)?;
        match response.status {
            200..=299 => Ok(Some(response.body)),
            404 => Ok(None),
            _ => Err(refusal(
                &format!("{path} cannot be read"),
                self.host,
                &response,
            )),
        }
    }

    /// How Git signs in there.
    pub(super) fn login(&self, task: &Task<'_>) -> Option<GitLogin> {
        let login = task.outside.git_login(self.host);
        let Some(token) = self.token else {
            return login;
        };
        let kind = task.outside.host_type(self.host);
        let username = match kind.as_deref() {
            Some("github") => "x-access-token",
            Some("bitbucketCloud" | "bitbucketServer") => "x-token-auth",
            Some("azure") => "",
            _ => "oauth2",
        };
        Some(GitLogin {
            username: username.to_owned(),
            token: token.to_owned(),
            ca_bundle: login.and_then(|login| login.ca_bundle),
        })
    }
}

/// That the host `host` did not do `what`, in its own words. Where it broke down it may have done it nevertheless.
pub(crate) fn refusal(what: &str, host: &str, response: &Response) -> ActionError {
    let said = said(&response.body).unwrap_or_else(|| "no reason given".to_owned());
    let help = match response.status {
        403 => format!("; the token for {host} does not allow it"),
        _ => String::new(),
    };
    let text = format!("{what}: {} {said}{help}", response.status);
    match response.status {
        500.. => OutsideError::Failed(text).into(),
        _ => ActionError::Failed(text),
    }
}

/// What the body of a refusal says: each kind of host has its own place for it.
pub(super) fn said(body: &Json) -> Option<String> {
    let text = |pointer: &str| {
        body.pointer(pointer)
            .map(plain)
            .filter(|text| !text.is_empty())
    };
    let first = [
        "/message",
        "/error/message",
        "/errors/0/message",
        "/error_description",
        "/error",
    ]
    .into_iter()
    .find_map(|pointer| text(pointer).map(|said| (pointer, said)));
    let (pointer, said) = first?;
    let detail = match pointer {
        "/message" => text("/errors/0/message"),
        "/error/message" => text("/error/detail"),
        _ => None,
    };
    Some(match detail {
        Some(detail) => format!("{said} ({detail})"),
        None => said,
    })
}

/// A reason as text: GitLab gives lists of them by the name of a field.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::Object(map) => {
            let parts = map
                .iter()
                .map(|(key, value)| format!("{key} {}", plain(value)));
            parts.collect::<Vec<_>>().join("; ")
        }
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

/// `text` as one part of a path.
pub(crate) fn part(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_host_is_heard_in_its_own_words() {
        for (body, words) in [
            (
                json!({"message": "Validation Failed", "errors": [{"message": "name taken"}]}),
                "Validation Failed (name taken)",
            ),
            (
                json!({"message": {"path": ["has already been taken"]}}),
                "path has already been taken",
            ),
            (
                json!({"error": {"message": "Bad", "detail": "no such project"}}),
                "Bad (no such project)",
            ),
            (
                json!({"errors": [{"message": "This repository URL is already taken."}]}),
                "This repository URL is already taken.",
            ),
            (
                json!({"error": "insufficient_scope", "error_description": "more is needed"}),
                "more is needed",
            ),
        ] {
            assert_eq!(said(&body).as_deref(), Some(words));
        }
        assert_eq!(said(&Json::Null), None);
        assert_eq!(part("a b/ü"), "a%20b%2F%C3%BC");
    }
}
