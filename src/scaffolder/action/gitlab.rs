//! GitLab: projects by its REST API, filled by a push. What is called is `@backstage/plugin-scaffolder-backend-module-gitlab`'s.

pub(super) mod merge_request;
pub(super) mod parts;
pub(super) mod people;
pub(super) mod repo_push;

use serde_json::{Value as Json, json};

use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::outside::Response;

use super::api::{Api, part, refusal, said};
use super::hosting::{self, Hosted, Plan, fill, plain_commit, repo_url};
use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// The access level of an owner.
const OWNER: u64 = 50;

/// A project as GitLab tells of it.
fn hosted(body: Json) -> Hosted {
    let text = |key: &str| body.get(key).and_then(Json::as_str).unwrap_or_default();
    let id = body.get("id").and_then(Json::as_u64).unwrap_or_default();
    let remote = text("http_url_to_repo").to_owned();
    Hosted {
        page: remote.strip_suffix(".git").unwrap_or(&remote).to_owned(),
        path: format!("/projects/{id}"),
        remote,
        body,
    }
}

/// The project that `repo` names, if it is there.
pub(super) fn project(task: &Task<'_>, api: Api<'_>, repo: &RepoUrl) -> Result<Option<Hosted>> {
    let name = part(&format!("{}/{}", repo.owner, repo.repo));
    Ok(api.look(task, &format!("/projects/{name}"))?.map(hosted))
}

/// `publish:gitlab`.
pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let wanted = wanted(input, &repo)?;
    let look = |task: &Task<'_>| project(task, api, &repo);
    let make = |task: &Task<'_>| {
        let namespace = format!("/namespaces/{}", part(&repo.owner));
        let Some(namespace) = api.look(task, &namespace)? else {
            return Err(ActionError::Failed(format!(
                "The namespace {} is not found or the user doesn't have permissions to access it",
                repo.owner
            )));
        };
        let mut body = wanted.clone();
        body["namespace_id"] = namespace.get("id").cloned().unwrap_or_default();
        let what = format!("Failed to create the project {}/{}", repo.owner, repo.repo);
        Ok(hosted(api.done(task, &what, "POST", "/projects", body)?))
    };
    let plan = Plan {
        api,
        name: format!("{}/{}", repo.owner, repo.repo),
        look: &look,
        make: &make,
    };
    if input.flag("skipExisting", false)?
        && let Some(there) = plan.foreign(task)?
    {
        (task.log)(LogLevel::Info, &format!("{} exists already", there.page));
        let branch = there.body.get("default_branch").and_then(Json::as_str);
        return Ok(outputs(&there, branch.unwrap_or("main"), false));
    }
    let there = plan.make_once(task)?;
    owners(task, input, api, &there)?;
    let branch = input.text("defaultBranch")?.unwrap_or("master");
    let mut outputs = outputs(&there, branch, true);
    if input.get("sourcePath") != Some(&Json::Bool(false)) {
        let pushed = fill(task, input, api, &there, "master", None)?;
        branches(task, input, api, &there)?;
        outputs.insert("commitHash".to_owned(), pushed.commit.into());
    }
    variables(task, input, api, &there)?;
    Ok(outputs)
}

fn outputs(there: &Hosted, branch: &str, created: bool) -> Outputs {
    let contents = format!("{}/-/blob/{branch}", there.page);
    let mut outputs = hosting::outputs(there, &contents, None);
    outputs.insert("remoteUrl".to_owned(), there.page.as_str().into());
    let id = there.body.get("id").cloned().unwrap_or_default();
    outputs.insert("projectId".to_owned(), id);
    outputs.insert("created".to_owned(), created.into());
    outputs
}

