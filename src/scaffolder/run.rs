//! Runs a template: its steps in order, each rendered and handed to its action.
//!
//! Nothing happens outside of the workspace in a dry run; in a real one nothing happens at all unless every action is
//! known. What `@backstage/plugin-scaffolder-backend` 4 does is followed: conditions, `each`, what runs after a failure,
//! what may see secrets, and the words of the log.

mod aim;
pub(crate) mod mask;
mod output;
mod past;
mod runner;

use std::path::Path;

use serde_json::{Map, Value as Json};

use super::action;
use super::answers::Answers;
use super::outside::Outside;
use super::plan::Plan;
use super::template::{Step, Template};
use super::workspace::Workspace;
pub(crate) use aim::sources;
pub use aim::{Aim, published, publishes};
pub use past::{Made, Past, PastError, Thing, id_of};
use runner::Runner;

/// What to run, with what, and where.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The template.
    pub template: &'a Template,
    /// The answers.
    pub answers: &'a Answers,
    /// `{ref, entity}` of who runs it; `null` if unknown.
    pub user: Json,
    /// `context.task.id`.
    pub task_id: String,
    /// Seconds since 1970 at which the run began, at the first attempt: commits are dated so, and the same commit made twice
    /// is the same.
    pub started: u64,
    /// An earlier attempt, which this one takes up.
    pub past: Option<&'a Past>,
    /// The workspace: an empty folder, or one that does not exist yet.
    pub workspace: &'a Path,
    /// Where `stagedoor:publish:local` may make new repositories; without it that action fails.
    pub repositories: Option<&'a Path>,
    /// Local actions are carried out, those with remote effects simulated.
    pub dry_run: bool,
    /// Unknown inputs are refused instead of dropped with a warning.
    pub strict: bool,
    /// Outputs given for actions by id instead of carrying them out.
    pub mocks: Map<String, Json>,
    /// What it is for beside.
    pub aim: Aim<'a>,
}

/// What happens during a run.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A step begins. `step` counts from 0.
    Started {
        /// Its number.
        step: usize,
    },
    /// A line of the log; cleaned, secrets masked.
    Log {
        /// The step it belongs to; `None` before and after all steps.
        step: Option<usize>,
        /// How much it matters.
        level: LogLevel,
        /// The line.
        line: String,
    },
    /// A step ended.
    Finished {
        /// Its number.
        step: usize,
        /// How, with what it was given and what it gave; secrets masked.
        report: Box<StepReport>,
    },
    /// A host made something, or is about to.
    Made(Made),
    /// A host refused to make what it was about to.
    Unmade(Made),
}

/// How much a line of the log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What happens.
    Info,
    /// Something is not as its author meant.
    Warning,
    /// It failed.
    Error,
}

/// Where a step stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Not begun.
    Waiting,
    /// Begun.
    Running,
    /// Done.
    Completed,
    /// Its condition was false, or an earlier step failed.
    Skipped,
    /// It failed.
    Failed,
}

impl StepState {
    /// Whether nothing more is to be done of it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Skipped)
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every step was done or skipped.
    Completed,
    /// A step failed.
    Failed,
    /// The user stopped it.
    Cancelled,
}

/// One step of a run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct StepReport {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its action.
    pub action: String,
    /// Where it stands.
    pub state: StepState,
    /// Its input as rendered, secrets masked; `null` until it ran. A list for a step with `each`.
    pub input: Json,
    /// What it gave.
    pub output: Json,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Whether it was only simulated (dry run, mocks).
    #[serde(default)]
    pub simulated: bool,
    /// The rounds that a step with `each` finished before it failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rounds: Vec<Round>,
}

/// One of the times that a step with `each` is carried out.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Round {
    /// Its input as rendered, secrets masked.
    pub input: Json,
    /// What it gave, secrets masked.
    pub output: Json,
}

impl StepReport {
    /// The report of a step that nothing has happened to.
    pub fn waiting(step: &Step) -> Self {
        Self {
            id: step.id.clone(),
            name: step.name.clone(),
            action: step.action.clone(),
            state: StepState::Waiting,
            input: Json::Null,
            output: Json::Null,
            error: None,
            simulated: false,
            rounds: Vec::new(),
        }
    }
}

