//! GitHub: repositories by its REST API, filled by a push. What is called and in which order is
//! `@backstage/plugin-scaffolder-backend-module-github`'s.

pub(super) mod environment;
pub(super) mod parts;
pub(super) mod protection;
pub(super) mod pull_request;
mod secret;
mod settings;

use serde_json::{Value as Json, json};

use crate::scaffolder::form::repo_url::RepoUrl;

use super::api::{Api, part};
use super::hosting::{self, Hosted, Plan, fill, repo_url};
use super::{ActionError, Input, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// A repository on a GitHub, and the way to it.
pub(super) struct Place<'a> {
    pub(super) api: Api<'a>,
    pub(super) owner: &'a str,
    pub(super) name: &'a str,
    /// `/repos/acme/svc`.
    pub(super) path: String,
}

/// The place that the step's `repoUrl` names, read into `repo`, checked before anything is done.
pub(super) fn place<'a>(
    task: &Task<'_>,
    input: &Input<'a>,
    repo: &'a RepoUrl,
) -> Result<Place<'a>> {
    Ok(Place {
        api: Api::of(task, input, repo, "github")?,
        owner: &repo.owner,
        name: &repo.repo,
        path: format!("/repos/{}/{}", part(&repo.owner), part(&repo.repo)),
    })
}

/// `publish:github`: a new repository with everything in one commit.
pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    let there = create(task, input, &place)?;
    push_into(task, input, &place, &there)
}

/// `github:repo:create`: a new repository with nothing in it.
pub(super) fn repo_create(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    let there = create(task, input, &place)?;
    let branch = there.body.get("default_branch").and_then(Json::as_str);
    let contents = format!("{}/blob/{}", there.page, branch.unwrap_or("main"));
    Ok(hosting::outputs(&there, &contents, None))
}

/// `github:repo:push`: everything in one commit into a repository that is there and has no such branch yet.
pub(super) fn repo_push(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    let Some(body) = place.api.look(task, &place.path)? else {
        return Err(ActionError::Failed(format!(
            "there is no repository {}/{} on {}",
            repo.owner, repo.repo, repo.host
        )));
    };
    let there = hosted(&place.path, body);
    push_into(task, input, &place, &there)
}

fn push_into(
    task: &mut Task<'_>,
    input: &Input<'_>,
    place: &Place<'_>,
    there: &Hosted,
) -> Result<Outputs> {
    let pushed = fill(task, input, place.api, there, "main", None)?;
    if input.flag("protectDefaultBranch", true)? {
        protection::of_default_branch(task, input, place, &pushed.branch)?;
    }
    let contents = format!("{}/blob/{}", there.page, pushed.branch);
    Ok(hosting::outputs(there, &contents, Some(pushed)))
}

fn hosted(path: &str, body: Json) -> Hosted {
    let text = |key: &str| body.get(key).and_then(Json::as_str).unwrap_or_default();
    Hosted {
        page: text("html_url").to_owned(),
        remote: text("clone_url").to_owned(),
        path: path.to_owned(),
        body,
    }
}

fn create(task: &mut Task<'_>, input: &Input<'_>, place: &Place<'_>) -> Result<Hosted> {
    let body = wanted(input, place)?;
    let calls = settings::calls(input, place)?;
    let look = |task: &Task<'_>| {
        let found = place.api.look(task, &place.path)?;
        Ok(found.map(|body| hosted(&place.path, body)))
    };
    let make = |task: &Task<'_>| {
        let mut body = body.clone();
        let owner = format!("/users/{}", part(place.owner));
        let owner = place.api.call(task, "GET", &owner, Json::Null)?;
        let path = if owner.body.get("type").and_then(Json::as_str) == Some("Organization") {
            format!("/orgs/{}/repos", part(place.owner))
        } else {
            if let Some(body) = body.as_object_mut() {
                body.shift_remove("visibility");
            }
            "/user/repos".to_owned()
        };
        let what = format!(
            "Failed to create the repository {}/{}",
            place.owner, place.name
        );
        let made = place.api.done(task, &what, "POST", &path, body)?;
        Ok(hosted(&place.path, made))
    };
    let plan = Plan {
        api: place.api,
        name: format!("{}/{}", place.owner, place.name),
        look: &look,
        make: &make,
    };
    let there = plan.make_once(task)?;
    settings::apply(task, place, calls)?;
    let path = format!("{}/actions/secrets", place.path);
    secret::set(task, place, &path, secret::texts(input.get("secrets")))?;
    Ok(there)
}

/// What is asked of GitHub for a new repository.
fn wanted(input: &Input<'_>, place: &Place<'_>) -> Result<Json> {
    let visibility = input.text("repoVisibility")?.unwrap_or("private");
    let mut body = json!({
        "name": place.name,
        "private": visibility != "public",
        "visibility": visibility,
        "allow_merge_commit": input.flag("allowMergeCommit", true)?,
        "allow_squash_merge": input.flag("allowSquashMerge", true)?,
        "allow_rebase_merge": input.flag("allowRebaseMerge", true)?,
        "allow_auto_merge": input.flag("allowAutoMerge", false)?,
        "allow_update_branch": input.flag("allowUpdateBranch", false)?,
        "delete_branch_on_merge": input.flag("deleteBranchOnMerge", false)?,
        "squash_merge_commit_title": input.text("squashMergeCommitTitle")?.unwrap_or("COMMIT_OR_PR_TITLE"),
        "squash_merge_commit_message": input.text("squashMergeCommitMessage")?.unwrap_or("COMMIT_MESSAGES"),
    });
    for (key, name) in [
        ("description", "description"),
        ("homepage", "homepage"),
        ("hasProjects", "has_projects"),
        ("hasWiki", "has_wiki"),
        ("hasIssues", "has_issues"),
        ("autoInit", "auto_init"),
        ("customProperties", "custom_properties"),
    ] {
        if let Some(value) = input.get(key) {
            body[name] = value.clone();
        }
    }
    Ok(body)
}
