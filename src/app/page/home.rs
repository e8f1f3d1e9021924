//! The home page: what is mine, what of it needs a look, what I starred and used last, my teams.
//!
//! All but the words of the findings comes from the index, so that the first frame is whole.

mod items;

use std::sync::Arc;

use crate::app::Cursor;
use crate::app::command::{Command, Context};
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::app::pointer::{Part, Target};
use crate::app::route::{About, EntityTab, Route};
use crate::catalog::{EntityRef, Problem};

pub use items::{Item, Team};

use items::Name;

/// State of the home page.
#[derive(Debug)]
pub struct Home {
    /// Its panes, in the order in which Tab walks them.
    pub panes: Vec<Pane>,
    /// Which of them has the focus.
    pub focus: usize,
    /// What its lists are narrowed to.
    pub narrow: Narrow,
    /// The findings, once they are loaded.
    problems: Option<Arc<Vec<Problem>>>,
    /// Whether they were asked for, and none are there yet.
    awaited: bool,
    /// Whether the user has moved: until then the focus goes to what matters most, as it arrives.
    moved: bool,
}

/// One list on the home page.
#[derive(Debug)]
pub struct Pane {
    /// What it lists.
    pub topic: Topic,
    /// Its rows.
    pub items: Vec<Item>,
    /// Which is selected.
    pub cursor: Cursor,
    /// What the user put the cursor on; `None` on top, where whoever is stays.
    on: Option<Name>,
}

/// What a pane lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// What the user and their groups own.
    Yours,
    /// How many of each kind there are.
    Kinds,
    /// Findings about what is theirs.
    NeedsLook,
    /// What they starred.
    Starred,
    /// What they looked at last.
    Recent,
    /// The groups they are in.
    Teams,
}

impl Pane {
    /// The user has put the cursor where it is.
    fn put(&mut self, shared: &Shared) {
        let item = self.items.get(self.cursor.selected);
        let item = item.filter(|_| self.cursor.selected > 0);
        self.on = item.and_then(|item| item.name(shared));
    }
}

impl Topic {
    /// Whether it stands in the right one of two columns.
    pub fn on_right(self) -> bool {
        matches!(self, Self::NeedsLook | Self::Starred | Self::Recent)
    }
}

impl Home {
    /// Makes the page, asking for what it needs.
    pub fn open(cx: &mut Cx<'_>) -> Self {
        let mut home = Self {
            panes: Vec::new(),
            focus: 0,
            narrow: Narrow::default(),
            problems: None,
            awaited: false,
            moved: false,
        };
        home.refresh(cx);
        home
    }

    /// The panes that are on the screen: a narrow one leaves out those that have nothing to say, and the kinds for
    /// somebody who has things of their own to look at.
    pub fn shown(&self, narrow: bool) -> Vec<usize> {
        let owner = |pane: &Pane| pane.topic == Topic::Yours && !pane.items.is_empty();
        let owner = self.panes.iter().any(owner);
        let tells = |pane: &Pane| match pane.topic {
            Topic::Yours | Topic::NeedsLook => true,
            Topic::Kinds => !(narrow && owner),
            Topic::Starred | Topic::Recent | Topic::Teams => !narrow || !pane.items.is_empty(),
        };
        (0..self.panes.len())
            .filter(|&at| self.panes.get(at).is_some_and(tells))
            .collect()
    }

    fn pane(&self) -> Option<&Pane> {
        self.panes.get(self.focus)
    }

