//! Gerrit: projects by its REST API, filled by a push past review.

use serde_json::{Value as Json, json};
use sha1::{Digest, Sha1};

use super::api::{Api, part};
use super::hosting::{self, Hosted, Plan, fill, needed_part, plain_commit, repo_url};
use super::proposal::Proposal;
use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// `publish:gerrit`. The workspace of the `repoUrl` is the parent of the new project.
pub(super) fn publish(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "gerrit")?;
    needed_part(input, &repo.workspace, "workspace")?;
    let name = repo.repo.as_str();
    let (base, gitiles) = task.outside.pages(&repo.host);
    let path = format!("/projects/{}", part(name));
    let branch = input.text("defaultBranch")?.unwrap_or("master");
    let mut body = json!({
        "parent": repo.workspace,
        "branches": [branch],
        "owners": if repo.owner.is_empty() { Vec::new() } else { vec![repo.owner.as_str()] },
        "create_empty_commit": false,
    });
    if let Some(description) = input.text("description")? {
        body["description"] = description.into();
    }
    let hosted = |body: Json| Hosted {
        page: format!("{gitiles}/{name}"),
        remote: format!("{base}/a/{name}"),
        path: path.clone(),
        body,
    };
    let look = |task: &Task<'_>| Ok(api.look(task, &path)?.map(hosted));
    let make = |task: &Task<'_>| {
        let what = format!("Unable to create repository {name}");
        let made = api.done(task, &what, "PUT", &path, body.clone())?;
        Ok(hosted(made))
    };
    let plan = Plan {
        api,
        name: name.to_owned(),
        look: &look,
        make: &make,
    };
    let there = plan.make_once(task)?;
    let trailer = format!("\n\nChange-Id: I{}", change_id(task, name));
    let pushed = fill(task, input, api, &there, "master", Some(&trailer))?;
    let contents = format!("{}/+/refs/heads/{}", there.page, pushed.branch);
    Ok(hosting::outputs(&there, &contents, Some(pushed)))
}

/// `publish:gerrit:review`: a commit on top of a branch, pushed for review.
pub(super) fn review(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    plain_commit(input)?;
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "gerrit")?;
    let Some(message) = input
        .text("gitCommitMessage")?
        .filter(|text| !text.is_empty())
    else {
        return Err(ActionError::Failed(
            "Missing gitCommitMessage input".to_owned(),
        ));
    };
    let name = repo.repo.as_str();
    let (base, gitiles) = task.outside.pages(&repo.host);
    let branch = input.text("branch")?.unwrap_or("master");
    let id = format!("I{}", change_id(task, name));
    let message = format!("{message}\n\nChange-Id: {id}");
    let proposal = Proposal {
        api,
        name: name.to_owned(),
        remote: format!("{base}/a/{name}"),
        base: branch.to_owned(),
        branch: &format!("refs/for/{branch}"),
        message: &message,
        source: input.text("sourcePath")?.unwrap_or_default(),
        target: "",
        delete: Vec::new(),
        update: false,
        pushes_nothing: true,
    };
    proposal.push(task, input)?;
    let url = format!("{base}/#/q/{id}");
    (task.log)(LogLevel::Info, &format!("Review available on {url}"));
    let contents = format!("{gitiles}/{name}/+/refs/heads/{branch}");
    Ok(Outputs::from_iter([
        ("repoContentsUrl".to_owned(), contents.into()),
        ("reviewUrl".to_owned(), url.into()),
    ]))
}

/// The id by which Gerrit knows a change again: the same for each attempt at a run.
fn change_id(task: &Task<'_>, name: &str) -> String {
    let text = format!("{} {} {name}", task.started, task.step);
    format!("{:x}", Sha1::digest(text.as_bytes()))
}
