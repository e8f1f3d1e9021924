//! The picker for shells: one field, the best entities for what stands in it, and the one that is chosen.
//!
//! It is the finder's list alone, with the finder's keys; `stagedoor pick` shows it below the prompt.

use super::command::{Command, Context};
use super::cursor::Cursor;
use super::key::Key;
use super::keymap::{Keymap, Meaning};
use super::text_field::TextField;
use super::update::edit_of;
use crate::catalog::{Index, Row, Terms};
use crate::search::{Context as Known, Found, Query};

/// State of the picker.
#[derive(Debug)]
pub struct Picker {
    /// What is asked.
    pub field: TextField,
    /// The entities that were found for it.
    pub found: Found,
    /// Which of them is selected.
    pub cursor: Cursor,
    /// The words that are marked in texts.
    pub terms: Terms,
}

/// What a key did to the picker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing that matters to others.
    Stay,
    /// Another question stands in the field, and is to be answered.
    Ask,
    /// This entity is chosen.
    Choose(Row),
    /// The picker is left without a choice.
    Leave,
}

impl Picker {
    /// A picker with a question in its field that is not answered yet.
    pub fn new(query: &str) -> Self {
        Self {
            field: TextField::new(query),
            found: Found::default(),
            cursor: Cursor::default(),
            terms: Terms::default(),
        }
    }

    /// Takes the answer to what stands in the field; the best is selected.
    pub fn answer(&mut self, found: Found) {
        let query = Query::parse(self.field.text());
        self.terms = Terms::parse(&query.passage().unwrap_or_default());
        self.found = found;
        self.cursor = Cursor::default();
    }

    /// Text that was pasted into the field.
    pub fn paste(&mut self, text: &str) -> Step {
        let edit = super::message::Edit::Paste(text.to_owned());
        if self.field.apply(&edit) {
            Step::Ask
        } else {
            Step::Stay
        }
    }

    /// A key, while the list is so many rows high.
    pub fn key(&mut self, key: Key, keymap: &Keymap, height: usize) -> Step {
        match keymap.meaning(Context::Finder, true, &[key]) {
            Meaning::Command(Command::Back | Command::Quit | Command::Interrupt) => Step::Leave,
            Meaning::Command(Command::Open) => match self.found.hits.get(self.cursor.selected) {
                Some(hit) => Step::Choose(hit.row),
                None => Step::Stay,
            },
            Meaning::Command(command) => {
                self.cursor.apply(command, self.found.hits.len(), height);
                Step::Stay
            }
            Meaning::Prefix => Step::Stay,
            Meaning::Nothing => match edit_of(key) {
                Some(edit) if self.field.apply(&edit) => Step::Ask,
                _ => Step::Stay,
            },
        }
    }
}

/// What the picker is drawn with beside its own state.
#[derive(Debug, Clone, Copy)]
pub struct PickView<'a> {
    /// The catalog.
    pub index: &'a Index,
    /// What is starred, among others.
    pub known: &'a Known,
    /// The keys.
    pub keymap: &'a Keymap,
    /// What choosing does, for the footer: "take its folder".
    pub takes: &'a str,
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::search::{Field, Hit};

    fn hit(row: Row) -> Hit {
        Hit {
            row,
            score: 1,
            field: Field::Name,
            name_matches: Vec::new(),
            title_matches: Vec::new(),
        }
    }

    fn press(picker: &mut Picker, key: &str) -> Step {
        let key = key.parse().expect(key);
        picker.key(key, &Keymap::default(), 5)
    }

    #[test]
    fn letters_ask_arrows_move_and_enter_takes_what_is_selected() {
        let mut picker = Picker::new("pay");
        assert_eq!(
            press(&mut picker, "enter"),
            Step::Stay,
            "nothing is found yet"
        );
        picker.answer(Found {
            hits: vec![hit(Row(7)), hit(Row(3))],
            total: 2,
            ..Found::default()
        });
        assert_eq!(press(&mut picker, "down"), Step::Stay);
        assert_eq!(press(&mut picker, "enter"), Step::Choose(Row(3)));
        assert_eq!(press(&mut picker, "backspace"), Step::Ask);
        assert_eq!(picker.field.text(), "pa");
        assert_eq!(press(&mut picker, "left"), Step::Stay);
        assert_eq!(press(&mut picker, "q"), Step::Ask, "a letter is a letter");
        assert_eq!(press(&mut picker, "esc"), Step::Leave);
        assert_eq!(press(&mut picker, "ctrl-c"), Step::Leave);
    }
}
