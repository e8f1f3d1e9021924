//! Notes what outlasts the page it is on: after each message what has changed is kept, so that it is there whenever the
//! portal ends, and however.

use crate::app::effect::Effect;
use crate::app::lasting::{Bookmark, Keep};
use crate::app::model::Model;
use crate::app::page::Page;
use crate::app::page::docs::Here;
use crate::app::route::EntityTab;
use crate::catalog::EntityRef;

/// What is to be kept of what has changed. Within a section of docs nothing has.
pub(super) fn changed(model: &mut Model) -> Vec<Effect> {
    note(model, |bookmark, known| {
        bookmark.page != known.page || bookmark.heading != known.heading
    })
}

/// What is to be kept of a page that is about to be left: of docs the very line.
pub(super) fn left(model: &mut Model) -> Vec<Effect> {
    note(model, |bookmark, known| bookmark != known)
}

fn note(model: &mut Model, is_elsewhere: impl Fn(&Bookmark, &Bookmark) -> bool) -> Vec<Effect> {
    let mut keeps = Vec::new();
    let lasting = &mut model.shared.lasting;
    // A width is one when the edge is let go.
    let is_settled = model.dragged.is_none() && !lasting.is_awaited;
    if is_settled && lasting.choices != lasting.kept {
        lasting.kept.clone_from(&lasting.choices);
        keeps.push(Keep::Choices(lasting.choices.clone()));
    }
    match model.pages.last() {
        Some(Page::Entity(entity)) => {
            let turned = entity.turned;
            let entity_ref = entity.entity_ref.clone();
            keeps.extend(turned.and_then(|tab| turn(model, &entity_ref, tab)));
        }
        Some(Page::Docs(docs)) => {
            let here = docs.here(model.drawn.page_rows.max(1), &model.shared);
            let entity_ref = docs.entity_ref.clone();
            keeps.extend(here.and_then(|here| {
                let here = match here {
                    Here::Beginning => None,
                    Here::At(bookmark) => Some(bookmark),
                };
                let known = model.shared.lasting.bookmarks.get(&entity_ref);
                let is_new = match (&here, known) {
                    (Some(here), Some(known)) => is_elsewhere(here, known),
                    (None, None) => false,
                    _ => true,
                };
                is_new.then(|| mark(model, entity_ref, here))
            }));
        }
        _ => {}
    }
    keeps.into_iter().map(Effect::Keep).collect()
}

/// Remembers the tab that was turned to; what is to be kept, if that is another one.
fn turn(model: &mut Model, entity_ref: &EntityRef, tab: EntityTab) -> Option<Keep> {
    let tabs = &mut model.shared.lasting.tabs;
    let tab = Some(tab).filter(|tab| *tab != EntityTab::default());
    let before = match tab {
        Some(tab) => tabs.insert(entity_ref.clone(), tab),
        None => tabs.remove(entity_ref),
    };
    (before != tab).then(|| Keep::Tab(entity_ref.clone(), tab))
}

fn mark(model: &mut Model, entity_ref: EntityRef, here: Option<Bookmark>) -> Keep {
    let bookmarks = &mut model.shared.lasting.bookmarks;
    match &here {
        Some(here) => drop(bookmarks.insert(entity_ref.clone(), here.clone())),
        None => drop(bookmarks.remove(&entity_ref)),
    }
    Keep::Bookmark(entity_ref, here)
}
