//! Tables fitted to a width: columns as wide as they need, the widest ones narrowed and their cells wrapped where that
//! is too much; one column below the other where there are too many.

use super::blocks::{run, strong};
use super::wrap::{runs_width, wrap};
use super::{Run, Weight};
use crate::techdocs::document::{Alignment, Span, Table};
use crate::techdocs::role::Role;

/// The space between two columns.
const GAP: &str = "   ";
/// The narrowest a column may become.
const NARROWEST: usize = 6;

/// The lines of `table` at `width` columns.
pub(super) fn lines(table: &Table, width: usize) -> Vec<Vec<Run>> {
    let count = table
        .rows
        .iter()
        .map(Vec::len)
        .chain([table.head.len()])
        .max()
        .unwrap_or(0);
    let natural: Vec<usize> = (0..count).map(|at| natural_width(table, at)).collect();
    let gaps = GAP.len() * count.saturating_sub(1);
    let Some(widths) = fitted(&natural, width.saturating_sub(gaps)) else {
        return records(table, width);
    };
    let total = widths.iter().sum::<usize>() + gaps;
    let wraps = natural
        .iter()
        .zip(&widths)
        .any(|(natural, width)| natural > width);
    let mut lines = Vec::new();
    if table.head.iter().any(|cell| !cell.is_empty()) {
        row(
            table,
            &table.head,
            &widths,
            (Role::TableHead, strong()),
            &mut lines,
        );
        lines.push(vec![run(&"─".repeat(total), Role::Border)]);
    }
    for (at, cells) in table.rows.iter().enumerate() {
        if at > 0 && wraps {
            lines.push(vec![run(&"┈".repeat(total), Role::Border)]);
        }
        row(
            table,
            cells,
            &widths,
            (Role::Text, Weight::default()),
            &mut lines,
        );
    }
    lines
}

/// The width of a column whose cells are not wrapped.
fn natural_width(table: &Table, at: usize) -> usize {
    let cells = table
        .rows
        .iter()
        .chain([&table.head])
        .filter_map(|cells| cells.get(at));
    cells.map(|cell| cell_width(cell)).max().unwrap_or(0).max(1)
}

fn cell_width(cell: &[Span]) -> usize {
    let lines = wrap(cell, usize::from(u16::MAX), (Role::Text, Weight::default()));
    lines.iter().map(|line| runs_width(line)).max().unwrap_or(0)
}

/// Widths that add up to at most `room`: the widest columns give way. `None` where they would become too narrow.
fn fitted(natural: &[usize], room: usize) -> Option<Vec<usize>> {
    if natural.iter().sum::<usize>() <= room {
        return Some(natural.to_vec());
    }
    let capped = |cap: usize| natural.iter().map(move |width| (*width).min(cap));
    let (mut low, mut high) = (0, room);
    while low < high {
        let middle = (low + high).div_ceil(2);
        if capped(middle).sum::<usize>() <= room {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    if low < NARROWEST {
        return None;
    }
    let mut widths: Vec<usize> = capped(low).collect();
    let mut spare = room - widths.iter().sum::<usize>();
    for (width, natural) in widths.iter_mut().zip(natural) {
        if *width < *natural && spare > 0 {
            *width += 1;
            spare -= 1;
        }
    }
    Some(widths)
}

fn row(
    table: &Table,
    cells: &[Vec<Span>],
    widths: &[usize],
    base: (Role, Weight),
    lines: &mut Vec<Vec<Run>>,
) {
    let wrapped: Vec<Vec<Vec<Run>>> = widths
        .iter()
        .enumerate()
        .map(|(at, width)| wrap(cells.get(at).map_or(&[], Vec::as_slice), *width, base))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
    for at in 0..height {
        let mut line: Vec<Run> = Vec::new();
        for (column, (cell, width)) in wrapped.iter().zip(widths).enumerate() {
            if column > 0 {
                line.push(run(GAP, Role::Text));
            }
            let words = cell.get(at).cloned().unwrap_or_default();
            let spare = width.saturating_sub(runs_width(&words));
            let before = match table.alignments.get(column).copied().unwrap_or_default() {
                Alignment::Left => 0,
                Alignment::Center => spare / 2,
                Alignment::Right => spare,
            };
            line.push(run(&" ".repeat(before), Role::Text));
            line.extend(words);
            line.push(run(&" ".repeat(spare - before), Role::Text));
        }
        line.retain(|run| !run.text.is_empty());
        lines.push(line);
    }
}

/// Each row as its own small list of `column  value`, for tables with more columns than fit.
fn records(table: &Table, width: usize) -> Vec<Vec<Run>> {
    let names = table
        .head
        .iter()
        .map(|cell| cell_width(cell))
        .max()
        .unwrap_or(0)
        .min(width / 3);
    let mut lines = Vec::new();
    for (at, cells) in table.rows.iter().enumerate() {
        if at > 0 {
            lines.push(vec![run(&"┈".repeat(width), Role::Border)]);
        }
        for (column, cell) in cells.iter().enumerate() {
            let name = table.head.get(column).map_or(&[][..], Vec::as_slice);
            let name = wrap(name, names.max(1), (Role::TableHead, strong()));
            let value = wrap(
                cell,
                width.saturating_sub(names + 2).max(1),
                (Role::Text, Weight::default()),
            );
            for at in 0..name.len().max(value.len()) {
                let mut line = name.get(at).cloned().unwrap_or_default();
                let pad = (names + 2).saturating_sub(runs_width(&line));
                line.push(run(&" ".repeat(pad), Role::Text));
                line.extend(value.get(at).cloned().unwrap_or_default());
                lines.push(line);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_columns_give_way() {
        assert_eq!(fitted(&[4, 10], 20), Some(vec![4, 10]));
        assert_eq!(fitted(&[4, 30, 40], 40), Some(vec![4, 18, 18]));
        assert_eq!(fitted(&[9, 30], 30), Some(vec![9, 21]));
        assert_eq!(fitted(&[9; 8], 30), None);
    }
}
