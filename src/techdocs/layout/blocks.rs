//! Each kind of block as lines, with what its containers put before them.

use std::sync::Arc;

use super::lines::Piece;
use super::reading::Choice;
use super::table;
use super::wrap::{columns, push, runs_width, wrap};
use super::{ImageSpot, Line, MEASURE, OutlineItem, Reading, Run, Spot, SpotTarget, Weight};
use crate::techdocs::document::{Block, BlockKind, Definition, Document, List, Span, Table};
use crate::techdocs::role::Role;

/// Containers put nothing more before their lines once fewer columns than this are left.
const NARROWEST: usize = 16;

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
    pub(super) document: &'d Document,
    pub(super) reading: &'d Reading,
    pub(super) width: usize,
    leads: Vec<Lead>,
    source: u32,
    list_depth: usize,
    last_link: Option<u32>,
    /// Whether `(1)` in the text refers to a list of notes behind it.
    pub(super) annotated: bool,
    /// The footnotes to be shown below the block that is being drawn.
    pub(super) notes: Vec<u32>,
    /// Whether a footnote is being drawn in place.
    pub(super) in_note: bool,
    pub(super) piece: Piece,
}

impl<'d> Painter<'d> {
    /// Nothing yet, at this width, behind the line `source` of the source.
    pub(super) fn new(
        document: &'d Document,
        reading: &'d Reading,
        width: u16,
        source: u32,
    ) -> Self {
        Self {
            document,
            reading,
            width: usize::from(width.clamp(8, MEASURE)),
            leads: Vec::new(),
            source,
            list_depth: 0,
            last_link: None,
            annotated: false,
            notes: Vec::new(),
            in_note: false,
            piece: Piece::default(),
        }
    }

    /// The block `at` of the page, below the one before it.
    pub(super) fn piece(mut self, at: usize) -> Piece {
        let blocks = self.document.blocks.as_slice();
        self.one(blocks, at, false);
        self.piece.source = self.source;
        self.piece
    }

    /// What the reader chose, on which the block depends from now on.
    pub(super) fn choice(&mut self, choice: Choice) -> u32 {
        let chosen = self.reading.choice(&choice);
        self.piece.choices.push((choice, chosen));
        chosen
    }

    /// Blocks below each other; close together where `tight`.
    pub(super) fn blocks(&mut self, blocks: &[Block], tight: bool) {
        for at in 0..blocks.len() {
            self.one(blocks, at, tight);
        }
    }

    /// The block `at` of several.
    fn one(&mut self, blocks: &[Block], at: usize, tight: bool) {
        let Some(block) = blocks.get(at) else {
            return;
        };
        let joins = match &block.kind {
            BlockKind::List(list) => tight || list.notes,
            BlockKind::Paragraph(_) => tight,
            _ => false,
        };
        if at > 0 && !joins {
            self.blank();
        }
        let next = blocks.get(at + 1).map(|block| &block.kind);
        let annotated = matches!(next, Some(BlockKind::List(list)) if list.notes);
        let outer = std::mem::replace(&mut self.annotated, annotated);
        self.source = block.line.max(self.source);
        self.block(&block.kind);
        self.opened_notes();
        self.annotated = outer;
    }

