//! Tables: aligned columns by what a terminal shows, cut to its width and never elsewhere.

use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::console::Console;
use super::style::Ink;
use crate::catalog::text;

/// Columns are never cut to less than this.
const NARROWEST: usize = 8;

/// The space between columns.
const GAP: usize = 2;

/// A table that is written when it is whole, since only then the widths are known.
pub(crate) struct Table {
    head: Vec<String>,
    rows: Vec<Vec<Cell>>,
}

/// One cell.
pub(crate) struct Cell {
    text: String,
    ink: Ink,
    marks: Vec<u32>,
}

impl Cell {
    pub(crate) fn new(text: &str, ink: Ink) -> Self {
        Self {
            text: text::one_line(text),
            ink,
            marks: Vec::new(),
        }
    }

    /// The same with the characters at `positions` marked.
    pub(crate) fn marked(mut self, positions: &[u32]) -> Self {
        self.marks = positions.to_vec();
        self
    }

    /// `text`, which is this cell's or its beginning, in its colours.
    fn painted(&self, text: &str, console: &Console) -> String {
        if self.marks.is_empty() || !console.color {
            return console.paint(self.ink, text);
        }
        let mut painted = String::new();
        for (c, at) in text.chars().zip(0..) {
            let ink = if self.marks.contains(&at) {
                Ink::Accent
            } else {
                self.ink
            };
            painted.push_str(&console.paint(ink, c.encode_utf8(&mut [0; 4])));
        }
        painted
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::new(text, Ink::Plain)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::new(&text, Ink::Plain)
    }
}

impl Table {
    pub(crate) fn new(head: &[impl AsRef<str>]) -> Self {
        Self {
            head: head.iter().map(|title| title.as_ref().to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Writes the table; nothing at all if it has no row.
    pub(crate) fn write(self, console: &mut Console) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let widths = self.widths(console.width);
        let head: Vec<Cell> = self.head.iter().map(|t| Cell::new(t, Ink::Dim)).collect();
        for row in std::iter::once(&head).chain(&self.rows) {
            let mut line = String::new();
            let last = row.iter().rposition(|cell| !cell.text.is_empty());
            for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
                if last.is_none_or(|last| at > last) {
                    break;
                }
                let text = cut(&cell.text, *width);
                line.push_str(&cell.painted(&text, console));
                if last != Some(at) {
                    let pad = width.saturating_sub(text.width()) + GAP;
                    line.extend(std::iter::repeat_n(' ', pad));
                }
            }
            writeln!(console.out, "{line}")?;
        }
        Ok(())
    }

    /// The width of each column; with a `limit`, the widest columns give way, from the last to the first.
    fn widths(&self, limit: Option<usize>) -> Vec<usize> {
        let mut widths: Vec<usize> = self.head.iter().map(|text| text.width()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.text.width());
            }
        }
        let Some(limit) = limit else {
            return widths;
        };
        let gaps = GAP * widths.len().saturating_sub(1);
        while widths.iter().sum::<usize>() + gaps > limit {
            let widest = widths.iter().copied().max().unwrap_or_default();
            if widest <= NARROWEST {
                break;
            }
            if let Some(width) = widths.iter_mut().rev().find(|width| **width == widest) {
                *width -= 1;
            }
        }
        widths
    }
}

/// `text` in at most `width` columns, with `…` where it was cut.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut used = 1;
    let mut kept = String::new();
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used > width {
            break;
        }
        kept.push(c);
    }
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_what_a_terminal_shows() {
        assert_eq!(cut("payment", 7), "payment");
        assert_eq!(cut("payment", 4), "pay…");
        assert_eq!(cut("支付网关", 5), "支付…");
    }

    #[test]
    fn the_widest_columns_give_way() {
        let mut table = Table::new(&["A", "B"]);
        table.row(["short".into(), Cell::from("a much longer text than that")]);
        assert_eq!(table.widths(None), [5, 28]);
        assert_eq!(table.widths(Some(20)), [5, 13]);
        assert_eq!(table.widths(Some(3)), [5, 8]);
    }
}
