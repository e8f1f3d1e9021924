//! The list is made anew only when what it shows changes, never for a frame: 10,000 findings are narrowed, sorted and
//! grouped here, and a frame draws the lines in sight.

use super::Problems;
use super::list::{Group, Grouping, Key, Line, holds};
use crate::app::Cursor;
use crate::app::command::Command;
use crate::app::cx::Cx;
use crate::app::model::Shared;
use crate::app::route::About;
use crate::catalog::index::Facet;
use crate::catalog::{Level, Problem};

/// With more findings than this the causes of others begin folded.
const LONG: usize = 200;

/// What of a finding decides its place in the list.
struct Place<'a> {
    others: bool,
    /// By cause the rule, else the text that groups are named by.
    rule: u16,
    text: &'a str,
    level: Level,
    at: usize,
}

impl Place<'_> {
    fn group(&self) -> (bool, u16, &str) {
        (self.others, self.rule, self.text)
    }
}

impl Problems {
    /// Looks up what the index knows of the entities of all findings.
    pub(super) fn look_up(&mut self, shared: &Shared) {
        let mine = shared.answers_for();
        let problems = self.problems.as_deref().map_or(&[][..], Vec::as_slice);
        let mut last = None;
        self.known.clear();
        for problem in problems {
            // Findings of one file mostly come together, and so do those of one entity.
            let known = match last {
                Some((of, known)) if of == &problem.entity => known,
                _ => {
                    let row = problem.entity.as_ref().and_then(|e| shared.index.row_of(e));
                    (row, row.is_some_and(|row| mine.contains(row)))
                }
            };
            last = Some((&problem.entity, known));
            self.known.push(known);
        }
        self.mine = self.known.iter().filter(|(_, mine)| *mine).count();
    }

    /// Lists anew and begins at the top.
    pub(super) fn fill_from_top(&mut self, cx: &mut Cx<'_>) {
        self.fill(cx.shared);
        self.cursor = Cursor::default();
        self.settle(false);
        self.ask_excerpt(cx);
    }

    /// Lists anew and stays at what is under the cursor, if it is still listed.
    pub(super) fn fill_and_keep(&mut self, cx: &mut Cx<'_>) {
        let before = self.lines.get(self.cursor.selected).copied();
        self.fill(cx.shared);
        let again = before.and_then(|line| self.lines.iter().position(|other| *other == line));
        let rows = cx.drawn.page_rows;
        match again {
            Some(at) => self.cursor.select(at, self.lines.len(), rows),
            None => self.cursor.clamp(self.lines.len()),
        }
        self.settle(false);
        self.ask_excerpt(cx);
    }

    /// Begins with the groups of others folded where there is very much.
    pub(super) fn fold_long_parts(&mut self) {
        self.folded.clear();
        self.folded_before.clear();
        let folds = self.known.len() > LONG
            && self.words().is_empty()
            && self.grouping == Grouping::Cause
            && self.about == About::Everything;
        if folds {
            let problems = self.problems.clone().unwrap_or_default();
            let rules = problems.iter().map(|problem| problem.rule);
            self.folded = rules.map(|rule| (false, Key::Cause(rule))).collect();
        }
    }

