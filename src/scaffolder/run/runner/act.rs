//! One call of an action: carried out, simulated, or handed to a program of the user's own.

use std::cell::RefCell;

use serde_json::{Map, Value as Json};

use crate::scaffolder::action::{self, Action, ActionError, Effect, Input, Outputs, Task};
use crate::scaffolder::expr::Engine;
use crate::scaffolder::outside::ProgramCall;
use crate::scaffolder::run::{Aim, LogLevel};
use crate::scaffolder::template::Step;

use super::{Runner, log, unknown};

impl Runner<'_> {
    /// Carries out one call, or simulates it.
    pub(super) fn act(
        &mut self,
        index: usize,
        step: &Step,
        action: Option<&Action>,
        input: &Map<String, Json>,
    ) -> Result<Outputs, ActionError> {
        let simulated = |runner: &mut Self| {
            if let Some(report) = runner.report.steps.get_mut(index) {
                report.simulated = true;
            }
        };
        if let Some(mock) = self.job.mocks.get(&step.action) {
            simulated(self);
            let given = mock.get("output").and_then(Json::as_object);
            return Ok(given.cloned().unwrap_or_default());
        }
        let effect = action.map(|action| action.effect);
        let is_harmless = action.is_some_and(|action| action.is_harmless(input, self.outside));
        if self.job.dry_run && !is_harmless {
            simulated(self);
            if action.is_none() && !action::is_known(&step.action) {
                self.warn(
                    Some(index),
                    format!("{}; it does nothing", unknown(&step.action)),
                );
            } else if effect == Some(Effect::Idle) {
                self.warn(
                    Some(index),
                    format!("{} is left out of a dry run", step.action),
                );
            } else {
                let line = format!("Would run {}", step.action);
                self.log(Some(index), LogLevel::Info, &line);
            }
            if !matches!(self.job.aim, Aim::Render(_)) {
                self.foresee(index, step, action, input);
            }
            return action::simulate(&step.action, input, self.outside)
                .map_err(ActionError::Failed);
        }
        let Some(action) = action else {
            return self.program(index, step, input);
        };
        let (events, secrets) = (RefCell::new(&mut *self.events), &self.secrets);
        let mut log = |level: LogLevel, text: &str| {
            log(
                &mut **events.borrow_mut(),
                secrets,
                Some(index),
                level,
                text,
            );
        };
        let mut task = Task {
            foresee: None,
            update: match self.job.aim {
                Aim::Update(update) => Some(update),
                _ => None,
            },
            template: self.job.template,
            workspace: &self.workspace,
            outside: self.outside,
            repositories: self.job.repositories,
            engine: Engine::Current,
            simulated: self.job.dry_run,
            stop: self.stop,
            log: &mut log,
            step: &step.id,
            started: self.job.started,
            made: &self.made,
            note: &|event| (events.borrow_mut())(event),
        };
        (action.run)(&mut task, &Input::new(action.id, input))
    }

    /// Has a program of the user's own carry out one call.
    fn program(
        &mut self,
        index: usize,
        step: &Step,
        input: &Map<String, Json>,
    ) -> Result<Outputs, ActionError> {
        if !self.outside.has_program(&step.action) {
            return Err(ActionError::Failed(unknown(&step.action)));
        }
        let (events, secrets) = (&mut *self.events, &self.secrets);
        let mut say = |text: &str| log(events, secrets, Some(index), LogLevel::Info, text);
        let given = self.outside.program(&mut ProgramCall {
            action: &step.action,
            input,
            workspace: &self.workspace.resolve("")?,
            stop: self.stop,
            log: &mut say,
        });
        if (self.stop)() {
            return Err(ActionError::Cancelled);
        }
        Ok(given?)
    }
}