/// What is asked of GitLab for a new project; what stands in `settings` counts.
fn wanted(input: &Input<'_>, repo: &RepoUrl) -> Result<Json> {
    let mut body = json!({
        "name": repo.repo,
        "path": repo.repo,
        "visibility": input.text("repoVisibility")?.unwrap_or("private"),
    });
    let topics = input.texts("topics")?;
    if !topics.is_empty() {
        body["topics"] = topics.into();
    }
    for (key, value) in input
        .get("settings")
        .and_then(Json::as_object)
        .into_iter()
        .flatten()
    {
        body[key] = value.clone();
    }
    Ok(body)
}

/// Makes people owners of a new project; that a name is not known is said and no failure.
fn owners(task: &mut Task<'_>, input: &Input<'_>, api: Api<'_>, there: &Hosted) -> Result<()> {
    let mut users = Vec::new();
    if input.flag("setUserAsOwner", false)? {
        users.extend(api.look(task, "/user")?);
    }
    if let Some(name) = input.text("ownerUsername")? {
        if let Some(user) = user(task, api, name)? {
            users.push(user);
        } else {
            let line = format!(
                "Could not find GitLab user with username '{name}'. Skipping owner assignment."
            );
            (task.log)(LogLevel::Warning, &line);
        }
    }
    for user in users {
        let body = json!({ "user_id": user.get("id"), "access_level": OWNER });
        settle(
            task,
            api,
            "The owner is not set",
            &format!("{}/members", there.path),
            body,
        )?;
    }
    Ok(())
}

/// The user called `name`.
pub(super) fn user(task: &Task<'_>, api: Api<'_>, name: &str) -> Result<Option<Json>> {
    let found = api.look(task, &format!("/users?username={}", part(name)))?;
    Ok(found.and_then(|users| users.get(0).cloned()))
}

fn branches(task: &mut Task<'_>, input: &Input<'_>, api: Api<'_>, there: &Hosted) -> Result<()> {
    for branch in input.list("branches")? {
        let text = |key: &str| branch.get(key).and_then(Json::as_str);
        let is = |key: &str| branch.get(key).and_then(Json::as_bool) == Some(true);
        let name = text("name").unwrap_or_default();
        if is("create") {
            let body = json!({ "branch": name, "ref": text("ref").unwrap_or("master") });
            let path = format!("{}/repository/branches", there.path);
            settle(
                task,
                api,
                &format!("Branch creation failed for {name}"),
                &path,
                body,
            )?;
        }
        if is("protect") {
            let body = json!({ "name": name });
            let path = format!("{}/protected_branches", there.path);
            settle(
                task,
                api,
                &format!("Branch protection failed for {name}"),
                &path,
                body,
            )?;
        }
    }
    Ok(())
}

fn variables(task: &mut Task<'_>, input: &Input<'_>, api: Api<'_>, there: &Hosted) -> Result<()> {
    for variable in input.list("projectVariables")? {
        let mut body = json!({
            "variable_type": "env_var", "protected": false, "masked": false,
            "masked_and_hidden": false, "raw": false, "environment_scope": "*",
        });
        for (key, value) in variable.as_object().into_iter().flatten() {
            if !value.is_null() {
                body[key] = value.clone();
            }
        }
        let key = variable
            .get("key")
            .and_then(Json::as_str)
            .unwrap_or_default();
        let what = format!("Environment variable creation failed for {key}");
        settle(task, api, &what, &format!("{}/variables", there.path), body)?;
    }
    Ok(())
}

/// Posts `body`; that it is there already is fine: an earlier attempt at this run did it.
fn settle(task: &mut Task<'_>, api: Api<'_>, what: &str, path: &str, body: Json) -> Result<()> {
    let response = api.call(task, "POST", path, body)?;
    match response.status {
        200..=299 | 409 => Ok(()),
        _ if is_there(&response) => Ok(()),
        _ => Err(refusal(what, api.host, &response)),
    }
}

fn is_there(response: &Response) -> bool {
    response.status == 400
        && said(&response.body).is_some_and(|said| said.to_lowercase().contains("already"))
}
