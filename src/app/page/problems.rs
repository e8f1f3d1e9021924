//! The problems page: what is wrong in the catalog and which sources cannot be read, in groups, the user's own first.

mod excerpt;
mod fill;
mod list;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::app::command::{Command, Context};
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit, SourceState};
use crate::app::model::Shared;
use crate::app::notice::Notice;
use crate::app::pointer::{Part, Target};
use crate::app::route::{About, EntityTab, Route};
use crate::app::undo::{Before, OnPage};
use crate::app::{Cursor, TextField};
use crate::catalog::text::{capitalized, count, counted};
use crate::catalog::{Problem, Row, Rule};

pub use excerpt::{Excerpt, Shown};
pub use list::{Group, Grouping, Key, Levels, Line};

/// State of the problems page.
#[derive(Debug)]
pub struct Problems {
    /// What it is narrowed to from the outside.
    pub about: About,
    /// What is wrong, in the order of the store; `None` until it is loaded.
    pub problems: Option<Arc<Vec<Problem>>>,
    /// Why it could not be loaded.
    pub failed: Option<String>,
    /// How it is grouped.
    pub grouping: Grouping,
    /// Which levels are listed.
    pub levels: Levels,
    /// Whether only the user's own are listed.
    pub mine_only: bool,
    /// The words it is filtered by, while it is.
    pub filter: Option<Filter>,
    /// The groups, those that are folded too.
    pub groups: Vec<Group>,
    /// The lines of the list.
    pub lines: Vec<Line>,
    /// Which line is selected.
    pub cursor: Cursor,
    /// How many findings are listed, those in folded groups too.
    pub listed: usize,
    /// How many are the user's own.
    pub mine: usize,
    /// The lines of a file around the finding under the cursor.
    pub excerpt: Option<Excerpt>,
    /// Whether what is under the cursor has the page to itself.
    pub whole: bool,
    /// The top line of that.
    pub whole_top: Cursor,
    /// By finding: the row of its entity, and whether it is the user's.
    known: Vec<(Option<Row>, bool)>,
    /// The groups that are folded.
    folded: BTreeSet<(bool, Key)>,
    /// The groups that were folded before the filter opened them all.
    folded_before: BTreeSet<(bool, Key)>,
}

/// Words to filter by.
#[derive(Debug, Default)]
pub struct Filter {
    /// What is typed.
    pub field: TextField,
    /// Whether the field has the focus.
    pub typing: bool,
}

/// How the list is narrowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Narrowed {
    /// Whether only the user's own are listed.
    pub mine_only: bool,
    /// Which levels are.
    pub levels: Levels,
    /// The words of the filter.
    pub words: String,
}

