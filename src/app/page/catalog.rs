//! The catalog page: a table of everything, narrowed by facets and by a query, sorted by any column.
//!
//! Rows are selected, counted and sorted when something changes, never while drawing; a drawing formats the rows in
//! sight and no others.

mod anchor;
mod facets;
mod filter;
mod groups;
mod keys;
mod labels;
mod marks;
mod menu;
mod saved;
mod side;
mod view;

use std::collections::BTreeSet;

use crate::app::command::Context;
use crate::app::cx::{Cx, Request};
use crate::app::message::{Answer, Asker, Edit};
use crate::app::model::Shared;
use crate::app::narrow::Narrow;
use crate::app::offers::Offers;
use crate::app::{Cursor, TextField, lasting};
use crate::catalog::Row;
use crate::catalog::index::{Column, Facet, RowSet};
use crate::catalog::text::{count, counted};
use crate::search::Issue;

pub use facets::FacetLine;
pub use filter::{Choice, Filter};
pub use groups::{Group, Line};
pub use marks::Marks;
pub use menu::{Entry, Export, Menu};
pub use view::{Grouping, View};

/// Rows of a screen on which there is room for the preview without asking.
const TALL: u16 = 30;

/// State of the catalog page.
#[derive(Debug)]
pub struct Catalog {
    /// What it is narrowed by.
    pub filter: Filter,
    /// What is left, in order.
    pub rows: Vec<Row>,
    /// Their groups, where they are grouped.
    groups: Option<Vec<Group>>,
    /// The groups that are folded.
    folded: BTreeSet<String>,
    /// Which line is selected.
    pub cursor: Cursor,
    /// What is typed, and what for.
    field: Option<(TextField, Typed)>,
    /// What could be typed next of a query.
    pub offers: Offers,
    /// The saved view that was opened last, and its query.
    opened: Option<(String, String)>,
    /// The menu that stands in place of the facets.
    pub menu: Option<Menu>,
    /// What the facets or the menu, whichever has the focus, are narrowed to.
    pub narrow: Narrow,
    /// The lines of the facets pane.
    pub facets: Vec<FacetLine>,
    /// Which of them is selected.
    pub facet_cursor: Cursor,
    /// Whether the facets have the focus.
    pub in_facets: bool,
    /// What it is sorted by.
    pub order: Order,
    /// Whether the order is turned around.
    pub reversed: bool,
    /// What the search found; `None` while it is under way or if there is no need for one.
    found: Option<Matches>,
    /// The number of the question to the search.
    generation: u64,
    /// Facets that list all of their values.
    open: Vec<Facet>,
    /// What is marked.
    pub marks: Marks,
    /// What is under the cursor, to find it again when rows are new.
    anchor: Option<anchor::Anchor>,
}

/// What a text is typed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// The query that the table answers.
    Query {
        /// What it was before.
        before: String,
    },
    /// The name under which the view is saved.
    Name,
}

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The best match of the query's words first.
    Match,
    /// A column.
    By(Column),
}

/// What the search found.
#[derive(Debug)]
struct Matches {
    set: RowSet,
    ranked: Vec<Row>,
    notices: Vec<Issue>,
}

/// Whether there is room for the preview without asking.
fn has_room(shared: &Shared) -> bool {
    !shared.narrow() && shared.size.1 >= TALL
}

impl Catalog {
    /// Makes the page, asking for what it needs.
    pub fn open(query: &str, cx: &mut Cx<'_>) -> Self {
        let filter = Filter::parse(query, &cx.shared.index);
        let order = if filter.words.is_empty() {
            Order::By(Column::Name)
        } else {
            Order::Match
        };
        let mut catalog = Self {
            filter,
            rows: Vec::new(),
            groups: None,
            folded: BTreeSet::new(),
            cursor: Cursor::default(),
            field: None,
            offers: Offers::default(),
            opened: None,
            menu: None,
            narrow: Narrow::default(),
            facets: Vec::new(),
            facet_cursor: Cursor::default(),
            in_facets: false,
            order,
            reversed: false,
            found: None,
            generation: 0,
            open: Vec::new(),
            marks: Marks::none(&cx.shared.index),
            anchor: None,
        };
        catalog.refresh(cx);
        catalog.shown(cx);
        catalog
    }

    /// The row under the cursor; none on the title of a group.
    pub fn selected(&self) -> Option<Row> {
        match self.line(self.cursor.selected)? {
            Line::Row(row) => Some(row),
            Line::Group(_) => None,
        }
    }

    /// How many lines the table has.
    pub fn lines(&self) -> usize {
        groups::lines(&self.rows, self.groups.as_deref())
    }

