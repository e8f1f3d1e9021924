//! The words of a page, from each heading to the next: what full text looks through.

use super::document::{Block, BlockKind, Document, Span};

/// A part of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// The heading's index in [`Document::headings`]; `None` before the first.
    pub heading: Option<usize>,
    /// Its words without markup, a line a block.
    pub text: String,
}

/// The parts of `document`, in reading order. The first has what stands before all headings, and may be empty.
pub fn sections(document: &Document) -> Vec<Section> {
    let mut reader = Reader {
        document,
        sections: vec![Section::default()],
    };
    reader.blocks(&document.blocks);
    reader.sections
}

struct Reader<'d> {
    document: &'d Document,
    sections: Vec<Section>,
}

impl Reader<'_> {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match &block.kind {
            BlockKind::Heading(at, _) => self.sections.push(Section {
                heading: Some(*at),
                text: String::new(),
            }),
            BlockKind::Paragraph(spans) | BlockKind::Images(_, spans) => self.line(spans),
            BlockKind::Formula(tex) => self.put(tex),
            BlockKind::List(list) => list.items.iter().for_each(|item| self.blocks(&item.blocks)),
            BlockKind::Table(table) => {
                for cell in table.head.iter().chain(table.rows.iter().flatten()) {
                    self.line(cell);
                }
            }
            BlockKind::Code(at) | BlockKind::Diagram(at) => {
                let code = self.document.codes.get(*at);
                let text = code.map_or("", |code| code.text.as_str());
                self.put(text);
            }
            BlockKind::Quote(blocks) => self.blocks(blocks),
            BlockKind::Admonition(admonition) => {
                self.line(&admonition.title);
                self.blocks(&admonition.blocks);
            }
            BlockKind::Tabs(tabs) => {
                for (label, blocks) in &tabs.tabs {
                    self.put(label);
                    self.blocks(blocks);
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    self.line(&definition.term);
                    definition
                        .meanings
                        .iter()
                        .for_each(|blocks| self.blocks(blocks));
                }
            }
            BlockKind::Footnotes(notes) => notes.iter().for_each(|(_, blocks)| self.blocks(blocks)),
            BlockKind::Rule => {}
        }
    }

    fn line(&mut self, spans: &[Span]) {
        let text: String = spans.iter().map(|span| span.text.as_str()).collect();
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        if let (Some(section), false) = (self.sections.last_mut(), text.trim().is_empty()) {
            section.text.push_str(text.trim_end());
            section.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::techdocs::markdown;

    #[test]
    fn each_heading_begins_a_section() {
        let document = markdown::parse(
            "before\n\n# A\n\n- one **two**\n\n!!! note\n    three\n\n## B\n\n| h |\n|---|\n| `c` |\n",
        );
        let sections = sections(&document);
        let shown: Vec<(Option<usize>, &str)> = sections
            .iter()
            .map(|section| (section.heading, section.text.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                (None, "before\n"),
                (Some(0), "one two\nNote\nthree\n"),
                (Some(1), "h\nc\n")
            ]
        );
    }
}
