//! A formula in two dimensions: fractions as lines, limits over and under their sign, rows between tall fences.

use unicode_width::UnicodeWidthStr;

use super::letter::{lowered, raised};
use super::line;
use super::parse::{Fence, Node};

/// Rows of equal width, one of which is on the level of the text.
#[derive(Debug, Clone)]
struct Grid {
    rows: Vec<String>,
    width: usize,
    level: usize,
}

/// The nodes as lines.
pub(super) fn set(nodes: &[Node]) -> Vec<String> {
    let grid = all(nodes);
    let rows = grid.rows.into_iter();
    rows.map(|row| row.trim_end().to_owned()).collect()
}

/// The nodes beside each other. What is flat is set as on one line.
fn all(nodes: &[Node]) -> Grid {
    let mut whole = Grid::text(String::new());
    let mut flat: Vec<Node> = Vec::new();
    let mut was_tall = false;
    for node in nodes {
        if is_flat(node) {
            flat.push(node.clone());
            was_tall = false;
            continue;
        }
        flush(&mut flat, &mut whole, true);
        // The numbers of a fraction are none of the limits beside them.
        if was_tall && !whole.ends_blank() {
            whole = whole.beside(&Grid::text(" ".to_owned()));
        }
        whole = whole.beside(&grid(node));
        was_tall = true;
    }
    flush(&mut flat, &mut whole, false);
    whole
}

/// Adds what is flat; signs at its ends keep their space where something stands beside them.
fn flush(flat: &mut Vec<Node>, whole: &mut Grid, goes_on: bool) {
    let Some(first) = flat.first() else {
        return;
    };
    let apart = |node: &Node| matches!(node, Node::Relation(_) | Node::Operator(_) | Node::Space);
    let mut text = line::set(flat);
    if apart(first) && whole.width > 0 && !text.starts_with(' ') {
        // A sign behind something tall joins two sides, whatever stands behind it.
        let sign_width = match first {
            Node::Operator(sign) | Node::Relation(sign) => sign.len(),
            _ => 0,
        };
        let (sign, rest) = text.split_at_checked(sign_width).unwrap_or((&text, ""));
        text = match rest.trim_start() {
            "" => format!(" {sign}"),
            rest if sign.is_empty() => format!(" {rest}"),
            rest => format!(" {sign} {rest}"),
        };
    }
    if goes_on && flat.last().is_some_and(apart) {
        text.push(' ');
    }
    *whole = whole.beside(&Grid::text(text));
    flat.clear();
}

/// Whether a node takes one line.
fn is_flat(node: &Node) -> bool {
    let flat = |nodes: &[Node]| nodes.iter().all(is_flat);
    match node {
        Node::Word(_) | Node::Relation(_) | Node::Operator(_) | Node::Space => true,
        Node::Group(nodes) | Node::Accent(_, nodes) => flat(nodes),
        Node::Fraction(..) | Node::Rows { .. } => false,
        Node::Root(degree, nodes) => degree.as_deref().is_none_or(flat) && flat(nodes),
        Node::Scripts {
            base,
            sub,
            sup,
            limits,
        } => {
            let has = sub.is_some() || sup.is_some();
            let small = |nodes: &Option<Vec<Node>>, small: fn(&str) -> Option<String>| {
                let text = nodes
                    .as_deref()
                    .map(|nodes| (flat(nodes), line::set(nodes)));
                text.is_none_or(|(flat, text)| flat && small(&text).is_some())
            };
            is_flat(base) && !(*limits && has) && small(sub, lowered) && small(sup, raised)
        }
    }
}

fn grid(node: &Node) -> Grid {
    match node {
        Node::Word(_) | Node::Relation(_) | Node::Operator(_) | Node::Space | Node::Accent(..) => {
            Grid::text(line::set(std::slice::from_ref(node)))
        }
        Node::Group(nodes) => all(nodes),
        Node::Fraction(over, under) => fraction(&all(over), &all(under)),
        Node::Root(_, nodes) => {
            Grid::text("√".to_owned()).beside(&all(nodes).fenced(Fence::Round, Fence::Round))
        }
        Node::Scripts {
            base,
            sub,
            sup,
            limits,
        } => {
            let base = grid(base);
            let sub = sub.as_deref().map(tight);
            let sup = sup.as_deref().map(tight);
            if *limits {
                limited(&base, sub.as_ref(), sup.as_ref())
            } else {
                scripted(&base, sub.as_ref(), sup.as_ref())
            }
        }
        Node::Rows { open, close, rows } => {
            let gap = if *open == Fence::None
                && *close == Fence::None
                && rows.iter().all(|row| row.len() == 1)
            {
                0
            } else {
                2
            };
            table(rows, gap).fenced(*open, *close)
        }
    }
}

/// What stands small beside a sign: without the space around its own signs.
fn tight(nodes: &[Node]) -> Grid {
    let mut grid = all(nodes);
    if let [row] = &mut grid.rows[..] {
        *row = row.replace(' ', "");
        grid.width = row.width();
    }
    grid
}

fn fraction(over: &Grid, under: &Grid) -> Grid {
    let width = over.width.max(under.width);
    let mut rows = over.centred(width);
    let level = rows.len();
    rows.push("─".repeat(width));
    rows.extend(under.centred(width));
    Grid { rows, width, level }
}

