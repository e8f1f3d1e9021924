//! `stagedoor:publish:*`: a repository on this machine, and a push to any Git remote.

use std::fs;
use std::path::{Component, Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::scaffolder::outside::GitLogin;
use crate::scaffolder::workspace::Workspace;

use super::git::{Commit, Repository};
use super::{ActionError, Input, LogLevel, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// The folder of what GitHub runs by itself.
pub(super) const WORKFLOWS: &str = ".github/workflows";

/// The commit that `input` asks for; the defaults are Backstage's.
fn commit<'a>(task: &Task<'_>, input: &Input<'a>, default_branch: &'a str) -> Result<Commit<'a>> {
    let branch = input.text("defaultBranch")?.unwrap_or(default_branch);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    if branch.is_empty() || branch.starts_with('-') || !branch.chars().all(plain) {
        return Err(input.error(format!(
            "instance.defaultBranch {branch:?} is no branch name"
        )));
    }
    Ok(Commit {
        branch,
        message: input.text("gitCommitMessage")?.unwrap_or("initial commit"),
        author: input.text("gitAuthorName")?.unwrap_or("Scaffolder"),
        email: input
            .text("gitAuthorEmail")?
            .unwrap_or("scaffolder@backstage.io"),
        date: task.started,
    })
}

/// The path of the folder of the workspace that becomes the repository.
pub(crate) fn source_path<'a>(input: &Input<'a>) -> Result<&'a str> {
    // GitLab's takes yes and no, too: all of it, or nothing, which is not asked here.
    match input.get("sourcePath") {
        Some(Json::Bool(_)) => Ok(""),
        _ => Ok(input.text("sourcePath")?.unwrap_or_default()),
    }
}

/// The folder of the workspace that becomes the repository.
pub(super) fn source(task: &Task<'_>, input: &Input<'_>) -> Result<PathBuf> {
    let path = source_path(input)?;
    let folder = task.workspace.resolve(path)?;
    if !folder.is_dir() {
        return Err(ActionError::Failed(format!(
            "sourcePath {path} is no folder"
        )));
    }
    Ok(folder)
}

/// A folder for what Git keeps, gone when it is dropped.
pub(super) fn scratch() -> Result<tempfile::TempDir> {
    tempfile::tempdir().map_err(|error| ActionError::Failed(format!("temporary folder: {error}")))
}

/// Makes a new repository `name` among the user's repositories, with everything in one commit.
pub(super) fn local(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let name = input.needed("name")?;
    let Some(base) = task.repositories else {
        return Err(ActionError::Failed(
            "there is no folder for new repositories; name one with --repositories DIR".to_owned(),
        ));
    };
    let fine = Path::new(name)
        .components()
        .all(|part| matches!(part, Component::Normal(part) if part != ".git"));
    if name.is_empty() || !fine {
        return Err(input.error(format!("instance.name {name:?} is no folder name")));
    }
    let target = base.join(name);
    let failed =
        |error: std::io::Error| ActionError::Failed(format!("{}: {error}", target.display()));
    if fs::symlink_metadata(&target).is_ok() {
        return Err(ActionError::Failed(format!(
            "{} exists already; choose another name",
            target.display()
        )));
    }
    let commit = commit(task, input, "main")?;
    let source = source(task, input)?;
    if let Some(foresee) = task.foresee {
        let place = target.display().to_string();
        foresee.push("", &place, commit.branch, false);
        return Ok(outputs(&place, &place, ""));
    }
    // Everything is made beside its final place, so that a failure leaves nothing half done under that name.
    let parent = target.parent().unwrap_or(base);
    fs::create_dir_all(parent).map_err(failed)?;
    let draft = tempfile::Builder::new()
        .prefix(".stagedoor-")
        .tempdir_in(parent)
        .map_err(failed)?;
    let tree = draft.path().join("tree");
    copy(task, &source, &tree)?;
    let data = tree.join(".git");
    let repository = Repository::commit(&data, &tree, &commit, task.stop)?;
    let head = repository.head()?;
    fs::rename(&tree, &target).map_err(failed)?;
    (task.log)(
        LogLevel::Info,
        &format!("Made the repository {}", target.display()),
    );
    let url = url::Url::from_file_path(&target).map_or_else(|()| name.to_owned(), String::from);
    Ok(outputs(&url, &url, &head))
}

