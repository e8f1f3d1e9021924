//! What the page's keys do now, and what they cannot do now: for footer and palette.

use super::groups::Line;
use super::{Catalog, Menu, Typed};
use crate::app::command::Command;
use crate::app::model::Shared;

impl Catalog {
    /// What a command does now, in a word or two, where that is not what it mostly does.
    pub fn label(&self, command: Command) -> Option<&'static str> {
        if let Some((_, typed)) = &self.field {
            return match (command, typed) {
                (Command::Open, Typed::Query { .. }) => Some("keep"),
                (Command::Open, Typed::Name) => Some("save"),
                (Command::Back, _) => Some("leave it"),
                // Where nothing is offered the key moves within the text, as in every field.
                (Command::QueryComplete, _) if self.offers.list.is_empty() => Some(""),
                _ => None,
            };
        }
        if let Some(menu) = self.menu {
            return self.label_of(menu, command);
        }
        let in_groups = matches!(self.line(self.cursor.selected), Some(Line::Group(_)));
        match command {
            Command::CatalogToggle | Command::Open if self.in_facets => Some("select"),
            Command::CatalogToggle | Command::Open if in_groups => Some("fold"),
            Command::Back if self.in_facets => Some("list"),
            Command::Back if !self.marks.is_empty() => Some("unmark"),
            _ => None,
        }
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        if self.menu.is_some_and(|menu| !menu.takes(command))
            && command.info().context == self.context()
        {
            return Some("Leave the menu first.");
        }
        let is_acting = matches!(command, Command::CatalogStar | Command::CatalogCopy);
        match command {
            Command::Open | Command::CatalogToggle
                if !self.narrow.typing && self.is_narrowed_away(shared) =>
            {
                Some("Nothing here has these words.")
            }
            Command::CatalogToggle
                if !self.in_facets
                    && self.menu.is_none()
                    && self.line(self.cursor.selected).is_none() =>
            {
                Some("There is nothing under the cursor.")
            }
            _ if is_acting && self.marks.is_empty() && self.selected().is_none() => {
                Some("There is no entity under the cursor.")
            }
            Command::CatalogClear
                if self.menu.is_some_and(|menu| {
                    matches!(menu, Menu::Views(_)) && menu.view(&self.narrow, shared).is_none()
                }) =>
            {
                Some("There is no saved view under the cursor.")
            }
            Command::CatalogMarkAll if self.rows.is_empty() => Some("There is nothing to mark."),
            Command::CatalogFoldAll if shared.view.group.is_none() => Some("Group the rows first."),
            Command::CatalogExport if self.rows.is_empty() && self.marks.is_empty() => {
                Some("There is nothing to export.")
            }
            _ => None,
        }
    }

    /// What a command does in a menu, where that is not what it mostly does; empty where it is not worth a hint there.
    fn label_of(&self, menu: Menu, command: Command) -> Option<&'static str> {
        match (command, menu) {
            // They lead from one menu to another, or out of it as `esc` does; and one does what `enter` does.
            (
                Command::CatalogColumns
                | Command::CatalogViews
                | Command::CatalogExport
                | Command::CatalogToggle,
                _,
            ) => Some(""),
            (Command::Open, Menu::Columns(_)) => Some("in or out"),
            (Command::CatalogSort, Menu::Columns(_)) => Some("sort"),
            (Command::CatalogClear, Menu::Columns(_)) => Some("as many as fit"),
            (Command::Open, Menu::Export(_)) => Some("export"),
            (Command::Open, Menu::Views(_)) if menu.saves(&self.narrow) => Some("name it"),
            (Command::Open, Menu::Views(_)) => Some("open"),
            (Command::CatalogClear, Menu::Views(_)) => Some("forget"),
            (Command::Back, Menu::Columns(_)) => Some("done"),
            (Command::Back, _) => Some("leave"),
            _ => None,
        }
    }
}
