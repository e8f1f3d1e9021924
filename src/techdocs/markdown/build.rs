//! The parser's events → blocks.

pub(super) mod frame;
mod part;

use pulldown_cmark::{
    Alignment as Set, BrokenLink, CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd,
};

use self::frame::{Frame, Frames};
use super::inline::{Inline, Mark};
use super::refs::Refs;
use super::scan::{Part, scan};
use super::slug::Slugs;
use super::source::SourceLine;
use super::{fence, html};
use crate::catalog::text::clean;
use crate::techdocs::document::{
    Alignment, Block, BlockKind, Code, Document, Face, Heading, Image, Span,
};

/// How deep blocks may nest; what lies deeper is shown at this depth.
const MAX_DEPTH: usize = 24;
/// How many footnotes are shown.
const MAX_FOOTNOTES: usize = 2_000;
/// How a footnote's target begins; see [`Refs`].
const FOOTNOTE: &str = "footnote:";

/// A page being read.
pub(super) struct Page<'a> {
    refs: &'a Refs,
    /// What was read so far; its blocks are put in at the end.
    pub(super) document: Document,
    slugs: Slugs,
    folds: u32,
    notes: Vec<(String, Vec<SourceLine<'a>>)>,
}

impl<'a> Page<'a> {
    /// A page whose references are known.
    pub(super) fn new(refs: &'a Refs) -> Self {
        Self {
            refs,
            document: Document::default(),
            slugs: Slugs::default(),
            folds: 0,
            notes: Vec::new(),
        }
    }

