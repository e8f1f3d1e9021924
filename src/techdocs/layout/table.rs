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

/// More columns are never shown beside each other.
const MOST_COLUMNS: usize = 256;
/// More cells of a table are not shown.
const MOST_CELLS: usize = 100_000;

/// A line, and how many of its runs stay in place when it is moved sideways; `None` where it fits.
pub(super) type TableLine = (Vec<Run>, Option<usize>);

/// The lines of `table`, fitted to `width` columns.
pub(super) fn fitted(table: &Table, width: usize) -> Vec<TableLine> {
    let natural = natural_widths(table);
    let gaps = GAP.len() * natural.len().saturating_sub(1);
    let lines = match narrowed(&natural, width.saturating_sub(gaps)) {
        Some(widths) => grid(table, &natural, &widths),
        None => records(table, width),
    };
    lines.into_iter().map(|line| (line.runs, None)).collect()
}

/// The lines of `table` with each column as wide as it needs; its first column stays in place. `None` where it fits into
/// `width` columns anyway, or has too many columns.
pub(super) fn whole(table: &Table, width: usize) -> Option<Vec<TableLine>> {
    let natural = natural_widths(table);
    let total = natural.iter().sum::<usize>() + GAP.len() * natural.len().saturating_sub(1);
    if total <= width || natural.len() > MOST_COLUMNS {
        return None;
    }
    let stays = natural.first().is_some_and(|first| *first <= width / 3);
    let lines = grid(table, &natural, &natural).into_iter();
    Some(
        lines
            .map(|line| (line.runs, Some(if stays { line.first } else { 0 })))
            .collect(),
    )
}

/// A line of a table.
struct Row {
    runs: Vec<Run>,
    /// How many runs the first column and the gap behind it take.
    first: usize,
}

impl Row {
    /// One run, of which the part over the first column and its gap stands by itself.
    fn rule(sign: &str, total: usize, first: usize) -> Self {
        let first = (first + GAP.len()).min(total);
        let runs = [first, total - first].map(|width| run(&sign.repeat(width), Role::Border));
        Self {
            runs: runs.into(),
            first: 1,
        }
    }
}

/// How many columns the table has.
fn columns(table: &Table) -> usize {
    let rows = table.rows.iter().map(Vec::len);
    rows.chain([table.head.len()]).max().unwrap_or(0)
}

/// The rows that are shown, and how many are not.
fn bounded(table: &Table) -> (&[Vec<Vec<Span>>], usize) {
    let shown = (MOST_CELLS / columns(table).max(1))
        .max(1)
        .min(table.rows.len());
    let (rows, rest) = table
        .rows
        .split_at_checked(shown)
        .unwrap_or((&table.rows, &[]));
    (rows, rest.len())
}

/// The width that each column would like.
fn natural_widths(table: &Table) -> Vec<usize> {
    let mut widths = vec![1; columns(table)];
    for cells in bounded(table).0.iter().chain([&table.head]) {
        for (width, cell) in widths.iter_mut().zip(cells) {
            *width = (*width).max(cell_width(cell));
        }
    }
    widths
}

/// Columns beside each other.
fn grid(table: &Table, natural: &[usize], widths: &[usize]) -> Vec<Row> {
    let total = widths.iter().sum::<usize>() + GAP.len() * widths.len().saturating_sub(1);
    let first = widths.first().copied().unwrap_or(0);
    let wraps = natural
        .iter()
        .zip(widths)
        .any(|(natural, width)| natural > width);
    let mut lines = Vec::new();
    if table.head.iter().any(|cell| !cell.is_empty()) {
        let look = (Role::TableHead, strong());
        row(table, &table.head, widths, look, &mut lines);
        lines.push(Row::rule("─", total, first));
    }
    let (rows, rest) = bounded(table);
    for (at, cells) in rows.iter().enumerate() {
        if at > 0 && wraps {
            lines.push(Row::rule("┈", total, first));
        }
        let look = (Role::Text, Weight::default());
        row(table, cells, widths, look, &mut lines);
    }
    lines.extend(cut_off(rest));
    lines
}

/// Says that rows are left out.
fn cut_off(rest: usize) -> Option<Row> {
    let text = format!("{rest} more rows are not shown: the table is too large.");
    (rest > 0).then(|| Row {
        runs: vec![run(&text, Role::Dim)],
        first: 0,
    })
}

fn cell_width(cell: &[Span]) -> usize {
    let lines = wrap(cell, usize::from(u16::MAX), (Role::Text, Weight::default()));
    lines.iter().map(|line| runs_width(line)).max().unwrap_or(0)
}

/// Widths that add up to at most `room`: the widest columns give way. `None` where they would become too narrow.
fn narrowed(natural: &[usize], room: usize) -> Option<Vec<usize>> {
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
    lines: &mut Vec<Row>,
) {
    let wrapped: Vec<Vec<Vec<Run>>> = widths
        .iter()
        .enumerate()
        .map(|(at, width)| wrap(cells.get(at).map_or(&[], Vec::as_slice), *width, base))
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(0).max(1);
    for at in 0..height {
        let mut line: Vec<Run> = Vec::new();
        let mut first = 0;
        for (column, (cell, width)) in wrapped.iter().zip(widths).enumerate() {
            if column > 0 {
                line.push(run(GAP, Role::Text));
            }
            if column == 1 {
                first = line.iter().filter(|run| !run.text.is_empty()).count();
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
        lines.push(Row { runs: line, first });
    }
}

/// Each row as its own small list of `column  value`, for tables with more columns than fit.
fn records(table: &Table, width: usize) -> Vec<Row> {
    let names = table
        .head
        .iter()
        .map(|cell| cell_width(cell))
        .max()
        .unwrap_or(0)
        .min(width / 3);
    let mut lines = Vec::new();
    let line = |runs: Vec<Run>| Row { runs, first: 0 };
    let (rows, rest) = bounded(table);
    for (at, cells) in rows.iter().enumerate() {
        if at > 0 {
            lines.push(line(vec![run(&"┈".repeat(width), Role::Border)]));
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
                let mut runs = name.get(at).cloned().unwrap_or_default();
                let pad = (names + 2).saturating_sub(runs_width(&runs));
                runs.push(run(&" ".repeat(pad), Role::Text));
                runs.extend(value.get(at).cloned().unwrap_or_default());
                lines.push(line(runs));
            }
        }
    }
    lines.extend(cut_off(rest));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_widest_columns_give_way() {
        assert_eq!(narrowed(&[4, 10], 20), Some(vec![4, 10]));
        assert_eq!(narrowed(&[4, 30, 40], 40), Some(vec![4, 18, 18]));
        assert_eq!(narrowed(&[9, 30], 30), Some(vec![9, 21]));
        assert_eq!(narrowed(&[9; 8], 30), None);
    }
}
