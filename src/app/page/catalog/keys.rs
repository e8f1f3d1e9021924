//! What the page's commands do.

use std::collections::BTreeSet;

use super::groups::Line;
use super::{Catalog, Choice, Export, FacetLine, Filter, Grouping, Marks, Menu, Order, Typed};
use crate::app::command::Command;
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::Edit;
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::pointer::{Part, Target};
use crate::app::route::{EntityTab, Route};
use crate::app::undo::{Before, OnPage};
use crate::app::{Cursor, TextField};
use crate::catalog::EntityRef;
use crate::catalog::export::Field;
use crate::catalog::index::Column;
use crate::catalog::text::counted;

impl Catalog {
    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let before = self.side();
        let used = self.carry_out(command, cx);
        self.drop_anchor(cx.shared);
        self.turned_from(before, cx.shared);
        used
    }

    fn carry_out(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        if self.field.is_some() {
            return self.command_of_field(command, cx);
        }
        if self.narrows(command, cx.shared) {
            return true;
        }
        if self.menu.is_some() {
            return self.command_of_menu(command, cx);
        }
        if let Some(menu) = Menu::asked_for(command) {
            self.menu = Some(menu);
            return true;
        }
        match command {
            Command::CatalogQuery | Command::Filter => {
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
            Command::NextTab | Command::PrevTab => self.in_facets = !self.in_facets,
            Command::CatalogFacets | Command::Left => self.in_facets = true,
            Command::Right => self.in_facets = false,
            Command::Back if self.in_facets => self.in_facets = false,
            Command::Back if !self.marks.is_empty() => self.unmark(cx),
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
            Command::CatalogPreview => self.turn_preview(cx),
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
                return self.cursor.apply(command, self.lines(), cx.drawn.page_rows);
            }
        }
        true
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        let before = self.side();
        // What is clicked is meant, not what could still be typed.
        self.narrow.typing = false;
        let opens = self.go_to(target, cx);
        self.turned_from(before, cx.shared);
        opens
    }

    fn go_to(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        match target {
            Target::Item(Part::Main, at) => {
                let had_focus = !self.in_facets && self.menu.is_none();
                (self.in_facets, self.menu) = (false, None);
                let opens = self.cursor.point(at, self.lines()) && had_focus;
                self.drop_anchor(cx.shared);
                opens
            }
            // What is there to be chosen is chosen at once.
            Target::Item(Part::Side, at) => match &mut self.menu {
                Some(menu) => menu.point(at, &self.narrow, cx.shared),
                None if self.field.is_some() => false,
                None => {
                    let can = self.facets.get(at).is_some_and(FacetLine::selectable);
                    if can {
                        self.in_facets = true;
                        self.facet_cursor.point(at, self.facets.len());
                    }
                    can
                }
            },
            Target::Sort(column) => {
                self.sort_by(column, cx);
                false
            }
            Target::Offer(at) => {
                self.complete(at, cx);
                false
            }
            Target::Part(Part::Main) => {
                self.in_facets = false;
                false
            }
            Target::Part(Part::Side) => {
                self.in_facets = self.menu.is_none() && self.field.is_none();
                false
            }
            _ => false,
        }
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
            Command::QueryComplete => self.complete(0, cx),
            _ => {
                let lines = self.lines();
                return self.cursor.apply(command, lines, cx.drawn.page_rows);
            }
        }
        true
    }

    /// Takes one of what could be typed next; within the text the key moves as it does in every field.
    fn complete(&mut self, offer: usize, cx: &mut Cx<'_>) {
        let Some((field, _)) = &mut self.field else {
            return;
        };
        if self.offers.accept(offer, field) {
            self.asked_anew(cx);
        } else {
            field.apply(&Edit::Right);
        }
    }

    /// Sorts by a column, or the other way around where it is sorted by it already.
    pub(super) fn sort_by(&mut self, column: Column, cx: &mut Cx<'_>) {
        let same = self.order == Order::By(column);
        self.reversed = same && !self.reversed;
        self.order = Order::By(column);
        self.start_over(cx);
    }

    /// Hands what is listed to the world, in the order in which it is listed.
    pub(super) fn export(&self, export: Export, cx: &mut Cx<'_>) {
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

    /// Takes all marks away.
    fn unmark(&mut self, cx: &mut Cx<'_>) {
        let none = Marks::none(&cx.shared.index);
        let did = format!("{} taken away", counted(self.marks.count(), "mark"));
        let before = std::mem::replace(&mut self.marks, none);
        cx.undoable(did, Before::Page(OnPage::Marks(before)));
    }

    /// Shows what was filtered or marked before that was undone.
    pub fn restore(&mut self, before: OnPage, cx: &mut Cx<'_>) {
        match before {
            OnPage::Query(query) => self.ask(&query, cx),
            OnPage::Marks(marks) => {
                self.marks = marks;
                self.marks.follow(&cx.shared.index);
            }
            OnPage::Problems(_) => {}
        }
    }

    fn clear(&mut self, cx: &mut Cx<'_>) {
        if self.filter.is_everything() {
            cx.say(Notice::info(
                "Nothing is filtered: this is the whole catalog.",
            ));
            return;
        }
        let before = OnPage::Query(self.filter.text());
        cx.undoable("all filters removed", Before::Page(before));
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
