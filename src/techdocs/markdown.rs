//! Markdown as Python-Markdown with TechDocs' extensions reads it → HTML → [`Document`].
//!
//! Python-Markdown's syntax is told by its algorithm: text is taken out of a page step by step, blocks are cut by
//! empty lines and handed from one processor to the next, patterns go over the text of each block one after the other.
//! No parser of another Markdown comes to the same result, so these modules follow that algorithm, each one of its
//! parts (see `docs/decisions/0010-python-markdown.md`):
//!
//! ```text
//! source   front matter, bounds, tabs          directive snippet alert critic   what stands for other text
//! fence    fenced code                         raw                    HTML blocks, Markdown within HTML
//! block    lines → elements                    inline                 text → elements
//! tree     footnotes, tasks, attributes, abbreviations, signs, ids    write  elements → HTML
//! ```
//!
//! The HTML is what TechDocs would show, but for the colours of code, and is read as a served page is.

mod alert;
mod attributes;
mod beginning;
mod block;
mod blocks;
mod chunk;
mod critic;
mod directive;
mod dom;
pub(super) mod entity;
mod fence;
mod inline;
mod missing;
mod options;
mod raw;
pub(super) mod slug;
mod snippet;
mod source;
mod stash;
mod tree;
mod write;

pub use blocks::{Blocks, Callout};
pub use directive::Directives;
pub use missing::{Gap, Why};
pub use options::Options;
pub use slug::{Case, Maker, SlugStyle};
pub use snippet::Files;

use super::document::{Block, BlockKind, Document, Face, Span, SpanStyle};
use super::html::{self, Traces};

/// A page as HTML.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rendered {
    /// The HTML. Blocks say in `data-line` on which line of the source they begin.
    pub html: String,
    /// The title that the front matter gives.
    pub title: Option<String>,
    /// Whether the page was longer than is read.
    pub cut: bool,
    /// The files that the page includes and that are not there.
    pub gaps: Vec<Gap>,
    /// How many more there are than are told.
    pub more_gaps: usize,
    /// How much work its text made, in steps of about a byte looked at once more.
    pub steps: usize,
    /// Whether HTML is left open at its end.
    is_open: bool,
}

/// Reads a page with what TechDocs turns on for every site. Never fails: what is not understood is shown as it stands.
pub fn parse(text: &str) -> Document {
    parse_with(text, &Options::default(), Files::NONE)
}

/// Reads a page of a site. `files` gives the text of what the page includes.
pub fn parse_with(text: &str, options: &Options, files: Files<'_>) -> Document {
    let rendered = render(text, options, files);
    told(html::document(&rendered.html), &rendered)
}

/// Reads a page of a site as [`parse_with`] does, with all that a check of it asks for.
pub fn parse_checked(text: &str, options: &Options, files: Files<'_>) -> (Document, Checked) {
    let mut built = build(text, options, files);
    for id in built.tree.below(dom::ROOT) {
        if matches!(built.tree.tag(id), "a" | "img") {
            built.tree.edit(id).set(html::WRITTEN, "");
        }
    }
    let rendered = built.rendered();
    let (document, traces) = html::traced(&rendered.html);
    let checked = Checked {
        traces,
        gaps: rendered.gaps.clone(),
    };
    (told(document, &rendered), checked)
}

/// What a check asks of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    /// Its ids, and which addresses are its Markdown's.
    pub traces: Traces,
    /// The files that it includes and that are not there.
    pub gaps: Vec<Gap>,
}

/// The page with what is to be told of it besides its words.
fn told(mut document: Document, rendered: &Rendered) -> Document {
    if rendered.cut {
        let remark = remark("The page is longer than 4 MiB; the rest is not shown.");
        document.blocks.push(remark);
    }
    missing::tell(&mut document.blocks, &rendered.gaps, rendered.more_gaps);
    document.title.clone_from(&rendered.title);
    document
}

/// The beginning of a long page of a site, which is there long before all of it is; it looks as it does in the whole page.
/// `None`: the page is short, or its beginning cannot be told from the rest.
pub fn beginning(text: &str, options: &Options, files: Files<'_>) -> Option<Document> {
    let (text, lines) = beginning::of(text, options)?;
    let rendered = render(&text, options, files);
    if rendered.is_open {
        return None;
    }
    let mut document = told(html::document(&rendered.html), &rendered);
    // What only looks like a definition of the rest has no place yet.
    document
        .blocks
        .retain(|block| block.line <= lines || matches!(block.kind, BlockKind::Footnotes(_)));
    document.is_beginning = true;
    Some(document)
}

