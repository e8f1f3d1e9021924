//! The APIs that an entity provides and consumes which is none itself.

use super::super::overview::{Item, end, narrow_items};
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::message::Edit;
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::catalog::{EntityRef, RelationType};

/// APIs, as a list.
#[derive(Debug, Default)]
pub struct Related {
    /// Those that are listed.
    pub items: Vec<Item>,
    /// Which of them is selected.
    pub cursor: Cursor,
    /// What the list is narrowed to.
    pub narrow: Narrow,
    all: Vec<Item>,
}

impl Related {
    /// Reads the relations anew.
    pub(super) fn fill(&mut self, entity_ref: &EntityRef, shared: &Shared) {
        self.all.clear();
        if let Some(row) = shared.index.row_of(entity_ref) {
            for wanted in [RelationType::ProvidesApi, RelationType::ConsumesApi] {
                let ends = shared.index.relations(row).filter(|(of, _)| *of == wanted);
                for (at, (_, neighbor)) in ends.enumerate() {
                    let mut item = end(neighbor, shared);
                    if at == 0 {
                        wanted.label().clone_into(&mut item.label);
                    }
                    self.all.push(item);
                }
            }
        }
        self.list();
    }

    fn list(&mut self) {
        self.items.clone_from(&self.all);
        if self.narrow.is_on() {
            narrow_items(&mut self.items, &self.narrow);
        }
        self.cursor.clamp(self.items.len());
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Carries out a command on a screen of `rows` rows; `false` if it has no use for it.
    pub(super) fn command(&mut self, command: Command, rows: usize) -> bool {
        let command = match command {
            Command::ApiFind => Command::Filter,
            command => command,
        };
        if self.is_empty() {
            return false;
        }
        match self.narrow.command(command) {
            Turn::Ignored => return self.cursor.apply(command, self.items.len(), rows),
            Turn::Done => {}
            Turn::Changed => self.list(),
        }
        true
    }

    /// Changes what the list is narrowed to.
    pub(super) fn edit(&mut self, edit: &Edit) {
        if self.narrow.edit(edit) {
            self.cursor = Cursor::default();
            self.list();
        }
    }
}
