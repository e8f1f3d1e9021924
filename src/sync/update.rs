//! What an update of a repository needs of the world: the template at two revisions, how far it has gone since, and which
//! repositories came from it. All of it blocks, and is called where that is allowed.
//!
//! The template is always one that the user's own catalog has, or that they name: a repository says only which of its revisions
//! it was made from, and that must be one of the past of the branch.

mod drift;
mod found;
mod pinned;

use std::fs;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::catalog::{EntityRef, Kind};
use crate::config::{GitSource, Source};
use crate::host::scm::ScmUrl;
use crate::host::tree::TreeNode;
use crate::host::{Address, HostError, work_tree_of};
use crate::scaffolder::memory::{Memory, Revision, short};
use crate::scaffolder::outside::Content;
use crate::scaffolder::update::{Side, UpdateError};
use crate::scaffolder::workspace::Workspace;
use crate::scaffolder::{Answers, Template, check};

use super::outside::Hosts;
use super::{Manner, Session, SyncError, revision};

pub use drift::generated;
pub use found::{Candidate, candidates, remembered, target};
use pinned::Pinned;

/// Where a template is kept, with its history.
#[derive(Debug)]
pub struct Origin {
    session: Arc<Session>,
    entity_ref: EntityRef,
    repository: GitSource,
    /// The folders whose changes count: the template's own, and those that its steps name beside it.
    paths: Vec<String>,
    /// Where the template stands now.
    pub now: Revision,
}

/// A template as it was at one revision.
#[derive(Debug)]
pub struct Version {
    /// The template.
    pub template: Template,
    folder: tempfile::TempDir,
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn failed(reason: impl ToString) -> UpdateError {
    UpdateError::Failed(reason.to_string())
}

fn of_host(error: HostError) -> UpdateError {
    UpdateError::Outside(super::outside::said(error))
}

fn of_sync(error: SyncError) -> UpdateError {
    match error {
        SyncError::Host(error) => of_host(error),
        SyncError::Cancelled => UpdateError::Cancelled,
        error => failed(error),
    }
}

/// Waits for `work` on a runtime of its own.
fn wait<T>(work: impl Future<Output = T>) -> Result<T, UpdateError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(failed)?;
    let answer = runtime.block_on(work);
    runtime.shutdown_background();
    Ok(answer)
}

impl Origin {
    /// Where `template` is kept. Its host is asked for the newest commit.
    pub fn find(session: &Arc<Session>, template: &Template) -> Result<Self, UpdateError> {
        let location = &template.location;
        let nowhere = || {
            failed(format!(
                "{location}: the template is in no Git repository, which keeps earlier revisions"
            ))
        };
        let (now, repository) = wait(async {
            let now = revision::of(session, location, None)
                .await
                .map_err(of_host)?;
            let repository = match Address::parse(location).ok_or_else(nowhere)? {
                Address::Path(file) => {
                    let (root, _) = work_tree_of(&file).ok_or_else(nowhere)?;
                    let remote = url::Url::from_file_path(&root).map_err(|()| nowhere())?;
                    GitSource {
                        remote: remote.into(),
                        reference: Some(now.reference.clone()).filter(|name| name != "HEAD"),
                        path: None,
                    }
                }
                Address::Url(url) => {
                    let scm = ScmUrl::parse(&url).ok_or_else(nowhere)?;
                    let connection = session.connect(&Source::Demo, Manner::Usual).await;
                    let connection = connection.map_err(of_sync)?;
                    connection.repository_of(&scm).ok_or_else(nowhere)?
                }
            };
            Ok::<_, UpdateError>((now, repository))
        })??;
        let folder = now.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let body = json!({ "spec": { "steps": steps(template) } });
        let mut paths = vec![folder.to_owned()];
        for source in check::sources(&body) {
            paths.extend(beside(folder, &source.path));
        }
        // The root holds everything, and what is only known when it runs may be anywhere.
        let is_known = |step: &crate::scaffolder::template::Step| {
            let url = step.input.get("url").and_then(Value::as_str);
            url.is_none_or(|url| url.contains("://") || !url.contains(['{', '%']))
        };
        if paths.iter().any(String::is_empty) || !template.steps.iter().all(is_known) {
            paths.clear();
        }
        Ok(Self {
            session: Arc::clone(session),
            entity_ref: template.entity_ref.clone(),
            repository,
            paths,
            now,
        })
    }

    /// How many revisions of the template there are after `since`; `None` where it is no commit of its past.
    pub fn behind(&self, since: &str) -> Result<Option<usize>, UpdateError> {
        if self.now.commit == since {
            return Ok(Some(0));
        }
        let source = Source::Git(self.repository.clone());
        wait(async {
            let connection = self.session.connect(&source, Manner::Usual).await;
            let connection = connection.map_err(of_sync)?;
            let git = connection.git().ok_or_else(|| failed("no repository"))?;
            git.commits_since(since, &self.paths).await.map_err(of_host)
        })?
    }

    /// The revision to render first: the one that `memory` has, unless the user says `from`. One that is no commit of the
    /// branch's past is refused: somebody else may have made it.
    pub fn since(
        &self,
        memory: &Memory,
        from: Option<&str>,
    ) -> Result<(Revision, usize), UpdateError> {
        let known = &memory.revision;
        if memory.template != self.entity_ref.to_string() {
            return Err(failed(format!(
                "it was made from {}, not from {}",
                memory.template, self.entity_ref
            )));
        }
        if known.repository != self.now.repository {
            return Err(failed(format!(
                "it was made from {} in {}, which your catalog has in {}; make sure that they are the same, then correct .stagedoor-answers.yaml",
                memory.template, known.repository, self.now.repository
            )));
        }
        let commit = from.unwrap_or(&known.commit);
        let behind = self.behind(commit)?.ok_or_else(|| {
            failed(format!(
                "{} is no commit of the past of {} in {}; --from COMMIT names the one to begin at",
                short(commit),
                self.now.reference,
                self.now.repository
            ))
        })?;
        let revision = Revision {
            commit: commit.to_owned(),
            ..known.clone()
        };
        Ok((revision, behind))
    }

