//! Single things of a repository on GitHub: webhooks, issues and their labels, runs of workflows, pages, autolinks, deploy keys.

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::action::api::part;
use crate::scaffolder::action::hosting::repo_url;
use crate::scaffolder::action::{ActionError, Input, LogLevel, Outputs, Task};

use super::{Place, Result, place, secret};

/// Does `work` at the repository that the step names.
fn at<T>(
    task: &mut Task<'_>,
    input: &Input<'_>,
    work: impl FnOnce(&mut Task<'_>, &Place<'_>) -> Result<T>,
) -> Result<T> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    work(task, &place)
}

/// One call that Backstage only warns of where it fails.
fn lenient(
    task: &mut Task<'_>,
    place: &Place<'_>,
    what: &str,
    path: &str,
    body: Json,
) -> Result<()> {
    match place.api.done(task, what, "POST", path, body) {
        Err(ActionError::Failed(line)) => (task.log)(LogLevel::Warning, &line),
        done => {
            done?;
        }
    }
    Ok(())
}

/// `github:webhook`.
pub(in crate::scaffolder::action) fn webhook(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let url = input.needed("webhookUrl")?;
    let events = input.get("events").cloned();
    let mut config = json!({
        "url": url,
        "content_type": input.text("contentType")?.unwrap_or("form"),
        "insecure_ssl": if input.flag("insecureSsl", false)? { "1" } else { "0" },
    });
    if let Some(secret) = input.text("webhookSecret")? {
        config["secret"] = secret.into();
    }
    let body = json!({
        "config": config,
        "events": events.unwrap_or_else(|| json!(["push"])),
        "active": input.flag("active", true)?,
    });
    at(task, input, |task, place| {
        let what = format!("Failed: create webhook '{url}' on repo: '{}'", place.name);
        lenient(task, place, &what, &format!("{}/hooks", place.path), body)
    })?;
    Ok(Outputs::new())
}

/// `github:issues:label`.
pub(in crate::scaffolder::action) fn label(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let Some(number) = input.get("number").filter(|number| number.is_u64()) else {
        return Err(input.error("instance.number is no number of an issue"));
    };
    let body = json!({ "labels": input.texts("labels")? });
    at(task, input, |task, place| {
        let what = format!(
            "Failed: adding labels to issue: '{number}' on repo: '{}'",
            place.name
        );
        lenient(
            task,
            place,
            &what,
            &format!("{}/issues/{number}/labels", place.path),
            body,
        )
    })?;
    Ok(Outputs::new())
}

/// `github:issues:create`.
pub(in crate::scaffolder::action) fn issue(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let mut body = Map::new();
    for key in ["title", "body", "assignees", "milestone", "labels"] {
        if let Some(value) = input.get(key) {
            body.insert(key.to_owned(), value.clone());
        }
    }
    let made = at(task, input, |task, place| {
        let path = format!("{}/issues", place.path);
        let what = format!("Failed to create an issue on repo: '{}'", place.name);
        place.api.done(task, &what, "POST", &path, body.into())
    })?;
    let output = |key: &str| made.get(key).cloned().unwrap_or_default();
    Ok(Outputs::from_iter([
        ("issueUrl".to_owned(), output("html_url")),
        ("issueNumber".to_owned(), output("number")),
    ]))
}

/// `github:actions:dispatch`.
pub(in crate::scaffolder::action) fn dispatch(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let workflow = input.needed("workflowId")?;
    let mut body = json!({ "ref": input.needed("branchOrTagName")? });
    if let Some(inputs) = input.get("workflowInputs") {
        body["inputs"] = inputs.clone();
    }
    let wants_details = input.flag("returnWorkflowRunDetails", false)?;
    if wants_details {
        body["return_run_details"] = true.into();
    }
    let told = at(task, input, |task, place| {
        let path = format!(
            "{}/actions/workflows/{}/dispatches",
            place.path,
            part(workflow)
        );
        let what = format!(
            "Failed: dispatching workflow '{workflow}' on repo: '{}'",
            place.name
        );
        place.api.done(task, &what, "POST", &path, body)
    })?;
    let mut outputs = Outputs::new();
    for (output, key) in [
        ("workflowRunId", "workflow_run_id"),
        ("workflowRunUrl", "run_url"),
        ("workflowRunHtmlUrl", "html_url"),
    ] {
        if let Some(value) = told.get(key).filter(|_| wants_details) {
            outputs.insert(output.to_owned(), value.clone());
        }
    }
    Ok(outputs)
}

/// `github:pages:enable`.
pub(in crate::scaffolder::action) fn pages(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let body = json!({
        "build_type": input.text("buildType")?.unwrap_or("workflow"),
        "source": {
            "branch": input.text("sourceBranch")?.unwrap_or("main"),
            "path": input.text("sourcePath")?.unwrap_or("/"),
        },
    });
    at(task, input, |task, place| {
        let path = format!("{}/pages", place.path);
        place
            .api
            .done(task, "GitHub Pages are not enabled", "POST", &path, body)
    })?;
    Ok(Outputs::new())
}

/// `github:autolinks:create`.
pub(in crate::scaffolder::action) fn autolink(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let mut body = json!({
        "key_prefix": input.needed("keyPrefix")?,
        "url_template": input.needed("urlTemplate")?,
    });
    if let Some(value) = input.get("isAlphanumeric") {
        body["is_alphanumeric"] = value.clone();
    }
    at(task, input, |task, place| {
        let path = format!("{}/autolinks", place.path);
        place
            .api
            .done(task, "The autolink is not made", "POST", &path, body)
    })?;
    Ok(Outputs::new())
}

/// `github:deployKey:create`: the public key is the repository's, the private one a secret of its actions.
pub(in crate::scaffolder::action) fn deploy_key(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let name = input.needed("deployKeyName")?;
    let body = json!({ "title": name, "key": input.needed("publicKey")? });
    let private = input.needed("privateKey")?;
    let secret = match input.text("privateKeySecretName")? {
        Some(secret) => secret.to_owned(),
        None => format!("{}_PRIVATE_KEY", name.replace(' ', "_").to_uppercase()),
    };
    at(task, input, |task, place| {
        let path = format!("{}/keys", place.path);
        place
            .api
            .done(task, "The deploy key is not made", "POST", &path, body)?;
        let path = format!("{}/actions/secrets", place.path);
        secret::set(task, place, &path, [(secret.as_str(), private)].into_iter())
    })?;
    Ok(Outputs::from_iter([(
        "privateKeySecretName".to_owned(),
        secret.into(),
    )]))
}
