//! The review: what is to be run, where, and what it would make.

use std::sync::Arc;

use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::route::RunOrder;
use crate::app::text_field::TextField;
use crate::scaffolder::Template;
use crate::scaffolder::plan::{Elsewhere, Offer};

use super::{Form, publishes, suggested_folder};

impl Form {
    pub(super) fn review(&mut self, cx: &mut Cx<'_>) {
        if self.out.text().is_empty() && !publishes(&self.template) {
            self.out = TextField::new(&suggested_folder(&self.template, &self.answers));
        }
        if self.preview {
            return;
        }
        self.plan = None;
        self.plan_generation = cx.next_generation();
        cx.effect(Effect::PlanRun {
            generation: self.plan_generation,
            order: Arc::new(self.order()),
        });
    }

    /// Whether what it makes can remember what it was made from: what runs in a Backstage cannot.
    pub fn can_remember(&self) -> bool {
        !self.template.source.starts_with("backstage:")
    }

    /// Has what it makes remember what it was made from, or not; the plan shows the file.
    pub fn toggle_remember(&mut self, cx: &mut Cx<'_>) {
        if self.reviewing() && self.can_remember() {
            self.remember = !self.remember;
            self.review(cx);
        }
    }

    /// What keeps it from running here, and where it can run; `None` where nothing does, or before it is known.
    pub fn elsewhere(&self) -> Option<&Elsewhere> {
        let report = self.plan.as_ref()?.as_ref().ok()?;
        report.plan.as_ref()?.elsewhere.as_ref()
    }

    /// The running Backstage that it can be run at in place of here.
    pub fn offer(&self) -> Option<&Offer> {
        self.elsewhere()?.offers.first()
    }

    /// Whether it is to run at a running Backstage although it came from elsewhere.
    pub fn is_moved(&self) -> bool {
        self.home.is_some()
    }

    /// Has it run at the running Backstage that is offered, or here again.
    pub fn toggle_place(&mut self, cx: &mut Cx<'_>) {
        if !self.reviewing() || self.preview {
            return;
        }
        let source = match (self.home.take(), self.offer()) {
            (Some(home), _) => home,
            (None, Some(offer)) => {
                let source = offer.source.clone();
                self.home = Some(self.template.source.clone());
                source
            }
            (None, None) => return,
        };
        self.template = Arc::new(Template {
            source,
            ..(*self.template).clone()
        });
        self.review(cx);
    }

    /// What is to be run.
    pub fn order(&self) -> RunOrder {
        let out = self.out.text().trim();
        RunOrder {
            template: self.template.clone(),
            answers: self.answers.clone(),
            out: (!out.is_empty()).then(|| out.to_owned()),
            earlier: self.earlier.as_ref().map(|earlier| earlier.run.clone()),
            remember: self.remember && self.can_remember(),
        }
    }
}
