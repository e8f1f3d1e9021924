//! The rows that are marked, so that something is done with all of them at once. They stay marked while the list is
//! narrowed otherwise, and are found again in a catalog that is new.

use super::{Catalog, Order};
use crate::app::Effect;
use crate::app::command::Command;
use crate::app::cx::{Cx, Request};
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::catalog::index::{Column, RowSet};
use crate::catalog::text::{count, counted};
use crate::catalog::{EntityRef, Index, Row};

/// So many are starred at once at most: stars are a list that people read.
const MOST_STARS: usize = 500;

/// Rows of one catalog.
#[derive(Debug)]
pub struct Marks {
    index: Index,
    rows: RowSet,
    count: usize,
}

impl Marks {
    /// No row of `index`.
    pub(super) fn none(index: &Index) -> Self {
        Self {
            index: index.clone(),
            rows: RowSet::none(index.len()),
            count: 0,
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether `row` is one.
    pub fn contains(&self, row: Row) -> bool {
        self.rows.contains(row)
    }

    /// Marks `row`, or takes its mark away.
    fn toggle(&mut self, row: Row) {
        if self.contains(row) {
            self.rows.remove(row);
        } else {
            self.rows.insert(row);
        }
        self.count = self.rows.count();
    }

    /// Marks all of `rows`, or takes their marks away where all have one.
    fn toggle_all(&mut self, rows: &[Row]) {
        let rows = RowSet::of(self.index.len(), rows.iter().copied());
        let before = self.count;
        self.rows.union(&rows);
        self.count = self.rows.count();
        if self.count == before {
            self.rows.subtract(&rows);
            self.count = self.rows.count();
        }
    }

    /// Finds the same entities in `index`; those that are gone lose their marks.
    pub(super) fn follow(&mut self, index: &Index) {
        if self.index.is_same(index) {
            return;
        }
        let rows = self
            .refs()
            .filter_map(|entity_ref| index.row_of(&entity_ref));
        let rows = RowSet::of(index.len(), rows);
        *self = Self {
            index: index.clone(),
            count: rows.count(),
            rows,
        };
    }

    fn refs(&self) -> impl Iterator<Item = EntityRef> {
        self.rows
            .iter()
            .filter_map(|row| self.index.entity_ref(row))
    }
}

impl Catalog {
    /// Marks the row under the cursor, or takes its mark away, and goes on to the next.
    pub(super) fn mark(&mut self, cx: &Cx<'_>) {
        if let Some(row) = self.selected() {
            self.marks.toggle(row);
            self.cursor
                .apply(Command::Down, self.lines(), cx.drawn.page_rows);
        }
    }

    /// Marks all rows that are listed, or takes their marks away.
    pub(super) fn mark_all(&mut self) {
        self.marks.toggle_all(&self.rows);
    }

    /// The rows to export: those that are marked, in the order of the list; without marks the list.
    pub(super) fn to_export(&self, shared: &Shared) -> Vec<Row> {
        match self.order {
            _ if self.marks.is_empty() => self.rows.clone(),
            Order::By(column) => shared.index.sort(&self.marks.rows, column, self.reversed),
            Order::Match => shared.index.sort(&self.marks.rows, Column::Name, false),
        }
    }

    /// Stars all that is marked, or takes the stars away where all of it has one.
    pub(super) fn star_marked(&self, cx: &mut Cx<'_>) {
        if self.marks.count() > MOST_STARS {
            cx.say(Notice::info(format!(
                "{} are marked, and at most {MOST_STARS} are starred at once.",
                count(self.marks.count())
            )));
            return;
        }
        let refs: Vec<EntityRef> = self.marks.refs().collect();
        let starred = !refs.iter().all(|it| cx.shared.is_starred(it));
        let what = counted(refs.len(), "entity");
        cx.say(Notice::info(if starred {
            format!("Starred {what}.")
        } else {
            format!("Took the stars of {what} away.")
        }));
        cx.requests.push(Request::SetStars(refs, starred));
    }

    /// Copies the references of all that is marked, one a line.
    pub(super) fn copy_marked(&self, cx: &mut Cx<'_>) {
        let refs: Vec<String> = self.marks.refs().map(|it| it.to_string()).collect();
        cx.effect(Effect::Copy {
            text: refs.join("\n"),
            what: "references",
        });
    }
}