    /// A line of the table.
    pub fn line(&self, at: usize) -> Option<Line<'_>> {
        groups::line(&self.rows, self.groups.as_deref(), at)
    }

    /// The field that is typed into, and what for.
    pub fn field(&self) -> Option<(&TextField, &Typed)> {
        self.field.as_ref().map(|(field, typed)| (field, typed))
    }

    /// Whether the preview is on the screen.
    pub fn previewed(&self, shared: &Shared) -> bool {
        let chosen = shared.lasting.choices.catalog_preview;
        chosen.unwrap_or(has_room(shared))
    }

    /// Shows the preview, or hides it. What the size of the screen would decide is left to it: another screen may be larger.
    fn turn_preview(&self, cx: &mut Cx<'_>) {
        let wanted = !self.previewed(cx.shared);
        let chosen = Some(wanted).filter(|wanted| *wanted != has_room(cx.shared));
        cx.requests
            .push(Request::Choose(lasting::Choice::CatalogPreview(chosen)));
    }

    /// Whether the search is still under way.
    pub fn searching(&self) -> bool {
        !self.filter.words.is_empty() && self.found.is_none()
    }

    /// What of the query was not understood or is not in this catalog, but for a term that is still being typed.
    pub fn notice(&self) -> Option<&str> {
        let length = self
            .field
            .as_ref()
            .map_or(0, |(field, _)| field.text().len());
        let typed = self.filter.issues.iter().map(|issue| (issue, length));
        let found = self.found.iter().flat_map(|found| &found.notices);
        let found = found.map(|issue| (issue, self.filter.words.len()));
        let mut mistakes = typed
            .chain(found)
            .filter(|(issue, length)| !self.offers.excuse(issue, *length));
        mistakes.next().map(|(issue, _)| issue.message.as_str())
    }

    /// Fills the page anew and selects the first row.
    fn start_over(&mut self, cx: &mut Cx<'_>) {
        self.fill(cx.shared);
        self.cursor = Cursor::default();
        self.anchor = None;
        self.drop_anchor(cx.shared);
    }

    /// Groups the rows as the user wants.
    fn arrange(&mut self, shared: &Shared) {
        let folded = &self.folded;
        let by = shared.view.group;
        self.groups = by.map(|by| groups::arrange(&shared.index, &mut self.rows, by, folded));
    }

    /// Selects, sorts and counts anew.
    fn fill(&mut self, shared: &Shared) {
        let found = self.found.as_ref();
        if self.searching() {
            // While a query is typed, what stood there stays until there is an answer.
            if self.field.is_none() {
                self.rows.clear();
            }
        } else {
            let selection = self.filter.selection(shared, found.map(|found| &found.set));
            let set = shared.index.select(&selection);
            self.rows = match (self.order, found) {
                (Order::By(column), _) => shared.index.sort(&set, column, self.reversed),
                (Order::Match, Some(found)) => {
                    let ranked = found.ranked.iter().copied();
                    let mut rows: Vec<Row> = ranked.filter(|row| set.contains(*row)).collect();
                    if self.reversed {
                        rows.reverse();
                    }
                    rows
                }
                (Order::Match, None) => set.iter().collect(),
            };
        }
        self.arrange(shared);
        self.cursor.clamp(self.lines());
        self.list_facets(shared);
    }

    /// Changes the query, or what the facets or the menu are narrowed to.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        let Some((field, typed)) = &mut self.field else {
            if self.narrow.edit(edit) {
                self.narrowed(cx.shared);
            }
            return;
        };
        if field.apply(edit) && *typed != Typed::Name {
            self.asked_anew(cx);
        }
    }

    /// What is typed of the query is another.
    fn asked_anew(&mut self, cx: &mut Cx<'_>) {
        if let Some((field, _)) = &self.field {
            let text = field.text().to_owned();
            self.offers.look_up(field, cx);
            self.ask(&text, cx);
        }
    }

    /// Narrows the catalog by another query.
    fn ask(&mut self, text: &str, cx: &mut Cx<'_>) {
        self.filter = Filter::parse(text, &cx.shared.index);
        self.found = None;
        if self.filter.words.is_empty() {
            if self.order == Order::Match {
                self.order = Order::By(Column::Name);
            }
        } else {
            self.order = Order::Match;
            let limit = cx.shared.index.len();
            self.generation = cx.search(Asker::Catalog, &self.filter.words, limit);
        }
        self.start_over(cx);
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if let Answer::Entries {
            generation,
            completions,
        } = answer
        {
            self.offers.take(*generation, completions);
        }
        let Answer::Found {
            asker: Asker::Catalog,
            generation,
            found,
            ..
        } = answer
        else {
            return;
        };
        if *generation != self.generation || found.cancelled || self.filter.words.is_empty() {
            return;
        }
        let ranked: Vec<Row> = found.hits.iter().map(|hit| hit.row).collect();
        self.found = Some(Matches {
            set: RowSet::of(cx.shared.index.len(), ranked.iter().copied()),
            ranked,
            notices: found.notices.clone(),
        });
        self.fill(cx.shared);
        self.find_anchor(cx.shared);
    }

    /// The catalog or the stars were swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.found = None;
        self.marks.follow(&cx.shared.index);
        // Rows of an old index name other entities in a new one.
        self.rows.clear();
        self.fill(cx.shared);
        if !self.searching() {
            self.find_anchor(cx.shared);
        }
    }

    /// It is on the screen: asks for what it waits for. A page that is not would take the search from the one that is.
    pub fn shown(&mut self, cx: &mut Cx<'_>) {
        if self.searching() {
            let limit = cx.shared.index.len();
            self.generation = cx.search(Asker::Catalog, &self.filter.words, limit);
        }
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        match self.field {
            Some(_) => Context::Query,
            None => Context::Catalog,
        }
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.field.is_some() || self.narrow.typing
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let _ = shared;
        let query = self.filter.text();
        let opened = self.opened.as_ref().filter(|(_, text)| *text == query);
        let query = match opened {
            Some((name, _)) => Some(format!("@{name}")),
            None => Some(query).filter(|text| !text.is_empty()),
        };
        std::iter::once("Catalog".to_owned()).chain(query).collect()
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        let all = shared.index.len();
        let listed = if self.searching() {
            "searching…".to_owned()
        } else if self.filter.is_everything() {
            counted(all, "entity")
        } else {
            format!("{} of {}", count(self.rows.len()), count(all))
        };
        match self.marks.count() {
            0 => listed,
            marked => format!("{} marked · {listed}", count(marked)),
        }
    }
}
