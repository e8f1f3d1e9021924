//! Tables: `TableProcessor`.

use super::Parser;
use crate::techdocs::markdown::chunk::Chunk;
use crate::techdocs::markdown::dom::{Id, Text};

/// More columns make no table.
const MAX_COLUMNS: usize = 500;

/// Whether a table has pipes at its sides, as its first row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Border {
    left: bool,
    right: bool,
}

impl Parser<'_> {
    /// A row of names, a row of dashes, rows.
    pub(super) fn table(&mut self, parent: Id, block: &Chunk) -> bool {
        let mut lines = block.lines();
        let (Some(head), Some(rule)) = (lines.next(), lines.next()) else {
            return false;
        };
        let (head, rule) = (head.trim_matches(' '), rule.trim_matches(' '));
        // A row of dashes has nothing else: most blocks are no tables, and are known by this.
        if !rule
            .chars()
            .all(|c| matches!(c, '|' | ':' | '-' | ' ' | '`' | '\\'))
        {
            return false;
        }
        let border = Border {
            left: head.starts_with('|'),
            right: ends_with_pipe(head),
        };
        let names = cells(head, border);
        let has_border = border.left || border.right;
        if names.len() < 2
            && !(has_border
                && block.lines().skip(1).all(|row| {
                    let row = row.trim_matches(' ');
                    row.starts_with('|') || ends_with_pipe(row)
                }))
        {
            return false;
        }
        if names.len() > MAX_COLUMNS {
            return false;
        }
        let dashes = cells(rule, border);
        let is_dashes = |cell: &&str| cell.chars().all(|c| matches!(c, '|' | ':' | '-' | ' '));
        if dashes.len() != names.len() || !dashes.iter().all(is_dashes) {
            return false;
        }
        let set: Vec<Option<&str>> = dashes.iter().map(|cell| alignment(cell)).collect();
        let number = self.line(block);
        let table = self.tree.append(parent, "table", number);
        let top = self.tree.append(table, "thead", number);
        self.row(top, "th", head, border, &set, number);
        let body = self.tree.append(table, "tbody", number);
        for (number, row) in (number + 2..).zip(lines) {
            self.row(body, "td", row.trim_matches(' '), border, &set, number);
        }
        true
    }

    fn row(
        &mut self,
        parent: Id,
        tag: &'static str,
        row: &str,
        border: Border,
        set: &[Option<&str>],
        line: u32,
    ) {
        let id = self.tree.append(parent, "tr", line);
        let cells = cells(row, border);
        for (at, set) in set.iter().enumerate() {
            let cell = self.tree.append(id, tag, line);
            let words = cells.get(at).map_or("", |cell| cell.trim_matches(' '));
            self.tree.edit(cell).text = Text::open(words);
            if let Some(set) = set {
                let style = format!("text-align: {set};");
                self.tree.edit(cell).set("style", style);
            }
        }
    }
}

/// How a column is set, by its cell in the row of dashes.
fn alignment(cell: &str) -> Option<&'static str> {
    let cell = cell.trim_matches(' ');
    match (cell.starts_with(':'), cell.ends_with(':')) {
        (true, true) => Some("center"),
        (true, false) => Some("left"),
        (false, true) => Some("right"),
        (false, false) => None,
    }
}

/// Whether a row ends with a pipe that is not escaped.
fn ends_with_pipe(row: &str) -> bool {
    row.strip_suffix('|').is_some_and(|row| {
        let escapes = row.bytes().rev().take_while(|byte| *byte == b'\\').count();
        escapes % 2 == 0
    })
}

/// The cells of a row: pipes in code, and escaped ones, part none.
fn cells(row: &str, border: Border) -> Vec<&str> {
    let mut row = row;
    if border.left || border.right {
        row = row.strip_prefix('|').unwrap_or(row);
        if ends_with_pipe(row) {
            row = row.get(..row.len() - 1).unwrap_or_default();
        }
    }
    // Runs of backticks: where they begin, where they end, how many may open code and how many may end it.
    let mut ticks: Vec<(usize, usize, usize, usize)> = Vec::new();
    let mut pipes = Vec::new();
    let bytes = row.as_bytes();
    let run = |from: usize| {
        let tail = bytes.get(from..).unwrap_or_default();
        tail.iter().take_while(|byte| **byte == b'`').count()
    };
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => match bytes.get(at + 1) {
                Some(b'\\' | b'|') => at += 2,
                Some(b'`') => {
                    let count = run(at + 1);
                    ticks.push((at, at + count, count - 1, count));
                    at += count + 1;
                }
                _ => at += 1,
            },
            b'`' => {
                let count = run(at);
                ticks.push((at, at + count - 1, count, count));
                at += count;
            }
            b'|' => {
                pipes.push(at);
                at += 1;
            }
            _ => at += 1,
        }
    }
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some((start, _, opens, _)) = ticks.get(at) {
        let later = ticks.get(at + 1..).unwrap_or_default();
        let end = later.iter().position(|(_, _, _, closes)| closes == opens);
        match end.filter(|_| *opens > 0) {
            Some(end) => {
                let (_, last, _, _) = later.get(end).copied().unwrap_or_default();
                spans.push((*start, last));
                at += end + 2;
            }
            None => at += 1,
        }
    }
    let in_code = |pipe: &usize| {
        let after = spans.partition_point(|(start, _)| start <= pipe);
        let span = after.checked_sub(1).and_then(|at| spans.get(at));
        span.is_some_and(|(_, end)| pipe <= end)
    };
    let mut cells = Vec::new();
    let mut from = 0;
    for pipe in pipes.into_iter().filter(|pipe| !in_code(pipe)) {
        cells.push(row.get(from..pipe).unwrap_or_default());
        from = pipe + 1;
    }
    cells.push(row.get(from..).unwrap_or_default());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pipes_in_code_part_no_cells() {
        let border = Border {
            left: true,
            right: true,
        };
        assert_eq!(
            cells("| a | `b|c` | d \\| e |", border),
            [" a ", " `b|c` ", " d \\| e "]
        );
        assert_eq!(cells("a | ``x`|`` | b", border), ["a ", " ``x`|`` ", " b"]);
        assert_eq!(cells("| \\`a|b` |", border), [" \\`a", "b` "]);
    }
}
