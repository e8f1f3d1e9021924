//! The facts of a page, for scripts and for comparing with what MkDocs makes of it: headings with ids, links, code,
//! admonitions, tabs, tables, images, words.

use serde_json::{Value, json};

use crate::techdocs::document::{Block, BlockKind, Code, Document, Face, Span};

/// The facts of `document`, which is the page at `page`.
pub(super) fn facts(page: &str, title: &str, document: &Document) -> Value {
    let mut seen = Seen {
        codes: &document.codes,
        ..Seen::default()
    };
    seen.blocks(&document.blocks);
    let headings: Vec<Value> = document
        .headings
        .iter()
        .map(|heading| json!([heading.level, heading.slug, heading.text]))
        .collect();
    let links: Vec<Value> = document
        .links
        .iter()
        .map(|link| json!([link.text, link.href]))
        .collect();
    let code: Vec<&str> = document
        .codes
        .iter()
        .map(|code| code.text.as_str())
        .collect();
    json!({
        "page": page,
        "title": title,
        "headings": headings,
        "links": links,
        "code": code,
        "admonitions": seen.admonitions,
        "tabs": seen.tabs,
        "tables": seen.tables,
        "images": seen.images,
        "words": seen.words,
    })
}

#[derive(Default)]
struct Seen<'d> {
    codes: &'d [Code],
    admonitions: Vec<Value>,
    tabs: Vec<String>,
    tables: usize,
    images: Vec<String>,
    words: Vec<String>,
}

impl Seen<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading(_, spans) | BlockKind::Paragraph(spans) => self.spans(spans),
            BlockKind::List(list) => {
                for item in &list.items {
                    self.blocks(&item.blocks);
                }
            }
            BlockKind::Table(table) => {
                self.tables += 1;
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    self.spans(cell);
                }
            }
            BlockKind::Quote(blocks) => self.blocks(blocks),
            BlockKind::Admonition(admonition) => {
                let title: String = admonition.title.iter().map(|s| s.text.as_str()).collect();
                self.admonitions.push(json!([admonition.name, title]));
                self.spans(&admonition.title);
                self.blocks(&admonition.blocks);
            }
            BlockKind::Tabs(tabs) => {
                for (label, blocks) in &tabs.tabs {
                    self.tabs.push(label.clone());
                    self.blocks(blocks);
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    self.spans(&definition.term);
                    for meaning in &definition.meanings {
                        self.blocks(meaning);
                    }
                }
            }
            BlockKind::Footnotes(notes) => {
                for (_, blocks) in notes {
                    self.blocks(blocks);
                }
            }
            BlockKind::Code(at) | BlockKind::Diagram(at) => {
                let text = self.codes.get(*at).map_or("", |code| code.text.as_str());
                self.words
                    .extend(text.split_whitespace().map(str::to_owned));
            }
            BlockKind::Rule => {}
        }
    }

    fn spans(&mut self, spans: &[Span]) {
        for span in spans {
            match span.style.face {
                Face::Image => self.images.push(span.text.clone()),
                Face::Remark | Face::Footnote => {}
                _ => self
                    .words
                    .extend(span.text.split_whitespace().map(str::to_owned)),
            }
        }
    }
}
