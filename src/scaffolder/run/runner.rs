//! Steps in their order: condition, each, input, action, output.

mod act;
mod calls;
mod foresee;

use std::cell::RefCell;

use serde_json::{Map, Value as Json, json};

use crate::catalog::text::clean;
use crate::scaffolder::action::{self, ActionError, Outputs};
use crate::scaffolder::expr::{Context, Options, StepStatus, render_step_value};
use crate::scaffolder::form::truthy;
use crate::scaffolder::outside::Outside;
use crate::scaffolder::plan;
use crate::scaffolder::template::Step;
use crate::scaffolder::workspace::Workspace;

use super::{
    Event, Job, LogLevel, Made, Report, Round, Status, StepReport, StepState, mask, output,
};

/// A run under way.
pub(super) struct Runner<'a> {
    pub(super) job: &'a Job<'a>,
    pub(super) outside: &'a dyn Outside,
    pub(super) stop: &'a dyn Fn() -> bool,
    events: &'a mut dyn FnMut(Event),
    pub(super) workspace: Workspace,
    secrets: Vec<String>,
    /// Outputs by step: `steps` as templates see it.
    outputs: Map<String, Json>,
    pub(super) report: Report,
    /// What this run made at hosts so far, earlier attempts included.
    made: RefCell<Vec<Made>>,
}

/// One time that a step's action is carried out.
pub(super) struct Call {
    pub(super) input: Map<String, Json>,
    shown: Json,
    pub(super) each: Option<Json>,
    /// Whether the condition holds for this one of a step with `each`.
    wanted: bool,
}

