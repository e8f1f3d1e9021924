//! `notification:send`: by the notifications of the running Backstage that is configured.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::outside::InstanceCall;

use super::{ActionError, Input, LogLevel, Outputs, Task};

/// How long it may take.
const TIMEOUT: Duration = Duration::from_mins(1);

pub(super) fn send(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs, ActionError> {
    let recipients = match input.needed("recipients")? {
        "entity" => {
            let entities = input.texts("entityRefs")?;
            if entities.is_empty() {
                return Err(ActionError::Failed(
                    "Entity references must be provided if using entity recipients".to_owned(),
                ));
            }
            json!({ "type": "entity", "entityRef": entities })
        }
        kind => json!({ "type": kind }),
    };
    let mut payload = Map::new();
    for (key, name) in [
        ("title", "title"),
        ("info", "description"),
        ("link", "link"),
        ("severity", "severity"),
        ("scope", "scope"),
        ("topic", "topic"),
    ] {
        if let Some(value) = input.get(key) {
            payload.insert(name.to_owned(), value.clone());
        }
    }
    input.needed("title")?;
    let body = json!({ "recipients": recipients, "payload": payload });
    let done = post(task, &body);
    match done {
        Err(error) if input.flag("optional", false)? => {
            let line = format!("Failed to send notification: {error}");
            (task.log)(LogLevel::Warning, &line);
        }
        done => done?,
    }
    Ok(Outputs::new())
}

fn post(task: &Task<'_>, body: &Json) -> Result<(), ActionError> {
    task.go_on()?;
    let answer = task.outside.instance(&InstanceCall {
        method: "POST".to_owned(),
        path: "notifications/notifications".to_owned(),
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        params: Vec::new(),
        body: Some(body.to_string()),
        timeout: TIMEOUT,
    })?;
    if answer.status >= 300 {
        let status = answer.status;
        return Err(ActionError::Failed(format!(
            "the notification is not sent: {status} {}",
            answer.body
        )));
    }
    Ok(())
}