    fn block(&mut self, kind: &BlockKind) {
        match kind {
            BlockKind::Heading(at, spans) => self.heading(*at, spans),
            BlockKind::Paragraph(spans) => self.text(spans, Role::Text, Weight::default()),
            BlockKind::List(list) => self.list(list),
            BlockKind::Table(table) => self.table(table),
            BlockKind::Code(at) => self.code(*at),
            BlockKind::Diagram(at) => self.diagram(*at),
            BlockKind::Formula(tex) => self.formula(tex),
            BlockKind::Images(images, spans) => self.images(images, spans),
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
    pub(super) fn left(&self) -> usize {
        let leads: usize = self.leads.iter().map(|lead| columns(&lead.rest.text)).sum();
        self.width.saturating_sub(leads).max(1)
    }

    /// Draws something with `rest` before each of its lines.
    pub(super) fn within(&mut self, rest: Run, draw: impl FnOnce(&mut Self)) {
        self.within_first(None, rest, draw);
    }

    pub(super) fn within_first(
        &mut self,
        first: Option<Run>,
        rest: Run,
        draw: impl FnOnce(&mut Self),
    ) {
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

    pub(super) fn blank(&mut self) {
        if self.leads.iter().all(|lead| lead.first.is_none()) {
            self.line(Vec::new());
        }
    }

    pub(super) fn line(&mut self, content: Vec<Run>) {
        self.put(content, None);
    }

    /// Adds a line that may be wider than the page; its first `fixed` runs stay when it is moved sideways.
    pub(super) fn put(&mut self, content: Vec<Run>, fixed: Option<usize>) {
        let mut runs: Vec<Run> = Vec::with_capacity(content.len() + self.leads.len());
        for lead in &mut self.leads {
            runs.push(lead.first.take().unwrap_or_else(|| lead.rest.clone()));
        }
        let leads = runs.len();
        let mut column = runs_width(&runs);
        let line = self.piece.lines.len();
        for run in content {
            let width = columns(&run.text);
            if let Some(id) = run.link.filter(|_| run.link != self.last_link) {
                self.spot(line, column, width, SpotTarget::Link(id));
                self.last_link = run.link;
            }
            if run.role == Role::Footnote {
                self.references(&run.text, line, column);
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
        self.piece.lines.push(Line {
            runs,
            source: self.source,
            pan: fixed.map(|fixed| leads + fixed),
            code: None,
        });
    }

    pub(super) fn spot(&mut self, line: usize, column: usize, width: usize, target: SpotTarget) {
        let cells = |cells: usize| u16::try_from(cells).unwrap_or(u16::MAX);
        self.piece.spots.push(Spot {
            line,
            column: cells(column),
            width: cells(width),
            target,
        });
    }

    pub(super) fn text(&mut self, spans: &[Span], role: Role, weight: Weight) {
        let spans = if self.annotated {
            &super::note::marked(spans)
        } else {
            spans
        };
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
        self.piece.outline.push(OutlineItem {
            level: heading.level,
            heading: at,
            title: heading.text.clone(),
            slug: heading.slug.clone(),
            line: self.piece.lines.len(),
        });
        if !self.leads.is_empty() || self.choice(Choice::Section(at)) == 0 {
            self.text(spans, role, strong());
            return;
        }
        let sign = run("▸ ", Role::Marker);
        self.within_first(Some(sign), run("  ", Role::Text), |painter| {
            painter.text(spans, role, strong());
        });
        if let Some(last) = self.piece.lines.last_mut() {
            push(&mut last.runs, " …", (Role::Dim, Weight::default()), None);
        }
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
                _ if list.notes => format!("{} ", super::note::sign(at + 1)),
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
        let is_wide = self.choice(Choice::Wide) == 1;
        let lines = match table::whole(table, self.left()).filter(|_| is_wide) {
            Some(lines) => lines,
            None => table::fitted(table, self.left()),
        };
        for (line, fixed) in lines {
            self.put(line, fixed);
        }
    }

    /// Images where they can be seen, else their words.
    fn images(&mut self, images: &[usize], spans: &[Span]) {
        let lead = self.width - self.left();
        let mut seen = false;
        for image in images {
            let size = self.choice(Choice::Image(*image));
            let (columns, rows) = fitting(size, self.left());
            let line = self.piece.lines.len();
            for _ in 0..rows {
                self.line(Vec::new());
            }
            let picture = self.reading.images.get(image).filter(|_| rows > 0);
            self.piece.images.push(ImageSpot {
                image: *image,
                lines: line..line + rows.max(1),
                column: u16::try_from(lead).unwrap_or(u16::MAX),
                cells: picture.map(|picture| Arc::new(picture.at(columns, rows))),
                graphic: picture.and_then(|picture| picture.graphic(columns, rows).map(Arc::new)),
            });
            seen |= rows > 0;
        }
        // The words stay below an image, for who cannot see it and for finding.
        let role = if seen { Role::Dim } else { Role::Text };
        self.text(spans, role, Weight::default());
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
        // The text refers to them by their place, whatever their author calls them.
        for (number, (_, blocks)) in (1..).zip(notes) {
            let first = run(&format!("[{number}] "), Role::Marker);
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
pub(super) fn bar(role: Role) -> Run {
    run("▎ ", role)
}

/// The columns and rows of an image of a size, packed, in a page of `width` columns.
fn fitting(size: u32, width: usize) -> (usize, usize) {
    let (columns, rows) = ((size >> 16) as usize, (size & 0xffff) as usize);
    if columns <= width {
        return (columns, rows);
    }
    (width, (rows * width).div_ceil(columns))
}
