//! `publish:github`: a new repository by GitHub's REST API, filled by a push.

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::outside::{OutsideError, Request, Response};

use super::publish::{outputs, push};
use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let repo = RepoUrl::parse(input.needed("repoUrl")?)
        .map_err(|error| ActionError::Failed(error.to_string()))?;
    if task.outside.host_type(&repo.host).as_deref() != Some("github") {
        return Err(ActionError::Failed(format!(
            "No matching integration configuration for host {}, please check your integrations config",
            repo.host
        )));
    }
    for key in [
        "repoVariables",
        "secrets",
        "customProperties",
        "oidcCustomization",
    ] {
        if input.get(key).is_some() {
            (task.log)(
                LogLevel::Warning,
                &format!("{key} is not set; do it on the host"),
            );
        }
    }
    let made = create(task, input, &repo)?;
    let text = |key: &str| made.get(key).and_then(Json::as_str).unwrap_or_default();
    let remote = text("clone_url").to_owned();
    let page = text("html_url").to_owned();
    (task.log)(LogLevel::Info, &format!("Made the repository {page}"));
    let path = format!("/repos/{}/{}", repo.owner, repo.repo);
    settle(task, input, &repo, &path)?;
    let login = task.outside.git_login(&repo.host);
    let head = push(task, input, &remote, login.as_ref())?;
    let branch = input.text("defaultBranch")?.unwrap_or("main");
    if input.flag("protectDefaultBranch", true)? {
        protect(task, input, &repo, &path, branch)?;
    }
    Ok(outputs(&remote, &format!("{page}/blob/{branch}"), &head))
}

fn call(
    task: &Task<'_>,
    repo: &RepoUrl,
    method: &'static str,
    path: String,
    body: Json,
) -> Result<Response> {
    task.go_on()?;
    let request = Request {
        method,
        host: repo.host.clone(),
        path,
        body,
    };
    Ok(task.outside.http(&request)?)
}

/// GitHub's own words about a refusal.
fn refusal(what: &str, response: &Response) -> ActionError {
    let said = response.body.get("message").and_then(Json::as_str);
    let details = response
        .body
        .pointer("/errors/0/message")
        .and_then(Json::as_str)
        .map_or_else(String::new, |detail| format!(" ({detail})"));
    let said = said.unwrap_or("no reason given");
    ActionError::Failed(format!("{what}: {} {said}{details}", response.status))
}

fn create(task: &Task<'_>, input: &Input<'_>, repo: &RepoUrl) -> Result<Json> {
    let visibility = input.text("repoVisibility")?.unwrap_or("private");
    let mut body = json!({
        "name": repo.repo,
        "private": visibility == "private",
        "allow_merge_commit": input.flag("allowMergeCommit", true)?,
        "allow_squash_merge": input.flag("allowSquashMerge", true)?,
        "allow_rebase_merge": input.flag("allowRebaseMerge", true)?,
        "allow_auto_merge": input.flag("allowAutoMerge", false)?,
        "delete_branch_on_merge": input.flag("deleteBranchOnMerge", false)?,
    });
    for (key, name) in [
        ("description", "description"),
        ("homepage", "homepage"),
        ("hasProjects", "has_projects"),
        ("hasWiki", "has_wiki"),
        ("hasIssues", "has_issues"),
    ] {
        if let Some(value) = input.get(key) {
            body[name] = value.clone();
        }
    }
    let owner = call(
        task,
        repo,
        "GET",
        format!("/users/{}", repo.owner),
        Json::Null,
    )?;
    let organization = owner.body.get("type").and_then(Json::as_str) == Some("Organization");
    let path = if organization {
        body["visibility"] = visibility.into();
        format!("/orgs/{}/repos", repo.owner)
    } else {
        "/user/repos".to_owned()
    };
    let made = call(task, repo, "POST", path, body)?;
    match made.status {
        201 => Ok(made.body),
        401 => Err(OutsideError::NotAllowed {
            host: repo.host.clone(),
        }
        .into()),
        _ => Err(refusal(
            &format!(
                "Failed to create the repository {}/{}",
                repo.owner, repo.repo
            ),
            &made,
        )),
    }
}

/// Topics, collaborators, teams.
fn settle(task: &mut Task<'_>, input: &Input<'_>, repo: &RepoUrl, path: &str) -> Result<()> {
    let topics: Vec<String> = input
        .texts("topics")?
        .iter()
        .map(|t| t.to_lowercase())
        .collect();
    let mut calls = Vec::new();
    if !topics.is_empty() {
        calls.push((format!("{path}/topics"), json!({ "names": topics })));
    }
    let mut grant = |who: &str, team: bool, right: &str| {
        let body = json!({ "permission": right });
        match (who.split_once('/'), team) {
            (Some((organization, team)), _) => {
                calls.push((format!("/orgs/{organization}/teams/{team}{path}"), body));
            }
            (None, true) => calls.push((format!("/orgs/{}/teams/{who}{path}", repo.owner), body)),
            (None, false) => calls.push((format!("{path}/collaborators/{who}"), body)),
        }
    };
    if let Some(who) = input.text("access")? {
        grant(who, false, "admin");
    }
    for one in input.list("collaborators")? {
        let text = |key: &str| one.get(key).and_then(Json::as_str);
        let right = text("access").unwrap_or("push");
        if let Some(user) = text("user") {
            grant(user, false, right);
        } else if let Some(team) = text("team") {
            grant(team, true, right);
        }
    }
    for (path, body) in calls {
        let response = call(task, repo, "PUT", path.clone(), body)?;
        if response.status >= 300 {
            let line = refusal(&path, &response).to_string();
            (task.log)(LogLevel::Warning, &line);
        }
    }
    Ok(())
}

/// Protects the default branch. Hosts refuse it on free plans, which is logged and no failure, as in Backstage.
fn protect(
    task: &mut Task<'_>,
    input: &Input<'_>,
    repo: &RepoUrl,
    path: &str,
    branch: &str,
) -> Result<()> {
    let reviews = input.number("requiredApprovingReviewCount")?.unwrap_or(1.0);
    let mut wanted = Map::new();
    wanted.insert(
        "required_status_checks".to_owned(),
        json!({
            "strict": input.flag("requireBranchesToBeUpToDate", true)?,
            "contexts": input.texts("requiredStatusCheckContexts")?,
        }),
    );
    wanted.insert(
        "enforce_admins".to_owned(),
        input.flag("protectEnforceAdmins", true)?.into(),
    );
    wanted.insert(
        "restrictions".to_owned(),
        input.get("restrictions").cloned().unwrap_or_default(),
    );
    wanted.insert(
        "required_pull_request_reviews".to_owned(),
        json!({
            "required_approving_review_count": reviews,
            "require_code_owner_reviews": input.flag("requireCodeOwnerReviews", false)?,
            "dismiss_stale_reviews": input.flag("dismissStaleReviews", false)?,
            "require_last_push_approval": input.flag("requireLastPushApproval", false)?,
        }),
    );
    wanted.insert(
        "required_conversation_resolution".to_owned(),
        input.flag("requiredConversationResolution", false)?.into(),
    );
    let path = format!("{path}/branches/{branch}/protection");
    let response = call(task, repo, "PUT", path, Json::Object(wanted))?;
    if response.status >= 300 {
        let line = refusal("The default branch is not protected", &response).to_string();
        (task.log)(LogLevel::Warning, &line);
    }
    Ok(())
}
