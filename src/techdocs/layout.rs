//! Blocks at a width: lines of runs, and where on them the reader can act.

mod blocks;
mod table;
mod wrap;

use std::collections::BTreeSet;
use std::ops::Range;

use super::document::Document;
use super::role::Role;

/// The widest measure that still reads well; pages are not laid out wider.
pub const MEASURE: u16 = 100;

/// What the reader has folded and chosen on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// The folds that stand otherwise than their author set them.
    pub toggled: BTreeSet<u32>,
    /// The labels of tabs that were chosen, the latest first; every set that has the label shows that tab.
    pub tabs: Vec<String>,
    /// Whether diagrams are shown as their source.
    pub source: bool,
}

/// A page at a width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The width it was made for, in columns.
    pub width: u16,
    /// The lines from top to bottom.
    pub lines: Vec<Line>,
    /// Where the reader can act, in reading order.
    pub spots: Vec<Spot>,
    /// The headings.
    pub outline: Vec<OutlineItem>,
    /// The blocks of code that are in sight.
    pub codes: Vec<CodeSpot>,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its text from left to right.
    pub runs: Vec<Run>,
    /// The line of the source it came from, from 1: what stays in place when the width changes. 0 where none did.
    pub source: u32,
    /// How many runs stay when the line is moved sideways, where it may be wider than the page; `None`: it fits.
    pub pan: Option<usize>,
}

/// A piece of a line in one role.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// The text; no controls, no tabs.
    pub text: String,
    /// What it is.
    pub role: Role,
    /// How it is set, beyond its role.
    pub weight: Weight,
    /// The link it belongs to, by its index in [`Document::links`].
    pub link: Option<u32>,
}

/// How a run is set, beyond its role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four marks that combine freely"
)]
pub struct Weight {
    /// Bold.
    pub strong: bool,
    /// Italic.
    pub emphasis: bool,
    /// Crossed out.
    pub strike: bool,
    /// Underlined.
    pub underline: bool,
}

/// A place the reader can act on; the first piece of it where it goes over several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The line, from 0.
    pub line: usize,
    /// The column, from 0.
    pub column: u16,
    /// How many columns it takes on that line.
    pub width: u16,
    /// What happens.
    pub target: SpotTarget,
}

/// What a [`Spot`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpotTarget {
    /// Follows the link, by its index in [`Document::links`].
    Link(u32),
    /// Opens or closes the fold.
    Fold(u32),
    /// Shows the tab.
    Tab {
        /// The set of tabs.
        group: u32,
        /// The tab within it.
        index: u16,
    },
}

/// A heading in the outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineItem {
    /// 1 to 6.
    pub level: u8,
    /// Its text.
    pub title: String,
    /// The id to link to.
    pub slug: String,
    /// The line it stands on, from 0.
    pub line: usize,
}

/// Where a block of code lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeSpot {
    /// Its index in [`Document::codes`].
    pub code: usize,
    /// Its lines of code, from 0, without title and edge.
    pub lines: Range<usize>,
}

/// Lays a page out at `width` columns (from 8 to [`MEASURE`] are used).
pub fn layout(document: &Document, width: u16, reading: &Reading) -> Layout {
    let mut painter = blocks::Painter::new(document, reading, width);
    painter.blocks(&document.blocks, false);
    painter.finish()
}

impl Layout {
    /// The first line that came from this line of the source or a later one: where the reader is after the width, the
    /// folds or the text have changed.
    pub fn line_of_source(&self, source: u32) -> usize {
        let at = self.lines.iter().position(|line| line.source >= source);
        at.unwrap_or(self.lines.len().saturating_sub(1))
    }

    /// The line of the heading with this id.
    pub fn line_of_slug(&self, slug: &str) -> Option<usize> {
        self.outline
            .iter()
            .find(|item| item.slug == slug)
            .map(|item| item.line)
    }

    /// The index in [`Layout::outline`] of the heading that `line` lies below.
    pub fn heading_at(&self, line: usize) -> Option<usize> {
        self.outline
            .partition_point(|item| item.line <= line)
            .checked_sub(1)
    }
}

impl Line {
    /// The columns that the line takes.
    pub fn width(&self) -> usize {
        wrap::runs_width(&self.runs)
    }

    /// The line's text.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests;
