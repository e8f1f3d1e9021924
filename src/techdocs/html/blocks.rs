//! Blocks: what stands one below the other.

use super::notes;
use super::spans::{Words, formula, is_flowing, is_silent};
use super::tree::{Element, Node};
use crate::techdocs::document::{
    Alignment, Block, BlockKind, Definition, Document, Face, Heading, Item, List, Span, Table,
};
use crate::techdocs::markdown::plain;
use crate::techdocs::markdown::slug::Slugs;

/// A page being read.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What was read so far; its blocks are put in at the end.
    pub(super) document: Document,
    /// How many folds there are.
    pub(super) folds: u32,
    /// The line of the source that is being read; 0 where it is not known.
    pub(super) line: u32,
    slugs: Slugs,
    notes: Vec<(String, Vec<Block>)>,
}

impl Reader {
    /// The blocks of a page, its notes at the foot.
    pub(super) fn page(&mut self, nodes: &[Node<'_>]) -> Vec<Block> {
        let mut blocks = self.blocks(nodes);
        let notes = std::mem::take(&mut self.notes);
        if !notes.is_empty() {
            blocks.push(Block {
                line: self.line,
                kind: BlockKind::Footnotes(notes),
            });
        }
        blocks
    }

    /// The blocks of `nodes`; text that flows between them becomes paragraphs.
    pub(super) fn blocks(&mut self, nodes: &[Node<'_>]) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut words = Words::default();
        let mut annotated = false;
        for node in nodes {
            match node {
                Node::Element(element) if is_silent(element) => {}
                Node::Element(element) if !is_flowing(&element.name) || holds_blocks(element) => {
                    self.end(&mut words, &mut blocks);
                    let before = blocks.len();
                    self.block(element, &mut blocks);
                    notes::join(&mut blocks, before, annotated, &self.document.codes);
                    annotated = element.is("annotate");
                }
                node => self.flow(std::slice::from_ref(node), &mut words),
            }
        }
        self.end(&mut words, &mut blocks);
        blocks
    }

    /// Ends the paragraph that is being put together.
    fn end(&mut self, words: &mut Words, blocks: &mut Vec<Block>) {
        let mut words = std::mem::take(words);
        let line = words.line;
        let images = std::mem::take(&mut words.images);
        let is_text = words.says || images.is_empty();
        let spans = words.finish(self);
        blocks.extend(spans.map(|mut spans| {
            absent(&mut spans);
            let kind = if is_text {
                BlockKind::Paragraph(spans)
            } else {
                BlockKind::Images(images, spans)
            };
            Block { line, kind }
        }));
    }

    fn block(&mut self, element: &Element<'_>, blocks: &mut Vec<Block>) {
        self.goto(element);
        let line = self.line;
        let kind = match element.name.as_ref() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(element),
            "ul" | "ol" => self.list(element),
            "pre" => self.code(element),
            "blockquote" => BlockKind::Quote(self.blocks(&element.children)),
            "hr" => BlockKind::Rule,
            "dl" => self.definitions(element),
            "details" => self.admonition(element),
            "table" | "div" | "figure" if is_code(element) => self.code(element),
            "table" => self.table(element),
            "div" if element.is("admonition") => self.admonition(element),
            "div" if element.is("arithmatex") => BlockKind::Formula(formula(element)),
            "div" if element.is("tabbed-set") => match self.tabs(element) {
                Some(kind) => kind,
                None => return,
            },
            "div" | "section" if element.is("footnote") || element.is("footnotes") => {
                self.footnotes(element);
                return;
            }
            _ => {
                blocks.extend(self.blocks(&element.children));
                return;
            }
        };
        blocks.push(Block { line, kind });
    }

    /// Goes to the line of the source at which the element says it begins.
    pub(super) fn goto(&mut self, element: &Element<'_>) {
        if let Some(line) = element.line() {
            self.line = line;
        }
    }

    fn heading(&mut self, element: &Element<'_>) -> BlockKind {
        let level = element.name.bytes().next_back().unwrap_or(b'6');
        let spans = self.spans(element);
        let text = plain(&spans);
        let slug = match element.attribute("id") {
            Some(id) if !id.is_empty() => self.slugs.unique(id),
            _ => self.slugs.of(&text),
        };
        self.document.headings.push(Heading {
            level: level.saturating_sub(b'0'),
            slug,
            text,
            line: self.line,
        });
        BlockKind::Heading(self.document.headings.len() - 1, spans)
    }

    fn list(&mut self, element: &Element<'_>) -> BlockKind {
        let start = element.attribute("start");
        let start = start.and_then(|start| start.trim().parse().ok());
        let mut list = List {
            start: (element.name == "ol").then(|| start.unwrap_or(1)),
            loose: false,
            notes: false,
            items: Vec::new(),
        };
        for item in element.elements() {
            if item.name != "li" {
                // A list right in a list belongs to the item before it.
                let mut blocks = Vec::new();
                self.block(item, &mut blocks);
                match list.items.last_mut() {
                    Some(last) => last.blocks.extend(blocks),
                    None => list.items.push(Item { task: None, blocks }),
                }
                continue;
            }
            self.goto(item);
            list.loose |= item.elements().any(|child| child.name == "p");
            list.items.push(Item {
                task: task(item),
                blocks: self.blocks(&item.children),
            });
        }
        BlockKind::List(list)
    }

    fn table(&mut self, element: &Element<'_>) -> BlockKind {
        let mut rows = Vec::new();
        gather(element, "tr", &["table"], &mut rows);
        let is_cell = |cell: &&Element<'_>| matches!(cell.name.as_ref(), "td" | "th");
        let mut table = Table::default();
        for (number, row) in rows.iter().enumerate() {
            self.goto(row);
            let mut cells = Vec::new();
            for cell in row.elements().filter(is_cell) {
                cells.push(self.spans(cell));
            }
            if number == 0 {
                table.alignments = row.elements().filter(is_cell).map(alignment).collect();
                table.head = cells;
            } else {
                table.rows.push(cells);
            }
        }
        BlockKind::Table(table)
    }

    fn definitions(&mut self, element: &Element<'_>) -> BlockKind {
        let mut definitions: Vec<Definition> = Vec::new();
        // Terms and meanings stand side by side, sometimes within a `div` for each pair.
        let is_flat = element.elements().any(|child| child.name == "dt");
        let holders = if is_flat {
            vec![element]
        } else {
            element.elements().collect()
        };
        for part in holders.into_iter().flat_map(Element::elements) {
            match part.name.as_ref() {
                "dt" => {
                    let term = self.spans(part);
                    definitions.push(Definition {
                        term,
                        meanings: Vec::new(),
                    });
                }
                "dd" => {
                    let meaning = self.blocks(&part.children);
                    if definitions.is_empty() {
                        definitions.push(Definition::default());
                    }
                    if let Some(last) = definitions.last_mut() {
                        last.meanings.push(meaning);
                    }
                }
                _ => {}
            }
        }
        BlockKind::Definitions(definitions)
    }

    /// Keeps the notes for the foot of the page.
    fn footnotes(&mut self, element: &Element<'_>) {
        let mut items = Vec::new();
        gather(element, "li", &["li"], &mut items);
        for item in items {
            let id = item.attribute("id").unwrap_or_default();
            let label = id.rsplit_once(':').map_or(id.as_str(), |(_, label)| label);
            let blocks = self.blocks(&item.children);
            self.notes.push((label.to_owned(), blocks));
        }
    }
}

/// Says of `::: name` that only a build of the site can put the reference of that name there.
fn absent(spans: &mut [Span]) {
    let [span] = spans else { return };
    let Some(name) = span.text.strip_prefix("::: ") else {
        return;
    };
    let name = name.split_whitespace().next().unwrap_or_default();
    if name
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'))
    {
        span.text = format!("The reference of {name} is generated here when the site is built.");
        span.style.face = Face::Remark;
    }
}

/// The elements `name` below `element`, not looked for below themselves, nor below those of `within`.
pub(super) fn gather<'e, 'a>(
    element: &'e Element<'a>,
    name: &str,
    within: &[&str],
    found: &mut Vec<&'e Element<'a>>,
) {
    for child in element.elements() {
        if child.name == name {
            found.push(child);
        } else if !within.contains(&child.name.as_ref()) {
            gather(child, name, within, found);
        }
    }
}

/// Whether an item is a task, and whether that is done.
fn task(item: &Element<'_>) -> Option<bool> {
    let is_box = |element: &Element<'_>| {
        element.name == "input" && element.attribute("type").as_deref() == Some("checkbox")
    };
    let starts = item.elements().take(1);
    let found = starts.into_iter().find_map(|first| {
        if is_box(first) {
            Some(first)
        } else {
            let leads = matches!(first.name.as_ref(), "label" | "p");
            first.find(&is_box).filter(|_| leads)
        }
    });
    found.map(|found| found.has("checked"))
}

