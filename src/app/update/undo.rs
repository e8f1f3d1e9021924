//! Taking back what was changed last.

use super::{refresh, requests};
use crate::app::cx::Request;
use crate::app::effect::Effect;
use crate::app::message::Answer;
use crate::app::model::Model;
use crate::app::notice::Notice;
use crate::app::page::Page;
use crate::app::page::catalog::View;
use crate::app::undo::{Before, Change, KEPT};

/// Remembers how something was before it was changed.
pub(super) fn remember(model: &mut Model, change: Change) {
    model.undo.push(change);
    if model.undo.len() > KEPT {
        model.undo.remove(0);
    }
}

/// Shows the catalog's table in another way, and keeps that.
pub(super) fn set_view(model: &mut Model, view: View, requests: &mut Vec<Request>) -> Effect {
    let effect = Effect::SaveView(view.to_string());
    model.shared.view = view;
    refresh(model, requests);
    effect
}

/// Undoes the last change, and says what that was.
pub(super) fn last(model: &mut Model, requests: &mut Vec<Request>) {
    let Some(Change { did, before }) = model.undo.pop() else {
        return;
    };
    let effects = match before {
        Before::Stars(refs, starred) => {
            let effects = requests::set_stars(model, &refs, starred);
            refresh(model, requests);
            effects
        }
        Before::View(view) => vec![set_view(model, *view, requests)],
        Before::Saved(name, text) => vec![Effect::SaveQuery { name, text }],
        Before::Draft(template, answers) => {
            let answer = Answer::LastAnswers(template.clone(), Some(answers.clone()));
            requests.push(Request::KeepDraft(template, Some(answers)));
            model.each_page(requests, |page, cx| {
                if matches!(page, Page::Wizard(_)) {
                    page.answer(&answer, cx);
                }
            });
            Vec::new()
        }
        Before::Page(before) => {
            // What was left for another page is given to the nearest that it fits.
            let mut before = Some(before);
            let (pages, _, mut cx) = model.parts(requests);
            for page in pages.iter_mut().rev() {
                before = before.and_then(|before| page.restore(before, &mut cx));
            }
            // Another page's search takes the place of that of the page in sight.
            if let Some(Page::Catalog(catalog)) = pages.last_mut() {
                catalog.shown(&mut cx);
            }
            Vec::new()
        }
    };
    requests.extend(effects.into_iter().map(Request::Effect));
    model.say(Notice::done(format!("Undone: {did}.")));
}
