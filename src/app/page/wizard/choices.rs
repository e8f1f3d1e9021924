//! Values to choose from, one or any number of them; a long list is narrowed by what is typed.

use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::narrow::{Narrow, Turn};
use crate::scaffolder::form::Choice;

use super::editor::LIST_ROWS;

/// Values to choose from.
#[derive(Debug)]
pub struct Choices {
    /// All of them.
    pub all: Vec<Choice>,
    /// Which of those that are listed the cursor is on.
    pub cursor: Cursor,
    /// Whether several can be chosen.
    pub many: bool,
    /// What the list is narrowed to.
    pub narrow: Narrow,
}

impl Choices {
    /// The list with the cursor on what is chosen.
    pub fn new(all: Vec<Choice>, chosen: Option<&Json>, many: bool) -> Self {
        let mut choices = Self {
            all,
            cursor: Cursor::default(),
            many,
            narrow: Narrow::default(),
        };
        choices.select(chosen);
        choices
    }

    /// Those that have the words.
    pub fn listed(&self) -> impl Iterator<Item = &Choice> {
        let all = self.all.iter();
        all.filter(|choice| self.narrow.fits([choice.label.as_str()]))
    }

    /// Whether there are more than are in sight at once.
    pub fn is_long(&self) -> bool {
        self.all.len() > LIST_ROWS
    }

    /// The value under the cursor.
    pub fn selected(&self) -> Option<&Json> {
        let choice = self.listed().nth(self.cursor.selected)?;
        Some(&choice.value)
    }

    /// Puts the cursor on a value; on the first where it is not listed.
    fn select(&mut self, value: Option<&Json>) {
        let at = self
            .listed()
            .position(|choice| Some(&choice.value) == value);
        let listed = self.listed().count();
        self.cursor = Cursor::default();
        self.cursor.select(at.unwrap_or(0), listed, LIST_ROWS);
    }

    /// Puts the cursor on what was clicked.
    pub fn point(&mut self, at: usize) {
        let listed = self.listed().count();
        self.narrow.typing = false;
        self.cursor.point(at, listed);
    }

    /// Moves; `false` at the ends.
    pub fn walk(&mut self, command: Command) -> bool {
        let command = match command {
            Command::Left => Command::Up,
            Command::Right => Command::Down,
            other => other,
        };
        let before = self.cursor.selected;
        let listed = self.listed().count();
        self.cursor.apply(command, listed, LIST_ROWS) && self.cursor.selected != before
    }

    /// Narrows a long list, or shows all of it again with the cursor where it was, or on the answer if nothing was found;
    /// whether the command does that.
    pub fn narrows(&mut self, command: Command, answer: Option<&Json>) -> bool {
        let command = match command {
            Command::Filter if !self.is_long() => return false,
            Command::WizardAccept => Command::Open,
            other => other,
        };
        let selected = self.selected().cloned();
        let turn = self.narrow.command(command);
        if turn == Turn::Changed {
            self.select(selected.as_ref().or(answer));
        }
        turn != Turn::Ignored
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::message::Edit;

    fn choices(labels: &[&str]) -> Choices {
        let all = labels.iter().map(|label| Choice {
            value: (*label).into(),
            label: (*label).to_owned(),
        });
        Choices::new(all.collect(), Some(&"c".into()), false)
    }

    #[test]
    fn a_long_list_is_narrowed_and_the_cursor_stays_on_what_was_found() {
        let mut regions = choices(&["a", "b", "c", "d", "eu-west", "eu-east", "us-west"]);
        assert_eq!(regions.selected(), Some(&"c".into()));
        assert!(regions.narrows(Command::Filter, None));
        for c in "WEST".chars() {
            assert!(regions.narrow.edit(&Edit::Insert(c)));
            regions.cursor = Cursor::default();
        }
        assert_eq!(regions.listed().count(), 2);
        assert!(regions.walk(Command::Down));
        assert!(!regions.walk(Command::Down), "that is the last");
        assert!(regions.narrows(Command::WizardAccept, None));
        assert!(
            !regions.narrows(Command::WizardAccept, None),
            "the next field is next"
        );
        assert!(regions.narrows(Command::Back, None));
        assert_eq!(regions.listed().count(), 7);
        assert_eq!(regions.selected(), Some(&"us-west".into()));
        assert!(
            !regions.narrows(Command::Back, None),
            "that leaves the form"
        );
    }

    #[test]
    fn a_list_that_is_in_sight_is_not_narrowed() {
        assert!(!choices(&["a", "b", "c"]).narrows(Command::Filter, None));
    }
}
