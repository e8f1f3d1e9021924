//! What a step would do elsewhere, found out by carrying out its action where nothing happens.

use std::cell::RefCell;

use serde_json::{Map, Value as Json};

use crate::catalog::text::clean;
use crate::scaffolder::action::{Action, Effect, Foreseer, Found, Input, Task};
use crate::scaffolder::expr::Engine;
use crate::scaffolder::run::mask;
use crate::scaffolder::template::Step;

use super::Runner;

impl Runner<'_> {
    /// Finds out what one call would do elsewhere.
    pub(super) fn foresee(
        &mut self,
        index: usize,
        step: &Step,
        action: Option<&Action>,
        input: &Map<String, Json>,
    ) {
        let foreseer = Foreseer::new(self.outside, &step.id);
        let result = match action {
            Some(action) if action.effect == Effect::Remote => {
                let made = RefCell::default();
                let mut task = Task {
                    foresee: Some(&foreseer),
                    update: None,
                    template: self.job.template,
                    workspace: &self.workspace,
                    outside: &foreseer,
                    repositories: self.job.repositories,
                    engine: Engine::Current,
                    simulated: true,
                    stop: self.stop,
                    log: &mut |_, _| {},
                    step: &step.id,
                    started: self.job.started,
                    made: &made,
                    note: &|_| {},
                };
                (action.run)(&mut task, &Input::new(action.id, input)).map(drop)
            }
            None if self.outside.has_program(&step.action) => {
                foreseer.program_call(&step.action);
                Ok(())
            }
            _ => Ok(()),
        };
        let Found { calls, changes } = foreseer.into_found();
        let plan = self.report.plan.get_or_insert_default();
        for mut call in calls {
            call.url = mask::text(&clean(&call.url), &self.secrets);
            plan.calls.push(call);
        }
        for mut change in changes {
            change.diff = mask::text(&clean(&change.diff), &self.secrets);
            plan.changes.push(change);
        }
        if let Err(error) = result {
            self.warn(Some(index), format!("a real run would fail here: {error}"));
        }
    }
}
