//! One entry as lines: what it takes, what it answers, and the types that this is made of, unfolded as far as wanted.
//!
//! Types that lead back to themselves are marked with `↺` where they would begin anew.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::{Content, Entry, EntryKind, Format, Outline, Part, Role, Shape};
use crate::catalog::text::{width, wrap};

/// How deep types are unfolded at most.
const MAX_DEPTH: usize = 16;
/// How many lines a sheet has at most.
const MAX_ROWS: usize = 4_000;
/// How many parts of types are looked at for one sheet: types can be woven so that there is no end to them.
const MAX_STEPS: usize = 200_000;
/// Columns of names at most; longer ones push what follows to the right.
const MAX_NAME: usize = 24;

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// The entry's verb.
    Verb,
    /// The entry's name.
    Name,
    /// The title of a section.
    Title,
    /// What one reads.
    Text,
    /// What stands beside it.
    Dim,
    /// A type.
    Type,
    /// The mark of what must be there.
    Required,
    /// The sign of what needs a look.
    Warning,
    /// A status of an answer that is good.
    Good,
    /// A status of an answer that is not.
    Bad,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its pieces from left to right.
    pub cells: Vec<(String, Ink)>,
    /// What opens and closes here.
    pub fold: Option<Fold>,
}

/// Something that can be opened and closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// Which: a number for each step from the entry to it.
    pub path: Vec<usize>,
    /// Whether it is open.
    pub open: bool,
}

/// What is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folds {
    /// How many levels of a body are open unless toggled; those of failures are closed but for `usize::MAX`.
    pub depth: usize,
    /// The paths of those that are not as the depth has it.
    pub toggled: BTreeSet<Vec<usize>>,
}

impl Default for Folds {
    fn default() -> Self {
        Self {
            depth: 1,
            toggled: BTreeSet::new(),
        }
    }
}

impl Folds {
    /// Everything is open.
    pub fn open() -> Self {
        Self {
            depth: usize::MAX,
            toggled: BTreeSet::new(),
        }
    }

    /// Opens what is closed, and the other way round.
    pub fn toggle(&mut self, path: &[usize]) {
        if !self.toggled.remove(path) {
            self.toggled.insert(path.to_vec());
        }
    }
}

/// The lines of `entry`, in `columns` columns.
pub fn rows<'a>(
    outline: &'a Outline,
    entry: &'a Entry,
    folds: &'a Folds,
    columns: usize,
) -> Vec<Row> {
    let mut sheet = Sheet {
        outline,
        folds,
        columns: columns.max(20),
        rows: Vec::new(),
        left: Cell::new(MAX_STEPS),
    };
    sheet.head(entry);
    sheet.parameters(entry);
    let (takes, answers) = match outline.format {
        Format::AsyncApi => ("Messages", "Reply"),
        Format::OpenApi => ("Body", "Answers"),
        _ => ("Takes", "Returns"),
    };
    if !entry.bodies.is_empty() {
        sheet.title(takes);
        for (at, content) in entry.bodies.iter().enumerate() {
            sheet.content(content, &[0, at], 0, 1, false);
        }
    }
    if !entry.responses.is_empty() {
        sheet.title(answers);
    }
    for (at, response) in entry.responses.iter().enumerate() {
        let fails = response.status.starts_with(['4', '5']);
        let ink = match response.status.bytes().next() {
            Some(b'2') => Ink::Good,
            Some(b'4' | b'5') => Ink::Bad,
            _ => Ink::Text,
        };
        if !response.status.is_empty() || !response.description.is_empty() {
            let status = format!("{:7}  ", response.status);
            let lead = if response.status.is_empty() {
                2
            } else {
                2 + width(&status)
            };
            let mut status = (!response.status.is_empty()).then_some((status, ink));
            for line in wrap(&response.description, sheet.columns.saturating_sub(lead))
                .into_iter()
                .chain(response.description.is_empty().then(String::new))
            {
                let first = status.take();
                let pad = if first.is_some() { 2 } else { lead };
                sheet.push(pad, first.into_iter().chain([(line, Ink::Text)]));
            }
        }
        for (n, content) in response.contents.iter().enumerate() {
            sheet.content(content, &[1, at, n], 0, 1, fails);
        }
    }
    if entry.kind == EntryKind::Type {
        sheet.fields(entry);
    }
    sheet.rows
}