/// How a step ended.
enum Outcome {
    Done,
    Skipped(String),
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        job: &'a Job<'a>,
        workspace: Workspace,
        outside: &'a dyn Outside,
        stop: &'a dyn Fn() -> bool,
        events: &'a mut dyn FnMut(Event),
        report: Report,
    ) -> Self {
        Self {
            job,
            outside,
            stop,
            events,
            workspace,
            secrets: mask::secrets(job),
            outputs: Map::new(),
            report,
            made: RefCell::new(job.past.map_or_else(Vec::new, |past| past.made.clone())),
        }
    }

    /// Carries out every step and gives the report.
    pub(super) fn run(mut self) -> Report {
        let steps = &self.job.template.steps;
        self.log(
            None,
            LogLevel::Info,
            &format!("Starting up task with {} steps", steps.len()),
        );
        for (index, step) in steps.iter().enumerate() {
            if (self.stop)() {
                self.report.status = Status::Cancelled;
                break;
            }
            self.step(index, step);
        }
        if self.report.status == Status::Completed
            && let Err(error) = self.at_the_end()
        {
            self.report.status = Status::Failed;
            self.report.error = Some(mask::text(&clean(&error.to_string()), &self.secrets));
        }
        if self.report.status == Status::Completed {
            let context = self.context(false, None);
            let rendered = self.render(&self.job.template.output, &context, &StepStatus::default());
            let rendered = output::settle(rendered.unwrap_or_default());
            self.report.output = mask::json(&rendered, &self.secrets);
        }
        self.report.tree = self.workspace.tree();
        if let Some(plan) = &mut self.report.plan {
            plan.lacks = plan::lacks(&plan.calls, self.outside);
        }
        self.report
    }

    fn step(&mut self, index: usize, step: &Step) {
        let failed_before = self.report.status == Status::Failed;
        if let Some(done) = self.job.past.and_then(|past| past.done(index)) {
            self.take_over(index, done);
            return;
        }
        (self.events)(Event::Started { step: index });
        let (state, error) = match self.carry_out(index, step, failed_before) {
            Ok(Outcome::Done) => {
                let line = format!("Finished step {}", step.name);
                self.log(Some(index), LogLevel::Info, &line);
                (StepState::Completed, None)
            }
            Ok(Outcome::Skipped(why)) => {
                self.log(Some(index), LogLevel::Info, &why);
                (StepState::Skipped, None)
            }
            Err(ActionError::Cancelled) => {
                self.report.status = Status::Cancelled;
                (StepState::Failed, Some("stopped".to_owned()))
            }
            Err(error) => {
                let error = mask::text(&clean(&error.to_string()), &self.secrets);
                self.log(Some(index), LogLevel::Error, &error);
                self.report.status = Status::Failed;
                self.report.error.get_or_insert_with(|| error.clone());
                (StepState::Failed, Some(error))
            }
        };
        if let Some(report) = self.report.steps.get_mut(index) {
            report.state = state;
            report.error = error;
        }
        self.finished(index);
    }

    /// Takes over what an earlier attempt has done.
    fn take_over(&mut self, index: usize, done: &StepReport) {
        let line = format!("Step {} was done before", done.name);
        self.log(Some(index), LogLevel::Info, &line);
        self.outputs
            .insert(done.id.clone(), json!({ "output": done.output }));
        if let Some(report) = self.report.steps.get_mut(index) {
            report.clone_from(done);
        }
        self.finished(index);
    }

    fn finished(&mut self, index: usize) {
        if let Some(report) = self.report.steps.get(index) {
            let report = Box::new(report.clone());
            (self.events)(Event::Finished {
                step: index,
                report,
            });
        }
    }

    fn carry_out(
        &mut self,
        index: usize,
        step: &Step,
        failed: bool,
    ) -> Result<Outcome, ActionError> {
        let asks = self.asks_about_failure(step, failed);
        if failed && !asks {
            return Ok(Outcome::Skipped(format!(
                "Skipping step {} because a previous step failed",
                step.id
            )));
        }
        self.log(
            Some(index),
            LogLevel::Info,
            &format!("Beginning step {}", step.name),
        );
        let off = step.condition == Some(Json::Bool(false));
        if off || step.each.is_none() && !self.wanted(step, &self.context(false, None), failed) {
            return Ok(Outcome::Skipped(format!(
                "Skipping step {} because its if condition was false",
                step.id
            )));
        }
        let action = action::find(&step.action);
        let calls = self.calls(index, step, action, failed)?;
        let mut outputs = Outputs::new();
        let mut shown = Vec::new();
        let mut before = self
            .job
            .past
            .map_or(&[][..], |past| past.rounds(index))
            .to_vec();
        for call in &calls {
            if let Some(each) = &call.each {
                if !call.wanted {
                    self.log(
                        Some(index),
                        LogLevel::Info,
                        &format!("Skipping step each: {each}"),
                    );
                    continue;
                }
                self.log(
                    Some(index),
                    LogLevel::Info,
                    &format!("Running step each: {each}"),
                );
            }
            shown.push(call.shown.clone());
            let masked = if step.each.is_some() {
                shown.clone().into()
            } else {
                call.shown.clone()
            };
            if let Some(report) = self.report.steps.get_mut(index) {
                report.input = masked;
            }
            let earlier = before.iter().position(|round| round.input == call.shown);
            let given = if let Some(Json::Object(given)) =
                earlier.map(|at| before.swap_remove(at).output)
            {
                let line = "It was done before".to_owned();
                self.log(Some(index), LogLevel::Info, &line);
                given
            } else {
                self.before(index, step, call)?;
                self.act(index, step, action, &call.input)?
            };
            self.withhold(&step.action, &given);
            if step.each.is_some()
                && let Some(report) = self.report.steps.get_mut(index)
            {
                report.rounds.push(Round {
                    input: call.shown.clone(),
                    output: mask::json(&Json::Object(given.clone()), &self.secrets),
                });
            }
            for (name, value) in given {
                if step.each.is_some() {
                    let slot = outputs
                        .entry(name)
                        .or_insert_with(|| Json::Array(Vec::new()));
                    if let Json::Array(values) = slot {
                        values.push(value);
                    }
                } else {
                    outputs.insert(name, value);
                }
            }
        }
        if let Some(report) = self.report.steps.get_mut(index) {
            report.output = mask::json(&Json::Object(outputs.clone()), &self.secrets);
            // Once all are done, the step is.
            report.rounds.clear();
        }
        self.outputs
            .insert(step.id.clone(), json!({ "output": outputs }));
        Ok(Outcome::Done)
    }

    /// Masks from now on what `given` holds that is a secret of its own: tokens that an action makes.
    fn withhold(&mut self, action: &str, given: &Outputs) {
        for name in action::secret_outputs(action) {
            if let Some(Json::String(secret)) = given.get(*name) {
                self.secrets.push(secret.clone());
            }
        }
    }

    /// Whether the step's condition is one that asks `always()` or `failure()`, and so runs after a failure too.
    fn asks_about_failure(&self, step: &Step, failed: bool) -> bool {
        let Some(condition @ Json::String(_)) = &step.condition else {
            return false;
        };
        let status = StepStatus {
            failed,
            ..StepStatus::default()
        };
        self.render(condition, &self.context(false, None), &status);
        status.asked.get()
    }

    /// Whether the step's condition holds.
    fn wanted(&self, step: &Step, context: &Context, failed: bool) -> bool {
        match &step.condition {
            Some(Json::Bool(wanted)) => *wanted,
            Some(text @ Json::String(_)) => {
                let status = StepStatus {
                    failed,
                    ..StepStatus::default()
                };
                self.render(text, context, &status)
                    .is_some_and(|value| truthy(&value))
            }
            _ => true,
        }
    }

    fn is_mocked(&self, step: &Step) -> bool {
        self.job.mocks.contains_key(&step.action)
    }

    /// The names a step's templates see; secrets only where `secret`.
    fn context(&self, secret: bool, each: Option<&Json>) -> Context {
        let mut names = json!({
            "parameters": self.job.answers.parameters,
            "steps": self.outputs,
            "user": self.job.user,
            "context": { "task": { "id": self.job.task_id } },
            "environment": { "parameters": {} },
        });
        if secret {
            names["secrets"] = self.job.answers.secrets.to_json();
            names["environment"]["secrets"] = json!({});
        }
        if let Some(each) = each {
            names["each"] = each.clone();
        }
        Context::new(&names)
    }

    fn render(&self, value: &Json, context: &Context, status: &StepStatus) -> Option<Json> {
        let _ = self;
        render_step_value(value, context, Options::default(), status)
    }

    pub(super) fn warn(&mut self, step: Option<usize>, line: String) {
        self.log(step, LogLevel::Warning, &line);
        if !self.report.warnings.contains(&line) {
            self.report.warnings.push(line);
        }
    }

    pub(super) fn log(&mut self, step: Option<usize>, level: LogLevel, text: &str) {
        log(self.events, &self.secrets, step, level, text);
    }
}

/// Logs `text` line by line, cleaned and without secrets.
fn log(
    events: &mut dyn FnMut(Event),
    secrets: &[String],
    step: Option<usize>,
    level: LogLevel,
    text: &str,
) {
    let text = mask::text(text, secrets);
    for line in clean(&text).split('\n') {
        events(Event::Log {
            step,
            level,
            line: line.to_owned(),
        });
    }
}

/// What to say about an action that cannot be carried out here.
pub(super) fn unknown(id: &str) -> String {
    if id.is_empty() {
        "a step names no action".to_owned()
    } else if action::is_known(id) {
        format!("{id} cannot be carried out by this program yet")
    } else {
        format!("{id} is no action that is known here")
    }
}
