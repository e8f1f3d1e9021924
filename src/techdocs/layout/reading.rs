//! What the reader has folded and chosen on a page.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::techdocs::picture::Picture;

/// What the reader has folded and chosen on a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four choices that combine freely"
)]
pub struct Reading {
    /// The folds that stand otherwise than their author set them.
    pub toggled: BTreeSet<u32>,
    /// The headings whose sections are closed, by their indexes in [`Document::headings`].
    ///
    /// [`Document::headings`]: crate::techdocs::Document::headings
    pub sections: BTreeSet<usize>,
    /// The footnotes that are shown where the text refers to them, by their indexes.
    pub notes: BTreeSet<u32>,
    /// The labels of tabs that were chosen, the latest first; every set that has the label shows that tab.
    pub tabs: Vec<String>,
    /// Whether diagrams and formulas are shown as their source.
    pub source: bool,
    /// Whether tables are as wide as they need, and moved sideways, instead of fitted to the page.
    pub wide: bool,
    /// Whether long lines of code are broken instead of cut.
    pub wrapped: bool,
    /// Whether all of it is shown, what is closed and each tab: it is printed, and nobody can open anything.
    pub printed: bool,
    /// The images that can be seen, by their indexes.
    pub images: BTreeMap<usize, Arc<Picture>>,
}

/// A choice of the reader's on which a block depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    /// Whether a fold stands otherwise than its author set it.
    Fold(u32),
    /// Whether a section is closed.
    Section(usize),
    /// Whether a footnote is shown in place.
    Note(u32),
    /// Which of these tabs is shown.
    Tab(Vec<String>),
    /// Whether sources are shown.
    Source,
    /// Whether tables are wide.
    Wide,
    /// Whether code is wrapped.
    Wrapped,
    /// The size of an image: columns and rows.
    Image(usize),
}

impl Reading {
    /// What the reader chose, as a number: a flag, a place, a packed size.
    pub(super) fn choice(&self, choice: &Choice) -> u32 {
        match choice {
            Choice::Fold(fold) => self.toggled.contains(fold).into(),
            Choice::Section(heading) => self.sections.contains(heading).into(),
            Choice::Note(note) => self.notes.contains(note).into(),
            Choice::Tab(labels) => {
                let place = |chosen: &String| labels.iter().position(|label| label == chosen);
                let chosen = self.tabs.iter().find_map(place);
                chosen.and_then(|at| u32::try_from(at).ok()).unwrap_or(0)
            }
            Choice::Source => self.source.into(),
            Choice::Wide => self.wide.into(),
            Choice::Wrapped => self.wrapped.into(),
            Choice::Image(image) => {
                let picture = self.images.get(image);
                let (columns, rows) = picture.map(|picture| picture.cells).unwrap_or_default();
                u32::from(columns) << 16 | u32::from(rows)
            }
        }
    }
}
