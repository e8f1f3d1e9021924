//! The steps of an update of a repository: what changed in its template is merged, the branch is made, and the host is asked to
//! merge it. They are in no template; a run with [`Aim::Update`](crate::scaffolder::run::Aim) has them.
//!
//! A step that is taken up finds what an earlier attempt made: its commit says of which run it is.

mod request;

use serde_json::{Value as Json, json};
use sha1::{Digest, Sha1};

use crate::scaffolder::run::LogLevel;
use crate::scaffolder::update::{Merged, Target, Update};

use super::git::{Repository, check_remote};
use super::{ActionError, Input, Outputs, Task};

pub(super) use request::request;

type Result<T> = std::result::Result<T, ActionError>;

/// What stands above the id of the run at the end of a commit's message.
const TRAILER: &str = "Stagedoor-Run";

fn update<'a>(task: &Task<'a>, input: &Input<'_>) -> Result<&'a Update> {
    task.update
        .ok_or_else(|| input.error("it is a step of `stagedoor template update` alone"))
}

fn merged<'a>(task: &mut Task<'_>, update: &'a Update) -> Result<&'a Merged> {
    let log = &mut *task.log;
    Ok(update.merged(task.stop, &mut |line| log(LogLevel::Warning, line))?)
}

/// Finds out what the repository becomes.
pub(super) fn merge(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let update = update(task, input)?;
    let merged = merged(task, update)?;
    for conflict in &merged.conflicts {
        let line = format!("{}: {}", conflict.path, conflict.why);
        (task.log)(LogLevel::Warning, &line);
    }
    if !merged.conflicts.is_empty() && !update.wish.conflicts {
        return Err(ActionError::Failed(format!(
            "{} to be settled by hand; without --no-conflicts they are left in a branch",
            files(merged.conflicts.len())
        )));
    }
    Ok(Outputs::from_iter([
        ("changes".to_owned(), json!(merged.changes)),
        ("conflicts".to_owned(), json!(merged.conflicts)),
        ("leftOut".to_owned(), json!(merged.left_out)),
    ]))
}

fn files(count: usize) -> String {
    match count {
        1 => "one file has".to_owned(),
        count => format!("{count} files have"),
    }
}

/// Makes the branch: at the host, or in the repository of this machine.
pub(super) fn push(task: &mut Task<'_>, input: &Input<'_>) -> Result<Outputs> {
    let update = update(task, input)?;
    let merged = merged(task, update)?;
    let (data, empty) = (update.checkout.data(), task.workspace.resolve("")?);
    let git = Repository::open(&data, &empty, task.started, task.stop);
    let commit = commit(&git, task, update, merged)?;
    let branch = update.branch();
    if branch.starts_with('-') || branch == update.checkout.base {
        return Err(ActionError::Failed(format!(
            "{branch:?} cannot be the branch of an update; name another with --branch"
        )));
    }
    git.git(&["check-ref-format", "--branch", &branch], None)
        .map_err(|_| {
            ActionError::Failed(format!(
                "{branch:?} is no name of a branch; name another with --branch"
            ))
        })?;
    let given = match &update.wish.target {
        Target::Folder(folder) => {
            if let Some(there) = there(task, update, &git, &branch, merged)? {
                there
            } else {
                let own = folder.join(".git");
                let own = if own.exists() { own } else { folder.clone() };
                let repository = Repository::open(&own, folder, task.started, task.stop);
                git.hand_over(&repository, &commit, &branch)?;
                commit
            }
        }
        Target::Hosted { kind, host, .. } if kind == "gerrit" => {
            let change = change_id(task);
            if request::of_gerrit(task, host, &change)?.is_none() {
                let what = format!("{commit}:refs/for/{}", update.checkout.base);
                send(task, update, &git, &what)?;
            }
            commit
        }
        Target::Hosted { .. } => {
            if let Some(there) = there(task, update, &git, &branch, merged)? {
                there
            } else {
                let line = format!("Pushing {branch} to {}", update.checkout.remote);
                (task.log)(LogLevel::Info, &line);
                send(task, update, &git, &format!("{commit}:refs/heads/{branch}"))?;
                commit
            }
        }
    };
    Ok(Outputs::from_iter([
        ("branch".to_owned(), branch.into()),
        ("commitHash".to_owned(), given.into()),
    ]))
}