/// A page of a site as HTML.
pub fn render(text: &str, options: &Options, files: Files<'_>) -> Rendered {
    build(text, options, files).rendered()
}

/// A page as a tree, ready to be written.
struct Built {
    tree: dom::Tree,
    stash: stash::Stash,
    critic: critic::Critic,
    missing: missing::Missing,
    title: Option<String>,
    cut: bool,
    steps: usize,
    is_open: bool,
}

impl Built {
    fn rendered(self) -> Rendered {
        Rendered {
            html: self.critic.put_back(write::page(&self.tree, &self.stash)),
            title: self.title,
            cut: self.cut,
            more_gaps: self.missing.more(),
            gaps: self.missing.told().to_vec(),
            steps: self.steps,
            is_open: self.is_open,
        }
    }
}

fn build(text: &str, options: &Options, files: Files<'_>) -> Built {
    let page = source::page(text);
    let mut source = page.source;
    let mut missing = missing::Missing::default();
    if let Some(directives) = &options.directives {
        source = directive::included(source, directives, &options.docs_dir, files, &mut missing);
    }
    source.text = alert::converted(&source.text).into_owned();
    let source = snippet::included(source, options, files, &mut missing);
    let mut critic = critic::Critic::default();
    let mut source = source::normalized(critic.read(source));
    source.text.push_str("\n\n");
    let last = source.numbers.last().copied().unwrap_or_default();
    source.numbers.extend([last, last]);
    let mut elements = dom::Tree::default();
    let mut stash = stash::Stash::default();
    let (source, fences) = fence::take(&source, &mut stash, options);
    let (source, is_open) = raw::take(source, &mut elements, &mut stash);
    let text = chunk::Chunk::new(source.text, 0);
    let mut parser = block::Parser::new(elements, stash, fences, source.numbers, options);
    parser.chunk(dom::ROOT, &text);
    parser.numbered_captions();
    tree::footnotes(&mut parser);
    tree::codes(&mut parser.tree, &mut parser.stash, options.line_numbers);
    tree::tasks(&mut parser.tree, &mut parser.stash);
    let mut inline = inline::Inline::new(parser.tree, parser.stash, parser.definitions, options);
    inline.run();
    let steps = inline.steps();
    let (mut elements, mut stash) = (inline.tree, inline.stash);
    tree::returns(&mut elements, &inline.noted);
    tree::attributes(&mut elements);
    tree::abbreviations(&mut elements, &inline.definitions.abbreviations);
    tree::symbols(&mut elements, &mut stash);
    tree::headings(&mut elements, &stash, &critic, options);
    Built {
        tree: elements,
        stash,
        critic,
        missing,
        title: page.title,
        cut: page.cut,
        steps,
        is_open,
    }
}

/// What the page that begins with `text` calls itself, as [`title_of`] has it.
pub(super) fn title(text: &str) -> Option<String> {
    let page = source::page(text);
    if page.title.is_some() {
        return page.title;
    }
    let body = page.source.text.trim_start_matches('\n');
    let first = body.split_inclusive("\n\n").next().unwrap_or_default();
    // What leads to other places of the page, brings files in or leaves nothing to see asks for more of it.
    let is_alone = !first.contains(['[', '<', '{', '`', '~', '/', '\t'])
        && !first.starts_with([' ', '*', '+', '-', ':', '$'])
        && !first.contains("8<-");
    title_of(&parse(if is_alone { first } else { text }))
}

/// What a page calls itself: by its front matter, else by the top heading that it begins with.
pub fn title_of(document: &Document) -> Option<String> {
    let heading = match document.blocks.first().map(|block| &block.kind) {
        Some(BlockKind::Heading(at, _)) => document.headings.get(*at),
        _ => None,
    };
    let heading = heading.filter(|heading| heading.level == 1);
    let title = document.title.clone();
    title
        .or_else(|| heading.map(|heading| heading.text.clone()))
        .filter(|title| !title.is_empty())
}

/// A remark of the reader, as a block.
pub(super) fn remark(text: &str) -> Block {
    let style = SpanStyle {
        face: Face::Remark,
        ..SpanStyle::default()
    };
    let span = Span {
        text: text.to_owned(),
        style,
        link: None,
    };
    Block {
        line: 0,
        kind: BlockKind::Paragraph(vec![span]),
    }
}

/// The words of `spans` without their styles; images count for nothing.
pub(super) fn plain(spans: &[Span]) -> String {
    let read = spans
        .iter()
        .filter(|span| !matches!(span.style.face, Face::Image | Face::Footnote));
    let text: String = read.map(|span| span.text.as_str()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
