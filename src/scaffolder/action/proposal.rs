//! Changes proposed to a repository that is there: a branch with the source folder's files on top of another branch, and a
//! request to merge it. What the API of a host wants is for the module of its kind.
//!
//! Backstage sends files by the APIs of some hosts; here they are pushed, at all hosts alike, with their modes and links.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use crate::scaffolder::run::{LogLevel, Made, Thing, id_of};

use super::api::Api;
use super::git::{Change, Commit, Repository};
use super::publish::{WORKFLOWS, copy, scratch};
use super::{ActionError, Foreseer, Input, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// What is proposed.
pub(super) struct Proposal<'a> {
    /// The host.
    pub(super) api: Api<'a>,
    /// The repository's name there.
    pub(super) name: String,
    /// Where it is pushed to.
    pub(super) remote: String,
    /// The branch it begins at.
    pub(super) base: String,
    /// The new branch.
    pub(super) branch: &'a str,
    /// The commit's message.
    pub(super) message: &'a str,
    /// The folder of the workspace that holds the files.
    pub(super) source: &'a str,
    /// Where they go in the repository.
    pub(super) target: &'a str,
    /// Files of the repository that go.
    pub(super) delete: Vec<String>,
    /// Whether the branch may be there already, and is added to.
    pub(super) update: bool,
    /// Whether a commit that changes nothing is pushed.
    pub(super) pushes_nothing: bool,
}

/// What came of a push.
pub(super) struct Placed {
    /// Whether it changes anything.
    pub(super) is_change: bool,
    /// The commit's id.
    pub(super) commit: String,
}

/// A request to merge, as its host tells of it.
pub(super) struct Request {
    /// Its web page.
    pub(super) page: String,
    /// All that the host tells.
    pub(super) body: Json,
}

impl Proposal<'_> {
    /// Pushes the branch, unless nothing would change.
    pub(super) fn push(&self, task: &mut Task<'_>, input: &Input<'_>) -> Result<Placed> {
        let source = task.workspace.resolve(self.source)?;
        let scratch = scratch()?;
        let tree = scratch.path().join("tree");
        // A jail of its own: the target leads nowhere else.
        let inside = Path::new(self.target).components().all(|part| {
            use std::path::Component::{CurDir, Normal};
            matches!(part, Normal(name) if name != ".git") || part == CurDir
        });
        if !inside {
            return Err(input.error(format!(
                "instance.targetPath {:?} leaves the repository",
                self.target
            )));
        }
        let failed =
            |error: std::io::Error| ActionError::Failed(format!("temporary folder: {error}"));
        fs::create_dir_all(tree.join(self.target)).map_err(failed)?;
        if source.is_dir() {
            copy(task, &source, &tree.join(self.target))?;
        }
        let commit = Commit {
            branch: self.branch,
            message: self.message,
            author: input.text("gitAuthorName")?.unwrap_or("Scaffolder"),
            email: input
                .text("gitAuthorEmail")?
                .unwrap_or("scaffolder@backstage.io"),
            date: task.started,
        };
        if let Some(foresee) = task.foresee
            && !foresee.reads(self.api.host)
        {
            self.foresee(foresee, &tree);
            return Ok(Placed {
                is_change: true,
                commit: String::new(),
            });
        }
        let login = self.api.login(task);
        let change = Change {
            remote: &self.remote,
            base: &self.base,
            delete: &self.delete,
            update: self.update,
            login: login.as_ref(),
        };
        let data = scratch.path().join("git");
        let (repository, is_change) =
            Repository::on_top(&data, &tree, &commit, &change, task.stop)?;
        if let Some(foresee) = task.foresee {
            repository.each_change(&mut |path, old, new| foresee.change(path, old, new))?;
            self.foresee(foresee, &tree);
            let commit = String::new();
            return Ok(Placed { is_change, commit });
        }
        if is_change || self.pushes_nothing {
            let line = format!("Pushing {} to {}", self.branch, self.remote);
            (task.log)(LogLevel::Info, &line);
            repository.push(&self.remote, self.branch, login.as_ref())?;
        }
        let commit = repository.head()?;
        Ok(Placed { is_change, commit })
    }

    fn foresee(&self, foresee: &Foreseer<'_>, tree: &Path) {
        let workflows = tree.join(WORKFLOWS).is_dir();
        foresee.push(self.api.host, &self.remote, self.branch, workflows);
    }

    /// The request to merge the branch: the one that is open where it may be, else a new one.
    pub(super) fn request(
        &self,
        task: &mut Task<'_>,
        look: &dyn Fn(&Task<'_>) -> Result<Option<Request>>,
        make: &dyn Fn(&Task<'_>) -> Result<Request>,
    ) -> Result<Request> {
        let here = Made {
            step: task.step.to_owned(),
            kind: Thing::PullRequest,
            host: self.api.host.to_owned(),
            name: format!("{} {}", self.name, self.branch),
            id: None,
            url: String::new(),
            path: String::new(),
        };
        let known = task.made.borrow().iter().any(|made| made.is_at(&here));
        if (known || self.update && !task.is_guessed(self.api.host))
            && let Some(there) = look(task)?
        {
            (task.log)(LogLevel::Info, &format!("{} is open already", there.page));
            return Ok(there);
        }
        task.note(here.clone());
        let told = |task: &Task<'_>, request: Request| {
            task.note(Made {
                id: id_of(&request.body),
                url: request.page.clone(),
                ..here.clone()
            });
            request
        };
        match make(task) {
            Ok(request) => Ok(told(task, request)),
            Err(error @ (ActionError::Outside(_) | ActionError::Cancelled)) => match look(task) {
                Ok(Some(request)) => Ok(told(task, request)),
                _ => Err(error),
            },
            Err(error) => {
                task.withdraw(here);
                Err(match error {
                    ActionError::Failed(why) => ActionError::Failed(format!(
                        "{why}; the branch {} was pushed to {} and stays there",
                        self.branch, self.name
                    )),
                    error => error,
                })
            }
        }
    }
}
