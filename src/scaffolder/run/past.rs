//! What an earlier attempt at a run left: steps that were done, and what it made at hosts.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mask::MASK;
use super::{Round, StepReport, StepState};
use crate::scaffolder::action::{self, Effect};
use crate::scaffolder::template::Template;

/// Something that a run made at a host, or was about to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The id of the step that made it.
    pub step: String,
    /// What it is.
    pub kind: Thing,
    /// The host as in integrations: `github.com`.
    pub host: String,
    /// Its name there: `acme/svc`.
    pub name: String,
    /// The id that the host gave it, which stays when it is renamed. `None`: it was not there, and the host was asked to make
    /// it, but has not said yet whether it did.
    pub id: Option<String>,
    /// Its web page; empty while it is not known.
    pub url: String,
    /// Where the host's API has it, `/repos/acme/svc`: read there, and removed there.
    pub path: String,
}

/// What a run makes at hosts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Thing {
    /// A repository.
    Repository,
    /// A pull request or merge request.
    PullRequest,
}

/// The id in what a host says of a repository: GitHub, GitLab, Gitea and Bitbucket Data Center number them, Bitbucket Cloud and
/// Azure DevOps give them UUIDs.
pub fn id_of(body: &Value) -> Option<String> {
    let id = body.get("uuid").or_else(|| body.get("id"))?;
    match id {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

impl Made {
    /// Whether this is the same place as `other`.
    pub fn is_at(&self, other: &Self) -> bool {
        (self.kind, &self.host, &self.name) == (other.kind, &other.host, &other.name)
    }

    /// Notes `made` among `all`; what is known of the same thing is replaced.
    pub fn note(all: &mut Vec<Self>, made: &Self) {
        all.retain(|known| !known.is_at(made));
        all.push(made.clone());
    }
}

/// An earlier attempt at the same run.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Past {
    /// How its steps ended, in the order of the template.
    pub steps: Vec<StepReport>,
    /// The rounds of the step behind them that are finished and need not be done again.
    pub rounds: Vec<Round>,
    /// What it made at hosts.
    pub made: Vec<Made>,
    /// Whether the workspace stands as the steps that were done left it. Otherwise it is empty, and what works in it is done
    /// again.
    pub workspace_stands: bool,
}

/// Why a run cannot go on where it failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PastError {
    /// The template has other steps now.
    #[error("the template has changed since: its step {step} is not what it was; start a new run")]
    Changed {
        /// The step's id.
        step: String,
    },
    /// A program of the user's own may have made files.
    #[error(
        "step {step} ran {action}, which is no action of this program's: whether its files are still needed cannot be told; start a new run"
    )]
    Foreign {
        /// The step's id.
        step: String,
        /// The action.
        action: String,
    },
    /// What a step gave cannot be given again.
    #[error(
        "step {step} gave something secret, which is not kept, and cannot be done twice; start a new run"
    )]
    Withheld {
        /// The step's id.
        step: String,
    },
}

impl Past {
    /// What is left of an attempt at `template` whose `steps` ended so and which `made` that. `is_kept` says whether its
    /// workspace is still there; `as_before` whether the answers are the same.
    pub fn of(
        template: &Template,
        steps: &[StepReport],
        made: &[Made],
        is_kept: bool,
        as_before: bool,
    ) -> Result<Self, PastError> {
        // Behind the first step that was not done stand those that ran because of the failure; they do not count.
        let done: Vec<StepReport> = steps
            .iter()
            .take_while(|step| step.state.is_over())
            .cloned()
            .collect();
        for (at, step) in done.iter().enumerate() {
            let now = template.steps.get(at);
            if now.is_none_or(|now| (&now.id, &now.action) != (&step.id, &step.action)) {
                let step = step.id.clone();
                return Err(PastError::Changed { step });
            }
            if !is_local(step) && is_withheld(&step.output) {
                let step = step.id.clone();
                return Err(PastError::Withheld { step });
            }
        }
        let rest = steps.get(done.len()..).unwrap_or_default();
        // A step that failed half-way, or ran after the failure, may have changed files.
        let touched = rest.iter().any(|step| {
            is_local(step) && !matches!(step.state, StepState::Waiting | StepState::Skipped)
        });
        let withheld = done.iter().any(|step| is_withheld(&step.output));
        let workspace_stands = is_kept && as_before && !touched && !withheld;
        let is_foreign = |step: &&StepReport| {
            step.state == StepState::Completed && action::find(&step.action).is_none()
        };
        if let Some(step) = done.iter().find(is_foreign).filter(|_| !workspace_stands) {
            return Err(PastError::Foreign {
                step: step.id.clone(),
                action: step.action.clone(),
            });
        }
        let broken_off = rest.first();
        let same = template.steps.get(done.len()).zip(broken_off);
        let same =
            same.is_some_and(|(now, then)| (&now.id, &now.action) == (&then.id, &then.action));
        let rounds = broken_off.filter(|step| same && !is_local(step));
        let mut rounds = rounds.map_or_else(Vec::new, |step| step.rounds.clone());
        rounds.retain(|round| !is_withheld(&round.output));
        Ok(Self {
            steps: done,
            rounds,
            made: made.to_vec(),
            workspace_stands,
        })
    }

    /// The rounds of the step at `index` that need not be done again.
    pub(super) fn rounds(&self, index: usize) -> &[Round] {
        if index == self.steps.len() {
            &self.rounds
        } else {
            &[]
        }
    }

    /// What came of the step at `index`, if it need not be done again.
    pub(super) fn done(&self, index: usize) -> Option<&StepReport> {
        let step = self.steps.get(index)?;
        let counts = step.state == StepState::Completed;
        (counts && (self.workspace_stands || !is_local(step))).then_some(step)
    }
}

/// Whether a step works in the workspace.
fn is_local(step: &StepReport) -> bool {
    action::find(&step.action).is_some_and(|action| action.effect == Effect::Local)
}

/// Whether stars stand in the place of a secret.
fn is_withheld(output: &Value) -> bool {
    output.to_string().contains(MASK)
}
