//! What a run would make, beside the form or on the review.

use std::sync::Arc;

use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::scaffolder::Template;
use crate::scaffolder::run::Report;

use super::Form;

impl Form {
    /// Finds out anew what a run would make; what it made before stays in sight until then. One at a time.
    pub fn plan_again(&mut self, cx: &mut Cx<'_>) {
        if self.is_planning {
            self.is_stale = true;
            return;
        }
        self.is_planning = true;
        self.plan_generation = cx.next_generation();
        cx.effect(Effect::PlanRun {
            generation: self.plan_generation,
            order: Arc::new(self.order()),
        });
    }

    /// Takes what a run would make.
    pub fn planned(
        &mut self,
        generation: u64,
        plan: &Result<Arc<Report>, String>,
        cx: &mut Cx<'_>,
    ) {
        if generation != self.plan_generation {
            return;
        }
        self.plan = Some(plan.clone());
        self.is_planning = false;
        if std::mem::take(&mut self.is_stale) {
            self.plan_again(cx);
        }
    }

    /// Goes on with the template as its author has it now: same answers, same step, the same field if it is still there.
    pub fn change_template(&mut self, template: Template, cx: &mut Cx<'_>) {
        if *self.template == template {
            return;
        }
        let focused = self.focused().map(|field| field.path.clone());
        let touched = std::mem::take(&mut self.touched);
        self.template = Arc::new(template);
        self.enter(cx);
        self.touched = touched;
        let at = focused.and_then(|path| self.fields.iter().position(|field| field.path == path));
        if let Some(at) = at {
            self.focus = at;
            self.open(cx);
        }
        self.plan_again(cx);
    }

    /// How many lines the review has, more or less: it is scrolled no further.
    pub(super) fn longest(&self) -> usize {
        let Some(Ok(report)) = &self.plan else {
            return 0;
        };
        let plan = report.plan.iter();
        let beyond = plan.map(|plan| {
            let diffs = plan
                .changes
                .iter()
                .map(|change| change.diff.lines().count() + 1);
            plan.calls.len() + (plan.lacks.len() + 2) * 3 + diffs.sum::<usize>()
        });
        report.tree.len() + report.steps.len() + beyond.sum::<usize>()
    }
}