/// Pushes everything in one commit to a remote that has no such branch yet.
pub(super) fn remote(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let remote = input.needed("remoteUrl")?;
    let host = Some(host_of(remote)).filter(|host| !host.is_empty());
    let login = host.and_then(|host| task.outside.git_login(&host));
    let pushed = push(task, input, remote, login.as_ref(), "main", None)?;
    Ok(outputs(remote, remote, &pushed.commit))
}

/// The host that `remote` is at, over HTTPS; empty for what is elsewhere.
pub(super) fn host_of(remote: &str) -> String {
    let url = url::Url::parse(remote).ok();
    let url = url.filter(|url| url.scheme() == "https");
    let host = url.as_ref().and_then(url::Url::host_str);
    host.unwrap_or_default().to_owned()
}

/// What was pushed.
pub(super) struct Pushed {
    /// The commit's id.
    pub(super) commit: String,
    /// The branch.
    pub(super) branch: String,
}

/// Commits the source folder and pushes it to `remote`.
pub(super) fn push(
    task: &mut Task<'_>,
    input: &Input<'_>,
    remote: &str,
    login: Option<&GitLogin>,
    default_branch: &str,
    trailer: Option<&str>,
) -> Result<Pushed> {
    let mut commit = commit(task, input, default_branch)?;
    let message = format!("{}{}", commit.message, trailer.unwrap_or_default());
    commit.message = &message;
    let source = source(task, input)?;
    if let Some(foresee) = task.foresee {
        let workflows = source.join(WORKFLOWS).is_dir();
        foresee.push(&host_of(remote), remote, commit.branch, workflows);
        return Ok(Pushed {
            commit: String::new(),
            branch: commit.branch.to_owned(),
        });
    }
    let scratch = scratch()?;
    let data = scratch.path().join("git");
    let repository = Repository::commit(&data, &source, &commit, task.stop)?;
    (task.log)(
        LogLevel::Info,
        &format!("Pushing {} to {remote}", commit.branch),
    );
    repository.push(remote, commit.branch, login)?;
    Ok(Pushed {
        commit: repository.head()?,
        branch: commit.branch.to_owned(),
    })
}

/// What a publishing action gives.
pub(super) fn outputs(remote: &str, contents: &str, head: &str) -> Outputs {
    Outputs::from_iter([
        ("remoteUrl".to_owned(), json!(remote)),
        ("repoContentsUrl".to_owned(), json!(contents)),
        ("commitHash".to_owned(), json!(head)),
    ])
}

/// Copies a folder of the workspace, links as links.
pub(super) fn copy(task: &Task<'_>, from: &Path, to: &Path) -> Result<()> {
    copy_folder(from, to, task.stop)
}

/// Copies a folder, links as links, unless `stop` says so.
pub(crate) fn copy_folder(from: &Path, to: &Path, stop: &dyn Fn() -> bool) -> Result<()> {
    let failed = |path: &Path, error: &std::io::Error| {
        ActionError::Failed(format!("{}: {error}", path.display()))
    };
    fs::create_dir_all(to).map_err(|error| failed(to, &error))?;
    for entry in Workspace::tree_of(from) {
        if stop() {
            return Err(ActionError::Cancelled);
        }
        let (source, target) = (from.join(&entry.path), to.join(&entry.path));
        let done = match &entry.target {
            Some(link) => std::os::unix::fs::symlink(link, &target),
            None if entry.path.ends_with('/') => fs::create_dir_all(&target),
            None => fs::copy(&source, &target).map(|_| ()),
        };
        done.map_err(|error| failed(&target, &error))?;
    }
    Ok(())
}