/// `base` with something over and under it, and a space behind.
fn limited(base: &Grid, sub: Option<&Grid>, sup: Option<&Grid>) -> Grid {
    let widths = [Some(base), sub, sup]
        .into_iter()
        .flatten()
        .map(|grid| grid.width);
    let width = widths.max().unwrap_or(0);
    let mut rows = sup.map(|sup| sup.centred(width)).unwrap_or_default();
    let level = rows.len() + base.level;
    rows.extend(base.centred(width));
    rows.extend(sub.map(|sub| sub.centred(width)).unwrap_or_default());
    Grid { rows, width, level }.beside(&Grid::text(" ".to_owned()))
}

/// `base` with something raised and lowered behind it.
fn scripted(base: &Grid, sub: Option<&Grid>, sup: Option<&Grid>) -> Grid {
    let width = [sub, sup]
        .into_iter()
        .flatten()
        .map(|grid| grid.width)
        .max()
        .unwrap_or(0);
    let above = sup.map_or(0, |sup| sup.rows.len());
    let mut rows = sup.map(|sup| sup.filled(width)).unwrap_or_default();
    rows.extend((0..base.rows.len()).map(|_| " ".repeat(width)));
    rows.extend(sub.map(|sub| sub.filled(width)).unwrap_or_default());
    base.beside(&Grid {
        rows,
        width,
        level: above + base.level,
    })
}

/// Cells in columns, `gap` columns apart.
fn table(rows: &[Vec<Vec<Node>>], gap: usize) -> Grid {
    let cells: Vec<Vec<Grid>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| all(cell)).collect())
        .collect();
    let count = cells.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count)
        .map(|at| {
            let column = cells.iter().filter_map(|row| row.get(at));
            column.map(|cell| cell.width).max().unwrap_or(0)
        })
        .collect();
    let mut lines = Vec::new();
    let mut width = 0;
    for row in &cells {
        let mut whole = Grid::text(String::new());
        for (at, column) in widths.iter().enumerate() {
            if at > 0 {
                whole = whole.beside(&Grid::text(" ".repeat(gap)));
            }
            let empty = Grid::text(String::new());
            let cell = row.get(at).unwrap_or(&empty);
            whole = whole.beside(&Grid {
                rows: cell.filled(*column),
                width: *column,
                level: cell.level,
            });
        }
        width = width.max(whole.width);
        lines.extend(whole.rows);
    }
    let level = lines.len() / 2;
    Grid {
        rows: lines,
        width,
        level,
    }
}

impl Grid {
    /// Whether its last column is blank.
    fn ends_blank(&self) -> bool {
        self.rows.iter().all(|row| row.ends_with(' '))
    }

    /// One line.
    fn text(text: String) -> Self {
        Self {
            width: text.width(),
            rows: vec![text],
            level: 0,
        }
    }

    /// Both beside each other, on one level.
    fn beside(&self, other: &Self) -> Self {
        let level = self.level.max(other.level);
        let below = |grid: &Self| grid.rows.len() - grid.level;
        let height = level + below(self).max(below(other));
        let row = |grid: &Self, at: usize| {
            let inner = (at + grid.level).checked_sub(level);
            let text = inner.and_then(|inner| grid.rows.get(inner));
            padded(text.map_or("", String::as_str), grid.width)
        };
        Self {
            rows: (0..height)
                .map(|at| row(self, at) + &row(other, at))
                .collect(),
            width: self.width + other.width,
            level,
        }
    }

    /// The rows in the middle of `width` columns.
    fn centred(&self, width: usize) -> Vec<String> {
        let before = " ".repeat(width.saturating_sub(self.width) / 2);
        let rows = self.rows.iter();
        rows.map(|row| padded(&format!("{before}{row}"), width))
            .collect()
    }

    /// The rows at the left of `width` columns.
    fn filled(&self, width: usize) -> Vec<String> {
        self.rows.iter().map(|row| padded(row, width)).collect()
    }

    /// Between two fences as high as it is.
    fn fenced(&self, open: Fence, close: Fence) -> Self {
        let height = self.rows.len();
        let fence = |fence: Fence, is_left: bool| {
            let rows: Vec<String> = (0..height)
                .map(|at| edge(fence, is_left, at, height))
                .collect();
            Self {
                width: rows.iter().map(|row| row.width()).max().unwrap_or(0),
                rows,
                level: self.level,
            }
        };
        fence(open, true).beside(self).beside(&fence(close, false))
    }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// The piece of a fence of `height` rows in row `at`.
fn edge(fence: Fence, is_left: bool, at: usize, height: usize) -> String {
    let [one, top, middle, bottom, waist] = match (fence, is_left) {
        (Fence::None, _) => return String::new(),
        (Fence::Bar, _) => ["|", "│", "│", "│", "│"],
        (Fence::Double, _) => ["‖", "║", "║", "║", "║"],
        (Fence::Round, true) => ["(", "⎛", "⎜", "⎝", "⎜"],
        (Fence::Round, false) => [")", "⎞", "⎟", "⎠", "⎟"],
        (Fence::Square, true) => ["[", "⎡", "⎢", "⎣", "⎢"],
        (Fence::Square, false) => ["]", "⎤", "⎥", "⎦", "⎥"],
        (Fence::Curly, true) => ["{", "⎧", "⎪", "⎩", "⎨"],
        (Fence::Curly, false) => ["}", "⎫", "⎪", "⎭", "⎬"],
    };
    let piece = match (height, at) {
        (1, _) => one,
        (_, 0) => top,
        (height, at) if at + 1 == height => bottom,
        (height, at) if at == height / 2 => waist,
        _ => middle,
    };
    piece.to_owned()
}
