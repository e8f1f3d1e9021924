//! The choice of the relations that are drawn.

use super::Scope;
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::model::Shared;
use crate::catalog::{EntityRef, RelationType};

/// How many pairs of relations there are; more than fit on no screen.
const PAIRS: usize = RelationType::ALL.len() / 2;

/// State of the choice.
#[derive(Debug, Default)]
pub struct Picker {
    /// Which pair is selected.
    pub cursor: Cursor,
    /// The pairs.
    pub picks: Vec<Pick>,
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

    /// Moves; whether `command` was a movement.
    pub(super) fn apply(&mut self, command: Command) -> bool {
        self.cursor.apply(command, self.picks.len(), PAIRS)
    }

    /// Shows the pair under the cursor, or leaves it out. Once nothing is left, everything is shown.
    pub(super) fn toggle(&self, scope: &mut Scope) {
        let Some(pick) = self.picks.get(self.cursor.selected) else {
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
