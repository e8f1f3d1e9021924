//! `gitlab:repo:push`: the source folder as a commit on a branch, which is made where it is not there.

use serde_json::Value as Json;

use crate::scaffolder::action::api::Api;
use crate::scaffolder::action::hosting::repo_url;
use crate::scaffolder::action::proposal::Proposal;
use crate::scaffolder::action::{ActionError, Input, LogLevel, Outputs, Task};

use super::merge_request::deleted;
use super::{Result, project};

pub(in crate::scaffolder::action) fn push(
    task: &mut Task<'_>,
    input: &Input<'_>,
) -> Result<Outputs> {
    let repo = repo_url(input)?;
    let api = Api::of(task, input, &repo, "gitlab")?;
    let branch = input.needed("branchName")?;
    let name = format!("{}/{}", repo.owner, repo.repo);
    let Some(there) = project(task, api, &repo)? else {
        return Err(ActionError::Failed(format!(
            "there is no project {name} on {}",
            repo.host
        )));
    };
    let base = there.body.get("default_branch").and_then(Json::as_str);
    let target = input.text("targetPath")?.unwrap_or_default();
    let source = input.text("sourcePath")?.unwrap_or_default();
    let mut proposal = Proposal {
        api,
        name: name.clone(),
        remote: format!("{}.git", there.page),
        base: base.unwrap_or("main").to_owned(),
        branch,
        message: input.needed("commitMessage")?,
        source,
        target,
        delete: Vec::new(),
        update: true,
        pushes_nothing: input.flag("allowEmpty", false)?,
    };
    let nothing;
    if input.text("commitAction")? == Some("delete") {
        proposal.delete = deleted(task, source, target)?;
        nothing = format!(".stagedoor-nothing-{}", task.started);
        proposal.source = &nothing;
    }
    let placed = proposal.push(task, input)?;
    let mut outputs = Outputs::from_iter([
        ("projectid".to_owned(), name.clone().into()),
        ("projectPath".to_owned(), name.clone().into()),
    ]);
    if placed.is_change || proposal.pushes_nothing {
        outputs.insert("commitHash".to_owned(), placed.commit.into());
    } else {
        let line = format!(
            "No file changes to commit to {name} on branch '{branch}'; skipping commit. Set 'allowEmpty: true' to create an empty commit."
        );
        (task.log)(LogLevel::Warning, &line);
    }
    Ok(outputs)
}
