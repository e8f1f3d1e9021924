//! Each kind of block as lines, with what its containers put before them.

use super::table;
use super::wrap::{columns, cut, push, runs_width, wrap};
use super::{CodeSpot, Layout, Line, MEASURE, OutlineItem, Reading, Run, Spot, SpotTarget, Weight};
use crate::techdocs::document::{
    Admonition, Block, BlockKind, Definition, Document, List, Span, Table, Tabs,
};
use crate::techdocs::role::{Callout, Role};

/// Containers put nothing more before their lines once fewer columns than this are left.
const NARROWEST: usize = 16;
/// The longest source of a diagram that is drawn, in bytes.
const MAX_DIAGRAM: usize = 8 << 10;
/// The longest line of a diagram that is drawn, in bytes: the canvas grows with it.
const MAX_DIAGRAM_LINE: usize = 240;
/// The most lines, links and joined nodes of a diagram that is drawn: routing grows faster than their number.
const MAX_DIAGRAM_PARTS: usize = 80;

/// What a container puts before its lines.
#[derive(Debug)]
struct Lead {
    /// Before the first line, until it is drawn.
    first: Option<Run>,
    /// Before the others.
    rest: Run,
}

/// Puts lines together.
pub(super) struct Painter<'d> {
    document: &'d Document,
    reading: &'d Reading,
    width: usize,
    leads: Vec<Lead>,
    source: u32,
    list_depth: usize,
    last_link: Option<u32>,
    layout: Layout,
}

impl<'d> Painter<'d> {
    /// Nothing yet, at this width.
    pub(super) fn new(document: &'d Document, reading: &'d Reading, width: u16) -> Self {
        Self {
            document,
            reading,
            width: usize::from(width.clamp(8, MEASURE)),
            leads: Vec::new(),
            source: 0,
            list_depth: 0,
            last_link: None,
            layout: Layout {
                width,
                ..Layout::default()
            },
        }
    }

    /// The finished page.
    pub(super) fn finish(self) -> Layout {
        self.layout
    }

    /// Blocks below each other; close together where `tight`.
    pub(super) fn blocks(&mut self, blocks: &[Block], tight: bool) {
        for (at, block) in blocks.iter().enumerate() {
            let joins = matches!(block.kind, BlockKind::Paragraph(_) | BlockKind::List(_));
            if at > 0 && !(tight && joins) {
                self.blank();
            }
            self.source = block.line.max(self.source);
            self.block(&block.kind);
        }
    }

    fn block(&mut self, kind: &BlockKind) {
        match kind {
            BlockKind::Heading(at, spans) => self.heading(*at, spans),
            BlockKind::Paragraph(spans) => self.text(spans, Role::Text, Weight::default()),
            BlockKind::List(list) => self.list(list),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Code(at) => self.code(*at),
            BlockKind::Diagram(at) => self.diagram(*at),
            BlockKind::Quote(blocks) => {
                self.within(bar(Role::QuoteBar), |painter| painter.blocks(blocks, false));
            }
            BlockKind::Admonition(admonition) => self.admonition(admonition),
            BlockKind::Tabs(tabs) => self.tabs(tabs),
            BlockKind::Definitions(definitions) => self.definitions(definitions),
            BlockKind::Footnotes(notes) => self.footnotes(notes),
            BlockKind::Rule => self.rule(),
        }
    }

    /// The columns that are left for content.
    fn left(&self) -> usize {
        let leads: usize = self.leads.iter().map(|lead| columns(&lead.rest.text)).sum();
        self.width.saturating_sub(leads).max(1)
    }

    /// Draws something with `rest` before each of its lines.
    fn within(&mut self, rest: Run, draw: impl FnOnce(&mut Self)) {
        self.within_first(None, rest, draw);
    }

    fn within_first(&mut self, first: Option<Run>, rest: Run, draw: impl FnOnce(&mut Self)) {
        if self.left() < NARROWEST + columns(&rest.text) {
            draw(self);
            return;
        }
        self.leads.push(Lead { first, rest });
        draw(self);
        // An item that holds nothing still shows its marker.
        if self.leads.last().is_some_and(|lead| lead.first.is_some()) {
            self.line(Vec::new());
        }
        self.leads.pop();
    }

    fn blank(&mut self) {
        if self.leads.iter().all(|lead| lead.first.is_none()) {
            self.line(Vec::new());
        }
    }

    fn line(&mut self, content: Vec<Run>) {
        self.put(content, None);
    }

