//! The short lists that stand in place of the facets for a while: columns to choose, ways to export, saved views.

use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::model::Shared;
use crate::catalog::export::{Field, Sheet};

/// A list to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Menu {
    /// The columns of the table.
    Columns(Cursor),
    /// The ways to export what is listed.
    Export(Cursor),
    /// The saved views; the first line saves another.
    Views(Cursor),
}

/// A way to export what is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Export {
    /// The form.
    pub sheet: Sheet,
    /// Whether it is copied; else it is written to a file.
    pub copied: bool,
}

/// Rows of a menu on a screen of the classic size.
pub const ROWS: usize = 14;

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
    /// The menu that a command opens.
    pub(super) fn asked_for(command: Command) -> Option<Self> {
        let cursor = Cursor::default();
        match command {
            Command::CatalogColumns => Some(Self::Columns(cursor)),
            Command::CatalogExport => Some(Self::Export(cursor)),
            Command::CatalogViews => Some(Self::Views(cursor)),
            _ => None,
        }
    }

    /// Which line is selected.
    pub fn selected(self) -> usize {
        match self {
            Self::Columns(cursor) | Self::Export(cursor) | Self::Views(cursor) => cursor.selected,
        }
    }

    /// The saved view under the cursor; none on the line that saves one.
    pub fn view(self, shared: &Shared) -> Option<&str> {
        let Self::Views(cursor) = self else {
            return None;
        };
        let mut names = shared.personal.saved.keys();
        names
            .nth(cursor.selected.checked_sub(1)?)
            .map(String::as_str)
    }

    /// The first of its lines that is in sight.
    pub fn top(self) -> usize {
        match self {
            Self::Columns(cursor) | Self::Export(cursor) | Self::Views(cursor) => cursor.top,
        }
    }

    /// What it is called, and what its choices are called with whether each is made.
    pub fn lines(self, shared: &Shared) -> (&'static str, Vec<(String, Option<bool>)>) {
        let view = &shared.view;
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
            Self::Views(_) => {
                let names = shared.personal.saved.keys().map(|name| format!("@{name}"));
                let save = std::iter::once("save this view…".to_owned());
                (
                    "Views",
                    save.chain(names).map(|line| (line, None)).collect(),
                )
            }
        }
    }

    /// Whether it has a use for a command of the page.
    pub(super) fn takes(self, command: Command) -> bool {
        match command {
            Command::CatalogToggle
            | Command::CatalogFacets
            | Command::CatalogColumns
            | Command::CatalogViews
            | Command::CatalogExport => true,
            Command::CatalogSort => matches!(self, Self::Columns(_)),
            Command::CatalogClear => !matches!(self, Self::Export(_)),
            _ => false,
        }
    }

    /// Moves; whether `command` was a movement.
    pub(super) fn apply(&mut self, command: Command, shared: &Shared) -> bool {
        match self {
            Self::Views(cursor) => cursor.apply(command, 1 + shared.personal.saved.len(), ROWS),
            Self::Columns(cursor) => cursor.apply(command, Field::ALL.len(), ROWS),
            Self::Export(cursor) => cursor.apply(command, Export::all().count(), ROWS),
        }
    }
}