    /// Narrows, sorts and groups.
    fn fill(&mut self, shared: &Shared) {
        self.lines.clear();
        self.groups.clear();
        self.listed = 0;
        let Some(problems) = self.problems.clone() else {
            return;
        };
        let words: Vec<String> = self
            .words()
            .split_whitespace()
            .map(str::to_lowercase)
            .collect();
        self.fill_sources(shared, &words);
        let mut places: Vec<Place<'_>> = problems
            .iter()
            .enumerate()
            .filter(|(at, problem)| self.is_listed(*at, problem, shared, &words))
            .map(|(at, problem)| self.place(at, problem, shared))
            .collect();
        places.sort_unstable_by(|a, b| (a.group(), a.level, a.at).cmp(&(b.group(), b.level, b.at)));
        self.listed = places.len();
        let mut groups: Vec<&[Place<'_>]> =
            places.chunk_by(|a, b| a.group() == b.group()).collect();
        // Within a part the worst first; findings of a group are sorted, so its first is its worst.
        groups.sort_by_key(|group| group.first().map(|first| (first.others, first.level)));
        let parts = self.mine > 0 && !self.mine_only && self.about == About::Everything;
        let mine = places.iter().filter(|place| !place.others).count();
        let mut last = None;
        for group in groups {
            let Some(first) = group.first() else {
                continue;
            };
            if !self.lines.is_empty() {
                self.lines.push(Line::Gap);
            }
            if parts && last != Some(first.others) {
                let count = if first.others {
                    places.len() - mine
                } else {
                    mine
                };
                self.lines.push(Line::Part(!first.others, count));
                last = Some(first.others);
            }
            let key = match self.grouping {
                Grouping::Cause => problems.get(first.at).map(|p| Key::Cause(p.rule)),
                Grouping::File => Some(Key::File(first.text.to_owned())),
                Grouping::Owner => Some(Key::Owner(first.text.to_owned())),
            };
            let Some(key) = key else { continue };
            let listed = group
                .iter()
                .map(|place| Line::Problem(place.at, !place.others));
            self.push_group(key, !first.others, first.level, listed.collect());
        }
    }

    fn fill_sources(&mut self, shared: &Shared, words: &[String]) {
        if self.mine_only || self.about != About::Everything {
            return;
        }
        let failed = shared.sources.iter().enumerate().filter(|(_, source)| {
            let error = source.error.as_deref();
            error.is_some_and(|error| {
                let found = |word: &String| holds(&source.name, word) || holds(error, word);
                words.iter().all(found)
            })
        });
        let lines: Vec<Line> = failed.map(|(at, _)| Line::Source(at)).collect();
        if !lines.is_empty() {
            self.push_group(Key::Sources, false, Level::Error, lines);
        }
    }

    fn push_group(&mut self, key: Key, mine: bool, level: Level, lines: Vec<Line>) {
        let name = (mine, key);
        let folded = self.folded.contains(&name);
        let (mine, key) = name;
        self.lines.push(Line::Group(self.groups.len()));
        self.groups.push(Group {
            key,
            mine,
            level,
            count: lines.len(),
            folded,
        });
        if !folded {
            self.lines.extend(lines);
        }
    }

    fn place<'a>(&self, at: usize, problem: &'a Problem, shared: &'a Shared) -> Place<'a> {
        let (row, mine) = self.known.get(at).copied().unwrap_or_default();
        let text = match self.grouping {
            Grouping::Cause => "",
            Grouping::File => problem.place.file.as_str(),
            Grouping::Owner => row.map_or("", |row| shared.index.value(Facet::Owner, row)),
        };
        Place {
            others: !mine,
            rule: match self.grouping {
                Grouping::Cause => problem.rule as u16,
                _ => 0,
            },
            text,
            level: problem.level,
            at,
        }
    }

    fn is_listed(&self, at: usize, problem: &Problem, shared: &Shared, words: &[String]) -> bool {
        let (row, mine) = self.known.get(at).copied().unwrap_or_default();
        let in_scope = match &self.about {
            About::Everything => true,
            About::Cause(rule) => problem.rule == *rule,
            About::Entity(entity_ref) => problem.entity.as_ref() == Some(entity_ref),
        };
        let owner = || row.map_or("", |row| shared.index.value(Facet::Owner, row));
        let found = |word: &String| {
            holds(&problem.message, word)
                || holds(&problem.place.file, word)
                || holds(problem.rule.title(), word)
                || problem
                    .entity
                    .as_ref()
                    .is_some_and(|e| holds(e.name(), word) || holds(e.kind(), word))
                || holds(owner(), word)
        };
        in_scope
            && (mine || !self.mine_only)
            && self.levels.has(problem.level)
            && words.iter().all(found)
    }

    /// Moves from finding to finding, over heads and gaps.
    pub(super) fn walk(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        let rows = cx.drawn.page_rows;
        if !self.cursor.apply(command, self.lines.len(), rows) {
            return false;
        }
        self.settle(matches!(command, Command::Up | Command::PageUp));
        self.ask_excerpt(cx);
        true
    }

    /// Goes to a line that was clicked, if the cursor may stand there; whether it stood there already.
    pub(super) fn point_at(&mut self, at: usize, cx: &mut Cx<'_>) -> bool {
        if !self.is_stop(at) {
            return false;
        }
        let opens = self.cursor.point(at, self.lines.len());
        self.ask_excerpt(cx);
        opens
    }

    /// Whether the cursor may stand on a line: findings, sources, and heads of what is folded away.
    fn is_stop(&self, at: usize) -> bool {
        match self.lines.get(at) {
            Some(Line::Problem(..) | Line::Source(_)) => true,
            Some(Line::Group(group)) => self.groups.get(*group).is_some_and(|g| g.folded),
            _ => false,
        }
    }

    pub(super) fn settle(&mut self, up: bool) {
        let at = self.cursor.selected;
        let ahead = (at..self.lines.len()).find(|at| self.is_stop(*at));
        let behind = (0..=at).rev().find(|at| self.is_stop(*at));
        let found = if up {
            behind.or(ahead)
        } else {
            ahead.or(behind)
        };
        self.cursor.selected = found.unwrap_or(0);
        if (0..self.cursor.selected).all(|at| !self.is_stop(at)) {
            // Nothing above but heads: they come into sight.
            self.cursor.top = 0;
        }
    }

    /// Folds the group under the cursor, unfolds it, or does what is not so.
    pub(super) fn fold(&mut self, fold: Option<bool>, cx: &mut Cx<'_>) {
        let heads = self.lines.iter().take(self.cursor.selected + 1).rev();
        let head = heads.filter_map(|line| match line {
            Line::Group(at) => Some(*at),
            _ => None,
        });
        let Some(group) = head.into_iter().next().and_then(|at| self.groups.get(at)) else {
            return;
        };
        let fold = fold.unwrap_or(!group.folded);
        let name = (group.mine, group.key.clone());
        if fold {
            self.folded.insert(name.clone());
        } else {
            self.folded.remove(&name);
        }
        self.fill(cx.shared);
        let is_head = |line: &Line| match line {
            Line::Group(at) => self
                .groups
                .get(*at)
                .is_some_and(|g| (g.mine, &g.key) == (name.0, &name.1)),
            _ => false,
        };
        let at = self.lines.iter().position(is_head).unwrap_or(0);
        self.cursor.select(at, self.lines.len(), cx.drawn.page_rows);
        self.settle(false);
        self.ask_excerpt(cx);
    }

    /// Folds all groups, or unfolds them if all are folded.
    pub(super) fn fold_all(&mut self, cx: &mut Cx<'_>) {
        let open = self.groups.iter().any(|group| !group.folded);
        let names = self.groups.iter().filter(|_| open);
        self.folded = names.map(|g| (g.mine, g.key.clone())).collect();
        self.fill_from_top(cx);
    }

    /// Asks for the lines around the finding under the cursor, unless they are there or another answer is awaited.
    pub(super) fn ask_excerpt(&mut self, cx: &mut Cx<'_>) {
        if let Some(problem) = self.selected() {
            let (place, entity) = (problem.place.clone(), problem.entity.clone());
            super::excerpt::ask(&mut self.excerpt, &place, entity, cx);
        }
    }
}
