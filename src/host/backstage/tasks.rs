//! Templates that run in the instance (`@backstage/plugin-scaffolder-backend`, version 2 of its API): what they ask, a task
//! that is begun, watched and stopped, and a dry run. Secrets go in bodies, and nowhere else.

use std::ops::ControlFlow;
use std::time::Duration;

use reqwest::header::ACCEPT;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use super::{BackstageHost, HostError, MAX_ANSWER, name_of};
use crate::catalog::Entity;
use crate::catalog::text::one_line;

/// The longest time that one look at a task's events takes.
const WATCH: Duration = Duration::from_hours(1);
/// The longest event that is read, in bytes.
const MAX_EVENT: usize = 4 << 20;

/// Something that happened to a task.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TaskEvent {
    /// Its number; later ones are larger.
    pub id: u64,
    /// `log`, `completion`, `cancelled`, `recovered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is told of it: `message`, `stepId`, `status`, `error`, `output`.
    #[serde(default)]
    pub body: Value,
}

/// Files beside a template: path and content.
pub type Beside = Vec<(String, Vec<u8>)>;

impl BackstageHost {
    /// The pages that the instance asks of who runs `template`; it may show some to a few only.
    pub async fn parameter_schema(&self, template: &Entity) -> Result<Vec<Value>, HostError> {
        #[derive(Deserialize)]
        struct Form {
            #[serde(default)]
            steps: Vec<Page>,
        }
        #[derive(Deserialize)]
        struct Page {
            #[serde(default)]
            schema: Value,
        }
        let mut url = self.url("/api/scaffolder/v2/templates")?;
        if let Ok(mut segments) = url.path_segments_mut() {
            let kind = template.kind_name().to_lowercase();
            segments.extend([template.namespace(), kind.as_str(), template.name()]);
            segments.push("parameter-schema");
        }
        let form: Form = self
            .signed_in(&url, |client| client.get(url.clone()))
            .await?;
        Ok(form.steps.into_iter().map(|page| page.schema).collect())
    }

    /// Begins a task that runs the template `template_ref`, and gives its id.
    pub async fn begin_task(
        &self,
        template_ref: &str,
        values: &Map<String, Value>,
        secrets: &Value,
    ) -> Result<String, HostError> {
        #[derive(Deserialize)]
        struct Begun {
            id: String,
        }
        let url = self.url("/api/scaffolder/v2/tasks")?;
        let body = json!({"templateRef": template_ref, "values": values, "secrets": secrets});
        let bytes = self.post(&url, &body).await?;
        let begun: Begun = Self::read(&url, &bytes)?;
        Ok(begun.id)
    }

    /// Asks for an end of the task `id`.
    pub async fn cancel_task(&self, id: &str) -> Result<(), HostError> {
        let url = self.task_url(id, "cancel", None)?;
        self.post(&url, &json!({})).await.map(drop)
    }

