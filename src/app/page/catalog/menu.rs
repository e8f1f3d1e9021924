//! The short lists that stand in place of the facets for a while: columns to choose, ways to export, saved views.

use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::model::Shared;
use crate::app::narrow::Narrow;
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

/// One of the choices that are listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place among all of them.
    at: usize,
    /// What it is called.
    pub text: String,
    /// Whether it is made; `None` for what is done, not kept.
    pub on: Option<bool>,
}

/// The line that saves a view.
const SAVE: &str = "save this view…";

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

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Columns(_) => "Columns",
            Self::Export(_) => "Export",
            Self::Views(_) => "Views",
        }
    }

    /// Which of the listed choices is selected.
    pub fn cursor(self) -> Cursor {
        match self {
            Self::Columns(cursor) | Self::Export(cursor) | Self::Views(cursor) => cursor,
        }
    }

    fn cursor_mut(&mut self) -> &mut Cursor {
        match self {
            Self::Columns(cursor) | Self::Export(cursor) | Self::Views(cursor) => cursor,
        }
    }

    /// Its choices, as far as they have the words.
    pub fn entries(self, narrow: &Narrow, shared: &Shared) -> Vec<Entry> {
        let view = &shared.view;
        let all: Vec<(String, Option<bool>)> = match self {
            Self::Columns(_) => {
                let columns = Field::ALL.into_iter();
                let columns = columns.map(|field| (field.name().to_owned(), Some(view.has(field))));
                columns.collect()
            }
            Self::Export(_) => {
                let ways = Export::all().map(|export| {
                    let title = export.sheet.title();
                    let way = if export.copied {
                        format!("copy as {title}")
                    } else {
                        format!("write {title}")
                    };
                    (way, None)
                });
                ways.collect()
            }
            Self::Views(_) => {
                let names = shared.personal.saved.keys().map(|name| format!("@{name}"));
                let save = std::iter::once(SAVE.to_owned());
                save.chain(names).map(|text| (text, None)).collect()
            }
        };
        let entries = all.into_iter().enumerate();
        entries
            .map(|(at, (text, on))| Entry { at, text, on })
            .filter(|entry| narrow.fits([entry.text.as_str()]))
            .collect()
    }

    /// The place of the choice under the cursor among all of them; none where none has the words.
    pub(super) fn chosen(self, narrow: &Narrow, shared: &Shared) -> Option<usize> {
        let entries = self.entries(narrow, shared);
        entries.get(self.cursor().selected).map(|entry| entry.at)
    }

    /// The saved view under the cursor; none on the line that saves one.
    pub fn view<'a>(self, narrow: &Narrow, shared: &'a Shared) -> Option<&'a str> {
        if !matches!(self, Self::Views(_)) {
            return None;
        }
        let mut names = shared.personal.saved.keys();
        let chosen = self.chosen(narrow, shared)?;
        names.nth(chosen.checked_sub(1)?).map(String::as_str)
    }

    /// Whether the line that saves a view is under the cursor.
    pub(super) fn saves(self, narrow: &Narrow) -> bool {
        matches!(self, Self::Views(cursor) if cursor.selected == 0) && narrow.fits([SAVE])
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

    /// Selects the first choice that is listed.
    pub(super) fn begin(&mut self) {
        *self.cursor_mut() = Cursor::default();
    }

    /// Selects a choice that was clicked; there is one.
    pub(super) fn point(&mut self, at: usize, narrow: &Narrow, shared: &Shared) -> bool {
        let listed = self.entries(narrow, shared).len();
        self.cursor_mut().point(at, listed);
        true
    }

    /// Moves; whether `command` was a movement.
    pub(super) fn apply(&mut self, command: Command, narrow: &Narrow, cx: &Cx<'_>) -> bool {
        let listed = self.entries(narrow, cx.shared).len();
        let rows = cx.drawn.side_rows;
        self.cursor_mut().apply(command, listed, rows)
    }
}
