//! The short lists that stand in place of the facets for a while: columns to choose, and ways to export.

use super::view::View;
use crate::app::Cursor;
use crate::app::command::Command;
use crate::catalog::export::{Field, Sheet};

/// A list to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// The columns of the table.
    Columns(Cursor),
    /// The ways to export what is listed.
    Export(Cursor),
}

/// A way to export what is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The form.
    pub sheet: Sheet,
    /// Whether it is copied; else it is written to a file.
    pub copied: bool,
}

/// Rows of a menu; more than fit on no screen.
const ROWS: usize = 20;

impl Export {
    /// Every way, in the order in which they stand.
    pub fn all() -> impl Iterator<Item = Self> {
        [false, true].into_iter().flat_map(|copied| {
            Sheet::ALL
                .into_iter()
                .map(move |sheet| Self { sheet, copied })
        })
    }
}

impl Menu {
    /// Which line is selected.
    pub fn selected(self) -> usize {
        match self {
            Self::Columns(cursor) | Self::Export(cursor) => cursor.selected,
        }
    }

    /// What it is called, and what its choices are called with whether each is made.
    pub fn lines(self, view: &View) -> (&'static str, Vec<(String, Option<bool>)>) {
        match self {
            Self::Columns(_) => {
                let columns = Field::ALL.into_iter();
                let lines = columns.map(|field| (field.name().to_owned(), Some(view.has(field))));
                ("Columns", lines.collect())
            }
            Self::Export(_) => {
                let lines = Export::all().map(|export| {
                    let title = export.sheet.title();
                    let line = if export.copied {
                        format!("copy as {title}")
                    } else {
                        format!("write {title}")
                    };
                    (line, None)
                });
                ("Export", lines.collect())
            }
        }
    }

    /// Moves; whether `command` was a movement.
    pub(super) fn apply(&mut self, command: Command) -> bool {
        match self {
            Self::Columns(cursor) => cursor.apply(command, Field::ALL.len(), ROWS),
            Self::Export(cursor) => cursor.apply(command, Export::all().count(), ROWS),
        }
    }
}