    /// The template as it was at `revision`.
    pub fn version(&self, revision: &Revision) -> Result<Version, UpdateError> {
        let folder = tempfile::Builder::new()
            .prefix("stagedoor-")
            .tempdir()
            .map_err(failed)?;
        let source = Source::Git(GitSource {
            reference: Some(revision.commit.clone()),
            ..self.repository.clone()
        });
        let session = &self.session;
        wait(async {
            let connection = session
                .connect(&source, Manner::Usual)
                .await
                .map_err(of_sync)?;
            let git = connection.git().ok_or_else(|| failed("no repository"))?;
            let entries = git.tree("").await.map_err(of_host)?;
            let workspace = Workspace::new(folder.path()).map_err(failed)?;
            for entry in entries {
                let content = match entry.node {
                    TreeNode::File { bytes, mode } => Content::File { bytes, mode },
                    TreeNode::Folder => Content::Folder,
                    TreeNode::Link(target) => Content::Link(target),
                };
                workspace.copy(&entry.path, &content).map_err(failed)?;
            }
            self.mark(folder.path()).map_err(failed)?;
            let file = folder.path().join(&revision.path);
            let template = self.read(&file, revision).await?;
            Ok(Version { template, folder })
        })?
    }

    /// Makes `folder` a work tree of the template's repository at its branch, so that addresses of that are read from it.
    fn mark(&self, folder: &Path) -> std::io::Result<()> {
        let git = folder.join(".git");
        fs::create_dir_all(git.join("objects"))?;
        fs::create_dir_all(git.join("refs"))?;
        fs::write(
            git.join("HEAD"),
            format!("ref: refs/heads/{}\n", self.now.reference),
        )?;
        let url = self.now.repository.replace(['"', '\\', '\n'], "");
        fs::write(
            git.join("config"),
            format!(
                "[core]\n\trepositoryFormatVersion = 0\n[remote \"origin\"]\n\turl = \"{url}\"\n"
            ),
        )
    }

    async fn read(&self, file: &Path, revision: &Revision) -> Result<Template, UpdateError> {
        let missing = || {
            let (name, path) = (&self.entity_ref, &revision.path);
            failed(format!("{path} at {} has no {name}", revision.short()))
        };
        if !file.is_file() {
            return Err(missing());
        }
        let source = Source::File(file.to_owned());
        let cancel = CancellationToken::new();
        let read = super::read(&self.session, std::slice::from_ref(&source), &cancel).await;
        let ingested = read.map_err(of_sync)?;
        let mut entities = ingested.entities.iter().map(|ingested| &ingested.entity);
        let entity = entities
            .find(|entity| {
                Kind::parse(entity.entity_ref.kind()) == Kind::Template
                    && entity.entity_ref == self.entity_ref
            })
            .ok_or_else(missing)?;
        Template::read(&entity.unpack()).map_err(failed)
    }

    /// `version` with `answers`, for who made what remembers `memory`; what its steps read of other repositories is read at the
    /// commits `pins`.
    pub fn side(
        &self,
        version: Version,
        answers: Answers,
        memory: &Memory,
        pins: &[Revision],
    ) -> Side {
        let store = Arc::clone(&self.session.store);
        let hosts = Hosts::new(Arc::clone(&self.session), store);
        let user = user(&self.session, memory.user.as_deref());
        Side {
            template: version.template,
            answers,
            user,
            outside: Box::new(Pinned::new(hosts, pins)),
            folders: vec![version.folder],
        }
    }
}

/// `{ref, entity}` of the user `name`; `null` where nobody was known.
fn user(session: &Session, name: Option<&str>) -> Value {
    let Some(name) = name else {
        return Value::Null;
    };
    let entity_ref: Option<EntityRef> = name.parse().ok();
    let stored = entity_ref.and_then(|user| session.store.entity(&user).ok().flatten());
    json!({ "ref": name, "entity": stored.map(|stored| stored.entity.body) })
}

/// The steps of `template` as its file has them, as far as what they read is concerned.
fn steps(template: &Template) -> Vec<Value> {
    let step = |step: &crate::scaffolder::template::Step| json!({ "action": step.action, "input": step.input });
    template.steps.iter().map(step).collect()
}

/// The path of `target`, as a file in `folder` names it, in their repository; `None` where it leaves that.
fn beside(folder: &str, target: &str) -> Option<String> {
    let (start, target) = match target.strip_prefix('/') {
        Some(target) => ("", target),
        None => (folder, target),
    };
    crate::scaffolder::workspace::inner_path(&format!("{start}/{target}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steps_name_is_found_in_their_repository() {
        for (folder, target, path) in [
            ("beacon", "./skeleton", Some("beacon/skeleton")),
            ("beacon", "../shared/ci", Some("shared/ci")),
            ("beacon", "/skeletons/a", Some("skeletons/a")),
            ("", "skeleton", Some("skeleton")),
            ("a", "../../b", None),
        ] {
            assert_eq!(beside(folder, target).as_deref(), path, "{target}");
        }
    }
}