    /// The blocks of `lines`, which lie `depth` containers deep.
    pub(super) fn blocks(&mut self, lines: &[SourceLine<'a>], depth: usize) -> Vec<Block> {
        let plain = scan(lines, depth >= MAX_DEPTH);
        self.notes.extend(plain.footnotes);
        let starts: Vec<usize> = std::iter::once(0)
            .chain(plain.text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let refs = self.refs;
        let resolve = |link: BrokenLink<'_>| {
            let target = match link.reference.strip_prefix('^') {
                Some(label) => refs.footnote(label).then(|| format!("{FOOTNOTE}{label}"))?,
                None => refs.target(&link.reference)?.to_owned(),
            };
            Some((CowStr::from(target), CowStr::from("")))
        };
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_SUBSCRIPT
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_DEFINITION_LIST;
        let parser = Parser::new_with_broken_link_callback(&plain.text, options, Some(resolve));
        let mut builder = Builder::new(self, plain.parts, depth);
        for (event, range) in parser.into_offset_iter() {
            let at = starts
                .partition_point(|start| *start <= range.start)
                .saturating_sub(1);
            builder.line = plain.numbers.get(at).copied().unwrap_or(builder.line);
            builder.event(event);
        }
        builder.finish()
    }

    /// The notes at the foot of the page.
    pub(super) fn footnotes(&mut self) -> Option<Block> {
        let mut notes = Vec::new();
        let mut at = 0;
        while let Some((label, lines)) = self.notes.get_mut(at).filter(|_| at < MAX_FOOTNOTES) {
            let (label, lines) = (std::mem::take(label), std::mem::take(lines));
            notes.push((label, self.blocks(&lines, MAX_DEPTH / 2)));
            at += 1;
        }
        let line = notes
            .first()
            .and_then(|(_, blocks)| blocks.first())
            .map(|block| block.line);
        line.map(|line| Block {
            line,
            kind: BlockKind::Footnotes(notes),
        })
    }

    /// Keeps `code` and gives the block that shows it.
    fn code(&mut self, code: Code) -> BlockKind {
        let at = self.document.codes.len();
        let is_diagram = code.language.as_deref() == Some("mermaid");
        self.document.codes.push(code);
        if is_diagram {
            BlockKind::Diagram(at)
        } else {
            BlockKind::Code(at)
        }
    }
}

/// What events go to while a block is open.
pub(super) struct Builder<'p, 'a> {
    page: &'p mut Page<'a>,
    parts: Vec<Option<(u32, Part<'a>)>>,
    depth: usize,
    /// The open containers.
    pub(super) frames: Frames,
    inline: Option<(u32, Inline)>,
    heading: Option<u8>,
    /// Info and text of the open block of code.
    code: Option<(String, String)>,
    html: Option<String>,
    /// Source and alternative text of the open image.
    image: Option<(String, String)>,
    in_footnote: bool,
    /// The line of the file that is read.
    pub(super) line: u32,
}

impl<'p, 'a> Builder<'p, 'a> {
    fn new(page: &'p mut Page<'a>, parts: Vec<(u32, Part<'a>)>, depth: usize) -> Self {
        Self {
            page,
            parts: parts.into_iter().map(Some).collect(),
            depth,
            frames: Frames::new(MAX_DEPTH.saturating_sub(depth)),
            inline: None,
            heading: None,
            code: None,
            html: None,
            image: None,
            in_footnote: false,
            line: 1,
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.flush();
        self.frames.finish()
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => match &mut self.image {
                Some((_, alt)) => alt.push_str(&text),
                None => self.literal(&text, Face::Code),
            },
            Event::Html(text) => match &mut self.html {
                Some(html) => html.push_str(&text),
                None => html::block(self, &text),
            },
            Event::InlineHtml(tag) => html::inline(self, &tag),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.line_break(),
            Event::Rule => self.block(BlockKind::Rule),
            Event::TaskListMarker(done) => self.frames.set_task(done),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => {
                self.flush();
                self.frames.set_loose();
                self.inline();
            }
            Tag::Heading { level, .. } => self.open_heading(level as u8),
            Tag::BlockQuote(_) => self.open(Frame::quote()),
            Tag::CodeBlock(kind) => {
                self.flush();
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new()));
            }
            Tag::HtmlBlock => {
                self.flush();
                self.html = Some(String::new());
            }
            Tag::List(start) => self.open(Frame::list(start)),
            Tag::Item => self.open(Frame::item()),
            Tag::DefinitionList => self.open(Frame::definitions()),
            Tag::DefinitionListDefinition => self.open(Frame::meaning()),
            Tag::Table(set) => {
                let alignments = set.into_iter().map(|set| match set {
                    Set::None | Set::Left => Alignment::Left,
                    Set::Center => Alignment::Center,
                    Set::Right => Alignment::Right,
                });
                self.open(Frame::table(alignments.collect()));
            }
            Tag::TableHead | Tag::TableRow => self.open(Frame::row()),
            Tag::DefinitionListTitle | Tag::TableCell => {
                self.flush();
                self.inline();
            }
            Tag::Emphasis => self.mark(Mark::Emphasis),
            Tag::Strong => self.mark(Mark::Strong),
            Tag::Strikethrough => self.mark(Mark::Strike),
            Tag::Link { dest_url, .. } => match dest_url.strip_prefix(FOOTNOTE) {
                Some(label) => {
                    self.in_footnote = true;
                    self.literal(&format!("[{label}]"), Face::Footnote);
                }
                None => self.open_link(&dest_url),
            },
            Tag::Image { dest_url, .. } => {
                self.image = Some((dest_url.into_string(), String::new()));
            }
            Tag::FootnoteDefinition(_)
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => self.close_heading(None),
            TagEnd::CodeBlock => {
                if let Some((info, text)) = self.code.take() {
                    let kind = self.page.code(fence::code(&info, text));
                    self.block(kind);
                }
            }
            TagEnd::HtmlBlock => {
                if let Some(text) = self.html.take() {
                    html::block(self, &text);
                }
            }
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow => self.close(),
            TagEnd::TableCell => self.close_cell(),
            TagEnd::DefinitionListTitle => {
                let spans = self.take_inline();
                self.frames.push_term(spans);
            }
            TagEnd::Emphasis => self.unmark(Mark::Emphasis),
            TagEnd::Strong => self.unmark(Mark::Strong),
            TagEnd::Strikethrough => self.unmark(Mark::Strike),
            TagEnd::Link => {
                if !std::mem::take(&mut self.in_footnote) {
                    self.close_link();
                }
            }
            TagEnd::Image => {
                if let Some((source, alt)) = self.image.take() {
                    self.show_image(&source, &alt);
                }
            }
            TagEnd::FootnoteDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Words, wherever they go at the moment.
    pub(super) fn text(&mut self, text: &str) {
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
        } else if let Some((_, code)) = &mut self.code {
            code.push_str(text);
        } else if !self.in_footnote {
            // Character references may have brought in what was cleaned away before.
            self.inline().words(&clean(text));
        }
    }

    /// Text as it stands.
    pub(super) fn literal(&mut self, text: &str, face: Face) {
        let line = self.line;
        let (_, inline) = self.inline.get_or_insert_with(|| (line, Inline::default()));
        inline.literal(&clean(text), face, &mut self.page.document.links);
    }

    /// A break that the author made.
    pub(super) fn line_break(&mut self) {
        let line = self.line;
        let (_, inline) = self.inline.get_or_insert_with(|| (line, Inline::default()));
        inline.line_break(&mut self.page.document.links);
    }

