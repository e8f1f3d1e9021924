//! From page to page: on, back, forward again, home. A page keeps its state while one is elsewhere.

use std::sync::Arc;

use super::lasting;
use crate::app::command::Command;
use crate::app::cx::Request;
use crate::app::effect::Effect;
use crate::app::model::Model;
use crate::app::notice::Notice;
use crate::app::page::Page;
use crate::app::route::{EntityTab, Route};

/// How many runs that ended and are on no way any more keep their pages.
const PARKED: usize = 20;
/// How many pages back one can go.
pub(super) const HISTORY: usize = 100;

/// Goes to another place; what lay ahead is forgotten, as in a browser.
pub(super) fn go(model: &mut Model, route: Route, requests: &mut Vec<Request>) {
    leave(model, requests);
    if route == Route::Home && matches!(model.pages.first(), Some(Page::Home(_))) {
        // Home is where one came from: what was passed lies ahead.
        let passed = model.pages.drain(1..).rev();
        model.ahead.extend(passed);
        come_back(model, requests);
        return;
    }
    forget_ahead(model);
    model.left = None;
    open(model, route, requests);
}

/// Offers to go where the portal was left, while one is still where it opened.
pub(super) fn offer(model: &mut Model, link: &str) {
    let is_begun = model.pages.len() > 1 || !model.ahead.is_empty() || model.overlay.is_some();
    let left = Route::kept(link, &model.shared.index).filter(|left| *left != Route::Home);
    if let (Some(left), false) = (left, is_begun) {
        let said = format!("You left it at {link}");
        hint(model, &said, Command::Forward, "goes there");
        model.left = Some(left);
    }
}

/// Says something with the key of a command that leads elsewhere. It is no message that somebody would look up.
pub(super) fn hint(model: &mut Model, said: &str, way: Command, leads: &str) {
    let page = model.page();
    let (context, typing) = (page.context(), page.typing());
    let key = model.shared.keymap.chord_for(way.info(), context, typing);
    let text = match key {
        Some(key) => format!("{said}; {key} {leads}."),
        None => format!("{said}."),
    };
    model.notice = Some(Notice::info(text));
}

/// Goes to another place in place of the page on the screen.
pub(super) fn replace(model: &mut Model, route: Route, requests: &mut Vec<Request>) {
    leave(model, requests);
    let replaced = model.pages.pop();
    park(model, replaced);
    forget_ahead(model);
    open(model, route, requests);
}

/// Goes back to the page before, which is as it was left.
pub(super) fn back(model: &mut Model, requests: &mut Vec<Request>) {
    if model.pages.len() < 2 {
        return;
    }
    leave(model, requests);
    model.ahead.extend(model.pages.pop());
    come_back(model, requests);
}

/// Undoes a step back.
pub(super) fn forward(model: &mut Model, requests: &mut Vec<Request>) {
    let Some(page) = model.ahead.pop() else {
        if let Some(left) = model.left.take() {
            go(model, left, requests);
        }
        return;
    };
    leave(model, requests);
    model.pages.push(page);
    come_back(model, requests);
}

fn open(model: &mut Model, mut route: Route, requests: &mut Vec<Request>) {
    if route == Route::Home {
        let passed = std::mem::take(&mut model.pages);
        park(model, passed);
    } else if let Route::Entity { entity_ref, .. }
    | Route::Relations { entity_ref, .. }
    | Route::Operation { entity_ref, .. } = &route
    {
        requests.push(Request::Effect(Effect::SaveVisit(entity_ref.clone())));
        let personal = Arc::make_mut(&mut model.shared.personal);
        personal.visits.retain(|visited| visited != entity_ref);
        personal.visits.insert(0, entity_ref.clone());
        *personal.heat.entry(entity_ref.clone()).or_default() += 1.0;
    }
    // Whoever does not ask for a tab finds the one that they turned to when they were there last.
    if let Route::Entity { entity_ref, tab } = &mut route
        && *tab == EntityTab::default()
        && let Some(turned) = model.shared.lasting.tabs.get(entity_ref)
    {
        *tab = *turned;
    }
    model.overlay = None;
    let (pages, _, mut cx) = model.parts(requests);
    pages.push(Page::open(route, &mut cx));
    bound(model);
}

/// Forgets the pages one came through longest ago.
fn bound(model: &mut Model) {
    if model.pages.len() > HISTORY {
        let oldest = model.pages.remove(1);
        park(model, [oldest]);
    }
}

fn forget_ahead(model: &mut Model) {
    let ahead = std::mem::take(&mut model.ahead);
    park(model, ahead);
}

/// Of pages that nothing leads to any more, those of runs are kept: a run goes on, and what came of it may be asked for.
fn park(model: &mut Model, pages: impl IntoIterator<Item = Page>) {
    let runs = pages.into_iter().filter(|page| page.run().is_some());
    model.parked.extend(runs);
    let is_over = |page: &Page| matches!(page, Page::Run(run) if run.ended.is_some());
    let over = model.parked.iter().filter(|page| is_over(page)).count();
    let mut surplus = over.saturating_sub(PARKED);
    model.parked.retain(|page| {
        let goes = surplus > 0 && is_over(page);
        surplus -= usize::from(goes);
        !goes
    });
}

/// Goes to the page of a run, wherever it is.
pub(super) fn show_run(model: &mut Model, number: u64, requests: &mut Vec<Request>) {
    let ways = [&mut model.pages, &mut model.ahead, &mut model.parked];
    let found = ways.into_iter().find_map(|pages| {
        let at = pages.iter().position(|page| page.run() == Some(number))?;
        Some(pages.remove(at))
    });
    let Some(page) = found else {
        requests.push(Request::Go(Route::Runs));
        return;
    };
    leave(model, requests);
    forget_ahead(model);
    model.left = None;
    model.pages.push(page);
    bound(model);
    come_back(model, requests);
}

/// The page on the screen is about to be left.
fn leave(model: &mut Model, requests: &mut Vec<Request>) {
    let keeps = lasting::left(model).into_iter();
    requests.extend(keeps.map(Request::Effect));
    let (pages, _, mut cx) = model.parts(requests);
    if let Some(Page::Entity(entity)) = pages.last() {
        entity.left(&mut cx);
    }
}

/// The page that is the last now is on the screen again.
fn come_back(model: &mut Model, requests: &mut Vec<Request>) {
    model.overlay = None;
    let (pages, _, mut cx) = model.parts(requests);
    match pages.last_mut() {
        Some(Page::Entity(entity)) => entity.shown(&mut cx),
        Some(Page::Catalog(catalog)) => catalog.shown(&mut cx),
        Some(Page::Wizard(wizard)) => wizard.shown(&mut cx),
        Some(Page::Home(home)) => home.come_back(&mut cx),
        _ => {}
    }
}