struct Sheet<'a> {
    outline: &'a Outline,
    folds: &'a Folds,
    columns: usize,
    rows: Vec<Row>,
    /// Steps that may still be taken.
    left: Cell<usize>,
}

/// A node of a tree: its number among its siblings, and what it is.
struct Node<'a> {
    name: &'a str,
    required: bool,
    shape: &'a Shape,
    /// What is said of it beside its shape.
    note: &'a str,
    value: bool,
}

impl<'a> Sheet<'a> {
    fn push(&mut self, indent: usize, cells: impl IntoIterator<Item = (String, Ink)>) {
        let mut row = Row::default();
        if indent > 0 {
            row.cells.push((" ".repeat(indent), Ink::Text));
        }
        row.cells.extend(cells);
        if self.rows.len() < MAX_ROWS {
            self.rows.push(row);
        }
    }

    fn prose(&mut self, indent: usize, text: &str, ink: Ink) {
        for line in wrap(text, self.columns.saturating_sub(indent)) {
            self.push(indent, [(line, ink)]);
        }
    }

    fn title(&mut self, title: &str) {
        self.push(0, []);
        self.push(0, [(title.to_owned(), Ink::Title)]);
    }

    fn head(&mut self, entry: &Entry) {
        // A path that does not fit is broken, not cut: it is what one came for.
        let mut name = entry.name.as_str();
        let lead = width(&entry.verb) + 1;
        let mut verb = Some((format!("{} ", entry.verb), Ink::Verb));
        loop {
            let room = self.columns.saturating_sub(lead).max(8);
            let mut used = 0;
            let end = name.char_indices().find(|(_, c)| {
                used += width(c.encode_utf8(&mut [0; 4]));
                used > room
            });
            let (line, rest) = name
                .split_at_checked(end.map_or(name.len(), |(at, _)| at))
                .unwrap_or((name, ""));
            let first = verb.take();
            let indent = if first.is_some() { 0 } else { lead };
            self.push(
                indent,
                first.into_iter().chain([(line.to_owned(), Ink::Name)]),
            );
            name = rest;
            if name.is_empty() {
                break;
            }
        }
        if entry.deprecated {
            self.push(
                0,
                [
                    ("! ".to_owned(), Ink::Warning),
                    ("deprecated".to_owned(), Ink::Text),
                ],
            );
        }
        self.prose(0, &entry.summary, Ink::Text);
        let rest = entry.description.trim_start();
        let rest = rest
            .strip_prefix(entry.summary.as_str())
            .unwrap_or(rest)
            .trim();
        if !rest.is_empty() {
            if !entry.summary.is_empty() {
                self.push(0, []);
            }
            self.prose(0, rest, Ink::Text);
        }
        let mut facts = Vec::new();
        if !entry.id.is_empty() {
            facts.push(("id", entry.id.clone()));
        }
        if !entry.security.is_empty() {
            facts.push(("asks for", entry.security.join(", or ")));
        }
        if !facts.is_empty() {
            self.push(0, []);
        }
        for (label, value) in facts {
            let mut label = format!("{label:10}");
            for line in wrap(&value, self.columns.saturating_sub(10)) {
                let blank = " ".repeat(10);
                self.push(
                    0,
                    [
                        (std::mem::replace(&mut label, blank), Ink::Dim),
                        (line, Ink::Text),
                    ],
                );
            }
        }
    }

