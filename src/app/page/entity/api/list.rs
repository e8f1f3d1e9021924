//! The list of what an API offers, narrowed by words, and the entry under its cursor.

use std::sync::Arc;

use crate::app::command::Command;
use crate::app::message::Edit;
use crate::app::model::Drawn;
use crate::app::{Cursor, TextField};
use crate::catalog::api::sheet::{self, Folds};
use crate::catalog::api::{Entry, EntryKind, Format, Outline, OutlineError};
use crate::catalog::text::counted;

/// What an API offers.
#[derive(Debug)]
pub struct List {
    /// All of it.
    pub outline: Arc<Outline>,
    /// The lines that are shown.
    pub lines: Vec<ListLine>,
    /// The selected line.
    pub cursor: Cursor,
    /// What the list is narrowed by.
    pub filter: Option<Filter>,
    /// Whether the entry has the focus: its cursor.
    pub inside: Option<Cursor>,
    /// What of the entry is open.
    pub folds: Folds,
}

/// Words that narrow a list.
#[derive(Debug, Default)]
pub struct Filter {
    /// The words.
    pub field: TextField,
    /// Whether the field has the focus.
    pub typing: bool,
    /// How many entries have them.
    pub count: usize,
}

/// One line of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListLine {
    /// The name of a group.
    Group(usize),
    /// An entry: the number of its group and its own in that.
    Entry(usize, usize),
    /// Space between groups.
    Gap,
}

/// Why a definition is not shown as a list, or not as a whole one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// One sentence.
    pub text: String,
    /// Whether its author has something to correct.
    pub is_mistake: bool,
}

impl List {
    /// The list for what was read of a definition, and what could not be read.
    pub(super) fn of(read: &Result<Arc<Outline>, OutlineError>) -> (Option<Self>, Option<Why>) {
        let outline = match read {
            Ok(outline) => outline.clone(),
            Err(error) => {
                let why = Why {
                    text: error.to_string(),
                    is_mistake: error.is_mistake(),
                };
                return (
                    None,
                    Some(why).filter(|_| *error != OutlineError::NotRead(Format::Other)),
                );
            }
        };
        let why = outline.faults.first().map(|fault| Why {
            text: match outline.faults.len() {
                1 => format!("line {}: {}; the rest is shown", fault.line, fault.message),
                n => format!(
                    "line {}: {}, and {}; the rest is shown",
                    fault.line,
                    fault.message,
                    counted(n - 1, "more mistake")
                ),
            },
            is_mistake: true,
        });
        let mut list = Self {
            outline,
            lines: Vec::new(),
            cursor: Cursor::default(),
            filter: None,
            inside: None,
            folds: Folds::default(),
        };
        list.fill();
        (Some(list), why)
    }

    /// Stays where one was before the same definition was read anew.
    pub(super) fn keep(&mut self, before: Self) {
        self.filter = before.filter;
        self.fill();
        self.cursor = before.cursor;
        self.cursor.clamp(self.lines.len());
        if before.outline == self.outline {
            self.inside = before.inside;
            self.folds = before.folds;
        }
        self.settle(false);
    }

    /// The entry under the cursor.
    pub fn entry(&self) -> Option<&Entry> {
        match self.lines.get(self.cursor.selected)? {
            ListLine::Entry(group, at) => self.outline.groups.get(*group)?.entries.get(*at),
            _ => None,
        }
    }

    /// The lines of the entry under the cursor, in `columns` columns.
    pub fn sheet(&self, columns: usize) -> Vec<sheet::Row> {
        match self.entry() {
            Some(entry) => sheet::rows(&self.outline, entry, &self.folds, columns),
            None => Vec::new(),
        }
    }

    /// The command that would call the HTTP operation under the cursor.
    pub(super) fn curl(&self) -> Option<String> {
        let entry = self.entry()?;
        if self.outline.format != Format::OpenApi || entry.kind != EntryKind::Operation {
            return None;
        }
        let server = self
            .outline
            .servers
            .first()
            .map_or("", |server| server.trim_end_matches('/'));
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut words = vec!["curl".to_owned()];
        if entry.verb != "GET" {
            words.push(format!("-X {}", entry.verb));
        }
        words.push(quoted(&format!("{server}{}", entry.name)));
        for header in entry
            .parameters
            .iter()
            .filter(|parameter| parameter.place == "header" && parameter.required)
        {
            words.push(format!("-H {}", quoted(&format!("{}: …", header.name))));
        }
        if let Some(body) = entry.bodies.first() {
            words.push(format!(
                "-H {}",
                quoted(&format!("Content-Type: {}", body.name))
            ));
            words.push("-d @body".to_owned());
        }
        Some(words.join(" "))
    }

    /// Goes to a line that was clicked; whether its entry is to be opened.
    pub(super) fn point(&mut self, at: usize) -> bool {
        let had_focus = self.inside.take().is_none();
        let is_same = self.cursor.point(at, self.lines.len());
        self.settle(false);
        if !is_same {
            self.folds = Folds::default();
        }
        is_same && had_focus
    }

