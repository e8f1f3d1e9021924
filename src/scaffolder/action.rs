//! The actions that steps name: which there are, what input they take, and what they do.
//!
//! Ids and inputs are Backstage's; `stagedoor:publish:local` and `stagedoor:publish:git` are our own.

mod api;
mod azure;
mod binary;
mod bitbucket;
mod catalog;
mod debug;
mod fetch;
mod files;
mod foresee;
mod gerrit;
mod git;
mod gitea;
mod github;
mod gitlab;
mod glob;
mod hosting;
mod http;
mod input;
mod proposal;
mod publish;
mod roadie;
mod simulate;
mod skeleton;
mod yaml;

use std::cell::RefCell;
use std::path::Path;

use serde_json::{Map, Value as Json};

use super::expr::{Engine, ExprError};
use super::outside::{Outside, OutsideError};
use super::run::{Event, LogLevel, Made};
use super::template::Template;
use super::workspace::{Workspace, WorkspaceError};

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

/// All actions.
static ACTIONS: &[Action] = &[
    Action {
        id: "fetch:template",
        effect: Effect::Local,
        run: fetch::template,
    },
    Action {
        id: "fetch:template:file",
        effect: Effect::Local,
        run: fetch::template_file,
    },
    Action {
        id: "fetch:plain",
        effect: Effect::Local,
        run: fetch::plain,
    },
    Action {
        id: "fetch:plain:file",
        effect: Effect::Local,
        run: fetch::plain_file,
    },
    Action {
        id: "workspace:template",
        effect: Effect::Local,
        run: fetch::workspace_template,
    },
    Action {
        id: "workspace:template:file",
        effect: Effect::Local,
        run: fetch::workspace_template_file,
    },
    Action {
        id: "catalog:write",
        effect: Effect::Local,
        run: catalog::write,
    },
    Action {
        id: "catalog:fetch",
        effect: Effect::Local,
        run: catalog::fetch,
    },
    Action {
        id: "catalog:register",
        effect: Effect::Local,
        run: catalog::register,
    },
    Action {
        id: "debug:log",
        effect: Effect::Local,
        run: debug::log,
    },
    Action {
        id: "debug:wait",
        effect: Effect::Idle,
        run: debug::wait,
    },
    Action {
        id: "fs:rename",
        effect: Effect::Local,
        run: files::rename,
    },
    Action {
        id: "fs:delete",
        effect: Effect::Local,
        run: files::delete,
    },
    Action {
        id: "fs:readdir",
        effect: Effect::Local,
        run: files::read_folder,
    },
    Action {
        id: "roadiehq:utils:zip",
        effect: Effect::Local,
        run: roadie::zip,
    },
    Action {
        id: "roadiehq:utils:sleep",
        effect: Effect::Idle,
        run: roadie::sleep,
    },
    Action {
        id: "roadiehq:utils:fs:write",
        effect: Effect::Local,
        run: roadie::write,
    },
    Action {
        id: "roadiehq:utils:fs:append",
        effect: Effect::Local,
        run: roadie::append,
    },
    Action {
        id: "roadiehq:utils:fs:parse",
        effect: Effect::Local,
        run: roadie::parse,
    },
    Action {
        id: "roadiehq:utils:fs:replace",
        effect: Effect::Local,
        run: roadie::replace,
    },
    Action {
        id: "roadiehq:utils:json:merge",
        effect: Effect::Local,
        run: roadie::merge_json,
    },
    Action {
        id: "roadiehq:utils:merge",
        effect: Effect::Local,
        run: roadie::merge,
    },
    Action {
        id: "roadiehq:utils:jsonata",
        effect: Effect::Local,
        run: roadie::evaluate,
    },
    Action {
        id: "roadiehq:utils:jsonata:json:transform",
        effect: Effect::Local,
        run: roadie::transform_json,
    },
    Action {
        id: "roadiehq:utils:jsonata:yaml:transform",
        effect: Effect::Local,
        run: roadie::transform_yaml,
    },
    Action {
        id: "roadiehq:utils:serialize:json",
        effect: Effect::Local,
        run: roadie::json,
    },
    Action {
        id: "roadiehq:utils:serialize:yaml",
        effect: Effect::Local,
        run: roadie::yaml,
    },
    Action {
        id: "stagedoor:publish:local",
        effect: Effect::Remote,
        run: publish::local,
    },
    Action {
        id: "stagedoor:publish:git",
        effect: Effect::Remote,
        run: publish::remote,
    },
    Action {
        id: "publish:github",
        effect: Effect::Remote,
        run: github::publish,
    },
    Action {
        id: "publish:gitlab",
        effect: Effect::Remote,
        run: gitlab::publish,
    },
    Action {
        id: "publish:gitea",
        effect: Effect::Remote,
        run: gitea::publish,
    },
    Action {
        id: "publish:bitbucketCloud",
        effect: Effect::Remote,
        run: bitbucket::publish_cloud,
    },
    Action {
        id: "publish:bitbucketServer",
        effect: Effect::Remote,
        run: bitbucket::publish_server,
    },
    Action {
        id: "publish:azure",
        effect: Effect::Remote,
        run: azure::publish,
    },
    Action {
        id: "publish:gerrit",
        effect: Effect::Remote,
        run: gerrit::publish,
    },
    Action {
        id: "publish:github:pull-request",
        effect: Effect::Remote,
        run: github::pull_request::publish,
    },
    Action {
        id: "publish:gitlab:merge-request",
        effect: Effect::Remote,
        run: gitlab::merge_request::publish,
    },
    Action {
        id: "publish:bitbucketCloud:pull-request",
        effect: Effect::Remote,
        run: bitbucket::pull_request::on_cloud_publish,
    },
    Action {
        id: "publish:bitbucketServer:pull-request",
        effect: Effect::Remote,
        run: bitbucket::pull_request::on_server_publish,
    },
    Action {
        id: "github:webhook",
        effect: Effect::Remote,
        run: github::parts::webhook,
    },
    Action {
        id: "github:issues:label",
        effect: Effect::Remote,
        run: github::parts::label,
    },
    Action {
        id: "github:issues:create",
        effect: Effect::Remote,
        run: github::parts::issue,
    },
    Action {
        id: "github:actions:dispatch",
        effect: Effect::Remote,
        run: github::parts::dispatch,
    },
    Action {
        id: "github:pages:enable",
        effect: Effect::Remote,
        run: github::parts::pages,
    },
    Action {
        id: "github:autolinks:create",
        effect: Effect::Remote,
        run: github::parts::autolink,
    },
    Action {
        id: "github:deployKey:create",
        effect: Effect::Remote,
        run: github::parts::deploy_key,
    },
    Action {
        id: "github:environment:create",
        effect: Effect::Remote,
        run: github::environment::create,
    },
    Action {
        id: "gitlab:group:ensureExists",
        effect: Effect::Remote,
        run: gitlab::parts::ensure_group,
    },
    Action {
        id: "gitlab:issues:create",
        effect: Effect::Remote,
        run: gitlab::parts::issue,
    },
    Action {
        id: "gitlab:issue:edit",
        effect: Effect::Remote,
        run: gitlab::parts::edit_issue,
    },
    Action {
        id: "gitlab:projectVariable:create",
        effect: Effect::Remote,
        run: gitlab::parts::variable,
    },
    Action {
        id: "gitlab:pipeline:trigger",
        effect: Effect::Remote,
        run: gitlab::parts::pipeline,
    },
    Action {
        id: "http:backstage:request",
        effect: Effect::Remote,
        run: http::request,
    },
    Action {
        id: "github:repo:create",
        effect: Effect::Remote,
        run: github::repo_create,
    },
    Action {
        id: "github:repo:push",
        effect: Effect::Remote,
        run: github::repo_push,
    },
    Action {
        id: "github:branch-protection:create",
        effect: Effect::Remote,
        run: github::protection::create,
    },
];

impl Action {
    /// Whether a dry run carries out a call with `input`.
    pub(crate) fn is_harmless(&self, input: &Map<String, Json>, outside: &dyn Outside) -> bool {
        self.effect == Effect::Local
            || self.id == "http:backstage:request"
                && outside.has_instance()
                && http::only_reads(input)
    }
}

/// The action `id`, if it can be carried out here.
pub(crate) fn find(id: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}

/// The ids of the actions that can be carried out here.
#[cfg(test)]
pub(crate) fn ids() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|action| action.id)
}
