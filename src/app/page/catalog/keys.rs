//! What the page's commands do.

use std::collections::BTreeSet;

use super::groups::Line;
use super::saved::forget_view;
use super::{
    Catalog, Choice, Export, FacetLine, Filter, Grouping, Marks, Menu, Order, Typed, View,
};
use crate::app::command::Command;
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::Edit;
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::route::{EntityTab, Route};
use crate::app::{Cursor, TextField};
use crate::catalog::EntityRef;
use crate::catalog::export::Field;
use crate::catalog::index::Column;

impl Catalog {
    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        if self.field.is_some() {
            return self.command_of_field(command, cx);
        }
        if self.menu.is_some() {
            return self.command_of_menu(command, cx);
        }
        if let Some(menu) = Menu::asked_for(command) {
            self.menu = Some(menu);
            return true;
        }
        match command {
            Command::CatalogQuery => {
                let text = self.filter.text();
                self.field = Some((TextField::new(&text), Typed::Query { before: text }));
            }
            Command::CatalogGroup => {
                let mut view = cx.shared.view.clone();
                view.group = Grouping::after(view.group);
                cx.say(Notice::info(match view.group {
                    Some(group) => format!("Grouped by {}.", group.name()),
                    None => "No longer grouped.".to_owned(),
                }));
                self.folded.clear();
                cx.requests.push(Request::SetView(view));
            }
            Command::CatalogFoldAll => self.fold_all(cx.shared),
            Command::CatalogToggle | Command::Open if !self.in_facets && self.fold(cx.shared) => {}
            Command::CatalogFacets | Command::NextTab | Command::PrevTab => {
                self.in_facets = !self.in_facets;
            }
            Command::Left => self.in_facets = true,
            Command::Right => self.in_facets = false,
            Command::Back if self.in_facets => self.in_facets = false,
            Command::Back if !self.marks.is_empty() => self.marks = Marks::none(&cx.shared.index),
            Command::CatalogToggle | Command::Open if self.in_facets => self.choose(cx),
            Command::CatalogToggle => self.mark(cx),
            Command::CatalogMarkAll => self.mark_all(),
            Command::CatalogStar if !self.marks.is_empty() => self.star_marked(cx),
            Command::CatalogCopy if !self.marks.is_empty() => self.copy_marked(cx),
            Command::CatalogSort => self.sort_by_next(cx),
            Command::CatalogReverse => {
                self.reversed = !self.reversed;
                self.fill(cx.shared);
            }
            Command::CatalogPreview => self.preview = Some(!self.previewed(cx.shared)),
            Command::CatalogClear => self.clear(cx),
            Command::CatalogProblems => {
                self.filter.toggle(&Choice::Broken);
                self.start_over(cx);
            }
            Command::Open | Command::CatalogStar | Command::CatalogCopy => {
                if let Some(entity_ref) = self
                    .selected()
                    .and_then(|row| cx.shared.index.entity_ref(row))
                {
                    act(command, entity_ref, cx);
                }
            }
            _ if self.in_facets => return self.walk_facets(command, cx.drawn.side_rows),
            _ => {
                let moved = self.cursor.apply(command, self.lines(), cx.drawn.page_rows);
                if moved {
                    self.drop_anchor(cx.shared);
                }
                return moved;
            }
        }
        true
    }

    /// Carries out a command while the query is typed.
    fn command_of_field(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Open => {
                self.offers.clear();
                if let Some((field, Typed::Name)) = self.field.take() {
                    self.save_view(field, cx);
                }
            }
            Command::Back => {
                self.offers.clear();
                if let Some((_, Typed::Query { before })) = self.field.take() {
                    self.ask(&before, cx);
                }
            }
            Command::QueryComplete => {
                let Some((field, _)) = &mut self.field else {
                    return false;
                };
                if self.offers.accept(field) {
                    self.asked_anew(cx);
                } else {
                    field.apply(&Edit::Right);
                }
            }
            _ => {
                let lines = self.lines();
                return self.cursor.apply(command, lines, cx.drawn.page_rows);
            }
        }
        true
    }

    /// Carries out a command of the menu; whether it has a use for it.
    fn command_of_menu(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let Some(menu) = &mut self.menu else {
            return false;
        };
        if menu.apply(command, cx.shared) {
            return true;
        }
        let field = Field::ALL.get(menu.selected()).copied();
        let menu = *menu;
        match (command, menu) {
            (Command::Back | Command::CatalogFacets | Command::Right, _)
            | (Command::CatalogColumns, Menu::Columns(_))
            | (Command::CatalogExport, Menu::Export(_))
            | (Command::CatalogViews, Menu::Views(_)) => self.menu = None,
            (Command::CatalogColumns | Command::CatalogExport | Command::CatalogViews, _) => {
                self.menu = Menu::asked_for(command);
            }
            (Command::CatalogToggle | Command::Open, Menu::Views(_)) => {
                self.menu = None;
                match menu.view(cx.shared).map(str::to_owned) {
                    Some(name) => self.open_view(&name, cx),
                    None => self.name_view(),
                }
            }
            (Command::CatalogClear, Menu::Views(_)) => {
                if let Some(name) = menu.view(cx.shared) {
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
                    let same = self.order == Order::By(column);
                    self.reversed = same && !self.reversed;
                    self.order = Order::By(column);
                    self.start_over(cx);
                }
            }
            (Command::CatalogToggle | Command::Open, Menu::Export(cursor)) => {
                self.menu = None;
                if let Some(export) = Export::all().nth(cursor.selected) {
                    self.export(export, cx);
                }
            }
            _ => return false,
        }
        true
    }

    /// Hands what is listed to the world, in the order in which it is listed.
    fn export(&self, export: Export, cx: &mut Cx<'_>) {
        let fields = match &cx.shared.view.fields {
            Some(fields) => fields.clone(),
            None => Field::ALL.to_vec(),
        };
        cx.effect(Effect::Export {
            index: cx.shared.index.clone(),
            rows: self.to_export(cx.shared),
            fields,
            export,
        });
    }

    /// Folds the group under the cursor, or unfolds it; whether there is one.
    fn fold(&mut self, shared: &Shared) -> bool {
        let Some(Line::Group(group)) = self.line(self.cursor.selected) else {
            return false;
        };
        let label = group.label.clone();
        if !self.folded.remove(&label) {
            self.folded.insert(label);
        }
        self.arrange(shared);
        true
    }

    /// Folds all groups, or unfolds them where all are.
    fn fold_all(&mut self, shared: &Shared) {
        let Some(groups) = &self.groups else { return };
        let labels = groups.iter().map(|group| group.label.clone());
        self.folded = if groups.iter().all(|group| group.folded) {
            BTreeSet::new()
        } else {
            labels.collect()
        };
        self.arrange(shared);
        self.cursor = Cursor::default();
    }

    /// Moves through the facets, over titles and gaps.
    fn walk_facets(&mut self, command: Command, rows: usize) -> bool {
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
    fn choose(&mut self, cx: &mut Cx<'_>) {
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

    /// Goes on to the next of the columns that the user has before them; to the best match only where there are words.
    fn sort_by_next(&mut self, cx: &mut Cx<'_>) {
        let matched = (!self.filter.words.is_empty()).then_some(Order::Match);
        let fields = cx.shared.view.fields.as_deref().unwrap_or(&Field::USUAL);
        let columns = [Column::Name].into_iter();
        let columns = columns.chain(fields.iter().map(|field| field.column()));
        let columns = columns.chain([Column::Problems]).map(Order::By);
        let orders: Vec<Order> = matched.into_iter().chain(columns).collect();
        let at = orders.iter().position(|order| *order == self.order);
        let next = orders.get(at.map_or(0, |at| at + 1)).or(orders.first());
        self.order = next.copied().unwrap_or(Order::By(Column::Name));
        // Most findings first is what one looks for.
        self.reversed = self.order == Order::By(Column::Problems);
        self.start_over(cx);
    }

    fn clear(&mut self, cx: &mut Cx<'_>) {
        if self.filter.is_everything() {
            cx.say(Notice::info(
                "Nothing is filtered: this is the whole catalog.",
            ));
            return;
        }
        self.filter = Filter::default();
        self.found = None;
        if self.order == Order::Match {
            self.order = Order::By(Column::Name);
        }
        self.start_over(cx);
    }
}

/// Opens, stars or copies an entity.
fn act(command: Command, entity_ref: EntityRef, cx: &mut Cx<'_>) {
    match command {
        Command::CatalogStar => cx.requests.push(Request::ToggleStar(entity_ref)),
        Command::CatalogCopy => cx.effect(Effect::Copy {
            text: entity_ref.to_string(),
            what: "reference",
        }),
        _ => cx.go(Route::Entity {
            entity_ref,
            tab: EntityTab::Overview,
        }),
    }
}
