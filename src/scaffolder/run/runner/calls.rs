//! The calls that a step comes to: one, or one for each of what it is repeated for; input rendered and held against what the
//! action takes.

use serde_json::{Map, Value as Json, json};

use crate::scaffolder::action::{Action, ActionError, Effect};
use crate::scaffolder::expr::StepStatus;
use crate::scaffolder::known;
use crate::scaffolder::run::mask;
use crate::scaffolder::template::Step;

use super::{Call, Runner};

impl Runner<'_> {
    /// Every call of the step's action, input rendered and checked before the first is made.
    pub(super) fn calls(
        &mut self,
        index: usize,
        step: &Step,
        action: Option<&Action>,
        failed: bool,
    ) -> Result<Vec<Call>, ActionError> {
        let each = match &step.each {
            None => vec![None],
            Some(each) => self
                .each(step, each, failed)?
                .into_iter()
                .map(Some)
                .collect(),
        };
        let mut calls = Vec::new();
        for each in each {
            let status = StepStatus {
                failed,
                ..StepStatus::default()
            };
            let context = self.context(true, each.as_ref());
            let wanted = each.is_none() || self.wanted(step, &context, failed);
            let with = self
                .render(&step.input, &context, &status)
                .unwrap_or_default();
            let blind = self.context(false, each.as_ref());
            let without = self.render(&step.input, &blind, &status);
            let shown = mask::json(&mask::compare(&with, without.as_ref()), &self.secrets);
            let id = match &each {
                Some(each) => format!("{}[{}]", step.action, each["key"].as_str().unwrap_or("")),
                None => step.action.clone(),
            };
            let Json::Object(mut input) = with else {
                return Err(ActionError::Input {
                    action: id,
                    problem: "instance is not of a type(s) object".to_owned(),
                });
            };
            if wanted && !self.is_mocked(step) {
                self.sieve(index, &id, step, action, &mut input)?;
            }
            calls.push(Call {
                input,
                shown,
                each,
                wanted,
            });
        }
        Ok(calls)
    }

    /// Takes what the action does not know out of `input` and fails if it would refuse the rest. What is only simulated is
    /// not refused, as Backstage's dry run does not refuse it, but told.
    fn sieve(
        &mut self,
        index: usize,
        id: &str,
        step: &Step,
        action: Option<&Action>,
        input: &mut Map<String, Json>,
    ) -> Result<(), ActionError> {
        let Some(known) = known::find(&step.action) else {
            return Ok(());
        };
        let mut found = known.sieve(input);
        for name in found.unknown {
            if self.job.strict {
                found.problems.push(format!(
                    "instance is not allowed to have the additional property {name:?}"
                ));
            } else {
                let line = format!("{} does not take {name:?}; it is left out", step.action);
                self.warn(Some(index), line);
            }
        }
        if found.problems.is_empty() {
            return Ok(());
        }
        let error = ActionError::Input {
            action: id.to_owned(),
            problem: found.problems.join(", "),
        };
        let local = action.is_some_and(|action| action.effect == Effect::Local);
        if self.job.dry_run && !local {
            self.warn(Some(index), format!("a real run would fail here: {error}"));
            return Ok(());
        }
        Err(error)
    }

    /// The keys and values that a step is repeated for.
    fn each(&self, step: &Step, each: &Json, failed: bool) -> Result<Vec<Json>, ActionError> {
        let status = StepStatus {
            failed,
            ..StepStatus::default()
        };
        let value = self.render(each, &self.context(true, None), &status);
        let pair = |(key, value): (String, Json)| json!({ "key": key, "value": value });
        match value {
            Some(Json::Array(items)) => Ok(items
                .into_iter()
                .enumerate()
                .map(|(index, value)| pair((index.to_string(), value)))
                .collect()),
            Some(Json::Object(map)) => Ok(map.into_iter().map(pair).collect()),
            Some(_) => Err(ActionError::Failed(format!(
                "Invalid value on action {}.each parameter, must resolve to an array or object",
                step.action
            ))),
            None => {
                let shown = each
                    .as_str()
                    .map_or_else(|| each.to_string(), str::to_owned);
                Err(ActionError::Failed(format!(
                    "Invalid value on action {}.each parameter, \"{shown}\" cannot be resolved to a value",
                    step.action
                )))
            }
        }
    }
}
