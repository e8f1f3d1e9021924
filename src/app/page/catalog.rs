//! The catalog page: a table of everything, narrowed by facets and by a query, sorted by any column.
//!
//! Rows are selected, counted and sorted when something changes, never while drawing; a drawing formats the rows in
//! sight and no others.

mod facets;
mod filter;

use crate::app::Cursor;
use crate::app::command::{Command, Context};
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::message::{Answer, Asker, Edit};
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::route::{EntityTab, Route};
use crate::catalog::index::{Column, Facet, RowSet};
use crate::catalog::text::{count, counted};
use crate::catalog::{EntityRef, Row};

pub use facets::FacetLine;
pub use filter::{Choice, Filter};

/// Rows of a screen on which there is room for the preview without asking.
const TALL: u16 = 30;

/// State of the catalog page.
#[derive(Debug)]
pub struct Catalog {
    /// What it is narrowed by.
    pub filter: Filter,
    /// What is left, in order.
    pub rows: Vec<Row>,
    /// Which row is selected.
    pub cursor: Cursor,
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
    /// Whether the user asked for the preview, or to be without; otherwise the size of the screen decides.
    preview: Option<bool>,
    /// The entity under the cursor, to find it again when rows are new.
    anchor: Option<EntityRef>,
}

/// What the rows are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The best match of the query's words first.
    Match,
    /// A column.
    By(Column),
}

/// The orders in the sequence in which `s` goes through them; the first only where there are words to match.
const ORDERS: [Order; 8] = [
    Order::Match,
    Order::By(Column::Name),
    Order::By(Column::Kind),
    Order::By(Column::Type),
    Order::By(Column::Owner),
    Order::By(Column::System),
    Order::By(Column::Lifecycle),
    Order::By(Column::Problems),
];

/// What the search found.
#[derive(Debug)]
struct Matches {
    set: RowSet,
    ranked: Vec<Row>,
    notices: Vec<String>,
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
            cursor: Cursor::default(),
            facets: Vec::new(),
            facet_cursor: Cursor::default(),
            in_facets: false,
            order,
            reversed: false,
            found: None,
            generation: 0,
            open: Vec::new(),
            preview: None,
            anchor: None,
        };
        catalog.refresh(cx);
        catalog
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<Row> {
        self.rows.get(self.cursor.selected).copied()
    }

    /// Whether the preview is on the screen.
    pub fn previewed(&self, shared: &Shared) -> bool {
        self.preview
            .unwrap_or(!shared.narrow() && shared.size.1 >= TALL)
    }

    /// Whether the search is still under way.
    pub fn searching(&self) -> bool {
        !self.filter.words.is_empty() && self.found.is_none()
    }

    /// What of the query was not understood or is not in this catalog.
    pub fn notice(&self) -> Option<&str> {
        let issues = self.filter.issues.iter();
        let found = self.found.iter().flat_map(|found| &found.notices);
        issues
            .map(|issue| issue.message.as_str())
            .chain(found.map(String::as_str))
            .next()
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::CatalogFacets | Command::NextTab | Command::PrevTab => {
                self.in_facets = !self.in_facets;
            }
            Command::Left => self.in_facets = true,
            Command::Right => self.in_facets = false,
            Command::Back if self.in_facets => self.in_facets = false,
            Command::CatalogToggle | Command::Open if self.in_facets => self.choose(cx),
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
                let moved = self
                    .cursor
                    .apply(command, self.rows.len(), cx.drawn.page_rows);
                if moved {
                    self.drop_anchor(cx.shared);
                }
                return moved;
            }
        }
        true
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

    fn sort_by_next(&mut self, cx: &mut Cx<'_>) {
        let at = ORDERS.iter().position(|order| *order == self.order);
        let next = at.map_or(1, |at| (at + 1) % ORDERS.len());
        let first = usize::from(self.filter.words.is_empty());
        self.order = ORDERS[next.max(first)];
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

    /// Fills the page anew and selects the first row.
    fn start_over(&mut self, cx: &mut Cx<'_>) {
        self.fill(cx.shared);
        self.cursor = Cursor::default();
        self.drop_anchor(cx.shared);
    }

    fn drop_anchor(&mut self, shared: &Shared) {
        self.anchor = self.selected().and_then(|row| shared.index.entity_ref(row));
    }

    /// Selects, sorts and counts anew.
    fn fill(&mut self, shared: &Shared) {
        let found = self.found.as_ref();
        if self.searching() {
            self.rows.clear();
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
        let set = found.map(|found| &found.set);
        self.facets = facets::lines(&self.filter, shared, set, &self.open);
        self.cursor.clamp(self.rows.len());
        self.facet_cursor.clamp(self.facets.len());
        let ok = |at: &usize| self.facets.get(*at).is_some_and(FacetLine::selectable);
        if !ok(&self.facet_cursor.selected) {
            self.facet_cursor.selected = (0..self.facets.len()).find(ok).unwrap_or(0);
        }
    }

    /// Changes the text field that has the focus: there is none.
    pub fn edit(&mut self, _edit: &Edit, _cx: &mut Cx<'_>) {}

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
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
            notices: found
                .notices
                .iter()
                .map(|issue| issue.message.clone())
                .collect(),
        });
        self.fill(cx.shared);
        self.find_anchor(cx.shared);
    }

    /// The catalog or the stars were swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.found = None;
        if !self.filter.words.is_empty() {
            let limit = cx.shared.index.len();
            self.generation = cx.search(Asker::Catalog, &self.filter.words, limit);
        }
        self.fill(cx.shared);
        if !self.searching() {
            self.find_anchor(cx.shared);
        }
    }

    /// Selects the entity that was selected before rows were new.
    fn find_anchor(&mut self, shared: &Shared) {
        let row = self
            .anchor
            .as_ref()
            .and_then(|anchor| shared.index.row_of(anchor));
        if let Some(at) = row.and_then(|row| self.rows.iter().position(|r| *r == row)) {
            self.cursor.top = (self.cursor.top + at).saturating_sub(self.cursor.selected);
            self.cursor.selected = at;
        }
        self.drop_anchor(shared);
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Catalog
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        false
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let _ = shared;
        match command {
            Command::CatalogToggle if !self.in_facets => Some("Move to the filters with f first."),
            Command::CatalogStar | Command::CatalogCopy if self.rows.is_empty() => {
                Some("There is no entity under the cursor.")
            }
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let _ = shared;
        let query = Some(self.filter.text()).filter(|text| !text.is_empty());
        std::iter::once("Catalog".to_owned()).chain(query).collect()
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        let all = shared.index.len();
        if self.searching() {
            "searching…".to_owned()
        } else if self.filter.is_everything() {
            counted(all, "entity")
        } else {
            format!("{} of {}", count(self.rows.len()), count(all))
        }
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