    /// From here on text is set so.
    pub(super) fn mark(&mut self, mark: Mark) {
        let line = self.line;
        let (_, inline) = self.inline.get_or_insert_with(|| (line, Inline::default()));
        inline.open(mark, &mut self.page.document.links);
    }

    /// From here on text is no longer set so.
    pub(super) fn unmark(&mut self, mark: Mark) {
        if let Some((_, inline)) = &mut self.inline {
            inline.close(mark, &mut self.page.document.links);
        }
    }

    /// A link begins.
    pub(super) fn open_link(&mut self, href: &str) {
        let line = self.line;
        let (_, inline) = self.inline.get_or_insert_with(|| (line, Inline::default()));
        inline.open_link(&clean(href), line, &mut self.page.document.links);
    }

    /// The open link ends.
    pub(super) fn close_link(&mut self) {
        if let Some((_, inline)) = &mut self.inline {
            inline.close_link(&mut self.page.document.links);
        }
    }

    /// An image stands here.
    pub(super) fn show_image(&mut self, source: &str, alt: &str) {
        let alt = crate::catalog::text::one_line(alt);
        let source = clean(source).into_owned();
        let name = source.rsplit('/').next().unwrap_or_default();
        let shown = if alt.is_empty() { name } else { &alt };
        let shown = if shown.is_empty() { "image" } else { shown }.to_owned();
        self.page.document.images.push(Image {
            alt,
            source,
            line: self.line,
        });
        self.literal(&shown, Face::Image);
    }

    /// A heading begins.
    pub(super) fn open_heading(&mut self, level: u8) {
        self.flush();
        self.heading = Some(level);
        self.inline();
    }

    /// The open heading ends. It has the id that the author asked for, else one made from its words.
    pub(super) fn close_heading(&mut self, id: Option<String>) {
        let line = self.inline.as_ref().map_or(self.line, |(line, _)| *line);
        let Some(level) = self.heading.take() else {
            return;
        };
        let mut spans = self.take_inline();
        let id = id.or_else(|| part::heading_id(&mut spans));
        let text = super::plain(&spans);
        let slug = match id {
            Some(id) => self.page.slugs.unique(id),
            None => self.page.slugs.of(&text),
        };
        let at = self.page.document.headings.len();
        self.page.document.headings.push(Heading {
            level,
            slug,
            text,
            line,
        });
        self.frames.push(Block {
            line,
            kind: BlockKind::Heading(at, spans),
        });
    }

    /// A container begins.
    pub(super) fn open(&mut self, frame: Frame) {
        self.flush();
        self.frames.open(frame, self.line);
    }

    /// The innermost container ends.
    pub(super) fn close(&mut self) {
        self.flush();
        self.frames.close();
    }

    /// A cell of a table ends.
    pub(super) fn close_cell(&mut self) {
        let spans = self.take_inline();
        self.frames.push_cell(spans);
    }

    /// A block that holds no text that flows.
    pub(super) fn block(&mut self, kind: BlockKind) {
        self.flush();
        self.frames.push(Block {
            line: self.line,
            kind,
        });
    }

    /// A block of code that HTML holds.
    pub(super) fn preformatted(&mut self, text: String) {
        let kind = self.page.code(Code {
            text,
            ..Code::default()
        });
        self.block(kind);
    }

    /// Ends the open paragraph. One that is a placeholder becomes the block it stands for.
    pub(super) fn flush(&mut self) {
        if self.heading.is_some() {
            self.close_heading(None);
            return;
        }
        let Some((line, _)) = self.inline else {
            return;
        };
        let spans = self.take_inline();
        match part::placeholder(&spans) {
            Some(number) => self.part(number),
            None if spans.iter().all(|span| span.text.trim().is_empty()) => {}
            None => self.frames.push(Block {
                line,
                kind: BlockKind::Paragraph(spans),
            }),
        }
    }

    /// Whether words stand in the open paragraph.
    pub(super) fn has_words(&self) -> bool {
        self.inline
            .as_ref()
            .is_some_and(|(_, inline)| !inline.is_empty())
    }

    /// Whether a row of a table is open.
    pub(super) fn in_cell(&self) -> bool {
        self.frames.in_row()
    }

    fn inline(&mut self) -> &mut Inline {
        let line = self.line;
        &mut self
            .inline
            .get_or_insert_with(|| (line, Inline::default()))
            .1
    }

    fn take_inline(&mut self) -> Vec<Span> {
        let Some((_, inline)) = self.inline.take() else {
            return Vec::new();
        };
        let mut spans = inline.finish(&mut self.page.document.links);
        if let Some(last) = spans
            .last_mut()
            .filter(|span| span.style.face == Face::Text)
        {
            last.text.truncate(last.text.trim_end().len());
        }
        spans
    }
}