    /// How the task `id` stands: `open`, `processing`, `completed`, `failed`, `cancelled`.
    pub async fn task_status(&self, id: &str) -> Result<String, HostError> {
        #[derive(Deserialize)]
        struct Task {
            status: String,
        }
        let mut url = self.url("/api/scaffolder/v2/tasks")?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.push(id);
        }
        let task: Task = self
            .signed_in(&url, |client| client.get(url.clone()))
            .await?;
        Ok(task.status)
    }

    /// The events of the task `id` after the one with the number `after`, as soon as there are some; none after half a
    /// minute.
    pub async fn task_events(
        &self,
        id: &str,
        after: Option<u64>,
    ) -> Result<Vec<TaskEvent>, HostError> {
        let url = self.task_url(id, "events", after)?;
        self.signed_in(&url, |client| client.get(url.clone())).await
    }

    /// Hands each event of the task `id` after the one with the number `after` to `take`, as it happens, until that has
    /// enough or the stream ends.
    pub async fn watch_task(
        &self,
        id: &str,
        after: Option<u64>,
        take: &mut dyn FnMut(TaskEvent) -> ControlFlow<()>,
    ) -> Result<(), HostError> {
        let url = self.task_url(id, "eventstream", after)?;
        let client = self.http.client()?;
        let token = self.token().await;
        let mut request = client
            .get(url.clone())
            .header(ACCEPT, "text/event-stream")
            .timeout(WATCH);
        if let Some(token) = &token {
            request = request.bearer_auth(token.expose());
        }
        let place = name_of(&url);
        let mut stream = self
            .http
            .stream(&place, request)
            .await
            .map_err(|error| match error {
                HostError::NotSignedIn { reason, .. } => self.refused(&reason),
                error => error,
            })?;
        if let Some(other) = stream.host().filter(|host| *host != self.host) {
            return Err(self.refused(&format!("it sends us to {other}")));
        }
        let mut pending = Vec::new();
        while let Some(bytes) = stream.next().await? {
            pending.extend_from_slice(&bytes);
            while let Some(end) = pending.windows(2).position(|pair| pair == b"\n\n") {
                let message: Vec<u8> = pending.drain(..end + 2).collect();
                if let Some(event) = event(&message)
                    && take(event).is_break()
                {
                    return Ok(());
                }
            }
            if pending.len() > MAX_EVENT {
                return Err(HostError::TooLarge {
                    place,
                    limit: MAX_EVENT as u64,
                });
            }
        }
        Ok(())
    }

    /// What a run of `template` would do, with the files that stand beside it.
    pub async fn dry_run(
        &self,
        template: &Value,
        values: &Map<String, Value>,
        secrets: &Value,
        beside: &Beside,
    ) -> Result<Value, HostError> {
        use base64::Engine as _;
        let encoded = |(path, bytes): &(String, Vec<u8>)| {
            let content = base64::engine::general_purpose::STANDARD.encode(bytes);
            json!({"path": path, "base64Content": content})
        };
        let files: Vec<Value> = beside.iter().map(encoded).collect();
        let body = json!({"template": template, "values": values, "secrets": secrets, "directoryContents": files});
        let url = self.url("/api/scaffolder/v2/dry-run")?;
        let bytes = self.post(&url, &body).await?;
        Self::read(&url, &bytes)
    }

    /// What `body`, sent to `url`, is answered. What the instance finds wrong with it is told in its words.
    async fn post(&self, url: &Url, body: &Value) -> Result<Vec<u8>, HostError> {
        let token = self.token().await;
        match self.post_as(url, body, token.as_ref()).await {
            Err(HostError::NotSignedIn { .. }) if self.token.is_none() => {
                let token = self.new_guest().await?;
                self.post_as(url, body, Some(&token)).await
            }
            answer => answer,
        }
    }

    async fn post_as(
        &self,
        url: &Url,
        body: &Value,
        token: Option<&crate::config::Secret>,
    ) -> Result<Vec<u8>, HostError> {
        let client: &Client = self.http.client()?;
        let request = || -> RequestBuilder {
            let request = client.post(url.clone()).json(body);
            match token {
                Some(token) => request.bearer_auth(token.expose()),
                None => request,
            }
        };
        let place = name_of(url);
        let seen = [StatusCode::BAD_REQUEST, StatusCode::CONFLICT];
        let answer = self
            .http
            .send_seeing(&seen, &place, MAX_ANSWER, request)
            .await;
        let answer = answer.map_err(|error| match error {
            HostError::NotSignedIn { reason, .. } => self.refused(&reason),
            error => error,
        })?;
        if let Some(other) = answer.host.filter(|host| *host != self.host) {
            return Err(self.refused(&format!("it sends us to {other}")));
        }
        if answer.status.is_success() {
            return Ok(answer.body);
        }
        Err(HostError::Failed {
            place,
            reason: complaint(&serde_json::from_slice(&answer.body).unwrap_or_default()),
        })
    }

    fn task_url(&self, id: &str, part: &str, after: Option<u64>) -> Result<Url, HostError> {
        let mut url = self.url("/api/scaffolder/v2/tasks")?;
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend([id, part]);
        }
        if let Some(after) = after {
            url.query_pairs_mut()
                .append_pair("after", &after.to_string());
        }
        Ok(url)
    }
}

/// The event in a message of a stream.
fn event(message: &[u8]) -> Option<TaskEvent> {
    let text = String::from_utf8_lossy(message);
    let data: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .collect();
    serde_json::from_str(&data.join("\n")).ok()
}

/// What an instance finds wrong: `{errors: [{stack}]}` where answers do not fit, `{error: {message}}` otherwise.
fn complaint(answer: &Value) -> String {
    let errors = answer.get("errors").and_then(Value::as_array);
    let words: Vec<String> = errors
        .into_iter()
        .flatten()
        .filter_map(|error| error.get("stack").or_else(|| error.get("message")))
        .filter_map(Value::as_str)
        .map(|word| one_line(word.strip_prefix("instance.").unwrap_or(word)))
        .collect();
    if !words.is_empty() {
        return format!("it does not take these answers: {}", words.join("; "));
    }
    let message = answer.pointer("/error/message").and_then(Value::as_str);
    message.map_or_else(
        || "it does not take the request".to_owned(),
        |message| format!("it says: {}", one_line(message)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_from_the_stream() {
        let message = b"event: log\ndata: {\"id\":7,\"taskId\":\"x\",\"type\":\"log\",\"body\":{\"message\":\"a\"}}\n\n";
        let read = event(message);
        assert_eq!(
            read.map(|event| (event.id, event.kind)),
            Some((7, "log".to_owned()))
        );
        assert_eq!(event(b": keep-alive\n\n"), None);
    }

    #[test]
    fn complaints_are_told_in_words() {
        let of = |text: &str| complaint(&serde_json::from_str(text).unwrap_or_default());
        assert_eq!(
            of(
                r#"{"errors": [{"stack": "instance.name is required"}, {"stack": "instance.n is not of a type(s) number"}]}"#
            ),
            "it does not take these answers: name is required; n is not of a type(s) number"
        );
        assert_eq!(
            of(r#"{"error": {"message": "Unsupported\u001b[31m"}}"#),
            "it says: Unsupported[31m"
        );
        assert_eq!(of(""), "it does not take the request");
    }
}
