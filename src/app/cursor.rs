//! A cursor in a list: what is selected and which row is on top of the screen.

use std::ops::Range;

use super::command::Command;

/// The position in a list of known length, shown through a window of some height.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cursor {
    /// The selected item.
    pub selected: usize,
    /// The item in the first row of the window.
    pub top: usize,
}

impl Cursor {
    /// Carries out a movement; returns whether `command` was one.
    pub fn apply(&mut self, command: Command, len: usize, height: usize) -> bool {
        let page = height.saturating_sub(1).max(1);
        let last = len.saturating_sub(1);
        self.selected = match command {
            Command::Up => self.selected.saturating_sub(1),
            Command::Down => self.selected.saturating_add(1),
            Command::PageUp => self.selected.saturating_sub(page),
            Command::PageDown => self.selected.saturating_add(page),
            Command::Top => 0,
            Command::Bottom => last,
            _ => return false,
        }
        .min(last);
        self.top = self.window(len, height).start;
        true
    }

    /// Selects an item and brings it into view.
    pub fn select(&mut self, item: usize, len: usize, height: usize) {
        self.selected = item.min(len.saturating_sub(1));
        self.top = self.window(len, height).start;
    }

    /// Selects an item that is in sight; whether it was selected already.
    pub fn point(&mut self, item: usize, len: usize) -> bool {
        let before = std::mem::replace(&mut self.selected, item.min(len.saturating_sub(1)));
        before == self.selected
    }

    /// Keeps the cursor inside a list that has changed its length.
    pub fn clamp(&mut self, len: usize) {
        self.selected = self.selected.min(len.saturating_sub(1));
        self.top = self.top.min(self.selected);
    }

    /// The items to draw in a window of `height` rows; the selected one is always among them.
    pub fn window(&self, len: usize, height: usize) -> Range<usize> {
        if len == 0 || height == 0 {
            return 0..0;
        }
        let selected = self.selected.min(len - 1);
        let lowest = selected.saturating_sub(height - 1);
        let top = self
            .top
            .clamp(lowest, selected)
            .min(len.saturating_sub(height.min(len)));
        top..(top + height).min(len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_item_is_always_in_the_window() {
        let mut cursor = Cursor::default();
        for command in [
            Command::Down,
            Command::PageDown,
            Command::PageDown,
            Command::Up,
            Command::Bottom,
            Command::PageUp,
            Command::Top,
        ] {
            assert!(cursor.apply(command, 23, 10));
            let window = cursor.window(23, 10);
            assert!(window.contains(&cursor.selected), "{command:?} {cursor:?}");
            assert_eq!(window.len(), 10);
        }
        assert_eq!(cursor, Cursor::default());
    }

    #[test]
    fn empty_lists_and_windows_are_no_trouble() {
        let mut cursor = Cursor {
            selected: 7,
            top: 5,
        };
        assert_eq!(cursor.window(0, 10), 0..0);
        assert_eq!(cursor.window(10, 0), 0..0);
        cursor.clamp(0);
        assert_eq!(cursor, Cursor::default());
        cursor.apply(Command::Down, 0, 5);
        assert_eq!(cursor, Cursor::default());
    }

    #[test]
    fn moving_up_from_the_bottom_moves_the_cursor_before_it_scrolls() {
        let mut cursor = Cursor::default();
        cursor.apply(Command::Bottom, 30, 10);
        assert_eq!(cursor.top, 20);
        cursor.apply(Command::Up, 30, 10);
        assert_eq!((cursor.selected, cursor.top), (28, 20));
    }
}
