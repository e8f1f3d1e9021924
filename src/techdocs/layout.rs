//! Blocks at a width: lines of runs, and where on them the reader can act.

mod blocks;
mod callout;
mod code;
mod lines;
mod note;
mod reading;
mod table;
mod wrap;

use std::ops::Range;
use std::sync::Arc;

use super::document::{BlockKind, Document};
use super::picture::{Cells, Graphic};
use super::role::Role;
pub use lines::Lines;
use lines::Piece;
pub use reading::Reading;

/// The widest measure that still reads well; pages are not laid out wider.
pub const MEASURE: u16 = 100;

/// A page at a width.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// The width it was made for, in columns.
    pub width: u16,
    /// The lines from top to bottom.
    pub lines: Lines,
    /// Where the reader can act, in reading order.
    pub spots: Vec<Spot>,
    /// The headings.
    pub outline: Vec<OutlineItem>,
    /// The blocks of code that are in sight.
    pub codes: Vec<CodeSpot>,
    /// The images, where they are seen and where they would be.
    pub images: Vec<ImageSpot>,
    /// Whether the page is laid out to its end.
    pub whole: bool,
    /// Each block as it was laid out last, whether it is in sight or not.
    pieces: Vec<Option<Arc<Piece>>>,
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
    /// The line of code that it shows, from 0, and from which byte on.
    pub code: Option<(u32, u32)>,
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
    /// Shows the footnote right here, by its index, or no longer.
    Note(u32),
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
    /// Its index in [`Document::headings`].
    pub heading: usize,
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
    /// Whether its comments name notes, which are no part of the code.
    pub notes: bool,
}

/// Where an image stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageSpot {
    /// Its index in [`Document::images`].
    pub image: usize,
    /// Its lines, from 0; where it is not seen, the line of its words.
    pub lines: Range<usize>,
    /// The column where it begins, from 0.
    pub column: u16,
    /// Its cells; none where only its words are there.
    pub cells: Option<Arc<Cells>>,
    /// The same for a terminal that shows pixels.
    pub graphic: Option<Arc<Graphic>>,
}

/// Lays a page out at `width` columns (from 8 to [`MEASURE`] are used).
pub fn layout(document: &Document, width: u16, reading: &Reading) -> Layout {
    lay_out(document, width, reading, &Layout::default(), usize::MAX)
}

/// Lays a page out as far as it has `until` lines. Blocks that would look as they do in `before` are taken from there,
/// so that what a fold changes, or what was left out at first, is all that takes time.
pub fn lay_out(
    document: &Document,
    width: u16,
    reading: &Reading,
    before: &Layout,
    until: usize,
) -> Layout {
    let mut layout = Layout {
        width,
        whole: true,
        ..Layout::default()
    };
    let known = if before.width == width {
        before.pieces.as_slice()
    } else {
        &[]
    };
    let mut source = 0;
    let mut folded = None;
    for (at, block) in document.blocks.iter().enumerate() {
        let known = known.get(at).and_then(Option::as_ref);
        if let BlockKind::Heading(heading, _) = &block.kind {
            let level = document
                .headings
                .get(*heading)
                .map_or(6, |heading| heading.level);
            if folded.is_none_or(|above| level <= above) {
                folded = reading.sections.contains(heading).then_some(level);
            } else {
                layout.pieces.push(known.cloned());
                continue;
            }
        } else if folded.is_some() {
            layout.pieces.push(known.cloned());
            continue;
        }
        if layout.lines.len() >= until {
            layout.whole = false;
            break;
        }
        let known = known.filter(|piece| piece.holds(reading));
        let piece = known.cloned().unwrap_or_else(|| {
            let painter = blocks::Painter::new(document, reading, width, source);
            Arc::new(painter.piece(at))
        });
        source = piece.source;
        layout.add(&piece);
        layout.pieces.push(Some(piece));
    }
    layout
}

impl Layout {
    /// Adds a block below the others.
    fn add(&mut self, piece: &Arc<Piece>) {
        let first = self.lines.len();
        let below = |lines: &Range<usize>| lines.start + first..lines.end + first;
        self.spots.extend(piece.spots.iter().map(|spot| Spot {
            line: spot.line + first,
            ..*spot
        }));
        self.outline
            .extend(piece.outline.iter().map(|item| OutlineItem {
                line: item.line + first,
                ..item.clone()
            }));
        self.codes.extend(piece.codes.iter().map(|spot| CodeSpot {
            lines: below(&spot.lines),
            ..*spot
        }));
        self.images
            .extend(piece.images.iter().map(|spot| ImageSpot {
                lines: below(&spot.lines),
                ..spot.clone()
            }));
        self.lines.add(piece.clone());
    }

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
