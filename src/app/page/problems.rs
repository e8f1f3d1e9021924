//! The problems page: what is wrong in the whole catalog, by cause, the user's own first.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::Cursor;
use crate::app::command::{Command, Context};
use crate::app::cx::Cx;
use crate::app::effect::Effect;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::route::{EntityTab, Route};
use crate::catalog::text::{count, counted};
use crate::catalog::{Level, Problem, Rule};

/// State of the problems page.
#[derive(Debug)]
pub struct Problems {
    /// What is wrong, in the order of the store; `None` until it is loaded.
    pub problems: Option<Arc<Vec<Problem>>>,
    /// Why it could not be loaded.
    pub failed: Option<String>,
    /// The lines of the list.
    pub lines: Vec<Line>,
    /// Which line is selected.
    pub cursor: Cursor,
    /// Whether only the user's own are listed.
    pub mine_only: bool,
    /// How many are the user's own.
    pub mine: usize,
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// A cause, with its worst level and the number of findings.
    Cause(Rule, Level, usize),
    /// A finding: its number, and whether it is the user's.
    Problem(usize, bool),
    /// Space between causes.
    Gap,
}

impl Problems {
    /// Makes the page, asking for what it needs.
    pub fn open(cx: &mut Cx<'_>) -> Self {
        cx.effect(Effect::LoadProblems);
        Self {
            problems: None,
            failed: None,
            lines: Vec::new(),
            cursor: Cursor::default(),
            mine_only: false,
            mine: 0,
        }
    }

    /// The finding under the cursor.
    pub fn selected(&self) -> Option<&Problem> {
        match self.lines.get(self.cursor.selected)? {
            Line::Problem(at, _) => self.problems.as_ref()?.get(*at),
            _ => None,
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match command {
            Command::ProblemsMine => {
                self.mine_only = !self.mine_only;
                self.cursor = Cursor::default();
                self.fill(cx.shared);
            }
            Command::Open | Command::ProblemsEdit | Command::ProblemsCopy => {
                if let Some(problem) = self.selected() {
                    act(command, problem, cx);
                }
            }
            _ => return self.walk(command, cx.drawn.page_rows),
        }
        true
    }

    /// Moves from finding to finding, over causes and gaps.
    fn walk(&mut self, command: Command, rows: usize) -> bool {
        if !self.cursor.apply(command, self.lines.len(), rows) {
            return false;
        }
        self.settle(matches!(command, Command::Up | Command::PageUp));
        true
    }

    fn settle(&mut self, up: bool) {
        let at = self.cursor.selected;
        let ok = |at: &usize| matches!(self.lines.get(*at), Some(Line::Problem(..)));
        let ahead = (at..self.lines.len()).find(ok);
        let behind = (0..=at).rev().find(ok);
        let found = if up {
            behind.or(ahead)
        } else {
            ahead.or(behind)
        };
        self.cursor.selected = found.unwrap_or(0);
        if behind.is_none() {
            // Nothing above but the first cause: it comes into sight.
            self.cursor.top = 0;
        }
    }

    /// Sorts into causes: those with something of the user's first, then the worst.
    fn fill(&mut self, shared: &Shared) {
        self.lines.clear();
        let Some(problems) = self.problems.clone() else {
            return;
        };
        let rows = shared.mine();
        let everyone: Vec<_> = shared.personal.identity.everyone().collect();
        let is_mine = |problem: &Problem| {
            problem.entity.as_ref().is_some_and(|entity_ref| {
                everyone.contains(&entity_ref)
                    || shared
                        .index
                        .row_of(entity_ref)
                        .is_some_and(|row| rows.contains(row))
            })
        };
        let mut causes: BTreeMap<Rule, Vec<(bool, usize)>> = BTreeMap::new();
        self.mine = 0;
        for (at, problem) in problems.iter().enumerate() {
            let mine = is_mine(problem);
            self.mine += usize::from(mine);
            if mine || !self.mine_only {
                causes.entry(problem.rule).or_default().push((!mine, at));
            }
        }
        let level = |found: &[(bool, usize)]| {
            let levels = found.iter().filter_map(|(_, at)| problems.get(*at));
            levels
                .map(|problem| problem.level)
                .min()
                .unwrap_or(Level::Info)
        };
        let mut causes: Vec<_> = causes
            .into_iter()
            .map(|(rule, mut found)| {
                found.sort_unstable();
                (level(&found), rule, found)
            })
            .collect();
        let others_only = |found: &[(bool, usize)]| found.first().is_none_or(|(other, _)| *other);
        causes.sort_by_key(|(level, rule, found)| (others_only(found), *level, *rule));
        for (level, rule, found) in causes {
            if !self.lines.is_empty() {
                self.lines.push(Line::Gap);
            }
            self.lines.push(Line::Cause(rule, level, found.len()));
            let found = found
                .into_iter()
                .map(|(other, at)| Line::Problem(at, !other));
            self.lines.extend(found);
        }
        self.cursor.clamp(self.lines.len());
        self.settle(false);
    }

    /// Changes the text field that has the focus: there is none.
    pub fn edit(&mut self, _edit: &Edit, _cx: &mut Cx<'_>) {}

    /// Takes what came of an effect.
    pub fn answer(&mut self, answer: &Answer, cx: &mut Cx<'_>) {
        if let Answer::Problems(result) = answer {
            match result {
                Ok(problems) => {
                    self.problems = Some(problems.clone());
                    self.failed = None;
                }
                Err(error) => self.failed = Some(error.clone()),
            }
            self.fill(cx.shared);
        }
    }

    /// The catalog was swapped.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        cx.effect(Effect::LoadProblems);
        self.fill(cx.shared);
    }

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Problems
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        false
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        match command {
            Command::ProblemsMine if shared.personal.identity.me.is_none() => {
                Some("Who you are is not known. Set stagedoor.me in app-config.yaml.")
            }
            Command::ProblemsEdit | Command::ProblemsCopy if self.selected().is_none() => {
                Some("There is no problem under the cursor.")
            }
            _ => None,
        }
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, shared: &Shared) -> Vec<String> {
        let _ = shared;
        let mine = self.mine_only.then(|| "mine".to_owned());
        std::iter::once("Problems".to_owned()).chain(mine).collect()
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        let _ = shared;
        match (&self.problems, self.mine) {
            (None, _) => String::new(),
            (Some(problems), 0) => counted(problems.len(), "problem"),
            (Some(problems), mine) => {
                format!("{} yours of {}", count(mine), count(problems.len()))
            }
        }
    }
}

/// Opens, edits or copies a finding.
fn act(command: Command, problem: &Problem, cx: &mut Cx<'_>) {
    let entity = problem
        .entity
        .clone()
        .filter(|entity_ref| cx.shared.index.row_of(entity_ref).is_some());
    match (command, entity) {
        (Command::ProblemsCopy, _) => cx.effect(Effect::Copy {
            text: problem.place.to_string(),
            what: "place",
        }),
        (Command::Open, Some(entity_ref)) => cx.go(Route::Entity {
            entity_ref,
            tab: EntityTab::Overview,
        }),
        _ => cx.open_place(&problem.place),
    }
}