    fn selected(&self) -> Option<&Item> {
        let pane = self.pane()?;
        pane.items.get(pane.cursor.selected)
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        self.moved = true;
        let meant = match command {
            Command::HomeLeave => Command::Back,
            command => command,
        };
        match self.narrow.command(meant) {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.fill(cx.shared);
                return true;
            }
        }
        match command {
            Command::HomeCatalog => cx.go(catalog(String::new())),
            Command::HomeDocs => cx.go(catalog("has:docs".to_owned())),
            Command::HomeTemplates => cx.go(Route::Templates),
            Command::HomeRuns => cx.go(Route::Runs),
            Command::HomeProblems => cx.go(problems(About::Everything)),
            Command::Open => {
                if let Some(route) = self.selected().and_then(|item| route(item, cx.shared)) {
                    cx.go(route);
                }
            }
            Command::NextTab => self.step(1, cx.shared),
            Command::PrevTab => self.step(-1, cx.shared),
            Command::Left | Command::Right => self.across(command, cx.shared),
            _ => return self.walk(command, cx),
        }
        true
    }

    /// Moves within the pane, and at its ends to the pane above or below.
    fn walk(&mut self, command: Command, cx: &Cx<'_>) -> bool {
        let narrow = cx.shared.narrow();
        let rows = cx.drawn.page_rows;
        let Some(pane) = self.panes.get_mut(self.focus) else {
            return false;
        };
        let before = pane.cursor.selected;
        if !pane.cursor.apply(command, pane.items.len(), rows) {
            return false;
        }
        pane.put(cx.shared);
        let step: isize = match command {
            Command::Up => -1,
            Command::Down => 1,
            _ => return true,
        };
        if pane.cursor.selected == before {
            let side = pane.topic.on_right();
            let column: Vec<usize> = self
                .shown(narrow)
                .into_iter()
                .filter(|&at| narrow || self.panes[at].topic.on_right() == side)
                .collect();
            let here = column.iter().position(|&at| at == self.focus);
            let next = here
                .and_then(|here| here.checked_add_signed(step))
                .and_then(|next| column.get(next).copied());
            if let Some(next) = next {
                self.enter(next, step < 0, cx.shared);
            }
        }
        true
    }

    /// Gives a pane the focus, at its first row or, coming from below, its last.
    fn enter(&mut self, at: usize, from_below: bool, shared: &Shared) {
        self.focus = at;
        if let Some(pane) = self.panes.get_mut(at) {
            let len = pane.items.len();
            let item = if from_below { len.saturating_sub(1) } else { 0 };
            pane.cursor.select(item, len, len.max(1));
            pane.cursor.top = 0;
            pane.put(shared);
        }
    }

    /// Gives the next pane the focus, or the one before.
    fn step(&mut self, by: isize, shared: &Shared) {
        let shown = self.shown(shared.narrow());
        let here = shown.iter().position(|&at| at == self.focus).unwrap_or(0);
        let len = isize::try_from(shown.len()).unwrap_or(1).max(1);
        let here = isize::try_from(here).unwrap_or(0);
        let next = usize::try_from((here + by).rem_euclid(len)).unwrap_or(0);
        if let Some(&at) = shown.get(next) {
            self.focus = at;
        }
    }

    /// Gives the first pane of the other column the focus.
    fn across(&mut self, command: Command, shared: &Shared) {
        if shared.narrow() {
            self.step(if command == Command::Right { 1 } else { -1 }, shared);
            return;
        }
        let right = command == Command::Right;
        if self
            .pane()
            .is_some_and(|pane| pane.topic.on_right() != right)
            && let Some(at) = self.panes.iter().position(|p| p.topic.on_right() == right)
        {
            self.focus = at;
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        let (Target::Item(Part::Pane(at), _) | Target::Part(Part::Pane(at))) = target else {
            return false;
        };
        self.moved = true;
        let had_focus = std::mem::replace(&mut self.focus, at) == at;
        match (target, self.panes.get_mut(at)) {
            (Target::Item(_, item), Some(pane)) => {
                let is_same = pane.cursor.point(item, pane.items.len());
                pane.put(cx.shared);
                is_same && had_focus
            }
            _ => false,
        }
    }

    /// Changes what the lists are narrowed to; the focus goes to where something is left.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        if !self.narrow.edit(edit) {
            return;
        }
        self.fill(cx.shared);
        let shown = self.shown(cx.shared.narrow());
        let full = |at: &usize| self.panes.get(*at).is_some_and(|it| !it.items.is_empty());
        if !full(&self.focus)
            && let Some(at) = shown.into_iter().find(full)
        {
            self.focus = at;
        }
        if let Some(pane) = self.panes.get_mut(self.focus) {
            pane.cursor = Cursor::default();
            pane.on = None;
        }
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        let Answer::Problems(result) = answer else {
            return;
        };
        self.awaited = false;
        if let Ok(problems) = result {
            self.problems = Some(problems.clone());
            self.fill(cx.shared);
        }
    }

    /// The catalog or the stars were swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        // Findings may have changed with the catalog; the words of the old ones stay until the new ones come.
        if items::any_of_mine_is_broken(cx.shared) {
            cx.effect(Effect::LoadProblems);
            self.awaited = self.problems.is_none();
        } else {
            self.problems = None;
            self.awaited = false;
        }
        self.fill(cx.shared);
    }

    /// It is on the screen again: what was looked at meanwhile is what was looked at last.
    pub fn come_back(&mut self, cx: &mut Cx<'_>) {
        self.fill(cx.shared);
    }

    /// Makes the panes anew; cursors stay on what they are on.
    fn fill(&mut self, shared: &Shared) {
        let focused = self.pane().map(|pane| pane.topic);
        let mut old = std::mem::take(&mut self.panes);
        let problems = self.problems.as_deref().map(Vec::as_slice);
        for (topic, mut items) in items::panes(shared, problems) {
            items.retain(|item| items::fits(item, &self.narrow, shared));
            let before = old.iter_mut().find(|pane| pane.topic == topic);
            let (mut cursor, on) = before
                .map(|pane| (pane.cursor, pane.on.take()))
                .unwrap_or_default();
            let is_on = |item: &Item| on.is_some() && item.name(shared) == on;
            if let Some(at) = items.iter().position(is_on) {
                cursor.top = (cursor.top + at).saturating_sub(cursor.selected);
                cursor.selected = at;
            }
            cursor.clamp(items.len());
            self.panes.push(Pane {
                topic,
                items,
                cursor,
                on,
            });
        }
        let shown = self.shown(shared.narrow());
        let kept = self
            .panes
            .iter()
            .position(|pane| Some(pane.topic) == focused);
        let full = |at: &&usize| self.panes.get(**at).is_some_and(|p| !p.items.is_empty());
        self.focus = kept
            .filter(|at| self.moved && shown.contains(at))
            .or_else(|| shown.iter().find(full).copied())
            .unwrap_or(0);
    }

    /// Whether findings stand in its lists that are about to become others.
    pub fn is_awaited(&self) -> bool {
        self.awaited
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Home
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.narrow.typing
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let _ = (command, shared);
        None
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let _ = shared;
        vec!["stagedoor".to_owned()]
    }

    /// The words on the right of the top line: the company and who looks.
    pub fn status(&self, shared: &Shared) -> String {
        let identity = &shared.personal.identity;
        let me = identity.me.as_ref().map(EntityRef::name);
        let who = match (me, identity.groups.first()) {
            (Some(me), Some(group)) => Some(format!("{me}@{}", group.name())),
            (Some(me), None) => Some(me.to_owned()),
            (None, _) => None,
        };
        let organization = Some(shared.organization.clone()).filter(|name| !name.is_empty());
        let words: Vec<String> = organization.into_iter().chain(who).collect();
        words.join(" · ")
    }
}

fn catalog(query: String) -> Route {
    Route::Catalog { query }
}

fn problems(about: About) -> Route {
    Route::Problems { about }
}

/// Where a row leads.
fn route(item: &Item, shared: &Shared) -> Option<Route> {
    let entity = |entity_ref: EntityRef| Route::Entity {
        entity_ref,
        tab: EntityTab::Overview,
    };
    Some(match item {
        Item::Entity { row, .. } | Item::Finding { row, .. } => {
            entity(shared.index.entity_ref(*row)?)
        }
        Item::Team(team) => entity(shared.index.entity_ref(team.row)?),
        Item::Gone(entity_ref) => entity(entity_ref.clone()),
        Item::Kind(kind, _) => catalog(format!("kind:{}", kind.to_lowercase())),
        Item::Cause { rule, .. } => problems(About::Cause(*rule)),
        Item::Broken(_) => problems(About::Everything),
    })
}
