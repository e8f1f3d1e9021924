//! The actions that steps name: which there are, what input they take, and what they do.
//!
//! Ids and inputs are Backstage's; `stagedoor:publish:local` and `stagedoor:publish:git` are our own.

mod binary;
mod catalog;
mod debug;
mod fetch;
mod files;
mod git;
mod github;
mod glob;
mod input;
mod publish;
mod simulate;
mod skeleton;
mod yaml;

use std::path::Path;

use serde_json::{Map, Value as Json};

use super::expr::{Engine, ExprError};
use super::outside::{Outside, OutsideError};
use super::run::LogLevel;
use super::template::Template;
use super::workspace::{Workspace, WorkspaceError};

pub(crate) use input::Input;
pub(crate) use simulate::{is_known, simulate};

/// What an action gives: values by name.
pub(crate) type Outputs = Map<String, Json>;

/// One action that can be carried out here.
pub(crate) struct Action {
    /// Its id.
    pub(crate) id: &'static str,
    /// The names of its inputs; those that it needs end with `!`.
    inputs: &'static [&'static str],
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
    /// Whether the user wants to stop.
    pub(crate) stop: &'a dyn Fn() -> bool,
    /// Takes a line of the log.
    pub(crate) log: &'a mut dyn FnMut(LogLevel, &str),
}

impl Task<'_> {
    /// Fails if the user wants to stop.
    fn go_on(&self) -> Result<(), ActionError> {
        if (self.stop)() {
            return Err(ActionError::Cancelled);
        }
        Ok(())
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

/// All actions.
static ACTIONS: &[Action] = &[
    Action {
        id: "fetch:template",
        inputs: &[
            "url!",
            "targetPath",
            "values",
            "copyWithoutRender",
            "copyWithoutTemplating",
            "cookiecutterCompat",
            "templateFileExtension",
            "replace",
            "trimBlocks",
            "lstripBlocks",
            "token",
        ],
        effect: Effect::Local,
        run: fetch::template,
    },
    Action {
        id: "fetch:template:file",
        inputs: &[
            "url!",
            "targetPath!",
            "values",
            "cookiecutterCompat",
            "replace",
            "trimBlocks",
            "lstripBlocks",
            "token",
        ],
        effect: Effect::Local,
        run: fetch::template_file,
    },
    Action {
        id: "fetch:plain",
        inputs: &["url!", "targetPath", "token"],
        effect: Effect::Local,
        run: fetch::plain,
    },
    Action {
        id: "fetch:plain:file",
        inputs: &["url!", "targetPath!", "token"],
        effect: Effect::Local,
        run: fetch::plain_file,
    },
    Action {
        id: "workspace:template",
        inputs: &[
            "sourcePath!",
            "targetPath!",
            "values",
            "copyWithoutTemplating",
            "cookiecutterCompat",
            "templateFileExtension",
            "replace",
            "trimBlocks",
            "lstripBlocks",
        ],
        effect: Effect::Local,
        run: fetch::workspace_template,
    },
    Action {
        id: "catalog:write",
        inputs: &["filePath", "entity!"],
        effect: Effect::Local,
        run: catalog::write,
    },
    Action {
        id: "catalog:fetch",
        inputs: &[
            "entityRef",
            "entityRefs",
            "optional",
            "defaultKind",
            "defaultNamespace",
        ],
        effect: Effect::Local,
        run: catalog::fetch,
    },
    Action {
        id: "catalog:register",
        inputs: &[
            "catalogInfoUrl",
            "repoContentsUrl",
            "catalogInfoPath",
            "optional",
        ],
        effect: Effect::Local,
        run: catalog::register,
    },
    Action {
        id: "debug:log",
        inputs: &["message", "listWorkspace"],
        effect: Effect::Local,
        run: debug::log,
    },
    Action {
        id: "debug:wait",
        inputs: &["minutes", "seconds", "milliseconds"],
        effect: Effect::Idle,
        run: debug::wait,
    },
    Action {
        id: "fs:rename",
        inputs: &["files!"],
        effect: Effect::Local,
        run: files::rename,
    },
    Action {
        id: "fs:delete",
        inputs: &["files!"],
        effect: Effect::Local,
        run: files::delete,
    },
    Action {
        id: "fs:readdir",
        inputs: &["paths!", "recursive"],
        effect: Effect::Local,
        run: files::read_folder,
    },
    Action {
        id: "stagedoor:publish:local",
        inputs: &[
            "name!",
            "defaultBranch",
            "gitCommitMessage",
            "gitAuthorName",
            "gitAuthorEmail",
            "sourcePath",
        ],
        effect: Effect::Remote,
        run: publish::local,
    },
    Action {
        id: "stagedoor:publish:git",
        inputs: &[
            "remoteUrl!",
            "defaultBranch",
            "gitCommitMessage",
            "gitAuthorName",
            "gitAuthorEmail",
            "sourcePath",
        ],
        effect: Effect::Remote,
        run: publish::remote,
    },
    Action {
        id: "publish:github",
        inputs: github::INPUTS,
        effect: Effect::Remote,
        run: github::publish,
    },
];

/// The action `id`, if it can be carried out here.
pub(crate) fn find(id: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}

impl Action {
    /// Checks the names of `input`: what is missing is an error, what is unknown is given back.
    pub(crate) fn check(&self, input: &Map<String, Json>) -> Result<Vec<String>, ActionError> {
        let names = || self.inputs.iter().map(|name| name.trim_end_matches('!'));
        let needed = self.inputs.iter().filter(|name| name.ends_with('!'));
        for name in needed.map(|name| name.trim_end_matches('!')) {
            if !input.contains_key(name) {
                return Err(ActionError::Input {
                    action: self.id.to_owned(),
                    problem: format!("instance requires property {name:?}"),
                });
            }
        }
        let unknown = |key: &&String| !names().any(|name| name == key.as_str());
        Ok(input.keys().filter(unknown).cloned().collect())
    }
}
