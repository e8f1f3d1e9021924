//! What goes on in the background, what ended lately, and what was said: to be read again, cancelled or tried again.

use crate::app::command::{Command, Context};
use crate::app::cursor::Cursor;
use crate::app::cx::{Cx, Request};
use crate::app::effect::Effect;
use crate::app::log::Entry;
use crate::app::message::{Answer, Edit};
use crate::app::model::Shared;
use crate::app::narrow::{Narrow, Turn};
use crate::app::pointer::{Part, Target};
use crate::app::task::{Task, TaskId};
use crate::catalog::text::counted;

/// State of the page.
#[derive(Debug, Default)]
pub struct Activity {
    /// What the list is narrowed to.
    pub narrow: Narrow,
    cursor: Cursor,
    /// What the cursor is on: the list grows at its top.
    on: Option<Key>,
}

/// One row of the list.
#[derive(Debug, Clone, Copy)]
pub enum Row<'a> {
    /// Work that goes on.
    Running(&'a Task),
    /// Something that happened.
    Past(&'a Entry),
}

/// What a row is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Running(TaskId),
    Past(u64),
}

impl Row<'_> {
    fn key(self) -> Key {
        match self {
            Self::Running(task) => Key::Running(task.id),
            Self::Past(entry) => Key::Past(entry.id),
        }
    }

    /// What it says in one line.
    pub fn line(self) -> String {
        match self {
            Self::Running(task) if task.progress.is_empty() => task.title.clone(),
            Self::Running(task) => format!("{} · {}", task.title, task.progress),
            Self::Past(entry) => entry.what.line(),
        }
    }

    /// The number of the run of a template that it tells of.
    pub fn run(self) -> Option<u64> {
        match self {
            Self::Running(task) => task.run,
            Self::Past(entry) => entry.what.run(),
        }
    }

    /// The command that does it again, of what failed.
    fn again(self) -> Option<Command> {
        match self {
            Self::Running(_) => None,
            Self::Past(entry) => entry.what.notice().again,
        }
    }
}

impl Activity {
    /// Makes the page.
    pub fn open(_cx: &mut Cx<'_>) -> Self {
        Self::default()
    }

    /// The rows: what goes on, the latest first, then what happened, the latest first.
    pub fn rows<'a>(&self, shared: &'a Shared) -> Vec<Row<'a>> {
        let running = shared.tasks.iter().rev().map(Row::Running);
        let past = shared.log.latest().map(Row::Past);
        let fits = |row: &Row<'_>| self.narrow.fits([row.line().as_str()]);
        running.chain(past).filter(fits).collect()
    }

    /// The cursor among `rows`: on what it was put on, wherever that stands now.
    pub fn cursor(&self, rows: &[Row<'_>]) -> Cursor {
        let mut cursor = self.cursor;
        let at = rows.iter().position(|row| Some(row.key()) == self.on);
        if let Some(at) = at {
            cursor.top = (cursor.top + at).saturating_sub(cursor.selected);
            cursor.selected = at;
        }
        cursor.clamp(rows.len());
        cursor
    }

    /// The row under the cursor.
    pub fn selected<'a>(&self, shared: &'a Shared) -> Option<Row<'a>> {
        let rows = self.rows(shared);
        rows.get(self.cursor(&rows).selected).copied()
    }

    /// The work under the cursor that goes on.
    pub fn task<'a>(&self, shared: &'a Shared) -> Option<&'a Task> {
        match self.selected(shared)? {
            Row::Running(task) => Some(task),
            Row::Past(_) => None,
        }
    }

    /// Carries out a command; `false` if it has no use for it.
    pub fn command(&mut self, command: Command, cx: &mut Cx<'_>) -> bool {
        match self.narrow.command(command) {
            Turn::Ignored => {}
            Turn::Done => return true,
            Turn::Changed => {
                self.go_to_top();
                return true;
            }
        }
        let selected = self.selected(cx.shared);
        match (command, selected) {
            (Command::ActivityCancel, Some(Row::Running(task))) => {
                cx.requests.push(Request::Cancel(task.id));
            }
            (Command::ActivityCopy, Some(row)) => cx.effect(Effect::Copy {
                text: row.line(),
                what: "message",
            }),
            (Command::Open, Some(row)) => {
                let shown = row.run().map(Request::ShowRun);
                let again = row.again().map(Request::Command);
                cx.requests.extend(shown.or(again));
            }
            _ => {
                let rows = self.rows(cx.shared);
                let mut cursor = self.cursor(&rows);
                if !cursor.apply(command, rows.len(), cx.drawn.page_rows) {
                    return false;
                }
                self.put(cursor, cx.shared);
            }
        }
        true
    }

    /// Goes to what was clicked; whether that is to be opened.
    pub fn point(&mut self, target: Target, cx: &mut Cx<'_>) -> bool {
        let Target::Item(Part::Main, at) = target else {
            return false;
        };
        let rows = self.rows(cx.shared).len();
        let mut cursor = self.cursor(&self.rows(cx.shared));
        let opens = cursor.point(at, rows);
        self.put(cursor, cx.shared);
        opens
    }

    /// Puts the cursor on a row, whatever comes above it.
    fn put(&mut self, cursor: Cursor, shared: &Shared) {
        let rows = self.rows(shared);
        let on = rows.get(cursor.selected).map(|row| row.key());
        // What is new is read first: whoever is on top stays on top.
        self.on = on.filter(|_| cursor.selected > 0);
        self.cursor = cursor;
    }

    fn go_to_top(&mut self) {
        self.cursor = Cursor::default();
        self.on = None;
    }

    /// Changes what the list is narrowed to.
    pub fn edit(&mut self, edit: &Edit, _cx: &mut Cx<'_>) {
        if self.narrow.edit(edit) {
            self.go_to_top();
        }
    }

    /// It asks for nothing.
    pub fn answer(&mut self, _answer: &Answer, _cx: &mut Cx<'_>) {}

    /// What goes on does not change with the catalog.
    pub fn refresh(&mut self, _cx: &mut Cx<'_>) {}

    /// The context of its keys.
    pub fn context(&self) -> Context {
        Context::Activity
    }

    /// Whether a text field has the focus.
    pub fn typing(&self) -> bool {
        self.narrow.typing
    }

    /// Why a command cannot be carried out now.
    pub fn why_not(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let selected = self.selected(shared);
        match (command, selected) {
            (Command::ActivityCopy, None) => Some("Nothing was said yet."),
            (Command::ActivityCancel, Some(Row::Running(task))) if task.stopping => {
                Some("It is being stopped already.")
            }
            (Command::ActivityCancel, Some(Row::Past(_)) | None) => {
                Some("It is over: only what goes on can be cancelled.")
            }
            (Command::Open, row)
                if !self.narrow.typing
                    && row.is_none_or(|row| row.again().is_none() && row.run().is_none()) =>
            {
                Some("There is nothing to open or to try again here.")
            }
            _ => None,
        }
    }

    /// What a key does now, where that is not what it mostly does.
    pub fn label(&self, command: Command, shared: &Shared) -> Option<&'static str> {
        let row = self.selected(shared).filter(|_| command == Command::Open)?;
        (row.run().is_none() && row.again().is_some()).then_some("try again")
    }

    /// The words on the left of the top line.
    pub fn crumbs(&self, _shared: &Shared) -> Vec<String> {
        vec!["Activity".to_owned()]
    }

    /// The words on the right of the top line.
    pub fn status(&self, shared: &Shared) -> String {
        match shared.tasks.len() {
            0 => "nothing is running".to_owned(),
            running => format!("{} running", counted(running, "task")),
        }
    }
}
