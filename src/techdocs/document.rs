//! A page as blocks: what Markdown means, before any width is known.

/// A page, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// The title that the front matter gives.
    pub title: Option<String>,
    /// The page from top to bottom.
    pub blocks: Vec<Block>,
    /// Every link, in reading order; spans name them by index.
    pub links: Vec<Link>,
    /// Every heading, in reading order.
    pub headings: Vec<Heading>,
    /// Every block of code and its language, in reading order; blocks name them by index.
    pub codes: Vec<Code>,
    /// Every image, in reading order.
    pub images: Vec<Image>,
    /// The labels of each set of content tabs, by its number.
    pub tab_labels: Vec<Vec<String>>,
    /// Whether this is only the beginning of a long page, read for the first screen.
    pub is_beginning: bool,
}

impl Document {
    /// The label of a tab.
    pub fn tab_label(&self, group: u32, index: usize) -> Option<&str> {
        let labels = self.tab_labels.get(group as usize)?;
        labels.get(index).map(String::as_str)
    }
}

/// An image of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// What it shows, in words.
    pub alt: String,
    /// Where it lies, as written.
    pub source: String,
    /// The line of the source, from 1.
    pub line: u32,
}

/// A heading of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The id to link to, made as Python-Markdown's `toc` makes it.
    pub slug: String,
    /// Its text without markup.
    pub text: String,
    /// The line of the source, from 1.
    pub line: u32,
}

/// A link of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub text: String,
    /// Where it leads, as written; [`super::Site::resolve`] tells what that means.
    pub href: String,
    /// The line of the source, from 1.
    pub line: u32,
}

/// A block of code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Code {
    /// The language, as written, in lower case.
    pub language: Option<String>,
    /// What stands over it (`title="…"`).
    pub title: Option<String>,
    /// The code, lines parted by `\n`.
    pub text: String,
    /// The lines to be marked (`hl_lines`), from 1.
    pub marked: Vec<u32>,
}

/// A block of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// The line of the source where it begins, from 1.
    pub line: u32,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading, by its index in [`Document::headings`], with its text.
    Heading(usize, Vec<Span>),
    /// Text that flows.
    Paragraph(Vec<Span>),
    /// Nothing but images, by their indexes in [`Document::images`], and what is read in their place.
    Images(Vec<usize>, Vec<Span>),
    /// A formula that stands alone, in TeX.
    Formula(String),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// Code, by its index in [`Document::codes`].
    Code(usize),
    /// A Mermaid diagram: its source, by its index in [`Document::codes`].
    Diagram(usize),
    /// A quotation.
    Quote(Vec<Block>),
    /// An admonition, or a detail that folds.
    Admonition(Admonition),
    /// Content tabs.
    Tabs(Tabs),
    /// Terms and what they mean.
    Definitions(Vec<Definition>),
    /// The notes at the foot of the page: label and content.
    Footnotes(Vec<(String, Vec<Block>)>),
    /// A line across.
    Rule,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The first number of a numbered list.
    pub start: Option<u64>,
    /// Whether its items stand apart.
    pub loose: bool,
    /// Whether its items are notes to the block before, which refers to them as `(1)`, `(2)`.
    pub notes: bool,
    /// Its items.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// Done or not, where it is a task.
    pub task: Option<bool>,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// How each column is set.
    pub alignments: Vec<Alignment>,
    /// The cells of its head.
    pub head: Vec<Vec<Span>>,
    /// The rows below.
    pub rows: Vec<Vec<Vec<Span>>>,
}

/// How a column is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Alignment {
    /// To the left.
    #[default]
    Left,
    /// In the middle.
    Center,
    /// To the right.
    Right,
}

/// An admonition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admonition {
    /// What it is for, as written: `note`, `warning`, a name of one's own.
    pub name: String,
    /// Its title; none was asked for where empty.
    pub title: Vec<Span>,
    /// The number of the fold, where the admonition folds.
    pub fold: Option<u32>,
    /// Whether it is open before the reader touches it.
    pub open: bool,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// Content tabs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tabs {
    /// The number of the set on its page.
    pub group: u32,
    /// Label and content of each tab; never empty.
    pub tabs: Vec<(String, Vec<Block>)>,
}

/// A term and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definition {
    /// The term.
    pub term: Vec<Span>,
    /// What it means, in one or more senses.
    pub meanings: Vec<Vec<Block>>,
}

/// A piece of text in one style.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    /// What is read; `\n` is a break that the author made.
    pub text: String,
    /// How it is set.
    pub style: SpanStyle,
    /// The link it belongs to, by its index in [`Document::links`].
    pub link: Option<u32>,
}

/// How a piece of text is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four marks that combine freely"
)]
pub struct SpanStyle {
    /// What it is.
    pub face: Face,
    /// `**strong**`.
    pub strong: bool,
    /// `*emphasis*`.
    pub emphasis: bool,
    /// `~~struck~~`.
    pub strike: bool,
    /// `^^inserted^^`.
    pub underline: bool,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Face {
    /// Words.
    #[default]
    Text,
    /// Code.
    Code,
    /// Marked words.
    Mark,
    /// A key.
    Key,
    /// An image's alternative text.
    Image,
    /// A footnote's label.
    Footnote,
    /// A formula, in TeX.
    Formula,
    /// A remark of the reader, such as a snippet that is not here.
    Remark,
}
