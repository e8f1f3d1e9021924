//! The whole state of the portal.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use super::command::Command;
use super::key::Key;
use super::keymap::Keymap;
use super::lasting::{Habits, Lasting};
use super::log::Log;
use super::message::{Msg, SourceState};
use super::notice::Notice;
use super::overlay::Overlay;
use super::page::Page;
use super::page::catalog::View;
use super::page::wizard::repo::RepoHost;
use super::pointer::Hit;
#[cfg(doc)]
use super::pointer::Target;
use super::route::Route;
use super::task::Task;
use super::undo::Change;
use super::update::personal::Readings;
use crate::catalog::graph::owned_by;
use crate::catalog::index::RowSet;
use crate::catalog::{EntityRef, Index};
use crate::scaffolder::Answers;
use crate::search::Context;
use crate::techdocs::Reading;

/// The whole state of the portal.
#[derive(Debug)]
pub struct Model {
    /// What every page may look at.
    pub shared: Shared,
    /// Keys pressed so far of a chord that is not whole yet.
    pub pending: Vec<Key>,
    /// What was typed ahead of the answer it waits for.
    pub held: VecDeque<Msg>,
    /// The pages one came through; the last is the one on the screen. Never empty.
    pub pages: Vec<Page>,
    /// The pages one came back from; the last is the next on the way forward.
    pub ahead: Vec<Page>,
    /// The pages of runs that are on no way any more, the latest last: runs go on behind every page.
    pub parked: Vec<Page>,
    /// Where the portal was left the last time, until one goes there or elsewhere.
    pub left: Option<Route>,
    /// What can be undone, the latest last.
    pub undo: Vec<Change>,
    /// What lies over the page.
    pub overlay: Option<Overlay>,
    /// A message to the user.
    pub notice: Option<Notice>,
    /// What the last drawing measured.
    pub drawn: Drawn,
    /// What a click means where, as the last drawing has it.
    pub hits: Vec<Hit>,
    /// The end of the part whose edge is dragged, as [`Target::Edge`] has it.
    pub dragged: Option<u16>,
    /// The number of the last question asked of the world.
    pub generation: u64,
    /// What is on its way of who the user is.
    pub readings: Readings,
}

/// What every page may look at but only `update` changes.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about the portal"
)]
pub struct Shared {
    /// The keys in force.
    pub keymap: Keymap,
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
    /// Work in the background, the oldest first.
    pub tasks: Vec<Task>,
    /// What was said and what work ended.
    pub log: Log,
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
    /// Whether the mouse is taken.
    pub mouse: bool,
    /// What outlasts a page: how the user wants things shown, and where they left off.
    pub lasting: Lasting,
    /// Whether the screen is heard: nothing stands beside anything else.
    pub accessible: bool,
}

/// The fewest columns of what stands at the right of a page, and of what it leaves.
const NARROWEST: (u16, u16) = (20, 40);

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
            keymap: Keymap::default(),
            index,
            personal: Arc::default(),
            sources: Arc::default(),
            organization: String::new(),
            hint: None,
            hosts: Vec::new(),
            drafts: HashMap::new(),
            tasks: Vec::new(),
            log: Log::default(),
            syncing: false,
            view: View::default(),
            remember: false,
            own: Arc::default(),
            now,
            size,
            images: Images::default(),
            mouse: false,
            lasting: Lasting::default(),
            accessible: false,
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

    /// How docs are read, as far as that was chosen.
    pub fn reading(&self) -> Reading {
        let habits = self.lasting.choices.docs.as_ref();
        let chosen = habits.map(Habits::reading).unwrap_or_default();
        Reading {
            // Drawings are nothing to somebody who hears the page, and what is cut off is never heard.
            source: chosen.source || self.accessible,
            wrapped: chosen.wrapped || self.accessible,
            ..chosen
        }
    }

    /// The columns of what stands at the right of a page of `columns`: `usual` unless the user dragged its edge.
    pub fn aside(&self, usual: u16, columns: u16) -> u16 {
        let most = columns.saturating_sub(NARROWEST.1);
        match self.lasting.choices.aside {
            Some(wanted) if most >= NARROWEST.0 => wanted.clamp(NARROWEST.0, most),
            _ => usual,
        }
    }

    /// Whether the screen is as narrow as a classic terminal, where side panes become toggles.
    pub fn narrow(&self) -> bool {
        self.accessible || self.size.0 < 100
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
            pending: Vec::new(),
            held: VecDeque::new(),
            pages: Vec::new(),
            ahead: Vec::new(),
            parked: Vec::new(),
            left: None,
            undo: Vec::new(),
            overlay: None,
            notice: None,
            drawn: Drawn::default(),
            hits: Vec::new(),
            dragged: None,
            generation: 0,
            readings: Readings::default(),
        }
    }

    /// The page on the screen.
    pub fn page(&self) -> &Page {
        // `pages` is never empty: `update` keeps the first.
        &self.pages[self.pages.len() - 1]
    }

    /// The work that is told of on every page: the latest that somebody asked for. The pages of activity and of a run tell
    /// of it themselves.
    pub fn task(&self) -> Option<&Task> {
        let page = self.page();
        let is_told = |task: &Task| match page {
            Page::Activity(_) => true,
            page => task.run.is_some() && task.run == page.run(),
        };
        let mut tasks = self.shared.tasks.iter().rev();
        tasks.find(|task| !task.quiet && !is_told(task))
    }

    /// The work that would be cancelled from anywhere: the latest that somebody asked for, else the latest.
    pub fn cancellable(&self) -> Option<&Task> {
        let tasks = &self.shared.tasks;
        let asked = tasks.iter().rev().find(|task| !task.quiet);
        asked.or(tasks.last())
    }

    /// Why a command cannot be carried out now, in a few words; `None` if it can.
    pub fn why_not(&self, command: Command) -> Option<&'static str> {
        let page = self.page();
        match command {
            Command::Undo if self.undo.is_empty() => Some("There is nothing to undo."),
            Command::Forward
                if self.ahead.is_empty() && self.left.is_none() && !page.has_forward() =>
            {
                Some("There is no page to go forward to.")
            }
            Command::Previous if self.pages.len() < 2 && !page.has_back() => {
                Some("There is no page to go back to.")
            }
            Command::CancelTask if self.shared.tasks.is_empty() => {
                Some("Nothing is running in the background.")
            }
            Command::Sync if self.shared.syncing => Some("It is being refreshed already."),
            Command::CopyPlace if page.link().is_none() => {
                Some("A run has no place to come back to; the page of runs has.")
            }
            _ => page.why_not(command, &self.shared),
        }
    }
}
