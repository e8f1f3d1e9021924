//! Rows that moved up or down by a few: the terminal moves them itself, and only what came into sight is written.

use std::ops::Range;

use ratatui::buffer::{Buffer, Cell};

/// How many rows at most; a list that moved further is written anew.
const FURTHEST: u16 = 3;
/// So many cells must be saved: below that the sequences cost as much.
const WORTHWHILE: i64 = 120;

/// Rows that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scroll {
    /// The rows between which they moved.
    rows: Range<u16>,
    /// How far.
    by: u16,
    /// Whether up.
    up: bool,
}

/// What moved from `shown` to `next`, if telling that saves much.
pub(super) fn find(shown: &Buffer, next: &Buffer) -> Option<Scroll> {
    let rows = shown.area.height;
    let kept: Vec<i64> = (0..rows).map(|row| alike(shown, row, next, row)).collect();
    let changed = i64::from(rows) * i64::from(shown.area.width) - kept.iter().sum::<i64>();
    if changed < WORTHWHILE {
        return None;
    }
    let ways = (1..=FURTHEST.min(rows)).flat_map(|by| [(by, true), (by, false)]);
    ways.filter_map(|(by, up)| best(shown, next, &kept, by, up))
        .max_by_key(|(saved, _)| *saved)
        .filter(|(saved, _)| *saved >= WORTHWHILE)
        .map(|(_, scroll)| scroll)
}

/// The run of rows that saves most where they moved so, and how many cells it saves.
fn best(shown: &Buffer, next: &Buffer, kept: &[i64], by: u16, up: bool) -> Option<(i64, Scroll)> {
    let rows = shown.area.height;
    let kept = |row: u16| kept.get(usize::from(row)).copied().unwrap_or_default();
    // A row and the one that it was before; one of the two is the number in the sequence.
    let pairs = 0..rows - by;
    let pair = |at: u16| if up { (at, at + by) } else { (at + by, at) };
    let (mut sum, mut begin) = (0, 0);
    let mut found: Option<(i64, Range<u16>)> = None;
    for at in pairs {
        let (to, from) = pair(at);
        if sum <= 0 {
            (sum, begin) = (0, at);
        }
        sum += alike(shown, from, next, to) - kept(to);
        if found.as_ref().is_none_or(|(most, _)| sum > *most) {
            found = Some((sum, begin..at + 1));
        }
    }
    let (saved, run) = found?;
    let rows = run.start..run.end + by;
    // What was in the rows that become blank is lost.
    let blank = if up {
        run.end..rows.end
    } else {
        run.start..run.start + by
    };
    let lost: i64 = blank.map(|row| kept(row) - blanks(next, row)).sum();
    Some((saved - lost, Scroll { rows, by, up }))
}

/// How many cells of the two rows are the same.
fn alike(shown: &Buffer, row: u16, next: &Buffer, other: u16) -> i64 {
    let same = cells(shown, row)
        .iter()
        .zip(cells(next, other))
        .filter(|(a, b)| a == b);
    i64::try_from(same.count()).unwrap_or(i64::MAX)
}

/// How many cells of a row are blank.
fn blanks(buffer: &Buffer, row: u16) -> i64 {
    let blank = cells(buffer, row)
        .iter()
        .filter(|cell| **cell == Cell::EMPTY);
    i64::try_from(blank.count()).unwrap_or(i64::MAX)
}

fn cells(buffer: &Buffer, row: u16) -> &[Cell] {
    let width = usize::from(buffer.area.width);
    let start = usize::from(row) * width;
    buffer.content.get(start..start + width).unwrap_or_default()
}

impl Scroll {
    /// Writes the sequences, with line feeds within margins: older than any other way, and understood everywhere.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let Range { start, end } = self.rows;
        let (row, step) = if self.up {
            (end, "\n")
        } else {
            (start + 1, "\x1bM")
        };
        let steps = step.repeat(usize::from(self.by));
        let sequence = format!("\x1b[{};{end}r\x1b[{row}H{steps}\x1b[r", start + 1);
        out.extend_from_slice(sequence.as_bytes());
    }

    /// Does to `shown` what the terminal does.
    pub(super) fn apply(&self, shown: &mut Buffer) {
        let columns = shown.area.width;
        self.apply_to(&mut shown.content, columns, Cell::reset);
    }

    /// Does to something that each cell has, in rows of `columns`, what the terminal does to cells; `reset` makes a blank.
    pub(super) fn apply_to<T>(&self, cells: &mut [T], columns: u16, reset: impl Fn(&mut T)) {
        let width = usize::from(columns);
        let (start, end) = (usize::from(self.rows.start), usize::from(self.rows.end));
        let by = usize::from(self.by) * width;
        let Some(region) = cells.get_mut(start * width..end * width) else {
            return;
        };
        let blank = if self.up {
            region.rotate_left(by);
            region.len() - by..region.len()
        } else {
            region.rotate_right(by);
            0..by
        };
        region.get_mut(blank).into_iter().flatten().for_each(reset);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    /// Lines with `first` in front of them and a frame that does not move.
    fn screen(lines: Range<u32>, side: &str) -> Buffer {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 60, 12));
        buffer.set_string(0, 0, "Catalog", Style::new());
        for (row, line) in (1..11).zip(lines) {
            buffer.set_string(0, row, side, Style::new());
            let letters = ('a'..='z').cycle().step_by(3).skip(line as usize * 7);
            let text: String = letters.take(50).collect();
            buffer.set_string(8, row, text, Style::new());
        }
        buffer.set_string(0, 11, "q leave", Style::new());
        buffer
    }

    fn scrolled(before: &Buffer, after: &Buffer) -> Option<String> {
        let scroll = find(before, after)?;
        let mut out = Vec::new();
        scroll.write(&mut out);
        let mut shown = before.clone();
        scroll.apply(&mut shown);
        let differ = |buffer: &Buffer| buffer.diff(after).len();
        assert!(differ(&shown) < differ(before));
        Some(String::from_utf8_lossy(&out).replace('\x1b', "^"))
    }

    #[test]
    fn rows_that_moved_are_moved_by_the_terminal() {
        let before = screen(100..110, "");
        assert_eq!(scrolled(&before, &before), None);
        assert_eq!(
            scrolled(&before, &screen(101..111, "")).as_deref(),
            Some("^[2;11r^[11H\n^[r")
        );
        assert_eq!(
            scrolled(&before, &screen(98..108, "")).as_deref(),
            Some("^[2;11r^[2H^M^M^[r")
        );
        assert_eq!(scrolled(&before, &screen(500..510, "")), None);
    }

    #[test]
    fn what_stands_beside_and_does_not_move_is_cheap_enough_to_write_again() {
        let moved = scrolled(&screen(100..110, "kind"), &screen(101..111, "kind"));
        assert_eq!(moved.as_deref(), Some("^[2;11r^[11H\n^[r"));
    }
}