/// Whether code stands in the element, which holds nothing else.
fn is_code(element: &Element<'_>) -> bool {
    [
        "highlight",
        "highlighttable",
        "codehilite",
        "codehilitetable",
    ]
    .iter()
    .any(|class| element.is(class))
        && element.find(&|inner| inner.name == "pre").is_some()
}

/// Whether there are blocks in an element that stands within paragraphs, as a link around a card has them.
fn holds_blocks(element: &Element<'_>) -> bool {
    const BLOCKS: &[&str] = &[
        "p",
        "div",
        "ul",
        "ol",
        "pre",
        "table",
        "blockquote",
        "h1",
        "h2",
        "h3",
    ];
    let is_block = |inner: &Element<'_>| BLOCKS.contains(&inner.name.as_ref());
    element.name != "a" && element.find(&is_block).is_some()
}

/// How a column is set.
fn alignment(cell: &Element<'_>) -> Alignment {
    let style = cell.attribute("style").unwrap_or_default();
    let align = cell.attribute("align").unwrap_or_default();
    let set = style
        .split_once("text-align:")
        .map_or(align.as_str(), |(_, set)| set);
    let set = set.trim_start().to_ascii_lowercase();
    if set.starts_with("center") {
        Alignment::Center
    } else if set.starts_with("right") {
        Alignment::Right
    } else {
        Alignment::Left
    }
}
