//! What the cursor is on, so that it is found again when rows are new.

use super::Catalog;
use super::groups::{self, Line};
use crate::app::Cursor;
use crate::app::model::Shared;
use crate::catalog::EntityRef;

/// What the cursor was put on, and where that stood.
#[derive(Debug)]
pub(super) struct Anchor {
    on: On,
    cursor: Cursor,
}

/// A line, by what outlasts an index.
#[derive(Debug)]
enum On {
    Entity(EntityRef),
    /// The title of a group.
    Group(String),
}

impl Catalog {
    /// Remembers what the cursor is on; while that is still being searched for, what it was on.
    pub(super) fn drop_anchor(&mut self, shared: &Shared) {
        if self.searching() {
            return;
        }
        let on = match self.line(self.cursor.selected) {
            Some(Line::Row(row)) => shared.index.entity_ref(row).map(On::Entity),
            Some(Line::Group(group)) => Some(On::Group(group.label.clone())),
            None => None,
        };
        let cursor = self.cursor;
        self.anchor = on.map(|on| Anchor { on, cursor });
    }

    /// Selects what was selected before rows were new.
    pub(super) fn find_anchor(&mut self, shared: &Shared) {
        let at = self.anchor.as_ref().and_then(|anchor| match &anchor.on {
            On::Entity(of) => {
                let row = shared.index.row_of(of)?;
                let at = self.rows.iter().position(|other| *other == row)?;
                Some(groups::line_of(self.groups.as_deref(), at))
            }
            On::Group(label) => {
                let mut groups = self.groups.iter().flatten();
                groups
                    .find(|it| it.label == *label)
                    .map(groups::Group::title)
            }
        });
        if let (Some(at), Some(anchor)) = (at, &self.anchor) {
            self.cursor = Cursor {
                selected: at,
                top: (anchor.cursor.top + at).saturating_sub(anchor.cursor.selected),
            };
        }
        self.drop_anchor(shared);
    }
}
