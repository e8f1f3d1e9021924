//! `publish:gitlab:merge-request`.

use serde_json::{Value as Json, json};

use crate::scaffolder::action::api::{Api, part};
use crate::scaffolder::action::hosting::repo_url;
use crate::scaffolder::action::proposal::{Proposal, Request};
use crate::scaffolder::action::{ActionError, Input, LogLevel, Outputs, Task};
use crate::scaffolder::workspace::Workspace;

use super::{Result, project, user};

#[expect(
    clippy::too_many_lines,
    reason = "one request after the other, each with what the last one gave"
)]
pub(in crate::scaffolder::action) fn publish(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let title = input.needed("title")?;
    let branch = input.needed("branchName")?;
    let action = input.text("commitAction")?.unwrap_or("auto");
    let Some(there) = project(task, api, &repo)? else {
        return Err(ActionError::Failed(format!(
            "there is no project {}/{} on {}",
            repo.owner, repo.repo, repo.host
        )));
    };
    let default = there.body.get("default_branch").and_then(Json::as_str);
    let Some(base) = input.text("targetBranchName")?.or(default) else {
        return Err(ActionError::Failed(format!(
            "The branch creation failed. Target branch was not provided, and could not find default branch from project settings. Project: {}/{}",
            repo.owner, repo.repo
        )));
    };
    let target = input.text("targetPath")?.unwrap_or_default();
    let source = match input.text("sourcePath")? {
        Some(source) if !source.is_empty() => source,
        _ => target,
    };
    let mut proposal = Proposal {
        api,
        name: format!("{}/{}", repo.owner, repo.repo),
        remote: format!("{}.git", there.page),
        base: base.to_owned(),
        branch,
        message: title,
        source,
        target,
        delete: Vec::new(),
        update: false,
        pushes_nothing: false,
    };
    let empty;
    if action == "delete" {
        proposal.delete = deleted(task, source, target)?;
        empty = format!(".stagedoor-nothing-{}", task.started);
        proposal.source = &empty;
    }
    if action != "skip" {
        proposal.push(task, input)?;
    }
    let people = |task: &mut Task<'_>, names: Vec<&str>, what: &str| -> Result<Vec<Json>> {
        let mut ids = Vec::new();
        for name in names {
            if let Some(id) = user(task, api, name)?.and_then(|user| user.get("id").cloned()) {
                ids.push(id);
            } else {
                let line = format!(
                    "Failed to find gitlab user id for {name}. Proceeding with MR creation without {what}."
                );
                (task.log)(LogLevel::Warning, &line);
            }
        }
        Ok(ids)
    };
    let assignee = people(
        task,
        input.text("assignee")?.into_iter().collect(),
        "an assignee",
    )?;
    let reviewers = people(task, input.texts("reviewers")?, "reviewer")?;
    let mut wanted = json!({
        "source_branch": branch,
        "target_branch": base,
        "title": title,
        "description": input.text("description")?.unwrap_or_default(),
        "remove_source_branch": input.flag("removeSourceBranch", false)?,
    });
    if let Some(id) = assignee.first() {
        wanted["assignee_id"] = id.clone();
    }
    if !reviewers.is_empty() {
        wanted["reviewer_ids"] = reviewers.into();
    }
    match input.get("labels") {
        Some(Json::Array(labels)) => {
            let labels: Vec<&str> = labels.iter().filter_map(Json::as_str).collect();
            wanted["labels"] = labels.join(",").into();
        }
        Some(labels) => wanted["labels"] = labels.clone(),
        None => {}
    }
    let requests = format!("{}/merge_requests", there.path);
    let look = |task: &Task<'_>| {
        let query = format!("{requests}?state=opened&source_branch={}", part(branch));
        let open = api.look(task, &query)?;
        Ok(open.and_then(|open| open.get(0).cloned()).map(told))
    };
    let make = |task: &Task<'_>| {
        let what = "Merge request creation failed";
        Ok(told(api.done(
            task,
            what,
            "POST",
            &requests,
            wanted.clone(),
        )?))
    };
    let request = proposal.request(task, &look, &make)?;
    if input.flag("autoMerge", false)? {
        let number = request.body.get("iid").cloned().unwrap_or_default();
        let path = format!("{requests}/{number}/merge");
        let body = json!({ "merge_when_pipeline_succeeds": true, "auto_merge": true });
        let response = api.call(task, "PUT", &path, body)?;
        if response.status >= 300 {
            let line = "It is not merged by itself: the host refused";
            (task.log)(LogLevel::Warning, line);
        }
    }
    let name = format!("{}/{}", repo.owner, repo.repo);
    Ok(Outputs::from_iter([
        ("projectid".to_owned(), name.clone().into()),
        ("projectPath".to_owned(), name.into()),
        ("targetBranchName".to_owned(), base.into()),
        ("mergeRequestUrl".to_owned(), request.page.into()),
    ]))
}

/// The files of the repository that go because they stand in the folder `source` of the workspace.
pub(super) fn deleted(task: &Task<'_>, source: &str, target: &str) -> Result<Vec<String>> {
    let folder = task.workspace.resolve(source)?;
    let files = Workspace::tree_of(&folder).into_iter();
    let files = files.filter(|entry| !entry.path.ends_with('/'));
    Ok(match target.trim_matches('/') {
        "" => files.map(|entry| entry.path).collect(),
        target => files
            .map(|entry| format!("{target}/{}", entry.path))
            .collect(),
    })
}

fn told(body: Json) -> Request {
    let page = body.get("web_url").and_then(Json::as_str);
    Request {
        page: page.unwrap_or_default().to_owned(),
        body,
    }
}