    fn parameters(&mut self, entry: &'a Entry) {
        if entry.parameters.is_empty() {
            return;
        }
        let are_arguments = entry
            .parameters
            .iter()
            .all(|parameter| parameter.place == "argument");
        self.title(if are_arguments {
            "Arguments"
        } else {
            "Parameters"
        });
        let names = entry
            .parameters
            .iter()
            .map(|parameter| width(&parameter.name));
        let column = names.max().unwrap_or(0).min(MAX_NAME) + 2;
        for (at, parameter) in entry.parameters.iter().enumerate() {
            let mut cells = vec![
                mark(parameter.required),
                (pad(&parameter.name, column), Ink::Text),
            ];
            if !are_arguments {
                cells.push((pad(&parameter.place, 8), Ink::Dim));
            }
            cells.extend(self.about(&parameter.shape, &[]));
            let path = vec![2, at];
            let children = self.children(&parameter.shape, &[]);
            let open = self.is_open(&path, 1, false);
            self.push(0, cells);
            if !children.is_empty()
                && let Some(row) = self.rows.last_mut()
            {
                row.fold = Some(Fold {
                    path: path.clone(),
                    open,
                });
                row.cells.push((closed(open, children.len()), Ink::Dim));
            }
            self.prose(4, &parameter.description, Ink::Dim);
            if open {
                let visited = parameter
                    .shape
                    .target
                    .as_deref()
                    .into_iter()
                    .collect::<Vec<_>>();
                self.nodes(&children, &path, 4, 2, &visited);
            }
        }
    }

    fn fields(&mut self, entry: &'a Entry) {
        for fact in &entry.shape.facts {
            self.prose(0, fact, Ink::Dim);
        }
        let children = self.children(&entry.shape, &[]);
        if children.is_empty() {
            if entry.shape.of != entry.name && !entry.shape.of.is_empty() {
                self.push(0, [(entry.shape.of.clone(), Ink::Type)]);
            }
            return;
        }
        let title = if children.iter().all(|child| child.value) {
            "Values"
        } else {
            "Fields"
        };
        self.title(title);
        self.nodes(&children, &[3], 0, 1, &[entry.name.as_str()]);
    }

    /// A body: its name and type on a line, what it is made of below.
    fn content(
        &mut self,
        content: &'a Content,
        path: &[usize],
        depth: usize,
        indent: usize,
        closed: bool,
    ) {
        let node = Node {
            name: &content.name,
            required: false,
            shape: &content.shape,
            note: &content.description,
            value: false,
        };
        self.node(
            &node,
            path,
            (indent, width(&content.name)),
            depth,
            &[],
            closed,
        );
    }