    pub(super) fn typing(&self) -> bool {
        self.filter.as_ref().is_some_and(|filter| filter.typing)
    }

    pub(super) fn edit(&mut self, edit: &Edit) {
        if let Some(filter) = &mut self.filter
            && filter.field.apply(edit)
        {
            self.fill();
            self.cursor = Cursor::default();
            self.choose();
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub(super) fn command(&mut self, command: Command, drawn: Drawn) -> bool {
        if let Some(cursor) = &mut self.inside {
            let rows = match self.lines.get(self.cursor.selected) {
                Some(ListLine::Entry(group, at)) => self
                    .outline
                    .groups
                    .get(*group)
                    .and_then(|group| group.entries.get(*at)),
                _ => None,
            }
            .map(|entry| sheet::rows(&self.outline, entry, &self.folds, drawn.page_columns))
            .unwrap_or_default();
            match command {
                Command::Left | Command::Back => self.inside = None,
                Command::Open | Command::Right | Command::ApiFold => {
                    if let Some(fold) = rows.get(cursor.selected).and_then(|row| row.fold.as_ref())
                    {
                        self.folds.toggle(&fold.path);
                    }
                }
                _ => return cursor.apply(command, rows.len(), drawn.side_rows),
            }
            return true;
        }
        let typing = self.typing();
        match command {
            Command::ApiFind => self.filter.get_or_insert_default().typing = true,
            Command::Back if self.filter.is_some() => {
                let kept = self
                    .entry()
                    .map(|entry| (entry.verb.clone(), entry.name.clone()));
                self.filter = None;
                self.fill();
                self.find_again(kept.as_ref());
            }
            Command::Open if typing => {
                if let Some(filter) = &mut self.filter {
                    filter.typing = false;
                }
            }
            Command::Open | Command::Right if self.entry().is_some() => {
                self.inside = Some(Cursor::default());
            }
            _ => {
                let moved = self
                    .cursor
                    .apply(command, self.lines.len(), drawn.page_rows);
                if moved {
                    self.settle(matches!(command, Command::Up | Command::PageUp));
                    self.folds = Folds::default();
                }
                return moved;
            }
        }
        true
    }

    /// Makes the lines anew.
    fn fill(&mut self) {
        let words: Vec<String> = self
            .filter
            .iter()
            .flat_map(|filter| filter.field.text().split_whitespace())
            .map(str::to_lowercase)
            .collect();
        self.lines.clear();
        let mut count = 0;
        for (at, group) in self.outline.groups.iter().enumerate() {
            let named = words
                .iter()
                .all(|word| group.name.to_lowercase().contains(word.as_str()));
            let fits = |entry: &&Entry| words.is_empty() || named || entry.matches(&words);
            let entries = group
                .entries
                .iter()
                .enumerate()
                .filter(|(_, entry)| fits(entry));
            let entries: Vec<ListLine> = entries.map(|(n, _)| ListLine::Entry(at, n)).collect();
            if entries.is_empty() {
                continue;
            }
            count += entries.len();
            if !self.lines.is_empty() {
                self.lines.push(ListLine::Gap);
            }
            self.lines.push(ListLine::Group(at));
            self.lines.extend(entries);
        }
        if let Some(filter) = &mut self.filter {
            filter.count = count;
        }
        self.cursor.clamp(self.lines.len());
        self.settle(false);
    }

    /// The entry is another one.
    fn choose(&mut self) {
        self.folds = Folds::default();
        self.settle(false);
    }

    /// Moves the cursor to the operation called `name`.
    pub(super) fn go_to(&mut self, name: &str) {
        let called = self
            .outline
            .operations()
            .find(|entry| entry.is_called(name));
        let kept = called.map(|entry| (entry.verb.clone(), entry.name.clone()));
        self.find_again(kept.as_ref());
    }

    /// Moves the cursor to the entry it stood on before the lines were made anew.
    fn find_again(&mut self, kept: Option<&(String, String)>) {
        let Some((verb, name)) = kept else {
            return;
        };
        let at = self.lines.iter().position(|line| match line {
            ListLine::Entry(group, at) => {
                let entry = self
                    .outline
                    .groups
                    .get(*group)
                    .and_then(|group| group.entries.get(*at));
                entry.is_some_and(|entry| entry.verb == *verb && entry.name == *name)
            }
            _ => false,
        });
        self.cursor.selected = at.unwrap_or(self.cursor.selected);
    }

    /// Moves the cursor from a title or gap to the nearest entry.
    fn settle(&mut self, up: bool) {
        let at = self.cursor.selected;
        let ok = |at: &usize| matches!(self.lines.get(*at), Some(ListLine::Entry(..)));
        let ahead = (at..self.lines.len()).find(ok);
        let behind = (0..=at).rev().find(ok);
        let found = if up {
            behind.or(ahead)
        } else {
            ahead.or(behind)
        };
        self.cursor.selected = found.unwrap_or(0);
        if up && behind.is_none() {
            self.cursor.top = 0;
        }
    }
}
