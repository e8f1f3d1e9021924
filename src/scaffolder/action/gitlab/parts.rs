//! Single things on GitLab: groups, issues, variables of projects, pipelines.

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::action::api::{Api, part};
use crate::scaffolder::action::{ActionError, Input, Outputs, Task};
use crate::scaffolder::form::repo_url::RepoUrl;

use super::{Result, project};

/// The host that the step's `repoUrl` names, which need name no project.
pub(super) fn located(input: &Input<'_>) -> Result<RepoUrl> {
    RepoUrl::located(input.needed("repoUrl")?)
        .map_err(|error| ActionError::Failed(error.to_string()))
}

/// The path of the project that `projectId` names, else of the `repoUrl`'s own.
pub(super) fn project_path(
    task: &Task<'_>,
    input: &Input<'_>,
    api: Api<'_>,
    repo: &RepoUrl,
) -> Result<String> {
    match input.get("projectId") {
        Some(Json::String(id)) => Ok(format!("/projects/{}", part(id))),
        Some(id) => Ok(format!("/projects/{id}")),
        None => match project(task, api, repo)? {
            Some(there) => Ok(there.path),
            None => Err(ActionError::Failed(format!(
                "there is no project {}/{} on {}",
                repo.owner, repo.repo, repo.host
            ))),
        },
    }
}

/// The inputs that GitLab calls otherwise, under its names.
fn renamed(input: &Input<'_>, names: &[(&str, &str)]) -> Map<String, Json> {
    let value = |(key, name): &(&str, &str)| Some(((*name).to_owned(), input.get(key)?.clone()));
    names.iter().filter_map(value).collect()
}

/// `gitlab:group:ensureExists`: each group of a path, made where it is not there.
pub(in crate::scaffolder::action) fn ensure_group(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let mut parent: Option<Json> = None;
    let mut whole = String::new();
    for group in input.list("path")? {
        let text = |key: &str| group.get(key).and_then(Json::as_str);
        let name = group.as_str().or_else(|| text("name")).unwrap_or_default();
        let slug = group.as_str().or_else(|| text("slug")).unwrap_or_default();
        if slug.is_empty() {
            return Err(input.error("instance.path has a group without a name"));
        }
        whole = if whole.is_empty() {
            slug.to_owned()
        } else {
            format!("{whole}/{slug}")
        };
        let there = api.look(task, &format!("/groups/{}", part(&whole)))?;
        let there = there.filter(|_| !task.is_guessed(api.host));
        let there = if let Some(there) = there {
            there
        } else {
            let mut body = json!({ "name": name, "path": slug });
            if let Some(parent) = &parent {
                body["parent_id"] = parent.clone();
            }
            if let Some(description) = input.text("description")? {
                body["description"] = description.into();
            }
            api.done(
                task,
                &format!("The group {whole} is not made"),
                "POST",
                "/groups",
                body,
            )?
        };
        parent = there.get("id").cloned();
    }
    Ok(parent
        .map(|id| ("groupId".to_owned(), id))
        .into_iter()
        .collect())
}

/// `gitlab:issues:create`.
pub(in crate::scaffolder::action) fn issue(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let body = renamed(
        input,
        &[
            ("title", "title"),
            ("assignees", "assignee_ids"),
            ("confidential", "confidential"),
            ("description", "description"),
            ("createdAt", "created_at"),
            ("dueDate", "due_date"),
            ("discussionToResolve", "discussion_to_resolve"),
            ("epicId", "epic_id"),
            ("labels", "labels"),
            ("issueType", "issue_type"),
            (
                "mergeRequestToResolveDiscussionsOf",
                "merge_request_to_resolve_discussions_of",
            ),
            ("milestoneId", "milestone_id"),
            ("weight", "weight"),
        ],
    );
    let path = format!("{}/issues", project_path(task, input, api, &repo)?);
    let made = api.done(task, "The issue is not made", "POST", &path, body.into())?;
    Ok(told(
        &made,
        &[
            ("issueUrl", "web_url"),
            ("issueId", "id"),
            ("issueIid", "iid"),
        ],
    ))
}

/// `gitlab:issue:edit`.
pub(in crate::scaffolder::action) fn edit_issue(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let body = renamed(
        input,
        &[
            ("addLabels", "add_labels"),
            ("assignees", "assignee_ids"),
            ("confidential", "confidential"),
            ("description", "description"),
            ("discussionLocked", "discussion_locked"),
            ("dueDate", "due_date"),
            ("epicId", "epic_id"),
            ("issueType", "issue_type"),
            ("labels", "labels"),
            ("milestoneId", "milestone_id"),
            ("removeLabels", "remove_labels"),
            ("stateEvent", "state_event"),
            ("title", "title"),
            ("updatedAt", "updated_at"),
            ("weight", "weight"),
        ],
    );
    let number = input.get("issueIid").cloned().unwrap_or_default();
    let path = format!("{}/issues/{number}", project_path(task, input, api, &repo)?);
    let done = api.done(task, "The issue is not changed", "PUT", &path, body.into())?;
    Ok(told(
        &done,
        &[
            ("issueUrl", "web_url"),
            ("projectId", "project_id"),
            ("issueId", "id"),
            ("issueIid", "iid"),
            ("state", "state"),
            ("title", "title"),
            ("updatedAt", "updated_at"),
        ],
    ))
}

/// `gitlab:projectVariable:create`.
pub(in crate::scaffolder::action) fn variable(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let body = renamed(
        input,
        &[
            ("key", "key"),
            ("value", "value"),
            ("variableType", "variable_type"),
            ("variableProtected", "protected"),
            ("masked", "masked"),
            ("maskedAndHidden", "masked_and_hidden"),
            ("raw", "raw"),
            ("environmentScope", "environment_scope"),
        ],
    );
    let path = format!("{}/variables", project_path(task, input, api, &repo)?);
    api.done(task, "The variable is not set", "POST", &path, body.into())?;
    Ok(Outputs::new())
}

/// `gitlab:pipeline:trigger`: by a token that is made for that and removed again.
pub(in crate::scaffolder::action) fn pipeline(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = located(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let path = project_path(task, input, api, &repo)?;
    let branch = input.needed("branch")?;
    let body = json!({ "description": input.needed("tokenDescription")? });
    let triggers = format!("{path}/triggers");
    let trigger = api.done(task, "The trigger is not made", "POST", &triggers, body)?;
    let mut body = json!({ "ref": branch, "token": trigger.get("token") });
    if let Some(variables) = input.get("variables") {
        body["variables"] = variables.clone();
    }
    let what = "The pipeline is not triggered";
    let done = api.done(
        task,
        what,
        "POST",
        &format!("{path}/trigger/pipeline"),
        body,
    );
    let id = trigger.get("id").cloned().unwrap_or_default();
    // Whether or not it was of use, the token goes.
    let gone = api.done(
        task,
        "The trigger stays",
        "DELETE",
        &format!("{triggers}/{id}"),
        Json::Null,
    );
    let done = done?;
    gone?;
    Ok(told(&done, &[("pipelineUrl", "web_url")]))
}

/// Outputs by the names of an action.
pub(super) fn told(body: &Json, names: &[(&str, &str)]) -> Outputs {
    let value = |(output, key): &(&str, &str)| Some(((*output).to_owned(), body.get(key)?.clone()));
    names.iter().filter_map(value).collect()
}