    fn nodes(
        &mut self,
        nodes: &[Node<'a>],
        path: &[usize],
        indent: usize,
        depth: usize,
        visited: &[&'a str],
    ) {
        let column = nodes
            .iter()
            .map(|node| width(node.name))
            .max()
            .unwrap_or(0)
            .min(MAX_NAME);
        for (at, node) in nodes.iter().enumerate() {
            if self.rows.len() >= MAX_ROWS {
                return;
            }
            let path: Vec<usize> = path.iter().copied().chain([at]).collect();
            self.node(node, &path, (indent, column), depth, visited, false);
        }
    }

    fn node(
        &mut self,
        node: &Node<'a>,
        path: &[usize],
        (indent, column): (usize, usize),
        depth: usize,
        visited: &[&'a str],
        closed_first: bool,
    ) {
        let children = if depth < MAX_DEPTH {
            self.children(node.shape, visited)
        } else {
            Vec::new()
        };
        let can_open = !children.is_empty();
        let open = can_open && self.is_open(path, depth, closed_first);
        let sign = match (can_open, open) {
            (true, true) => "▾ ",
            (true, false) => "▸ ",
            (false, _) => "  ",
        };
        let mut cells = vec![(sign.to_owned(), Ink::Dim)];
        if column > 0 {
            cells.push((node.name.to_owned(), Ink::Text));
            cells.push(if node.required {
                ("*".to_owned(), Ink::Required)
            } else {
                (" ".to_owned(), Ink::Text)
            });
            cells.push((
                " ".repeat(column.saturating_sub(width(node.name)) + 1),
                Ink::Text,
            ));
        }
        cells.extend(self.about(node.shape, visited));
        if can_open && !open {
            cells.push((closed(open, children.len()), Ink::Dim));
        }
        self.push(indent, cells);
        if can_open && let Some(row) = self.rows.last_mut() {
            row.fold = Some(Fold {
                path: path.to_vec(),
                open,
            });
        }
        self.prose(indent + 4, node.note, Ink::Dim);
        self.prose(indent + 4, &node.shape.description, Ink::Dim);
        if open {
            let mut visited = visited.to_vec();
            visited.extend(node.shape.target.as_deref());
            self.nodes(&children, path, indent + 2, depth + 1, &visited);
        }
    }

    fn is_open(&self, path: &[usize], depth: usize, closed_first: bool) -> bool {
        let by_depth =
            depth < self.folds.depth && (!closed_first || self.folds.depth == usize::MAX);
        by_depth != self.folds.toggled.contains(path)
    }

    /// The type of a shape in words and what else holds of it.
    fn about(&self, shape: &'a Shape, visited: &[&'a str]) -> Vec<(String, Ink)> {
        let target = shape.target.as_deref();
        let circle = target.is_some_and(|target| visited.contains(&target));
        let mut cells = vec![(
            if circle {
                format!("↺ {}", shape.of)
            } else {
                shape.of.clone()
            },
            Ink::Type,
        )];
        let of_type = target.and_then(|target| self.outline.types.get(target));
        let mut facts: Vec<&str> = Vec::new();
        if let Some(of_type) = of_type
            && of_type.shape.parts.is_empty()
            && of_type.shape.of != of_type.name
        {
            facts.push(&of_type.shape.of);
            facts.extend(of_type.shape.facts.iter().map(String::as_str));
        }
        facts.extend(shape.facts.iter().map(String::as_str));
        facts.retain(|fact| !fact.is_empty());
        if !facts.is_empty() {
            let gap = if shape.of.is_empty() { "" } else { "  " };
            cells.push((format!("{gap}{}", facts.join(" · ")), Ink::Dim));
        }
        cells
    }

    /// What a shape is made of: its own parts, those of the type that it refers to, those that are merged into it.
    fn children(&self, shape: &'a Shape, visited: &[&'a str]) -> Vec<Node<'a>> {
        let mut nodes = Vec::new();
        self.collect(shape, &mut visited.to_vec(), &mut nodes);
        nodes
    }

    fn collect(&self, shape: &'a Shape, visited: &mut Vec<&'a str>, nodes: &mut Vec<Node<'a>>) {
        if let Some(target) = shape.target.as_deref() {
            if visited.contains(&target) || visited.len() > MAX_DEPTH * 2 {
                return;
            }
            if let Some(of_type) = self.outline.types.get(target) {
                visited.push(target);
                self.collect(&of_type.shape, visited, nodes);
                visited.pop();
            }
        }
        for Part {
            role,
            name,
            required,
            shape,
        } in &shape.parts
        {
            let Some(left) = self.left.get().checked_sub(1) else {
                return;
            };
            self.left.set(left);
            if *role == Role::Merged {
                self.collect(shape, visited, nodes);
            } else {
                nodes.push(Node {
                    name,
                    required: *required,
                    shape,
                    note: "",
                    value: *role == Role::Value,
                });
            }
        }
    }
}

fn mark(required: bool) -> (String, Ink) {
    if required {
        ("* ".to_owned(), Ink::Required)
    } else {
        ("  ".to_owned(), Ink::Text)
    }
}

fn pad(text: &str, columns: usize) -> String {
    format!(
        "{text}{}",
        " ".repeat(columns.saturating_sub(width(text)).max(1))
    )
}

/// How many parts a closed fold hides.
fn closed(open: bool, parts: usize) -> String {
    match parts {
        _ if open => String::new(),
        1 => "  1 field".to_owned(),
        parts => format!("  {parts} fields"),
    }
}