    /// Adds a line that may be wider than the page; its first `fixed` runs stay when it is moved sideways.
    fn put(&mut self, content: Vec<Run>, fixed: Option<usize>) {
        let mut runs: Vec<Run> = Vec::with_capacity(content.len() + self.leads.len());
        for lead in &mut self.leads {
            runs.push(lead.first.take().unwrap_or_else(|| lead.rest.clone()));
        }
        let leads = runs.len();
        let mut column = runs_width(&runs);
        let line = self.layout.lines.len();
        for run in content {
            let width = columns(&run.text);
            if let Some(id) = run.link.filter(|_| run.link != self.last_link) {
                self.spot(line, column, width, SpotTarget::Link(id));
                self.last_link = run.link;
            }
            column += width;
            runs.push(run);
        }
        while runs
            .last()
            .is_some_and(|run| run.text.trim_end().is_empty() && run.role == Role::Text)
        {
            runs.pop();
        }
        self.layout.lines.push(Line {
            runs,
            source: self.source,
            pan: fixed.map(|fixed| leads + fixed),
        });
    }

    fn spot(&mut self, line: usize, column: usize, width: usize, target: SpotTarget) {
        let cells = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        self.layout.spots.push(Spot {
            line,
            column: cells(column),
            width: cells(width),
            target,
        });
    }

    fn text(&mut self, spans: &[Span], role: Role, weight: Weight) {
        for line in wrap(spans, self.left(), (role, weight)) {
            self.line(line);
        }
    }

    fn heading(&mut self, at: usize, spans: &[Span]) {
        let Some(heading) = self.document.headings.get(at) else {
            return;
        };
        let role = match heading.level {
            1 => Role::Heading1,
            2 => Role::Heading2,
            _ => Role::Heading3,
        };
        self.layout.outline.push(OutlineItem {
            level: heading.level,
            title: heading.text.clone(),
            slug: heading.slug.clone(),
            line: self.layout.lines.len(),
        });
        self.text(spans, role, strong());
    }

    fn list(&mut self, list: &List) {
        let count = list.items.len() as u64;
        let last_number = |start: u64| start.saturating_add(count).saturating_sub(1);
        let digits = list
            .start
            .map_or(0, |start| last_number(start).to_string().len());
        let bullet = ["•", "◦", "▪"][self.list_depth % 3];
        self.list_depth += 1;
        for (at, item) in list.items.iter().enumerate() {
            if at > 0 && list.loose {
                self.blank();
            }
            let sign = match (item.task, list.start) {
                (Some(true), _) => "✓ ".to_owned(),
                (Some(false), _) => "○ ".to_owned(),
                (None, Some(start)) => {
                    let number = format!("{}.", start.saturating_add(at as u64));
                    format!("{number:>width$} ", width = digits + 1)
                }
                (None, None) => format!("{bullet} "),
            };
            let rest = run(&" ".repeat(columns(&sign)), Role::Text);
            let first = run(&sign, Role::Marker);
            let tight = !list.loose;
            self.within_first(Some(first), rest, |painter| {
                painter.blocks(&item.blocks, tight);
            });
        }
        self.list_depth -= 1;
    }

    fn table(&mut self, table: &Table) {
        for line in table::lines(table, self.left()) {
            self.line(line);
        }
    }

    fn code(&mut self, at: usize) {
        let Some(code) = self.document.codes.get(at) else {
            return;
        };
        if let Some(title) = &code.title {
            self.line(vec![
                run("▏ ", Role::CodeTitle),
                run(title, Role::CodeTitle),
            ]);
        }
        let first = self.layout.lines.len();
        for (text, number) in code.text.lines().zip(1u32..) {
            let edge = if code.marked.contains(&number) {
                "▌ "
            } else {
                "▏ "
            };
            let mut runs = vec![run(edge, Role::CodeTitle)];
            if !text.is_empty() {
                runs.push(run(text, Role::CodeText));
            }
            self.put(runs, Some(1));
        }
        self.layout.codes.push(CodeSpot {
            code: at,
            lines: first..self.layout.lines.len(),
        });
    }

    fn diagram(&mut self, at: usize) {
        let source = self
            .document
            .codes
            .get(at)
            .map_or("", |code| code.text.as_str());
        let drawn = Some(source)
            .filter(|source| !self.reading.source && is_drawable(source))
            .and_then(|source| mermaid_text::render_with_width(source, Some(self.left())).ok());
        let Some(drawn) = drawn else {
            self.code(at);
            return;
        };
        for text in drawn.trim_end().lines() {
            let text = crate::catalog::text::clean(text.trim_end());
            self.put(vec![run(&text, Role::Text)], Some(0));
        }
    }

    fn admonition(&mut self, admonition: &Admonition) {
        let callout = Callout::from_name(&admonition.name);
        let role = Role::Callout(callout);
        let toggled = admonition
            .fold
            .is_some_and(|fold| self.reading.toggled.contains(&fold));
        let open = admonition.open != toggled;
        self.within(bar(role), |painter| {
            let mut title = Vec::new();
            let sign = match admonition.fold {
                Some(_) if open => "▾ ",
                Some(_) => "▸ ",
                None => "",
            };
            push(&mut title, sign, (role, strong()), None);
            if !callout.sign().is_empty() && !admonition.title.is_empty() {
                push(
                    &mut title,
                    &format!("{} ", callout.sign()),
                    (role, strong()),
                    None,
                );
            }
            let lead = runs_width(&title);
            let lines = wrap(
                &admonition.title,
                painter.left().saturating_sub(lead),
                (role, strong()),
            );
            let line = painter.layout.lines.len();
            for (at, words) in lines.into_iter().enumerate() {
                let mut runs = if at == 0 {
                    std::mem::take(&mut title)
                } else {
                    vec![run(&" ".repeat(lead), role)]
                };
                runs.extend(words);
                painter.line(runs);
            }
            if let Some(fold) = admonition.fold {
                if line == painter.layout.lines.len() {
                    painter.line(title);
                }
                let width = painter.layout.lines.get(line).map_or(0, Line::width);
                painter.spot(line, 0, width, SpotTarget::Fold(fold));
            }
            if open {
                painter.blocks(&admonition.blocks, false);
            }
        });
    }

