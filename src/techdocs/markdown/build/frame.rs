//! The containers that are open while a page is read.

use crate::techdocs::document::{Alignment, Block, BlockKind, Definition, Item, List, Span, Table};

/// An open container.
#[derive(Debug)]
pub(in super::super) struct Frame {
    kind: Kind,
    blocks: Vec<Block>,
    line: u32,
}

#[derive(Debug)]
enum Kind {
    /// Its blocks go to the container around it: the page, or one that lies too deep.
    Through,
    Quote,
    List(List),
    Item(Option<bool>),
    Definitions(Vec<Definition>),
    Meaning,
    Table(Table),
    Row(Vec<Vec<Span>>),
}

impl Frame {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            blocks: Vec::new(),
            line: 0,
        }
    }

    /// A quotation.
    pub(in super::super) fn quote() -> Self {
        Self::new(Kind::Quote)
    }

    /// A list; numbered from `start` where that is given.
    pub(in super::super) fn list(start: Option<u64>) -> Self {
        Self::new(Kind::List(List {
            start,
            loose: false,
            items: Vec::new(),
        }))
    }

    /// An item of a list.
    pub(in super::super) fn item() -> Self {
        Self::new(Kind::Item(None))
    }

    /// A list of definitions.
    pub(super) fn definitions() -> Self {
        Self::new(Kind::Definitions(Vec::new()))
    }

    /// What a term means.
    pub(super) fn meaning() -> Self {
        Self::new(Kind::Meaning)
    }

    /// A table with its columns set so.
    pub(in super::super) fn table(alignments: Vec<Alignment>) -> Self {
        Self::new(Kind::Table(Table {
            alignments,
            ..Table::default()
        }))
    }

    /// A row of a table.
    pub(in super::super) fn row() -> Self {
        Self::new(Kind::Row(Vec::new()))
    }

    /// Whether the frame is one that HTML's tag of this name opens.
    pub(in super::super) fn is_tag(&self, name: &str) -> bool {
        matches!(
            (&self.kind, name),
            (Kind::Quote, "blockquote")
                | (Kind::List(_), "ul" | "ol")
                | (Kind::Item(_), "li")
                | (Kind::Table(_), "table")
                | (Kind::Row(_), "tr")
        )
    }
}

/// The open containers, the page itself first.
#[derive(Debug)]
pub(in super::super) struct Frames {
    open: Vec<Frame>,
    limit: usize,
}

impl Frames {
    /// Only the page; `limit` containers may be opened within each other.
    pub(super) fn new(limit: usize) -> Self {
        Self {
            open: vec![Frame::new(Kind::Through)],
            limit,
        }
    }

    /// How many are open.
    pub(in super::super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// How many must be closed to end the innermost one of HTML's tag `name` above `base`.
    pub(in super::super) fn count_to(&self, name: &str, base: usize) -> Option<usize> {
        let above = self.open.get(base..)?;
        above
            .iter()
            .rev()
            .position(|frame| frame.is_tag(name))
            .map(|at| at + 1)
    }

    /// Opens a container.
    pub(super) fn open(&mut self, mut frame: Frame, line: u32) {
        if self.open.len() > self.limit && !matches!(frame.kind, Kind::Table(_) | Kind::Row(_)) {
            frame.kind = Kind::Through;
        }
        frame.line = line;
        self.open.push(frame);
    }

    /// Closes the innermost container; never the page.
    pub(super) fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        let Some(Frame { kind, blocks, line }) = self.open.pop() else {
            return;
        };
        let Some(parent) = self.open.last_mut() else {
            return;
        };
        let mut put = |kind| parent.blocks.push(Block { line, kind });
        match kind {
            Kind::Through => parent.blocks.extend(blocks),
            Kind::Quote => put(BlockKind::Quote(blocks)),
            Kind::List(list) if list.items.is_empty() => parent.blocks.extend(blocks),
            Kind::List(list) => put(BlockKind::List(list)),
            Kind::Definitions(definitions) => put(BlockKind::Definitions(definitions)),
            Kind::Table(table) => put(BlockKind::Table(table)),
            Kind::Item(task) => match &mut parent.kind {
                Kind::List(list) => list.items.push(Item { task, blocks }),
                _ => parent.blocks.extend(blocks),
            },
            Kind::Meaning => match &mut parent.kind {
                Kind::Definitions(definitions) => match definitions.last_mut() {
                    Some(definition) => definition.meanings.push(blocks),
                    None => definitions.push(Definition {
                        term: Vec::new(),
                        meanings: vec![blocks],
                    }),
                },
                _ => parent.blocks.extend(blocks),
            },
            Kind::Row(cells) => {
                if let Kind::Table(table) = &mut parent.kind {
                    if table.head.is_empty() && table.rows.is_empty() {
                        table.head = cells;
                    } else {
                        table.rows.push(cells);
                    }
                }
            }
        }
    }

    /// Closes all and gives the page's blocks.
    pub(super) fn finish(mut self) -> Vec<Block> {
        while self.open.len() > 1 {
            self.close();
        }
        self.open
            .pop()
            .map(|frame| frame.blocks)
            .unwrap_or_default()
    }

    /// Adds a block to the innermost container.
    pub(super) fn push(&mut self, block: Block) {
        if let Some(frame) = self.open.last_mut() {
            frame.blocks.push(block);
        }
    }

    /// Whether the innermost container is a row.
    pub(super) fn in_row(&self) -> bool {
        self.open
            .last()
            .is_some_and(|frame| matches!(frame.kind, Kind::Row(_)))
    }

    /// Adds a cell to the open row.
    pub(super) fn push_cell(&mut self, spans: Vec<Span>) {
        if let Some(Kind::Row(cells)) = self.open.last_mut().map(|frame| &mut frame.kind) {
            cells.push(spans);
        }
    }

    /// Adds a term to the open list of definitions.
    pub(super) fn push_term(&mut self, term: Vec<Span>) {
        if let Some(Kind::Definitions(definitions)) =
            self.open.last_mut().map(|frame| &mut frame.kind)
        {
            definitions.push(Definition {
                term,
                meanings: Vec::new(),
            });
        }
    }

    /// The open item is a task.
    pub(super) fn set_task(&mut self, done: bool) {
        if let Some(Kind::Item(task)) = self.open.last_mut().map(|frame| &mut frame.kind) {
            *task = Some(done);
        }
    }

    /// A paragraph stands in the open item, so the items of its list stand apart.
    pub(super) fn set_loose(&mut self) {
        if let [.., list, item] = self.open.as_mut_slice()
            && let (Kind::List(list), Kind::Item(_)) = (&mut list.kind, &item.kind)
        {
            list.loose = true;
        }
    }
}
