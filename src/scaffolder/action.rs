//! The actions that steps name: which there are, what input they take, and what they do.
//!
//! Ids and inputs are Backstage's; `stagedoor:publish:local` and `stagedoor:publish:git` are our own.

pub(crate) mod api;
mod azure;
mod binary;
mod bitbucket;
mod catalog;
mod cookiecutter;
mod debug;
mod fetch;
mod files;
mod foresee;
mod gerrit;
pub(crate) mod git;
mod gitea;
mod github;
mod gitlab;
mod glob;
mod hosting;
mod http;
mod input;
mod notification;
mod proposal;
mod publish;
mod roadie;
mod simulate;
mod skeleton;
mod table;
mod update;
mod yaml;

use std::cell::RefCell;
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::expr::{Engine, ExprError};
use super::outside::{Outside, OutsideError};
use super::run::{Event, LogLevel, Made};
use super::template::Template;
use super::update::Update;
use super::workspace::{Workspace, WorkspaceError};

use table::ACTIONS;

pub(crate) use api::part as path_part;
pub(crate) use foresee::{Foreseer, Found};
pub(crate) use input::Input;
pub(crate) use publish::{copy_folder, source_path};
pub(crate) use simulate::{is_known, simulate};

/// What an action gives: values by name.
pub(crate) type Outputs = Map<String, Json>;

/// One action that can be carried out here.
pub(crate) struct Action {
    /// Its id.
    pub(crate) id: &'static str,
    /// What a dry run does with it.
    pub(crate) effect: Effect,
    /// Carries it out.
    pub(crate) run: fn(&mut Task<'_>, &Input<'_>) -> Result<Outputs, ActionError>,
}

/// Where an action's effects are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// In the workspace: a dry run carries it out.
    Local,
    /// Elsewhere: a dry run simulates it.
    Remote,
    /// Nowhere; it takes time.
    Idle,
}

/// What an action may use.
pub(crate) struct Task<'a> {
    /// The template that runs.
    pub(crate) template: &'a Template,
    /// The folder it works in.
    pub(crate) workspace: &'a Workspace,
    /// Everything else.
    pub(crate) outside: &'a dyn Outside,
    /// Where `stagedoor:publish:local` may make repositories.
    pub(crate) repositories: Option<&'a Path>,
    /// Which engine renders files.
    pub(crate) engine: Engine,
    /// Whether steps with effects elsewhere were only simulated.
    pub(crate) simulated: bool,
    /// The update that runs, where one does.
    pub(crate) update: Option<&'a Update>,
    /// What writes down what would be pushed, where nothing shall happen.
    pub(crate) foresee: Option<&'a Foreseer<'a>>,
    /// Whether the user wants to stop.
    pub(crate) stop: &'a dyn Fn() -> bool,
    /// Takes a line of the log.
    pub(crate) log: &'a mut dyn FnMut(LogLevel, &str),
    /// The id of the step.
    pub(crate) step: &'a str,
    /// Seconds since 1970 at which the run began.
    pub(crate) started: u64,
    /// What the run made at hosts so far.
    pub(crate) made: &'a RefCell<Vec<Made>>,
    /// Hears what a host makes; it is on disk when this returns.
    pub(crate) note: &'a dyn Fn(Event),
}

impl Task<'_> {
    /// Whether what `host` says is made up, so that what it has is not known.
    fn is_guessed(&self, host: &str) -> bool {
        self.foresee.is_some_and(|foresee| !foresee.reads(host))
    }

    /// Fails if the user wants to stop.
    fn go_on(&self) -> Result<(), ActionError> {
        if (self.stop)() {
            return Err(ActionError::Cancelled);
        }
        Ok(())
    }

    /// Writes down what a host made, or is about to make.
    fn note(&self, made: Made) {
        Made::note(&mut self.made.borrow_mut(), &made);
        (self.note)(Event::Made(made));
    }

    /// Writes down that a host said no to what it was about to make.
    fn withdraw(&self, made: Made) {
        self.made.borrow_mut().retain(|known| !known.is_at(&made));
        (self.note)(Event::Unmade(made));
    }
}

/// Why an action failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ActionError {
    /// The user stopped it.
    #[error("stopped")]
    Cancelled,
    /// Its input is not what it takes.
    #[error("Invalid input passed to action {action}, {problem}")]
    Input {
        /// The action's id.
        action: String,
        /// What is wrong.
        problem: String,
    },
    /// A file of the workspace.
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
    /// Something beyond the workspace.
    #[error(transparent)]
    Outside(#[from] OutsideError),
    /// A file of a skeleton could not be rendered.
    #[error("{path}: {error}")]
    Render {
        /// The file in the skeleton.
        path: String,
        /// What is wrong in it.
        error: ExprError,
    },
    /// Git failed.
    #[error(transparent)]
    Git(#[from] git::GitError),
    /// Anything else, in words.
    #[error("{0}")]
    Failed(String),
}

impl Action {
    /// Whether a dry run carries out a call with `input`.
    pub(crate) fn is_harmless(&self, input: &Map<String, Json>, outside: &dyn Outside) -> bool {
        self.effect == Effect::Local
            || self.id == "http:backstage:request"
                && outside.has_instance()
                && http::only_reads(input)
    }
}

/// The outputs of the action `id` that are secrets.
pub(crate) fn secret_outputs(id: &str) -> &'static [&'static str] {
    match id {
        "gitlab:projectAccessToken:create" => &["access_token"],
        "gitlab:projectDeployToken:create" => &["deploy_token"],
        _ => &[],
    }
}

/// The steps of an update of a repository, which are in no template.
static UPDATING: &[Action] = &[
    Action {
        id: "stagedoor:update:merge",
        effect: Effect::Local,
        run: update::merge,
    },
    Action {
        id: "stagedoor:update:push",
        effect: Effect::Remote,
        run: update::push,
    },
    Action {
        id: "stagedoor:update:request",
        effect: Effect::Remote,
        run: update::request,
    },
];

/// The action `id`, if it can be carried out here.
pub(crate) fn find(id: &str) -> Option<&'static Action> {
    ACTIONS
        .iter()
        .chain(UPDATING)
        .find(|action| action.id == id)
}

/// The ids of the actions that can be carried out here.
#[cfg(test)]
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|action| action.id)
}
