//! At which commit a template, or what one of its steps reads, stands: what a repository made from it remembers.

use std::path::Path;
use std::process::Command;

use crate::host::scm::ScmUrl;
use crate::host::{Address, HostError, demo, tree, work_tree_of};
use crate::scaffolder::memory::{Revision, is_commit};

use super::{Manner, Session};
use crate::config::Source;

/// The revision of `url` as the template at `location` names it, or without one of the template itself.
pub(super) async fn of(
    session: &Session,
    location: &str,
    url: Option<&str>,
) -> Result<Revision, HostError> {
    let failed = |place: &str, reason: &str| HostError::Failed {
        place: place.to_owned(),
        reason: reason.to_owned(),
    };
    let base =
        Address::parse(location).ok_or_else(|| failed(location, "is no location of a template"))?;
    if demo::path(&base).is_some() {
        return Err(failed("the built-in demo", "keeps no earlier revisions"));
    }
    let at = match url {
        None => base,
        Some(url) => match tree::remote(&base, url)? {
            Some(at) => at,
            None => base,
        },
    };
    match at {
        Address::Path(file) => here(&file),
        Address::Url(text) => {
            let scm = ScmUrl::parse(&text)
                .ok_or_else(|| failed(&text, "is no file of a Git repository"))?;
            let connection = session.connect(&Source::Demo, Manner::Usual).await;
            let connection = connection.map_err(|error| failed(&text, &error.to_string()))?;
            Ok(Revision {
                commit: connection.revision(&scm).await?,
                repository: scm.repository_url(),
                reference: scm.reference,
                path: scm.path,
            })
        }
    }
}

/// The revision of the file at `path` of this machine. One that differs from its commit has none.
fn here(file: &Path) -> Result<Revision, HostError> {
    let failed = |reason: &str| HostError::Failed {
        place: file.display().to_string(),
        reason: reason.to_owned(),
    };
    let Some((root, origin)) = work_tree_of(file) else {
        return Err(failed(
            "is in no Git repository, which keeps earlier revisions",
        ));
    };
    let folder = file.parent().unwrap_or(&root);
    let commit = git(&root, &["rev-parse", "--verify", "HEAD"]).filter(|id| is_commit(id));
    let commit = commit.ok_or_else(|| failed("is in a Git repository without a commit"))?;
    let folder = folder.to_string_lossy();
    let changed = git(&root, &["status", "--porcelain", "--", &folder]);
    if changed.is_none_or(|changed| !changed.is_empty()) {
        return Err(failed("differs from what was committed; commit it first"));
    }
    let branch = git(&root, &["symbolic-ref", "--short", "HEAD"]);
    let inner = file.strip_prefix(&root).unwrap_or(file);
    let own = url::Url::from_file_path(&root).map(String::from);
    Ok(Revision {
        repository: origin.or(own.ok()).unwrap_or_default(),
        reference: branch.unwrap_or_else(|| "HEAD".to_owned()),
        path: inner.to_string_lossy().into_owned(),
        commit,
    })
}

/// What `git` says in `folder`; nothing where it fails.
pub(super) fn git(folder: &Path, words: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(["-c", "core.fsmonitor=false"])
        .args(words)
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned())
}
