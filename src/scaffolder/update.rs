//! Bringing what a template made up to date: the revision that the repository remembers and the newest one are rendered, and
//! what changed between them is merged into the repository, on a branch of its own.
//!
//! ```text
//! Checkout (the repository as it is) → Memory → two Sides → Merged (a tree, its conflicts) → branch → request to merge
//! ```
//!
//! Until a branch is pushed nothing is written but folders that are thrown away. Git merges trees, never files on disk: nothing
//! of the repository is checked out, and none of its hooks, filters and merge drivers run.

mod checkout;
mod generated;
mod merge;
mod render;

use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Value as Json, json};

use super::action::ActionError;
use super::answers::Answers;
use super::memory::{Memory, MemoryError, Revision};
use super::outside::{Outside, OutsideError};
use super::template::{Step, Template};

pub use checkout::Checkout;
pub use generated::{Generated, Standing};
pub use merge::{Change, Conflict, Merged};

/// The repository that is brought up to date.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Target {
    /// A repository of this machine, by its folder.
    Folder(PathBuf),
    /// One at a host.
    Hosted {
        /// What the host is, as integrations call it: `github`.
        kind: String,
        /// The host, with a port where it has one.
        host: String,
        /// Its name there: `acme/shop`.
        name: String,
    },
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::Hosted { host, name, .. } => write!(f, "{host}/{name}"),
        }
    }
}

/// What is wanted of an update; kept with its run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Wish {
    /// The repository.
    pub target: Target,
    /// The template: a reference, or a file of this machine.
    pub template: String,
    /// The branch to make; `None` for a name of its own.
    pub branch: Option<String>,
    /// The commit that was rendered last, where the user says another one than the repository remembers.
    pub from: Option<String>,
    /// The commit to go to, where it is a run that goes on; else the newest.
    #[serde(default)]
    pub to: Option<String>,
    /// Whether conflicts are left in the branch for its reader.
    pub conflicts: bool,
    /// Whether its host is asked to merge the branch.
    pub request: bool,
}

/// One revision of the template, and what it is rendered with.
pub struct Side {
    /// The template as it was then.
    pub template: Template,
    /// The answers.
    pub answers: Answers,
    /// `{ref, entity}` of who ran it.
    pub user: Json,
    /// The world of the run, with everything as it was then.
    pub outside: Box<dyn Outside>,
    /// Folders that the world reads; gone with it.
    pub folders: Vec<tempfile::TempDir>,
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Side")
            .field("location", &self.template.location)
            .finish_non_exhaustive()
    }
}

/// An update that can be carried out.
#[derive(Debug)]
pub struct Update {
    /// What is wanted.
    pub wish: Wish,
    /// The repository as it is.
    pub checkout: Checkout,
    /// What it remembers.
    pub memory: Memory,
    /// The revision of [`Self::base`].
    pub since: Revision,
    /// The template as the repository remembers it.
    pub base: Side,
    /// The template as it is now.
    pub theirs: Side,
    /// The revision of [`Self::theirs`].
    pub next: Revision,
    merged: OnceLock<Merged>,
}

/// Why an update cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// The repository remembers nothing.
    #[error(
        "{0} does not remember what it was made from: it has no .stagedoor-answers.yaml; `stagedoor new --remember` writes it"
    )]
    Forgotten(String),
    /// What it remembers cannot be read.
    #[error("{repository}: {error}")]
    Memory {
        /// The repository.
        repository: String,
        /// Why.
        error: MemoryError,
    },
    /// The user stopped it.
    #[error("stopped")]
    Cancelled,
    /// A host.
    #[error(transparent)]
    Outside(#[from] OutsideError),
    /// Anything else, in words.
    #[error("{0}")]
    Failed(String),
}

impl From<ActionError> for UpdateError {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Cancelled => Self::Cancelled,
            ActionError::Outside(error) => Self::Outside(error),
            error => Self::Failed(error.to_string()),
        }
    }
}

impl From<UpdateError> for ActionError {
    fn from(error: UpdateError) -> Self {
        match error {
            UpdateError::Cancelled => Self::Cancelled,
            UpdateError::Outside(error) => Self::Outside(error),
            error => Self::Failed(error.to_string()),
        }
    }
}

