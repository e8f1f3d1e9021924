//! Publishing at a host: a repository is made once and filled by a push. What the API of a host wants is for the module of its
//! kind.
//!
//! Before a repository is asked for, the journal says so; when the host has made it, the journal has its id. A run that is
//! taken up finds its own repository again by that, and never one that was there before.

use serde_json::Value as Json;

use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::run::{LogLevel, Made, Thing, id_of};

use super::api::Api;
use super::publish::{self, Pushed};
use super::{ActionError, Input, Outputs, Task};

type Result<T> = std::result::Result<T, ActionError>;

/// The repository that the step's `repoUrl` means.
pub(super) fn repo_url(input: &Input<'_>) -> Result<RepoUrl> {
    RepoUrl::parse(input.needed("repoUrl")?).map_err(|error| ActionError::Failed(error.to_string()))
}

/// Fails unless `value`, the part of the `repoUrl` called `name`, is there.
pub(super) fn needed_part(input: &Input<'_>, value: &str, name: &str) -> Result<()> {
    if !value.is_empty() {
        return Ok(());
    }
    let text = input.text("repoUrl")?.unwrap_or_default();
    Err(ActionError::Failed(format!(
        "Invalid repo URL passed to publisher: https://{text}, missing {name}"
    )))
}

/// Fails where a commit shall be signed: there is no key for that.
pub(super) fn plain_commit(input: &Input<'_>) -> Result<()> {
    if input.flag("signCommit", false)? {
        return Err(ActionError::Failed(
            "Signing commits is enabled but no signing key is provided in the configuration"
                .to_owned(),
        ));
    }
    Ok(())
}

/// A repository as its host tells of it.
pub(super) struct Hosted {
    /// Its web page.
    pub(super) page: String,
    /// Where it is cloned from and pushed to.
    pub(super) remote: String,
    /// Where the API has it.
    pub(super) path: String,
    /// All that the host tells.
    pub(super) body: Json,
}

/// How a repository is found and made.
pub(super) struct Plan<'a> {
    /// The host.
    pub(super) api: Api<'a>,
    /// The repository's name there: `acme/svc`.
    pub(super) name: String,
    /// Looks whether it is there.
    pub(super) look: &'a dyn Fn(&Task<'_>) -> Result<Option<Hosted>>,
    /// Makes it.
    pub(super) make: &'a dyn Fn(&Task<'_>) -> Result<Hosted>,
}

impl Plan<'_> {
    /// Whether `there` is what an earlier attempt at this run made.
    fn is_ours(&self, task: &Task<'_>, there: &Hosted) -> bool {
        let here = self.note(task);
        let made = task.made.borrow();
        let known = made.iter().find(|it| it.is_at(&here));
        known.is_some_and(|known| match &known.id {
            Some(id) => id_of(&there.body).as_ref() == Some(id),
            // It was not there when this run asked for it.
            None => true,
        })
    }

    /// The repository, where it is there and this run has not made it.
    pub(super) fn foreign(&self, task: &Task<'_>) -> Result<Option<Hosted>> {
        let there = (self.look)(task)?;
        let is_sure = !task.is_guessed(self.api.host);
        Ok(there.filter(|there| is_sure && !self.is_ours(task, there)))
    }

    /// The repository, which this run makes, or has made before.
    pub(super) fn make_once(&self, task: &mut Task<'_>) -> Result<Hosted> {
        let made = self.note(task);
        let there = (self.look)(task)?;
        if let Some(there) = there.filter(|_| !task.is_guessed(self.api.host)) {
            if !self.is_ours(task, &there) {
                return Err(ActionError::Failed(format!(
                    "{} exists already and was not made by this run; choose another name",
                    there.page
                )));
            }
            let line = format!("{} was made by this run before; it is taken up", there.page);
            (task.log)(LogLevel::Info, &line);
            return Ok(self.made(task, there));
        }
        task.note(made.clone());
        match (self.make)(task) {
            Ok(there) => {
                (task.log)(
                    LogLevel::Info,
                    &format!("Made the repository {}", there.page),
                );
                Ok(self.made(task, there))
            }
            // Nobody knows what the host did.
            Err(error @ (ActionError::Outside(_) | ActionError::Cancelled)) => {
                match (self.look)(task) {
                    Ok(Some(there)) => {
                        let line = format!("{error}; it has made {} nevertheless", there.page);
                        (task.log)(LogLevel::Warning, &line);
                        Ok(self.made(task, there))
                    }
                    _ => Err(error),
                }
            }
            Err(error) => {
                task.withdraw(made);
                Err(error)
            }
        }
    }

    fn note(&self, task: &Task<'_>) -> Made {
        Made {
            step: task.step.to_owned(),
            kind: Thing::Repository,
            host: self.api.host.to_owned(),
            name: self.name.clone(),
            id: None,
            url: String::new(),
            path: String::new(),
        }
    }

    fn made(&self, task: &Task<'_>, there: Hosted) -> Hosted {
        task.note(Made {
            id: id_of(&there.body),
            url: there.page.clone(),
            path: there.path.clone(),
            ..self.note(task)
        });
        there
    }
}

/// Pushes the source folder into `there`. Where that fails, the error says that the repository stays.
pub(super) fn fill(
    task: &mut Task<'_>,
    input: &Input<'_>,
    api: Api<'_>,
    there: &Hosted,
    default_branch: &str,
    trailer: Option<&str>,
) -> Result<Pushed> {
    let login = api.login(task);
    let pushed = publish::push(
        task,
        input,
        &there.remote,
        login.as_ref(),
        default_branch,
        trailer,
    );
    pushed.map_err(|error| match error {
        ActionError::Git(error) => ActionError::Failed(format!(
            "{error}; the repository {} was made and stays there without these files",
            there.page
        )),
        error => error,
    })
}

/// What a publishing action gives of `there`, whose files are shown below `contents`.
pub(super) fn outputs(there: &Hosted, contents: &str, pushed: Option<Pushed>) -> Outputs {
    let mut outputs = publish::outputs(&there.remote, contents, "");
    match pushed {
        Some(pushed) => outputs.insert("commitHash".to_owned(), pushed.commit.into()),
        None => outputs.shift_remove("commitHash"),
    };
    outputs
}
