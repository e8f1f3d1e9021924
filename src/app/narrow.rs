//! Narrowing a list by what is typed: the one way in which lists do it that have no query language of their own.

use super::command::Command;
use super::message::Edit;
use super::text_field::TextField;
use crate::catalog::text::{count, counted};

/// The words that a list is narrowed to, and whether they are being typed.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// What is typed.
    pub field: TextField,
    /// Whether the field has the focus.
    pub typing: bool,
}

/// Why a list cannot be narrowed where there is none.
pub const NO_LIST: &str = "There is no list here that could be narrowed.";

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is for somebody else.
    Ignored,
    /// It was carried out, and the list is as it was.
    Done,
    /// It was carried out, and the list is another.
    Changed,
}

impl Narrow {
    /// Whether there is something to show of it.
    pub fn is_shown(&self) -> bool {
        self.typing || self.is_on()
    }

    /// Whether it leaves something out.
    pub fn is_on(&self) -> bool {
        !self.field.text().trim().is_empty()
    }

    /// Whether a row of the list stays: all words are somewhere in one of its `texts`, in any case.
    pub fn fits<'a>(&self, texts: impl IntoIterator<Item = &'a str>) -> bool {
        if !self.is_on() {
            return true;
        }
        let texts: Vec<&str> = texts.into_iter().collect();
        let wanted = self.field.text().to_lowercase();
        let mut words = wanted.split_whitespace();
        words.all(|word| texts.iter().any(|text| has(text, word)))
    }

    /// Opens the field, leaves it, or forgets what is typed: Enter leaves it, Esc forgets it.
    pub fn command(&mut self, command: Command) -> Turn {
        match command {
            Command::Filter => self.typing = true,
            Command::Open if self.typing => self.typing = false,
            Command::Back if self.is_shown() => return self.clear(),
            _ => return Turn::Ignored,
        }
        Turn::Done
    }

    /// Forgets what is typed.
    pub fn clear(&mut self) -> Turn {
        let was_on = self.is_on();
        *self = Self::default();
        if was_on { Turn::Changed } else { Turn::Done }
    }

    /// How much is listed of `all` things that are called so: `3 of 12`, `12 runs`.
    pub fn counted(&self, listed: usize, all: usize, thing: &str) -> String {
        if self.is_on() {
            format!("{} of {}", count(listed), count(all))
        } else {
            counted(all, thing)
        }
    }

    /// Changes what is typed; whether the list is another.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        self.typing && self.field.apply(edit)
    }
}

/// Whether `word`, which is in lower case, is somewhere in `text`, in any case.
fn has(text: &str, word: &str) -> bool {
    if !text.is_ascii() {
        return text.to_lowercase().contains(word);
    }
    // A list of thousands is gone through with each letter: what need not be copied is not.
    let mut parts = text.as_bytes().windows(word.len());
    parts.any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_somewhere() {
        let narrow = |text: &str| Narrow {
            field: TextField::new(text),
            typing: false,
        };
        let row = ["Payment Gateway", "team-payments", "Überweisung"];
        for (text, fits) in [
            ("", true),
            ("  ", true),
            ("pay gate", true),
            ("TEAM way", true),
            ("pay lost", false),
            ("überWEIS", true),
            ("payment gateway team-payments and more", false),
        ] {
            assert_eq!(narrow(text).fits(row), fits, "{text}");
        }
    }

    #[test]
    fn enter_leaves_the_field_and_esc_forgets_it() {
        let mut narrow = Narrow::default();
        assert_eq!(narrow.command(Command::Back), Turn::Ignored);
        assert_eq!(narrow.command(Command::Filter), Turn::Done);
        assert!(narrow.edit(&Edit::Insert('x')));
        assert_eq!(narrow.command(Command::Open), Turn::Done);
        assert_eq!(narrow.command(Command::Open), Turn::Ignored);
        assert!(!narrow.edit(&Edit::Insert('y')), "letters are keys again");
        assert_eq!(narrow.command(Command::Back), Turn::Changed);
        assert!(!narrow.is_shown());
    }
}
