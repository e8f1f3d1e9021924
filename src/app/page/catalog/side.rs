//! What stands at the left, the facets or a menu in their place: narrowed by what is typed, walked, chosen from.

use std::mem::{Discriminant, discriminant};

use super::facets;
use super::saved::forget_view;
use super::{Catalog, Export, FacetLine, Menu, View};
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::cx::{Cx, Request};
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::catalog::export::Field;

/// Which of the lists at the left has the focus: whether the facets have, and which menu stands in their place.
type Side = (bool, Option<Discriminant<Menu>>);

impl Catalog {
    /// What the list at the left is narrowed to, or can be, while it has the focus.
    pub fn narrowing(&self) -> Option<&Narrow> {
        let has_focus = self.field.is_none() && (self.in_facets || self.menu.is_some());
        has_focus.then_some(&self.narrow)
    }

    pub(super) fn side(&self) -> Side {
        (self.in_facets, self.menu.as_ref().map(discriminant))
    }

    /// Forgets what the list at the left was narrowed to, if it was another than the one that has the focus now.
    pub(super) fn turned_from(&mut self, before: Side, shared: &Shared) {
        if self.side() != before && self.narrow.clear() == Turn::Changed {
            self.list_facets(shared);
        }
        self.narrow.typing &= self.field.is_none();
    }

    /// Narrows the list at the left; whether the command does that there.
    pub(super) fn narrows(&mut self, command: Command, shared: &Shared) -> bool {
        if self.narrowing().is_none() {
            return false;
        }
        let command = match command {
            Command::CatalogFacets => Command::Filter,
            command => command,
        };
        let turn = self.narrow.command(command);
        if turn == Turn::Changed {
            self.narrowed(shared);
        }
        turn != Turn::Ignored
    }

    /// What the list at the left is narrowed to is another: it begins anew.
    pub(super) fn narrowed(&mut self, shared: &Shared) {
        if let Some(menu) = &mut self.menu {
            return menu.begin();
        }
        self.facet_cursor = Cursor::default();
        self.list_facets(shared);
    }

    /// Lists and counts the facets anew.
    pub(super) fn list_facets(&mut self, shared: &Shared) {
        let set = self.found.as_ref().map(|found| &found.set);
        self.facets = facets::lines(&self.filter, shared, set, &self.open, &self.narrow);
        self.facet_cursor.clamp(self.facets.len());
        let ok = |at: &usize| self.facets.get(*at).is_some_and(FacetLine::selectable);
        if !ok(&self.facet_cursor.selected) {
            self.facet_cursor.selected = (0..self.facets.len()).find(ok).unwrap_or(0);
        }
    }

    /// Whether nothing at the left has the words that it is narrowed to.
    pub(super) fn is_narrowed_away(&self, shared: &Shared) -> bool {
        match (self.narrowing(), &self.menu) {
            (Some(narrow), Some(menu)) => menu.entries(narrow, shared).is_empty(),
            (Some(narrow), None) => narrow.is_on() && self.facets.is_empty(),
            (None, _) => false,
        }
    }

    /// Carries out a command of the menu; whether it has a use for it.
    pub(super) fn command_of_menu(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let Some(menu) = &mut self.menu else {
            return false;
        };
        if menu.apply(command, &self.narrow, cx) {
            return true;
        }
        let menu = *menu;
        let chosen = menu.chosen(&self.narrow, cx.shared);
        let field = chosen.and_then(|at| Field::ALL.get(at)).copied();
        match (command, menu) {
            (Command::Back | Command::Right, _)
            | (Command::CatalogColumns, Menu::Columns(_))
            | (Command::CatalogExport, Menu::Export(_))
            | (Command::CatalogViews, Menu::Views(_)) => self.menu = None,
            (Command::CatalogColumns | Command::CatalogExport | Command::CatalogViews, _) => {
                self.menu = Menu::asked_for(command);
            }
            (Command::CatalogToggle | Command::Open, Menu::Views(_)) => {
                let name = menu.view(&self.narrow, cx.shared).map(str::to_owned);
                match (chosen, name) {
                    (None, _) => return true,
                    (_, Some(name)) => self.open_view(&name, cx),
                    (_, None) => self.name_view(),
                }
                self.menu = None;
            }
            (Command::CatalogClear, Menu::Views(_)) => {
                if let Some(name) = menu.view(&self.narrow, cx.shared) {
                    forget_view(name, cx);
                }
            }
            (Command::CatalogToggle | Command::Open, Menu::Columns(_)) => {
                let mut view = cx.shared.view.clone();
                if let Some(field) = field {
                    view.toggle(field);
                }
                cx.requests.push(Request::SetView(view));
            }
            (Command::CatalogClear, Menu::Columns(_)) => {
                let view = View {
                    fields: None,
                    ..cx.shared.view.clone()
                };
                cx.requests.push(Request::SetView(view));
            }
            (Command::CatalogSort, Menu::Columns(_)) => {
                if let Some(column) = field.map(Field::column) {
                    self.sort_by(column, cx);
                }
            }
            (Command::CatalogToggle | Command::Open, Menu::Export(_)) => {
                if let Some(export) = chosen.and_then(|at| Export::all().nth(at)) {
                    self.menu = None;
                    self.export(export, cx);
                }
            }
            _ => return false,
        }
        true
    }

    /// Moves through the facets, over titles and gaps.
    pub(super) fn walk_facets(&mut self, command: Command, rows: usize) -> bool {
        let before = self.facet_cursor;
        if !self.facet_cursor.apply(command, self.facets.len(), rows) {
            return false;
        }
        let at = self.facet_cursor.selected;
        let ok = |at: &usize| self.facets.get(*at).is_some_and(FacetLine::selectable);
        let up = matches!(command, Command::Up | Command::PageUp);
        let ahead = (at..self.facets.len()).find(ok);
        let behind = (0..=at).rev().find(ok);
        let found = if up {
            behind.or(ahead)
        } else {
            ahead.or(behind)
        };
        let found = found.unwrap_or(before.selected);
        self.facet_cursor.select(found, self.facets.len(), rows);
        if up && behind.is_none() {
            // Nothing to choose above: the first title comes into sight.
            self.facet_cursor.top = 0;
        }
        true
    }

    /// Makes the choice under the cursor of the facets, or opens what is folded there.
    pub(super) fn choose(&mut self, cx: &mut Cx<'_>) {
        match self.facets.get(self.facet_cursor.selected) {
            Some(FacetLine::Choice { choice, .. }) => {
                let choice = choice.clone();
                self.filter.toggle(&choice);
                self.start_over(cx);
                // Numbers change and with them the order: the cursor stays on what was chosen.
                let same = |line: &FacetLine| matches!(line, FacetLine::Choice { choice: c, .. } if *c == choice);
                if let Some(at) = self.facets.iter().position(same) {
                    self.facet_cursor
                        .select(at, self.facets.len(), cx.drawn.side_rows);
                }
            }
            Some(FacetLine::More(facet, _)) => {
                self.open.push(*facet);
                self.fill(cx.shared);
            }
            _ => {}
        }
    }
}
