//! `publish:github:pull-request`.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{part, refusal};
use crate::scaffolder::action::hosting::repo_url;
use crate::scaffolder::action::proposal::{Proposal, Request};
use crate::scaffolder::action::{ActionError, Input, LogLevel, Outputs, Task};

use super::{Place, Result, hosted, place};

/// The most people that GitHub assigns.
const ASSIGNEES: usize = 10;

pub(in crate::scaffolder::action) fn publish(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let place = place(task, input, &repo)?;
    if input.flag("forceFork", false)? {
        return Err(input.error(
            "instance.forceFork is not done by this program; push to a branch of the repository",
        ));
    }
    let title = input.needed("title")?;
    let branch = input.needed("branchName")?;
    let Some(body) = place.api.look(task, &place.path)? else {
        return Err(ActionError::Failed(format!(
            "there is no repository {}/{} on {}",
            repo.owner, repo.repo, repo.host
        )));
    };
    let there = hosted(&place.path, body);
    let default = there.body.get("default_branch").and_then(Json::as_str);
    let base = input
        .text("targetBranchName")?
        .or(default)
        .unwrap_or("main")
        .to_owned();
    let target = input.text("targetPath")?.unwrap_or_default();
    let delete = input.texts("filesToDelete")?;
    let below = |path: &&str| match target.trim_matches('/') {
        "" => (*path).to_owned(),
        target => format!("{target}/{path}"),
    };
    let proposal = Proposal {
        api: place.api,
        name: format!("{}/{}", repo.owner, repo.repo),
        remote: there.remote.clone(),
        base: base.clone(),
        branch,
        message: input.text("commitMessage")?.unwrap_or(title),
        source: input.text("sourcePath")?.unwrap_or_default(),
        target,
        delete: delete.iter().map(below).collect(),
        update: input.flag("update", false)?,
        pushes_nothing: input.flag("update", false)?,
    };
    let is_change = proposal.push(task, input)?.is_change;
    if !is_change && !input.flag("createWhenEmpty", true)? {
        let line = "No changes to commit, pull request was not created";
        (task.log)(LogLevel::Info, line);
        return Ok(Outputs::new());
    }
    let wanted = json!({
        "title": title,
        "body": input.text("description")?.unwrap_or_default(),
        "head": branch,
        "base": base,
        "draft": input.flag("draft", false)?,
    });
    let pulls = format!("{}/pulls", place.path);
    let look = |task: &Task<'_>| {
        let head = part(&format!("{}:{branch}", repo.owner));
        let open = place
            .api
            .look(task, &format!("{pulls}?state=open&head={head}"))?;
        Ok(open.and_then(|open| open.get(0).cloned()).map(told))
    };
    let make = |task: &Task<'_>| {
        let what = "Pull request creation failed";
        Ok(told(place.api.done(
            task,
            what,
            "POST",
            &pulls,
            wanted.clone(),
        )?))
    };
    let request = proposal.request(task, &look, &make)?;
    let number = request.body.get("number").cloned().unwrap_or_default();
    people(task, input, &place, &number)?;
    Ok(Outputs::from_iter([
        ("targetBranchName".to_owned(), base.into()),
        ("remoteUrl".to_owned(), request.page.into()),
        ("pullRequestNumber".to_owned(), number),
    ]))
}

fn told(body: Json) -> Request {
    let page = body.get("html_url").and_then(Json::as_str);
    Request {
        page: page.unwrap_or_default().to_owned(),
        body,
    }
}

/// Asks for reviews and assigns people. A refusal is said and no failure, as in Backstage.
fn people(task: &mut Task<'_>, input: &Input<'_>, place: &Place<'_>, number: &Json) -> Result<()> {
    let mut calls = Vec::new();
    let (users, teams) = (input.texts("reviewers")?, input.texts("teamReviewers")?);
    if !users.is_empty() || !teams.is_empty() {
        let path = format!("{}/pulls/{number}/requested_reviewers", place.path);
        calls.push((path, json!({ "reviewers": users, "team_reviewers": teams })));
    }
    let mut assignees = input.texts("assignees")?;
    assignees.truncate(ASSIGNEES);
    if !assignees.is_empty() {
        let path = format!("{}/issues/{number}/assignees", place.path);
        calls.push((path, json!({ "assignees": assignees })));
    }
    for (path, body) in calls {
        let response = place.api.call(task, "POST", &path, body)?;
        if response.status >= 300 {
            let line = refusal(&format!("{path} failed"), place.api.host, &response);
            (task.log)(LogLevel::Warning, &line.to_string());
        }
    }
    Ok(())
}