fn send(task: &Task<'_>, update: &Update, git: &Repository<'_>, what: &str) -> Result<()> {
    let remote = update.checkout.remote.as_str();
    check_remote(remote)?;
    let login = update.checkout.login.as_ref().map(|login| (remote, login));
    task.go_on()?;
    git.git(&["push", "--quiet", "--", remote, what], login)?;
    Ok(())
}

/// The commit at the tip of `branch`, where it is what this run would put there: an earlier attempt did, or another update
/// came to the same.
fn there(
    task: &mut Task<'_>,
    update: &Update,
    git: &Repository<'_>,
    branch: &str,
    merged: &Merged,
) -> Result<Option<String>> {
    let remote = update.checkout.remote.as_str();
    let login = update.checkout.login.as_ref().map(|login| (remote, login));
    let name = format!("refs/heads/{branch}");
    let listed = git.git(&["ls-remote", "--", remote, &name], login)?;
    if !listed.lines().any(|line| line.ends_with(&name)) {
        return Ok(None);
    }
    let what = format!("+{name}:refs/stagedoor/there");
    let words = [
        "fetch",
        "--quiet",
        "--depth=1",
        "--no-tags",
        "--",
        remote,
        &what,
    ];
    git.git(&words, login)?;
    let tip = git.git(&["rev-parse", "refs/stagedoor/there"], None)?;
    let tree = git.git(&["rev-parse", "refs/stagedoor/there^{tree}"], None)?;
    let said = git.git(&["cat-file", "commit", "refs/stagedoor/there"], None)?;
    let ours = format!("{TRAILER}: {}", run_id(task));
    if tree.trim() == merged.tree || said.lines().any(|line| line == ours) {
        let line = format!("The branch {branch} is there already; it is taken as it is");
        (task.log)(LogLevel::Info, &line);
        return Ok(Some(tip.trim().to_owned()));
    }
    Err(ActionError::Failed(format!(
        "the branch {branch} is there already and was not made by this update; remove it, or name another with --branch"
    )))
}

/// The id that stays when the run is taken up.
fn run_id(task: &Task<'_>) -> String {
    let target = task.update.map(|update| update.wish.target.to_string());
    let text = format!("{} {}", task.started, target.unwrap_or_default());
    format!("{:x}", Sha1::digest(text.as_bytes()))
}

/// By what Gerrit knows the change again.
fn change_id(task: &Task<'_>) -> String {
    let remote = task
        .update
        .map_or("", |update| update.checkout.remote.as_str());
    let text = format!("{} {remote}", task.started);
    format!("I{:x}", Sha1::digest(text.as_bytes()))
}

/// The commit of what the repository becomes, on top of what it is.
fn commit(
    git: &Repository<'_>,
    task: &Task<'_>,
    update: &Update,
    merged: &Merged,
) -> Result<String> {
    let (name, email) = ("user.name=Scaffolder", "user.email=scaffolder@backstage.io");
    // Some hosts take commits only of who pushes them.
    let is_known = git.git(&["config", "user.email"], None).is_ok();
    let (title, description) = (update.title(), update.description(merged));
    let mut message = format!("{title}\n\n{description}\n\n{TRAILER}: {}", run_id(task));
    if matches!(&update.wish.target, Target::Hosted { kind, .. } if kind == "gerrit") {
        message.extend(["\nChange-Id: ", &change_id(task)]);
    }
    let mut words = Vec::new();
    if !is_known {
        words.extend(["-c", name, "-c", email]);
    }
    words.extend([
        "commit-tree",
        "--no-gpg-sign",
        "-p",
        &update.checkout.commit,
        "-m",
        &message,
        &merged.tree,
    ]);
    Ok(git.git(&words, None)?.trim().to_owned())
}

/// `value` at `pointer` as text; empty where there is none.
fn text(value: &Json, pointer: &str) -> String {
    let text = value.pointer(pointer).and_then(Json::as_str);
    text.unwrap_or_default().to_owned()
}
