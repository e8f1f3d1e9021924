//! Rows are new while the finder is open: the cursor comes back to what it was on.

use std::sync::Arc;

use super::{Finder, Row};
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::message::Origin;
use crate::catalog::EntityRef;

/// What the cursor was on, and where that stood.
#[derive(Debug)]
pub(super) struct Kept {
    on: On,
    cursor: Cursor,
}

/// What a cursor can be on, by what outlasts a list.
#[derive(Debug, PartialEq, Eq)]
enum On {
    Entity(EntityRef),
    Passage(Origin),
    Action(Command),
}

impl Finder {
    /// Forgets what was found, for rows of an old index name other entities in a new one, and asks again. Whoever has not
    /// moved stays on top.
    pub fn search_again(&mut self, cx: &mut Cx<'_>) {
        let at = self.cursor.selected;
        let on = match self.rows.get(at).filter(|_| at > 0) {
            Some(Row::Entity(_) | Row::Described(_)) => self.on.clone().map(On::Entity),
            Some(Row::Passage(_)) => self.passage(at).map(|it| On::Passage(it.origin.clone())),
            Some(Row::Action(_)) => self.action(at).map(|it| On::Action(it.command)),
            None => None,
        };
        if let Some(on) = on {
            let cursor = self.cursor;
            self.kept = Some(Kept { on, cursor });
        }
        self.found = Arc::default();
        self.texts = Arc::default();
        self.described.clear();
        self.rows.clear();
        self.search(cx);
    }

    /// Puts the cursor on what it was on, if that is listed by now.
    pub(super) fn find_again(&mut self, cx: &Cx<'_>) {
        let Some(kept) = &self.kept else {
            return;
        };
        let index = &cx.shared.index;
        let is_kept = |at: &usize| match &kept.on {
            On::Entity(of) => {
                let hit = self.hit(*at);
                hit.and_then(|hit| index.entity_ref(hit.row)).as_ref() == Some(of)
            }
            On::Passage(of) => self.passage(*at).is_some_and(|it| it.origin == *of),
            On::Action(of) => self.action(*at).is_some_and(|it| it.command == *of),
        };
        if let Some(at) = (0..self.rows.len()).find(is_kept) {
            self.cursor = Cursor {
                selected: at,
                top: (kept.cursor.top + at).saturating_sub(kept.cursor.selected),
            };
            self.kept = None;
        }
    }
}