/// What is under the cursor.
#[derive(Debug, Clone, Copy)]
pub enum Selected<'a> {
    /// A finding.
    Problem(&'a Problem),
    /// A source that could not be read.
    Source(&'a SourceState),
    /// A cause whose findings are folded away.
    Cause(Rule),
}

impl Problems {
    /// Makes the page, asking for what it needs.
    pub fn open(about: About, cx: &mut Cx<'_>) -> Self {
        cx.effect(Effect::LoadProblems);
        Self {
            about,
            problems: None,
            failed: None,
            grouping: Grouping::default(),
            levels: Levels::default(),
            mine_only: false,
            filter: None,
            groups: Vec::new(),
            lines: Vec::new(),
            cursor: Cursor::default(),
            listed: 0,
            mine: 0,
            excerpt: None,
            whole: false,
            whole_top: Cursor::default(),
            known: Vec::new(),
            folded: BTreeSet::new(),
            folded_before: BTreeSet::new(),
        }
    }

    /// The finding under the cursor.
    pub fn selected(&self) -> Option<&Problem> {
        match self.lines.get(self.cursor.selected)? {
            Line::Problem(at, _) => self.problems.as_ref()?.get(*at),
            _ => None,
        }
    }

    /// What is under the cursor.
    pub fn under_cursor<'a>(&'a self, shared: &'a Shared) -> Option<Selected<'a>> {
        match self.lines.get(self.cursor.selected)? {
            Line::Problem(at, _) => self.problems.as_ref()?.get(*at).map(Selected::Problem),
            Line::Source(at) => shared.sources.get(*at).map(Selected::Source),
            Line::Group(at) => match &self.groups.get(*at)?.key {
                Key::Cause(rule) => Some(Selected::Cause(*rule)),
                _ => None,
            },
            Line::Part(..) | Line::Gap => None,
        }
    }

    /// The row of the entity that a finding is about.
    pub fn row(&self, at: usize) -> Option<Row> {
        self.known.get(at)?.0
    }

    /// Whether some of what there is is not listed.
    pub fn is_narrowed(&self) -> bool {
        self.mine_only || self.levels != Levels::default() || !self.words().is_empty()
    }

    /// The words it is filtered by.
    pub fn words(&self) -> &str {
        self.filter
            .as_ref()
            .map_or("", |filter| filter.field.text())
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        if self.typing() {
            return self.filter_command(command, cx);
        }
        match command {
            Command::ProblemsFilter | Command::Filter => {
                self.whole = false;
                self.filter.get_or_insert_default().typing = true;
            }
            Command::ProblemsMine => {
                self.mine_only = !self.mine_only;
                self.fill_from_top(cx);
            }
            Command::ProblemsLevel => {
                self.levels = self.levels.next();
                self.fill_from_top(cx);
            }
            Command::ProblemsGroup => self.group(self.grouping.next(), cx),
            Command::PrevTab => self.group(self.grouping.next().next(), cx),
            Command::ProblemsClear => self.clear(cx),
            Command::ProblemsWhole => self.show_whole(!self.whole),
            Command::Back if self.whole => self.show_whole(false),
            Command::Back if !self.words().is_empty() => self.end_filter(cx),
            Command::ProblemsFold => self.fold(None, cx),
            Command::ProblemsFoldAll => self.fold_all(cx),
            Command::Left if !self.whole => self.fold(Some(true), cx),
            Command::Right if !self.whole => self.fold(Some(false), cx),
            Command::Open => self.follow(cx),
            Command::ProblemsEdit | Command::ProblemsCopy | Command::ProblemsOpen => {
                if let Some(problem) = self.selected() {
                    act(command, problem, cx);
                }
            }
            _ if self.whole => {
                let rows = cx.drawn.page_rows;
                let tops = (cx.drawn.side_rows + 1).saturating_sub(rows).max(1);
                let moved = self.whole_top.apply(command, tops, rows);
                self.whole_top.top = self.whole_top.selected;
                return moved;
            }
            _ => return self.walk(command, cx),
        }
        true
    }

    /// Commands while the filter has the focus: Enter and Esc leave it, Esc forgets it, the rest walks the list.
    fn filter_command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::Open => {
                if let Some(filter) = &mut self.filter {
                    filter.typing = false;
                }
                if self.words().is_empty() {
                    self.filter = None;
                }
            }
            Command::Back => self.end_filter(cx),
            Command::ProblemsGroup => self.group(self.grouping.next(), cx),
            _ => return self.walk(command, cx),
        }
        true
    }

    fn end_filter(&mut self, cx: &mut Cx<'_>) {
        let narrowed = !self.words().is_empty();
        self.filter = None;
        if narrowed {
            self.folded = std::mem::take(&mut self.folded_before);
            self.fill_and_keep(cx);
        }
    }

    /// Lists everything again.
    fn clear(&mut self, cx: &mut Cx<'_>) {
        if self.is_narrowed() {
            let narrowed = Narrowed {
                mine_only: self.mine_only,
                levels: self.levels,
                words: self.words().to_owned(),
            };
            let before = Before::Page(OnPage::Problems(narrowed));
            cx.undoable("all filters removed", before);
        }
        self.mine_only = false;
        self.levels = Levels::default();
        self.end_filter(cx);
        self.fill_and_keep(cx);
    }

    /// Lists what was listed before the filters were removed.
    pub fn restore(&mut self, narrowed: &Narrowed, cx: &mut Cx<'_>) {
        self.mine_only = narrowed.mine_only;
        self.levels = narrowed.levels;
        self.filter = Some(Filter {
            field: TextField::new(&narrowed.words),
            typing: false,
        })
        .filter(|filter| !filter.field.text().is_empty());
        self.fill_from_top(cx);
    }

    fn group(&mut self, grouping: Grouping, cx: &mut Cx<'_>) {
        self.grouping = grouping;
        self.fold_long_parts();
        self.fill_and_keep(cx);
    }

    fn show_whole(&mut self, whole: bool) {
        self.whole = whole && !self.lines.is_empty();
        self.whole_top = Cursor::default();
    }

    /// Goes where the line under the cursor leads: to the entity, into the file, into the group.
    fn follow(&mut self, cx: &mut Cx<'_>) {
        match self.lines.get(self.cursor.selected) {
            Some(Line::Group(_)) => self.fold(Some(false), cx),
            Some(Line::Source(_)) => self.show_whole(!self.whole),
            _ => {
                if let Some(problem) = self.selected() {
                    act(Command::Open, problem, cx);
                }
            }
        }
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        match target {
            Target::Item(Part::Main, at) => self.point_at(at, cx),
            Target::Tab(at) => {
                if let Some(grouping) = Grouping::ALL.get(at) {
                    self.group(*grouping, cx);
                }
                false
            }
            _ => false,
        }
    }

    /// Changes the text of the filter.
    pub fn edit(&mut self, edit: &Edit, cx: &mut Cx<'_>) {
        let Some(filter) = &mut self.filter else {
            return;
        };
        let was_empty = filter.field.text().is_empty();
        if !filter.field.apply(edit) {
            return;
        }
        let is_empty = filter.field.text().is_empty();
        if was_empty {
            // What is found must be seen; what was folded is folded again later.
            self.folded_before = std::mem::take(&mut self.folded);
        } else if is_empty {
            self.folded = std::mem::take(&mut self.folded_before);
        }
        self.fill_from_top(cx);
    }

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        match answer {
            Answer::Problems(Ok(problems)) => {
                let first = self.problems.is_none();
                self.problems = Some(problems.clone());
                self.failed = None;
                self.excerpt = None;
                self.look_up(cx.shared);
                if first {
                    self.fold_long_parts();
                    self.fill_from_top(cx);
                } else {
                    self.fill_and_keep(cx);
                }
            }
            Answer::Problems(Err(error)) => self.failed = Some(error.clone()),
            Answer::Sources(_) if self.problems.is_some() => self.fill_and_keep(cx),
            Answer::Excerpt(place, shown) => {
                if let Some(excerpt) = &mut self.excerpt {
                    excerpt.take(place, shown);
                }
                self.ask_excerpt(cx);
            }
            _ => {}
        }
    }

    /// The catalog was swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        cx.effect(Effect::LoadProblems);
        self.look_up(cx.shared);
        self.fill_and_keep(cx);
    }

    /// Whether what is wrong is still being loaded.
    pub fn is_awaited(&self) -> bool {
        self.problems.is_none() && self.failed.is_none()
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Problems
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.typing)
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        match command {
            Command::ProblemsMine if shared.personal.identity.me.is_none() => {
                Some("Who you are is not known. Set stagedoor.me in app-config.yaml.")
            }
            Command::ProblemsEdit | Command::ProblemsCopy | Command::ProblemsOpen
                if self.selected().is_none() =>
            {
                Some("There is no problem under the cursor.")
            }
            Command::ProblemsOpen if !self.selected().is_some_and(is_remote) => {
                Some("The file is on this machine: open it in your editor.")
            }
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let mut crumbs = vec!["Problems".to_owned()];
        match &self.about {
            About::Everything => {}
            About::Cause(rule) => crumbs.push(capitalized(rule.title())),
            About::Entity(entity_ref) => {
                let row = shared.index.row_of(entity_ref);
                crumbs.push(
                    row.map_or(entity_ref.name(), |row| shared.index.name(row))
                        .to_owned(),
                );
            }
        }
        crumbs.extend(self.mine_only.then(|| "mine".to_owned()));
        crumbs
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        let _ = shared;
        let Some(problems) = &self.problems else {
            return String::new();
        };
        if self.is_narrowed() || self.about != About::Everything {
            return format!("{} of {}", count(self.listed), count(problems.len()));
        }
        match self.mine {
            0 => counted(problems.len(), "problem"),
            mine => format!("{} yours of {}", count(mine), count(problems.len())),
        }
    }
}

/// Whether a finding is in a file that is not on this machine.
pub fn is_remote(problem: &Problem) -> bool {
    problem.place.file.contains("://")
}

/// Opens, edits or copies a finding.
fn act(command: Command, problem: &Problem, cx: &mut Cx<'_>) {
    let place = &problem.place;
    let entity = problem
        .entity
        .clone()
        .filter(|entity_ref| cx.shared.index.row_of(entity_ref).is_some());
    match (command, entity) {
        (Command::ProblemsCopy, _) => cx.effect(Effect::Copy {
            text: place.to_string(),
            what: "place",
        }),
        (Command::Open, Some(entity_ref)) => cx.go(Route::Entity {
            entity_ref,
            tab: EntityTab::Overview,
        }),
        (Command::ProblemsEdit, _) if is_remote(problem) && !place.file.starts_with("demo:") => {
            cx.say(Notice::info(
                "This file is not on this machine. See it on its host, or copy its place.",
            ));
        }
        _ => cx.open_place(place),
    }
}