/// One of the links that a run ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputLink {
    /// What to call it.
    pub title: String,
    /// Where it leads: an address …
    pub url: Option<String>,
    /// … or an entity.
    pub entity_ref: Option<String>,
}

/// One of the texts that a run ends with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputText {
    /// Its title; may be empty.
    pub title: String,
    /// Markdown.
    pub content: String,
}

/// One entry of the workspace.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct TreeEntry {
    /// The path, `/` between names; folders end with `/`.
    pub path: String,
    /// Permission bits of a file; 0 for folders and links.
    pub mode: u32,
    /// Bytes of a file.
    pub size: u64,
    /// The target of a symbolic link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// How a run went.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// How it ended.
    pub status: Status,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Its steps.
    pub steps: Vec<StepReport>,
    /// `output` as rendered; `null` unless completed.
    pub output: Json,
    /// The workspace at the end, sorted by path.
    pub tree: Vec<TreeEntry>,
    /// What its author should know: unknown inputs, unknown actions.
    pub warnings: Vec<String>,
    /// What a real run would do beyond the workspace; of a dry run only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
}

impl Report {
    /// The links to show at the end.
    pub fn links(&self) -> Vec<OutputLink> {
        output::links(&self.output)
    }

    /// The texts to show at the end.
    pub fn texts(&self) -> Vec<OutputText> {
        output::texts(&self.output)
    }
}

/// Actions of `template` that a real run cannot carry out here, each once: neither are they built in, nor does the user have
/// a program for them, nor is their output among the `mocks`.
pub fn unknown_actions<'a>(
    template: &'a Template,
    mocks: &Map<String, Json>,
    outside: &dyn Outside,
) -> Vec<&'a str> {
    let mut unknown: Vec<&str> = Vec::new();
    for step in &template.steps {
        let id = step.action.as_str();
        let is_known =
            action::find(id).is_some() || mocks.contains_key(id) || outside.has_program(id);
        if !is_known && !unknown.contains(&id) {
            unknown.push(id);
        }
    }
    unknown
}

/// Whether a real run of `template` reaches beyond its workspace, so that it should be confirmed.
pub fn reaches_out(template: &Template) -> bool {
    template.steps.iter().any(|step| {
        action::find(&step.action).is_none_or(|action| action.effect == action::Effect::Remote)
    })
}

impl Report {
    /// The report of a run of `job` of which nothing has happened.
    pub(crate) fn waiting(job: &Job<'_>) -> Self {
        Self {
            status: Status::Completed,
            error: None,
            steps: job.template.steps.iter().map(StepReport::waiting).collect(),
            output: Json::Null,
            tree: Vec::new(),
            warnings: Vec::new(),
            plan: None,
        }
    }
}

/// Runs `job`. `stop` is asked between steps, files and calls; `events` hears what happens as it happens. Blocks.
pub fn run(
    job: &Job<'_>,
    outside: &dyn Outside,
    stop: &dyn Fn() -> bool,
    events: &mut dyn FnMut(Event),
) -> Report {
    let report = Report::waiting(job);
    let refused = |error: String| Report {
        status: Status::Failed,
        error: Some(error),
        ..report.clone()
    };
    if !job.dry_run {
        let unknown = unknown_actions(job.template, &job.mocks, outside);
        if !unknown.is_empty() {
            let words: Vec<String> = unknown.into_iter().map(runner::unknown).collect();
            return refused(format!("{}; a dry run shows the rest", words.join("; ")));
        }
    }
    let template = job.template.entity_ref.to_string();
    tracing::info!(
        template,
        task = job.task_id,
        dry = job.dry_run,
        "a run begins"
    );
    let workspace = match job.past {
        Some(past) if past.workspace_stands => Workspace::open(job.workspace),
        _ => Workspace::new(job.workspace),
    };
    let report = match workspace {
        Ok(workspace) => Runner::new(job, workspace, outside, stop, events, report).run(),
        Err(error) => refused(error.to_string()),
    };
    tracing::info!(template, task = job.task_id, status = ?report.status, "the run ended");
    report
}
