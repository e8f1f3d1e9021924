//! Going on with a run that ended early: its answers are there, but for secrets, which are not kept.

use std::sync::Arc;

use crate::app::cx::Cx;
use crate::app::route::Earlier;
use crate::scaffolder::form::{self, Field, FieldError};
use crate::scaffolder::journal;

use super::Form;

impl Form {
    /// Takes the form to its review, from where the run goes on, or to the first page with something that is wrong or has to
    /// be given again.
    pub fn resume(&mut self, earlier: Arc<Earlier>, cx: &mut Cx<'_>) {
        self.remember = earlier.remember;
        self.earlier = Some(earlier);
        self.steps = form::pages(&self.template, &self.answers);
        let wrong = self.steps.iter().position(|&number| {
            self.template.pages.get(number).is_some_and(|page| {
                let (fields, errors) = form::look(page, &self.answers);
                !errors.is_empty() || !self.withheld(&fields).is_empty()
            })
        });
        self.step = wrong.unwrap_or(self.steps.len());
        self.enter(cx);
        if self.reviewing() {
            return;
        }
        let wrong = self.errors.iter().map(|error| error.path.clone());
        self.touched.extend(wrong);
        self.focus_wrong(cx);
    }

    /// The name of the step at which the run goes on that this one takes up.
    pub fn goes_on_at(&self) -> Option<&str> {
        self.earlier.as_ref()?.step.as_deref()
    }

    /// What was answered in secret `fields` before, and has to be given again.
    pub(super) fn withheld(&self, fields: &[Field]) -> Vec<FieldError> {
        let Some(earlier) = &self.earlier else {
            return Vec::new();
        };
        let missing = journal::not_given(&earlier.withheld, &self.answers);
        let lacks = |field: &&Field| {
            let name = field.path.rsplit('/').next().unwrap_or_default();
            missing.contains(&field.path.as_str()) || field.secret && missing.contains(&name)
        };
        let error = |field: &Field| FieldError {
            path: field.path.clone(),
            message: "Secrets are not kept; give it again".to_owned(),
        };
        fields.iter().filter(lacks).map(error).collect()
    }
}