impl Update {
    /// An update of what `checkout` holds from `base` to `theirs`, each with its revision.
    pub fn new(
        wish: Wish,
        checkout: Checkout,
        memory: Memory,
        (since, base): (Revision, Side),
        (next, theirs): (Revision, Side),
    ) -> Self {
        Self {
            wish,
            checkout,
            memory,
            since,
            base,
            theirs,
            next,
            merged: OnceLock::new(),
        }
    }

    /// What the repository would become; found out once.
    pub fn merged(
        &self,
        stop: &dyn Fn() -> bool,
        log: &mut dyn FnMut(&str),
    ) -> Result<&Merged, UpdateError> {
        if self.merged.get().is_none() {
            let merged = merge::merge(self, stop, log)?;
            // Nobody else works on the same update.
            let _ = self.merged.set(merged);
        }
        self.merged
            .get()
            .ok_or_else(|| UpdateError::Failed("nothing was merged".to_owned()))
    }

    /// The changes from what the repository is to what it would become, as a patch; cut off where it grows too long.
    pub fn patch(&self, merged: &Merged, stop: &dyn Fn() -> bool) -> Result<String, UpdateError> {
        merge::patch(&self.checkout, merged, stop)
    }

    /// What is wanted, with everything that is known by now: so the run can be taken up when the template has gone on.
    pub fn fixed(&self) -> Wish {
        Wish {
            branch: Some(self.branch()),
            from: Some(self.since.commit.clone()),
            to: Some(self.next.commit.clone()),
            ..self.wish.clone()
        }
    }

    /// The branch that is made: by the template's name and the commit it is brought to.
    pub fn branch(&self) -> String {
        let named = self.wish.branch.clone();
        named.unwrap_or_else(|| {
            let name = self.theirs.template.entity_ref.name();
            format!("stagedoor/{name}-{}", self.next.short())
        })
    }

    /// The title of the commit and of the request.
    pub fn title(&self) -> String {
        format!("Update from the template {}", self.theirs.template.title)
    }

    /// What the request says: from where to where, and what its reader should look at.
    pub fn description(&self, merged: &Merged) -> String {
        let (from, to) = (&self.since, &self.next);
        let mut lines = vec![format!(
            "This repository was made from {} ({}). The template went from {} to {}; what changed for this repository is merged here.",
            self.theirs.template.entity_ref,
            to.repository,
            from.short(),
            to.short()
        )];
        let list = |title: &str, items: &[String]| {
            let items: Vec<String> = items.iter().map(|item| format!("- {item}")).collect();
            format!("{title}\n\n{}", items.join("\n"))
        };
        if !merged.conflicts.is_empty() {
            let items = merged.conflicts.iter();
            let items: Vec<String> = items
                .map(|it| format!("`{}`: {}", it.path, it.why))
                .collect();
            lines.push(list("**To be settled before it is merged:**", &items));
        }
        if !merged.left_out.is_empty() {
            let items = merged.left_out.iter();
            let items: Vec<String> = items.map(|path| format!("`{path}`")).collect();
            lines.push(list(
                "Removed here, so what the template changed in them is left out:",
                &items,
            ));
        }
        lines.join("\n\n")
    }

    /// The template whose run is this update: its steps are [`Self`]'s own.
    pub fn template(&self) -> Template {
        let of = &self.theirs.template;
        let step = |id: &str, name: String, input: Json| Step {
            id: id.to_owned(),
            name,
            action: format!("stagedoor:update:{id}"),
            input,
            condition: None,
            each: None,
        };
        let branch = self.branch();
        let from = self.since.short();
        let mut steps = vec![
            step(
                MERGE,
                format!("Merge {from} → {}", self.next.short()),
                json!({ "from": self.since.commit, "to": self.next.commit }),
            ),
            step(PUSH, format!("Make the branch {branch}"), json!({})),
        ];
        let mut output = json!({});
        if self.wish.request && matches!(self.wish.target, Target::Hosted { .. }) {
            steps.push(step(REQUEST, "Ask to merge it".to_owned(), json!({})));
            output = json!({ "links": [
                { "title": "Request to merge", "url": "${{ steps.request.output.url }}" },
            ] });
        }
        Template {
            title: format!("Update of {}", self.wish.target),
            description: String::new(),
            location: self.wish.template.clone(),
            steps,
            output,
            ..of.clone()
        }
    }
}

/// The steps of an update.
pub(crate) const MERGE: &str = "merge";
/// The branch is made.
pub(crate) const PUSH: &str = "push";
/// The host is asked to merge it.
pub(crate) const REQUEST: &str = "request";
