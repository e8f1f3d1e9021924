//! One line of text being edited.

use tui_input::{Input, InputRequest};

use super::message::Edit;

/// A single-line text field: its text and its cursor.
#[derive(Debug, Clone, Default)]
pub struct TextField {
    input: Input,
}

impl TextField {
    /// A field that holds `text`, with the cursor behind it.
    pub fn new(text: &str) -> Self {
        Self {
            input: Input::new(text.to_owned()),
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// How many characters stand before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// Whether nothing stands behind the cursor.
    pub fn is_at_end(&self) -> bool {
        self.cursor() == self.text().chars().count()
    }

    /// Carries out an edit; returns whether the text changed.
    pub fn apply(&mut self, edit: &Edit) -> bool {
        let request = match edit {
            Edit::Insert(c) => InputRequest::InsertChar(*c),
            Edit::Paste(text) => return self.paste(text),
            Edit::Backspace => InputRequest::DeletePrevChar,
            Edit::Delete => InputRequest::DeleteNextChar,
            Edit::DeleteWord => InputRequest::DeletePrevWord,
            Edit::DeleteLine => InputRequest::DeleteLine,
            Edit::DeleteToEnd => InputRequest::DeleteTillEnd,
            Edit::Left => InputRequest::GoToPrevChar,
            Edit::Right => InputRequest::GoToNextChar,
            Edit::WordLeft => InputRequest::GoToPrevWord,
            Edit::WordRight => InputRequest::GoToNextWord,
            Edit::Home => InputRequest::GoToStart,
            Edit::End => InputRequest::GoToEnd,
        };
        self.input
            .handle(request)
            .is_some_and(|response| response.value)
    }

    /// Inserts all of `text` at once: letter by letter, a long one would take its square.
    fn paste(&mut self, text: &str) -> bool {
        let new: String = text.chars().filter(|c| !c.is_control()).collect();
        let old = self.text();
        let at = old.char_indices().nth(self.cursor());
        let (before, after) = old.split_at(at.map_or(old.len(), |(at, _)| at));
        let whole = [before, &new, after].concat();
        let cursor = self.cursor() + new.chars().count();
        self.input = Input::new(whole).with_cursor(cursor);
        !new.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_change_text_and_cursor() {
        let mut field = TextField::new("pay gat");
        assert!(field.apply(&Edit::DeleteWord));
        assert_eq!(field.text(), "pay ");
        assert!(field.apply(&Edit::Paste("ledger\nx\u{1b}".into())));
        assert_eq!(field.text(), "pay ledgerx");
        assert!(!field.apply(&Edit::Home));
        assert_eq!(field.cursor(), 0);
        assert!(!field.apply(&Edit::Paste("\n".into())));
        assert!(field.apply(&Edit::Paste("öde ".into())));
        assert_eq!((field.text(), field.cursor()), ("öde pay ledgerx", 4));
        field.apply(&Edit::DeleteWord);
        assert!(!field.apply(&Edit::Backspace));
    }
}