    fn tabs(&mut self, tabs: &Tabs) {
        let chosen = self
            .reading
            .tabs
            .iter()
            .find_map(|label| tabs.tabs.iter().position(|(tab, _)| tab == label));
        let chosen = chosen.unwrap_or(0);
        let mut row: Vec<Run> = Vec::new();
        let mut spots = Vec::new();
        for (at, (label, _)) in tabs.tabs.iter().enumerate() {
            let text = format!(" {} ", cut(label, self.left().saturating_sub(2)));
            if !row.is_empty() {
                if runs_width(&row) + 1 + columns(&text) > self.left() {
                    self.tab_row(std::mem::take(&mut row), &mut spots, tabs.group);
                } else {
                    row.push(run(" ", Role::Border));
                }
            }
            let role = if at == chosen {
                Role::TabActive
            } else {
                Role::TabLabel
            };
            spots.push((at, runs_width(&row), columns(&text)));
            row.push(run(&text, role));
        }
        self.tab_row(row, &mut spots, tabs.group);
        if let Some((_, blocks)) = tabs.tabs.get(chosen) {
            self.within(run("│ ", Role::Border), |painter| {
                painter.blocks(blocks, false);
            });
        }
    }

    fn tab_row(&mut self, row: Vec<Run>, spots: &mut Vec<(usize, usize, usize)>, group: u32) {
        let line = self.layout.lines.len();
        let lead = self.width - self.left();
        for (at, column, width) in spots.drain(..) {
            let index = u16::try_from(at).unwrap_or(u16::MAX);
            self.spot(line, lead + column, width, SpotTarget::Tab { group, index });
        }
        self.line(row);
    }

    fn definitions(&mut self, definitions: &[Definition]) {
        for (at, definition) in definitions.iter().enumerate() {
            if at > 0 {
                self.blank();
            }
            self.text(&definition.term, Role::TableHead, strong());
            for meaning in &definition.meanings {
                self.within(run("    ", Role::Text), |painter| {
                    painter.blocks(meaning, false);
                });
            }
        }
    }

    fn footnotes(&mut self, notes: &[(String, Vec<Block>)]) {
        self.rule();
        for (label, blocks) in notes {
            let first = run(&format!("[{label}] "), Role::Footnote);
            let rest = run(&" ".repeat(columns(&first.text)), Role::Text);
            self.within_first(Some(first), rest, |painter| painter.blocks(blocks, false));
        }
    }

    fn rule(&mut self) {
        self.line(vec![run(&"─".repeat(self.left()), Role::Border)]);
    }
}

/// A run without weight.
pub(super) fn run(text: &str, role: Role) -> Run {
    Run {
        text: text.to_owned(),
        role,
        ..Run::default()
    }
}

/// Bold.
pub(super) fn strong() -> Weight {
    Weight {
        strong: true,
        ..Weight::default()
    }
}

/// The bar beside a quotation or an admonition.
fn bar(role: Role) -> Run {
    run("▎ ", role)
}

/// Whether drawing a diagram is sure to end soon; what is larger is shown as its source.
fn is_drawable(source: &str) -> bool {
    let links: usize = ["--", "->", "==", "-.", "&"]
        .iter()
        .map(|sign| source.matches(sign).count())
        .sum();
    source.len() <= MAX_DIAGRAM
        && source.lines().all(|line| line.len() <= MAX_DIAGRAM_LINE)
        && source.lines().count() <= MAX_DIAGRAM_PARTS
        && links <= 2 * MAX_DIAGRAM_PARTS
}

#[cfg(test)]
mod tests {
    use super::is_drawable;

    #[test]
    fn diagrams_that_would_take_for_ever_are_not_drawn() {
        assert!(is_drawable("graph TD\n  a[Shop] --> b[Ledger]\n"));
        assert!(!is_drawable(&format!(
            "graph TD\n  a --> b[{}]\n",
            "x".repeat(2_000)
        )));
        let dense = "  a --> b\n".repeat(300);
        assert!(!is_drawable(&format!("graph TD\n{dense}")));
        assert!(!is_drawable(&format!(
            "graph TD\n{}",
            "a & b & c --> d & e;".repeat(60)
        )));
    }
}
