//! The whole state of the portal.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::key::Key;
use super::keymap::Keymap;
use super::message::SourceState;
use super::notice::Notice;
use super::overlay::Overlay;
use super::page::Page;
use super::page::catalog::View;
use super::page::wizard::repo::RepoHost;
use super::task::Task;
use crate::catalog::graph::owned_by;
use crate::catalog::index::RowSet;
use crate::catalog::{EntityRef, Index};
use crate::scaffolder::Answers;
use crate::search::Context;

/// The whole state of the portal.
#[derive(Debug)]
pub struct Model {
    /// What every page may look at.
    pub shared: Shared,
    /// The keys in force.
    pub keymap: Keymap,
    /// Keys pressed so far of a chord that is not whole yet.
    pub pending: Vec<Key>,
    /// The pages one came through; the last is the one on the screen. Never empty.
    pub pages: Vec<Page>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// A message to the user.
    pub notice: Option<Notice>,
    /// Work in the background, the oldest first.
    pub tasks: Vec<Task>,
    /// What the last drawing measured.
    pub drawn: Drawn,
    /// The number of the last question asked of the world.
    pub generation: u64,
}

/// What every page may look at but only `update` changes.
#[derive(Debug)]
pub struct Shared {
    /// The catalog.
    pub index: Index,
    /// Who the user is, what they starred and visited.
    pub personal: Arc<Context>,
    /// How the sources stand.
    pub sources: Arc<Vec<SourceState>>,
    /// The company's name, empty if unknown.
    pub organization: String,
    /// A line that says where the data comes from when nobody configured anything.
    pub hint: Option<String>,
    /// Whether a refresh is under way.
    pub syncing: bool,
    /// The hosts that are configured: what pickers of repositories offer.
    pub hosts: Vec<RepoHost>,
    /// Answers to forms that were left before they were run.
    pub drafts: HashMap<EntityRef, Answers>,
    /// How the user wants the catalog's table.
    pub view: View,
    /// Whether what templates make remembers what it was made from, where nobody says otherwise.
    pub remember: bool,
    /// The user's own saved queries, each with how the catalog's table shows it, where it was saved there.
    pub own: Arc<BTreeMap<String, Option<String>>>,
    /// Seconds since 1970.
    pub now: u64,
    /// The terminal's size, in columns and rows.
    pub size: (u16, u16),
    /// Whether images can be seen.
    pub images: Images,
}

/// How images can be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Images {
    /// Not at all: the terminal has too few colours.
    #[default]
    Never,
    /// Not at all: the user has turned them off in the configuration.
    Off,
    /// If the user wants it: the terminal is far away.
    OnDemand,
    /// Unless the user does not want it.
    Always,
}

impl Shared {
    /// What pages see of a catalog, before anything else is known.
    pub fn new(index: Index, size: (u16, u16), now: u64) -> Self {
        Self {
            index,
            personal: Arc::default(),
            sources: Arc::default(),
            organization: String::new(),
            hint: None,
            hosts: Vec::new(),
            drafts: HashMap::new(),
            syncing: false,
            view: View::default(),
            remember: false,
            own: Arc::default(),
            now,
            size,
            images: Images::default(),
        }
    }

    /// Whether an entity is starred.
    pub fn is_starred(&self, entity_ref: &EntityRef) -> bool {
        self.personal.stars.contains(entity_ref)
    }

    /// The user and their groups as full references.
    pub fn owners(&self) -> BTreeSet<String> {
        let everyone = self.personal.identity.everyone();
        everyone.map(ToString::to_string).collect()
    }

    /// The rows that the user or one of their groups owns.
    pub fn mine(&self) -> RowSet {
        owned_by(&self.index, self.personal.identity.everyone())
    }

    /// The rows whose findings are for the user to mend: what they and their groups own, and these themselves.
    pub fn answers_for(&self) -> RowSet {
        let mut rows = self.mine();
        let everyone = self.personal.identity.everyone();
        everyone
            .filter_map(|entity_ref| self.index.row_of(entity_ref))
            .for_each(|row| rows.insert(row));
        rows
    }

    /// The starred rows.
    pub fn starred(&self) -> RowSet {
        let stars = self.personal.stars.iter();
        RowSet::of(
            self.index.len(),
            stars.filter_map(|star| self.index.row_of(star)),
        )
    }

    /// Whether the screen is as narrow as a classic terminal, where side panes become toggles.
    pub fn narrow(&self) -> bool {
        self.size.0 < 100
    }
}

/// What a drawing measured, for movements by a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Drawn {
    /// Rows of the page's main list or text.
    pub page_rows: usize,
    /// Rows of the page's list at the side.
    pub side_rows: usize,
    /// Lines of the page's text, where one longer than the screen is walked by lines.
    pub page_lines: usize,
    /// Columns of the page's main list or text.
    pub page_columns: usize,
    /// Rows of the overlay's list.
    pub overlay_rows: usize,
}

impl Model {
    /// A portal on which no page is open yet: [`Model::start`] opens the first.
    pub fn new(shared: Shared) -> Self {
        Self {
            shared,
            keymap: Keymap::default(),
            pending: Vec::new(),
            pages: Vec::new(),
            overlay: None,
            notice: None,
            tasks: Vec::new(),
            drawn: Drawn::default(),
            generation: 0,
        }
    }

    /// The page on the screen.
    pub fn page(&self) -> &Page {
        // `pages` is never empty: `update` keeps the first.
        &self.pages[self.pages.len() - 1]
    }
}
