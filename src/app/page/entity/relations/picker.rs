//! The choice of the relations that are drawn.

use super::Scope;
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::message::Edit;
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::catalog::{EntityRef, RelationType};

/// How many pairs of relations there are; more than fit on no screen.
const PAIRS: usize = RelationType::ALL.len() / 2;

/// State of the choice.
#[derive(Debug, Default)]
pub struct Picker {
    /// Which of the listed pairs is selected.
    pub cursor: Cursor,
    /// What the list is narrowed to.
    pub narrow: Narrow,
    /// The pairs.
    picks: Vec<Pick>,
}

/// A pair of relations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Its forward name.
    pub relation_type: RelationType,
    /// Whether it is drawn.
    pub shown: bool,
    /// How many links of the entity are of it, either way.
    pub count: usize,
}

impl Picker {
    /// Reads the pairs anew.
    pub(super) fn count(&mut self, entity_ref: &EntityRef, scope: &Scope, shared: &Shared) {
        let row = shared.index.row_of(entity_ref);
        let links = || row.into_iter().flat_map(|row| shared.index.relations(row));
        let pairs = RelationType::ALL.iter().copied();
        self.picks = pairs
            .filter(|of| of.is_forward())
            .map(|of| Pick {
                relation_type: of,
                shown: !scope.hidden.contains(&of),
                count: links()
                    .filter(|(along, _)| *along == of || along.inverse() == of)
                    .count(),
            })
            .collect();
    }

    /// The pairs that have the words in one of their names.
    pub fn listed(&self) -> impl Iterator<Item = &Pick> {
        self.picks.iter().filter(|pick| {
            let there = pick.relation_type.inverse();
            self.narrow
                .fits([pick.relation_type.label(), there.label()])
        })
    }

    /// Moves or narrows the list; whether `command` does one of them.
    pub(super) fn apply(&mut self, command: Command) -> bool {
        match self.narrow.command(command) {
            Turn::Ignored => self.cursor.apply(command, self.listed().count(), PAIRS),
            Turn::Done => true,
            Turn::Changed => {
                self.cursor = Cursor::default();
                true
            }
        }
    }

    /// Changes what the list is narrowed to.
    pub(super) fn edit(&mut self, edit: &Edit) {
        if self.narrow.edit(edit) {
            self.cursor = Cursor::default();
        }
    }

    /// Selects a pair that was clicked.
    pub(super) fn point(&mut self, at: usize) {
        self.narrow.typing = false;
        self.cursor.point(at, self.listed().count());
    }

    /// Shows the pair under the cursor, or leaves it out. Once nothing is left, everything is shown.
    pub(super) fn toggle(&self, scope: &mut Scope) {
        let Some(pick) = self.listed().nth(self.cursor.selected) else {
            return;
        };
        if pick.shown {
            scope.hidden.push(pick.relation_type);
        } else {
            scope.hidden.retain(|hidden| *hidden != pick.relation_type);
        }
        if scope.hidden.len() >= PAIRS {
            scope.hidden.clear();
        }
    }
}
